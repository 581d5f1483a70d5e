/* The six answers, in order. Each is {state, words, details}: state "ok", "bad", "unknown", "skipped", or
   "nothing" where the bundle holds nothing that the answer is about;
   words and details are [code, params] whose sentences stand in words.js. Whatever is wrong is said
   once, at the first place; whatever was not checked is named and is never called intact. */

import { Bad } from "./bad.js";
import { same, toHex } from "./bytes.js";
import { isWholeZip, readAnyZip } from "./any_zip.js";
import { checkChain } from "./chain.js";
import { leadsTo, readConsistency } from "./consistency.js";
import { checkCustody } from "./custody.js";
import { digestLong, sha256, tryDigests } from "./digest.js";
import { LINKED } from "./proofs.js";
import { UNDECLARED, compareFiles, formatOf, mustBeSigned, readKeys, readManifest } from "./manifest.js";
import { rootFromSubtrees } from "./merkle.js";
import { isNoteSignedBy, readNote } from "./note.js";
import { trySignatures } from "./signature.js";
import { checkTables } from "./table.js";
import { readTimestamp } from "./timestamp.js";
import { timeShown } from "./words.js";
import { powerOf } from "./work.js";
import { readZip } from "./zip.js";

export const ORDER = ["bytes", "signer", "custody", "when", "chain", "table"];
const MOST_BYTES = 1024 * 1024 * 1024;
const SHOWN_WRONG = 12;

function answer(state, words, details = []) {
  return { state, words, details };
}

function skipped(code) {
  return answer("skipped", [code, {}]);
}

function firstOf(wrong) {
  const more = wrong.length - SHOWN_WRONG;
  return more > 0 ? [...wrong.slice(0, SHOWN_WRONG), ["more", { count: more }]] : wrong;
}

/* Turn what is thrown while one answer is sought into that answer. */
async function sought(name, seek) {
  try {
    return await seek();
  } catch (error) {
    if (error instanceof Bad) return answer("bad", [`${name}-bad`, {}], firstOf(error.all));
    return answer("bad", [`${name}-bad`, {}], [["page-failed", { what: String(error) }]]);
  }
}

/* Check a bundle. `given` holds what was received by another road: {fingerprint, checkpoint}, texts
   that may be empty, and {consistency}, the proof that leads to a later checkpoint. Gives {digest, manifest, answers, statements, tools, verdict}. */
export async function checkBundle(bytes, given, progress) {
  const tools = { digests: await tryDigests(), signatures: await trySignatures() };
  const result = { tools, answers: {}, manifest: null, digest: null, statements: null, isTraining: false };
  if (tools.digests === null || tools.signatures === null) return withoutTools(result);
  progress.start("step-digest", bytes.length);
  result.digest = toHex(await digestLong(bytes, progress.advance));
  const context = { bytes, given, progress };
  result.answers.bytes = await sought("bytes", () => checkBytes(context));
  result.manifest = context.manifest ?? null;
  result.isTraining = result.manifest !== null && "site" in result.manifest;
  result.isOnlyZipped = context.isOnlyZipped === true;
  if (result.answers.bytes.state !== "ok") {
    const code = context.isNewer ? "skipped-newer" : "skipped-bytes";
    for (const name of ORDER.slice(1)) result.answers[name] = skipped(code);
    return withVerdict(result);
  }
  result.answers.signer = checkSigner(context);
  progress.start("step-custody", 0);
  result.answers.custody = await sought("custody", () => checkCustodyPart(context));
  result.answers.when = context.custody
    ? await sought("when", () => checkWhen(context))
    : skipped("skipped-custody");
  if (speaksForUnit(result.answers)) result.statements = context.custody.statements;
  progress.start("step-chain", 0);
  result.answers.chain = await sought("chain", () => checkChainPart(context));
  result.answers.table = context.chain
    ? await sought("table", () => checkTablePart(context))
    : skipped("skipped-chain");
  return withVerdict(result);
}

/* Only a right custody can be quoted, and nothing that came by another road may contradict it. */
function speaksForUnit({ signer, custody, when }) {
  return custody.state === "ok" && signer.state !== "bad" && when.state !== "bad";
}

function withoutTools(result) {
  for (const name of ORDER) result.answers[name] = skipped("skipped-tools");
  result.verdict = "incomplete";
  return result;
}

function withVerdict(result) {
  const states = ORDER.map((name) => result.answers[name].state);
  const isOk = ["bytes", "custody", "chain", "table"].every((name) =>
    ["ok", "nothing"].includes(result.answers[name].state),
  );
  if (result.answers.bytes.words[0] === "bytes-newer") result.verdict = "newer";
  else if (states.includes("bad")) result.verdict = "not-intact";
  else result.verdict = isOk ? headline(result) : "incomplete";
  return result;
}

/* What is known of a bundle in which nothing is wrong; never more than was checked. */
function headline({ answers, manifest }) {
  if (formatOf(manifest) === UNDECLARED) return "undeclared";
  const isConfirmed = answers.signer.state === "ok" || answers.when.state === "ok";
  return isConfirmed ? "confirmed" : "unchanged";
}

/* Read the ZIP; where its form alone is wrong and the signed files are not, say that too. */
async function readBundle(context) {
  const { bytes, progress } = context;
  try {
    return await readZip(bytes, progress.advance);
  } catch (error) {
    const extra = error instanceof Bad ? await filesBeside(bytes) : null;
    if (extra !== null) error.all.unshift(["zipped-again", {}]);
    context.isOnlyZipped = extra === 0 && isWholeZip(bytes);
    throw error;
  }
}

/* How many files stand beside the signed ones, where each of these is unchanged; else null. Whatever
   goes wrong in a file read so leniently says nothing: it is only not called zipped again. */
async function filesBeside(bytes) {
  try {
    const members = await readAnyZip(bytes);
    const manifest = readManifest(members);
    await mustBeSigned(members, manifest, readKeys(members));
    const wrong = await compareFiles(members, manifest, () => {});
    return wrong.every(([code]) => code === "member-extra") ? wrong.length : null;
  } catch {
    return null;
  }
}

async function checkBytes(context) {
  const { bytes, progress } = context;
  if (bytes.length > MOST_BYTES) return answer("unknown", ["bytes-too-large", {}]);
  progress.start("step-zip", bytes.length);
  const members = await readBundle(context);
  try {
    context.manifest = readManifest(members);
  } catch (error) {
    if (!(error instanceof Bad) || error.code !== "format-newer") throw error;
    context.isNewer = true;
    return answer("unknown", ["bytes-newer", error.params]);
  }
  const keys = readKeys(members);
  context.signer = await mustBeSigned(members, context.manifest, keys);
  progress.start("step-members", bytes.length);
  const wrong = await compareFiles(members, context.manifest, progress.advance);
  if (wrong.length > 0) return answer("bad", ["bytes-bad", {}], firstOf(wrong));
  Object.assign(context, { members, keys });
  const details = [["bytes-detail", { made: timeShown(context.manifest.made_at), kancil: context.manifest.kancil }]];
  return answer("ok", ["bytes-ok", { count: context.manifest.files.length }], details);
}

/* Fingerprints are compared without the spaces and line breaks that copying adds. */
function checkSigner({ signer, given }) {
  const params = { key: signer.fingerprint, name: String(signer.name) };
  const text = given.fingerprint.replaceAll(/\s/g, "").replace(/=+$/, "");
  if (text === "") return answer("unknown", ["signer-unknown", params], [["signer-how", params]]);
  const full = /^sha256:/i.test(text) ? `SHA256:${text.slice(7)}` : `SHA256:${text}`;
  if (full === signer.fingerprint) return answer("ok", ["signer-ok", params]);
  return answer("bad", ["signer-bad", params], [["signer-given", { key: full }]]);
}

async function checkCustodyPart(context) {
  const found = await checkCustody(context.members, context.manifest, context.keys);
  context.custody = found;
  const details = [
    ["custody-case", { number: String(found.subject.number), title: String(found.subject.title) }],
    ["custody-unit", { name: String(found.unitName), key: found.unitKey.fingerprint }],
    ["custody-history", { count: found.caseEntries, exhibits: found.exhibits }],
    ...sealedDetails(found, context.manifest),
    ...(found.elsewhere > 0 ? [["custody-elsewhere", { count: found.elsewhere }]] : []),
    ["custody-keys", {}],
  ];
  if (found.papers > 0) details.push(["custody-papers", { count: found.papers }]);
  for (const view of found.views) details.push(["custody-view", view]);
  if (found.page !== null) details.push(found.page);
  for (const kind of found.unknownKinds) details.push(["custody-kind", { kind }]);
  return answer("ok", ["custody-ok", { count: found.shown, size: found.checkpoint.size }], details);
}

/* Each sealed entry with number and reason. */
function sealedDetails({ declared }, manifest) {
  const isUndeclared = formatOf(manifest) === UNDECLARED;
  if (declared.length === 0 && !isUndeclared) return [["custody-none-sealed", {}]];
  const details = declared.map(([n, reason]) =>
    reason === null ? ["custody-sealed-unknown", { n }] : ["custody-sealed-entry", { n, reason }],
  );
  return isUndeclared ? [["custody-undeclared", {}], ...details] : details;
}

async function checkWhen(context) {
  const details = [["when-clock", { time: timeShown(context.custody.checkpoint.time) }]];
  const stamp = checkStamp(context, details);
  const anchor = await checkAnchor(context, details);
  if (stamp === "bad" || anchor === "bad") return answer("bad", ["when-bad", {}], details);
  if (anchor !== null) return answer("ok", [anchor, {}], details);
  if (stamp !== null) return answer("unknown", ["when-stamp", { time: stamp }], details);
  return answer("unknown", ["when-unknown", {}], details);
}

function checkStamp({ members }, details) {
  const response = members.get("custody/checkpoint.tsr");
  if (response === undefined) {
    details.push(["stamp-none", {}]);
    return null;
  }
  const stamp = readTimestamp(response, members.get("custody/checkpoint.txt"));
  if (!stamp.isOverCheckpoint) {
    details.push(["stamp-other", {}]);
    return "bad";
  }
  details.push(["stamp-unchecked", { time: stamp.time }]);
  return stamp.time;
}

/* Hold the bundle's checkpoint against one received elsewhere: its note, or its SHA-256. */
async function checkAnchor(context, details) {
  const { checkpoint, places, unitKey } = context.custody;
  const text = context.given.checkpoint.replaceAll("\r\n", "\n").trim();
  if (text === "") {
    details.push(["anchor-none", {}]);
    return null;
  }
  const digest = toHex(sha256(checkpoint.bytes));
  const typed = text.toLowerCase().replaceAll(/\s/g, "");
  if (/^[0-9a-f]{64}$/.test(typed)) {
    if (typed === digest) return "when-anchored";
    details.push(["anchor-digest", { digest }]);
    return null;
  }
  const unit = context.manifest.unit;
  const other = await readOther(text, unit, unitKey.key, details);
  if (other === null) return null;
  if (other === "bad") return "bad";
  const proof = context.given.consistency.trim();
  if (proof !== "" && other.size > checkpoint.size)
    return compareLater(proof, unit, { checkpoint, other }, details);
  return compareNotes(other, checkpoint, places, details);
}

async function readOther(text, unit, key, details) {
  let other;
  try {
    other = readNote(new TextEncoder().encode(`${text}\n`), "");
  } catch (error) {
    if (!(error instanceof Bad)) throw error;
    details.push(["anchor-unreadable", {}]);
    return null;
  }
  if (other.origin !== `kancil/${unit}`) {
    details.push(["anchor-unit", {}]);
    return "bad";
  }
  if (!(await isNoteSignedBy(other, unit, key))) {
    details.push(["anchor-signature", {}]);
    return "bad";
  }
  return other;
}

/* Hold a later checkpoint against the bundle's, by the unit's proof that it grew from it. */
function compareLater(text, unit, { checkpoint, other }, details) {
  const params = { given: other.size, size: checkpoint.size, time: timeShown(other.time) };
  const proof = readConsistency(text);
  if (proof === null) {
    details.push(["consistency-unreadable", {}]);
    return null;
  }
  if (!leadsTo(proof, unit, checkpoint, other)) {
    details.push(["consistency-wrong", params]);
    return "bad";
  }
  details.push(["consistency-ok", params]);
  return "when-anchored";
}

function compareNotes(other, checkpoint, places, details) {
  const params = { given: other.size, size: checkpoint.size, time: timeShown(other.time) };
  if (other.size > checkpoint.size) {
    details.push(["anchor-later", params]);
    return null;
  }
  const isSame = other.size === checkpoint.size;
  const root = isSame ? checkpoint.root : rootFromSubtrees(places.subtrees, 0, other.size);
  if (root === null) {
    details.push(["anchor-between", params]);
    return null;
  }
  if (!same(root, other.root)) {
    details.push(["anchor-fork", params]);
    return "bad";
  }
  details.push([isSame ? "anchor-same" : "anchor-part", params]);
  return isSame ? "when-anchored" : "when-anchored-part";
}

async function checkChainPart(context) {
  const { members, manifest } = context;
  const facts = await checkChain(members, manifest);
  context.chain = facts;
  if (facts.analysis.traces === 0) return answer("nothing", ["chain-nothing", {}]);
  const placed = facts.transactions.filter((one) => one.block !== null).length;
  const linked = facts.blocks.filter((block) => block.work === LINKED).length;
  const stated = facts.transactions.reduce((sum, one) => sum + one.stated.size, 0);
  const details = [["chain-paths", { count: placed }]];
  if (linked > 0) details.push(["chain-linked", { count: linked, headers: facts.headers.length }]);
  const own = facts.blocks.filter((block) => block.work !== LINKED);
  const power = Math.min(...own.map((block) => powerOf(block.row.bits)));
  if (own.length > 0) details.push(["chain-own", { count: own.length, power }]);
  const doubts = [
    ["chain-loose", facts.transactions.length - placed],
    ["chain-no-coinbase", facts.noCoinbasePath],
    ["chain-heights", facts.heightsStated],
    ["chain-stated", stated],
  ].filter(([, count]) => count > 0);
  details.push(...doubts.map(([code, count]) => [code, { count }]), ["chain-scripts", {}]);
  if (manifest.network !== "mainnet") details.push(["chain-network", { network: manifest.network }]);
  const isWhole = placed === facts.transactions.length && facts.noCoinbasePath === 0;
  const params = { count: facts.transactions.length, blocks: facts.blocks.length, own: own.length };
  if (!isWhole) return answer("unknown", ["chain-part", params], details);
  if (own.length === 0) return answer("ok", ["chain-ok", params], details);
  return { ...answer("ok", ["chain-limits", params], details), hasLimits: true };
}

async function checkTablePart(context) {
  const { members, chain, progress } = context;
  progress.start("step-table", chain.analysis.traces);
  const { rows, traces, unknown, sealed, coinjoins, studies } = await checkTables(
    members,
    chain,
    context.custody ?? null,
    progress.advance,
  );
  const ofStudies = studyDetails(studies);
  if (traces === 0) {
    const [words, ...only] = ofStudies;
    return answer("ok", words, [...only, ["table-shown", {}]]);
  }
  const details = [["table-policy", {}], ["table-held", {}], ["table-labels", {}], ["table-shown", {}]];
  if (coinjoins > 0) details.push(["table-coinjoins", { count: coinjoins }]);
  if (sealed > 0) details.push(["table-sealed", { count: sealed }]);
  details.unshift(...ofStudies);
  const isWhole = unknown.length === 0;
  if (!isWhole) details.unshift(["table-amounts", { traces: unknown.join(", ") }]);
  const words = [isWhole ? "table-ok" : "table-part", { rows, traces }];
  return answer(isWhole ? "ok" : "unknown", words, details);
}

/* What was held against the ledger of each study, and what nobody computed again. */
function studyDetails({ count, sealed, apart }) {
  if (count === 0) return [];
  const details = [["table-studies-how", {}]];
  if (sealed > 0) details.unshift(["table-study-sealed", { count: sealed }]);
  if (count > sealed) details.unshift(["table-studies", { count: count - sealed }]);
  for (const [state, numbers] of apart) details.push([`table-study-${state}`, { studies: numbers.join(", ") }]);
  return details;
}
