// Fills an organization's form from its SIRET, in place: <form data-look-up="/…/siret.json">.
// Only what is empty, or what the register gave before (`data-filled`: the server did), is filled; what a person
// typed stays.
// Without this script the form is filled by the server, one step before.

const form = document.querySelector("form[data-look-up]");
const written = new Map(); // field name → the value that the register gave
let question;

async function fill() {
  const status = form.querySelector("[data-look-up-status]");
  const siret = form.elements.siret.value.trim();
  question?.abort();
  if (!siret) return say(status, "");
  const mine = (question = new AbortController());
  say(status, "Recherche du SIRET…");
  try {
    const address = new URL(form.dataset.lookUp, location);
    address.searchParams.set("siret", siret);
    const answer = await fetch(address, { signal: mine.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const { values, message } = await answer.json();
    Object.entries(values).forEach(write);
    say(status, message);
  } catch {
    // A newer question speaks for itself.
    if (!mine.signal.aborted) say(status, "La recherche n’a pas abouti. Remplissez la fiche à la main.");
  }
}

function write([name, value]) {
  const field = form.elements[name];
  if (!field || name === "siret") return;
  if (field.value !== "" && field.value !== written.get(name)) return;
  field.value = value;
  written.set(name, field.value);
}

function say(status, message) {
  const line = Object.assign(document.createElement("p"), { className: "notice", textContent: message });
  status.replaceChildren(...(message ? [line] : []));
}

if (form) {
  form.elements.siret.addEventListener("change", fill);
  if ("filled" in form.dataset) for (const field of form.elements) written.set(field.name, field.value);
}
