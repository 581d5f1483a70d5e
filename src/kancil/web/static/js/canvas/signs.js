// Signs of their own shape, so that no colour says anything alone: tones, marks, knobs.

import { toneColour } from './style.js';

/** A small sign in a box's corner, of a shape of its own for each tone. */
export function paintSign(context, node, tokens) {
  const colour = toneColour(tokens, node.tone);
  context.save();
  context.translate(node.x + node.w - 17, node.y + 16);
  begin(context, colour);
  (TONES[node.tone] ?? question)(context);
  context.restore();
}

const TONES = { sanctioned: octagon, mix: crossing, coinjoin: rings, service: columns, labelled: tagged };

function begin(context, colour) {
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = 1.8;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.setLineDash([]);
  context.beginPath();
}

function octagon(context) {
  ring(context, 8, 7, Math.PI / 8);
  context.fill();
}

function crossing(context) {
  context.moveTo(-6, -4);
  context.bezierCurveTo(0, -4, 0, 4, 6, 4);
  context.moveTo(-6, 4);
  context.bezierCurveTo(0, 4, 0, -4, 6, -4);
  context.stroke();
}

function rings(context) {
  for (const side of [-3, 3]) {
    context.moveTo(side + 4.5, 0);
    context.arc(side, 0, 4.5, 0, 2 * Math.PI);
  }
  context.stroke();
}

function columns(context) {
  polygon(context, [[-6, -2], [0, -6], [6, -2]]);
  context.fill();
  for (const column of [-4, 0, 4]) {
    context.moveTo(column, 0);
    context.lineTo(column, 4);
  }
  context.moveTo(-6, 6);
  context.lineTo(6, 6);
  context.stroke();
}

function tagged(context) {
  polygon(context, [[-6, -5], [1, -5], [6, 0], [1, 5], [-6, 5]]);
  context.stroke();
}

function question(context) {
  context.moveTo(-2.6, -2.6);
  context.bezierCurveTo(-2.6, -6.6, 3.2, -6.4, 3.2, -2.8);
  context.bezierCurveTo(3.2, -0.4, 0, -0.2, 0, 2.2);
  context.stroke();
  context.beginPath();
  context.arc(0, 5.6, 1.1, 0, 7);
  context.fill();
}

function polygon(context, points) {
  points.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}

function ring(context, sides, size, turn) {
  polygon(context, Array.from({ length: sides }, (_, side) => {
    const angle = turn + (side * 2 * Math.PI) / sides;
    return [size * Math.cos(angle), size * Math.sin(angle)];
  }));
}

// --- the officer's own marks -----------------------------------------------------------------------

const MARKS = {
  'mark-1': (context) => context.arc(0, 0, 6, 0, 2 * Math.PI),
  'mark-2': (context) => ring(context, 4, 7.5, Math.PI / 4),
  'mark-3': (context) => ring(context, 3, 8, -Math.PI / 2),
  'mark-4': (context) => ring(context, 4, 8, 0),
  'mark-5': (context) => ring(context, 5, 7.5, -Math.PI / 2),
  'mark-6': (context) => polygon(context, [[-2.5, -7], [2.5, -7], [2.5, -2.5], [7, -2.5], [7, 2.5], [2.5, 2.5],
    [2.5, 7], [-2.5, 7], [-2.5, 2.5], [-7, 2.5], [-7, -2.5], [-2.5, -2.5]]),
};

export function markColour(tokens, mark) {
  return tokens[(mark ?? '').replace('-', '')] || tokens.ink2;
}

/** The shape of an officer's colour. */
export function paintMark(context, mark, x, y, tokens, size = 1) {
  context.save();
  context.translate(x, y);
  context.scale(size, size);
  begin(context, markColour(tokens, mark));
  (MARKS[mark] ?? MARKS['mark-1'])(context);
  context.fill();
  context.restore();
}

// --- knobs -----------------------------------------------------------------------------------------

/** Where a box's knob is, in the picture's own measure. */
export function knobOf(node) {
  return { x: node.x + node.w, y: node.y + node.h / 2, r: 10 };
}

export function paintKnob(context, node, tokens, mark) {
  const { x, y, r } = knobOf(node);
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  context.fillStyle = mark === '+' ? tokens.brand : tokens.paper;
  context.fill();
  context.setLineDash([]);
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

/** Two policies say another amount of this box: a sign of unequal, in its corner. */
export function paintDiffers(context, node, tokens) {
  context.save();
  context.translate(node.x + node.w - 17, node.y + node.h - 15);
  context.beginPath();
  context.arc(0, 0, 8.5, 0, 2 * Math.PI);
  context.fillStyle = tokens.warnsoft;
  context.fill();
  begin(context, tokens.warn);
  for (const y of [-2, 2]) {
    context.moveTo(-4, y);
    context.lineTo(4, y);
  }
  context.moveTo(2.5, -5);
  context.lineTo(-2.5, 5);
  context.stroke();
  context.restore();
}
