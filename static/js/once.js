// A form is sent once however often its button is pressed; the server's form token is the real guard.
// Downloads keep the page: after three seconds, or when the page comes back, the form may be sent again.
const sent = new Map();

function release(form) {
  for (const button of sent.get(form) ?? []) button.disabled = false;
  sent.delete(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("hx-post")) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  // A disabled button does not send its name: disable after the browser has read the form.
  const buttons = [...form.elements].filter((part) => part.type === "submit" && !part.disabled);
  sent.set(form, buttons);
  setTimeout(() => buttons.forEach((button) => (button.disabled = true)));
  setTimeout(release, 3000, form);
});

window.addEventListener("pageshow", () => [...sent.keys()].forEach(release));
