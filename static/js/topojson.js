// Reads a quantized TopoJSON file: arcs are shared borders, stored as integer steps.
// Returns GeoJSON. Written for our own outlines: polygons and multipolygons only.

function absoluteArc(arc, { scale, translate }) {
  let x = 0;
  let y = 0;
  return arc.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
}

// A negative index ~i means arc i walked backwards; each arc begins where the last one ended.
function ring(indexes, arcs) {
  const points = [];
  for (const index of indexes) {
    const arc = index < 0 ? arcs[~index].slice().reverse() : arcs[index];
    points.push(...(points.length ? arc.slice(1) : arc));
  }
  return points;
}

function polygon(rings, arcs) {
  return rings.map((indexes) => ring(indexes, arcs));
}

function geometry({ type, arcs: indexes }, arcs) {
  if (type === "Polygon") {
    return { type, coordinates: polygon(indexes, arcs) };
  }
  return { type, coordinates: indexes.map((rings) => polygon(rings, arcs)) };
}

export function features(topology, name) {
  const arcs = topology.arcs.map((arc) => absoluteArc(arc, topology.transform));
  return {
    type: "FeatureCollection",
    features: topology.objects[name].geometries
      .filter((shape) => shape.arcs)
      .map((shape) => ({
        type: "Feature",
        properties: shape.properties ?? {},
        geometry: geometry(shape, arcs),
      })),
  };
}
