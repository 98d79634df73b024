// One dialog for the page, filled by htmx.

const dialog = document.getElementById("dialog");

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target === dialog && !dialog.open) dialog.showModal();
});

document.addEventListener("click", (event) => {
  const close = event.target.closest("dialog [data-close]");
  if (close) event.preventDefault();
  if (close || event.target === dialog) dialog.close();
});

dialog.addEventListener("close", () => {
  dialog.replaceChildren();
});
