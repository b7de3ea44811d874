// « Ma sélection »: remembers uids in this browser alone. Every [data-select] link works without this script,
// by leading to the page whose address holds the choice; here it becomes a button that stays pressed.

const KEY = "selection";
const MOST = 100;
const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ADD = "Ajouter à ma sélection";
const ADDED = "Ajouté à ma sélection";

const header = document.querySelector("[data-selection]");
const home = header.pathname;
const badge = Object.assign(document.createElement("span"), { className: "badge" });
const words = Object.assign(document.createElement("span"), { className: "visually-hidden" });

const clean = (uids) => [...new Set(uids.filter((uid) => UID.test(uid)))].slice(0, MOST);

// What somebody else wrote there, or nothing, is an empty choice.
function kept() {
  try {
    return clean(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    return [];
  }
}

// Returns whether the browser took it: private windows and full disks refuse.
function keep(uids) {
  try {
    localStorage.setItem(KEY, JSON.stringify(clean(uids)));
    return true;
  } catch {
    return false;
  }
}

const canKeep = keep(kept());

function address(uids) {
  return uids.length ? `${home}?${uids.map((uid) => `e=${uid}`).join("&")}` : home;
}

function write(element, from, to) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    texts.currentNode.data = texts.currentNode.data.replace(from, to);
  }
}

function show(uids) {
  for (const element of document.querySelectorAll("[data-select]")) {
    const pressed = uids.includes(element.dataset.select);
    element.setAttribute("role", "button");
    element.setAttribute("aria-pressed", `${pressed}`);
    write(element, pressed ? ADD : ADDED, pressed ? ADDED : ADD);
  }
  header.href = address(uids);
  badge.textContent = uids.length;
  words.textContent = ` événement${uids.length > 1 ? "s" : ""}`;
  header.replaceChildren(header.firstChild, ...(uids.length ? [" ", badge, words] : []));
}

function toggle(uid) {
  const uids = kept();
  if (uids.includes(uid)) return keep(uids.filter((each) => each !== uid));
  return uids.length < MOST && keep([...uids, uid]);
}

// One listener for all: the list is drawn again while the page stays.
function onClick(event) {
  const link = event.target.closest("[data-select]");
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
  if (link && plain && UID.test(link.dataset.select)) {
    event.preventDefault();
    if (toggle(link.dataset.select)) show(kept());
    // The page says that the choice is full.
    else location.assign(address([...kept(), link.dataset.select]));
  }
  const remove = event.target.closest("[data-remove]");
  if (remove) keep(kept().filter((uid) => uid !== remove.dataset.remove));
}

// A link answers to Enter alone, a button to the space bar too.
function onKey(event) {
  const link = event.target.closest?.("[data-select]");
  if (link && event.key === " ") {
    event.preventDefault();
    link.click();
  }
}

// On the page of the choice: the address wins, and what it holds may be kept.
function offer() {
  const box = document.querySelector("#selection-offer");
  const shown = JSON.parse(document.querySelector("#selection-uids")?.textContent ?? "[]");
  const asked = new URLSearchParams(location.search).getAll("e");
  // What the site no longer shows is not kept either.
  keep(kept().filter((uid) => shown.includes(uid) || !asked.includes(uid)));
  const mine = kept();
  if (!asked.length && mine.length) location.replace(address(mine));
  if (!box) return;
  box.hidden = shown.length === mine.length && shown.every((uid) => mine.includes(uid));
  for (const element of box.querySelectorAll("[data-mine]")) {
    element.hidden = (element.dataset.mine === "some") !== mine.length > 0;
  }
  box.addEventListener("click", ({ target }) => {
    const how = target.closest("[data-keep]")?.dataset.keep;
    if (how && keep(how === "add" ? [...mine, ...shown] : shown)) location.assign(address(kept()));
  });
}

if (canKeep) {
  if (location.pathname === home) offer();
  const again = () => show(kept());
  again();
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("renewed", again);
  // Another tab, and the way back to a page that the browser had put aside.
  addEventListener("storage", again);
  addEventListener("pageshow", again);
}
