/* The one form of ZIP file that a bundle may have. Nothing is searched for: the file is read from
   its first byte to its last, and every byte must be the one the format asks for. */

import { Bad, must } from "./bad.js";
import { breathe, same } from "./bytes.js";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const MADE_BY = 0x0314;
const DATE = 0x0021;
const ATTRIBUTES = 0x81a40000;
const NAME = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;
const PIECE = 4 * 1024 * 1024;

const TABLE = new Uint32Array(256);
for (let n = 0; n < 256; n += 1) {
  let word = n;
  for (let bit = 0; bit < 8; bit += 1) word = word & 1 ? 0xedb88320 ^ (word >>> 1) : word >>> 1;
  TABLE[n] = word;
}

export async function crc32(bytes, advance) {
  let word = 0xffffffff;
  for (let at = 0; at < bytes.length; ) {
    const stop = Math.min(bytes.length, at + PIECE);
    advance(stop - at);
    for (; at < stop; at += 1) word = TABLE[(word ^ bytes[at]) & 0xff] ^ (word >>> 8);
    if (stop - PIECE >= 0 && at < bytes.length) await breathe();
  }
  return (word ^ 0xffffffff) >>> 0;
}

function nameOf(bytes) {
  return String.fromCharCode(...bytes.subarray(0, 300));
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  /* Read fields of 2 and 4 bytes, as told by a word such as "42". */
  fields(shape) {
    const size = [...shape].reduce((sum, width) => sum + Number(width), 0);
    must(this.at + size <= this.bytes.length, "zip-truncated", { at: this.at });
    const values = [];
    for (const width of shape) {
      values.push(
        width === "4" ? this.view.getUint32(this.at, true) : this.view.getUint16(this.at, true),
      );
      this.at += Number(width);
    }
    return values;
  }

  take(size) {
    must(this.at + size <= this.bytes.length, "zip-truncated", { at: this.at });
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  next() {
    return this.at + 4 <= this.bytes.length ? this.view.getUint32(this.at, true) : 0;
  }
}

function mustBe(values, expected, code, params) {
  must(values.length === expected.length && values.every((v, n) => v === expected[n]), code, params);
}

async function readMember(reader, members, advance) {
  const offset = reader.at;
  const [, version, flags, method, time, date, crc, packed, size, nameSize, extra] =
    reader.fields("42222244422");
  const rawName = reader.take(nameSize);
  const name = nameOf(rawName);
  const params = { name, at: offset };
  mustBe([version, flags, method, time, date, extra], [VERSION, 0, 0, 0, DATE, 0], "zip-form", params);
  must(packed === size, "zip-size", params);
  must(NAME.test(name) && !name.split("/").some((part) => /^\.\.?$/.test(part)), "zip-name", params);
  const content = reader.take(size);
  must((await crc32(content, advance)) === crc, "zip-crc", params);
  const last = members.at(-1)?.name ?? "";
  must(last !== name, "zip-doubled", params);
  must(last < name, "zip-order", params);
  members.push({ name, rawName, crc, size, offset, content });
}

function readDirectory(reader, members) {
  for (const { name, rawName, crc, size, offset } of members) {
    must(reader.next() === CENTRAL, "zip-gap", { at: reader.at });
    const values = reader.fields("42222224442222244");
    const found = reader.take(values[10]);
    const expected = [
      CENTRAL, MADE_BY, VERSION, 0, 0, 0, DATE, crc, size, size, rawName.length, 0, 0, 0, 0,
      ATTRIBUTES, offset,
    ];
    mustBe(values, expected, "zip-directory", { name });
    must(same(found, rawName), "zip-directory", { name });
  }
}

/* Read a bundle's members into a Map from name to bytes, in the order of the file. */
export async function readZip(bytes, advance = () => {}) {
  const reader = new Reader(bytes);
  const members = [];
  must(reader.next() === LOCAL, "zip-not", {});
  while (reader.next() === LOCAL) {
    await readMember(reader, members, advance);
    if (members.length % 500 === 0) await breathe();
  }
  const start = reader.at;
  readDirectory(reader, members);
  const size = reader.at - start;
  must(reader.next() === END, "zip-gap", { at: reader.at });
  const count = members.length;
  must(count < 65535, "zip-form", { name: "", at: reader.at });
  mustBe(reader.fields("42222442"), [END, 0, 0, count, count, size, start, 0], "zip-end", {});
  must(reader.at === bytes.length, "zip-trailing", { at: reader.at });
  return new Map(members.map((member) => [member.name, member.content]));
}

/* The bytes of a member that must be there. */
export function member(members, name) {
  const content = members.get(name);
  if (content === undefined) throw new Bad("member-missing", { name });
  return content;
}
