// Which events a view of the map asks for, without Leaflet: boxes on a grid, addresses, answers.

export const LIST_ZOOM = 20; // asks the server for the events of one place
const UNITS = 1e4; // ten metres: in whole units nothing is lost between the server's arithmetic and ours
const STEPS = 4; // the grid has 8 to 15 steps in the larger side of a box
const MOST = [180, 90, 180, 90];
// A zone replaces them: who moves the map away from a place means the zone, not what is left of both.
const PLACES = ["pres", "ou", "rayon", "region", "departement", "commune", "page"];

// Less than a millimetre is an error of arithmetic, not a reason to widen.
const below = (degrees) => Math.floor(Math.round(degrees * UNITS * 1000) / 1000);
const above = (degrees) => Math.ceil(Math.round(degrees * UNITS * 1000) / 1000);
const within = (side, index) => Math.max(-MOST[index] * UNITS, Math.min(MOST[index] * UNITS, side));
const bitLength = (number) => 32 - Math.clz32(number);

// « west,south,east,north », widened to its grid and cut to the world: views that differ little ask for the
// same. The server does the same (events/map_box.py), and what is on its grid stays as it is.
export function snapped([west, south, east, north]) {
  let sides = [...[west, south].map(below), ...[east, north].map(above)].map(within);
  for (;;) {
    const step = 2 ** Math.max(0, bitLength(Math.max(sides[2] - sides[0], sides[3] - sides[1])) - STEPS);
    const wider = sides
      .map((side, index) => (index < 2 ? Math.floor(side / step) : Math.ceil(side / step)) * step)
      .map(within);
    if (wider.join() === sides.join()) return sides.map((side) => (side / UNITS).toFixed(4)).join();
    sides = wider;
  }
}

export function dataAddress({ dataUrl, query }, box, zoom) {
  const parameters = new URLSearchParams(query);
  parameters.set("bbox", box);
  parameters.set("zoom", zoom);
  return `${dataUrl}?${parameters}`;
}

// The address of the map's own page with its list limited to a zone.
export function zoneAddress({ listUrl, query }, box) {
  const parameters = new URLSearchParams(query);
  for (const name of PLACES) parameters.delete(name);
  if (parameters.get("tri") === "distance") parameters.delete("tri");
  parameters.set("bbox", box);
  return `${listUrl}?${parameters}#carte`;
}

export const ask = async (address, options) => read(await fetch(address, options));

export function read(response) {
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

let pending;

// Resolves to nothing when another view was asked for meanwhile.
export async function askLatest(address) {
  pending?.abort();
  pending = new AbortController();
  try {
    return await ask(address, { signal: pending.signal });
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

export const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
