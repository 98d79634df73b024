// One dialog for the page: filled by htmx, or with the photo that was clicked.

const dialog = document.getElementById("dialog");

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target === dialog && !dialog.open) dialog.showModal();
});

document.addEventListener("click", (event) => {
  const photo = event.target.closest("a[data-enlarge]");
  if (photo && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    enlarge(photo);
  }
  const close = event.target.closest("dialog [data-close]");
  if (close) event.preventDefault();
  if (close || event.target === dialog) dialog.close();
});

dialog.addEventListener("close", () => {
  dialog.classList.remove("dialog-photo");
  dialog.replaceChildren();
});

function enlarge(link) {
  const image = new Image();
  image.src = link.href;
  image.alt = link.dataset.enlarge;
  const close = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: dialog.dataset.closeText });
  close.dataset.close = "";
  const caption = Object.assign(document.createElement("figcaption"), { textContent: link.dataset.enlarge });
  const figure = document.createElement("figure");
  figure.append(image, caption, close);
  dialog.classList.add("dialog-photo");
  dialog.replaceChildren(figure);
  dialog.showModal();
}
