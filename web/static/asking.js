// What others could notice, said once a page: a warning that comes each time is no longer read.
const said = new Set();

// A button that first says what others could notice, and acts when it is pressed again.
export function asking(title, warning, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: title });
  button.addEventListener("click", () => {
    if (said.has(warning)) return act(button);
    said.add(warning);
    button.textContent = warning;
    tell(warning);
  });
  return button;
}

// For screen readers, without moving anything. What is the same as before is said again.
export function tell(text) {
  put("told", text);
}

// Danger: what is being read is broken off.
export function warn(text) {
  put("warned", text);
}

const waits = {};

function put(id, text) {
  const region = document.getElementById(id);
  if (!region) return;
  clearTimeout(waits[id]);
  region.textContent = "";
  if (text) waits[id] = setTimeout(() => { region.textContent = text; }, 100);
}
