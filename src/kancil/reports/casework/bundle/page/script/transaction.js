/* A bitcoin transaction from its bytes, and the bytes its txid is the hash of (BIP 144). */

import { Bad, must } from "./bad.js";
import { concat, reversed, toHex } from "./bytes.js";

export const MAX_MONEY = 2_100_000_000_000_000n;
const NO_OUTPOINT = `${"0".repeat(64)}:4294967295`;

class Reader {
  constructor(bytes, txid) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
    this.txid = txid;
  }

  take(size) {
    if (this.at + size > this.bytes.length) throw new Bad("tx-form", { txid: this.txid });
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  u32() {
    this.take(4);
    return this.view.getUint32(this.at - 4, true);
  }

  u64() {
    this.take(8);
    return this.view.getBigUint64(this.at - 8, true);
  }

  /* A length; longer forms than needed, and lengths beyond the bytes that are left, are refused. */
  size() {
    const first = this.take(1)[0];
    if (first < 0xfd) return first;
    const width = 1 << (first - 0xfc);
    const raw = this.take(width);
    const value = raw.reduceRight((sum, byte) => sum * 256 + byte, 0);
    const least = { 2: 0xfd, 4: 0x10000, 8: 0x100000000 }[width];
    if (value < least || value > this.bytes.length) throw new Bad("tx-form", { txid: this.txid });
    return value;
  }
}

/* The height a coinbase states (BIP 34), or null. */
export function claimedHeight(transaction) {
  const { script } = transaction.inputs[0];
  const size = script[0];
  if (!transaction.isCoinbase || size === undefined) return null;
  if (size === 0) return 0;
  if (size >= 0x51 && size <= 0x60) return size - 0x50;
  if (size > 4 || script.length < 1 + size || script[size] & 0x80) return null;
  return script.subarray(1, 1 + size).reduceRight((sum, byte) => sum * 256 + byte, 0);
}

/* Read a transaction; `txid` only names it in what is said when it cannot be read. */
export function readTransaction(bytes, txid) {
  const reader = new Reader(bytes, txid);
  reader.take(4);
  const hasWitness = bytes.length > 6 && bytes[4] === 0 && bytes[5] === 1;
  if (hasWitness) reader.take(2);
  const start = reader.at;
  const inputs = readInputs(reader);
  const outputs = readOutputs(reader);
  const stop = reader.at;
  if (hasWitness) skipWitness(reader, inputs.length);
  reader.u32();
  must(reader.at === bytes.length && inputs.length > 0 && outputs.length > 0, "tx-form", { txid });
  const total = outputs.reduce((sum, output) => sum + output.value, 0n);
  must(total <= MAX_MONEY, "tx-value", { txid });
  const parts = [bytes.subarray(0, 4), bytes.subarray(start, stop), bytes.subarray(-4)];
  const isCoinbase = inputs.length === 1 && inputs[0].outpoint === NO_OUTPOINT;
  return { inputs, outputs, isCoinbase, base: hasWitness ? concat(...parts) : bytes };
}

function readInputs(reader) {
  const inputs = [];
  for (let left = reader.size(); left > 0; left -= 1) {
    const txid = toHex(reversed(reader.take(32)));
    const index = reader.u32();
    const script = reader.take(reader.size());
    reader.u32();
    inputs.push({ txid, index, outpoint: `${txid}:${index}`, script });
  }
  return inputs;
}

function readOutputs(reader) {
  const outputs = [];
  for (let left = reader.size(); left > 0; left -= 1) {
    const value = reader.u64();
    must(value <= MAX_MONEY, "tx-value", { txid: reader.txid });
    outputs.push({ value, script: reader.take(reader.size()) });
  }
  return outputs;
}

function skipWitness(reader, count) {
  let total = 0;
  for (let left = count; left > 0; left -= 1) {
    for (let items = reader.size(); items > 0; items -= 1) {
      reader.take(reader.size());
      total += 1;
    }
  }
  must(total > 0, "tx-form", { txid: reader.txid });
}
