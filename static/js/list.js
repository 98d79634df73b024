// The sessions list: short addresses, the "/" key, refreshed rows that leave the reader in peace, and a word when the network fails.

const search = document.getElementById("id_q");
const trouble = document.getElementById("trouble");
const login = "/accounts/login/";

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, dialog")) return;
  event.preventDefault();
  search.focus();
  search.select();
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of [...detail.formData]) {
    if (value === "") detail.formData.delete(name); // the address bar names active filters only
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const away = document.hidden || document.querySelector(".sessions :popover-open"); // an open menu is not pulled away
  if (event.target.id === "live" && away) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (new URL(event.detail.xhr.responseURL || location.href).pathname === login) {
    event.detail.shouldSwap = false;
    location.reload(); // logged out meanwhile: the login page belongs in the whole window
  }
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) trouble.hidden = true;
});
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    trouble.hidden = false;
  });
}
