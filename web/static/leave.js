// "Leave this page": blank at once, the conversation wiped on the server, this entry of the history replaced by a harmless page.
// Shift pressed three times does the same; the behaviour is that of GOV.UK's "Exit this page", written anew.
import { tell } from "./asking.js";

const PRESSES = 3;
const SECONDS = 5000;

export function leaveQuickly(words, onFirst) {
  let pressed = 0;
  let timer = 0;
  let withOther = false;

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.leave");
    if (!link) return;
    event.preventDefault();
    leave(words(), onFirst);
  }, true);

  // Releases are counted, not presses: a key held down counts once. Capitals typed with Shift do not count.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift" && event.shiftKey) withOther = true;
  }, true);
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
      if (pressed && !event.shiftKey) reset(words().expired);
      return;
    }
    if (withOther) {
      withOther = false;
      return;
    }
    pressed += 1;
    clearTimeout(timer);
    if (pressed >= PRESSES) return leave(words(), onFirst);
    dots(pressed);
    tell(pressed === 1 ? words().twoMore : words().oneMore);
    timer = setTimeout(() => reset(words().expired), SECONDS);
  }, true);

  // Shown again out of the browser's memory after leaving: nothing of it stays.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      document.body.replaceChildren();
      location.reload();
    }
  });

  function reset(text) {
    pressed = 0;
    clearTimeout(timer);
    dots(0);
    tell(text);
    setTimeout(() => tell(""), SECONDS);
  }
}

function leave(words, onFirst) {
  const to = document.querySelector("a.leave").dataset.to;
  const cover = document.createElement("div");
  cover.className = "cover";
  cover.setAttribute("role", "alert");
  const loading = words.loading;
  document.body.replaceChildren(cover);
  cover.textContent = loading;
  // Told on the way out; the browser sends it even when the page is gone, and a dead server cannot hold anybody back.
  if (!navigator.sendBeacon("/leave")) fetch("/leave", { method: "POST", keepalive: true }).catch(() => {});
  onFirst(() => {
    const away = window.top === window ? location : window.top.location;
    try {
      away.replace(to);
    } catch {
      location.replace(to);
    }
  });
}

function dots(count) {
  document.querySelectorAll(".leave .dots i").forEach((dot, at) => dot.classList.toggle("full", at < count));
  document.querySelector(".leave .dots")?.classList.toggle("shown", count > 0);
}
