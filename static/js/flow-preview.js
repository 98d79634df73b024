// Shows in the frames of a preview what the form beside them holds, while it is written and before it is saved. The pages in the frames
// run no scripts; their content is changed from here, which leaves no trace in the browser's history.

const PAUSE = 350; // ms without a key
const form = document.querySelector("[data-preview]");
const notes = document.querySelector("[data-preview-notes]");
const trouble = document.querySelector("[data-preview-state]");
const frames = [...document.querySelectorAll("[data-preview-frame]")];
let waiting, asking;

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => form && event.target.form === form && soon());
}

for (const picker of document.querySelectorAll("[data-picker]")) {
  const field = document.getElementById(picker.dataset.picker);
  picker.hidden = false;
  picker.addEventListener("input", () => (field.value = picker.value)); // before the event reaches the document
  field.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(field.value)) picker.value = field.value;
  });
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE);
}

async function show() {
  asking?.abort();
  asking = new AbortController();
  try {
    const options = { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, signal: asking.signal };
    const answer = await fetch(form.dataset.preview, options);
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    for (const frame of frames) put(parsed(told.page), frame.contentDocument);
    notes?.replaceChildren(...parsed(told.notes ?? "").body.childNodes);
    tell(false);
  } catch (error) {
    if (error.name !== "AbortError") tell(true);
  }
}

/** Put the body of a page, and its colours, into the place of those that a frame shows. Its theme stays. */
function put(page, shown) {
  const [before, after] = [shown, page].map((one) => one.querySelector("link[data-colours]"));
  if (!after) before?.remove();
  else if (!before) shown.head.append(shown.adoptNode(after));
  else if (before.getAttribute("href") !== after.getAttribute("href")) before.setAttribute("href", after.getAttribute("href"));
  const place = shown.scrollingElement?.scrollTop ?? 0;
  shown.body.replaceWith(shown.adoptNode(page.body));
  if (shown.scrollingElement) shown.scrollingElement.scrollTop = place;
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

function tell(failed) {
  if (trouble) trouble.hidden = !failed;
}

// A list beside a preview may have changed by itself.
document.addEventListener("preview-again", () => {
  for (const frame of frames) frame.contentWindow.location.reload();
});
