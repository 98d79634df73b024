// Leads back to the company when the verification is over: with a countdown that everybody sees and can stop, and once only.
// Whoever comes back with the browser's button wants to read this page, not to be sent away again.

const SECOND = 1000; // ms

const root = document.querySelector("[data-onward]");
const link = root.querySelector("[data-onward-link]");
const line = root.querySelector("[data-onward-line]");
const seconds = root.querySelector("[data-onward-seconds]");
const stop = root.querySelector("[data-onward-stop]");
let timer = 0;

function stay() {
  clearInterval(timer);
  line.hidden = true;
  history.replaceState({ ...history.state, stays: true }, "");
}

function begin() {
  const goesAt = Date.now() + Number(root.dataset.onward) * SECOND;
  line.hidden = false;
  timer = setInterval(() => {
    const left = Math.ceil((goesAt - Date.now()) / SECOND);
    seconds.textContent = Math.max(left, 0);
    if (left <= 0) {
      stay();
      link.click();
    }
  }, SECOND / 4);
}

link.addEventListener("click", stay);
stop.addEventListener("click", () => {
  stay();
  link.focus();
});
if (!history.state?.stays) {
  begin();
}
