// Saves a step while one types, and renews what follows from it: the verdict, the steps, the preview. Without this
// script the buttons do the same. What could not be sent stays in the browser, and is offered at the next visit.

const form = document.querySelector("form[data-autosave]");
const status = form.querySelector("[data-autosaved]");
const PAUSE = 1000; // ms from the last key
// What belongs to one page, not to what was typed.
const NOT_TYPED = ["csrfmiddlewaretoken", "author", "base", "key", "image", "page", "shown", "shown_point"];
const copyKey = () => `typed:${form.elements.author.value}:${new URL(form.action).pathname}`;
const SESSION_OVER =
  "Votre session a expiré. Enregistrez, puis connectez-vous\u00a0: votre texte vous attend, il est aussi gardé sur cet appareil.";
const OFFLINE = "Pas de connexion\u00a0: votre saisie est gardée sur cet appareil, et partira dès que possible.";

let timer;
let sending = null; // the request under way
let dirty = false;

const typed = () => [...new FormData(form)].filter(([name, value]) => !NOT_TYPED.includes(name) && typeof value === "string");

// A browser may refuse its storage: then there is no copy, and the rest works.
function keepCopy(sent = false) {
  try {
    localStorage.setItem(copyKey(), JSON.stringify({ values: typed(), base: form.elements.base.value, sent }));
  } catch {}
}

function readCopy() {
  try {
    return JSON.parse(localStorage.getItem(copyKey()));
  } catch {
    return null;
  }
}

function forgetCopy(key = copyKey()) {
  try {
    localStorage.removeItem(key);
  } catch {}
}

function renew({ parts, saved, problem, state, action }, key) {
  for (const [name, html] of Object.entries(parts)) {
    const place = document.querySelector(`[data-live="${name}"]`);
    // What has not changed keeps its focus and what was unfolded.
    if (place && place.dataset.shown !== html) {
      const open = place.querySelector("details")?.open;
      place.innerHTML = html;
      place.dataset.shown = html;
      if (open && place.querySelector("details")) place.querySelector("details").open = true;
    }
  }
  const faults = document.querySelectorAll('[data-live="verdict"] .failed').length;
  const rules = faults ? ` Règles à corriger\u00a0: ${faults}.` : "";
  say((problem || (saved ? `Enregistré à ${saved}.` : "Pas encore enregistré.")) + rules);
  if (!saved) return;
  for (const [name, value] of Object.entries(state)) form.elements[name].value = value;
  if (new URL(action, location).pathname !== new URL(form.action).pathname) {
    form.action = action;
    history.replaceState(null, "", action);
  }
  if (!dirty) forgetCopy(key);
}

async function post() {
  clearTimeout(timer);
  dirty = false;
  const key = copyKey();
  keepCopy();
  const data = new FormData(form);
  for (const name of ["image", "remove_image"]) data.delete(name);
  data.set("partial", "1");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (answer.status === 401 || answer.status === 403) return say(SESSION_OVER);
    if (!answer.ok) throw new Error(String(answer.status));
    renew(await answer.json(), key);
  } catch {
    dirty = true;
    say(OFFLINE);
  }
}

function say(words) {
  status.textContent = words;
}

// One at a time: each request says what the last one saved.
async function send() {
  while (sending) await sending;
  sending = post();
  await sending;
  sending = null;
}

function changed() {
  dirty = true;
  clearTimeout(timer);
  timer = setTimeout(send, PAUSE);
}

form.addEventListener("input", changed);
form.addEventListener("change", changed);
addEventListener("online", () => dirty && send());
addEventListener("pagehide", () => dirty && keepCopy());

// The button saves by itself: it only waits for the request under way, whose answer it must know.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  keepCopy(true);
  dirty = false;
  if (!sending) return;
  event.preventDefault();
  sending.then(() => form.requestSubmit(event.submitter));
});

// Who leaves by a link has saved first.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button || link?.target);
  if (!link || !plain || !(dirty || sending) || link.origin !== location.origin) return;
  const samePage = link.pathname === location.pathname && link.hash;
  if (samePage) return;
  event.preventDefault();
  if (dirty) await send();
  location.assign(link.href);
});

// What was typed before this script came counts too.
function isTouched({ name, type, value, defaultValue, checked, defaultChecked, options }) {
  if (NOT_TYPED.includes(name)) return false;
  if (options) return ([...options].find((option) => option.defaultSelected) ?? options[0])?.selected === false;
  if (type === "checkbox" || type === "radio") return checked !== defaultChecked;
  return defaultValue !== undefined && value !== defaultValue;
}
if ([...form.elements].some(isTouched)) changed();

// The preview comes by itself.
for (const button of form.querySelectorAll("[data-preview]")) button.hidden = true;

export { forgetCopy, form, changed, readCopy, typed };
