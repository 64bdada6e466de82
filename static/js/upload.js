// Materials: files dropped on a line, a bar while they travel, and a word when they do not arrive.
const parts = (form) => ({
  input: form.querySelector("input[type=file]"),
  going: form.querySelector(".going"),
  bar: form.querySelector("progress"),
  failed: form.querySelector("[data-failed]"),
});

function showFailure(form, text) {
  const { failed, going } = parts(form);
  going.hidden = true;
  failed.textContent = text;
  failed.hidden = false;
}

const formOf = (element) => element.closest?.("form[data-upload]");
const lineOf = (event) => event.target.closest?.("[data-drop]");

document.addEventListener("change", (event) => {
  if (event.target.type === "file" && formOf(event.target)) parts(formOf(event.target)).failed.hidden = true;
});

document.addEventListener("dragover", (event) => {
  const line = lineOf(event);
  if (!line) return;
  event.preventDefault();
  line.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => lineOf(event)?.classList.remove("dropping"));
document.addEventListener("drop", (event) => {
  const line = lineOf(event);
  if (!line) return;
  event.preventDefault();
  line.classList.remove("dropping");
  const form = line.querySelector("form[data-upload]");
  line.querySelector("details").open = true;
  parts(form).input.files = event.dataTransfer.files;
  // Setting them is no change by a person: browse.js is told.
  parts(form).input.dispatchEvent(new Event("change", { bubbles: true }));
  if (event.dataTransfer.files.length) form.requestSubmit();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  const { going, bar, failed } = parts(form);
  bar.value = 0;
  going.hidden = false;
  failed.hidden = true;
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const form = formOf(event.target);
  if (form && event.detail.lengthComputable) parts(form).bar.value = (100 * event.detail.loaded) / event.detail.total;
});
document.addEventListener("click", (event) => {
  if (!event.target.matches?.("[data-cancel]")) return;
  const form = formOf(event.target);
  form.dispatchEvent(new CustomEvent("htmx:abort"));
  parts(form).going.hidden = true;
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const form = formOf(event.target);
    if (!form) return;
    const { failed } = parts(form);
    showFailure(form, event.detail.xhr?.status === 413 ? failed.dataset.large : failed.dataset.failed);
  });
}
// The new list says by itself what went wrong: the keyboard follows.
document.addEventListener("htmx:afterSettle", () => {
  document.querySelector("#materials [data-error-summary]")?.focus();
});
// What the page said before about missing materials no longer holds once one has arrived.
document.addEventListener("htmx:afterSettle", (event) => {
  const list = document.getElementById("materials");
  const sent = event.detail.requestConfig?.elt;
  if (!list || !sent || !formOf(sent) || list.querySelector("[data-error-summary]")) return;
  for (const summary of document.querySelectorAll("[data-error-summary]")) summary.remove();
});
