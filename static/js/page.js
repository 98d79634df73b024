// On every page of the flow: says that scripts run, and how many fingers the screen feels.

import "./once.js";

document.documentElement.dataset.script = "";

// An iPad calls itself a Mac; its screen gives it away. The server reads this when it notes the device.
if (navigator.maxTouchPoints > 1 && location.pathname.startsWith("/verify/")) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `vp_touch=${navigator.maxTouchPoints}; path=${location.pathname}; SameSite=Lax${secure}`;
}
