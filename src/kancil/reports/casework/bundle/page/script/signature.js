/* Ed25519 signatures (RFC 8032), checked by the browser's WebCrypto where it knows them, else by
   the vendored code. Browsers differ on a few odd keys and signatures that only their own maker
   can produce; so that all give one answer, these are refused before either is asked: a key or a
   first half that is not the shortest writing of a point, a key of small order, a second half that
   is not below the group's order. */

import { Point, utils, verify } from "../vendor/noble-ed25519.js";
import { sha512 } from "../vendor/noble-hashes-sha512.js";
import { bigLittleEndian, concat, same, toBase64, toHex } from "./bytes.js";
import { sha256 } from "./digest.js";

utils.sha512 = async (message) => sha512(message);

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const SMALL = new Set(utils.TORSION_SUBGROUP);
const WITHOUT_SIGN = (1n << 255n) - 1n;

/* RFC 8032, section 7.1, test 2, and the same with one bit turned. */
const KNOWN = {
  key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  message: "72",
  signature:
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
};

let verifyNative = null;

function unhex(text) {
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

function isWellFormed(key, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  if (SMALL.has(toHex(key))) return false;
  const first = bigLittleEndian(signature.subarray(0, 32)) & WITHOUT_SIGN;
  const second = bigLittleEndian(signature.subarray(32));
  return (bigLittleEndian(key) & WITHOUT_SIGN) < P && first < P && second < ORDER;
}

async function askNative(key, signature, message) {
  const subtle = globalThis.crypto.subtle;
  const imported = await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

/* The vendored answer, and beside it the equation without the cofactor, which is what browsers and
   OpenSSL use: R = [S]B - [k]A, compared as bytes. */
async function askVendored(key, signature, message) {
  try {
    if (!(await verify(signature, message, key))) return false;
    const first = signature.subarray(0, 32);
    const k = bigLittleEndian(sha512(concat(first, key, message))) % ORDER;
    const s = bigLittleEndian(signature.subarray(32));
    let sum = s === 0n ? Point.ZERO : Point.BASE.multiply(s);
    if (k !== 0n) sum = sum.add(Point.fromHex(key).negate().multiply(k));
    return same(sum.toRawBytes(), first);
  } catch {
    return false;
  }
}

async function isRightOnKnown(ask) {
  const key = unhex(KNOWN.key);
  const signature = unhex(KNOWN.signature);
  try {
    if ((await ask(key, signature, unhex(KNOWN.message))) !== true) return false;
    return (await ask(key, signature, unhex("73"))) === false;
  } catch {
    return false;
  }
}

/* Try both ways on a known example. Gives null when not even the vendored code is right. */
export async function trySignatures() {
  verifyNative = null;
  if (!(await isRightOnKnown(askVendored))) return null;
  if (await isRightOnKnown(askNative)) verifyNative = askNative;
  return verifyNative ? "native" : "vendored";
}

/* Say whether `signature` (64 bytes) over `message` is by `key` (32 raw bytes). */
export async function isSignedBy(key, signature, message) {
  if (!isWellFormed(key, signature)) return false;
  if (verifyNative === null) return askVendored(key, signature, message);
  try {
    return (await verifyNative(key, signature, message)) === true;
  } catch {
    return askVendored(key, signature, message);
  }
}

/* `SHA256:` and the unpadded base64 of the digest of the key's 32 raw bytes. */
export function fingerprintOf(key) {
  return `SHA256:${toBase64(sha256(key)).replace(/=+$/, "")}`;
}
