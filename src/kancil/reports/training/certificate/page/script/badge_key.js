/* Ed25519 keys as z6Mk… and signatures as z…: multibase base58-btc, as W3C Controlled Identifiers
   1.0 has them; a key begins with the bytes ed 01. */

import { same } from "./bytes.js";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const LONGEST = 120;

/* The bytes of a multibase text; null for any other text. */
export function fromMultibase(text) {
  if (typeof text !== "string" || text[0] !== "z" || text.length > LONGEST) return null;
  let number = 0n;
  for (const character of text.slice(1)) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    number = number * 58n + BigInt(value);
  }
  const bytes = [];
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 255n));
  const zeros = text.slice(1).match(/^1*/)[0].length;
  return Uint8Array.from([...new Array(zeros).fill(0), ...bytes]);
}

/* The 32 bytes of a key that is written as z6Mk…; null for any other text. */
export function keyOf(text) {
  const bytes = fromMultibase(text);
  if (bytes === null || bytes.length !== 34) return null;
  return same(bytes.subarray(0, 2), Uint8Array.of(0xed, 0x01)) ? bytes.subarray(2) : null;
}
