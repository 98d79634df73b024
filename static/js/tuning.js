// Sliders and numbers of a threshold say the same, and the page says what has been changed. Empty numbers inherit.

const form = document.querySelector("[data-tuning]");
const words = (name) => form.querySelector(`[data-words-${name}]`).content.textContent;

class Band {
  constructor(card) {
    this.card = card;
    this.number = sides((side) => card.querySelector(`[data-number="${side}"]`));
    this.slide = sides((side) => card.querySelector(`[data-slide="${side}"]`));
    this.began = stored(card);
    for (const side of ["low", "high"]) {
      this.slide[side].hidden = false;
      this.slide[side].addEventListener("input", () => this.slid(side));
      this.number[side].addEventListener("input", () => this.typed(side));
      this.number[side].addEventListener("change", () => this.left(side));
    }
  }

  given() {
    return sides((side) => this.number[side].value);
  }

  /** What applies if this is saved. */
  get values() {
    return sides((side) => Number(this.number[side].value === "" ? this.card.dataset[side] : this.number[side].value));
  }

  set(low, high) {
    this.number.low.value = low;
    this.number.high.value = high;
    this.show();
  }

  /** A thumb stops at the other one. */
  slid(side) {
    const now = this.values;
    const wanted = Number(this.slide[side].value);
    now[side] = side === "low" ? Math.min(wanted, now.high) : Math.max(wanted, now.low);
    this.set(written(now.low), written(now.high));
  }

  /** A band is whole: the first number that is typed brings the other one along. */
  typed(side) {
    const other = this.number[opposite(side)];
    if (this.number[side].value !== "" && other.value === "") other.value = this.card.dataset[opposite(side)];
    this.show();
  }

  /** And a number that was emptied takes the other one away. */
  left(side) {
    if (this.number[side].value === "" && !this.number[side].validity.badInput) this.set("", "");
  }

  show() {
    const { low, high } = this.values;
    if (!(low >= 0 && low <= high && high <= 1)) return changed();
    this.slide.low.value = low;
    this.slide.high.value = high;
    this.slide.low.classList.toggle("thumb-on-top", low > 0.5); // at the far end the lower one must be free to come back
    this.count(low, high);
    const zone = (name) => this.card.querySelector(`[data-zone="${name}"]`);
    place(zone("decline"), 0, low);
    place(zone("review"), low, high);
    place(zone("approve"), high, 1);
    this.card.querySelector("[data-between]").textContent = low < high ? `${written(low)} – ${written(high)}` : "–";
    changed();
  }

  /** How many of the newest scores would fall into each zone. */
  count(low, high) {
    const counts = this.card.dataset.counts.split(",").map(Number);
    const [from, to] = [low, high].map((limit) => Math.ceil(limit * 100 - 1e-9));
    const sum = (part) => part.reduce((all, one) => all + one, 0);
    const zones = { decline: sum(counts.slice(0, from)), review: sum(counts.slice(from, to)), approve: sum(counts.slice(to)) };
    for (const [zone, number] of Object.entries(zones)) {
      const place = this.card.querySelector(`[data-lately="${zone}"]`);
      if (place) place.textContent = number.toLocaleString("en");
    }
  }
}

class Levels {
  constructor(card) {
    this.card = card;
    this.began = stored(card);
    card.addEventListener("change", ({ target }) => this.chosen(target));
  }

  picks(side) {
    return [...this.card.querySelectorAll(`.pick-${side}`)];
  }

  given() {
    return sides((side) => this.picks(side).find((pick) => pick.checked)?.value ?? "");
  }

  get values() {
    const given = this.given();
    return sides((side) => Number(given[side] || this.card.dataset[side]));
  }

  set(low, high) {
    this.picks("low").find((pick) => pick.value === low).checked = true;
    this.picks("high").find((pick) => pick.value === high).checked = true;
    this.show();
  }

  show() {
    changed();
  }

  /** Both are inherited or none is, and the level of review never lies above the other. */
  chosen(pick) {
    if (!pick.matches(".pick-low, .pick-high")) return;
    if (pick.value === "") return this.set("", "");
    const now = this.values;
    if (pick.matches(".pick-low")) now.high = Math.max(now.low, now.high);
    else now.low = Math.min(now.low, now.high);
    this.set(String(now.low), String(now.high));
  }
}

const checks = [];
checks.push(...[...form.querySelectorAll("[data-band]")].map((card) => new Band(card)));
checks.push(...[...form.querySelectorAll("[data-levels]")].map((card) => new Levels(card)));
for (const check of checks) check.show();

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=inherit], button[name=default]");
  if (!button) return;
  event.preventDefault();
  const check = checks.find(({ card }) => card.id === button.value);
  if (button.name === "inherit") check.set("", "");
  else check.set(check.card.dataset.defaultLow, check.card.dataset.defaultHigh);
});

function changed() {
  let count = 0;
  for (const check of checks) {
    const given = check.given();
    if (given.low !== check.began.low || given.high !== check.began.high) count += 1;
    check.card.querySelector("[data-changed]").textContent = direction(check);
  }
  const word = ["nothing", "one"][count] ?? "several";
  form.querySelector("[data-count]").textContent = words(word).replace("%n", count);
}

/** What the change does to the check, against what applies now. */
function direction({ card, values }) {
  const { low, high } = values;
  const steps = [low - Number(card.dataset.nowLow), high - Number(card.dataset.nowHigh)];
  const looser = steps.some((step) => step < 0);
  const stricter = steps.some((step) => step > 0);
  if (looser && stricter) return `▲▼ ${words("both")}`;
  if (looser) return `▼ ${words("looser")}`;
  return stricter ? `▲ ${words("stricter")}` : "";
}

/** What the check had of its own when nothing was changed yet: empty where it inherited. */
function stored({ dataset }) {
  return "own" in dataset ? { low: dataset.nowLow, high: dataset.nowHigh } : { low: "", high: "" };
}

function opposite(side) {
  return side === "low" ? "high" : "low";
}

function sides(of) {
  return { low: of("low"), high: of("high") };
}

function place(rect, from, to) {
  rect.setAttribute("x", `${from * 100}%`);
  rect.setAttribute("width", `${Math.max(0, to - from) * 100}%`);
}

function written(value) {
  return String(Math.round(value * 1000) / 1000).replace(/^(\d)$/, "$1.").padEnd(4, "0");
}
