// Reading answers aloud, with voices that are on the device itself: a voice from elsewhere would hear what is read.
import { asking } from "./asking.js";
import { heard } from "./heard.js";

export function offerListening(words) {
  if (!("speechSynthesis" in window)) return;
  speechSynthesis.cancel();
  add(words);
  speechSynthesis.onvoiceschanged = () => add(words);
}

function add(words) {
  const language = document.documentElement.lang;
  const voice = speechSynthesis.getVoices().find((v) => v.localService && v.lang.replace("_", "-").split("-")[0] === language);
  if (!voice) return;
  for (const item of document.querySelectorAll("[data-aloud]")) {
    if (item.querySelector(".listen")) continue;
    const button = asking(words().listen, words().others, (pressed) => read(item, voice, pressed, words));
    button.className = "listen";
    (item.closest(".text") ?? item).append(button);
  }
}

function read(item, voice, button, words) {
  const was = button.textContent === words().quiet;
  speechSynthesis.cancel();
  for (const other of document.querySelectorAll(".listen")) if (other.textContent === words().quiet) other.textContent = words().listen;
  if (was) return;
  const speech = new SpeechSynthesisUtterance(heard(item));
  Object.assign(speech, { voice, lang: voice.lang, onend: () => { button.textContent = words().listen; } });
  button.textContent = words().quiet;
  speechSynthesis.speak(speech);
}
