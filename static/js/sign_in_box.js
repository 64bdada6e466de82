// An item chosen before signing in: the page for it is shown as a box over this one. Without it the page itself opens.
const dialog = document.getElementById("sign-in-dialog");
const place = dialog.querySelector("[data-box]");

// The picture of the page's own box comes from the same form as the dialog's: every name may stand on the page once.
function rename(part) {
  for (const name of ["id", "for", "aria-describedby", "aria-labelledby"]) {
    for (const element of part.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, element.getAttribute(name).replace(/\S+/g, "here-$&"));
    }
  }
}

async function show(link) {
  const response = await fetch(link.href);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const box = page.getElementById("sign-in-box");
  if (!response.ok || !box) throw new Error(response.status);
  place.replaceChildren(document.adoptNode(box));
  dialog.showModal();
  // What other modules do for a part of the page that is new.
  document.dispatchEvent(new CustomEvent("htmx:afterSettle"));
  place.querySelector("input:not([type=hidden])").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-sign-in-box]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link).catch(() => location.assign(link.href));
});
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => place.replaceChildren());
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.matches("[data-picture-here]")) rename(event.target);
});
