/* Places of satoshi: how FIFO and LIFO carry traced coins through one transaction. The twin of
   src/kancil/bitcoin/tracing/places.py, where the bounds are explained. */

import {
  NOTHING, UNKNOWN_VALUE, coins, isSettled, joinAmounts, least, most, reasonOf, sum, tighten,
} from "./coins.js";
import { MAX_MONEY } from "./transaction.js";

const EXACT_SPANS = 24;

export function begin(value, share) {
  if (share === value) {
    const spans = value > 0n ? [[0n, value]] : [];
    return coins(value, value, spans, spans);
  }
  return share > 0n ? coins(share, share, [], [[0n, value]]) : NOTHING;
}

export function doubt(value, upper) {
  const size = value === UNKNOWN_VALUE ? MAX_MONEY : value;
  const held = least(size, upper);
  return held > 0n ? coins(0n, held, [], [[0n, size]]) : NOTHING;
}

export function join(flow, start, value) {
  const certain = merged([...flow.certain, ...start.certain]);
  if (isSettled(flow) && isSettled(start))
    return coins(length(certain), length(certain), certain, certain);
  const [lower, upper] = joinAmounts(flow, start, value);
  const possible = merged([...flow.possible, ...start.possible]);
  return coins(most(lower, length(certain)), least(upper, length(possible)), certain, possible);
}

function length(spans) {
  return sum(spans.map(([start, stop]) => stop - start));
}

function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}

function merged(spans) {
  const joined = [];
  for (const [start, stop] of [...spans].sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))) {
    const last = joined.at(-1);
    if (last === undefined || start > last[1]) joined.push([start, stop]);
    else if (stop > last[1]) last[1] = stop;
  }
  return joined;
}

function mirrored(spans, value) {
  return spans.map(([start, stop]) => [value - stop, value - start]).reverse();
}

function turned(one, value) {
  if (value === UNKNOWN_VALUE) return one;
  const certain = mirrored(one.certain, value);
  const possible = isSettled(one) ? certain : mirrored(one.possible, value);
  return coins(one.lower, one.upper, certain, possible);
}

function overlap(spans, shift, first, last) {
  let total = 0n;
  for (const [start, stop] of spans) {
    const inside = least(stop + shift, last) - most(start + shift, first);
    if (inside > 0n) total += inside;
  }
  return total;
}

function overlapRange(spans, [low, high], [first, last]) {
  if (last <= first || spans.length === 0) return [0n, 0n];
  if (low === high) {
    const count = overlap(spans, low, first, last);
    return [count, count];
  }
  if (spans.length > EXACT_SPANS) {
    const sure = sum(
      spans.map(([start, stop]) => most(0n, least(stop + low, last) - most(start + high, first))),
    );
    const reach = merged(spans.map(([start, stop]) => [start + low, stop + high]));
    return [sure, least(length(spans), overlap(reach, 0n, first, last))];
  }
  const bends = new Set([low, high]);
  for (const [start, stop] of spans) {
    for (const bend of [first - start, first - stop, last - start, last - stop])
      if (low < bend && bend < high) bends.add(bend);
  }
  const counts = Array.from(bends, (bend) => overlap(spans, bend, first, last));
  return [counts.reduce(least), counts.reduce(most)];
}

function cut(one, [low, high], first, sizes) {
  const narrow = [first, first + sizes[0]];
  const wide = [first, first + sizes[1]];
  if (low === high && sizes[0] === sizes[1] && isSettled(one)) {
    const spans = clipped(one.certain, low, low, wide);
    return coins(length(spans), length(spans), spans, spans);
  }
  const shifts = [low, high];
  const [possibleLeast] = overlapRange(one.possible, shifts, narrow);
  const [, possibleMost] = overlapRange(one.possible, shifts, wide);
  if (possibleMost === 0n) return NOTHING;
  const [certainLeast] = overlapRange(one.certain, shifts, narrow);
  const [, certainMost] = overlapRange(one.certain, shifts, wide);
  const outsideMost = length(one.possible) - possibleLeast;
  const outsideLeast = length(one.certain) - certainMost;
  const lower = most(certainLeast, one.lower - outsideMost);
  const upper = least(possibleMost, one.upper - outsideLeast);
  const certain = clipped(one.certain, high, low, narrow);
  return coins(lower, upper, certain, clipped(one.possible, low, high, wide));
}

function clipped(spans, firstBy, lastBy, [first, last]) {
  const kept = [];
  for (const [from, to] of spans) {
    const start = most(from + firstBy, first);
    const stop = least(to + lastBy, last);
    if (start < stop) kept.push([start - first, stop - first]);
  }
  return merged(kept);
}

/* Lay the inputs end to end and bound where each begins. */
function layInputs(spend, order) {
  const [low, high] = spend.unknownRange();
  const count = spend.unknownCount;
  const row = { order, before: [], sizes: [] };
  let [from, to, unknown] = [0n, 0n, 0];
  for (const at of order) {
    const value = spend.inputs[at];
    row.before.push([from + (count > 0 && unknown === count ? low : 0n), to]);
    if (value === UNKNOWN_VALUE) {
      unknown += 1;
      row.sizes.push([count === 1 ? low : 0n, high]);
      to = least(MAX_MONEY, to + high);
    } else {
      row.sizes.push([value, value]);
      from += value;
      to = least(MAX_MONEY, to + value);
    }
  }
  return row;
}

function orders(spend, lastFirst) {
  const inputs = [...spend.inputs.keys()];
  const outputs = [...spend.outputs.keys()];
  if (lastFirst !== spend.isReversed) inputs.reverse();
  if (spend.isReversed) outputs.reverse();
  return [inputs, outputs];
}

/* Where the outputs lie, in the order in which they are laid; the fee, of any size, comes last. */
function windowsOf(spend, outputs) {
  const windows = [];
  let end = 0n;
  for (const at of outputs) {
    windows.push([end, end + spend.outputs[at]]);
    end += spend.outputs[at];
  }
  return [...windows, [end, end + 2n * MAX_MONEY]];
}

export function forward(spend, lastFirst) {
  const [inputs, outputs] = orders(spend, lastFirst);
  const row = layInputs(spend, inputs);
  const windows = windowsOf(spend, outputs);
  const pieces = windows.map(() => []);
  row.order.forEach((at, place) => {
    let one = spend.traced[at];
    if (one.upper === 0n) return;
    if (lastFirst) one = turned(one, spend.inputs[at]);
    const shifts = row.before[place];
    const start = one.possible[0][0] + shifts[0];
    const reach = one.possible.at(-1)[1] + shifts[1];
    windows.forEach(([first, last], window) => {
      if (last <= start || first >= reach) return;
      const part = cut(one, shifts, first, [last - first, last - first]);
      if (part.upper > 0n) pieces[window].push([part, spend.doubtful[at]]);
    });
  });
  const values = [...windows.slice(0, -1).map(([start, stop]) => stop - start), MAX_MONEY];
  const laid = gathered(pieces, values, spend);
  const arms = spend.outputs.map(() => NOTHING);
  outputs.forEach((at, place) => {
    arms[at] = laid[place];
  });
  const reason = reasonOf(spend, laid, { byPlace: true, backward: false });
  return { arms, fee: coins(laid.at(-1).lower, laid.at(-1).upper), reason };
}

export function backward(spend, lastFirst) {
  const [inputs, outputs] = orders(spend, lastFirst);
  const row = layInputs(spend, inputs);
  const windows = windowsOf(spend, outputs);
  const asked = outputs
    .map((at, place) => [spend.traced[at], windows[place][0], spend.doubtful[at]])
    .filter(([one]) => one.upper > 0n);
  const pieces = row.order.map(() => []);
  row.before.forEach(([low, high], place) => {
    const size = row.sizes[place];
    for (const [one, start, isDoubtful] of asked) {
      if (start + one.possible[0][0] >= high + size[1]) break;
      if (start + one.possible.at(-1)[1] <= low) continue;
      const part = cut(one, [start - high, start - low], 0n, size);
      if (part.upper > 0n) pieces[place].push([part, isDoubtful]);
    }
  });
  const laid = gathered(pieces, row.sizes.map((size) => size[1]), spend);
  const arms = spend.inputs.map(() => NOTHING);
  row.order.forEach((at, place) => {
    arms[at] = lastFirst ? turned(laid[place], spend.inputs[at]) : laid[place];
  });
  const reason = reasonOf(spend, arms, { byPlace: true, backward: true });
  return { arms, fee: NOTHING, reason };
}

/* Add up what came into each arm, and narrow the bounds by what came in altogether. */
function gathered(pieces, values, spend) {
  const bounds = [];
  const places = [];
  pieces.forEach((parts, at) => {
    const lower = sum(parts.map(([part]) => part.lower));
    const sure = sum(parts.map(([part, isDoubtful]) => (isDoubtful ? 0n : part.upper)));
    const risk = sum(parts.map(([part, isDoubtful]) => (isDoubtful ? part.upper : 0n)));
    const capped = spend.cap === null ? risk : least(risk, spend.cap);
    bounds.push([lower, least(values[at], sure + capped)]);
    const certain = merged(parts.flatMap(([part]) => part.certain));
    const isKnown = parts.every(([part]) => isSettled(part));
    places.push([certain, isKnown ? certain : merged(parts.flatMap(([part]) => part.possible))]);
  });
  return tighten(bounds, ...spend.tracedRange()).map(([lower, upper], at) =>
    upper !== 0n ? coins(lower, upper, ...places[at]) : NOTHING,
  );
}
