/* The bytes: MANIFEST.json, its signature, and each member's digest and size. */

import { Bad, must } from "./bad.js";
import { fromBase64, fromUtf8, isHex, toHex } from "./bytes.js";
import { digestLong, sha256 } from "./digest.js";
import { isUuid } from "./entry.js";
import { canonicalJson, hasKeys, isObject, readJson } from "./json.js";
import { isTime } from "./note.js";
import { fingerprintOf, isSignedBy } from "./signature.js";
import { STUDIES } from "./studies.js";
import { member } from "./zip.js";

const TRACES = 2;
/* The newest format: of a bundle with studies. */
const NUMBER = 3;
/* The format whose ledger entry declares neither format nor page, nor all that is sealed. */
export const UNDECLARED = 1;
const OUTSIDE = new Set(["MANIFEST.json", "MANIFEST.sig", "verify.html"]);
const KEYS = [
  "analysis_sha256", "case", "checkpoint_sha256", "files", "format", "kancil", "key", "made_at",
  "network", "officer", "unit",
];
const DECLARED_KEYS = [...KEYS, "made_entry"];
const KEYS_OF = new Map([[UNDECLARED, KEYS], [TRACES, DECLARED_KEYS], [NUMBER, DECLARED_KEYS]]);
/* DER before the 32 raw bytes of an Ed25519 public key (RFC 8410, section 4). */
const KEY_HEAD = "302a300506032b6570032100";

/* Read the manifest; a newer format is told apart from a broken one. */
export function readManifest(members) {
  const bytes = member(members, "MANIFEST.json");
  const manifest = readJson(bytes, "MANIFEST.json", { canonical: true });
  must(isObject(manifest) && typeof manifest.format === "string", "manifest-form", {});
  const number = /^kancil-bundle\/([1-9]\d{0,8})$/.exec(manifest.format)?.[1];
  must(number !== undefined, "manifest-form", {});
  if (Number(number) > NUMBER) throw new Bad("format-newer", { found: number, known: NUMBER });
  const keys = KEYS_OF.get(Number(number));
  must(hasKeys(manifest, "site" in manifest ? [...keys, "site"] : keys), "manifest-form", {});
  must(!("site" in manifest) || manifest.site === "classroom", "manifest-form", {});
  must(!("made_entry" in manifest) || isHex(manifest.made_entry, 32), "manifest-form", {});
  const texts = [manifest.key, manifest.kancil, manifest.network];
  must(texts.every((text) => typeof text === "string") && isTime(manifest.made_at), "manifest-form", {});
  must([manifest.unit, manifest.case, manifest.officer].every(isUuid), "manifest-form", {});
  must(isHex(manifest.analysis_sha256, 32) && isHex(manifest.checkpoint_sha256, 32), "manifest-form", {});
  must(Array.isArray(manifest.files), "manifest-form", {});
  const hasStudies = [...members.keys()].some((name) => name.startsWith(STUDIES));
  const isFitting = (Number(number) === NUMBER) === hasStudies || Number(number) === UNDECLARED;
  must(isFitting, "manifest-studies", {});
  return manifest;
}

/* The number of a manifest's format. */
export function formatOf(manifest) {
  return Number(manifest.format.split("/")[1]);
}

/* Public keys by fingerprint, from keys.json and the same keys as PEM. */
export function readKeys(members) {
  const file = "custody/keys.json";
  const list = readJson(member(members, file), file, { canonical: true });
  must(Array.isArray(list) && list.length > 0, "keys-form", { name: file });
  const keys = new Map();
  list.forEach((one, at) => {
    const name = `custody/keys/${at + 1}.pem`;
    must(hasKeys(one, ["fingerprint", "name", "officer", "public_key"]), "keys-form", { name });
    const key = fromBase64(one.public_key, "keys-form", { name });
    must(typeof one.name === "string", "keys-form", { name });
    must(one.officer === null || isUuid(one.officer), "keys-form", { name });
    must(key.length === 32 && fingerprintOf(key) === one.fingerprint, "keys-form", { name });
    must(toHex(pemBytes(member(members, name), name)) === KEY_HEAD + toHex(key), "keys-form", { name });
    must(!keys.has(one.fingerprint), "keys-form", { name });
    keys.set(one.fingerprint, { key, officer: one.officer, name: one.name });
  });
  return keys;
}

function pemBytes(bytes, name) {
  const lines = fromUtf8(bytes, "keys-form", { name }).trimEnd().split("\n");
  must(lines.shift() === "-----BEGIN PUBLIC KEY-----", "keys-form", { name });
  must(lines.pop() === "-----END PUBLIC KEY-----", "keys-form", { name });
  return fromBase64(lines.join(""), "keys-form", { name });
}

/* Check the signature over the manifest. Gives the signer: fingerprint, officer and name. */
export async function mustBeSigned(members, manifest, keys) {
  const signer = keys.get(manifest.key);
  must(signer !== undefined, "manifest-key", { key: manifest.key });
  const text = fromUtf8(member(members, "MANIFEST.sig"), "manifest-signature", {});
  must(/^[A-Za-z0-9+/]{86}==\n$/.test(text), "manifest-signature", {});
  const signature = fromBase64(text.slice(0, -1), "manifest-signature", {});
  const isRight = await isSignedBy(signer.key, signature, member(members, "MANIFEST.json"));
  must(isRight, "manifest-signature", {});
  return { fingerprint: manifest.key, ...signer };
}

/* Compare every member with the manifest. Gives a list of what is not the same. */
export async function compareFiles(members, manifest, advance) {
  const wrong = [];
  const listed = new Set();
  let last = "";
  for (const file of manifest.files) {
    must(hasKeys(file, ["path", "sha256", "size_bytes"]), "manifest-form", {});
    must([file.path, file.size_bytes].every((text) => typeof text === "string"), "manifest-form", {});
    must(isHex(file.sha256, 32) && last < file.path, "manifest-form", {});
    last = file.path;
    must(!OUTSIDE.has(file.path), "manifest-form", {});
    listed.add(file.path);
    const content = members.get(file.path);
    if (content === undefined) wrong.push(["member-missing", { name: file.path }]);
    else if (String(content.length) !== file.size_bytes) wrong.push(["member-size", { name: file.path }]);
    else if (toHex(await digestLong(content, advance)) !== file.sha256)
      wrong.push(["member-changed", { name: file.path }]);
  }
  for (const name of members.keys()) {
    if (!listed.has(name) && !OUTSIDE.has(name)) wrong.push(["member-extra", { name }]);
  }
  const analysis = manifest.files.filter((file) => file.path.startsWith("analysis/"));
  if (toHex(sha256(canonicalJson(analysis))) !== manifest.analysis_sha256)
    wrong.push(["analysis-digest", {}]);
  return wrong;
}
