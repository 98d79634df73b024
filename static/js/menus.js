// Places menus beside their buttons where the style sheet cannot (browsers without anchor positioning), and closes them after a choice.

const anchored = CSS.supports("position-area", "block-end");

document.addEventListener(
  "beforetoggle",
  (event) => {
    const menu = event.target;
    if (anchored || event.newState !== "open" || !menu.matches(".menu")) return;
    const button = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
    menu.classList.add("menu-placed");
    requestAnimationFrame(() => {
      const size = menu.getBoundingClientRect();
      menu.style.top = `${Math.min(button.bottom + 4, innerHeight - size.height - 8)}px`;
      menu.style.left = `${Math.max(8, Math.min(button.left, innerWidth - size.width - 8))}px`;
    });
  },
  true,
);

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("button.menu-item, a.menu-item");
  chosen?.closest("[popover]")?.hidePopover();
});
