// A picture that is too wide to be read when all of it is shown: its layers are broken into rows,
// like the lines of a page. Ribbons to the next row run back through the gap between the rows.

import { sizeOf } from './place.js';

/** How small a picture may be shown and still be read: a box of 170 is then 110 wide. */
export const LEGIBLE = 0.648;
const ROW_GAP = 84;
const LANE = 10;
const SWING = 26;

/** The graph in rows of at most `room` wide, in its own units; the same graph where it fits. */
export function wrapGraph(graph, room) {
  if (graph.width <= room) return graph;
  const rows = rowsOf(graph, room - 2 * SWING);
  if (rows.length < 2) return graph;
  const rowOf = new Map(rows.flatMap((row) => row.nodes.map((node) => [node.id, row])));
  const lanes = lanesOf(graph, rowOf);
  let top = 0;
  for (const row of rows) {
    Object.assign(row, { dx: -row.left, dy: top - row.top, under: top + row.bottom - row.top });
    top = row.under + ROW_GAP + (lanes.get(row)?.high ?? 0);
  }
  const nodes = new Map();
  for (const node of graph.nodes.values()) {
    const { dx, dy } = rowOf.get(node.id);
    nodes.set(node.id, { ...node, x: node.x + dx, y: node.y + dy });
  }
  const edges = new Map();
  for (const edge of graph.edges.values()) {
    const [from, to] = [rowOf.get(edge.source), rowOf.get(edge.target)];
    edges.set(edge.id, from === to ? moved(edge, from) : wrapped(edge, from, to, lanes));
  }
  const days = rows.map((row) => ({
    top: row.dy + row.top,
    axis: graph.axis.filter(([x]) => x >= row.left && x <= row.right).map(([x, text]) => [x + row.dx, text]),
  }));
  return { ...graph, nodes, edges, days, isWrapped: true, ...sizeOf(nodes.values()) };
}

/** Layers side by side as long as they fit; a layer that is wider than the room stands alone. */
function rowsOf(graph, room) {
  const layers = new Map();
  for (const node of graph.nodes.values()) {
    if (!layers.has(node.layer)) layers.set(node.layer, []);
    layers.get(node.layer).push(node);
  }
  const rows = [];
  for (const layer of [...layers.keys()].sort((one, other) => one - other)) {
    const nodes = layers.get(layer);
    const part = { nodes, ...boundsOf(nodes) };
    const last = rows.at(-1);
    if (last && part.right - last.left <= room) {
      Object.assign(last, {
        nodes: [...last.nodes, ...nodes],
        top: Math.min(last.top, part.top), right: Math.max(last.right, part.right), bottom: Math.max(last.bottom, part.bottom),
      });
    } else rows.push(part);
  }
  return rows;
}

function boundsOf(nodes) {
  return {
    left: Math.min(...nodes.map((node) => node.x)),
    top: Math.min(...nodes.map((node) => node.y)),
    right: Math.max(...nodes.map((node) => node.x + node.w)),
    bottom: Math.max(...nodes.map((node) => node.y + node.h)),
  };
}

/** Below each row a lane for every ribbon that leaves it: how deep each lies, and all together. The
 * one that leaves lowest lies highest, so that they do not cross where they turn. */
function lanesOf(graph, rowOf) {
  const lanes = new Map();
  const byPort = [...graph.edges.values()].sort((one, other) => other.points[0][1] - one.points[0][1]);
  for (const edge of byPort) {
    const row = rowOf.get(edge.source);
    if (row === rowOf.get(edge.target)) continue;
    const lane = lanes.get(row) ?? { high: 0, depth: new Map() };
    lane.depth.set(edge.id, lane.high + edge.width / 2);
    lane.high += edge.width + LANE;
    lanes.set(row, lane);
  }
  return lanes;
}

function moved(edge, { dx, dy }) {
  return { ...edge, points: edge.points.map(([x, y]) => [x + dx, y + dy]) };
}

/** Out to the right, back through the gap below its row, and in from the left. */
function wrapped(edge, from, to, lanes) {
  const [[x0, y0], [x1, y1]] = [edge.points[0], edge.points.at(-1)];
  const [begin, end] = [[x0 + from.dx, y0 + from.dy], [x1 + to.dx, y1 + to.dy]];
  const { depth, high } = lanes.get(from);
  const deep = depth.get(edge.id);
  const lane = from.under + ROW_GAP / 2 + deep;
  const [right, left] = [begin[0] + SWING * (1 + deep / high), end[0] - SWING * (2 - deep / high)];
  return { ...edge, points: [begin, [right, lane], [left, lane], end], isWrapped: true };
}
