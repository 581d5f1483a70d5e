/* RFC 3161: reads the answer of a time-stamping authority far enough to say which hour it names
   and for which bytes. The authority's signature and certificates are not checked here. */

import { Bad, must } from "./bad.js";
import { same, toHex } from "./bytes.js";
import { sha256 } from "./digest.js";

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OID = 0x06;
const OCTETS = 0x04;
const TIME = 0x18;
const EXPLICIT_0 = 0xa0;
const SIGNED_DATA = "2a864886f70d010702";
const TST_INFO = "2a864886f70d0109100104";
const SHA256 = "608648016503040201";

/* One DER element at a place: its tag, its content, and where the next begins. */
function element(bytes, at) {
  must(at + 2 <= bytes.length, "timestamp-form", {});
  const tag = bytes[at];
  let size = bytes[at + 1];
  let start = at + 2;
  if (size >= 0x80) {
    const count = size - 0x80;
    must(count >= 1 && count <= 4 && start + count <= bytes.length, "timestamp-form", {});
    size = 0;
    for (let n = 0; n < count; n += 1) size = size * 256 + bytes[start + n];
    start += count;
  }
  must(start + size <= bytes.length, "timestamp-form", {});
  return { tag, content: bytes.subarray(start, start + size), next: start + size };
}

function children(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length; ) {
    const one = element(bytes, at);
    found.push(one);
    at = one.next;
  }
  return found;
}

function expect(one, tag) {
  must(one !== undefined && one.tag === tag, "timestamp-form", {});
  return one.content;
}

function instant(bytes) {
  const text = String.fromCharCode(...bytes);
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?Z$/.exec(text);
  must(parts !== null, "timestamp-form", {});
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day} ${hour}:${minute}:${second} UTC`;
}

/* Read TimeStampResp: {time, isOverCheckpoint}. `checkpoint` is the note's bytes. */
export function readTimestamp(bytes, checkpoint) {
  const whole = element(bytes, 0);
  must(whole.next === bytes.length, "timestamp-form", {});
  const [status, token] = children(expect(whole, SEQUENCE));
  const granted = expect(children(expect(status, SEQUENCE))[0], INTEGER);
  if (granted.length !== 1 || granted[0] > 1) throw new Bad("timestamp-refused", {});
  const [type, wrapped] = children(expect(token, SEQUENCE));
  must(toHex(expect(type, OID)) === SIGNED_DATA, "timestamp-form", {});
  const signed = children(expect(children(expect(wrapped, EXPLICIT_0))[0], SEQUENCE));
  const [infoType, infoWrapped] = children(expect(signed[2], SEQUENCE));
  must(toHex(expect(infoType, OID)) === TST_INFO, "timestamp-form", {});
  const octets = expect(children(expect(infoWrapped, EXPLICIT_0))[0], OCTETS);
  const info = children(expect(children(octets)[0], SEQUENCE));
  const [algorithm, imprint] = children(expect(info[2], SEQUENCE));
  const isSha256 = toHex(expect(children(expect(algorithm, SEQUENCE))[0], OID)) === SHA256;
  return {
    time: instant(expect(info[4], TIME)),
    isOverCheckpoint: isSha256 && same(expect(imprint, OCTETS), sha256(checkpoint)),
  };
}
