// Keys as shortcuts: never while somebody types, never with a modifier, and they can be switched off, because speech input types too.
// The dialog that lists them carries the switch.

const KEPT = "list-keys"; // one switch for every page that has them
const help = document.getElementById("keys");
const wanted = help.querySelector("input[type=checkbox]");

export const showHelp = () => help.showModal();

/** The key of a shortcut, as the letter or sign on it; "" where the key is none. */
export function shortcut(event) {
  const { key, code } = event;
  if (!wanted.checked || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return "";
  if (isElsewhere(event.target)) return "";
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return /^\p{L}$/u.test(key) && code.startsWith("Key") ? code.slice(3).toLowerCase() : key; // whatever script the keyboard writes
}

/** Whether a key is for a field, or for what is open above the page. What was closed keeps the focus until the next frame is drawn. */
function isElsewhere(target) {
  if (document.querySelector("dialog[open]")) return true;
  if (target.closest("dialog, [popover]:not(:popover-open)")) return false;
  return target.closest("input:not([type=checkbox]), textarea, select, [popover]") !== null;
}

for (const opener of document.querySelectorAll("[data-keys-open]")) opener.addEventListener("click", showHelp);
help.addEventListener("click", (event) => {
  if (event.target === help || event.target.closest("[data-close]")) help.close();
});
wanted.checked = localStorage.getItem(KEPT) !== "off";
wanted.addEventListener("change", () => localStorage.setItem(KEPT, wanted.checked ? "on" : "off"));
