/* Computes a trace again from the raw transactions, under each policy compared and in both orders, and
   writes its tables as the bundle's writer must have written them (result_tables.py). */

import { must } from "./bad.js";
import { toHex } from "./bytes.js";
import { least, sum } from "./coins.js";
import { timeText, writeTable } from "./csv.js";
import { sha256 } from "./digest.js";
import { canonicalJson } from "./json.js";
import { walk } from "./walk.js";

export const COLUMNS = {
  transfers: [
    "row", "hop", "txid", "block_hash", "block_time", "from_outputs", "to_output", "address",
    "value_sat", "lower_sat", "upper_sat", "reason", "after_service", "labels",
  ],
  holdings: [
    "row", "state", "output", "address", "value_sat", "lower_sat", "upper_sat", "hop",
    "after_service", "labels",
  ],
  left_out: [
    "row", "limit", "output", "address", "lower_sat", "upper_sat", "hop", "spend_seen", "labels",
  ],
  fetch_list: ["row", "kind", "outpoint"],
  totals: [
    "policy", "version", "order", "adds_up", "start_sat", "overlap_lower_sat", "overlap_upper_sat",
    "resting_lower_sat", "resting_upper_sat", "newly_issued_lower_sat", "newly_issued_upper_sat",
    "unknown_source_lower_sat", "unknown_source_upper_sat", "fees_lower_sat", "fees_upper_sat",
    "left_out_lower_sat", "left_out_upper_sat", "undetermined_sat", "may_return_sat",
  ],
};

/* Numbers the labels of the bundle by address. Labels that are the same in all but their number
   count as one, under the last number. */
export class LabelBook {
  constructor(labels) {
    this.byAddress = new Map();
    const lastNumber = new Map();
    for (const label of labels) {
      const { row, ...rest } = label;
      const key = JSON.stringify(rest);
      lastNumber.set(key, row);
      if (!this.byAddress.has(label.address)) this.byAddress.set(label.address, []);
      this.byAddress.get(label.address).push({ key, isService: label.is_service === "yes" });
    }
    this.numberOf = (label) => lastNumber.get(label.key);
  }

  of(address) {
    return address === "" ? [] : (this.byAddress.get(address) ?? []);
  }

  rows(labels) {
    return labels.map(this.numberOf).join(" ");
  }
}

/* Run one question under the policies that it compares. Gives the tables as lists of rows of text. */
export function answer(graph, question, { book, coinjoins }, number) {
  const starts = question.named.map(({ outpoint, share }) => ({ output: graph.startOf(outpoint), share }));
  mustBeShares(graph, starts, number);
  const asked = {
    ...question,
    starts,
    labelsOf: (address) => book.of(address),
    isStop: (txid) => coinjoins.stops(txid, question.stopsAt),
  };
  const walks = question.policies.flatMap((policy) => {
    const orders = policy.hasOrder ? [false, true] : [false];
    return orders.map((isReversed) => ({ policy, isReversed, walk: walk(graph, policy, asked, isReversed) }));
  });
  for (const one of walks) mustNotLean(one.walk, graph, number);
  const chosen = walks.find((one) => one.policy.name === question.policy && !one.isReversed).walk;
  const writer = new Writer(graph, book, question.isBackward);
  return {
    transfers: numbered(chosen.transfers.map((row) => writer.transfer(row))),
    holdings: numbered(chosen.holdings.map((row) => writer.holding(row))),
    left_out: numbered(chosen.leftOut.map((row) => writer.leftOut(row))),
    fetch_list: numbered([...chosen.fetches].sort().map((fetch) => fetch.split(","))),
    totals: walks.map(writer.totals),
  };
}

/* The digest by which a ledger entry names an answer; without the column `labels`, whose numbers
   depend on what else stands in a bundle. */
export function answerDigest(question, tables) {
  const digests = {};
  for (const [name, columns] of Object.entries(COLUMNS)) {
    const last = columns.indexOf("labels");
    const kept = (row) => (last < 0 ? row : row.slice(0, last));
    digests[name] = toHex(sha256(writeTable(kept(columns), tables[name].map(kept))));
  }
  return toHex(sha256(canonicalJson({ parameters: question.parameters, tables: digests })));
}

function mustBeShares(graph, starts, number) {
  const declared = new Map();
  for (const { output, share } of starts) {
    const { value } = graph.outputs[output];
    declared.set(output, (declared.get(output) ?? 0n) + (share ?? value));
    must(declared.get(output) <= value, "trace-share", { trace: number });
  }
}

/* No row may depend on a transaction that the maker held and did not put in. */
function mustNotLean(done, graph, number) {
  const params = { trace: number };
  for (const { tx } of done.steps)
    must(!graph.txs[tx].inputs.some((n) => graph.sourcesNotShown.has(n)), "trace-source", params);
  const ends = [
    ...done.holdings.filter((row) => row.state === "no-spend-seen" || row.state === "unspendable"),
    ...done.leftOut.filter((row) => !row.spendSeen),
  ];
  must(!ends.some((row) => graph.spendsNotShown.has(row.output)), "trace-spend", params);
}

function numbered(rows) {
  return rows.map((row, at) => [String(at + 1), ...row]);
}

function yesNo(truth) {
  return truth ? "yes" : "no";
}

class Writer {
  constructor(graph, book, isBackward) {
    Object.assign(this, { graph, book, isBackward });
    this.totals = this.totals.bind(this);
  }

  outpoint(output, input) {
    return output >= 0 ? this.graph.outputs[output].outpoint : this.graph.inputs[input].outpoint;
  }

  address(output) {
    return output >= 0 ? this.graph.outputs[output].address : "";
  }

  transfer(row) {
    const { one, time } = this.graph.txs[row.tx];
    const linked = row.links.map((output) => this.outpoint(output)).join(" ");
    const here = this.outpoint(row.output, row.input);
    const ends = this.isBackward ? [here, linked] : [linked, here];
    return [
      String(row.hop), one.txid, one.block ?? "", time < 0 ? "" : timeText(time), ...ends,
      this.address(row.output), valueText(row.value), ...bounds(row), row.reason,
      yesNo(row.after), this.book.rows(row.labels),
    ];
  }

  holding(row) {
    return [
      row.state, this.outpoint(row.output, row.input), this.address(row.output),
      valueText(row.value), ...bounds(row), String(row.hop), yesNo(row.after),
      this.book.rows(row.labels),
    ];
  }

  leftOut(row) {
    return [
      row.limit, this.outpoint(row.output), this.address(row.output), ...bounds(row),
      String(row.hop), yesNo(row.spendSeen), this.book.rows(row.labels),
    ];
  }

  totals({ policy, isReversed, walk: done }) {
    const of = (rows) => [sum(rows.map((r) => r.coins.lower)), sum(rows.map((r) => r.coins.upper))];
    const ended = (wanted) => of(done.holdings.filter((row) => wanted(row.state)));
    const apart = ["newly-issued", "unknown-source"];
    const declared = done.pool.declaredAll;
    const parts = [
      ended((state) => !apart.includes(state)),
      ...apart.map((name) => ended((state) => state === name)),
      of(done.steps.map((step) => ({ coins: step.fee }))),
      of(done.leftOut),
    ];
    const lowers = sum([done.overlap, ...parts].map((part) => part[0]));
    const within = ([lower, upper]) => [lower, policy.conserves ? least(upper, declared) : upper];
    return [
      policy.name, policy.version, isReversed ? "reversed" : "as-written", yesNo(policy.conserves),
      ...[declared, ...done.overlap, ...parts.flatMap(within)].map(String),
      String(policy.conserves ? declared - lowers : 0n), String(done.pool.unseenReturn()),
    ];
  }
}

function valueText(value) {
  return value < 0n ? "" : String(value);
}

function bounds(row) {
  return [String(row.coins.lower), String(row.coins.upper)];
}
