// Copies a field to the clipboard: on a click, or at once when the answer to a click brings it.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(document.querySelector(button.dataset.copy), button);
});

document.addEventListener("htmx:afterSwap", (event) => {
  const button = event.target.querySelector("[data-copy-at-once]");
  if (button) copy(document.querySelector(button.dataset.copy), button);
});

async function copy(field, button) {
  const state = button.closest("[data-copy-area]").querySelector("[data-copy-state]");
  field.select();
  const done = await write(field.value);
  state.textContent = done ? state.dataset.done : state.dataset.failed;
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy"); // no clipboard interface outside secure contexts; the field is selected
  }
}
