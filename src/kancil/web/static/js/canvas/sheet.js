// The picture on paper: PNG and SVG of what is on the screen, with a caption that says what it is.
// One painter for both: an SVG is written by a context that understands what a canvas does.

import { btc, fill, make } from './make.js';
import { AXIS, lineOf, paint } from './paint.js';
import { frameOf } from './place.js';
import { toneColour } from './style.js';
import { hiddenValue } from './view.js';
import { SvgContext } from './svg.js';

const MARGIN = 40;
const CAPTION = 18;
const LARGEST = 8000;
const FOLDS = new Set(['ends', 'chain', 'stage', 'below', 'cluster', 'entity']);

/** The lines of a caption: case, question, policy, blocks held, what is hidden, digest, limits. */
export function captionOf(picture, about, words) {
  const { graph, shown, view } = picture;
  const boxes = { shown: shown.nodes.size, count: graph.order.length, hidden: shown.hidden };
  const isOwn = view.groups.length || view.paths.length || Object.keys(view.colours).length || Object.keys(view.positions).length;
  return [
    fill(words.caption_case, { case: about.case }),
    graph.title ? '' : about.title,
    ...graph.caption.what,
    fill(words.caption_boxes, { ...boxes, amount: btc(hiddenValue(graph, view)) }),
    shown.filtered ? fill(words.caption_hidden, { count: shown.filtered }) : '',
    isOwn ? words.caption_own : '',
    ...graph.caption.rests_on,
  ].filter(Boolean);
}

/** Paint boxes and ribbons, which on the screen are Cytoscape's. */
function paintShapes(context, { graph, shown }, tokens) {
  for (const id of shown.edges) paintRibbon(context, graph.edges.get(id), tokens);
  for (const id of shown.nodes) paintBox(context, graph.nodes.get(id), tokens);
}

function paintRibbon(context, edge, tokens) {
  context.save();
  context.beginPath();
  lineOf(context, edge);
  context.lineWidth = edge.stated_by ? Math.max(6, edge.width) : edge.width;
  context.strokeStyle = edge.stated_by ? tokens.reported : toneColour(tokens, edge.tone) || tokens.brand;
  context.globalAlpha = edge.stated_by ? 1 : 0.45;
  if (edge.stated_by) context.setLineDash([14, 7]);
  else if (edge.tone === 'unknown') context.setLineDash([2, 4]);
  else if (!edge.amount?.determined) context.setLineDash(edge.width > 6 ? [3, 4] : [7, 5]);
  context.stroke();
  context.restore();
}

function paintBox(context, node, tokens) {
  const soft = { sanctioned: tokens.dangersoft, mix: tokens.mixsoft, coinjoin: tokens.mixsoft, service: tokens.servicesoft, unknown: tokens.unknownsoft };
  context.save();
  context.fillStyle = soft[node.tone] ?? tokens.paper;
  context.strokeStyle = node.kind === 'start' ? tokens.brand : toneColour(tokens, node.tone) || tokens.linestrong;
  context.lineWidth = node.kind === 'start' ? 3 : 1.75;
  if (node.kind === 'party' || node.tone === 'coinjoin') context.setLineDash([6, 4]);
  if (node.tone === 'unknown') context.setLineDash([2, 3]);
  for (const shift of FOLDS.has(node.kind) ? [5, 0] : [0]) {
    context.beginPath();
    context.roundRect(node.x + shift, node.y + shift, node.w, node.h, 8);
    context.fill();
    context.stroke();
  }
  context.restore();
}

/** Break lines where they would be wider than the sheet. */
function wrapped(context, lines, room) {
  const broken = [];
  for (const line of lines) {
    let now = '';
    for (const word of line.split(' ')) {
      const next = now ? `${now} ${word}` : word;
      if (now && context.measureText(next).width > room) {
        broken.push(now);
        now = word;
      } else now = next;
    }
    broken.push(now);
  }
  return broken;
}

function sheetOf(picture, tokens, caption, measure) {
  const frame = frameOf(picture.graph, picture.shown.nodes) ?? { left: 0, top: 0, width: 400, height: 100 };
  const width = Math.max(frame.width, 900) + 2 * MARGIN;
  measure.font = `400 13px ${tokens.font}`;
  const lines = wrapped(measure, caption, width - 2 * MARGIN);
  const below = AXIS + frame.height + 2 * MARGIN;
  return { frame, width, height: below + lines.length * CAPTION + MARGIN, lines, below };
}

function paintSheet(context, picture, tokens, { frame, width, height, lines, below }) {
  const pan = { x: MARGIN - frame.left, y: MARGIN + AXIS - frame.top };
  context.fillStyle = tokens.paper;
  context.fillRect(0, 0, width, height);
  context.save();
  context.translate(pan.x, pan.y);
  paintShapes(context, picture, tokens);
  context.restore();
  paint(context, { ...picture, current: '' }, tokens, { pan, zoom: 1, width, height: below });
  context.textBaseline = 'alphabetic';
  lines.forEach((line, at) => {
    context.font = `${at < 2 ? 700 : 400} 13px ${tokens.font}`;
    context.fillStyle = at < 2 ? tokens.ink : tokens.ink2;
    context.fillText(line, MARGIN, below + at * CAPTION);
  });
}

/** The picture as a PNG. */
export function pngOf(picture, tokens, caption) {
  const canvas = make('canvas');
  const sheet = sheetOf(picture, tokens, caption, canvas.getContext('2d'));
  const scale = Math.min(2, LARGEST / sheet.width, LARGEST / sheet.height);
  [canvas.width, canvas.height] = [Math.ceil(sheet.width * scale), Math.ceil(sheet.height * scale)];
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  paintSheet(context, picture, tokens, sheet);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

/** The picture as an SVG without script, link or style sheet. */
export function svgOf(picture, tokens, caption) {
  const measure = make('canvas').getContext('2d');
  const sheet = sheetOf(picture, tokens, caption, measure);
  const context = new SvgContext(sheet.width, sheet.height, measure);
  paintSheet(context, picture, tokens, sheet);
  return new Blob([context.text(picture.graph.title, caption)], { type: 'image/svg+xml' });
}

/** Hand a file to the officer. */
export function saveFile(blob, name) {
  const link = make('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
