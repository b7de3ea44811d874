// What the map says, without Leaflet: words, markers, popup content.

const PLACE = 2e-4; // degrees: nobody tells two points of a smaller cell apart

export const configOf = (page) => JSON.parse(page.querySelector("#map-config").textContent);
// By hand, as the server does: to load the format of `toLocaleString` takes longer than to draw all the markers.
const thousands = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
export const plural = (n) => `${thousands(n)} événement${n > 1 ? "s" : ""}`;

const status = document.querySelector("#map-status");
const said = new Map();

// One sentence about each thing: what the view holds stays beside what went wrong.
export function say(about, words) {
  said.set(about, words);
  status.textContent = [...said.values()].join(" ");
}

// A tile service that never answers is given up.
export function watchTiles(tiles, box) {
  let errors = 0;
  tiles.on("tileload", () => {
    errors = -Infinity;
    box.classList.add("with-tiles");
  });
  tiles.on("tileerror", () => {
    errors += 1;
    if (errors !== 4) return;
    tiles.remove();
    say("tiles", "Le fond de carte ne répond pas\u00a0: la carte continue avec les seuls contours.");
  });
}

// A click, or the keys of a button; their own effect would follow the popup's first link.
export function isPress(event) {
  if (event.type === "keydown" && ![" ", "Enter"].includes(event.key)) return false;
  event.preventDefault();
  return true;
}

function node(tag, text, attributes = {}) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.textContent = text;
  return element;
}

// Text nodes only: titles, names and places come from organizers.
function entry({ title, url, when, place, organizer, format, access, tags }) {
  const item = node("li", "");
  item.append(node("a", title, { href: url }));
  for (const tag of tags) item.append(" ", node("span", tag, { className: "tag" }));
  const lines = [when, place, organizer, [format, access].filter(Boolean).join(" · ")];
  item.append(...lines.filter(Boolean).map((line) => node("p", line)));
  return item;
}

// `total` events are there, of which `points` are the first; `listAddress` leads to all.
export function popupContent(points, total, listAddress) {
  const content = node("div", "");
  const list = node("ul", "");
  list.append(...points.map(entry));
  if (total > 1) content.append(node("p", `${plural(total)} ici`, { className: "several" }));
  content.append(list);
  if (total > points.length) {
    const more = node("p", "");
    more.append(node("a", `Voir les ${plural(total)} d’ici en liste`, { href: listAddress }));
    content.append(more);
  }
  if (points.some((point) => point.approximate)) {
    const words = "Position approximative\u00a0: centre de la commune.";
    content.append(node("p", words, { className: "approximate" }));
  }
  return content;
}

// Names what Leaflet leaves nameless, and closes on Escape.
export function nameDialog(element, [first, ...others], total, close) {
  element.setAttribute("role", "dialog");
  element.setAttribute("aria-label", placeLabel(first, others.length && total));
  element.querySelector(".leaflet-popup-close-button").setAttribute("aria-label", "Fermer");
  element.addEventListener("keydown", ({ key }) => key === "Escape" && close());
}

const placeLabel = (first, several) => `${several ? plural(several) : first.title}, ${first.place}`;

function cellMarker(cell) {
  const [west, south, east, north] = cell.bbox;
  const isPlace = east - west < PLACE && north - south < PLACE;
  return {
    cell,
    isPlace,
    at: [cell.lat, cell.lon],
    count: cell.count,
    className: isPlace ? "cell place" : "cell",
    size: 44 + 6 * Math.max(0, String(cell.count).length - 2),
    text: thousands(cell.count),
    label: `${plural(cell.count)}, ${isPlace ? "au même endroit" : "zoomer"}`,
  };
}

// Several events may share one address: one marker for all of them.
function pointsMarker(points) {
  const count = points.length;
  return {
    points,
    count,
    at: [points[0].lat, points[0].lon],
    className: "pin",
    size: 44,
    text: count > 1 ? count : "",
    label: placeLabel(points[0], count > 1 && count),
  };
}

// key → marker: what has not changed between two answers keeps its key.
export function markers({ cells, points }) {
  const found = new Map(cells.map((cell) => [`${cell.bbox} ${cell.count}`, cellMarker(cell)]));
  const places = new Map();
  for (const point of points) {
    const place = `${point.lat} ${point.lon}`;
    places.set(place, [...(places.get(place) ?? []), point]);
  }
  for (const some of places.values()) found.set(some.map(({ url }) => url).join(" "), pointsMarker(some));
  return found;
}

// Puts what is wanted in the place of what is drawn; `add` draws one, `keepFocus` is for who was on one that goes.
export function renewDrawn(drawn, wanted, add, keepFocus) {
  for (const [key, old] of drawn) {
    if (wanted.has(key)) continue;
    if (old.getElement() === document.activeElement) keepFocus();
    old.remove();
    drawn.delete(key);
  }
  for (const [key, marker] of wanted) if (!drawn.has(key)) drawn.set(key, add(key, marker));
}
