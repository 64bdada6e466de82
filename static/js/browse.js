// 【浏览】: beside the button stand the names of the files that were chosen.
function showNames(part) {
  const input = part.querySelector("input[type=file]");
  const names = part.querySelector("[data-chosen]");
  names.textContent = [...input.files].map((file) => file.name).join("、") || names.dataset.chosen;
}

document.addEventListener("change", (event) => {
  if (event.target.type === "file" && event.target.closest(".browse")) showNames(event.target.closest(".browse"));
});
// A browser that opens the page again may still know what was chosen.
const showAll = () => document.querySelectorAll(".browse").forEach(showNames);
window.addEventListener("pageshow", showAll);
document.addEventListener("htmx:afterSettle", showAll);
