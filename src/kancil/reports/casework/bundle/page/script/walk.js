/* The walk of a trace: transactions in order, each divided by the policy, every coin accounted for.
   The twin of src/kancil/bitcoin/tracing/walk.py. */

import { must } from "./bad.js";
import { NOTHING, Spend, least, most } from "./coins.js";
import { COINBASE, NO_SPEND, UNKNOWN } from "./graph.js";
import { Pool } from "./pool.js";

class Walk {
  constructor(graph, policy, question, isReversed) {
    Object.assign(this, { graph, policy, question, isReversed });
    this.isBackward = question.isBackward;
    this.pool = new Pool(graph, { isBackward: this.isBackward, conserves: policy.conserves });
    [this.transfers, this.steps, this.holdings, this.leftOut] = [[], [], [], []];
    this.fetches = new Set();
    this.overlap = [0n, 0n];
    this.live = new Map();
    this.declared = new Map();
    this.shown = new Set();
    this.queue = new Set();
  }

  run() {
    const { graph, declared, pool } = this;
    for (const { output, share } of this.question.starts)
      declared.set(output, (declared.get(output) ?? 0n) + (share ?? graph.outputs[output].value));
    const outputs = [...declared.keys()];
    const total = [...declared.values()].reduce((sum, share) => sum + share, 0n);
    pool.expect(total, Math.min(...outputs.map((n) => graph.txs[graph.outputs[n].tx].run)));
    for (const number of outputs) this.queue.add(graph.outputs[number].tx);
    /* Rank is the number of the transaction, and a walk never goes back on its way. */
    const count = graph.count;
    for (let step = 0; step < count; step += 1) {
      const tx = this.isBackward ? count - 1 - step : step;
      if (this.queue.has(tx)) this.visit(tx);
    }
    return this;
  }

  labelsOf(output) {
    return this.question.labelsOf(this.graph.outputs[output].address);
  }

  spend(tx, traced, doubtful, cap) {
    const { graph } = this;
    const spend = new Spend({
      inputs: graph.txs[tx].inputs.map((n) => graph.inputs[n].value),
      outputs: graph.txs[tx].outputs.map((n) => graph.outputs[n].value),
      traced,
      doubtful,
      cap: this.policy.conserves ? cap : null,
      isReversed: this.isReversed,
    });
    const { txid } = graph.txs[tx].one;
    must(spend.unknownCount > 0 || spend.outputTotal <= spend.knownTotal, "value-from-nothing", { txid });
    return spend;
  }

  /* Put the declared coins on a start, counting once what was already there. */
  merge(output, flow, value) {
    const share = this.declared.get(output);
    const begun = this.policy.begin(value, share);
    this.pool.declared += share;
    if (flow.upper === 0n) return begun;
    if (share === value) this.addOverlap(flow.lower, flow.upper);
    else this.addOverlap(most(0n, share + flow.lower - value), least(share, flow.upper));
    return this.policy.join(flow, begun, value);
  }

  addOverlap(lower, upper) {
    this.overlap = [this.overlap[0] + lower, this.overlap[1] + upper];
  }

  leaveOut(limit, output, live, labels) {
    this.pool.sure += live.coins.lower;
    const spendSeen = this.graph.outputs[output].spender !== NO_SPEND;
    this.leftOut.push({ limit, output, ...live, spendSeen, labels });
  }

  follow(output, live, next) {
    this.pool.sure += live.coins.lower;
    this.live.set(output, live);
    this.queue.add(next);
  }

  limitAt(tx, hop) {
    const { hops, since, until } = this.question;
    if (hops !== null && hop > hops) return "hops";
    const { time } = this.graph.txs[tx];
    if (time >= 0 && since !== null && time < since) return "since";
    if (time >= 0 && until !== null && time > until) return "until";
    const { one } = this.graph.txs[tx];
    return one !== null && this.question.isStop(one.txid) ? "coinjoin" : "";
  }

  isStoppedBy(labels) {
    return !this.question.passesServices && labels.some((label) => label.isService);
  }

  take(output) {
    const live = this.live.get(output);
    this.live.delete(output);
    this.pool.sure -= live.coins.lower;
    return live;
  }

  hold(state, output, input, value, live, labels) {
    this.holdings.push({ state, output, input, value, ...live, labels });
  }

  addRow(tx, input, output, value, live, split, labels, links) {
    const reason = live.coins.lower === live.coins.upper ? "" : split.reason;
    this.transfers.push({ tx, input, output, value, ...live, reason, labels, links });
  }

  addStep(tx, split) {
    this.shown.add(tx);
    this.pool.sure += split.fee.lower;
    this.steps.push({ tx, fee: split.fee });
  }

  ask(kind, outpoint) {
    this.fetches.add(`${kind},${outpoint}`);
  }
}

/* From outputs to what became of them. */
class Forward extends Walk {
  visit(tx) {
    const { graph, pool } = this;
    const most = pool.most(tx);
    const { inputs, outputs } = graph.txs[tx];
    if (inputs.some((number) => this.live.has(graph.inputs[number].source))) {
      this.divide(tx, most);
      return;
    }
    for (const output of outputs.filter((number) => this.declared.has(number))) {
      const { value } = graph.outputs[output];
      let flow = NOTHING;
      if (most > 0n && pool.reaches(tx)) {
        flow = this.policy.doubt(value, most);
        this.askSources(pool.roots(tx));
      }
      const live = { coins: this.merge(output, flow, value), hop: 0, after: false };
      this.place(output, live, []);
    }
  }

  divide(tx, most) {
    const { graph } = this;
    const [traced, doubtful, links] = [[], [], []];
    let [hop, after] = [Infinity, false];
    for (const number of graph.txs[tx].inputs) {
      const { source } = graph.inputs[number];
      if (this.live.has(source)) {
        const live = this.take(source);
        traced.push(live.coins);
        doubtful.push(false);
        links.push(source);
        hop = Math.min(hop, live.hop);
        after ||= live.after;
      } else {
        const unseen = most > 0n ? this.unseen(number, most) : NOTHING;
        traced.push(unseen);
        doubtful.push(unseen.upper > 0n);
      }
    }
    const split = this.policy.forward(this.spend(tx, traced, doubtful, most));
    this.addStep(tx, split);
    graph.txs[tx].outputs.forEach((output, at) =>
      this.arrive(tx, output, { coins: split.arms[at], hop: hop + 1, after }, split, links),
    );
  }

  arrive(tx, output, flow, split, links) {
    const isStart = this.declared.has(output);
    const isReached = flow.coins.upper > 0n;
    if (!isReached && !isStart) return;
    const labels = this.labelsOf(output);
    const { value } = this.graph.outputs[output];
    if (isReached) this.addRow(tx, -1, output, value, flow, split, labels, links);
    const live = isStart
      ? { coins: this.merge(output, flow.coins, value), hop: 0, after: flow.after && isReached }
      : flow;
    this.place(output, live, labels);
  }

  /* What an input that the trace did not reach can hold of coins out of sight. */
  unseen(number, most) {
    const { graph } = this;
    const { source, value, outpoint } = graph.inputs[number];
    if (source === COINBASE || value === 0n) return NOTHING;
    if (source === UNKNOWN) {
      this.ask("source", outpoint);
      return this.policy.doubt(value, most);
    }
    const maker = graph.outputs[source].tx;
    if (this.shown.has(maker) || this.declared.has(source) || !this.pool.reaches(maker)) return NOTHING;
    this.askSources(this.pool.roots(maker));
    return this.policy.doubt(value, most);
  }

  askSources(numbers) {
    for (const number of numbers) this.ask("source", this.graph.inputs[number].outpoint);
  }

  place(output, live, known) {
    if (live.coins.upper === 0n) return;
    const { graph } = this;
    const labels = known.length > 0 ? known : this.labelsOf(output);
    if (this.isStoppedBy(labels)) {
      this.leaveOut("service", output, live, labels);
      return;
    }
    const { spender, value } = graph.outputs[output];
    if (spender === NO_SPEND) {
      this.rest(output, value, live, labels);
      return;
    }
    const tx = graph.spenderTx(output);
    const limit = live.coins.upper < this.question.minSat ? "min-sat" : this.limitAt(tx, live.hop + 1);
    if (limit !== "") {
      this.leaveOut(limit, output, live, labels);
      return;
    }
    const after = live.after || labels.some((label) => label.isService);
    this.follow(output, { ...live, after }, tx);
  }

  rest(output, value, live, labels) {
    const { canSpend, tx, outpoint } = this.graph.outputs[output];
    if (canSpend) {
      this.pool.leave(tx, live.coins.upper);
      this.ask("spender", outpoint);
    } else {
      this.pool.sure += live.coins.lower;
    }
    this.hold(canSpend ? "no-spend-seen" : "unspendable", output, -1, value, live, labels);
  }
}

/* From outputs to where their coins came from. */
class Backward extends Walk {
  visit(tx) {
    const { graph } = this;
    const most = this.pool.most(tx);
    const [traced, doubtful, links] = [[], [], []];
    let [hop, after] = [null, false];
    for (const output of graph.txs[tx].outputs) {
      const [live, isDoubtful] = this.asked(tx, output, most);
      traced.push(live.coins);
      doubtful.push(isDoubtful);
      if (live.coins.upper === 0n || isDoubtful) continue;
      links.push(output);
      hop = hop === null ? live.hop : Math.min(hop, live.hop);
      after ||= live.after;
    }
    if (hop === null) return;
    const split = this.policy.backward(this.spend(tx, traced, doubtful, most));
    this.addStep(tx, split);
    graph.txs[tx].inputs.forEach((number, at) => {
      const live = { coins: split.arms[at], hop: hop + 1, after };
      if (live.coins.upper > 0n) this.place(tx, number, live, split, links);
    });
  }

  /* What is asked of one output of a transaction, and whether only doubt asks it. */
  asked(tx, output, most) {
    const isStart = this.declared.has(output);
    let live;
    if (this.live.has(output)) {
      live = this.take(output);
      if (!isStart) return [live, false];
    } else {
      const unseen = most > 0n ? this.unseen(output, most) : NOTHING;
      live = { coins: unseen, hop: 0, after: false };
      if (!isStart) return [live, unseen.upper > 0n];
    }
    const { value } = this.graph.outputs[output];
    live = { coins: this.merge(output, live.coins, value), hop: 0, after: live.after };
    const limit = this.limitAt(tx, 1);
    if (limit === "" || live.coins.upper === 0n) return [live, false];
    this.leaveOut(limit, output, live, this.labelsOf(output));
    return [{ coins: NOTHING, hop: 0, after: false }, false];
  }

  /* What an output that the trace did not reach can hold of coins out of sight. */
  unseen(output, most) {
    const { graph } = this;
    const { value, spender, canSpend, outpoint } = graph.outputs[output];
    if (value === 0n) return NOTHING;
    if (spender === NO_SPEND) {
      if (!canSpend) return NOTHING;
      this.ask("spender", outpoint);
      return this.policy.doubt(value, most);
    }
    const tx = graph.spenderTx(output);
    if (this.shown.has(tx) || !this.pool.reaches(tx)) return NOTHING;
    for (const number of this.pool.roots(tx)) this.ask("spender", graph.outputs[number].outpoint);
    return this.policy.doubt(value, most);
  }

  place(tx, number, live, split, links) {
    const { source, value, outpoint } = this.graph.inputs[number];
    const labels = source >= 0 ? this.labelsOf(source) : [];
    this.addRow(tx, number, source, value, live, split, labels, links);
    if (source === COINBASE) {
      this.pool.sure += live.coins.lower;
      this.hold("newly-issued", -1, number, value, live, []);
    } else if (source === UNKNOWN) {
      this.pool.leave(tx, live.coins.upper);
      this.ask("source", outpoint);
      this.hold("unknown-source", -1, number, value, live, []);
    } else {
      this.goBack(source, live, labels);
    }
  }

  goBack(source, live, labels) {
    const maker = this.graph.outputs[source].tx;
    let limit = this.limitAt(maker, live.hop + 1);
    if (live.coins.upper < this.question.minSat) limit = "min-sat";
    if (this.isStoppedBy(labels)) limit = "service";
    if (limit !== "") {
      this.leaveOut(limit, source, live, labels);
      return;
    }
    const after = live.after || labels.some((label) => label.isService);
    this.follow(source, { ...live, after }, maker);
  }
}

/* Trace under one policy. */
export function walk(graph, policy, question, isReversed) {
  const Kind = question.isBackward ? Backward : Forward;
  return new Kind(graph, policy, question, isReversed).run();
}
