// What Cytoscape does not draw: the words on nodes and beside ribbons, days, badges.
// Painted on a canvas of its own above Cytoscape's, in the page's fonts and colours.

const LINE = 16;
const INSET = 10;
const READABLE = 0.42;
export const AXIS = 26;

const TONES = { sanctioned: 'danger', mix: 'mix', coinjoin: 'mix', service: 'service', labelled: 'ink2', unknown: 'unknown' };

/** Read the page's tokens, so that colours and fonts stand in one place only. */
export function readTokens(element) {
  const style = getComputedStyle(element);
  const value = (name) => style.getPropertyValue(`--${name}`).trim();
  const names = ['paper', 'ground', 'sunk', 'line', 'line-strong', 'edge', 'ink', 'ink-2', 'ink-3', 'brand',
    'brand-ink', 'brand-soft', 'danger', 'danger-soft', 'mix', 'mix-soft', 'service', 'service-soft', 'unknown',
    'unknown-soft', 'warn'];
  const tokens = {};
  for (const name of names) tokens[name.replaceAll('-', '')] = value(name);
  // A canvas takes no var(): the scripts' fonts are asked of the element itself.
  tokens.font = style.fontFamily;
  tokens.mono = value('mono');
  return tokens;
}

/** Give the colour that a tone stands for. */
export function toneColour(tokens, tone) {
  return tokens[TONES[tone] ?? ''] ?? '';
}

/** Paint words and badges; `view` is {pan, zoom, width, height} of what is seen. */
export function paint(context, graph, tokens, view, marked) {
  context.save();
  context.translate(view.pan.x, view.pan.y);
  context.scale(view.zoom, view.zoom);
  context.textBaseline = 'alphabetic';
  const seen = window_of(view);
  for (const edge of graph.edges.values()) paintEdge(context, edge, tokens, seen, view.zoom);
  for (const node of graph.nodes.values()) {
    if (isSeen(node, seen)) paintNode(context, node, tokens, view.zoom, marked);
  }
  context.restore();
  if (view.axis !== false) paintAxis(context, graph.axis, tokens, view);
}

function window_of(view) {
  return {
    left: -view.pan.x / view.zoom,
    top: -view.pan.y / view.zoom,
    right: (view.width - view.pan.x) / view.zoom,
    bottom: (view.height - view.pan.y) / view.zoom,
  };
}

function isSeen(node, seen) {
  return node.x < seen.right && node.x + node.w > seen.left && node.y < seen.bottom && node.y + node.h > seen.top;
}

function fontOf(kind, tokens) {
  if (kind === 'amount') return `700 13px ${tokens.font}`;
  if (kind === 'title') return `600 12.5px ${tokens.font}`;
  if (kind === 'name') return `400 11px ${tokens.mono}`;
  return `400 11.5px ${tokens.font}`;
}

function paintNode(context, node, tokens, zoom, marked) {
  const isNear = zoom >= READABLE;
  const lines = isNear ? node.lines : node.lines.slice(0, 1);
  const step = isNear ? LINE : 22;
  let y = node.y + (node.h - lines.length * step) / 2 + step * 0.78;
  const room = node.w - 2 * INSET;
  lines.forEach(([kind, text], number) => {
    context.font = isNear ? fontOf(kind, tokens) : `700 18px ${tokens.font}`;
    context.fillStyle = kind === 'amount' || kind === 'title' ? tokens.ink : tokens.ink2;
    context.fillText(fit(context, text, number === 0 && TONES[node.tone] ? room - 18 : room), node.x + INSET, y);
    y += step;
  });
  if (TONES[node.tone]) paintSign(context, node, toneColour(tokens, node.tone));
  if (node.opens) paintKnob(context, node, tokens, '+');
  else if (node.closes && node.id === marked) paintKnob(context, node, tokens, '-');
}

const fitted = new Map();

/** Cut a text so that it fits, by halving; kept, since the same texts are painted in every frame. */
function fit(context, text, room) {
  const key = `${context.font}|${room}|${text}`;
  const known = fitted.get(key);
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
    shown = `${letters.slice(0, low).join('').trimEnd()}…`;
  }
  if (fitted.size > 4000) fitted.clear();
  fitted.set(key, shown);
  return shown;
}

/** Forget measured texts, when fonts have come or gone. */
export function forgetWidths() {
  fitted.clear();
}

/** A small sign in the corner, of a shape of its own for each tone. */
function paintSign(context, node, colour) {
  const x = node.x + node.w - 17;
  const y = node.y + 16;
  context.save();
  context.translate(x, y);
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = 1.8;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.beginPath();
  if (node.tone === 'sanctioned') {
    for (let side = 0; side < 8; side += 1) {
      const angle = Math.PI / 8 + (side * Math.PI) / 4;
      context[side ? 'lineTo' : 'moveTo'](7 * Math.cos(angle), 7 * Math.sin(angle));
    }
    context.closePath();
    context.fill();
  } else if (node.tone === 'mix') {
    context.moveTo(-6, -4);
    context.bezierCurveTo(0, -4, 0, 4, 6, 4);
    context.moveTo(-6, 4);
    context.bezierCurveTo(0, 4, 0, -4, 6, -4);
    context.stroke();
  } else if (node.tone === 'coinjoin') {
    for (const side of [-3, 3]) {
      context.moveTo(side + 4.5, 0);
      context.arc(side, 0, 4.5, 0, 2 * Math.PI);
    }
    context.stroke();
  } else if (node.tone === 'service') {
    context.moveTo(-6, -2);
    context.lineTo(0, -6);
    context.lineTo(6, -2);
    context.closePath();
    context.fill();
    for (const column of [-4, 0, 4]) {
      context.moveTo(column, 0);
      context.lineTo(column, 4);
    }
    context.moveTo(-6, 6);
    context.lineTo(6, 6);
    context.stroke();
  } else if (node.tone === 'labelled') {
    context.moveTo(-6, -5);
    context.lineTo(1, -5);
    context.lineTo(6, 0);
    context.lineTo(1, 5);
    context.lineTo(-6, 5);
    context.closePath();
    context.stroke();
  } else {
    context.moveTo(-2.6, -2.6);
    context.bezierCurveTo(-2.6, -6.6, 3.2, -6.4, 3.2, -2.8);
    context.bezierCurveTo(3.2, -0.4, 0, -0.2, 0, 2.2);
    context.stroke();
    context.beginPath();
    context.arc(0, 5.6, 1.1, 0, 7);
    context.fill();
  }
  context.restore();
}

/** Where a node's knob is, in the picture's own measure. */
export function knobOf(node) {
  return { x: node.x + node.w, y: node.y + node.h / 2, r: 10 };
}

function paintKnob(context, node, tokens, mark) {
  const { x, y, r } = knobOf(node);
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  context.fillStyle = mark === '+' ? tokens.brand : tokens.paper;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = tokens.brand;
  context.stroke();
  context.beginPath();
  context.moveTo(x - 4.5, y);
  context.lineTo(x + 4.5, y);
  if (mark === '+') {
    context.moveTo(x, y - 4.5);
    context.lineTo(x, y + 4.5);
  }
  context.lineWidth = 2;
  context.strokeStyle = mark === '+' ? tokens.brandink : tokens.brand;
  context.stroke();
}

/** Write amounts above the level beginning of a ribbon, where no ribbon runs. */
function paintEdge(context, edge, tokens, seen, zoom) {
  if (!edge.words.length || zoom < READABLE) return;
  const [[x, y]] = edge.points;
  if (x > seen.right || x + 300 < seen.left || y < seen.top - 60 || y > seen.bottom + 60) return;
  let base = y - edge.width / 2 - 4 - (edge.words.length - 1) * 14;
  edge.words.forEach((word, number) => {
    context.font = number ? `400 11px ${tokens.font}` : `700 11.5px ${tokens.font}`;
    context.fillStyle = number ? tokens.ink2 : tokens.ink;
    context.fillText(word, x + 12, base);
    base += 14;
  });
}

/** Write the days of each layer on a strip that stays at the top. */
function paintAxis(context, axis, tokens, view) {
  context.fillStyle = tokens.paper;
  context.globalAlpha = 0.94;
  context.fillRect(0, 0, view.width, AXIS);
  context.globalAlpha = 1;
  context.fillStyle = tokens.line;
  context.fillRect(0, AXIS - 1, view.width, 1);
  context.font = `400 11.5px ${tokens.font}`;
  context.textBaseline = 'middle';
  context.fillStyle = tokens.ink3;
  let free = 0;
  let before = '';
  for (const [x, days] of axis) {
    const left = x * view.zoom + view.pan.x;
    const width = context.measureText(days).width;
    if (days === before || left < free || left > view.width || left + width < 0) continue;
    context.fillText(days, left, AXIS / 2);
    free = left + width + 14;
    before = days;
  }
}
