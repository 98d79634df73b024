// The sessions list stays alive: short addresses, and rows that refresh and leave the reader in peace.

const filters = document.getElementById("filters");
const results = document.getElementById("results");
const trouble = document.getElementById("trouble");

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

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target === filters) results.ariaBusy = "false";
});

addEventListener("online", () => {
  if (!trouble.hidden) filters.requestSubmit();
});

// Whoever comes back from the details of a session stands at its row again.
const OPENED = "list-row";
const comesBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
results.addEventListener("click", ({ target }) => {
  const row = target.closest(".row-link");
  if (!row) return;
  sessionStorage.setItem(OPENED, row.id);
  sessionStorage.setItem("list-left", location.search); // js/back.js
});
if (comesBack) document.getElementById(sessionStorage.getItem(OPENED))?.focus();
