// What the map says and asks, without Leaflet: words, popup content, places, query.

export const plural = (n) => `${n.toLocaleString("fr-FR")} événement${n > 1 ? "s" : ""}`;

function node(tag, text, attributes = {}) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.textContent = text;
  return element;
}

// Text nodes only: titles and places come from organizers.
export function popupContent(points) {
  const list = node("ul", "");
  for (const { title, url, when, place } of points) {
    const item = node("li", "");
    item.append(node("a", title, { href: url }), node("p", when), node("p", place));
    list.append(item);
  }
  return list;
}

export function placeLabel([first, ...others]) {
  if (others.length) return `${plural(others.length + 1)}, ${first.place}`;
  return `${first.title}, ${first.place}`;
}

// Several events may share one address: one marker for all of them.
export function byPlace(points) {
  const places = new Map();
  for (const point of points) {
    const place = `${point.lat} ${point.lon}`;
    places.set(place, [...(places.get(place) ?? []), point]);
  }
  return places.values();
}

function within(value, most) {
  return Math.max(-most, Math.min(most, value)).toFixed(4);
}

export function dataAddress({ dataUrl, query }, { west, south, east, north }, zoom) {
  const parameters = new URLSearchParams(query);
  const sides = [within(west, 180), within(south, 90), within(east, 180), within(north, 90)];
  parameters.set("bbox", sides.join());
  parameters.set("zoom", zoom);
  return `${dataUrl}?${parameters}`;
}
