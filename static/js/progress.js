// The bar of a long task goes on without reloading the page, which comes again once the task is over.

const EVERY = 1000; // ms
const box = document.querySelector("[data-progress]");
const bar = box.querySelector("progress");
const words = box.querySelector("label");

function show({ done, total, words: text }) {
  if (total) {
    bar.max = total;
    bar.value = done;
  }
  words.textContent = text;
}

async function follow() {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    const state = await answer.json();
    if (!state.running) {
      location.reload();
      return;
    }
    show(state);
  } catch {
    // The network or the session is away for a while: the next try says more.
  }
  setTimeout(follow, EVERY);
}

setTimeout(follow, EVERY);
