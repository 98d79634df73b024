// The keys of the sessions list. Never while somebody types, never with a modifier, and they can be switched off: speech input types too.

const help = document.getElementById("keys");
const wanted = help.querySelector("input[type=checkbox]");
const KEPT = "list-keys";

const links = () => [...document.querySelectorAll("#results .row-link")];
const press = (selector) => document.querySelector(selector)?.click();

const ACTIONS = {
  "/": () => document.getElementById("id_q").select(),
  j: () => step(1),
  k: () => step(-1),
  n: () => press("#results a[rel=next]"),
  p: () => press("#results a[rel=prev]"),
  r: () => press("#refresh"),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !wanted.checked) return;
  if (event.target.closest("input, textarea, select, dialog, [popover]") || document.querySelector("dialog[open]")) return;
  const key = keyOf(event);
  if (!Object.hasOwn(ACTIONS, key) || (event.repeat && key !== "j" && key !== "k")) return;
  event.preventDefault();
  ACTIONS[key]();
});

/** The letter that stands on the key, whatever script the keyboard writes. */
function keyOf({ key, code }) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return /^\p{L}$/u.test(key) && code.startsWith("Key") ? code.slice(3).toLowerCase() : key;
}

/** Move the focus by rows; it starts at the first one that can be seen. */
function step(by) {
  const all = links();
  const here = all.indexOf(document.activeElement.closest("tr")?.querySelector(".row-link"));
  const start = all.findIndex((link) => link.closest("tr").getBoundingClientRect().bottom > 100);
  all[here < 0 ? Math.max(0, start) : Math.min(Math.max(here + by, 0), all.length - 1)]?.focus();
}

document.getElementById("keys-open").addEventListener("click", ACTIONS["?"]);
help.addEventListener("click", (event) => {
  if (event.target === help || event.target.closest("[data-close]")) help.close();
});
wanted.checked = localStorage.getItem(KEPT) !== "off";
wanted.addEventListener("change", () => localStorage.setItem(KEPT, wanted.checked ? "on" : "off"));
