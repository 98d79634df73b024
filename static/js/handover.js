// The computer's side of the hand-over: shows a fresh code until a phone comes, then where the phone is, and goes on when it is done.

import { back } from "./camera.js";
import { watch } from "./poll.js";

const RENEW_EVERY = 120_000; // ms; a code lasts longer, so that one that is being scanned stays good
const RENEW_AGAIN = 5000; // ms after a code that did not come

const root = document.querySelector("[data-handover]");
const find = (selector) => root.querySelector(selector);
const waiting = find("section[data-when=waiting]");
const area = find("[data-code-area]");
let [renewAt, goodUntil] = [0, 0];
let shownSteps = "";

/** Remember how long the code that is shown lasts. */
function note() {
  const lasts = Number(area.firstElementChild?.dataset.expiresIn ?? 0) * 1000;
  renewAt = lasts ? Date.now() + RENEW_EVERY : 0;
  goodUntil = Date.now() + lasts;
}

/** Put a new code in the place of the old one; the focus stays where it was. */
async function renew() {
  renewAt = Date.now() + RENEW_AGAIN;
  const headers = { "X-CSRFToken": find("[name=csrfmiddlewaretoken]").value };
  const response = await fetch(root.dataset.code, { method: "POST", headers, cache: "no-store", signal: AbortSignal.timeout?.(15_000) });
  if (!response.ok || response.redirected) {
    return;
  }
  const fresh = document.createRange().createContextualFragment(await response.text());
  const focused = area.contains(document.activeElement) && document.activeElement.id;
  area.replaceChildren(...fresh.children);
  if (focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
  note();
}

function showCode() {
  if (Date.now() >= renewAt) {
    renew().catch(() => {});
  }
}

/** A code that is over is covered, even while there is no connection to get another one. */
function coverCode() {
  const over = find("[data-over]");
  if (over) {
    over.hidden = Date.now() < goodUntil;
  }
}

function showPhone(phone) {
  const [was, is] = [waiting.hidden, Boolean(phone)];
  for (const part of root.querySelectorAll("[data-when]")) {
    part.hidden = (part.dataset.when === "connected") !== is;
  }
  if (was !== is) {
    find("[data-ended]").hidden = is;
    area.replaceChildren(); // a code that brought a phone here has done its work
    note();
    find("h1").focus({ preventScroll: true }); // whose words have changed
  }
  if (is) {
    mirror(phone);
  }
}

function mirror(phone) {
  find("[data-digits]").textContent = phone.digits;
  find("[data-device]").textContent = phone.device;
  find("[data-quiet]").hidden = !phone.is_quiet;
  find("[data-rivals]").hidden = !phone.rivals;
  const steps = JSON.stringify(phone.steps);
  if (steps !== shownSteps) {
    shownSteps = steps;
    find("[data-mirror]").replaceChildren(find("[data-mirror]").firstElementChild, ...phone.steps.map(line));
  }
}

function line({ name, state }) {
  const item = find(`template[data-like=${state}]`).content.cloneNode(true);
  item.querySelector("[data-name]").textContent = name;
  return item;
}

/** True when there is nothing more to show here. */
function told({ step, next, phone }) {
  if (step === "done" || (step === "checking" && !phone)) {
    location.replace(next);
    return true;
  }
  showPhone(phone);
  if (!phone) {
    showCode();
  }
  return false;
}

const noConnection = document.querySelector("[data-no-connection]");
const here = find("[data-here]");
note();
sessionStorage.removeItem(`here ${here.pathname}`);
watch(root.dataset.progress, told, (isLost) => {
  noConnection.hidden = !isLost;
  coverCode();
});
if (new URLSearchParams(location.search).get("why") === "missing") {
  back("missing").then(() => waiting.hidden || location.replace(here.pathname)); // a camera was plugged in
}
