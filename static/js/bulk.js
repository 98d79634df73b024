// Sessions from a file: says when the file could not be sent, and that sessions are being created.

const trouble = document.getElementById("trouble");

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
