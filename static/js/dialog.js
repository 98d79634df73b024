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

// Told with the next frame only: by then it may have been filled and opened again.
dialog.addEventListener("close", () => {
  if (!dialog.open) dialog.replaceChildren();
});
