/* Bytes and their texts: hex, strict base64, strict UTF-8, little-endian numbers. */

import { Bad, must } from "./bad.js";

const HEX = [];
for (let n = 0; n < 256; n += 1) HEX.push(n.toString(16).padStart(2, "0"));

export function toHex(bytes) {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

export function isHex(text, size) {
  return typeof text === "string" && text.length === size * 2 && /^[0-9a-f]*$/.test(text);
}

/* 32 bytes from 64 hex digits in lower case; `code` is what to say when it is not that. */
export function hash32(text, code, params = {}) {
  must(isHex(text, 32), code, params);
  const bytes = new Uint8Array(32);
  for (let at = 0; at < 32; at += 1) bytes[at] = parseInt(text.substr(at * 2, 2), 16);
  return bytes;
}

export function reversed(bytes) {
  return Uint8Array.from(bytes).reverse();
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function same(a, b) {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

export function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/* Standard base64 with padding and no spare bits; anything else is refused. */
export function fromBase64(text, code = "base64", params = {}) {
  must(typeof text === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(text), code, params);
  let raw;
  try {
    raw = atob(text);
  } catch {
    throw new Bad(code, params);
  }
  const bytes = Uint8Array.from(raw, (character) => character.charCodeAt(0));
  must(toBase64(bytes) === text, code, params);
  return bytes;
}

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function fromUtf8(bytes, code = "utf8", params = {}) {
  try {
    return STRICT.decode(bytes);
  } catch {
    throw new Bad(code, params);
  }
}

export function toUtf8(text) {
  return new TextEncoder().encode(text);
}

export function bigLittleEndian(bytes) {
  let number = 0n;
  for (let at = bytes.length - 1; at >= 0; at -= 1) number = (number << 8n) | BigInt(bytes[at]);
  return number;
}

/* Give the screen a moment, so that a large bundle does not freeze the page. */
export function breathe() {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
