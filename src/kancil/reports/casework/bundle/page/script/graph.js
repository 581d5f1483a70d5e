/* The spend graph of a bundle alone, joined from its raw transactions; the twin of
   src/kancil/reports/casework/bundle/small_graph.py. Transactions are numbered as in
   transactions.json, which is their order in time. */

import { must } from "./bad.js";
import { addressOf } from "./address.js";
import { UNKNOWN_VALUE } from "./coins.js";

export const UNKNOWN = -1;
export const COINBASE = -2;
export const NO_SPEND = -1;
export const NO_TIME = -1;
export const NEVER = Infinity;

export class Graph {
  constructor(facts, others) {
    this.facts = facts;
    this.inputs = [];
    this.outputs = [];
    this.txs = [];
    this.outputOf = new Map();
    this.sourcesNotShown = new Set();
    this.spendsNotShown = new Set();
    for (const one of facts.transactions) this.add(one);
    this.settle();
    this.count = this.txs.length;
    this.addOthers(others);
    this.isLoose = this.txs.some((tx) => tx.run !== tx.runAfter);
  }

  add(one) {
    const { txid, read, block, run } = one;
    const tx = this.txs.length;
    const time = block === null ? NO_TIME : this.facts.byBlock.get(block).row.time;
    const [firstIn, firstOut] = [this.inputs.length, this.outputs.length];
    read.inputs.forEach((input, at) => this.addInput(one, tx, input, at));
    read.outputs.forEach((output, at) => {
      const outpoint = `${txid}:${at}`;
      const number = this.outputs.length;
      this.outputOf.set(outpoint, number);
      this.outputs.push({
        tx, outpoint, value: output.value, spender: NO_SPEND, canSpend: output.script[0] !== 0x6a,
        address: addressOf(output.script, this.facts.network),
        isUnspent: one.unspentOutputs.has(at),
      });
    });
    this.txs.push({
      one, time, run: run[0], runAfter: run[1],
      inputs: range(firstIn, this.inputs.length), outputs: range(firstOut, this.outputs.length),
    });
  }

  addInput(one, tx, input, at) {
    const { read, isHeld, stated, unknownInputs } = one;
    const held = this.outputOf.get(input.outpoint);
    let source = held;
    if (read.isCoinbase) source = COINBASE;
    else if (held === undefined && unknownInputs.has(at)) source = UNKNOWN;
    else if (held === undefined) {
      this.sourcesNotShown.add(this.inputs.length);
      source = COINBASE;
    }
    this.inputs.push({
      tx, source, outpoint: read.isCoinbase ? "" : input.outpoint, inBlock: isHeld,
      stated: stated.get(at) ?? UNKNOWN_VALUE, value: UNKNOWN_VALUE,
    });
  }

  /* Where two spend one output, one in a block stands before a loose one, an earlier before a
     later; the source of the other is unknown. */
  settle() {
    this.inputs.forEach((input, number) => {
      if (input.source < 0) return;
      const output = this.outputs[input.source];
      let loser = number;
      if (output.spender === NO_SPEND || (input.inBlock && !this.inputs[output.spender].inBlock))
        [output.spender, loser] = [number, output.spender];
      if (loser !== NO_SPEND) this.inputs[loser].source = UNKNOWN;
    });
    this.outputs.forEach((output, number) => {
      if (output.spender !== NO_SPEND || output.isUnspent) return;
      this.spendsNotShown.add(number);
      output.canSpend = false;
    });
    for (const input of this.inputs) {
      const { read } = this.txs[input.tx].one;
      if (input.source >= 0) input.value = this.outputs[input.source].value;
      else if (read.isCoinbase) input.value = read.outputs.reduce((sum, o) => sum + o.value, 0n);
      else input.value = input.stated;
    }
  }

  /* Made-up transactions that stand for those that were held and are not in the bundle. */
  addOthers(others) {
    if (others.unknown_run >= 0) this.addOther(UNKNOWN, [others.unknown_run, others.unknown_run], false);
    if (others.unseen_run >= 0) this.addOther(COINBASE, [others.unseen_run, others.unseen_run], true);
    if (others.is_loose) this.addOther(COINBASE, [-1, 0], false);
  }

  addOther(source, [run, runAfter], canSpend) {
    const tx = this.txs.length;
    const [input, output] = [this.inputs.length, this.outputs.length];
    this.inputs.push({ tx, source, outpoint: "", value: 1n });
    this.outputs.push({ tx, outpoint: "", value: 1n, spender: NO_SPEND, canSpend, address: "" });
    this.txs.push({ one: null, time: NO_TIME, run, runAfter, inputs: [input], outputs: [output] });
  }

  sourceTx(number) {
    return this.outputs[this.inputs[number].source].tx;
  }

  spenderTx(number) {
    return this.inputs[this.outputs[number].spender].tx;
  }

  /* Run before which unseen coins can have joined each transaction's past, at the latest. */
  latest() {
    this.latestMemo ??= this.reachBack();
    return this.latestMemo;
  }

  reachBack() {
    const own = this.ownUnknown();
    this.txs.forEach((tx, at) => {
      for (const number of tx.inputs)
        if (this.inputs[number].source >= 0) own[at] = Math.max(own[at], own[this.sourceTx(number)]);
    });
    return own;
  }

  ownUnknown() {
    return this.txs.map((tx) =>
      tx.inputs.some((n) => this.inputs[n].source === UNKNOWN && this.inputs[n].value !== 0n)
        ? tx.runAfter
        : -1,
    );
  }

  /* Run after which each transaction's coins can have gone out of sight, at the earliest. */
  earliest() {
    this.earliestMemo ??= this.reachAhead();
    return this.earliestMemo;
  }

  reachAhead() {
    const own = this.ownUnseen();
    for (let at = this.txs.length - 1; at >= 0; at -= 1) {
      for (const number of this.txs[at].outputs)
        if (this.outputs[number].spender >= 0) own[at] = Math.min(own[at], own[this.spenderTx(number)]);
    }
    return own;
  }

  ownUnseen() {
    const isUnseen = ({ spender, value, canSpend }) => spender === NO_SPEND && value !== 0n && canSpend;
    return this.txs.map((tx) => (tx.outputs.some((n) => isUnseen(this.outputs[n])) ? tx.run : NEVER));
  }

  startOf(outpoint) {
    const number = this.outputOf.get(outpoint);
    must(number !== undefined, "trace-start", { outpoint });
    return number;
  }
}

function range(start, stop) {
  return Array.from({ length: stop - start }, (_, at) => start + at);
}
