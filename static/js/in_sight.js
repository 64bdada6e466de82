// What has the focus never lies under a bar at the foot: browsers heed scroll-padding only for what was out of the window.
function bringOut(focused) {
  const own = focused.getBoundingClientRect();
  if (own.height > window.innerHeight / 2) return;
  for (const bar of document.querySelectorAll(".foot-bar, .form-actions")) {
    const cover = bar.getBoundingClientRect();
    const isUnder = own.bottom > cover.top && own.top < cover.bottom && !bar.contains(focused);
    if (isUnder && getComputedStyle(bar).position === "sticky") window.scrollBy({ top: own.bottom - cover.top + 8, behavior: "instant" });
  }
}

// After the browser's own scrolling.
document.addEventListener("focusin", ({ target }) => requestAnimationFrame(() => bringOut(target)));
