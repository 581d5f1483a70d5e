/* Every row of every transfers table: first held against the raw transactions, so that what is wrong
   can be named, then the whole trace is computed again, and every table must be the same. */

import { must } from "./bad.js";
import { breathe } from "./bytes.js";
import { COINJOINS, readCoinjoins } from "./coinjoins.js";
import { readAnyTable, readTable, timeText } from "./csv.js";
import { Graph } from "./graph.js";
import { satoshi } from "./proofs.js";
import { readQuestion } from "./question.js";
import { checkStudies, studyMember } from "./studies.js";
import { COLUMNS, LabelBook, answer, answerDigest } from "./trace.js";
import { member } from "./zip.js";

const LABEL_COLUMNS = [
  "row", "address", "publisher", "label", "category", "abuse", "law", "listed_on", "modified_on", "fetched_on",
  "confidence", "licence", "source", "sha256", "place", "is_service", "is_listed_by_law",
];
const OF_CHAIN = ["labels.csv", "proofs/blocks.json", "proofs/headers.bin", "proofs/transactions.json"];
const NO_COINJOINS = { count: 0, stops: () => false };
const OUTPOINT = /^[0-9a-f]{64}:(?:0|[1-9]\d{0,9})$/;
const NUMBER = /^(?:0|[1-9]\d{0,8})$/;

function readLabels(members) {
  const name = "analysis/labels.csv";
  const { head, rows } = readAnyTable(member(members, name), name);
  must(head.join() === LABEL_COLUMNS.join(), "table-form", { name });
  rows.forEach((label, at) => {
    must(label.row === String(at + 1), "table-form", { name });
    for (const flag of [label.is_service, label.is_listed_by_law])
      must(["yes", "no"].includes(flag), "table-form", { name });
  });
  return rows;
}

/* Nothing stands under analysis/ but what the format names; traces and studies are numbered 1, 2, 3 … */
function mustBeKnown(members, count, studies, hasStops) {
  const known = new Set(["analysis/analysis.json", "analysis/report.html"]);
  if (count > 0) for (const name of OF_CHAIN) known.add(`analysis/${name}`);
  if (hasStops) known.add(COINJOINS);
  for (let number = 1; number <= studies; number += 1) known.add(studyMember(number));
  for (let number = 1; number <= count; number += 1) {
    for (const table of Object.keys(COLUMNS)) known.add(`analysis/traces/${number}/${table}.csv`);
    for (const file of ["parameters.json", "transfers.parquet", "picture.svg"])
      known.add(`analysis/traces/${number}/${file}`);
  }
  for (const name of members.keys()) {
    // The transactions were held against their list before.
    const isListed = count > 0 && name.startsWith("analysis/proofs/tx/");
    const isOurs = name.startsWith("analysis/") && !isListed;
    must(!isOurs || known.has(name), "member-unknown", { name });
  }
}

/* Check all tables of all traces, and the studies. `custody` says what the ledger recorded, or is null.
   Gives {rows, traces, unknown, sealed, coinjoins, studies}: `unknown` lists the traces whose method this page does not know, so
   that their amounts were not computed again; `sealed` counts answers whose entry is not shown, `coinjoins` what heuristics said
   of transactions at which traces stopped. */
export async function checkTables(members, facts, custody, advance) {
  const { traces: count, studies } = facts.analysis;
  const labels = count > 0 ? readLabels(members) : [];
  const book = new LabelBook(labels);
  const questions = Array.from({ length: count }, (_, at) => readQuestion(members, at + 1));
  const hasStops = questions.some((question) => question.hasStops);
  mustBeKnown(members, count, studies.length, hasStops);
  const coinjoins = hasStops ? readCoinjoins(members, facts.transactions) : NO_COINJOINS;
  if (custody !== null) mustNameTraces(custody, count);
  const graph = count > 0 ? new Graph(facts, facts.analysis.others) : null;
  const found = { rows: 0, traces: count, unknown: [], sealed: 0, coinjoins: coinjoins.count };
  found.studies = checkStudies(members, studies, custody);
  for (let number = 1; number <= count; number += 1) {
    const question = questions[number - 1];
    const name = `analysis/traces/${number}/transfers.csv`;
    const rows = readTable(member(members, name), name, COLUMNS.transfers);
    await checkRows(rows, number, facts, { labels, question });
    found.rows += rows.length;
    if (question.isKnown) {
      const tables = answer(graph, question, { book, coinjoins }, number);
      compareTables(members, number, tables);
      found.sealed += mustBeRecorded(custody, number, answerDigest(question, tables));
    } else {
      found.unknown.push(number);
    }
    advance(1);
    await breathe();
  }
  return found;
}

function mustNameTraces({ traces }, count) {
  must(Array.isArray(traces) && traces.length === count, "trace-unrecorded", { trace: 1 });
}

/* The ledger names each answer by its digest. Gives 1 where that entry is sealed, else 0. */
function mustBeRecorded(custody, number, digest) {
  if (custody === null) return 1;
  const { traces, recorded } = custody;
  const said = recorded.get(traces[number - 1]);
  must(said === undefined || said === digest, "trace-digest", { trace: number });
  return said === undefined ? 1 : 0;
}

/* Hold the tables that stand in the bundle against those computed again, cell by cell. */
function compareTables(members, number, tables) {
  for (const [table, columns] of Object.entries(COLUMNS)) {
    const name = `analysis/traces/${number}/${table}.csv`;
    const held = readTable(member(members, name), name, columns);
    const fresh = tables[table];
    held.forEach((row, at) => {
      const isSame = columns.every((column, place) => row[column] === fresh[at]?.[place]);
      must(isSame, "row-differs", { trace: number, table, row: at + 1 });
    });
    must(held.length === fresh.length, "row-count", { trace: number, table, count: fresh.length });
  }
}

/* Check the facts of every row of one table, as far as the chain alone says them. */
async function checkRows(rows, number, facts, context) {
  const index = new Map();
  for (const one of facts.transactions) {
    if (!index.has(one.txid)) index.set(one.txid, []);
    index.get(one.txid).push(one);
  }
  for (const [at, row] of rows.entries()) {
    const params = { trace: number, row: at + 1 };
    must(row.row === String(at + 1) && NUMBER.test(row.hop), "row-number", params);
    const found = (index.get(row.txid) ?? []).find((one) => (one.block ?? "") === row.block_hash);
    must(found !== undefined, "row-tx", params);
    mustBePlaced(row, found, facts, params);
    mustPay(row, found, context.question, params);
    mustBeLabelled(row, context.labels, params);
    if (at % 500 === 499) await breathe();
  }
}

function mustBePlaced(row, found, facts, params) {
  const time = found.block === null ? "" : timeText(facts.byBlock.get(found.block).row.time);
  must(row.block_time === time, "row-time", params);
}

/* The transaction spends the outputs that the row comes from, and makes those it goes to. */
function mustPay(row, found, question, params) {
  const { read, txid } = found;
  const spent = new Set(read.isCoinbase ? [] : read.inputs.map((input) => input.outpoint));
  const sources = row.from_outputs === "" ? [] : row.from_outputs.split(" ");
  must(new Set(sources).size === sources.length, "row-from", params);
  for (const source of sources) must(spent.has(source), "row-from", params);
  must(sources.length > 0 || (question.isBackward && read.isCoinbase), "row-from", params);
  for (const target of row.to_output.split(" ")) {
    must(OUTPOINT.test(target) && target.startsWith(`${txid}:`), "row-to", params);
    must(read.outputs[Number(target.split(":")[1])] !== undefined, "row-to", params);
  }
  const amounts = [row.lower_sat, row.upper_sat, row.value_sat || row.upper_sat].map(satoshi);
  must(amounts.every((amount) => amount !== null), "row-bounds", params);
  must(amounts[0] <= amounts[1] && amounts[1] <= amounts[2], "row-bounds", params);
}

function mustBeLabelled(row, labels, params) {
  must(["yes", "no"].includes(row.after_service), "row-service", params);
  for (const number of row.labels === "" ? [] : row.labels.split(" ")) {
    const label = NUMBER.test(number) ? labels[Number(number) - 1] : undefined;
    must(label !== undefined && row.address !== "" && label.address === row.address, "row-labels", params);
  }
}
