/* One ledger entry: its form, its hash, its signature (docs/formats/ledger.md). */

import { must } from "./bad.js";
import { fromBase64, isHex, toHex } from "./bytes.js";
import { hasKeys, isObject, readJson } from "./json.js";
import { leafHash } from "./merkle.js";
import { isTime } from "./note.js";

const KEYS = [
  "at", "body", "case", "exhibit", "format", "key", "kind", "n", "officer", "prev", "unit",
];
const STATEMENT_AT = 116;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;
/* Where an entry of each kind stands in its case and in its exhibit: not at all, as the first entry
   of it, later, or at any place. */
const [NONE, FIRST, LATER, ANY] = ["none", "first", "later", "any"];
const KINDS = new Map([
  ...[
    "unit.founded", "unit.default-policy", "unit.disk-stated", "officer.added",
    "officer.retired", "key.rotated", "key.revoked", "chain.ingested", "labels.imported",
    "label.withdrawn", "package.made", "prices.imported", "law.imported", "timestamp.attached",
    "bundle.kept", "file.refused", "backup.made", "workspace.restored", "workspace.upgraded",
    "certificate.made", "unit.second-factor",
    "account.added", "account.changed", "deconfliction.viewed", "deconfliction.notified",
    "directory.imported", "directory.verified",
  ].map((kind) => [kind, [NONE, NONE]]),
  ["case.opened", [FIRST, NONE]],
  ...[
    "case.basis-added", "case.member-added", "case.member-removed", "case.entered", "trace.run",
    "trace.kept", "trace.set-aside",
    "study.run", "transfers.decided", "victims.recorded", "finding.accepted",
    "finding.withdrawn", "bundle.made", "report.made", "note.added", "note.withdrawn",
    "view.saved", "request.drafted", "request.authorised", "request.recorded",
    "request.received",
  ].map((kind) => [kind, [LATER, NONE]]),
  ["exhibit.seized", [LATER, FIRST]],
  ["exhibit.added", [LATER, ANY]],
  ...[
    "exhibit.sealed", "exhibit.acquired", "exhibit.transferred", "exhibit.stored",
    "exhibit.opened", "exhibit.deposited", "exhibit.returned", "exhibit.disposed",
    "exhibit.limited", "exhibit.released", "exhibit.viewed", "exhibit.downloaded", "transfers.read",
  ].map((kind) => [kind, [LATER, LATER]]),
]);

export const ZEROS = "0".repeat(64);

export function isUuid(text) {
  return typeof text === "string" && UUID.test(text);
}

export function isKnownKind(kind) {
  return KINDS.has(kind);
}

function fits(place, link) {
  if (link === null) return place === NONE;
  if (place === FIRST) return link.n === 1;
  return place === LATER ? link.n > 1 : place === ANY;
}

/* Say whether an entry stands where its kind may; one of an unknown kind may anywhere. */
export function isInPlace(entry) {
  const [inCase, inExhibit] = KINDS.get(entry.kind) ?? [null, null];
  return inCase === null || (fits(inCase, entry.case) && fits(inExhibit, entry.exhibit));
}

function mustBeLink(link, params) {
  if (link === null) return;
  must(hasKeys(link, ["id", "n", "prev"]) && isUuid(link.id), "entry-form", params);
  must(Number.isSafeInteger(link.n) && link.n >= 1 && isHex(link.prev, 32), "entry-form", params);
  must((link.n === 1) === (link.prev === ZEROS), "entry-form", params);
}

/* Read one line of entries.jsonl; `line` is its number there, for what is said of it. */
export function readEntry(bytes, line) {
  const params = { n: line };
  const whole = readJson(bytes, `custody/entries.jsonl: ${line}`, { canonical: true });
  must(hasKeys(whole, ["signature", "statement"]), "entry-form", params);
  const signature = fromBase64(whole.signature, "entry-form", params);
  must(signature.length === 64, "entry-form", params);
  const statement = whole.statement;
  must(hasKeys(statement, KEYS) && isObject(statement.body), "entry-form", params);
  must(statement.format === "kancil-ledger/1", "entry-format", params);
  must(isUuid(statement.unit) && isTime(statement.at), "entry-form", params);
  must(statement.officer === null || isUuid(statement.officer), "entry-form", params);
  must(FINGERPRINT.test(String(statement.key)) && isHex(statement.prev, 32), "entry-form", params);
  must(typeof statement.kind === "string" && statement.kind !== "", "entry-form", params);
  must(Number.isSafeInteger(statement.n) && statement.n >= 1, "entry-form", params);
  must((statement.n === 1) === (statement.prev === ZEROS), "entry-form", params);
  mustBeLink(statement.case, params);
  mustBeLink(statement.exhibit, params);
  return {
    ...statement,
    signature,
    signed: bytes.subarray(STATEMENT_AT, bytes.length - 1),
    hash: toHex(leafHash(bytes)),
  };
}
