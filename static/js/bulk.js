// Sessions from a file: looks at the same file again once it was mended, and says that sessions are being created.

const file = document.getElementById("id_file");

file.addEventListener("click", () => {
  file.value = ""; // browsers do not call it a change when the same file is chosen again
});

document.addEventListener("submit", (event) => {
  if (event.submitter?.value === "create" && !event.defaultPrevented) document.querySelector(".busy").hidden = false;
});
