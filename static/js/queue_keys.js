// Single keys for the queue and for a file. They act only while the list or the file has the focus, never in a field
// nor with Ctrl, Alt or Meta, and one switch turns them off for good (WCAG 2.1.4). All they do is done by links and
// buttons too: this script only moves the focus and presses them.

const SWITCH = "queue-keys-off";
const BY_KEYS = "queue-by-keys";

const bar = document.querySelector("[data-keys]");
const region = document.querySelector("[data-queue], [data-file-region]");
const box = bar?.querySelector("[data-keys-switch]");
const dialog = bar?.querySelector("[data-keys-dialog]");
// What is confirmed by Enter, once a key chose it.
let chosen = null;

// A private window may refuse to remember: then the keys work, until the page is left.
function remembered(storage, key, value) {
  try {
    if (value !== undefined) storage.setItem(key, value);
    return storage.getItem(key);
  } catch {
    return null;
  }
}

function focusOn(element) {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
}

function files() {
  return [...region.querySelectorAll("a[data-file]")];
}

function move(step) {
  const all = files();
  const row = document.activeElement.closest("tr");
  const at = all.findIndex((link) => row?.contains(link));
  focusOn(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
}

function follow(selector) {
  document.querySelector(selector)?.click();
}

// A decision is a button, or a radio beside one button that confirms. What it still needs comes first.
function open(decision) {
  const control = document.querySelector(`[name=decision][value="${decision}"]:not([disabled])`);
  if (!control) return;
  const form = control.form;
  if (control.type === "radio") {
    control.checked = true;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
  chosen = control.type === "radio" ? form.querySelector("[type=submit]") : control;
  const needs = { label: "purpose_confirmed", request_changes: "comment", refuse: "rule" }[decision];
  const field = form.elements[needs];
  const given = field?.type === "checkbox" ? field.checked : field?.value;
  focusOn(field && !field.disabled && !given ? field : chosen);
}

const KEYS = {
  "?": () => dialog.showModal(),
  j: () => move(1),
  k: () => move(-1),
  n: () => follow("[data-next]"),
  p: () => follow("[data-previous]"),
  l: () => open("label"),
  c: () => open("request_changes"),
  r: () => open("refuse"),
};
const OF_LIST = ["j", "k"];
const OF_FILE = ["n", "p", "l", "c", "r"];
const isList = region?.matches("[data-queue]");

function typing(element) {
  return element.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
}

// A box answers to Enter by pressing the form's first button: here it is the one that a key chose.
function confirm(event) {
  const waits = chosen && chosen.isConnected && event.target.form === chosen.form;
  if (!waits || !event.target.matches("input[type=checkbox], input[type=radio], select")) return;
  event.preventDefault();
  chosen.click();
}

function onKey(event) {
  if (!box.checked || event.defaultPrevented || event.repeat) return;
  if (event.ctrlKey || event.altKey || event.metaKey || dialog.open) return;
  if (event.key === "Enter") return isList ? remembered(sessionStorage, BY_KEYS, "yes") : confirm(event);
  const key = event.key.toLowerCase();
  const known = key === "?" || (isList ? OF_LIST : OF_FILE).includes(key);
  if (!known || typing(event.target)) return;
  event.preventDefault();
  remembered(sessionStorage, BY_KEYS, "yes");
  KEYS[key]();
}

function start() {
  bar.hidden = false;
  region.tabIndex = -1;
  box.checked = remembered(localStorage, SWITCH) !== "yes";
  box.addEventListener("change", () => remembered(localStorage, SWITCH, box.checked ? "no" : "yes"));
  bar.querySelector("[data-keys-help]").addEventListener("click", () => dialog.showModal());
  region.addEventListener("keydown", onKey);
  // Who goes from file to file by keys finds the focus where they work; nobody else's is moved.
  const busy = document.activeElement !== document.body || document.querySelector("[autofocus]");
  if (box.checked && !busy && remembered(sessionStorage, BY_KEYS)) focusOn(isList ? files()[0] : region);
}

if (bar && region) start();
