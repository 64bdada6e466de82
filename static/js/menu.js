// On a phone one button folds the tools and the menu; an open drop-down closes on Escape and on a click elsewhere.
const toggle = document.querySelector(".site-menu-toggle");
const parts = ["site-tools", "site-nav"].map((id) => document.getElementById(id)).filter(Boolean);

toggle?.addEventListener("click", () => {
  const open = toggle.getAttribute("aria-expanded") !== "true";
  toggle.setAttribute("aria-expanded", String(open));
  parts.forEach((part) => part.classList.toggle("show", open));
});

const drops = [...document.querySelectorAll("details.drop")];
document.addEventListener("click", (event) => {
  drops.filter((drop) => !drop.contains(event.target)).forEach((drop) => (drop.open = false));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const drop of drops.filter((each) => each.open)) {
    drop.open = false;
    drop.querySelector("summary").focus();
  }
});
