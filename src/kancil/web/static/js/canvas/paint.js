// What Cytoscape does not draw: words, days, signs, the officer's groups, colours and paths. Painted
// on a canvas of its own above Cytoscape's, or on paper (`sheet.js`), in the page's fonts and colours.

import { turnsOf } from './place.js';
import { knobOf, markColour, paintDiffers, paintKnob, paintMark, paintSign } from './signs.js';
import { hasSign } from './style.js';

const LINE = 16;
const INSET = 10;
const NEAR = 0.62;
const MIDDLE = 0.34;
const SMALLEST_TEXT = 11;
const SMALLEST_LINE = 9;
export const AXIS = 26;
export { knobOf };

/** Paint a picture's words; `seen` is {pan, zoom, width, height} of what is looked at. */
export function paint(context, picture, tokens, seen) {
  const { graph, shown, view } = picture;
  context.save();
  context.translate(seen.pan.x, seen.pan.y);
  context.scale(seen.zoom, seen.zoom);
  context.textBaseline = 'alphabetic';
  const window = windowOf(seen);
  for (const one of view.groups) paintGroup(context, one, picture, tokens, seen.zoom);
  view.paths.forEach((path, at) => paintPath(context, path, at, picture, tokens, seen.zoom));
  const taken = [];
  for (const id of shown.edges) paintEdge(context, graph.edges.get(id), tokens, window, seen.zoom, taken);
  for (const id of shown.nodes) {
    const node = graph.nodes.get(id);
    if (isSeen(node, window)) paintNode(context, node, picture, tokens, seen.zoom);
  }
  context.restore();
  if (graph.isTurned) paintDays(context, graph.axis, tokens, seen);
  else if (graph.isWrapped) paintDaysOfRows(context, graph.days, tokens, seen);
  else if (seen.axis !== false) paintAxis(context, graph.axis, tokens, seen);
}

function windowOf({ pan, zoom, width, height }) {
  return { left: -pan.x / zoom, top: -pan.y / zoom, right: (width - pan.x) / zoom, bottom: (height - pan.y) / zoom };
}

function isSeen(node, window) {
  return node.x < window.right && node.x + node.w > window.left && node.y < window.bottom && node.y + node.h > window.top;
}

// --- boxes -----------------------------------------------------------------------------------------

function paintNode(context, node, picture, tokens, zoom) {
  const { view, current } = picture;
  const mark = view.colours[node.id];
  if (mark) paintBand(context, node, mark, tokens, zoom);
  if (node.kind === 'junction') return;
  paintLines(context, node, roomOf(node, picture.graph, zoom), zoom, tokens);
  if (hasSign(node.tone) && zoom >= MIDDLE) paintSign(context, node, tokens);
  if (isDifferent(node.amount)) paintDiffers(context, node, tokens);
  if (node.opens) paintKnob(context, node, tokens, '+');
  else if (node.closes && node.id === current) paintKnob(context, node, tokens, '-');
}

/** Whether the second policy says another amount. */
export function isDifferent(amount) {
  const between = amount?.difference;
  return Boolean(between) && (between.lower_sat !== '0' || between.upper_sat !== '0');
}

function paintBand(context, node, mark, tokens, zoom) {
  context.fillStyle = markColour(tokens, mark);
  context.beginPath();
  context.roundRect(node.x - 3, node.y + 3, 6, node.h - 6, 3);
  context.fill();
  paintMark(context, mark, node.x, node.y, tokens, Math.max(1, 0.6 / zoom));
}

function fontOf(kind, tokens, size) {
  const px = (height) => `${Math.round(height * size * 10) / 10}px`;
  if (kind === 'amount') return `700 ${px(13)} ${tokens.font}`;
  if (kind === 'title') return `600 ${px(12.5)} ${tokens.font}`;
  if (kind === 'name') return `400 ${px(11)} ${tokens.mono}`;
  return `400 ${px(11.5)} ${tokens.font}`;
}

/** Write as many lines as the box holds at a size that is read: all of them near, what tells boxes
 * apart from further away, one line from afar, none where it could not be read. */
function paintLines(context, node, wide, zoom, tokens) {
  let size = Math.max(1, Math.ceil(18 / zoom) / 20);
  const room = node.h - 2;
  let count = Math.floor(room / (LINE * size));
  if (count < 1) [size, count] = [room / LINE, 1];
  if (LINE * size * zoom < SMALLEST_LINE) return;
  const lines = count < node.lines.length ? tellingOf(node).slice(0, count) : node.lines;
  const step = LINE * size;
  let y = node.y + (node.h - lines.length * step) / 2 + step * 0.78;
  const inset = size > 1.2 ? INSET / 2 : INSET;
  const width = wide - 2 * inset;
  lines.forEach(([kind, text], number) => {
    context.font = fontOf(kind, tokens, size);
    context.fillStyle = kind === 'amount' || kind === 'title' ? tokens.ink : tokens.ink2;
    const isBesideSign = number === 0 && hasSign(node.tone) && zoom >= MIDDLE;
    const told = wide > node.w && kind === 'name' ? headOf(text) : text;
    const shown = fitted(context, told, isBesideSign ? width - 18 : width);
    if (wide > node.w) paintHalo(context, shown, node.x + inset, y, size, tokens);
    context.fillText(shown, node.x + inset, y);
    y += step;
  });
}

/** How wide a box's words may be: from afar as far as the next column, where no ribbon has words.
 * The names of parties are told apart by all of them, not by how they begin, and stay in the box. */
function roomOf(node, graph, zoom) {
  if (zoom >= MIDDLE || graph.isTurned || node.isMoved || node.kind === 'party') return node.w;
  return Math.max(node.w, pitchOf(graph) - INSET);
}

const pitches = new WeakMap();

/** How far columns are from each other, at least. */
function pitchOf(graph) {
  if (!pitches.has(graph)) {
    const lefts = [...new Map([...graph.nodes.values()].filter((node) => !node.isMoved).map((node) => [node.layer, node.x])).values()]
      .sort((one, other) => one - other);
    const steps = lefts.slice(1).map((left, at) => left - lefts[at]).filter((step) => step > 0);
    pitches.set(graph, steps.length ? Math.min(...steps) : 0);
  }
  return pitches.get(graph);
}

/** How an identifier begins: enough to tell boxes apart from afar, and off the ribbons. */
function headOf(name) {
  return name.split('…')[0].slice(0, 10);
}

function paintHalo(context, text, x, y, size, tokens) {
  context.strokeStyle = tokens.ground;
  context.lineWidth = 4 * size;
  context.lineJoin = 'round';
  context.setLineDash([]);
  context.strokeText(text, x, y);
}

/** What tells a box apart, most first: its label, amount, name, then all else. */
function tellingOf(node) {
  const by = (wanted) => node.lines.filter(([kind]) => kind === wanted);
  const amounts = by('amount').map(([kind, text]) => [kind, shorter(text)]);
  const both = node.kind === 'address' ? [...by('name'), ...amounts] : [...amounts, ...by('name')];
  const labels = (node.labels ?? []).slice(0, 1).map((one) => ['title', one.label]);
  const others = node.lines.filter(([kind]) => kind !== 'amount' && kind !== 'name');
  return [...labels, ...both, ...others];
}

/** An amount with as many decimals as tell it: two after the first that is not nought. */
function shorter(text) {
  return text.replace(/(\.0*[1-9]\d)\d+/, '$1…');
}

const measured = new Map();

/** Cut a text so that it fits, by halving; kept, since the same texts are painted in every frame. */
export function fitted(context, text, room) {
  const key = `${context.font}|${room}|${text}`;
  const known = measured.get(key);
  if (known !== undefined) return known;
  let shown = text;
  if (context.measureText(text).width > room) {
    const letters = [...text];
    let low = 0;
    let high = letters.length;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (context.measureText(`${letters.slice(0, middle).join('')}…`).width <= room) low = middle;
      else high = middle - 1;
    }
    shown = `${letters.slice(0, low).join('').replace(/[\s…]+$/, '')}…`;
  }
  if (measured.size > 12_000) measured.clear();
  measured.set(key, shown);
  return shown;
}

/** Forget measured texts, when fonts have come or gone. */
export function forgetWidths() {
  measured.clear();
}

// --- ribbons ---------------------------------------------------------------------------------------

/** Write amounts above the level beginning of a ribbon, where no ribbon runs and no amount stands yet. */
function paintEdge(context, edge, tokens, window, zoom, taken) {
  if (!edge.words.length || zoom < NEAR) return;
  const [[x, y]] = edge.points;
  if (x > window.right || x + 300 < window.left || y < window.top - 60 || y > window.bottom + 60) return;
  const size = Math.min(1.25, Math.max(1, Math.ceil(18 / zoom) / 20));
  const left = edge.isTurned ? x + edge.width / 2 + 5 : x + 12;
  let base = edge.isTurned ? y + 15 * size : y - edge.width / 2 - 4 - (edge.words.length - 1) * 14 * size;
  const words = edge.isTurned ? edge.words[0].split(' · ') : edge.words; // amount, day below it
  const [top, bottom] = [base - 10 * size, base + (words.length - 1) * 14 * size + 2];
  if (taken.some((one) => Math.abs(one.left - left) < 40 && one.top < bottom && one.bottom > top)) return;
  taken.push({ left, top, bottom });
  words.forEach((word, number) => {
    context.font = fontOf(number ? 'plain' : 'amount', tokens, size * 0.9);
    context.fillStyle = number ? tokens.ink2 : tokens.ink;
    context.fillText(edge.isTurned ? fitted(context, word, 96) : word, left, base);
    base += 14 * size;
  });
}

/** Draw the middle line of a ribbon. */
export function lineOf(context, edge) {
  const [[x, y]] = edge.points;
  context.moveTo(x, y);
  for (const [begin, one, two, end] of turnsOf(edge)) {
    context.lineTo(...begin);
    context.bezierCurveTo(...one, ...two, ...end);
  }
}

// --- what the officer added --------------------------------------------------------------------------

/** A frame around a group's boxes, with its name and its shape. */
function paintGroup(context, group, { graph, shown }, tokens, zoom) {
  const nodes = group.nodes.filter((id) => shown.nodes.has(id)).map((id) => graph.nodes.get(id));
  if (!nodes.length) return;
  const size = Math.max(12, SMALLEST_TEXT / zoom);
  const left = Math.min(...nodes.map((node) => node.x)) - 14;
  const top = Math.min(...nodes.map((node) => node.y)) - 14;
  const right = Math.max(...nodes.map((node) => node.x + node.w)) + 18;
  const bottom = Math.max(...nodes.map((node) => node.y + node.h)) + 14;
  const colour = markColour(tokens, group.colour);
  context.save();
  context.beginPath();
  context.roundRect(left, top, right - left, bottom - top, 14);
  context.globalAlpha = 0.07;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash([10, 4, 2, 4]);
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.stroke();
  context.restore();
  paintMark(context, group.colour, left + size * 0.7, top - size * 0.5, tokens, size / 13);
  context.font = `700 ${size}px ${tokens.font}`;
  context.fillStyle = tokens.ink;
  context.fillText(fitted(context, group.name, Math.max(160, right - left - 30)), left + size * 1.7, top - size * 0.2);
}

/** A path: a line through the ribbons that its outputs are, with its number where it begins. */
function paintPath(context, path, at, picture, tokens, zoom) {
  const edges = edgesOfPath(at, picture);
  if (!edges.length) return;
  context.save();
  context.strokeStyle = markColour(tokens, path.colour);
  context.lineWidth = Math.max(3, 3 / zoom);
  context.setLineDash([14, 5, 3, 5]);
  context.beginPath();
  for (const edge of edges) lineOf(context, edge);
  context.stroke();
  context.restore();
  const [[x, y]] = edges[0].points;
  const size = Math.max(12, SMALLEST_TEXT / zoom);
  paintMark(context, path.colour, x + size * 0.8, y, tokens, size / 13);
  context.font = `700 ${size}px ${tokens.font}`;
  context.fillStyle = tokens.ink;
  context.fillText(`${at + 1} ${path.name}`, x + size * 1.8, y - size * 0.6);
}

/** The shown ribbons that a path goes along: the server says which. */
function edgesOfPath(at, { graph, shown }) {
  return (graph.paths?.[at]?.edges ?? []).filter((id) => shown.edges.has(id)).map((id) => graph.edges.get(id));
}

/** Write the days of each row at the side, where the picture is turned. */
function paintDays(context, axis, tokens, { pan, zoom, height }) {
  context.font = `400 11px ${tokens.font}`;
  context.textBaseline = 'alphabetic';
  context.fillStyle = tokens.ink3;
  let before = '';
  for (const [y, days] of axis) {
    const top = y * zoom + pan.y - 5;
    if (days !== before && top > 10 && top < height) context.fillText(days, 6, top);
    before = days;
  }
}

/** Write the days of each layer above its row, where the picture stands in rows. */
function paintDaysOfRows(context, rows, tokens, { pan, zoom }) {
  context.font = `400 11.5px ${tokens.font}`;
  context.textBaseline = 'alphabetic';
  context.fillStyle = tokens.ink3;
  for (const { top, axis } of rows) {
    let free = 0;
    let before = '';
    for (const [x, days] of axis) {
      const left = x * zoom + pan.x;
      if (days === before || left < free) continue;
      context.fillText(days, left, top * zoom + pan.y - 8);
      free = left + context.measureText(days).width + 14;
      before = days;
    }
  }
}

/** Write the days of each layer on a strip that stays at the top. */
function paintAxis(context, axis, tokens, view) {
  const top = view.top ?? 0;
  context.fillStyle = tokens.ground;
  context.globalAlpha = 0.9;
  context.fillRect(0, top, view.width, AXIS);
  context.globalAlpha = 1;
  context.font = `400 11.5px ${tokens.font}`;
  context.textBaseline = 'middle';
  context.fillStyle = tokens.ink3;
  let free = 0;
  let before = '';
  for (const [x, days] of axis) {
    const left = x * view.zoom + view.pan.x;
    const width = context.measureText(days).width;
    if (days === before || left < free || left > view.width || left + width < 0) continue;
    context.fillText(days, left, top + AXIS / 2);
    free = left + width + 14;
    before = days;
  }
}
