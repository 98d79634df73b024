// On every page of the flow: says that scripts run, how many fingers the screen feels, that the connection is lost, and when the
// verification went on elsewhere.

import { ask } from "./poll.js";
import "./once.js";

document.documentElement.dataset.script = "";

// An iPad calls itself a Mac; its screen gives it away. The server reads this when it notes the device.
if (navigator.maxTouchPoints > 1 && location.pathname.startsWith("/verify/")) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `vp_touch=${navigator.maxTouchPoints}; path=${location.pathname}; SameSite=Lax${secure}`;
}

const { step, progress, answer } = document.body.dataset;

// The answer to a form stands at an address that takes forms only: a reload, and a step back to it, get the page of the step instead.
if (answer) {
  history.replaceState(null, "", answer);
}

/** A page that was away may be an old one: its step done in another tab or on a phone, its verification over. */
async function catchUp() {
  try {
    const now = await ask(progress);
    if (now.step !== step) {
      location.replace(now.next);
    }
  } catch (error) {
    if (error.message === "404") {
      location.reload();
    }
  }
}

if (progress) {
  addEventListener("pageshow", (event) => event.persisted && catchUp());
  document.addEventListener("visibilitychange", () => document.hidden || catchUp());
}

// The list of languages goes away as every menu does.
const languages = document.querySelector(".languages");
for (const sign of ["click", "keydown"]) {
  document.addEventListener(sign, ({ type, key, target }) => {
    if (!languages?.open || (type === "click" ? languages.contains(target) : key !== "Escape")) return;
    languages.open = false;
    if (type === "keydown") languages.firstElementChild.focus();
  });
}

const lost = document.querySelector("[data-no-connection]");
const tell = (isLost) => lost && (lost.hidden = !isLost);
addEventListener("offline", () => tell(true));
addEventListener("online", () => tell(false));

// Without a connection the browser would put its own error in the place of this page, and of what was typed into it.
document.addEventListener(
  "submit",
  (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      tell(true);
    }
  },
  { capture: true },
);
