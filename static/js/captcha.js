// "Another picture": asks for a new picture code and empties the answer.
function offer(box) {
  const button = box.querySelector("[data-captcha-renew]");
  const image = box.querySelector("img");
  const [key, answer] = box.parentElement.querySelectorAll("input");
  if (!button.hidden) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const response = await fetch(box.dataset.captcha, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!response.ok) return;
    const fresh = await response.json();
    image.src = fresh.image_url;
    key.value = fresh.key;
    answer.value = "";
    answer.focus();
  });
}

function offerAll() {
  document.querySelectorAll("[data-captcha]").forEach(offer);
}

// A part of the page that was renewed may bring a picture with it.
document.addEventListener("htmx:afterSettle", offerAll);
offerAll();
