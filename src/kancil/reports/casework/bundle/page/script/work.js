/* Block headers and their work, in exact integers. A block's work is answered as one of three:
   "checked" along the headers here to a pinned block, "own" target only, or "failed".
   Sources: Bitcoin Core src/arith_uint256.cpp, src/pow.cpp (GetNextWorkRequired). */

import { must } from "./bad.js";
import { bigLittleEndian, breathe, reversed, toHex } from "./bytes.js";
import { sha256d } from "./digest.js";
import { INTERVAL, SPACING, TIMESPAN } from "./networks.js";

export const HEADER_BYTES = 80;
const NONE = -1;
const NO_BLOCK = "0".repeat(64);

/* Target of compact bits; null if negative, zero or beyond 256 bits. */
export function targetOf(bits) {
  const size = bits >>> 24;
  const word = bits & 0x7fffff;
  const isNegative = word !== 0 && (bits & 0x800000) !== 0;
  const isOver = size > 34 || (word > 0xff && size > 33) || (word > 0xffff && size > 32);
  if (word === 0 || isNegative || isOver) return null;
  const target =
    size <= 3 ? BigInt(word >>> (8 * (3 - size))) : BigInt(word) << BigInt(8 * (size - 3));
  return target === 0n ? null : target;
}

/* The power of two nearest below the number of tries that a block with these bits stands for. */
export function powerOf(bits) {
  const tries = (1n << 256n) / ((targetOf(bits) ?? 0n) + 1n);
  return tries.toString(2).length - 1;
}

function bitsOf(target) {
  let size = Math.ceil(target.toString(16).length / 2);
  let word = Number(
    size <= 3 ? target << BigInt(8 * (3 - size)) : target >> BigInt(8 * (size - 3)),
  );
  if (word & 0x800000) [word, size] = [word >>> 8, size + 1];
  return (word | (size << 24)) >>> 0;
}

/* The bits of the first block of a period, from the period before it. */
export function retargeted(bits, firstTime, lastTime, network) {
  const span = Math.min(Math.max(lastTime - firstTime, TIMESPAN / 4), TIMESPAN * 4);
  const before = targetOf(bits);
  if (before === null) return network.limitBits;
  const target = (before * BigInt(span)) / BigInt(TIMESPAN);
  return bitsOf(target < network.limit ? target : network.limit);
}

function readHeader(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const digest = sha256d(bytes);
  return {
    hash: toHex(reversed(digest)),
    number: bigLittleEndian(digest),
    prev: toHex(reversed(bytes.subarray(4, 36))),
    root: bytes.subarray(36, 68),
    time: view.getUint32(68, true),
    bits: view.getUint32(72, true),
    parent: NONE,
    height: NONE,
    isLinked: false,
    work: "own",
  };
}

/* Read 80-byte headers and judge the work of each; the answer has one row a header. */
export async function judgeHeaders(bytes, network) {
  must(bytes.length % HEADER_BYTES === 0, "headers-form", {});
  const rows = [];
  for (let at = 0; at < bytes.length; at += HEADER_BYTES) {
    rows.push(readHeader(bytes.subarray(at, at + HEADER_BYTES)));
    if (rows.length % 5000 === 0) await breathe();
  }
  const order = link(rows);
  giveHeights(rows, order, network);
  const carried = belowPins(rows, order, network);
  const judge = new Judge(rows, network, carried);
  for (const row of order) judge.judge(row);
  return rows;
}

/* Find each row's parent; give all rows, parents before children. A hash held twice is refused. */
function link(rows) {
  const byHash = new Map();
  rows.forEach((row, at) => {
    must(!byHash.has(row.hash), "headers-form", {});
    byHash.set(row.hash, at);
  });
  const children = rows.map(() => []);
  const waiting = [];
  rows.forEach((row, at) => {
    row.parent = byHash.get(row.prev) ?? NONE;
    if (row.parent === NONE) waiting.push(at);
    else children[row.parent].push(at);
  });
  const order = [];
  while (waiting.length > 0) {
    const at = waiting.pop();
    order.push(at);
    waiting.push(...children[at]);
  }
  return order;
}

/* Count heights along linked headers from pinned blocks; whatever is not linked has none. */
function giveHeights(rows, order, network) {
  const depth = new Map();
  const first = new Map();
  const offset = new Map();
  for (const at of order) {
    const { parent, hash, prev } = rows[at];
    depth.set(at, parent === NONE ? 0 : depth.get(parent) + 1);
    first.set(at, parent === NONE ? at : first.get(parent));
    const pin = pinOf(network, hash);
    const before = parent === NONE ? pinOf(network, prev) : undefined;
    if (pin !== undefined) offset.set(first.get(at), pin - depth.get(at));
    else if (before !== undefined) offset.set(at, before + 1);
  }
  for (const at of order) {
    const start = offset.get(first.get(at));
    if (start === undefined) continue;
    rows[at].height = start + depth.get(at);
    rows[at].isLinked = true;
  }
}

function pinOf(network, hash) {
  return Object.hasOwn(network.pinned, hash) ? network.pinned[hash] : undefined;
}

function belowPins(rows, order, network) {
  const carried = new Set();
  for (const at of [...order].reverse()) {
    const { hash, parent } = rows[at];
    if (parent !== NONE && (carried.has(at) || pinOf(network, hash) !== undefined))
      carried.add(parent);
  }
  return carried;
}

class Judge {
  constructor(rows, network, carried) {
    this.rows = rows;
    this.network = network;
    this.carried = carried;
    this.pins = new Map(Object.entries(network.pinned).map(([hash, height]) => [height, hash]));
    this.firstOfPeriod = rows.map(() => NONE);
    this.normalBits = rows.map(() => 0);
  }

  judge(at) {
    this.note(at);
    this.rows[at].work = this.answer(at);
  }

  /* Carry along the chain what the rules look back at. */
  note(at) {
    const { parent, isLinked, height, bits } = this.rows[at];
    if (!isLinked) return;
    if (height % INTERVAL === 0) {
      this.firstOfPeriod[at] = at;
      this.normalBits[at] = bits;
      return;
    }
    if (parent !== NONE) this.firstOfPeriod[at] = this.firstOfPeriod[parent];
    if (bits !== this.network.limitBits) this.normalBits[at] = bits;
    else if (parent !== NONE) this.normalBits[at] = this.normalBits[parent];
  }

  answer(at) {
    const row = this.rows[at];
    const parent = row.parent === NONE ? null : this.rows[row.parent];
    const target = targetOf(row.bits);
    if (target === null || target > this.network.limit || row.number > target) return "failed";
    if (parent?.work === "failed") return "failed";
    if (!row.isLinked) return parent === null && row.prev === NO_BLOCK ? "failed" : "own";
    const pin = this.pins.get(row.height);
    if (pin !== undefined) return pin === row.hash ? "checked" : "failed";
    const required = parent === null ? null : this.required(row, row.parent);
    if (required !== null && required !== row.bits) return "failed";
    if (this.carried.has(at)) return "checked";
    return required !== null && parent.work === "checked" ? "checked" : "own";
  }

  /* The bits the network asks for after a block here; null where the headers do not tell. */
  required(row, parentAt) {
    const { network, rows } = this;
    const parent = rows[parentAt];
    if (row.height % INTERVAL === 0) {
      if (network.neverRetargets) return parent.bits;
      const first = this.firstOfPeriod[parentAt];
      if (first === NONE) return null;
      const base = network.retargetsFromFirst ? rows[first] : parent;
      return retargeted(base.bits, rows[first].time, parent.time, network);
    }
    if (!network.allowsEasiest) return parent.bits;
    if (row.time > parent.time + 2 * SPACING) return network.limitBits;
    return this.normalBits[parentAt] || null;
  }
}
