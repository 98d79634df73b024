// What the page asked for and did not get. A page with a place for it (#trouble) says so there, everything else becomes a toast: each time
// after a key or click, but once only for what the page asks again by itself. It is gone as soon as the answer comes.

const LOGIN = "/accounts/login/";
const corner = document.getElementById("toasts");
const place = document.getElementById("trouble");
let toast = null;
let missing = ""; // the address that the toast is about

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, ({ detail: { target, requestConfig: asked } }) => {
    if (place && !target.matches("#dialog, #row-menu")) place.hidden = false;
    else if (asked.triggeringEvent || asked.verb !== "get") tell("failed", asked.path);
    else if (asked.path !== missing) tell("stale", asked.path);
  });
}

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful) return;
  if (place) place.hidden = true;
  if (detail.requestConfig.path === missing) forget();
});

// Logged out meanwhile: the login belongs in the whole window, but what somebody has just written is not taken away from him.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (new URL(detail.xhr.responseURL || location.href).pathname !== LOGIN) return;
  detail.shouldSwap = false;
  if (![...document.querySelectorAll("form[method=post] textarea")].some(({ value, defaultValue }) => value !== defaultValue)) location.reload();
  else if (missing !== LOGIN) tell("login", LOGIN);
});

function tell(what, path) {
  forget();
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: corner.dataset[what], level: "error" } }));
  [toast, missing] = [corner.lastElementChild, path];
}

function forget() {
  toast?.remove();
  [toast, missing] = [null, ""];
}
