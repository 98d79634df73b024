// The list of extra fields can be put in order by dragging, with a mouse, a pen or a finger. The buttons in it do the same without.

const told = document.querySelector("[data-moved]");
let dragged = null;
let moved = null; // the field that was put elsewhere last
let unsaved = null; // how it was dragged

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-drag]");
  if (!handle || event.button !== 0) return;
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  const row = handle.closest("[data-field]");
  dragged = { row, list: row.parentElement, before: orderOf(row.parentElement) };
  row.classList.add("dragged");
});

document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  const { row, list } = dragged;
  const others = [...list.children].filter((one) => one !== row);
  const next = others.find((one) => event.clientY < middleOf(one));
  if (next) {
    if (row.nextElementSibling !== next) list.insertBefore(row, next);
  } else if (list.lastElementChild !== row) {
    list.append(row);
  }
});

document.addEventListener("pointerup", () => {
  const done = drop();
  if (!done) return;
  const order = orderOf(done.list);
  if (order === done.before) return;
  [moved, unsaved] = [done.row.dataset.field, done];
  const form = done.list.closest("form");
  const values = { csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, seen: form.elements.seen.value, order };
  window.htmx.ajax("POST", form.action, { source: form, target: form, swap: "outerHTML settle:0ms", values });
});

document.addEventListener("submit", (event) => (moved = event.submitter?.closest("[data-field]")?.dataset.field), { capture: true });
document.addEventListener("pointercancel", () => putBack(drop()));
document.addEventListener("keydown", (event) => event.key === "Escape" && putBack(drop()));

document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, successful } }) => {
  if (!successful && requestConfig.path.includes("/extra-fields/")) putBack(unsaved);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig?.path?.includes("/extra-fields/")) again();
});

/** The list came back in its new order: show it in the preview, and say where the field stands now. */
function again() {
  document.dispatchEvent(new Event("preview-again"));
  showHandles();
  told.textContent = document.querySelector(`[data-field="${moved}"]`)?.dataset.place ?? "";
}

function drop() {
  const done = dragged;
  dragged = null;
  done?.row.classList.remove("dragged");
  return done;
}

function putBack(done) {
  if (!done) return;
  for (const id of done.before.split(",")) done.list.append(done.list.querySelector(`[data-field="${id}"]`));
}

function orderOf(list) {
  return [...list.children].map((row) => row.dataset.field).join(",");
}

function middleOf(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

function showHandles() {
  for (const handle of document.querySelectorAll("[data-drag]")) handle.hidden = false;
}

showHandles();
