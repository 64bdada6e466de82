// "Another picture": asks for a new picture code and empties the answer.
for (const box of document.querySelectorAll("[data-captcha]")) {
  const button = box.querySelector("[data-captcha-renew]");
  const image = box.querySelector("img");
  const [key, answer] = box.parentElement.querySelectorAll("input");
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
