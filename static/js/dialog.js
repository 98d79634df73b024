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
  const picture = document.createElement("div");
  picture.className = "dialog-picture";
  picture.append(image);
  const caption = Object.assign(document.createElement("figcaption"), { textContent: link.dataset.enlarge });
  const figure = document.createElement("figure");
  figure.append(picture, caption, close);
  const marks = link.querySelector(".marks");
  if (marks) {
    picture.append(marks.cloneNode(true));
    caption.append(" ", switchFor(dialog.dataset.marksText));
  }
  dialog.classList.add("dialog-photo");
  dialog.replaceChildren(figure);
  dialog.showModal();
}

/** A box that shows and hides what is drawn over the photo; the style sheet looks at it. */
function switchFor(text) {
  const label = document.createElement("label");
  label.append(Object.assign(document.createElement("input"), { type: "checkbox", checked: true }), text);
  return label;
}
