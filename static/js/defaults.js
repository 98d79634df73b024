// A form of settings: puts a default back in place, shows where one is not at its default, and says what is not saved yet.
// Without this script the same buttons ask the server for the page with the default in it.

const form = document.querySelector("[data-defaults]");
const unsaved = form.querySelector("[data-unsaved]");
const controls = (setting) => [...setting.querySelectorAll("[name]:not([name=reset])")];
const isBox = ({ type }) => type === "checkbox" || type === "radio";

/** The value of a setting as one text; boxes that are ticked, one a line. */
function value(setting) {
  const given = controls(setting).filter((control) => !isBox(control) || control.checked);
  return given.map((control) => control.value).join("\n");
}

function look(setting) {
  setting.querySelector("[data-reset]").hidden = value(setting) === setting.dataset.default;
}

function reset(setting) {
  const defaults = setting.dataset.default.split("\n");
  for (const control of controls(setting)) {
    if (isBox(control)) {
      control.checked = defaults.includes(control.value);
    } else {
      control.value = setting.dataset.default;
    }
  }
  changed(setting);
  controls(setting).find((control) => !isBox(control) || control.checked)?.focus();
}

function changed(setting) {
  look(setting);
  unsaved.hidden = false;
}

form.addEventListener("input", ({ target }) => {
  const setting = target.closest("[data-setting]");
  if (setting) {
    changed(setting);
  }
});
form.addEventListener("click", (event) => {
  if (event.target.matches("[data-reset]")) {
    event.preventDefault();
    reset(event.target.closest("[data-setting]"));
  }
});
