/* SHA-256. Long inputs go to the browser's WebCrypto where it is there and answers the known
   example rightly; short ones, and all where it is not, to the vendored code. */

import { sha256 } from "../vendor/noble-hashes-sha256.js";
import { breathe, toHex } from "./bytes.js";

const LONG = 65536;
const PIECE = 4 * 1024 * 1024;
const ABC = Uint8Array.of(97, 98, 99);
/* FIPS 180-2, appendix B.1. */
const ABC_DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

let hasNative = false;

export { sha256 };

export function sha256d(bytes) {
  return sha256(sha256(bytes));
}

/* Try both ways on a known example. Gives null when not even the vendored code is right. */
export async function tryDigests() {
  if (toHex(sha256(ABC)) !== ABC_DIGEST) return null;
  try {
    const answer = await globalThis.crypto.subtle.digest("SHA-256", ABC);
    hasNative = toHex(new Uint8Array(answer)) === ABC_DIGEST;
  } catch {
    hasNative = false;
  }
  return hasNative ? "native" : "vendored";
}

/* SHA-256 of any number of bytes, without freezing the page. */
export async function digestLong(bytes, advance = () => {}) {
  if (bytes.length < LONG) {
    advance(bytes.length);
    return sha256(bytes);
  }
  if (hasNative) {
    const answer = new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", bytes));
    advance(bytes.length);
    return answer;
  }
  const hash = sha256.create();
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    hash.update(piece);
    advance(piece.length);
    await breathe();
  }
  return hash.digest();
}
