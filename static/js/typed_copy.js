// Offers what was typed on this device and never reached the server: a closed tab, a dead battery, no network.

import { changed, forgetCopy, form, readCopy, typed } from "./autosave.js";

const offer = document.querySelector("[data-copy-offer]");
const copy = readCopy();

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

function fill(values) {
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.type === "file") continue;
    const wanted = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
    else if (wanted.length) field.value = wanted[0];
  }
}

// What a button sent is saved once the server has something else than before; the page of a new event never has.
const arrived = ({ base, sent }) => sent && (form.hasAttribute("data-new") || base !== form.elements.base.value);
// A page that shows errors already holds what was typed.
const isShown = (values) => document.querySelector(".error-summary, .messages .warning") || same(values, typed());

if (copy && (arrived(copy) || isShown(copy.values))) forgetCopy();
else if (copy) offer.hidden = false;

offer.querySelector("[data-take]").addEventListener("click", () => {
  fill(copy.values);
  offer.hidden = true;
  changed();
  form.querySelector("input:not([type=hidden]), textarea").focus();
});
offer.querySelector("[data-drop]").addEventListener("click", () => {
  forgetCopy();
  offer.hidden = true;
});
