// A text field that proposes communes while one types: the ARIA combobox with a list, nothing chosen unasked.
// Without this script, or when no proposal comes, it is a plain field whose text the server understands.
//
//   <div class="combobox"><input id="…" name="ou" data-combobox="/communes.json" data-code-name="pres"></div>
//
// When the text is the label of a proposal, the form sends its code as `data-code-name` (else as `name`), and
// the text no more. `data-code` is the code of the text that the page came with.

const PAUSE = 150; // ms from the last key to the question
const LEAST = 2; // characters that are worth a question
const codes = new WeakMap(); // input → Map(label → code)

export function enhance(root = document) {
  for (const input of root.querySelectorAll("input[data-combobox]")) {
    if (!codes.has(input)) enhanceInput(input);
  }
}

function enhanceInput(input) {
  const known = new Map(input.dataset.code ? [[input.defaultValue, input.dataset.code]] : []);
  const list = set(document.createElement("ul"), { id: `${input.id}-list`, class: "listbox", hidden: "" });
  const status = set(document.createElement("p"), { class: "visually-hidden", role: "status" });
  let active = -1; // the place of the option that the keys have reached
  let timer, question;

  function close() {
    clearTimeout(timer);
    question?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    status.textContent = "";
    reach(-1);
  }

  function show(communes) {
    list.replaceChildren(...communes.map(({ label }, index) => {
      const option = set(document.createElement("li"), { id: `${list.id}-${index}`, role: "option" });
      option.textContent = label;
      return set(option, { "aria-selected": "false" });
    }));
    communes.forEach(({ label, code }) => known.set(label, code));
    list.hidden = communes.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = counted(communes.length);
    list.scrollTop = 0;
    reach(-1);
  }

  function reach(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    clearTimeout(timer);
    question?.abort();
    const text = input.value.split("(")[0].trim(); // of « Belfort (90, Territoire de Belfort) », the name
    if (text.length < LEAST) return close();
    const mine = (question = new AbortController());
    try {
      const communes = await proposals(input.dataset.combobox, text, mine.signal);
      if (document.activeElement === input) show(communes);
    } catch {
      // The field stays a plain one; an aborted question has a successor, or was closed.
      if (!mine.signal.aborted) close();
    }
  }

  function choose(option) {
    input.value = option.textContent;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Opens the list, or moves in it, beyond an end to the other.
  async function step(by, { altKey }) {
    const wasOpen = !list.hidden;
    if (!wasOpen) await ask();
    if (list.hidden || (altKey && !wasOpen)) return;
    const count = list.children.length;
    const from = active < 0 && by < 0 ? 0 : active; // up from the field is the last one
    reach((from + by + count) % count);
  }

  // Each answers whether the key has been used; the caret keeps Home, End, left and right.
  const keys = {
    ArrowDown: (event) => (step(1, event), true),
    ArrowUp: (event) => (step(-1, event), true),
    Enter() {
      const option = list.children[active];
      option ? choose(option) : close();
      return Boolean(option);
    },
    Escape: () => !list.hidden && (close(), true),
  };

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (keys[event.key]?.(event)) event.preventDefault();
    else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) reach(-1);
  });
  input.addEventListener("input", () => {
    reach(-1);
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", ({ target }) => target !== list && choose(target));

  set(list, { role: "listbox", "aria-label": "Communes proposées" });
  set(input, { role: "combobox", autocomplete: "off" });
  set(input, { "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" });
  input.after(list, status);
  codes.set(input, known);
}

async function proposals(path, text, signal) {
  const address = new URL(path, location);
  address.searchParams.set("q", text);
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).communes;
}

function counted(number) {
  if (number === 0) return "Aucune commune proposée";
  return number === 1 ? "1 commune proposée" : `${number} communes proposées`;
}

function set(one, attributes) {
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  return one;
}

document.addEventListener("formdata", ({ target, formData }) => {
  for (const input of target.elements) {
    const code = codes.get(input)?.get(input.value);
    if (!code || !formData.has(input.name)) continue;
    formData.delete(input.name);
    formData.set(input.dataset.codeName || input.name, code);
  }
});
document.addEventListener("renewed", ({ detail }) => enhance(detail?.root));
enhance();
