/* Coins out of sight: how many traced satoshi can have left the blocks held and come back. The twin
   of src/kancil/bitcoin/tracing/pool.py, where it is proved. */

import { least, most } from "./coins.js";
import { NEVER, NO_SPEND, UNKNOWN } from "./graph.js";
import { MAX_MONEY } from "./transaction.js";

const MOST_ROOTS = 1000;

export class Pool {
  constructor(graph, { isBackward, conserves }) {
    Object.assign(this, { graph, isBackward, conserves });
    [this.declaredAll, this.declared, this.sure, this.total] = [0n, 0n, 0n, 0n];
    [this.closed, this.open, this.openRun, this.edge] = [0n, 0n, -1, null];
    this.seen = new Set();
    this.first = 0;
  }

  expect(declared, firstRun) {
    this.declaredAll = declared;
    this.first = firstRun;
  }

  leave(tx, upper) {
    const { run, runAfter } = this.graph.txs[tx];
    const here = this.isBackward ? runAfter : run;
    this.edge ??= here;
    if (here !== this.openRun) {
      this.closed += this.open;
      [this.openRun, this.open] = [here, 0n];
    }
    this.open += upper;
    this.total += upper;
  }

  /* The most coins out of sight that can be in an arm of this transaction. */
  most(tx) {
    const { run, runAfter } = this.graph.txs[tx];
    if (this.graph.isLoose && (this.isBackward || run !== runAfter))
      return this.conserves ? this.declaredAll : MAX_MONEY;
    const isBack = this.isBackward ? this.openRun > run : this.openRun < run;
    const amount = this.closed + (isBack ? this.open : 0n);
    if (amount === 0n) return 0n;
    if (!this.conserves) return MAX_MONEY;
    return most(0n, least(amount, this.declared - this.sure));
  }

  reaches(tx) {
    const edge = this.threshold();
    if (edge === null) return false;
    return this.isBackward ? this.graph.earliest()[tx] < edge : this.graph.latest()[tx] > edge;
  }

  threshold() {
    if (!this.graph.isLoose) return this.edge;
    return this.isBackward ? NEVER : this.first;
  }

  /* The unknown inputs (backward: outputs without a seen spend) that `reaches` means, each once. */
  roots(tx) {
    const found = [];
    const stack = [tx];
    while (stack.length > 0 && found.length < MOST_ROOTS) {
      const here = stack.pop();
      if (this.seen.has(here) || !this.reaches(here)) continue;
      this.seen.add(here);
      if (this.isBackward) this.lookAhead(here, found, stack);
      else this.lookBehind(here, found, stack);
    }
    return found;
  }

  lookBehind(tx, found, stack) {
    const { graph } = this;
    for (const number of graph.txs[tx].inputs) {
      const { source } = graph.inputs[number];
      if (source === UNKNOWN) found.push(number);
      else if (source >= 0) stack.push(graph.sourceTx(number));
    }
  }

  lookAhead(tx, found, stack) {
    const { graph } = this;
    for (const number of graph.txs[tx].outputs) {
      const { spender, value, canSpend } = graph.outputs[number];
      if (spender !== NO_SPEND) stack.push(graph.spenderTx(number));
      else if (value !== 0n && canSpend) found.push(number);
    }
  }

  /* The most that can have come back into transactions that the trace does not show. */
  unseenReturn() {
    const edge = this.threshold();
    if (edge === null || this.total === 0n) return 0n;
    const own = this.isBackward ? this.graph.ownUnseen() : this.graph.ownUnknown();
    if (!own.some((run) => (this.isBackward ? run < edge : run > edge))) return 0n;
    if (!this.conserves) return MAX_MONEY;
    return this.graph.isLoose ? this.declaredAll : least(this.total, this.declaredAll);
  }
}
