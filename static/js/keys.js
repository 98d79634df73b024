// The keys of the sessions list.

import { shortcut, showHelp } from "./shortcuts.js";

const links = () => [...document.querySelectorAll("#results .row-link")];
const press = (selector) => document.querySelector(selector)?.click();

const ACTIONS = {
  "/": () => document.getElementById("id_q").select(),
  j: () => step(1),
  k: () => step(-1),
  n: () => press("#results a[rel=next]"),
  p: () => press("#results a[rel=prev]"),
  r: () => press("#refresh"),
  "?": showHelp,
};

document.addEventListener("keydown", (event) => {
  const key = shortcut(event);
  if (!Object.hasOwn(ACTIONS, key) || (event.repeat && key !== "j" && key !== "k")) return;
  event.preventDefault();
  ACTIONS[key]();
});

/** Move the focus by rows; it starts at the first one that can be seen. */
function step(by) {
  const all = links();
  const here = all.indexOf(document.activeElement.closest("tr")?.querySelector(".row-link"));
  const start = all.findIndex((link) => link.closest("tr").getBoundingClientRect().bottom > 100);
  all[here < 0 ? Math.max(0, start) : Math.min(Math.max(here + by, 0), all.length - 1)]?.focus();
}
