// On every page of the flow: says that scripts run, and keeps a double tap from sending a form twice.

document.documentElement.dataset.script = "";

// An iPad calls itself a Mac; its screen gives it away. The server reads this when it notes the device.
if (navigator.maxTouchPoints > 1 && location.pathname.startsWith("/verify/")) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `vp_touch=${navigator.maxTouchPoints}; path=${location.pathname}; SameSite=Lax${secure}`;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// A page that comes back from the browser's memory may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
  }
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.removeAttribute("aria-busy");
  }
});
