/* The unit's proof that a later checkpoint grew from an earlier one (docs/formats/ledger.md). */

import { Bad, must } from "./bad.js";
import { hash32, toUtf8 } from "./bytes.js";
import { isUuid } from "./entry.js";
import { hasKeys, readJson } from "./json.js";
import { isConsistent } from "./merkle.js";

const FORMAT = "kancil-consistency/1";
const LONGEST_PATH = 128;

/* Say whether a text looks like such a proof, so that a dropped file is taken as one. */
export function isConsistencyText(text) {
  return text.includes(`"${FORMAT}"`);
}

/* Read a proof: {unit, from, to, path}; null where the text is none. */
export function readConsistency(text) {
  try {
    const value = readJson(toUtf8(text.trim()), "", { canonical: true });
    must(hasKeys(value, ["format", "from", "path", "to", "unit"]), "consistency-form", {});
    must(value.format === FORMAT && isUuid(value.unit), "consistency-form", {});
    must([value.from, value.to].every(isSize), "consistency-form", {});
    must(Array.isArray(value.path) && value.path.length <= LONGEST_PATH, "consistency-form", {});
    return { ...value, path: value.path.map((hash) => hash32(hash, "consistency-form")) };
  } catch (error) {
    if (error instanceof Bad) return null;
    throw error;
  }
}

function isSize(value) {
  return Number.isSafeInteger(value) && value >= 1;
}

/* Say whether the ledger of the earlier checkpoint is the beginning of the later one's. */
export function leadsTo(proof, unit, earlier, later) {
  const isOfThem = proof.unit === unit && proof.from === earlier.size && proof.to === later.size;
  return isOfThem && isConsistent(earlier.size, later.size, proof.path, earlier.root, later.root);
}
