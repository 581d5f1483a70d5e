/* Custody: the shown ledger entries, their places in the ledger's tree, the checkpoint, and the
   heads that make the histories of the case and of its exhibits complete. */

import { must } from "./bad.js";
import { breathe, fromUtf8, hash32, same, toHex } from "./bytes.js";
import { sha256 } from "./digest.js";
import { isInPlace, isKnownKind, isUuid, readEntry } from "./entry.js";
import { hasKeys, isObject, readJson } from "./json.js";
import { climb, rootOf } from "./merkle.js";
import { checkMaking } from "./making.js";
import { isNoteSignedBy, readNote } from "./note.js";
import { checkReceipt } from "./receipt.js";
import { Roll } from "./roll.js";
import { isSignedBy } from "./signature.js";
import { statementsOf } from "./statements.js";
import { checkViews } from "./views.js";
import { member } from "./zip.js";

function readEntries(members) {
  const bytes = member(members, "custody/entries.jsonl");
  fromUtf8(bytes, "utf8", { place: "custody/entries.jsonl" });
  must(bytes.length === 0 || bytes.at(-1) === 10, "entries-form", {});
  const entries = [];
  for (let at = 0; at < bytes.length; ) {
    const stop = bytes.indexOf(10, at);
    entries.push(readEntry(bytes.subarray(at, stop), entries.length + 1));
    at = stop + 1;
  }
  return entries;
}

function readProofs(members) {
  const name = "custody/proofs.json";
  const proofs = readJson(member(members, name), name, { canonical: true });
  must(hasKeys(proofs, ["case", "entries", "exhibits", "root", "size"]), "proofs-form", {});
  must(Number.isSafeInteger(proofs.size) && proofs.size >= 1, "proofs-form", {});
  must(Array.isArray(proofs.entries) && Array.isArray(proofs.case), "proofs-form", {});
  must(isObject(proofs.exhibits), "proofs-form", {});
  hash32(proofs.root, "proofs-form");
  for (const list of [proofs.case, ...Object.values(proofs.exhibits)]) {
    must(Array.isArray(list), "proofs-form", {});
    list.forEach((hash) => hash32(hash, "proofs-form"));
    must(new Set(list).size === list.length, "proofs-form", {});
  }
  return proofs;
}

/* Every path leads to the root. Gives number by hash, hash by number, and all known subtrees. */
async function climbAll(proofs) {
  const numberOf = new Map();
  const hashOf = new Map();
  const subtrees = new Map();
  const root = hash32(proofs.root, "proofs-form");
  let last = 0;
  for (const one of proofs.entries) {
    must(hasKeys(one, ["hash", "n", "path"]) && Array.isArray(one.path), "proofs-form", {});
    must(Number.isSafeInteger(one.n) && one.n > last && one.n <= proofs.size, "proofs-form", {});
    last = one.n;
    const leaf = hash32(one.hash, "proofs-form");
    const path = one.path.map((hash) => hash32(hash, "proofs-form"));
    const way = climb(leaf, one.n - 1, proofs.size, path);
    must(same(way.root, root), "path-wrong", { n: one.n });
    for (const [start, size, hash] of way.subtrees) subtrees.set(`${start}:${size}`, hash);
    must(!numberOf.has(one.hash), "proofs-form", {});
    numberOf.set(one.hash, one.n);
    hashOf.set(one.n, one.hash);
    if (numberOf.size % 200 === 0) await breathe();
  }
  return { numberOf, hashOf, subtrees };
}

function numbersOf(list, places) {
  const numbers = list.map((hash) => places.numberOf.get(hash));
  const isAscending = numbers.every((n, at) => n !== undefined && (at === 0 || numbers[at - 1] < n));
  must(isAscending, "history-order", {});
  return numbers;
}

async function mustBeHead(members, name, origin, list, context) {
  const head = readNote(member(members, name), name);
  must(head.origin === origin && head.ledger !== null, "head-form", { name });
  must(await isNoteSignedBy(head, context.unit, context.unitKey), "head-signature", { name });
  must(list.length > 0 && head.size === list.length, "head-incomplete", { name });
  const hashes = list.map((hash) => hash32(hash, "proofs-form"));
  must(same(head.root, rootOf(hashes)), "head-incomplete", { name });
  const { size, root } = context.checkpoint;
  must(head.ledger.size === size && same(head.ledger.root, root), "head-ledger", { name });
  numbersOf(list, context.places);
}

/* A link of an entry into its case or exhibit fits the complete list of that history. */
function mustFitHistory(entry, link, list) {
  const params = { n: entry.n };
  must(list[link.n - 1] === entry.hash, "history-place", params);
  must(link.n === 1 || list[link.n - 2] === link.prev, "history-link", params);
}

function mustFit(entry, last, context) {
  const { hashOf } = context.places;
  const params = { n: entry.n };
  must(isInPlace(entry), "entry-place", params);
  must(last === null || (last.n < entry.n && last.at <= entry.at), "entry-order", params);
  must(hashOf.get(entry.n) === entry.hash, "entry-hash", params);
  const before = hashOf.get(entry.n - 1);
  must(before === undefined || before === entry.prev, "entry-link", params);
  if (entry.case !== null && entry.case.id === context.manifest.case)
    mustFitHistory(entry, entry.case, context.proofs.case);
  if (entry.exhibit !== null) {
    const list = context.proofs.exhibits[entry.exhibit.id];
    const isOfCase = entry.case !== null && entry.case.id === context.manifest.case;
    must(list !== undefined || !isOfCase, "exhibit-unlisted", params);
    if (list !== undefined) mustFitHistory(entry, entry.exhibit, list);
  }
}

/* The case and exhibit lists may not name a shown entry that says it belongs elsewhere. */
function mustBelong(entries, context) {
  const byHash = new Map(entries.map((entry) => [entry.hash, entry]));
  for (const hash of context.proofs.case) {
    const entry = byHash.get(hash);
    must(entry === undefined || entry.case?.id === context.manifest.case, "history-place", {
      n: entry?.n,
    });
  }
  for (const [id, list] of Object.entries(context.proofs.exhibits)) {
    for (const hash of list) {
      const entry = byHash.get(hash);
      must(entry === undefined || entry.exhibit?.id === id, "history-place", { n: entry?.n });
    }
  }
}

function mustNameCase(members, entries, manifest) {
  const name = "custody/case.json";
  const said = readJson(member(members, name), name, { canonical: true });
  must(hasKeys(said, ["id", "number", "title", "unit"]), "case-form", {});
  must(said.id === manifest.case && said.unit === manifest.unit, "case-form", {});
  const opened = entries.filter((one) => one.kind === "case.opened");
  must(opened.length === 1 && opened[0].case.id === said.id, "case-form", {});
  const { number, title } = opened[0].body;
  must(number === said.number && title === said.title, "case-form", {});
  return said;
}

/* Number by hash of every entry of the histories whose bytes are not shown. */
function sealedOf(entries, { proofs, places }) {
  const shown = new Set(entries.map((entry) => entry.hash));
  const listed = new Set([...proofs.case, ...Object.values(proofs.exhibits).flat()]);
  const sealed = [...listed].filter((hash) => !shown.has(hash));
  return new Map(sealed.map((hash) => [hash, places.numberOf.get(hash)]));
}

/* keys.json says of each key what the shown entries say, and leaves none of them out. */
function mustBeKeysOf(entries, roll, keys) {
  const names = new Map(
    entries
      .filter(({ kind }) => kind === "unit.founded" || kind === "officer.added")
      .map(({ kind, body }) => [kind === "unit.founded" ? null : body.officer, body.name]),
  );
  for (const [fingerprint, { officer, name }] of keys) {
    const held = roll.keys.get(fingerprint);
    const isSame = held?.officer === officer && names.get(officer) === name;
    must(held !== undefined && isSame, "keys-other", { key: fingerprint });
  }
  for (const fingerprint of roll.keys.keys())
    must(keys.has(fingerprint), "keys-other", { key: fingerprint });
}

const FILES = new Set(
  ["case.json", "checkpoint.txt", "checkpoint.tsr", "entries.jsonl", "proofs.json", "keys.json"].map(
    (name) => `custody/${name}`,
  ),
);

/* Nothing stands under custody/ but what the format names. */
function mustBeKnown(members, proofs, keys) {
  const known = new Set(FILES).add("custody/heads/case.txt");
  for (const id of Object.keys(proofs.exhibits)) known.add(`custody/heads/${id}.txt`);
  for (let n = 1; n <= keys.size; n += 1) known.add(`custody/keys/${n}.pem`);
  for (const name of members.keys())
    must(!name.startsWith("custody/") || known.has(name), "member-unknown", { name });
}

/* Check everything under custody/ but the time stamp. Throws Bad at the first thing wrong. */
export async function checkCustody(members, manifest, keys) {
  const checkpoint = readNote(member(members, "custody/checkpoint.txt"), "custody/checkpoint.txt");
  must(toHex(sha256(checkpoint.bytes)) === manifest.checkpoint_sha256, "checkpoint-other", {});
  const proofs = readProofs(members);
  const isSame = checkpoint.size === proofs.size && toHex(checkpoint.root) === proofs.root;
  must(isSame && checkpoint.ledger === null, "checkpoint-other", {});
  must(checkpoint.origin === `kancil/${manifest.unit}`, "checkpoint-unit", {});
  const entries = readEntries(members);
  must(entries[0]?.n === 1, "entry-first", { n: 1, key: "" });
  const context = { manifest, proofs, checkpoint, places: await climbAll(proofs) };
  const roll = await checkEntries(entries, context, keys);
  must(roll.unit === manifest.unit, "entry-unit", { n: 1 });
  must("site" in entries[0].body === "site" in manifest, "entry-site", { n: 1 });
  context.unit = roll.unit;
  context.unitKey = roll.keys.get(roll.unitKey).key;
  const isSigned = await isNoteSignedBy(checkpoint, context.unit, context.unitKey);
  must(isSigned, "checkpoint-signature", {});
  await checkHeads(members, context);
  mustBelong(entries, context);
  mustBeKeysOf(entries, roll, keys);
  mustBeKnown(members, proofs, keys);
  context.subject = mustNameCase(members, entries, manifest);
  context.sealed = sealedOf(entries, context);
  Object.assign(context, checkMaking(members, entries, context));
  context.views = checkViews(members, entries, context);
  return summary(entries, context, roll);
}

async function checkEntries(entries, context, keys) {
  const roll = new Roll();
  context.papers = 0;
  let last = null;
  for (const entry of entries) {
    mustFit(entry, last, context);
    const key = roll.signerOf(entry);
    must(keys.has(entry.key), "key-not-given", { n: entry.n, key: entry.key });
    must(await isSignedBy(key, entry.signature, entry.signed), "entry-signature", { n: entry.n });
    if (entry.kind === "exhibit.transferred" && (await checkReceipt(entry, roll))) context.papers += 1;
    roll.take(entry);
    last = entry;
    if (entry.n % 20 === 0) await breathe();
  }
  return roll;
}

async function checkHeads(members, context) {
  const { manifest, proofs } = context;
  const origin = `kancil/${manifest.unit}`;
  const caseOrigin = `${origin}/case/${manifest.case}`;
  await mustBeHead(members, "custody/heads/case.txt", caseOrigin, proofs.case, context);
  for (const [id, list] of Object.entries(proofs.exhibits)) {
    must(isUuid(id), "proofs-form", {});
    await mustBeHead(members, `custody/heads/${id}.txt`, `${origin}/exhibit/${id}`, list, context);
  }
}

function summary(entries, context, roll) {
  const { manifest, proofs, checkpoint, places, subject, made, papers } = context;
  return {
    checkpoint,
    places,
    subject,
    papers,
    traces: made.body.traces,
    studies: made.body.studies ?? [],
    studyRuns: new Map(
      entries
        .filter((one) => one.kind === "study.run" && one.case?.id === manifest.case)
        .map(({ body }) => [body.study, body]),
    ),
    statements: statementsOf(entries, manifest.case, proofs, made),
    recorded: new Map(
      entries.filter((one) => one.kind === "trace.run").map(({ body }) => [body.trace, body.result_sha256]),
    ),
    unitKey: { fingerprint: roll.unitKey, key: context.unitKey },
    unitName: entries[0].body.name,
    shown: entries.length,
    sealed: context.sealed.size,
    declared: context.declared,
    page: context.page,
    views: context.views,
    elsewhere: proofs.size - places.hashOf.size,
    caseEntries: proofs.case.length,
    exhibits: Object.keys(proofs.exhibits).length,
    unknownKinds: [...new Set(entries.map((one) => one.kind).filter((kind) => !isKnownKind(kind)))],
  };
}
