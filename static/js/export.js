// The export: a link that follows the filters, and news of the file while the server makes it. The browser itself saves the file.

const link = document.getElementById("export");
const exporting = document.getElementById("exporting");
const count = exporting.querySelector("output");
const cancel = exporting.querySelector("button");
const NOBODY = "00000000-0000-0000-0000-000000000000";
const EVERY = 700; // ms between two questions
const PATIENCE = 90_000; // ms without any news

let asked = "";
let cancelled = false;

link.addEventListener("click", (event) => {
  follow();
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // another tab has no page that could show anything
  event.preventDefault();
  begin();
});
for (const moment of ["htmx:replacedInHistory", "htmx:pushedIntoHistory", "popstate", "pageshow"]) addEventListener(moment, follow);

exporting.addEventListener("submit", (event) => {
  event.preventDefault();
  [cancelled, cancel.disabled] = [true, true];
  fetch(addressOf(exporting.getAttribute("action")), { method: "POST", body: new FormData(exporting) })
    .catch(() => ({ ok: false }))
    .then(({ ok }) => ok || ([cancelled, cancel.disabled] = [false, false])); // to be pressed again
});

/** The filters change the address without loading the page again. */
function follow() {
  link.search = location.search;
}

function begin() {
  asked = crypto.randomUUID();
  cancelled = false;
  show(0);
  const file = new URL(link.href);
  file.searchParams.set("export", asked);
  location.assign(file); // an attachment: the page stays; logged out meanwhile, the login comes instead
  watch(asked, performance.now(), -1);
}

async function watch(id, since, last) {
  await new Promise((resolve) => setTimeout(resolve, EVERY));
  const news = await ask(id);
  if (news?.state === "running") show(news.rows);
  if (news && news.state !== "running") return end(news);
  const moved = news && news.rows !== last;
  if (!moved && performance.now() - since > PATIENCE) return end({ state: "unseen", rows: 0 });
  return watch(id, moved ? performance.now() : since, news?.rows ?? last);
}

/** What the server knows; nothing while it knows nothing yet, or cannot be reached. */
async function ask(id) {
  try {
    const answer = await fetch(addressOf(exporting.dataset.progress, id), { headers: { Accept: "application/json" } });
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null;
  }
}

function show(rows) {
  count.value = worded("running", rows);
  if (!exporting.hidden) return;
  const focused = document.activeElement === link;
  [link.hidden, exporting.hidden, cancel.disabled] = [true, false, false];
  if (focused) cancel.focus();
}

function end({ state, rows }) {
  const focused = exporting.contains(document.activeElement);
  [link.hidden, exporting.hidden] = [false, true];
  if (focused) link.focus();
  const [text, level] = {
    done: ["done", "success"],
    "broken-off": cancelled ? ["cancelled", "info"] : ["broken", "error"],
    unseen: ["unseen", "warning"],
  }[state];
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: worded(text, rows), level } }));
}

function worded(name, rows) {
  return exporting.dataset[name].replace("{n}", rows.toLocaleString(document.documentElement.lang));
}

function addressOf(pattern, id = asked) {
  return pattern.replace(NOBODY, id);
}
