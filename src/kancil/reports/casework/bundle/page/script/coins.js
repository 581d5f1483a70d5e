/* What a policy is given and gives back: bounds of traced coins, and one transaction as it sees it.
   The twin of src/kancil/bitcoin/tracing/policy.py; all amounts are BigInt satoshi. */

import { MAX_MONEY } from "./transaction.js";

export const UNKNOWN_VALUE = -1n;
const NO_SPANS = [];

/* At least `lower`, at most `upper` satoshi; `certain` and `possible` are places in the coin, lists
   of [first, after the last]. Where the two are the same list, every place is known. */
export function coins(lower, upper, certain = NO_SPANS, possible = NO_SPANS) {
  return { lower, upper, certain, possible };
}

export const NOTHING = coins(0n, 0n);

export function isSettled(one) {
  return one.certain === one.possible || (one.certain.length === 0 && one.possible.length === 0);
}

export function least(a, b) {
  return a < b ? a : b;
}

export function most(a, b) {
  return a > b ? a : b;
}

export function sum(values) {
  return values.reduce((total, value) => total + value, 0n);
}

/* One transaction: forward, `traced` has one entry an input; backward, one an output. */
export class Spend {
  constructor({ inputs, outputs, traced, doubtful, cap, isReversed }) {
    Object.assign(this, { inputs, outputs, traced, doubtful, cap, isReversed });
    this.outputTotal = sum(outputs);
    this.knownTotal = sum(inputs.filter((value) => value !== UNKNOWN_VALUE));
    this.unknownCount = inputs.filter((value) => value === UNKNOWN_VALUE).length;
  }

  /* The least and the most that all inputs of unknown value hold together. */
  unknownRange() {
    if (this.unknownCount === 0) return [0n, 0n];
    const low = most(0n, this.outputTotal - this.knownTotal);
    return [low, most(low, MAX_MONEY - this.knownTotal)];
  }

  tracedRange() {
    let [lower, sure, doubt] = [0n, 0n, 0n];
    this.traced.forEach((one, at) => {
      lower += one.lower;
      if (this.doubtful[at]) doubt += one.upper;
      else sure += one.upper;
    });
    if (this.cap !== null) doubt = least(doubt, this.cap);
    return [lower, sure + doubt];
  }
}

export function joinAmounts(flow, start, value) {
  const lower = most(flow.lower, start.lower);
  return [lower, most(lower, least(value, flow.upper + start.upper))];
}

/* Narrow bounds of parts whose true sum lies between `lower` and `upper`. */
export function tighten(bounds, lower, upper) {
  const low = sum(bounds.map((part) => part[0]));
  const high = sum(bounds.map((part) => part[1]));
  if (low === high) return bounds;
  return bounds.map(([from, to]) => [
    most(from, lower - (high - to)),
    least(to, upper - (low - from)),
  ]);
}

export function reasonOf(spend, split, { byPlace, backward }) {
  if (split.every((one) => one.lower === one.upper)) return "";
  if (spend.unknownCount > 0) return "unknown-value";
  if (spend.doubtful.some(Boolean)) return backward ? "unknown-spender" : "unknown-source";
  if (spend.traced.some((one) => one.lower !== one.upper)) return "carried";
  return byPlace ? "share-place" : "carried";
}
