// Says so when a draft could not be saved, and never puts the sign-in page in the place of the summary.
const message = document.getElementById("autosave")?.dataset.failed;

function tellFailure() {
  document.getElementById("autosave").textContent = message;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (!requestConfig.elt.hasAttribute("data-autosave")) return;
  if (xhr.status === 200 && new URL(xhr.responseURL).pathname === requestConfig.path) return;
  event.detail.shouldSwap = false;
  tellFailure();
});
document.addEventListener("htmx:sendError", tellFailure);
