// The form of a case: what is typed is saved by itself, and what follows from it is shown beside it. Without this script the form
// is saved by its button, and the whole page is the answer.

const SOON = 1200, AT_ONCE = 120, AGAIN = 5000, QUIET = 1500;
const form = document.querySelector("#case");
const saved = document.querySelector("#saved");
const answer = document.querySelector("#answer");
const clashes = document.querySelector("#clashes");
let was = JSON.parse(form.elements.was.value);
let waiting, saving = false, later = false, asking;

const fieldOf = (name) => form.querySelector(`[data-field="${CSS.escape(name)}"]`);
const inputsOf = (field) => [...field.querySelectorAll("input:not([type=hidden]), select, textarea")];
const names = [...new Set([...form.querySelectorAll("[data-field]")].map((field) => field.dataset.field))];

function textOf(name) {
  const inputs = inputsOf(fieldOf(name));
  if (inputs.length === 1 && inputs[0].type !== "checkbox") return inputs[0].value;
  return inputs.filter((one) => one.type !== "checkbox" || one.checked).map((one) => one.value).filter(Boolean).join(",");
}

function show(name, text) {
  const inputs = inputsOf(fieldOf(name));
  if (inputs.length === 1 && inputs[0].type !== "checkbox") { inputs[0].value = text; return; }
  const values = text ? text.split(",") : [];
  inputs.forEach((one, n) => {
    if (one.type === "checkbox") one.checked = values.includes(one.value);
    else one.value = values[n] ?? "";
  });
}

// What each field showed when it was last told by the server: what differs from it was typed since.
const base = new Map(names.map((name) => [name, textOf(name)]));
const typed = () => names.filter((name) => textOf(name) !== base.get(name));

function body(changed) {
  const data = new FormData();
  data.set("was", JSON.stringify(was));
  for (const name of changed) {
    const inputs = inputsOf(fieldOf(name));
    const several = inputs.length > 1 || inputs[0].type === "checkbox";
    if (!several) { data.set(name, inputs[0].value); continue; }
    data.append(name, "");
    for (const value of textOf(name).split(",").filter(Boolean)) data.append(name, value);
  }
  return data;
}

// Whether all of a text is shown: boxes are in another order than what was kept, and a list may lack a choice.
const parts = (text) => text.replace(/\r\n/g, "\n").split(",").sort().join();

function take(told, sent) {
  const before = was;
  was = {};
  for (const name of names) {
    const now = textOf(name), shown = told.shown[name] ?? "";
    const since = sent.has(name) ? now !== sent.get(name) : now !== base.get(name);
    // What somebody is in the middle of is not written over.
    const busy = since || (fieldOf(name).contains(document.activeElement) && now !== shown);
    if (!busy) show(name, shown);
    if (!since) base.set(name, textOf(name));
    // What stands there and is not shown here has not been seen: the page says what it showed before, so that typing here clashes with it.
    const from = sent.has(name) || (!busy && parts(textOf(name)) === parts(shown)) ? told.was : before;
    if (name in from) was[name] = from[name];
  }
  form.elements.was.value = JSON.stringify(was);
  for (const name of names) {
    const field = fieldOf(name), error = told.errors[name] ?? "";
    const slip = field.querySelector(".slip"), back = field.querySelector(".told");
    if (slip) slip.textContent = error;
    if (back) back.textContent = error ? "" : told.told[name] ?? "";
    for (const one of inputsOf(field)) error ? one.setAttribute("aria-invalid", "true") : one.removeAttribute("aria-invalid");
  }
  for (const block of form.querySelectorAll("[data-block]")) {
    const slip = block.querySelector(":scope > .slip");
    if (slip && !fieldOf(block.dataset.block)) slip.textContent = told.errors[block.dataset.block] ?? "";
  }
  const here = [...form.querySelectorAll("[data-entry]")].map((one) => one.dataset.entry).sort().join();
  const there = Object.entries(told.entries).flatMap(([list, ids]) => ids.map((id) => `${list} ${id}`)).sort().join();
  say(here === there ? told.saved : form.dataset.changed);
  if (told.clashes) {
    clashes.insertAdjacentHTML("beforeend", told.clashes);
    clashes.scrollIntoView({ block: "center" });
  }
  const open = new Set([...answer.querySelectorAll("details[open] > summary")].map((one) => one.querySelector("strong")?.textContent ?? one.textContent));
  const changes = answer.querySelector("#changes")?.innerHTML;
  answer.innerHTML = told.answer;
  for (const summary of answer.querySelectorAll("details > summary")) {
    if (open.has(summary.querySelector("strong")?.textContent ?? summary.textContent)) summary.parentElement.open = true;
  }
  const place = answer.querySelector("#changes");
  if (place && changes) place.innerHTML = changes;
  askLater();
}

const say = (text) => { saved.textContent = text; };

async function save() {
  clearTimeout(waiting);
  if (saving) { later = true; return; }
  const changed = typed();
  if (!changed.length) return;
  saving = true;
  say(form.dataset.saving);
  const sent = new Map(changed.map((name) => [name, textOf(name)]));
  try {
    const reply = await fetch(form.action, { method: "POST", body: body(changed), headers: { "x-notes": "1" }, credentials: "same-origin" });
    if (reply.ok) take(await reply.json(), sent);
    else if (reply.status === 404) say((await reply.json()).fault === "no_case" ? form.dataset.gone : form.dataset.out);
    else throw new Error(String(reply.status));
  } catch {
    say(form.dataset.lost);
    waiting = setTimeout(save, AGAIN);
  }
  saving = false;
  if (later) { later = false; soon(AT_ONCE); }
}

function soon(delay) {
  clearTimeout(waiting);
  waiting = setTimeout(save, delay);
}

// The questions that would change it most take longer: asked when nothing was typed for a while.
function askLater() {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const place = answer.querySelector("#changes");
    if (!place) return;
    try {
      const reply = await fetch(place.dataset.from, { headers: { "x-notes": "1" }, credentials: "same-origin" });
      if (reply.ok && answer.querySelector("#changes") === place) place.innerHTML = await reply.text();
    } catch { /* The link is still there. */ }
  }, QUIET);
}

form.addEventListener("input", () => soon(SOON));
form.addEventListener("change", () => soon(AT_ONCE));
form.addEventListener("focusout", () => soon(AT_ONCE));
form.addEventListener("submit", (event) => {
  // Saving needs no new page; adding and taking away does.
  if (event.submitter?.value !== "save") return;
  event.preventDefault();
  typed().length ? save() : say(saved.textContent);
});
addEventListener("online", save);
// Whoever follows a link at once after typing: what was typed goes along, and the browser sends it when the page is gone. What had been
// sent already changes nothing.
addEventListener("pagehide", () => {
  const changed = typed();
  if (!changed.length) return;
  fetch(form.action, { method: "POST", body: body(changed), headers: { "x-notes": "1" }, credentials: "same-origin", keepalive: true }).catch(() => {});
});
addEventListener("beforeunload", (event) => { if (typed().length && !event.defaultPrevented && saved.textContent === form.dataset.lost) event.preventDefault(); });
askLater();
