// The sessions list stays alive: short addresses, rows that refresh and leave the reader in peace, and a word when the network fails.

const filters = document.getElementById("filters");
const results = document.getElementById("results");
const trouble = document.getElementById("trouble");
const login = "/accounts/login/";

document.addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of [...detail.formData]) {
    if (value === "") detail.formData.delete(name); // the address bar names active filters only
  }
  if (detail.triggeringEvent?.submitter?.id === "refresh") keepPlace(detail.formData);
});

/** A search or filter begins at the first page; whoever refreshes stays on his. */
function keepPlace(query) {
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name === "after" || name === "before") query.set(name, value);
  }
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const away = document.hidden || results.querySelector(":popover-open"); // an open menu is not pulled away
  if (event.target.id === "live" && away) event.preventDefault();
  if (event.target === filters && !event.defaultPrevented) results.ariaBusy = "true";
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (new URL(event.detail.xhr.responseURL || location.href).pathname === login) {
    event.detail.shouldSwap = false;
    location.reload(); // logged out meanwhile: the login page belongs in the whole window
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target === filters) results.ariaBusy = "false";
  if (event.detail.successful) trouble.hidden = true;
});
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, ({ detail }) => {
    if (detail.target.id !== "dialog") trouble.hidden = false;
  });
}

addEventListener("online", () => {
  if (!trouble.hidden) filters.requestSubmit();
});

// Whoever comes back from the details of a session stands at its row again.
const OPENED = "list-row";
const comesBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
results.addEventListener("click", ({ target }) => {
  const row = target.closest(".row-link");
  if (row) sessionStorage.setItem(OPENED, row.id);
});
if (comesBack) document.getElementById(sessionStorage.getItem(OPENED))?.focus();
