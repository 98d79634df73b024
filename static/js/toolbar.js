// Around the list: days that fill the date fields, the view that is open, the query that a saved view keeps, the height of the rows.

const filters = document.getElementById("filters");
const results = document.getElementById("results");
const saving = document.getElementById("save-view");

const NOT_KEPT = new Set(["q", "after", "before"]);
const USUAL = { sort: "-created_at", size: "25" }; // what the list does without being asked

document.addEventListener("click", (event) => {
  const preset = event.target.closest("a[data-from]");
  const density = event.target.closest("[data-density]");
  if (preset && !(event.ctrlKey || event.metaKey || event.shiftKey)) choose(preset, event);
  if (density) setDensity(density.dataset.density);
});

/** Fill the date fields and ask as they would; without scripts the link does it. */
function choose(preset, event) {
  event.preventDefault();
  filters.elements.from_day.value = preset.dataset.from;
  filters.elements.to_day.value = preset.dataset.to;
  filters.requestSubmit();
}

function setDensity(density) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `density=${density}; path=/; max-age=${density ? 31_536_000 : 0}; SameSite=Lax${secure}`;
  results.classList.toggle("dense", density === "dense");
  for (const button of document.querySelectorAll("[data-density]")) button.ariaPressed = String(button.dataset.density === density);
}

saving.addEventListener("submit", () => {
  saving.elements.query.value = location.search;
});

/** After the address has changed: which days and which view it shows now. */
function mark() {
  const { from_day: from, to_day: to } = filters.elements;
  document.querySelector("[popovertarget=filter-date]").classList.toggle("filter-on", Boolean(from.value || to.value));
  for (const preset of document.querySelectorAll("a[data-from]")) {
    current(preset, preset.dataset.from === from.value && preset.dataset.to === to.value);
  }
  for (const view of document.querySelectorAll("a[data-query]")) {
    current(view, kept(view.dataset.query) === kept(location.search));
  }
}

function current(link, is) {
  if (is) link.ariaCurrent = "true";
  else link.removeAttribute("aria-current");
}

const kept = (query) =>
  [...new URLSearchParams(query)]
    .filter(([name, value]) => value && !NOT_KEPT.has(name) && USUAL[name] !== value)
    .map((pair) => pair.join("="))
    .sort()
    .join("&");

document.addEventListener("htmx:replacedInHistory", mark);
