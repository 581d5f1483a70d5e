// What an officer did to a picture: hidden, moved, grouped, coloured boxes, paths, filter. No screen
// here: plain values in, plain values out, so that each change can be undone and saved as it stands.

export const COLOURS = ['mark-1', 'mark-2', 'mark-3', 'mark-4', 'mark-5', 'mark-6'];
const DRAWN = ['sources', 'level', 'opened', 'collapsed', 'compare', 'patterns', 'clusters'];
const MOST_KEPT = 200;

/** Whether two views ask the server for the same drawing, whatever the officer did to it. */
export function isSameDrawing(one, other) {
  return DRAWN.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));
}

/** The views of one sitting, each with the graph that the server gave for it. */
export class History {
  constructor(view, graph) {
    this.kept = [{ view, graph }];
    this.at = 0;
  }

  get now() {
    return this.kept[this.at];
  }

  get hasBefore() {
    return this.at > 0;
  }

  get hasAfter() {
    return this.at + 1 < this.kept.length;
  }

  /** Keep a view; what had been undone is gone. */
  put(view, graph = this.now.graph) {
    this.kept = [...this.kept.slice(0, this.at + 1), { view, graph }].slice(-MOST_KEPT);
    this.at = this.kept.length - 1;
  }

  /** Put another graph in the place of this view's own, as when labels are newer. */
  refresh(view, graph) {
    this.kept[this.at] = { view, graph };
  }

  undo() {
    if (this.hasBefore) this.at -= 1;
    return this.now;
  }

  redo() {
    if (this.hasAfter) this.at += 1;
    return this.now;
  }
}

// --- changes -------------------------------------------------------------------------------------

export function hide(view, ids) {
  return { ...view, hidden: [...new Set([...view.hidden, ...ids])] };
}

export function unhide(view, ids = view.hidden) {
  const shown = new Set(ids);
  return { ...view, hidden: view.hidden.filter((id) => !shown.has(id)) };
}

/** Put boxes elsewhere; `places`: [x, y] of each one's corner. */
export function move(view, places) {
  return { ...view, positions: { ...view.positions, ...places } };
}

export function unmove(view) {
  return { ...view, positions: {} };
}

/** Colour boxes; an empty colour takes it off. */
export function paint(view, ids, colour) {
  const colours = { ...view.colours };
  for (const id of ids) {
    if (colour) colours[id] = colour;
    else delete colours[id];
  }
  return { ...view, colours };
}

/** Make a group; a box stands in one group only. */
export function group(view, ids, name, colour) {
  const taken = new Set(ids);
  const others = view.groups.map((each) => ({ ...each, nodes: each.nodes.filter((id) => !taken.has(id)) }));
  const left = others.filter((each) => each.nodes.length);
  return { ...view, groups: [...left, { id: freeId(left), name, colour, nodes: [...ids] }] };
}

export function ungroup(view, id) {
  return { ...view, groups: view.groups.filter((each) => each.id !== id) };
}

export function groupOf(view, id) {
  return view.groups.find((each) => each.nodes.includes(id));
}

export function addPath(view, path) {
  return { ...view, paths: [...view.paths, path] };
}

export function dropPath(view, at) {
  return { ...view, paths: view.paths.filter((_, number) => number !== at) };
}

export function filter(view, change) {
  return { ...view, filter: { ...view.filter, ...change } };
}

/** Lift the filter if it is what keeps a box away. */
export function unfilter(view, graph, id) {
  return shownOf(graph, view).nodes.has(id) ? view : filter(view, { min_sat: '0', since: null, until: null });
}

function freeId(taken) {
  const ids = new Set(taken.map((each) => each.id));
  let number = 1;
  while (ids.has(`group-${number}`)) number += 1;
  return `group-${number}`;
}

// --- what is seen of a graph -----------------------------------------------------------------------

/** A node and all that hangs on it alone: what no other root reaches, going with the coins. */
export function branchOf(graph, id) {
  const onward = new Map();
  const entered = new Set();
  for (const edge of graph.edges.values()) {
    if (edge.goes_back) continue;
    if (!onward.has(edge.source)) onward.set(edge.source, []);
    onward.get(edge.source).push(edge.target);
    entered.add(edge.target);
  }
  const below = reach([id], onward);
  const roots = graph.order.filter((one) => one !== id && (isStart(graph.nodes.get(one)) || !entered.has(one)));
  const reached = reach(roots, onward, id);
  return graph.order.filter((one) => one === id || (below.has(one) && !reached.has(one)));
}

function isStart(node) {
  return node.kind === 'start';
}

function reach(from, onward, barred = '') {
  const seen = new Set(from);
  const queue = [...from];
  while (queue.length) {
    for (const next of onward.get(queue.pop()) ?? []) {
      if (next === barred || seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return seen;
}

/** How large an edge is, in satoshi: the most of its share, else the outputs' whole value; null: not known. */
export function valueOf(edge) {
  const told = edge.amount?.upper_sat ?? edge.amount?.value_sat;
  return told === null || told === undefined ? null : BigInt(told);
}

/** Which nodes and edges are shown, and how many are not and why. */
export function shownOf(graph, view) {
  const hidden = new Set(view.hidden.filter((id) => graph.nodes.has(id)));
  const least = BigInt(view.filter.min_sat || '0');
  const edges = new Set();
  const touched = new Set();
  const filtered = new Set();
  for (const edge of graph.edges.values()) {
    if (hidden.has(edge.source) || hidden.has(edge.target)) continue;
    if (isLess(edge, least) || isOutside(edge, graph, view.filter)) {
      filtered.add(edge.source).add(edge.target);
      continue;
    }
    edges.add(edge.id);
    touched.add(edge.source).add(edge.target);
  }
  const nodes = new Set();
  let left = 0;
  for (const id of graph.order) {
    if (hidden.has(id)) continue;
    if (filtered.has(id) && !touched.has(id) && !isStart(graph.nodes.get(id))) left += 1;
    else nodes.add(id);
  }
  return { nodes, edges, hidden: hidden.size, filtered: left };
}

function isLess(edge, least) {
  if (!least) return false;
  const value = valueOf(edge);
  return value !== null && value < least;
}

/** Whether an edge's time, where one is known, lies outside; a day counts as its first second. */
function isOutside(edge, graph, { since, until }) {
  if (!since && !until) return false;
  const times = timesOf(edge, graph);
  if (!times.length) return false;
  return (since && times.at(-1) < since) || (until && times[0] > until);
}

/** First and last time of what an edge stands for: its own, else of the transaction that made it. */
export function timesOf(edge, graph) {
  if (edge.times?.length) return edge.times;
  const [source, target] = [graph.nodes.get(edge.source), graph.nodes.get(edge.target)];
  return (source.txid ? source.times : target.times) ?? [];
}

/** All values and times of a graph, sorted, each once: what sliders stop at. */
export function stopsOf(graph) {
  const values = new Map();
  const times = new Set();
  for (const edge of graph.edges.values()) {
    const value = valueOf(edge);
    if (value !== null) values.set(String(value), value);
    for (const time of timesOf(edge, graph)) times.add(time);
  }
  return {
    values: [...values.values()].sort((one, other) => (one < other ? -1 : 1)),
    times: [...times].sort(),
  };
}

/** What the boxes that an officer hid hold: the coins that would go into them, each edge once. */
export function hiddenValue(graph, view) {
  const hidden = new Set(view.hidden);
  let sum = 0n;
  for (const edge of graph.edges.values()) {
    if (hidden.has(edge.target) && !hidden.has(edge.source)) sum += valueOf(edge) ?? 0n;
  }
  return sum;
}
