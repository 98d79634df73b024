// Sessions from a file: looks at the same file again once it was mended, says when it could not be sent, and that sessions are being created.

const trouble = document.getElementById("trouble");
const file = document.getElementById("id_file");

file.addEventListener("click", () => {
  file.value = ""; // browsers do not call it a change when the same file is chosen again
});

document.addEventListener("htmx:beforeRequest", () => {
  trouble.hidden = true;
});

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    trouble.hidden = false;
  });
}

document.addEventListener("submit", (event) => {
  if (event.submitter?.value === "create" && !event.defaultPrevented) document.querySelector(".busy").hidden = false;
});
