// One box that ticks all files of the page; without this script each has its own.

const all = document.querySelector("[data-select-all]");

if (all) {
  const boxes = [...document.querySelectorAll("input[name=dossier]")];
  const box = all.querySelector("input");
  all.hidden = false;
  box.addEventListener("change", () => {
    for (const each of boxes) each.checked = box.checked;
  });
  document.addEventListener("change", ({ target }) => {
    if (target.name === "dossier") box.checked = boxes.every((each) => each.checked);
  });
}
