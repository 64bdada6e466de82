// 【发送验证码】 rests for a minute after a sending and says so; the cursor goes where it is needed next.
function rest(button) {
  const name = button.textContent;
  const end = Date.now() + 1000 * Number(button.dataset.wait);
  const waiting = button.dataset.waiting;
  delete button.dataset.wait;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? waiting.replace("{n}", left) : name;
    if (left > 0 && button.isConnected) setTimeout(tick, 500);
  };
  tick();
}

function restAll() {
  document.querySelectorAll("button[data-wait]").forEach(rest);
}

document.addEventListener("htmx:afterSettle", (event) => {
  const block = event.target.closest?.("[id^=sms-]");
  if (!block) return;
  (block.querySelector(".is-invalid") ?? block.querySelector(".code-row input"))?.focus();
  restAll();
});
restAll();
