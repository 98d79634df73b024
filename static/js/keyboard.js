// The keys of a page: never while somebody types, never with a modifier, and one switch turns them off, because speech input types too.

const help = document.getElementById("keys");
const wanted = help.querySelector("input[type=checkbox]");
const KEPT = "list-keys"; // one switch for the keys of the list and of the review

const openHelp = () => help.showModal();

/** Do what `actOf(key)` returns, if anything. held: keys that go on while they are held down. "?" opens the list of keys everywhere. */
export function listen(actOf, held = []) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !wanted.checked) return;
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [popover]");
    if (typing || document.querySelector("dialog[open]")) return;
    const key = keyOf(event);
    const act = key === "?" ? openHelp : actOf(key);
    if (!act || (event.repeat && !held.includes(key))) return;
    event.preventDefault();
    act();
  });
}

/** The letter that stands on the key, whatever script the keyboard writes. */
function keyOf({ key, code }) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return /^\p{L}$/u.test(key) && code.startsWith("Key") ? code.slice(3).toLowerCase() : key;
}

for (const opener of document.querySelectorAll("[data-keys-open]")) opener.addEventListener("click", openHelp);
help.addEventListener("click", (event) => {
  if (event.target === help || event.target.closest("[data-close]")) help.close();
});
wanted.checked = localStorage.getItem(KEPT) !== "off";
wanted.addEventListener("change", () => localStorage.setItem(KEPT, wanted.checked ? "on" : "off"));
