/* Recorded studies: the bytes of each result are those that a signed entry names by their SHA-256.
   What a study answers is not computed again: the blocks that it read are not in the bundle. The
   rules are those of src/kancil/reports/casework/bundle/checker/studies.py. */

import { must } from "./bad.js";
import { toHex } from "./bytes.js";
import { sha256 } from "./digest.js";
import { hasKeys, isObject, readJson, sameJson } from "./json.js";
import { member } from "./zip.js";

export const STUDIES = "analysis/studies/";
/* How a study came out when the maker ran it again; each but the first was not compared. */
export const STATES = ["same", "inputs-changed", "inputs-gone", "version-gone"];
const FORMAT = "kancil-study/1";
const HOLDS = ["text", "code", "id", "count", "sat", "time", "day", "phrase"];
const SATOSHI = /^(?:0|-?[1-9]\d{0,19})$/;

/* The member that holds the result of study `number`, from 1. */
export function studyMember(number) {
  return `${STUDIES}${number}/result.json`;
}

function isCell(cell, { holds }) {
  if (cell === null) return true;
  if (holds === "count") return Number.isSafeInteger(cell);
  return typeof cell === "string" && (holds !== "sat" || SATOSHI.test(cell));
}

function isColumn(column) {
  if (!hasKeys(column, ["holds", "name", "selector", "words"])) return false;
  const texts = [column.name, column.selector, column.words];
  return texts.every((text) => typeof text === "string") && HOLDS.includes(column.holds);
}

function isTable(table) {
  if (!hasKeys(table, ["columns", "name", "rows"]) || typeof table.name !== "string") return false;
  const { columns, rows } = table;
  if (!Array.isArray(columns) || !columns.every(isColumn) || !Array.isArray(rows)) return false;
  return rows.every(
    (row) =>
      Array.isArray(row) &&
      row.length === columns.length &&
      row.every((cell, at) => isCell(cell, columns[at])),
  );
}

function readResult(bytes, name) {
  const result = readJson(bytes, name, { canonical: true });
  const keys = ["format", "parameters", "study", "tables", "version"];
  must(hasKeys(result, keys) && result.format === FORMAT, "study-form", { name });
  must(typeof result.study === "string" && typeof result.version === "string", "study-form", { name });
  must(isObject(result.parameters) && Array.isArray(result.tables), "study-form", { name });
  must(result.tables.every(isTable), "study-form", { name });
  return result;
}

/* The making names so many studies, each once; no more of them have no entry than are sealed. */
function mustBeNamed({ studies, studyRuns, sealed }, count) {
  const isList = Array.isArray(studies) && studies.every((id) => typeof id === "string");
  must(isList && studies.length === count, "studies-unrecorded", {});
  must(new Set(studies).size === count, "studies-unrecorded", {});
  const hidden = studies.filter((id) => !studyRuns.has(id));
  must(hidden.length <= sealed, "studies-unrecorded", {});
}

/* Check every study. `listed`: as analysis.json lists them; `custody` says what the ledger recorded,
   or is null. Gives {count, sealed, apart}: `sealed` counts those whose entry is not shown, `apart` has
   the numbers of those that the maker did not compare, by state. */
export function checkStudies(members, listed, custody) {
  const found = { count: listed.length, sealed: 0, apart: new Map() };
  if (custody !== null) mustBeNamed(custody, listed.length);
  for (const [at, { run_again: again }] of listed.entries()) {
    const name = studyMember(at + 1);
    const bytes = member(members, name);
    const result = readResult(bytes, name);
    if (again !== STATES[0]) found.apart.set(again, [...(found.apart.get(again) ?? []), at + 1]);
    const body = custody?.studyRuns.get(custody.studies[at]);
    if (body === undefined) found.sealed += 1;
    else mustBeRecorded(bytes, result, body, { study: at + 1 });
  }
  return found;
}

function mustBeRecorded(bytes, result, { provenance, result_sha256: digest }, params) {
  must(toHex(sha256(bytes)) === digest, "study-digest", params);
  const stated = isObject(provenance) ? provenance : {};
  const asked = [stated.method ?? null, stated.version ?? null, stated.parameters ?? null];
  const isSame = sameJson(asked, [result.study, result.version, result.parameters]);
  must(isSame, "study-differs", params);
}
