// The computer's side of the hand-over: shows a fresh code until a phone comes, then where the phone is, and goes on when it is done.

import { ask, pause } from "./poll.js";

const LOOK_EVERY = 1000; // ms
const RENEW_EVERY = 120_000; // ms; a code lasts longer, so that one that is being scanned stays good
const QUIET_AFTER = 20; // s that nothing was heard of the phone
const OFFLINE_AFTER = 2; // answers in a row that did not come

const root = document.querySelector("[data-handover]");
const find = (selector) => root.querySelector(selector);
const area = find("[data-code-area]");
let [freshUntil, goodUntil] = [0, Infinity];
let shownSteps = "";

function note(code) {
  freshUntil = code ? Date.now() + RENEW_EVERY : 0;
  goodUntil = code ? Date.now() + Number(code.dataset.expiresIn) * 1000 : Infinity;
}

/** Put a new code in the place of the old one; the focus stays where it was. */
async function renew() {
  const headers = { "X-CSRFToken": root.querySelector("[name=csrfmiddlewaretoken]").value };
  const response = await fetch(root.dataset.code, { method: "POST", headers, cache: "no-store", signal: AbortSignal.timeout?.(15_000) });
  if (!response.ok || response.redirected) {
    throw new Error(String(response.status));
  }
  const focused = area.contains(document.activeElement) && document.activeElement.id;
  area.replaceChildren(document.createRange().createContextualFragment(await response.text()));
  if (focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
  note(area.firstElementChild);
}

function showCode() {
  const over = find("[data-over]");
  if (over) {
    over.hidden = Date.now() < goodUntil;
  }
}

function showPhone(phone) {
  const [wasConnected, connected] = [find("[data-when=waiting]").hidden, Boolean(phone)];
  find("[data-when=waiting]").hidden = connected;
  find("[data-when=connected]").hidden = !connected;
  find("[data-ended]").hidden &&= !wasConnected || connected;
  if (wasConnected !== connected) {
    freshUntil = 0; // a code that brought a phone here has done its work
    find("[data-when]:not([hidden]) h1").focus();
  }
  if (connected) {
    mirror(phone);
  }
}

function mirror(phone) {
  find("[data-digits]").textContent = phone.digits;
  find("[data-device]").textContent = phone.device;
  find("[data-quiet]").hidden = phone.quiet_s < QUIET_AFTER;
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

async function look() {
  const { step, next, phone } = await ask(root.dataset.progress);
  if (step === "done") {
    location.replace(next);
    return false;
  }
  showPhone(phone);
  if (!phone && Date.now() >= freshUntil) {
    await renew();
  }
  return true;
}

async function follow() {
  let missed = 0;
  for (;;) {
    try {
      if (!(await look())) {
        return;
      }
      missed = 0;
    } catch (error) {
      if (error.message === "404") {
        return location.reload(); // the link has died meanwhile, and its page says so
      }
      missed += 1;
    }
    find("[data-offline]").hidden = missed < OFFLINE_AFTER;
    showCode();
    await Promise.race([pause(LOOK_EVERY), seenAgain()]);
  }
}

function seenAgain() {
  return new Promise((resolve) => document.addEventListener("visibilitychange", () => document.hidden || resolve(), { once: true }));
}

note(area.firstElementChild);
sessionStorage.removeItem(`here ${find("[data-here]").pathname}`);
addEventListener("pageshow", (event) => event.persisted && location.reload());
follow();
