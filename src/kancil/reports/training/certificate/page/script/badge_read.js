/* A certificate and a list of revoked ones, read and their signatures checked. */

import { Bad, must } from "./bad.js";
import { keyOf, fromMultibase } from "./badge_key.js";
import { fill, gather } from "./badge_form.js";
import { concat, fromBase64, toUtf8 } from "./bytes.js";
import { FORMS } from "./credential.js";
import { sha256 } from "./digest.js";
import { canonicalJson, hasKeys, isObject, readJson, sameJson } from "./json.js";
import { fingerprintOf, isSignedBy } from "./signature.js";

const FORMAT = "kancil-certificate/1";
const NEWEST_FORMAT = "kancil-certificate/2";
const LIST_FORMAT = "kancil-revocations/1";
const SUITE = "eddsa-jcs-2022";
const SINGLE = [
  "id", "issuer", "name", "course", "title", "version", "hours", "since", "until", "issued",
  "hash", "salt", "key", "proof",
];
const MARKED = ["kind", "title", "version", "on", "percent"];

function proofOptions(document, key, created) {
  const did = `did:key:${key}`;
  return {
    type: "DataIntegrityProof",
    cryptosuite: SUITE,
    created,
    verificationMethod: `${did}#${key}`,
    proofPurpose: "assertionMethod",
    "@context": document["@context"],
  };
}

/* The credential of the compact text that a QR code holds. */
function fromCompact(value) {
  const isFirst = value[0] === FORMAT;
  must(isFirst || value[0] === NEWEST_FORMAT, "badge-other");
  must(value[1] !== "sha256", "badge-digest");
  const [achievement, passmark] = isFirst ? ["taken", ""] : value.slice(1, 3);
  must(isFirst || achievement === "attended" || achievement === "passed", "badge-other");
  const first = isFirst ? 1 : 3;
  must(value.length === first + SINGLE.length + 1 && Array.isArray(value.at(-1)), "badge-other");
  const fields = Object.fromEntries(SINGLE.map((name, at) => [name, value[at + first]]));
  fields.passmark = passmark;
  fields.marked = value.at(-1).map((each) => {
    must(Array.isArray(each) && each.length === MARKED.length, "badge-other");
    return Object.fromEntries(MARKED.map((name, at) => [name, each[at]]));
  });
  fields.did = `did:key:${fields.key}`;
  const document = filled(achievement, fields);
  const options = proofOptions(document, fields.key, fields.issued);
  return { ...document, proof: { ...options, proofValue: fields.proof } };
}

function filled(achievement, fields) {
  try {
    return fill(FORMS[achievement], fields);
  } catch {
    throw new Bad("badge-other");
  }
}

/* Whether it bears proofs of another form than this suite alone; none of them is checked here. */
function hasOtherProof({ proof }) {
  if (Array.isArray(proof)) return true;
  if (!isObject(proof)) return false;
  const isOurs = proof.type === "DataIntegrityProof" && proof.cryptosuite === SUITE;
  return !isOurs && [proof.type, proof.cryptosuite].some((each) => typeof each === "string");
}

/* The fields by the form of one achievement; null where the credential is not of that form. */
function fieldsBy(achievement, document) {
  const found = {};
  gather(FORMS[achievement], document, found);
  const fields = { hash: "", salt: "", passmark: "", ...found, achievement };
  if (!Array.isArray(fields.marked) || fields.marked.length === 0) return null;
  for (const each of fields.marked) each.percent ??= "";
  try {
    return sameJson(filled(achievement, fields), document) ? fields : null;
  } catch {
    return null;
  }
}

/* The key whose proof fits the whole credential; null where none fits. */
async function signingKey(credential) {
  const { proof, ...document } = credential;
  if (!isObject(proof)) return null;
  const { proofValue, ...options } = proof;
  const text = String(proof.verificationMethod).replace(/^did:key:/, "").split("#")[0];
  const key = keyOf(text);
  const signature = fromMultibase(proofValue);
  if (key === null || signature === null) return null;
  if (!sameJson(options, proofOptions(document, text, options.created))) return null;
  const parts = [options, document].map((each) => sha256(canonicalJson(each)));
  return (await isSignedBy(key, signature, concat(...parts))) ? key : null;
}

/* The fields of a certificate, and the key that signed it. Throws Bad. */
export async function readCertificate(text) {
  const value = readJson(toUtf8(text.replace(/^\uFEFF/, "").trim()), "certificate");
  const credential = Array.isArray(value) ? fromCompact(value) : value;
  must(isObject(credential) && "proof" in credential, "badge-other");
  must(!hasOtherProof(credential), "badge-proof-other");
  const key = await signingKey(credential);
  must(key !== null, "badge-broken");
  const { proof, ...document } = credential;
  const fields = Object.keys(FORMS)
    .map((achievement) => fieldsBy(achievement, document))
    .find((each) => each !== null);
  must(fields !== undefined, "badge-other");
  const options = proofOptions(document, fields.did.slice("did:key:".length), fields.issued);
  must(sameJson({ ...options, proofValue: proof.proofValue }, proof), "badge-other");
  return { fields, key, fingerprint: fingerprintOf(key) };
}

export function isList(text) {
  return text.startsWith('{"signature":"');
}

/* A list of revoked certificates, and the fingerprint of the key that signed it. Throws Bad. */
export async function readList(text) {
  let line;
  try {
    line = readJson(toUtf8(text.replace(/\n$/, "")), "list", { canonical: true });
  } catch {
    throw new Bad("list-broken");
  }
  const ours = hasKeys(line, ["signature", "statement"]) && isObject(line.statement);
  must(ours && line.statement.format === LIST_FORMAT, "list-broken");
  const found = line.statement;
  const key = fromBase64(found.public_key, "list-broken");
  const signature = fromBase64(line.signature, "list-broken");
  must(await isSignedBy(key, signature, canonicalJson(found)), "list-broken");
  const isWhole = Number.isSafeInteger(found.number) && Array.isArray(found.revoked);
  must(isWhole && typeof found.made_at === "string", "list-broken");
  return { ...found, fingerprint: fingerprintOf(key) };
}
