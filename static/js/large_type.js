// The large-type setting: kept in a cookie that the server reads, so that no page jumps while it loads.
const setting = document.querySelector("[data-large-type]");
if (setting) {
  const button = setting.querySelector("button");
  setting.hidden = false;
  button.addEventListener("click", () => {
    const large = document.documentElement.classList.toggle("large-type");
    button.setAttribute("aria-pressed", String(large));
    document.cookie = `large_type=${large ? 1 : 0}; path=/; max-age=31536000; SameSite=Lax`;
  });
}
