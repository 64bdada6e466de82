// Warns two minutes before the session ends. All tabs of the browser share the moment of the last request.
const WARNING = 120;
const dialog = document.querySelector("dialog[data-idle]");
const limit = Number(dialog?.dataset.idle);

const used = () => localStorage.setItem("used", Date.now());
const left = () => Math.ceil(limit - (Date.now() - Number(localStorage.getItem("used"))) / 1000);

// The form that somebody has typed into and not sent: kept on the server before the page is left.
let typed = null;
document.addEventListener("input", ({ target }) => {
  if (target.form?.method === "post") typed = target.form;
});
document.addEventListener("submit", () => (typed = null));

function keepTyped() {
  const data = new FormData(typed);
  for (const part of typed.elements) {
    if (part.type === "password" || part.type === "file") data.delete(part.name);
  }
  const here = location.pathname + location.search;
  data.set("_page", here);
  data.set("_address", new URL(typed.getAttribute("action") || here, location).pathname);
  typed = null;
  fetch(dialog.dataset.keepForm, { method: "POST", body: data, redirect: "manual" });
}

function end() {
  const here = location.pathname + location.search;
  location.assign(`${dialog.dataset.end}?next=${encodeURIComponent(here)}`);
}

async function goOn() {
  const response = await fetch(dialog.dataset.keep, { redirect: "manual" });
  if (!response.ok) return end();
  used();
  dialog.close();
}

function look() {
  const seconds = left();
  if (seconds <= 0) return end();
  if (seconds <= 5 && typed) keepTyped();
  dialog.querySelector("[data-idle-left]").textContent = seconds;
  if (seconds <= WARNING && !dialog.open) dialog.showModal();
  if (seconds > WARNING && dialog.open) dialog.close();
}

if (limit) {
  used();
  // What asks for itself again and again keeps no session alive, so it counts no more here than on the server.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.elt.matches("[hx-trigger^='every']")) used();
  });
  dialog.querySelector("button").addEventListener("click", goOn);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    goOn();
  });
  setInterval(look, 1000);
}
