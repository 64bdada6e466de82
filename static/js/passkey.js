// Passkeys: the browser asks the device; what it answers travels in the form.
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function toBytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function toText(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function optionsOf(form) {
  const { publicKey } = JSON.parse(form.dataset.passkey);
  publicKey.challenge = toBytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = toBytes(publicKey.user.id);
  for (const known of [...(publicKey.excludeCredentials ?? []), ...(publicKey.allowCredentials ?? [])]) {
    known.id = toBytes(known.id);
  }
  return publicKey;
}

function written(credential) {
  const parts = PARTS.filter((part) => credential.response[part]);
  const response = Object.fromEntries(parts.map((part) => [part, toText(credential.response[part])]));
  return JSON.stringify({ id: credential.id, type: credential.type, response });
}

async function ask(form) {
  const publicKey = optionsOf(form);
  const isNew = "user" in publicKey;
  const credential = await (isNew ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
  form.elements.credential.value = written(credential);
}

// What is missing besides is said by the server, before the device is troubled.
const isComplete = (form) => [...form.elements].every((part) => !part.required || part.value);

function offer(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value || !isComplete(form)) return;
    event.preventDefault();
    failed.hidden = true;
    try {
      await ask(form);
    } catch {
      failed.hidden = false;
      return;
    }
    form.requestSubmit();
  });
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-passkey-unknown]").forEach((part) => (part.hidden = true));
  document.querySelectorAll("form[data-passkey]").forEach(offer);
}
