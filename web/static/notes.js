// The page works without this file. With it: no reloads, two entries in the history at most, leaving by keyboard, reading aloud.
import { asking, tell, warn } from "./asking.js";
import { keepInSight } from "./frame.js";
import { answer } from "./heard.js";
import { leaveQuickly } from "./leave.js";
import { offerListening } from "./listen.js";
import { here, places } from "./places.js";

const WAIT = 20000;
// By then somebody in danger has a number before her, whatever the answer is waiting for.
const NUMBER = 1800;
const words = () => document.getElementById("words").dataset;
const framed = window.top !== window;
// Nothing waits for the answer before: "he is here" is sent while another message hangs. Answers are counted as they are asked for.
let asked = 0;
let shown = 0;
// The next look at a page that waits for somebody else.
let again;
// Words that were begun, while a page without a field is shown. Never longer than this page lives.
let draft = "";

const placed = places(framed, (address) => show(address, {}, null, null, null, true));
leaveQuickly(words, placed.first);
keepInSight(framed);
enhance();

// Forms and links of this page are answered in place. Whatever fails leaves the person's words where they are.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("data-plain")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  if (form.classList.contains("write") && !data.get("text").trim()) {
    form.elements.text.focus();
    return;
  }
  const line = said(form, event.submitter, data);
  show(form.action, { method: "POST", body: new URLSearchParams(data) }, form, line, data.get("text"));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const inside = link.origin === location.origin && link.protocol.startsWith("http");
  if (!inside || link.hasAttribute("data-plain") || link.classList.contains("leave")) return;
  event.preventDefault();
  if (link.getAttribute("href").startsWith("#")) {
    // Without an entry in the history, which "Back" would then lead through.
    document.querySelector(link.getAttribute("href"))?.focus();
    return;
  }
  show(link.href, {}, null, null, null);
});

// Enter sends, Shift and Enter make a new line, as in other chats; not while a word is being put together (Chinese, Vietnamese).
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target.id !== "text") return;
  if (matchMedia("(pointer: coarse)").matches) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// Asleep for longer than words are kept: what stands here may be deleted already, and is not left on the screen.
let last = Date.now();
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() - last > Number(words().idle) * 60000) show(here(), {}, null, null, null, true);
});

async function show(address, request, form, line, text, back = false) {
  const mine = ++asked;
  const waiting = line && bubble(line);
  // The field is free for the next words; these stand above it already, and come back if they cannot be sent.
  if (waiting && text) form.elements.text.value = "";
  tell(line ? words().writing : words().loading);
  form?.setAttribute("aria-busy", "true");
  const slow = line && setTimeout(() => number(document.querySelector("form.write")), NUMBER);
  try {
    const response = await fetch(address, {
      ...request,
      headers: { "X-Notes": "1", ...(framed && { "X-Framed": "1" }) },
      signal: AbortSignal.timeout(WAIT),
    });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!page.querySelector("main")) throw new TypeError("not a page of ours");
    last = Date.now();
    put(page, new URL(response.url || address).hash || new URL(address, location.href).hash, text, mine < shown);
    if (back) placed.stayed(here());
    else placed.moved(here());
    shown = Math.max(shown, mine);
  } catch {
    waiting?.forEach((item) => item.remove());
    offline(form?.isConnected ? form : document.querySelector("form.write"), text);
  } finally {
    clearTimeout(slow);
    form?.removeAttribute("aria-busy");
  }
}

// The number to call, which this page has held since it was loaded.
function number(place) {
  document.getElementById("number")?.remove();
  const kept = document.getElementById("in-danger")?.content.firstElementChild.cloneNode(true);
  if (kept) place?.before(kept);
}

// What the person said, shown at once, and dots until the answer is there.
function said(form, submitter, data) {
  if (form.classList.contains("write")) return data.get("text").trim();
  return form.matches(".choices, .tiles") && submitter && document.querySelector(".lines") ? submitter.textContent.trim() : null;
}

function bubble(text) {
  const lines = document.querySelector(".lines");
  if (!lines) return null;
  const items = ["person", "helper"].map((who) => {
    const item = lines.appendChild(document.createElement("li"));
    item.className = who;
    item.append(Object.assign(document.createElement("div"), { className: "text", dir: "auto" }));
    return item;
  });
  items[0].firstChild.textContent = text;
  items[1].firstChild.className = "text waiting";
  items[1].firstChild.append(...["", "", ""].map(() => document.createElement("i")));
  items[1].setAttribute("aria-hidden", "true");
  items[0].scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  return items;
}

function put(page, hash, sent, late) {
  const field = document.getElementById("text");
  const begun = field ? (field.value !== sent ? field.value : "") : draft;
  const writing = begun && document.activeElement === field;
  const root = document.documentElement;
  for (const name of ["lang", "dir", "data-size", "data-contrast"]) root.setAttribute(name, page.documentElement.getAttribute(name) ?? "");
  for (const part of ["header", "main", "footer", "#words", "#in-danger"]) {
    const now = document.querySelector(part);
    const next = page.querySelector(part);
    if (now && next) now.replaceWith(next);
  }
  enhance();
  const next = document.getElementById("text");
  draft = next || document.querySelector("[data-forgets]") ? "" : begun;
  if (next && begun && !next.value) next.value = begun;
  if (next && writing) {
    next.focus({ preventScroll: true });
    next.setSelectionRange(next.value.length, next.value.length);
    return announce();
  }
  const notice = document.getElementById("notice");
  // An answer that comes after one to later words does not push numbers for danger out of sight.
  const urgent = late ? [...document.querySelectorAll(".lines .urgent")].at(-1) : null;
  const latest = hash === "#latest" || document.querySelector("form.write") ? document.getElementById("latest") : null;
  const target = notice ?? urgent ?? latest ?? document.querySelector("main h1") ?? document.getElementById("main");
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  if (target.closest("h1, #main") === target) window.scrollTo(0, 0);
  else target.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  if (target === latest || target === urgent) announce(late ? [urgent ?? latest] : undefined);
  else tell("");
}

// The answer, said by itself: nobody has to look for it. Danger breaks off what is being read.
function announce(lines = [...document.querySelectorAll(".lines > .latest")]) {
  const { said, urgent } = answer(lines.filter(Boolean));
  tell(urgent ? "" : said);
  warn(urgent ? said : "");
}

function offline(form, text) {
  document.getElementById("offline")?.remove();
  const notice = Object.assign(document.createElement("p"), { id: "offline", className: "notice", tabIndex: -1 });
  notice.textContent = words().offline;
  notice.setAttribute("role", "alert");
  const field = form?.elements.text;
  if (field && text && field.value !== text) field.value = [text.trim(), field.value].filter(Boolean).join("\n");
  const place = form ?? document.getElementById("main").firstElementChild;
  place.before(notice);
  number(notice);
  notice.scrollIntoView({ block: "center" });
  tell("");
}

// A page that waits for somebody else: looked at again now and then, and put in place once it says something new.
function lookAgain() {
  clearTimeout(again);
  const waits = document.querySelector("[data-again]");
  if (!waits) return;
  again = setTimeout(async () => {
    const counted = asked;
    try {
      const response = await fetch(here(), { headers: { "X-Notes": "1", ...(framed && { "X-Framed": "1" }) }, signal: AbortSignal.timeout(WAIT) });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      // Whatever she did meanwhile counts more.
      if (counted !== asked || !waits.isConnected) return;
      if (page.querySelector("main") && page.querySelector("[data-again]")?.dataset.step !== waits.dataset.step) return put(page, "", null, false);
    } catch { /* The next look may reach it. */ }
    if (waits.isConnected) lookAgain();
  }, Number(waits.dataset.again) * 1000);
}

function enhance() {
  offerListening(words);
  lookAgain();
  const place = document.getElementById("print");
  if (place) place.append(asking(words().print, words().paper, () => window.print()));
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
