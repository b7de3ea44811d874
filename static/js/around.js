// « Autour de moi »: asks the browser where the visitor is, on a click only, then goes to the events near there.
// `data-around` is the address of the page to show; the filters of this one are kept, other places are not.

const RADIUS_KM = 30;
const PLACES = ["ou", "region", "departement", "commune", "bbox", "page"];
const OPTIONS = { timeout: 10_000, maximumAge: 300_000 };
const WHY = {
  1: "Votre navigateur n’a pas donné votre position. Autorisez-la dans ses réglages, ou choisissez une commune dans les filtres.",
  2: "Votre position n’a pas été trouvée. Choisissez une commune dans les filtres.",
  3: "Votre position tarde trop à venir. Réessayez, ou choisissez une commune dans les filtres.",
};

function addressNear(page, { latitude, longitude }) {
  const parameters = new URLSearchParams(location.search);
  for (const name of PLACES) parameters.delete(name);
  // A hundred metres are enough to find an event, and say no more of a person than needed.
  parameters.set("pres", `${latitude.toFixed(3)},${longitude.toFixed(3)}`);
  parameters.set("rayon", RADIUS_KM);
  return `${page}?${parameters}`;
}

for (const button of document.querySelectorAll("[data-around]")) {
  const status = document.getElementById(button.getAttribute("aria-describedby"));
  button.hidden = !navigator.geolocation;
  button.addEventListener("click", () => {
    status.textContent = "Recherche de votre position…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => location.assign(addressNear(button.dataset.around, coords)),
      ({ code }) => (status.textContent = WHY[code]),
      OPTIONS,
    );
  });
}
