// The map of events. The server counts: far away it sends cells, close by it sends points.
// This is the only file that knows Leaflet (`L`, loaded by django-leaflet): others use `openMap` and `addPin`.

import { configOf, isPress, markers, nameDialog, plural, popupContent, renewDrawn, say, watchTiles } from "./map_content.js";
import { LIST_ZOOM, ask, askLatest, dataAddress, painted, read, snapped, zoneAddress } from "./map_view.js";
import { features } from "./topojson.js";

const here = document.querySelector("#map-config"); // none where only what is exported is used
let config = here && configOf(document);
// What a page does without is an element that nobody sees.
const [box, plain, shortcuts, showButton, zoneLink] = ["", "-plain", "-shortcuts", "-show", "-zone"].map(
  (part) => document.querySelector(`#map${part}`) ?? document.createElement("a"),
);
const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
const drawn = new Map(); // key → marker: a refresh keeps what has not changed, and its focus
let zone = config?.zone, ours = false, map; // `zone`: the list's box; `ours`: a move that is not the visitor's

function openPopup(key, points, total, place) {
  const content = popupContent(points, total, zoneAddress(config, place));
  // Beside the zoom buttons, which a narrow screen hides meanwhile.
  const autoPanPaddingTopLeft = [box.clientWidth > 640 ? 70 : 10, 20];
  const popup = L.popup({ minWidth: 230, maxWidth: 320, offset: [0, -8], autoPanPadding: [10, 20], autoPanPaddingTopLeft });
  popup.on("remove", () => (drawn.get(key)?.getElement() ?? box).focus());
  popup.setLatLng([points[0].lat, points[0].lon]).setContent(content).openOn(map);
  nameDialog(popup.getElement(), points, total, () => map.closePopup(popup));
  content.querySelector("a").focus({ preventScroll: true });
}

// A place with too many events for a view's points, or a cell that no zoom takes apart.
async function openCell(key, cell) {
  const place = snapped(cell.bbox);
  try {
    const { points, total } = await ask(dataAddress(config, place, LIST_ZOOM));
    if (points.length) openPopup(key, points, total, place);
  } catch {
    say("seen", "Ces événements n’ont pas pu être chargés. La liste les donne aussi.");
  }
}

function zoomTo([west, south, east, north]) {
  const bounds = L.latLngBounds([south, west], [north, east]);
  const closer = Math.min(map.getBoundsZoom(bounds), Math.max(map.getZoom() + 1, 11));
  box.focus({ preventScroll: true });
  map.setView(bounds.getCenter(), closer, { animate });
}

function act(key, { points, cell, isPlace }) {
  if (points) openPopup(key, points, points.length, "");
  else if (isPlace || map.getZoom() >= map.getMaxZoom()) openCell(key, cell);
  else zoomTo(cell.bbox);
}

export function addPin(onMap, { at, text, className, size, label }, options) {
  const html = Object.assign(document.createElement("span"), { textContent: text });
  const icon = L.divIcon({ className, html, iconSize: [size, size] });
  const added = L.marker(at, { icon, ...options }).addTo(onMap);
  added.getElement().setAttribute("aria-label", label);
  return added;
}

function addMarker(key, marker) {
  const added = addPin(map, marker, { riseOnHover: true });
  return added.on("click keydown", ({ originalEvent }) => isPress(originalEvent) && act(key, marker));
}

function draw(wanted) {
  renewDrawn(drawn, wanted, addMarker, () => box.focus({ preventScroll: true }));
  // The box asked for is a little wider than the view.
  const seen = [...wanted.values()].filter(({ at }) => map.getBounds().contains(at));
  say("seen", `${plural(seen.reduce((sum, { count }) => sum + count, 0))} dans cette vue.`);
}

async function load() {
  const asked = zone || snapped(map.getBounds().toBBoxString().split(",").map(Number));
  zoneLink.href = zoneAddress(config, asked);
  // A cell is 76 to 128 pixels wide, whatever the fraction of the zoom.
  const zoom = Math.max(0, Math.ceil(map.getZoom()) - 1);
  try {
    const answer = config.points ? { cells: [], points: config.points } : await askLatest(dataAddress(config, asked, zoom));
    if (answer) draw(markers(answer));
  } catch {
    say("seen", "Les événements n’ont pas pu être chargés sur la carte. La liste donne les mêmes résultats.");
  }
}

// The outlines are long to read and to draw: the first events come before them.
async function drawOutlines(onMap, outlinesUrl, first) {
  const [response] = await Promise.all([fetch(outlinesUrl, { priority: "low" }), first.then(painted)]);
  const outlines = await read(response);
  L.geoJSON(features(outlines, "departements"), { style: { className: "outline" }, interactive: false }).addTo(onMap);
  onMap.attributionControl.addAttribution("Contours\u00a0: IGN, Natural Earth");
}

function fit() {
  ours = true;
  map.fitBounds(config.bounds, { maxZoom: 13, animate: false, padding: config.padding });
  ours = false;
}

// What the visitor moves, apart from a popup that makes room for itself and a window that changes size.
function followMoves() {
  let timer;
  map.on("autopanstart", () => (ours = true));
  map.on("movestart", () => {
    if (!ours) [zone, zoneLink.hidden] = ["", false];
    ours = false;
  });
  map.on("moveend", () => (clearTimeout(timer), (timer = setTimeout(load, 200))));
  shortcuts.addEventListener("change", ({ target }) => {
    const [south, west, north, east] = target.value.split(",").map(Number);
    if (target.value) map.fitBounds([[south, west], [north, east]], { animate });
  });
  // Who then goes elsewhere may choose the same place again.
  box.addEventListener("focusin", () => Object.assign(shortcuts.querySelector("select") ?? {}, { value: "" }));
}

// Other filters without a page load: the map goes with the list.
if (here) document.addEventListener("renewed", ({ detail }) => {
  const before = `${config.bounds}`;
  [config, zoneLink.hidden] = [configOf(detail.page), true];
  zone = config.zone;
  if (map && (zone || before !== `${config.bounds}`)) fit();
  if (map) load();
});

// A map in a box; `show` looks somewhere on it, and resolves when what matters most is drawn.
export function openMap(inBox, { tiles, outlinesUrl }, show) {
  const motion = { zoomAnimation: animate, fadeAnimation: animate, markerZoomAnimation: animate };
  // Outlines scale freely, so France can fill the box; tiles are sharp at whole zooms only.
  const zooms = tiles ? { maxZoom: 18 } : { maxZoom: 14, zoomSnap: 0.25 };
  const opened = L.map(inBox, { zoomControl: false, minZoom: 2, ...zooms, ...motion });
  opened.attributionControl.setPrefix("Leaflet");
  // A popup pans the map to show itself, and Leaflet has no option to do it at once.
  if (!animate) opened.panBy = (offset) => L.Map.prototype.panBy.call(opened, offset, { animate });
  L.control.zoom({ zoomInTitle: "Zoom avant", zoomOutTitle: "Zoom arrière" }).addTo(opened);
  const first = show(opened);
  if (tiles) watchTiles(L.tileLayer(tiles.url, { ...tiles, maxZoom: 18 }).addTo(opened), inBox);
  drawOutlines(opened, outlinesUrl, first).catch(() => say("outlines", "Les contours des départements n’ont pas pu être chargés."));
  return opened;
}

function start() {
  [plain.hidden, showButton.hidden, box.hidden, shortcuts.hidden] = [true, true, false, false];
  openMap(box, config, (opened) => ((map = opened), fit(), load()));
  followMoves();
}

if (config?.zone || config?.isWanted || (here && matchMedia("(min-width: 48rem)").matches)) start();
else showButton.hidden = false;
showButton.addEventListener("click", () => (start(), box.focus()));
