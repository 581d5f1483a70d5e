/* The address of an output script, or "" where there is none (P2PK, bare multisig, OP_RETURN…).
   Sources: BIP 13, 141, 173, 350, 341, 433; Bitcoin Core src/key_io.cpp. */

import { concat } from "./bytes.js";
import { sha256d } from "./digest.js";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const BECH32_END = 1;
const BECH32M_END = 0x2bc830a3;
const STEPS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function base58check(version, payload) {
  const body = concat(Uint8Array.of(version), payload);
  const whole = concat(body, sha256d(body).subarray(0, 4));
  let number = whole.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let text = "";
  for (; number > 0n; number /= 58n) text = BASE58[Number(number % 58n)] + text;
  for (let at = 0; at < whole.length && whole[at] === 0; at += 1) text = `1${text}`;
  return text;
}

function polymod(values) {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    STEPS.forEach((step, bit) => {
      if ((top >>> bit) & 1) check ^= step;
    });
  }
  return check;
}

function toFives(bytes) {
  const fives = [];
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) fives.push((held >>> (bits - 5)) & 31);
  }
  if (bits > 0) fives.push((held << (5 - bits)) & 31);
  return fives;
}

function segwit(prefix, version, program) {
  const letters = Array.from(prefix, (letter) => letter.charCodeAt(0));
  const head = [...letters.map((code) => code >>> 5), 0, ...letters.map((code) => code & 31)];
  const values = [version, ...toFives(program)];
  const end = version === 0 ? BECH32_END : BECH32M_END;
  const check = polymod([...head, ...values, 0, 0, 0, 0, 0, 0]) ^ end;
  for (let n = 5; n >= 0; n -= 1) values.push((check >>> (5 * n)) & 31);
  return `${prefix}1${values.map((value) => BECH32[value]).join("")}`;
}

function startsWith(script, ...bytes) {
  return bytes.every((byte, at) => script[at] === byte);
}

export function addressOf(script, network) {
  const size = script.length;
  if (size === 25 && startsWith(script, 0x76, 0xa9, 20) && script[23] === 0x88 && script[24] === 0xac)
    return base58check(network.pubkeyVersion, script.subarray(3, 23));
  if (size === 23 && startsWith(script, 0xa9, 20) && script[22] === 0x87)
    return base58check(network.scriptVersion, script.subarray(2, 22));
  if (size < 4 || size > 42 || script[1] !== size - 2) return "";
  const program = script.subarray(2);
  if (script[0] === 0)
    return [20, 32].includes(program.length) ? segwit(network.prefix, 0, program) : "";
  if (script[0] < 0x51 || script[0] > 0x60) return "";
  return segwit(network.prefix, script[0] - 0x50, program);
}
