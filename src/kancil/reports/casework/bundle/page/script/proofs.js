/* The list of transactions and blocks that the proofs are about, read strictly. */

import { must } from "./bad.js";
import { hash32, isHex } from "./bytes.js";
import { hasKeys, isObject, readJson } from "./json.js";
import { STATES } from "./studies.js";
import { MAX_MONEY } from "./transaction.js";
import { HEADER_BYTES } from "./work.js";
import { member } from "./zip.js";

const FOLDER = "analysis/proofs/";
export const LINKED = "difficulty checked along held headers to a pinned checkpoint";
export const OWN = "own target only";
const SOURCES = ["linked", "coinbase", "file name", null];
const LONGEST_PATH = 32;
/* Network of a bundle in which there is nothing of a chain. */
const NO_NETWORK = "none";

export function isPlace(value) {
  return Number.isSafeInteger(value) && value >= 0 && value < 2 ** 31;
}

/* Satoshi as text, or null when the text is not an amount. */
export function satoshi(text) {
  if (typeof text !== "string" || !/^(?:0|[1-9]\d{0,15})$/.test(text)) return null;
  const value = BigInt(text);
  return value <= MAX_MONEY ? value : null;
}

export function readBlocks(members) {
  const name = `${FOLDER}blocks.json`;
  const list = readJson(member(members, name), name, { canonical: true });
  must(Array.isArray(list), "proofs-member", { name });
  const count = member(members, `${FOLDER}headers.bin`).length / HEADER_BYTES;
  for (const block of list) {
    must(hasKeys(block, ["hash", "height", "height_source", "place", "work"]), "proofs-member", { name });
    must(isHex(block.hash, 32) && isPlace(block.place), "proofs-member", { name });
    must(block.place < count, "proofs-member", { name });
    must(block.height === null || isPlace(block.height), "proofs-member", { name });
    must(SOURCES.includes(block.height_source), "proofs-member", { name });
    must((block.height === null) === (block.height_source === null), "proofs-member", { name });
    must([LINKED, OWN].includes(block.work), "work-failed", { block: String(block.hash) });
  }
  must(new Set(list.map((block) => block.hash)).size === list.length, "proofs-member", { name });
  return list;
}

function readPath(value, name) {
  must(Array.isArray(value) && value.length <= LONGEST_PATH, "proofs-member", { name });
  return value.map((hash) => hash32(hash, "proofs-member", { name }));
}

function readStated(value, name) {
  const stated = new Map();
  must(Array.isArray(value), "proofs-member", { name });
  for (const one of value) {
    must(hasKeys(one, ["input", "value_sat"]) && isPlace(one.input), "proofs-member", { name });
    const amount = satoshi(one.value_sat);
    must(amount !== null && !stated.has(one.input), "proofs-member", { name });
    stated.set(one.input, amount);
  }
  return stated;
}

const KEYS = [
  "block", "coinbase_path", "coinbase_txid", "index", "path", "run", "stated_values", "txid",
  "unknown_inputs", "unspent_outputs",
];

/* A list of places, ascending, each once. */
function readPlaces(value, name) {
  const isList = Array.isArray(value) && value.every(isPlace);
  must(isList && value.every((n, at) => at === 0 || value[at - 1] < n), "proofs-member", { name });
  return new Set(value);
}

/* The run of blocks that a transaction stands in, or the two that it stands between. */
function readRun(value, name) {
  const isPair = Array.isArray(value) && value.length === 2;
  must(isPair && value.every((n) => n === -1 || isPlace(n)), "proofs-member", { name });
  return value;
}

export function readTransactions(members) {
  const name = `${FOLDER}transactions.json`;
  const list = readJson(member(members, name), name, { canonical: true });
  must(Array.isArray(list), "proofs-member", { name });
  const used = new Set();
  const transactions = list.map((one) => {
    must(hasKeys(one, KEYS) && isHex(one.txid, 32), "proofs-member", { name });
    const isPlaced = one.block !== null;
    must(!isPlaced || (isHex(one.block, 32) && isPlace(one.index)), "proofs-member", { name });
    must(isPlaced || (one.index === null && one.coinbase_txid === null), "proofs-member", { name });
    must(one.coinbase_txid === null || isHex(one.coinbase_txid, 32), "proofs-member", { name });
    const raw = `${FOLDER}tx/${one.txid}.raw`;
    const base = `${FOLDER}tx/${one.txid}.base`;
    used.add(raw).add(base);
    return {
      txid: one.txid,
      block: one.block,
      index: one.index,
      path: readPath(one.path, name),
      coinbaseTxid: one.coinbase_txid,
      coinbasePath: readPath(one.coinbase_path, name),
      run: readRun(one.run, name),
      // Its whole block was held; else a proof alone may place it, and the block gives no time.
      isHeld: isPlaced && one.run[0] === one.run[1],
      stated: readStated(one.stated_values, name),
      unknownInputs: readPlaces(one.unknown_inputs, name),
      unspentOutputs: readPlaces(one.unspent_outputs, name),
      raw: member(members, raw),
      base: members.get(base) ?? null,
    };
  });
  for (const held of members.keys()) {
    if (held.startsWith(`${FOLDER}tx/`)) must(used.has(held), "proofs-spare", { name: held });
  }
  return transactions;
}

const HELD_KEYS = [
  "blocks", "blocks_sha256", "inputs", "last_block", "last_height", "last_time", "others", "runs",
  "transactions",
];

const ANALYSIS_KEYS = ["format", "held", "kancil", "network", "traces"];
const MOST = 10_000;

/* What analysis.json lists of studies; none in the form of a bundle of traces alone. */
function readStudies(analysis, name) {
  if (analysis.format === "kancil-analysis/1") return [];
  const { studies } = analysis;
  const isList = Array.isArray(studies) && studies.length >= 1 && studies.length <= MOST;
  must(isList, "proofs-member", { name });
  for (const one of studies)
    must(hasKeys(one, ["run_again"]) && STATES.includes(one.run_again), "proofs-member", { name });
  return studies;
}

/* analysis.json: {kancil, network, traces, studies, others}; `others` is what the maker states of
   transactions that were held and are not in the bundle, null where there is no trace. */
export function readAnalysis(members) {
  const name = "analysis/analysis.json";
  const analysis = readJson(member(members, name), name, { canonical: true });
  const hasStudies = isObject(analysis) && analysis.format === "kancil-analysis/2";
  const isTraining = isObject(analysis) && "site" in analysis;
  const keys = [...ANALYSIS_KEYS, ...(hasStudies ? ["studies"] : []), ...(isTraining ? ["site"] : [])];
  must(hasKeys(analysis, keys), "proofs-member", { name });
  must(!isTraining || analysis.site === "classroom", "proofs-member", { name });
  must(hasStudies || analysis.format === "kancil-analysis/1", "proofs-member", { name });
  const studies = readStudies(analysis, name);
  const { held, traces, network, kancil } = analysis;
  must(isPlace(traces) && traces >= (hasStudies ? 0 : 1) && traces <= MOST, "proofs-member", { name });
  if (traces === 0) {
    must(held === null && network === NO_NETWORK, "proofs-member", { name });
    return { kancil, network, traces, studies, isTraining, others: null };
  }
  must(hasKeys(held, HELD_KEYS), "proofs-member", { name });
  const others = held.others;
  must(hasKeys(others, ["is_loose", "unknown_run", "unseen_run"]), "proofs-member", { name });
  must(typeof others.is_loose === "boolean", "proofs-member", { name });
  const runs = [others.unknown_run, others.unseen_run];
  must(runs.every((run) => run === -1 || isPlace(run)), "proofs-member", { name });
  return { kancil, network, traces, studies, isTraining, others, blocks: held.blocks };
}
