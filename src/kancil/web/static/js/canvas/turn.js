// On a narrow screen the money goes from the top down: the same layers and the same order, turned.

const ROW_GAP = 76;
const BOX_GAP = 18;

/** The graph with its layers as rows; ribbons leave below a box and enter above the next. */
export function turnGraph(graph) {
  const rows = rowsOf(graph);
  const across = acrossOf(rows);
  const nodes = new Map();
  for (const row of rows) {
    for (const node of row.nodes) {
      const x = Math.round(across(node.y + node.h / 2) - node.w / 2);
      nodes.set(node.id, { ...node, x, y: row.top });
    }
  }
  const down = downOf(rows);
  const edges = new Map();
  for (const edge of graph.edges.values()) edges.set(edge.id, turnEdge(edge, graph, nodes, down, across));
  const axis = graph.axis.map(([x, days]) => [down(x), days]);
  return { ...graph, nodes, edges, axis, isTurned: true };
}

/** Layer by layer: its boxes, and where its row begins and ends. */
function rowsOf(graph) {
  const layers = new Map();
  for (const node of graph.nodes.values()) {
    if (!layers.has(node.layer)) layers.set(node.layer, []);
    layers.get(node.layer).push(node);
  }
  let top = 0;
  return [...layers.keys()].sort((one, other) => one - other).map((layer) => {
    const nodes = layers.get(layer).sort((one, other) => one.y - other.y);
    const high = Math.max(...nodes.map((node) => node.h));
    const [left, right] = [Math.min(...nodes.map((node) => node.x)), Math.max(...nodes.map((node) => node.x + node.w))];
    const row = { nodes, top, bottom: top + high, left, right };
    top += high + ROW_GAP;
    return row;
  });
}

/** From how far down to how far across: so that the closest neighbours of a row just do not touch. */
function acrossOf(rows) {
  let ratio = 1;
  for (const { nodes } of rows) {
    nodes.slice(1).forEach((node, at) => {
      const before = nodes[at];
      const apart = node.y + node.h / 2 - before.y - before.h / 2;
      ratio = Math.max(ratio, ((node.w + before.w) / 2 + BOX_GAP) / Math.max(1, apart));
    });
  }
  return (y) => y * ratio;
}

/** From how far right to how far down, between the edges of layers. */
function downOf(rows) {
  const stops = rows.flatMap((row) => [[row.left, row.top], [row.right, row.bottom]]);
  return (x) => {
    const at = stops.findIndex(([from]) => from >= x);
    if (at === 0) return stops[0][1];
    if (at < 0) return stops.at(-1)[1];
    const [[x0, y0], [x1, y1]] = [stops[at - 1], stops[at]];
    return Math.round(y0 + ((x - x0) / Math.max(1, x1 - x0)) * (y1 - y0));
  };
}

function turnEdge(edge, graph, nodes, down, across) {
  const points = edge.points.map(([x, y]) => [Math.round(across(y)), down(x)]);
  points[0] = portBelow(edge.points[0][1], graph.nodes.get(edge.source), nodes.get(edge.source));
  points[points.length - 1] = portAbove(edge.points.at(-1)[1], graph.nodes.get(edge.target), nodes.get(edge.target));
  return { ...edge, points, isTurned: true };
}

/** How far along its side a ribbon stands: as far as before, on the longer side. */
function along(y, before, after) {
  const share = before.h ? (y - before.y) / before.h : 0.5;
  return Math.round(after.x + Math.min(0.9, Math.max(0.1, share)) * after.w);
}

function portBelow(y, before, after) {
  return [along(y, before, after), after.y + after.h];
}

function portAbove(y, before, after) {
  return [along(y, before, after), after.y];
}
