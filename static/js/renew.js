// Renews the list and the counts of the filters without a page load. Without this script the form and its links
// load the same addresses. Others listen to the document's `renewed` event: `root` is what may be new in it, `page`
// the document that it came from.

const form = document.querySelector("[data-renew]");
const list = form && document.getElementById(form.dataset.renew);
const announcement = document.querySelector("#annonce");
let pending, timer;
let shown = location.pathname + location.search; // a link within the page changes neither

// Empty fields say nothing: the address stays short enough to be read and shared.
function address() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
  if (!query.has("pres") && !query.has("ou")) query.delete("rayon");
  return query.size ? `${form.getAttribute("action")}?${query}` : form.getAttribute("action");
}

function copyCounts(fresh) {
  for (const count of form.querySelectorAll("[data-count]")) {
    const other = fresh.querySelector(`[data-count="${CSS.escape(count.dataset.count)}"]`);
    if (!other) continue;
    count.replaceChildren(...other.cloneNode(true).childNodes);
    count.closest("li").className = other.closest("li").className;
  }
  for (const option of form.querySelectorAll("option")) {
    const name = option.parentElement.name;
    const other = fresh.querySelector(`[name="${name}"] option[value="${CSS.escape(option.value)}"]`);
    if (other) option.textContent = other.textContent;
  }
}

// A removed tag, or a way back in the history, changes what the form holds; typing in it does not.
function copyForm(fresh) {
  const open = form.matches(":popover-open");
  form.replaceChildren(...fresh.childNodes);
  if (open) form.showPopover();
}

function copyRest(page) {
  document.title = page.title;
  for (const part of document.querySelectorAll("[data-renewed]")) {
    const other = page.querySelector(`[data-renewed="${part.dataset.renewed}"]`);
    if (other) part.replaceChildren(...other.childNodes);
  }
}

async function renew(url, { push = true, keepForm = true, focus = false } = {}) {
  pending?.abort();
  pending = new AbortController();
  list.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: pending.signal });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const freshForm = page.getElementById(form.id);
    list.replaceChildren(...page.getElementById(list.id).childNodes);
    copyRest(page);
    if (keepForm) copyCounts(freshForm);
    else copyForm(freshForm);
    if (push) history.pushState(null, "", answer.url);
    shown = location.pathname + location.search;
    list.removeAttribute("aria-busy");
    const heading = list.querySelector("#resultats");
    if (focus) heading.focus();
    announcement.textContent = heading.textContent;
    document.dispatchEvent(new CustomEvent("renewed", { detail: { root: document, page } }));
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url); // the page itself says what is wrong
  }
}

if (list && announcement) {
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(() => renew(address()), 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    if (form.matches(":popover-open")) form.hidePopover();
    renew(address(), { focus: true });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#liste a, [data-renew] a");
    const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button);
    if (!link || !plain || link.origin + link.pathname !== location.origin + location.pathname) return;
    event.preventDefault();
    renew(link.href, { keepForm: false, focus: true });
  });
  addEventListener("popstate", () => {
    if (shown !== location.pathname + location.search) renew(location.href, { push: false, keepForm: false });
  });
}
