// A button that first says what others could notice, and acts when it is pressed again.
export function asking(title, warning, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: title });
  let warned = false;
  button.addEventListener("click", () => {
    if (warned) return act(button);
    warned = true;
    button.textContent = warning;
    tell(warning);
  });
  return button;
}

// For screen readers, without moving anything.
export function tell(text) {
  const told = document.getElementById("told");
  if (told) told.textContent = text;
}
