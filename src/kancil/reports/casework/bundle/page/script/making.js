/* The bundle and the ledger entry "bundle.made" of its making: each states what the other must be.
   The rules are those of src/kancil/reports/casework/bundle/checker/making.py. */

import { must, mustBeNone } from "./bad.js";
import { toHex } from "./bytes.js";
import { sha256 } from "./digest.js";
import { hasKeys } from "./json.js";
import { UNDECLARED, formatOf } from "./manifest.js";
import { PUBLISHED_BEFORE } from "./published.js";

const MADE = "bundle.made";

/* The entry that records the making: the last one of this analysis, which the manifest names. */
function makingOf(entries, manifest) {
  const made = entries.findLast(
    (one) =>
      one.kind === MADE &&
      one.case?.id === manifest.case &&
      one.body.analysis_sha256 === manifest.analysis_sha256,
  );
  must(made !== undefined, "made-missing", {});
  must((manifest.made_entry ?? made.hash) === made.hash, "made-missing", {});
  must(made.officer === manifest.officer && made.key === manifest.key, "made-officer", {});
  return made;
}

/* A unit whose ledger has once declared a format does not go back to the one before. */
function mustDeclareFormat(entries, made, manifest) {
  const isUndeclared = formatOf(manifest) === UNDECLARED;
  const wentBack = entries.some(
    (one) => isUndeclared && one.kind === MADE && "format" in one.body && one.n < made.n,
  );
  const expected = isUndeclared ? undefined : manifest.format;
  const params = { n: made.n, format: manifest.format };
  must((made.body.format ?? undefined) === expected && !wentBack, "made-format", params);
}

function mustFitTime(made, manifest, checkpoint) {
  const params = { n: made.n };
  if (formatOf(manifest) === UNDECLARED) {
    must(manifest.made_at >= made.at, "made-time", params);
    return;
  }
  must(manifest.made_at === made.at, "made-time", params);
  must(checkpoint.time >= made.at, "checkpoint-early", params);
}

/* What the entry declares sealed: number and reason by hash; null where it has another form. */
function declaredBy(made) {
  const list = made.body.withheld;
  if (!Array.isArray(list)) return null;
  const declared = new Map();
  for (const one of list) {
    if (!hasKeys(one, ["field", "n", "reason", "sha256"]) || one.field !== null) return null;
    const isTold = typeof one.reason === "string" && one.reason.trim() !== "";
    if (!Number.isSafeInteger(one.n) || typeof one.sha256 !== "string" || !isTold) return null;
    declared.set(one.sha256, { n: one.n, reason: one.reason });
  }
  return declared.size === list.length ? declared : null;
}

/* Compare what is sealed with what is declared. Gives [number, reason] of each sealed entry; the
   reason is null where the format declares none. */
function compareSealed(made, sealed, manifest) {
  const declared = declaredBy(made);
  const isUndeclared = formatOf(manifest) === UNDECLARED;
  must(declared !== null || isUndeclared, "declared-form", { n: made.n });
  const wrong = [];
  const told = [...sealed].map(([hash, n]) => {
    const found = declared?.get(hash);
    const reason = found?.n === n ? found.reason : null;
    if (reason === null && !isUndeclared) wrong.push(["sealed-undeclared", { n }]);
    return [n, reason];
  });
  for (const [hash, { n }] of isUndeclared ? [] : declared)
    if (sealed.get(hash) !== n) wrong.push(["declared-unsealed", { n }]);
  mustBeNone(wrong);
  return told.sort(([one], [other]) => one - other);
}

/* Compare verify.html in the bundle with the one that the entry names, or in the format that names
   none with those published for it. Gives [code, params], or null where there is none. */
function checkPage(members, made, manifest) {
  const page = members.get("verify.html");
  const named = made.body.page_sha256 ?? null;
  if (page === undefined) return named === null ? null : ["page-absent", {}];
  const digest = toHex(sha256(page));
  const isUndeclared = formatOf(manifest) === UNDECLARED;
  const isRight = isUndeclared ? PUBLISHED_BEFORE.has(digest) : digest === named;
  must(isRight, "page-replaced", { digest });
  return [isUndeclared ? "page-old" : "page-named", { digest }];
}

/* Check all that ties the bundle to the entry of its making. Gives the entry, what is sealed with
   the reasons declared, and what is to be said of the page inside. */
export function checkMaking(members, entries, { manifest, checkpoint, sealed }) {
  const made = makingOf(entries, manifest);
  mustDeclareFormat(entries, made, manifest);
  mustFitTime(made, manifest, checkpoint);
  const declared = compareSealed(made, sealed, manifest);
  return { made, declared, page: checkPage(members, made, manifest) };
}
