// Messages as toasts: told to screen readers without taking the focus, and there long enough. Other modules and answers to htmx send a
// "toast" event with {text, level}; what the page brought along is told again, because readers ignore what stands there from the start.

const STAY = 12_000; // ms, for good news; whatever went wrong stays until it is closed
const corner = document.getElementById("toasts");
const blank = corner.querySelector("template");

document.addEventListener("toast", ({ detail: { text, level = "info" } }) => {
  const toast = blank.content.firstElementChild.cloneNode(true);
  toast.classList.add(`notice-${level}`);
  if (level === "error") toast.setAttribute("role", "alert");
  toast.querySelector("p").textContent = text;
  tell(toast);
});

corner.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast").remove();
});

setTimeout(() => [...corner.querySelectorAll(".toast")].forEach(tell), 100);

function tell(toast) {
  corner.append(toast);
  if (!toast.matches(".notice-error, .notice-warning")) setTimeout(leave, STAY, toast);
}

/** Go, unless somebody reads it at this very moment. */
function leave(toast) {
  if (document.hidden || toast.matches(":hover, :focus-within")) setTimeout(leave, STAY, toast);
  else toast.remove();
}
