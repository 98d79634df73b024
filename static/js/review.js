// The manual review with the keyboard: one key for each thing that the page offers, j and k through the queue; and a claim that lasts
// while somebody works.

import { shortcut, showHelp } from "./shortcuts.js";

const SIGN_EVERY = 60_000; // ms: how often work on the page is told to the server

const queue = document.querySelector("[data-queue]");
const links = queue ? [...queue.querySelectorAll(".row-link")] : [];
const boxes = queue ? [...queue.querySelectorAll("input[name=session]")] : [];

const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => boxes[here()]?.click(),
  "?": showHelp,
};

document.addEventListener("keydown", (event) => {
  const key = event.repeat ? "" : shortcut(event);
  const act = ACTIONS[key] ?? document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!act) return;
  event.preventDefault();
  if (act instanceof Element) act.click();
  else act();
});

/** Which row has the focus, on its link or on its box. */
function here() {
  const row = document.activeElement.closest("tr");
  return links.findIndex((link) => link.closest("tr") === row);
}

function step(by) {
  links[Math.min(links.length - 1, Math.max(0, here() + by))]?.focus();
}

if (queue) {
  const all = queue.querySelector("[data-tick-all]");
  const told = queue.querySelector("[data-ticked]");
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  queue.addEventListener("change", () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    told.textContent = ticked ? told.dataset.ticked.replace("0", ticked) : "";
  });
}

let signed = 0;
for (const sign of ["keydown", "pointerdown", "wheel"]) {
  document.addEventListener(
    sign,
    () => {
      const claim = document.querySelector("#claim[hx-trigger=working]");
      if (!claim || Date.now() - signed < SIGN_EVERY) return;
      signed = Date.now();
      claim.dispatchEvent(new Event("working"));
    },
    { passive: true },
  );
}
