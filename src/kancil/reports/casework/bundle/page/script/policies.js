/* The taint policies: twins of src/kancil/bitcoin/tracing/policies/, with their sources named there. */

import {
  NOTHING, UNKNOWN_VALUE, coins, joinAmounts, least, most, reasonOf, sum, tighten,
} from "./coins.js";
import * as places from "./places.js";
import { MAX_MONEY } from "./transaction.js";

/* Poison: one traced satoshi among the inputs, and every output is reached, whole. */
const poison = {
  name: "poison",
  version: "1",
  conserves: false,
  hasOrder: false,
  begin: (value, share) => (share > 0n ? coins(value, value) : NOTHING),
  doubt(value, upper) {
    if (upper === 0n) return NOTHING;
    return coins(0n, value === UNKNOWN_VALUE ? MAX_MONEY : value);
  },
  join: (flow, start) => coins(most(flow.lower, start.lower), most(flow.upper, start.upper)),
  forward(spend) {
    const reached = reachedBy(spend);
    const arms = spend.outputs.map((value) => whole(value, value, reached));
    const [low, high] = spend.unknownRange();
    const left = spend.knownTotal - spend.outputTotal;
    const fee = whole(left + low, left + high, reached);
    const reason = reasonOf(spend, [...arms, fee], { byPlace: false, backward: false });
    return { arms, fee, reason };
  },
  backward(spend) {
    const reached = reachedBy(spend);
    const [low, high] = spend.unknownRange();
    const arms = spend.inputs.map((value) => {
      if (value !== UNKNOWN_VALUE) return whole(value, value, reached);
      return whole(spend.unknownCount === 1 ? low : 0n, high, reached);
    });
    return { arms, fee: NOTHING, reason: reasonOf(spend, arms, { byPlace: false, backward: true }) };
  },
};

function reachedBy(spend) {
  return [spend.traced.some((one) => one.lower !== 0n), spend.traced.some((one) => one.upper !== 0n)];
}

function whole(low, high, [isSure, isPossible]) {
  return isPossible ? coins(isSure ? low : 0n, high) : NOTHING;
}

/* Haircut: every output carries the traced coins in proportion to its value. */
const haircut = {
  name: "haircut",
  version: "1",
  conserves: true,
  hasOrder: false,
  begin: (_, share) => coins(share, share),
  doubt: (value, upper) => coins(0n, value === UNKNOWN_VALUE ? upper : least(value, upper)),
  join: (flow, start, value) => coins(...joinAmounts(flow, start, value)),
  forward(spend) {
    const [lower, upper] = spend.tracedRange();
    const weights = [...spend.outputs, spend.knownTotal - spend.outputTotal];
    const parts =
      spend.unknownCount === 0
        ? byWeight(lower, upper, weights)
        : tighten(forwardUnknown(spend, lower), lower, upper);
    const arms = parts.map((part) => coins(...part));
    const reason = reasonOf(spend, arms, { byPlace: false, backward: false });
    return { arms: arms.slice(0, -1), fee: arms.at(-1), reason };
  },
  backward(spend) {
    const [lower, upper] = spend.tracedRange();
    const parts =
      spend.unknownCount === 0
        ? byWeight(lower, upper, spend.inputs)
        : tighten(backwardUnknown(spend, lower, upper), lower, upper);
    const arms = parts.map((part) => coins(...part));
    return { arms, fee: NOTHING, reason: reasonOf(spend, arms, { byPlace: false, backward: true }) };
  },
};

/* Divide satoshi by weight, exactly (largest remainder); ties go to the lowest index. */
export function largestRemainder(amount, weights) {
  const total = sum(weights);
  const parts = weights.map((weight) => (amount * weight) / total);
  const rests = weights.map((weight, at) => [(amount * weight) % total, at]);
  const left = Number(amount - sum(parts));
  rests.sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] > b[0] ? -1 : 1));
  for (const [, at] of rests.slice(0, left)) parts[at] += 1n;
  return parts;
}

function up(dividend, divisor) {
  return divisor === 0n ? 0n : (dividend + divisor - 1n) / divisor;
}

function byWeight(lower, upper, weights) {
  const total = sum(weights);
  if (total === 0n) return weights.map(() => [0n, 0n]);
  if (lower === upper) return largestRemainder(lower, weights).map((part) => [part, part]);
  const bounds = weights.map((w) => [(lower * w) / total, least(w, up(upper * w, total))]);
  return tighten(bounds, lower, upper);
}

function forwardUnknown(spend, lower) {
  const [known, out] = [spend.knownTotal, spend.outputTotal];
  const [low, high] = spend.unknownRange();
  let [sure, hidden, fixedDoubt] = [0n, 0n, 0n];
  spend.inputs.forEach((value, at) => {
    const { upper } = spend.traced[at];
    if (value === UNKNOWN_VALUE) hidden += upper;
    else if (spend.doubtful[at]) fixedDoubt += upper;
    else sure += upper;
  });
  const cap = spend.cap ?? MAX_MONEY;
  hidden = least(hidden, cap);
  sure += least(fixedDoubt, cap);
  const best = least(most(hidden, low), high);
  const traced = sure + least(best, hidden);
  const bounds = spend.outputs.map((o) => [
    (lower * o) / (known + high),
    least(o, up(traced * o, known + best)),
  ]);
  const feeMost = up((sure + least(high, hidden)) * (known + high - out), known + high);
  const feeLeast = known + low !== 0n ? (lower * (known + low - out)) / (known + low) : 0n;
  return [...bounds, [feeLeast, feeMost]];
}

function backwardUnknown(spend, lower, upper) {
  const known = spend.knownTotal;
  const [low, high] = spend.unknownRange();
  return spend.inputs.map((value) => {
    if (value !== UNKNOWN_VALUE)
      return [(lower * value) / (known + high), least(value, up(upper * value, known + low))];
    if (spend.unknownCount > 1) return [0n, upper];
    const part = known + low !== 0n ? (lower * low) / (known + low) : 0n;
    return [part, up(upper * high, known + high)];
  });
}

function byPlaces(name, lastFirst) {
  return {
    name,
    version: "1",
    conserves: true,
    hasOrder: true,
    begin: places.begin,
    doubt: places.doubt,
    join: places.join,
    forward: (spend) => places.forward(spend, lastFirst),
    backward: (spend) => places.backward(spend, lastFirst),
  };
}

/* All versions that this page computes by. */
const POLICIES = [poison, haircut, byPlaces("fifo", false), byPlaces("lifo", true)];

export function policyOf({ name, version }) {
  return POLICIES.find((policy) => policy.name === name && policy.version === version);
}
