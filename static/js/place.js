// The place of a file on a small map, to be looked at. Without this script its address and its precision stand alone.

import { addPin, openMap } from "./map.js";

const box = document.querySelector("#place-map");
const config = JSON.parse(document.querySelector("#place-config").textContent);
const at = [config.lat, config.lon];

box.hidden = false;
const map = openMap(box, config, async (opened) => opened.setView(at, config.tiles ? (config.isExact ? 15 : 12) : 9));
const label = config.isExact ? "Le point de l’événement" : "Le centre de la commune";
const pin = addPin(map, { at, text: "", className: "pin", size: 44, label }, { keyboard: false, interactive: false });
pin.getElement().setAttribute("role", "img");
