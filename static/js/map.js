// The map of events. The server counts: far away it sends cells, close by it sends points.
// This is the only file that knows Leaflet (global `L`, loaded before by django-leaflet).
// The same results stand as a list on the page: nothing here is the only way to anything.

import { byPlace, dataAddress, placeLabel, plural, popupContent } from "./map_content.js";
import { features } from "./topojson.js";

const config = JSON.parse(document.querySelector("#map-config").textContent);
const box = document.querySelector("#map");
const status = document.querySelector("#map-status");
const shortcuts = document.querySelector("#map-shortcuts");
const showButton = document.querySelector("#show-map");
const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
const drawn = new Map(); // key → marker: a refresh keeps what has not changed, and its focus
let map, pending;
let trouble = "";

const say = (text) => (status.textContent = `${text} ${trouble}`.trim());
function openPopup(key, points) {
  const popup = L.popup({ minWidth: 230, maxWidth: 300, offset: [0, -8], autoPanPadding: [20, 20] });
  popup.setLatLng([points[0].lat, points[0].lon]).setContent(popupContent(points));
  popup.on("remove", () => (drawn.get(key)?.getElement() ?? box).focus());
  popup.openOn(map);
  const element = popup.getElement();
  element.setAttribute("role", "dialog");
  element.setAttribute("aria-label", placeLabel(points));
  element.querySelector(".leaflet-popup-close-button").setAttribute("aria-label", "Fermer");
  element.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup(popup));
  element.querySelector("a[href]").focus({ preventScroll: true });
}

function zoomTo([west, south, east, north]) {
  const bounds = L.latLngBounds([south, west], [north, east]);
  const closer = Math.min(map.getBoundsZoom(bounds), Math.max(map.getZoom() + 1, 11));
  box.focus({ preventScroll: true });
  map.setView(bounds.getCenter(), closer, { animate });
}

function addMarker({ lat, lon }, { className, size, text, label, act }) {
  const html = document.createElement("span");
  html.textContent = text;
  const icon = L.divIcon({ className, html, iconSize: [size, size] });
  const marker = L.marker([lat, lon], { icon, riseOnHover: true }).addTo(map);
  marker.getElement().setAttribute("aria-label", label);
  marker.on("click", act);
  marker.on("keydown", ({ originalEvent: press }) => {
    if (press.key !== "Enter" && press.key !== " ") return;
    press.preventDefault(); // or the same press would follow the popup's first link
    act();
  });
  return marker;
}

function addCell(cell) {
  const size = 36 + 8 * String(cell.count).length; // never under 44 px
  const text = cell.count.toLocaleString("fr-FR");
  const label = `${plural(cell.count)}, zoomer`;
  return addMarker(cell, { className: "cell", size, text, label, act: () => zoomTo(cell.bbox) });
}

function addPoints(key, points) {
  const text = points.length > 1 ? points.length : "";
  const act = () => openPopup(key, points);
  return addMarker(points[0], { className: "pin", size: 44, text, label: placeLabel(points), act });
}

function draw({ cells, points, total }) {
  const wanted = new Map();
  for (const cell of cells) wanted.set(`${cell.bbox} ${cell.count}`, () => addCell(cell));
  for (const some of byPlace(points)) {
    const key = some.map((point) => point.url).join(" ");
    wanted.set(key, () => addPoints(key, some));
  }
  for (const [key, old] of drawn) {
    if (wanted.has(key)) continue;
    if (old.getElement() === document.activeElement) box.focus({ preventScroll: true });
    old.remove();
    drawn.delete(key);
  }
  for (const [key, add] of wanted) {
    if (!drawn.has(key)) drawn.set(key, add());
  }
  say(`${plural(total)} dans cette vue.`);
}

async function load() {
  pending?.abort();
  pending = new AbortController();
  const view = map.getBounds();
  const sides = { west: view.getWest(), south: view.getSouth(), east: view.getEast(), north: view.getNorth() };
  try {
    const response = await fetch(dataAddress(config, sides, Math.floor(map.getZoom())), { signal: pending.signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    draw(await response.json());
  } catch (error) {
    if (error.name === "AbortError") return;
    say("Les événements n’ont pas pu être chargés sur la carte. La liste donne les mêmes résultats.");
  }
}

async function drawOutlines() {
  const response = await fetch(config.outlinesUrl);
  const outlines = features(await response.json(), "departements");
  L.geoJSON(outlines, { style: { className: "outline" }, interactive: false }).addTo(map);
  map.attributionControl.addAttribution("Contours\u00a0: IGN, Natural Earth");
}

function addTiles({ url, attribution }) {
  let errors = 0;
  const tiles = L.tileLayer(url, { attribution, maxZoom: 18 }).addTo(map);
  tiles.on("tileload", () => {
    errors = -Infinity; // the service answers: never give it up
    box.classList.add("with-tiles");
  });
  tiles.on("tileerror", () => {
    errors += 1;
    if (errors !== 4) return;
    tiles.remove();
    trouble = "Le fond de carte ne répond pas\u00a0: la carte continue avec les seuls contours.";
    say("");
  });
}

function start() {
  for (const part of [box, shortcuts]) part?.removeAttribute("hidden");
  const motion = { zoomAnimation: animate, fadeAnimation: animate, markerZoomAnimation: animate };
  // Outlines scale freely, so France can fill the box; tiles are sharp at whole zooms only.
  const zooms = config.tiles ? { maxZoom: 18 } : { maxZoom: 14, zoomSnap: 0.25 };
  map = L.map(box, { zoomControl: false, minZoom: 2, ...zooms, ...motion });
  map.attributionControl.setPrefix("Leaflet");
  // A popup pans the map to show itself, and Leaflet has no option to do it at once.
  if (!animate) map.panBy = (offset) => L.Map.prototype.panBy.call(map, offset, { animate });
  L.control.zoom({ zoomInTitle: "Zoom avant", zoomOutTitle: "Zoom arrière" }).addTo(map);
  if (config.tiles) addTiles(config.tiles);
  drawOutlines().catch(() => say("Les contours des départements n’ont pas pu être chargés."));
  let timer;
  map.on("moveend", () => (clearTimeout(timer), (timer = setTimeout(load, 200))));
  map.fitBounds(config.bounds);
  shortcuts?.addEventListener("click", ({ target }) => {
    const sides = target.closest("[data-bounds]")?.dataset.bounds.split(",").map(Number);
    if (sides) map.fitBounds([sides.slice(0, 2), sides.slice(2)], { animate });
  });
}

if (matchMedia("(min-width: 48rem)").matches) {
  start();
} else {
  showButton.hidden = false;
  showButton.addEventListener("click", () => ((showButton.hidden = true), start(), box.focus()));
}
