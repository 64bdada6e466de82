// The error summary takes the focus; each of its links puts the cursor into the field that it names.
const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.focus();
  // An address that ends in #main, after the skip link, moves the focus once more when the page has loaded.
  window.addEventListener("load", () => document.activeElement.contains(summary) && summary.focus());
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    const group = field.closest("fieldset")?.querySelector("legend");
    (group || label || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}
