// Places menus beside their buttons where the style sheet cannot (browsers without anchor positioning), and closes them after a choice.
// The rows of a list share one menu: htmx fills it for the row whose button was pressed, and only then does it open.

const anchored = CSS.supports("position-area", "block-end");
let pressed = null;

document.addEventListener(
  "beforetoggle",
  (event) => {
    const menu = event.target;
    const shared = menu.id === "row-menu";
    if ((anchored && !shared) || event.newState !== "open" || !menu.matches(".menu")) return;
    const button = (shared ? pressed : document.querySelector(`[popovertarget="${menu.id}"]`)).getBoundingClientRect();
    menu.classList.add("menu-placed");
    requestAnimationFrame(() => {
      const size = menu.getBoundingClientRect();
      menu.style.top = `${Math.min(button.bottom + 4, innerHeight - size.height - 8)}px`;
      menu.style.left = `${Math.max(8, Math.min(button.left, innerWidth - size.width - 8))}px`;
    });
  },
  true,
);

// A closed menu forgets its place: htmx copies attributes to what replaces it, and a copied style is one that the page's policy forbids.
document.addEventListener("toggle", ({ target, newState }) => newState === "closed" && target.removeAttribute("style"), true);

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "row-menu") return;
  pressed = detail.requestConfig.elt;
  detail.target.showPopover({ source: pressed });
  detail.target.querySelector("a, button").focus();
});

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("button.menu-item, a.menu-item");
  chosen?.closest("[popover]")?.hidePopover();
});
