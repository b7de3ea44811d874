// The point of an event on a small map: dragged with the mouse, or moved with the arrow keys. Without this script
// the two number fields stand alone.

import { addPin, openMap } from "./map.js";

const METRE = 1 / 111_320; // degrees of latitude
const STEP = 10; // metres for a key, ten times as many with the shift key
const ARROWS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

const box = document.querySelector("#point-map");
const config = JSON.parse(document.querySelector("#point-config").textContent);
const [latitude, longitude] = ["latitude", "longitude"].map((name) => document.querySelector(`#id_${name}`));
const status = document.querySelector("#map-status");

const typed = () => [latitude, longitude].map(({ value }) => Number.parseFloat(value.replace(",", ".")));
const isPoint = ([lat, lon]) => Math.abs(lat) <= 90 && Math.abs(lon) <= 180;

// The fields are what is sent.
function write(lat, lon) {
  [latitude.value, longitude.value] = [lat, lon].map((degrees) => degrees.toFixed(5));
  status.textContent = `Point déplacé\u00a0: ${latitude.value}, ${longitude.value}.`;
  longitude.dispatchEvent(new Event("input", { bubbles: true }));
}

function start() {
  document.querySelector("#point-frame").hidden = false;
  const at = [config.lat, config.lon];
  const map = openMap(box, config, async (opened) => opened.setView(at, config.tiles ? 15 : 11));
  const look = { at, text: "", className: "pin", size: 44, label: "Le point de l’événement. Les flèches le déplacent." };
  const pin = addPin(map, look, { draggable: true });

  function move(lat, lon) {
    pin.setLatLng([lat, lon]);
    if (!map.getBounds().contains([lat, lon])) map.panTo([lat, lon]);
  }

  pin.on("dragend", () => {
    const { lat, lng } = pin.getLatLng();
    write(lat, lng);
  });
  map.on("click", ({ latlng: { lat, lng } }) => (move(lat, lng), write(lat, lng)));
  pin.getElement().addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation(); // or the map would move too
    const { lat, lng } = pin.getLatLng();
    const metres = STEP * (event.shiftKey ? 10 : 1) * METRE;
    const [north, east] = [arrow[0] * metres, (arrow[1] * metres) / Math.cos((lat * Math.PI) / 180)];
    move(lat + north, lng + east);
    write(lat + north, lng + east);
  });
  for (const field of [latitude, longitude]) {
    field.addEventListener("change", () => isPoint(typed()) && move(...typed()));
  }
}

if (config.lat !== null) start();
