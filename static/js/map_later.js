// The map of a page that is more than a map: loaded at once where there is room for it, else on « Afficher la carte ».
// Leaflet waits in a template: a phone's first visit carries none of it.

const box = document.querySelector("#map");
const button = document.querySelector("#map-show");

const loaded = (part) =>
  new Promise((done, failed) => {
    part.addEventListener("load", done);
    part.addEventListener("error", failed);
  });

async function open() {
  const parts = document.importNode(document.querySelector("#map-parts").content, true);
  const files = [...parts.querySelectorAll("link, script[src]")];
  // In their order: the second script needs the first.
  for (const file of files) file.async = false;
  const all = Promise.all(files.map(loaded));
  document.head.append(parts);
  try {
    await all;
    await import("./map.js");
  } catch {
    const words = "La carte n’a pas pu être chargée. La page donne les mêmes événements en liste.";
    document.querySelector("#map-status").textContent = words;
  }
}

if (matchMedia("(min-width: 48rem)").matches) {
  open();
} else {
  button.hidden = false;
  button.addEventListener("click", () => open().then(() => box.focus()), { once: true });
}
