// Links to sections of the page become tabs. Without this script they stay links, and every section is shown.

for (const list of document.querySelectorAll("[data-tabs]")) makeTabs(list);

function makeTabs(list) {
  const tabs = [...list.querySelectorAll("a[href^='#']")];
  list.setAttribute("role", "tablist");
  for (const tab of tabs) {
    const panel = panelOf(tab);
    tab.id ||= `${panel.id}-tab`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.classList.remove("try-behind");
  }
  select(tabs, tabs.find((tab) => tab.hash === location.hash) ?? tabs.find((tab) => tab.ariaCurrent) ?? tabs[0]);

  list.addEventListener("click", (event) => {
    const tab = event.target.closest("a");
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    select(tabs, tab);
  });
  list.addEventListener("keydown", (event) => {
    const next = neighbour(tabs, tabs.indexOf(event.target), event.key, getComputedStyle(list).direction === "rtl");
    if (!next) return;
    event.preventDefault();
    select(tabs, next);
    next.focus();
  });
}

function neighbour(tabs, at, key, rightToLeft) {
  const forward = rightToLeft ? "ArrowLeft" : "ArrowRight";
  const back = rightToLeft ? "ArrowRight" : "ArrowLeft";
  if (key === forward) return tabs[(at + 1) % tabs.length];
  if (key === back) return tabs.at(at - 1);
  return { Home: tabs[0], End: tabs.at(-1) }[key];
}

function select(tabs, chosen) {
  for (const tab of tabs) {
    tab.ariaSelected = tab === chosen ? "true" : "false";
    tab.tabIndex = tab === chosen ? 0 : -1;
    tab.removeAttribute("aria-current");
    panelOf(tab).hidden = tab !== chosen;
  }
  reveal(chosen);
}

/** Bring the chosen tab into view where the list is wider than the screen, and leave the page where it is. */
function reveal(tab) {
  const list = tab.parentElement;
  const [inside, outside] = [tab.getBoundingClientRect(), list.getBoundingClientRect()];
  if (inside.right > outside.right) list.scrollLeft += inside.right - outside.right;
  if (inside.left < outside.left) list.scrollLeft += inside.left - outside.left;
}

function panelOf(tab) {
  return document.querySelector(tab.hash);
}
