// A passkey: what the server asks is given to the device, and what the device answers is sent with the form.

const form = document.querySelector("#passkey");
const slip = document.querySelector("#slip");
const options = JSON.parse(form.dataset.options);
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

options.challenge = bytes(options.challenge);
if (options.user) options.user.id = bytes(options.user.id);
for (const list of ["allowCredentials", "excludeCredentials"]) {
  options[list] = (options[list] ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
}

function told(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

async function ask() {
  if (!window.PublicKeyCredential) {
    slip.textContent = slip.dataset.none;
    return;
  }
  slip.textContent = "";
  try {
    const credential = await navigator.credentials[form.dataset.does]({ publicKey: options });
    form.elements.credential.value = JSON.stringify(told(credential));
    form.submit();
  } catch (error) {
    // What a device has already it says so: "Try again" would lead nowhere.
    slip.textContent = error.name === "InvalidStateError" ? slip.dataset.there : slip.dataset.stopped;
  }
}

form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
// The button that led here was pressed for this. Where a browser wants a press on this page, there is one.
ask();
