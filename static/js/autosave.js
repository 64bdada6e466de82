// Says so when a draft could not be saved, and never puts the sign-in page in the place of the summary.
const message = document.getElementById("autosave")?.dataset.failed;

function tellFailure() {
  document.getElementById("autosave").textContent = message;
}

// What is typed is saved even where it is again what the page was opened with: an earlier save may have been cut off.
function touch(shown, name) {
  if (shown) shown.value = shown.value.split(" ").filter((mark) => !mark.startsWith(`${name}:`)).join(" ");
}

// Whether the answer is that of the save, and not the sign-in page.
function isSaved({ requestConfig, xhr }) {
  return xhr.status === 200 && new URL(xhr.responseURL).pathname === requestConfig.path;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.requestConfig.elt.hasAttribute("data-autosave") || isSaved(event.detail)) return;
  event.detail.shouldSwap = false;
  tellFailure();
});
document.addEventListener("htmx:sendError", tellFailure);

// Whoever follows a link within the pause before a save takes along what was typed until then.
for (const area of document.querySelectorAll("[data-autosave]")) {
  const form = area.closest("form");
  // Counts of changes: all, those that a save has taken along, those that it has kept.
  let typed = 0;
  let taken = 0;
  let kept = 0;
  area.addEventListener("input", ({ target }) => {
    typed += 1;
    touch(form.elements.shown, target.name);
  });
  area.addEventListener("htmx:beforeRequest", () => (taken = typed));
  area.addEventListener("htmx:afterRequest", (event) => {
    if (isSaved(event.detail)) kept = taken;
  });
  form.addEventListener("submit", () => (kept = typed));
  window.addEventListener("pagehide", () => {
    if (typed > kept && navigator.sendBeacon(area.getAttribute("hx-post"), new FormData(form))) kept = typed;
  });
}
