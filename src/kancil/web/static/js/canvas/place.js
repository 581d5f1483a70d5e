// Where boxes and ribbons stand once some were moved: the server's places, the officer's on top.

/** A graph as the server tells it, by id. */
export function takeGraph(told) {
  const { nodes: all, edges: ribbons, ...frame } = told;
  const nodes = new Map(all.map((node) => [node.id, node.kind === 'junction' ? dotOf(node) : node]));
  const edges = new Map(ribbons.map((edge) => [edge.id, toDots(edge, nodes)]));
  return { ...frame, nodes, edges, order: all.map((node) => node.id) };
}

const DOT = 18;

/** A transaction that settles nothing is a small dot in the middle of the place it was given. */
function dotOf(node) {
  return { ...node, x: node.x + (node.w - DOT) / 2, y: node.y + (node.h - DOT) / 2, w: DOT, h: DOT };
}

function toDots(edge, nodes) {
  const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)];
  if (source.kind !== 'junction' && target.kind !== 'junction') return edge;
  const points = [...edge.points];
  if (source.kind === 'junction') points[0] = [source.x + DOT, source.y + DOT / 2];
  if (target.kind === 'junction') points[points.length - 1] = [target.x, target.y + DOT / 2];
  return { ...edge, points };
}

/** The same graph with boxes where the view has them, ribbons led there, and its size anew. */
export function placeGraph(graph, view) {
  const moved = Object.entries(view.positions).filter(([id]) => graph.nodes.has(id));
  if (!moved.length) return graph;
  const nodes = new Map(graph.nodes);
  for (const [id, [x, y]] of moved) nodes.set(id, { ...nodes.get(id), x, y, isMoved: true });
  const edges = new Map(graph.edges);
  for (const edge of graph.edges.values()) {
    const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)];
    if (source.isMoved || target.isMoved) edges.set(edge.id, ledTo(edge, graph.nodes, source, target));
  }
  return { ...graph, nodes, edges, ...sizeOf(nodes.values()) };
}

/** A ribbon between moved boxes: it keeps its ports and gives up its lanes. */
function ledTo(edge, before, source, target) {
  const [[x0, y0], [x1, y1]] = [edge.points[0], edge.points.at(-1)];
  const [from, to] = [before.get(edge.source), before.get(edge.target)];
  const points = [
    [x0 + source.x - from.x, y0 + source.y - from.y],
    [x1 + target.x - to.x, y1 + target.y - to.y],
  ];
  return { ...edge, points };
}

/** How far a picture reaches; one that an officer led to the left or up begins below nought. */
export function sizeOf(nodes) {
  let [left, top, right, bottom] = [0, 0, 0, 0];
  for (const node of nodes) {
    left = Math.min(left, node.x);
    top = Math.min(top, node.y);
    right = Math.max(right, node.x + node.w);
    bottom = Math.max(bottom, node.y + node.h);
  }
  return { left, top, width: right - left, height: bottom - top };
}

/** The frame around some boxes; null around none. */
export function frameOf(graph, ids) {
  const nodes = [...ids].map((id) => graph.nodes.get(id)).filter(Boolean);
  if (!nodes.length) return null;
  const left = Math.min(...nodes.map((node) => node.x));
  const top = Math.min(...nodes.map((node) => node.y));
  return {
    left,
    top,
    width: Math.max(...nodes.map((node) => node.x + node.w)) - left,
    height: Math.max(...nodes.map((node) => node.y + node.h)) - top,
  };
}

export function centre(node) {
  return { x: node.x + node.w / 2, y: node.y + node.h / 2 };
}

// --- ribbons ---------------------------------------------------------------------------------------

const BEND = 90;
const LETTER = 6.5;

/** How far a ribbon runs level, so that its words stand on no bend. */
export function levelOf(words) {
  return words.length ? 18 + LETTER * Math.max(...words.map((word) => word.length)) : 12;
}

/** The curves of a ribbon's way: [begin, first control, second control, end] of each turn. */
export function turnsOf({ points, words, isTurned, isWrapped }) {
  if (isTurned) return downwards(points);
  if (isWrapped) return throughGap(points);
  const turns = [];
  for (let at = 0; at + 1 < points.length; at += 2) {
    const [[x0, y0], [x1, y1]] = [points[at], points[at + 1]];
    if (x1 - x0 < BEND) {
      turns.push([[x0, y0], [x0 + BEND, y0], [x1 - BEND, y1], [x1, y1]]);
      continue;
    }
    const begin = Math.min(x0 + (at ? 12 : levelOf(words)), x1 - BEND);
    const span = x1 - begin;
    turns.push([[begin, y0], [begin + 0.38 * span, y0], [x1 - 0.38 * span, y1], [x1, y1]]);
  }
  return turns;
}

function downwards(points) {
  const turns = [];
  for (let at = 0; at + 1 < points.length; at += 2) {
    const [[x0, y0], [x1, y1]] = [points[at], points[at + 1]];
    const half = (y1 - y0) / 2;
    turns.push([[x0, y0], [x0, y0 + half], [x1, y1 - half], [x1, y1]]);
  }
  return turns;
}

/** Out, down and back along the gap between two rows, and in again: the two turns at its ends. */
function throughGap([begin, [right, lane], [left], end]) {
  return [
    [begin, [right, begin[1]], [right, lane], [begin[0], lane]],
    [[end[0], lane], [left, lane], [left, end[1]], end],
  ];
}

function isAt([x, y], [ox, oy]) {
  return x === ox && y === oy;
}

function isStraight(controls, [sx, sy], [tx, ty]) {
  return controls.every(([x, y]) => (sy === ty && y === sy) || (sx === tx && x === sx));
}

/** A ribbon's way as Cytoscape wants it: control points by weight along, and distance from, the
 * line between its ends. Level as far as its words go, then one turn before each layer. */
export function bendsOf(edge) {
  const { points } = edge;
  const turns = turnsOf(edge);
  // A control that stands on the beginning itself would leave the line without a direction.
  const controls = turns.flatMap(([begin, one, two, end], at) =>
    [...(isAt(begin, points[2 * at]) ? [] : [begin]), one, two, ...(at + 1 < turns.length ? [end] : [])]);
  const [[sx, sy], [tx, ty]] = [points[0], points[points.length - 1]];
  const [dx, dy] = [tx - sx, ty - sy];
  const square = dx * dx + dy * dy;
  const long = Math.sqrt(square);
  if (!long || isStraight(controls, points[0], points.at(-1))) return { weights: [], distances: [] };
  return {
    weights: controls.map(([x, y]) => ((x - sx) * dx + (y - sy) * dy) / square),
    distances: controls.map(([x, y]) => ((x - sx) * -dy + (y - sy) * dx) / long),
  };
}
