/* Strict JSON: no doubled keys, no fractions, no integer beyond 2^53-1, no lone surrogates, limited
   depth. With `canonical`, only the bytes that RFC 8785 would write for the same value are taken:
   no spaces, keys in order of their UTF-16 code units, shortest escapes. Objects have no prototype,
   so a key named __proto__ is a key like any other. */

import { Bad } from "./bad.js";
import { fromUtf8, same, toUtf8 } from "./bytes.js";

const MAX_DEPTH = 64;
const SHORT = { '"': '"', "\\": "\\", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

class Reader {
  constructor(text, place, canonical) {
    this.text = text;
    this.place = place;
    this.canonical = canonical;
    this.at = 0;
  }

  fail(code = "json") {
    throw new Bad(code, { place: this.place, at: this.at });
  }

  space() {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) {
      if (this.canonical) this.fail("json-canonical");
      this.at += 1;
    }
  }

  take(word) {
    if (!this.text.startsWith(word, this.at)) this.fail();
    this.at += word.length;
  }

  value(depth) {
    if (depth > MAX_DEPTH) this.fail("json-depth");
    this.space();
    const first = this.text[this.at];
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    if (first === '"') return this.string();
    if (first === "t") return this.take("true"), true;
    if (first === "f") return this.take("false"), false;
    if (first === "n") return this.take("null"), null;
    return this.number();
  }

  object(depth) {
    const object = Object.create(null);
    let last = null;
    this.take("{");
    this.space();
    if (this.text[this.at] === "}") return (this.at += 1), object;
    for (;;) {
      this.space();
      const key = this.string();
      if (key in object) this.fail("json-doubled-key");
      if (this.canonical && last !== null && !(last < key)) this.fail("json-canonical");
      last = key;
      this.space();
      this.take(":");
      object[key] = this.value(depth + 1);
      this.space();
      if (this.text[this.at] === "}") return (this.at += 1), object;
      this.take(",");
    }
  }

  array(depth) {
    const array = [];
    this.take("[");
    this.space();
    if (this.text[this.at] === "]") return (this.at += 1), array;
    for (;;) {
      array.push(this.value(depth + 1));
      this.space();
      if (this.text[this.at] === "]") return (this.at += 1), array;
      this.take(",");
    }
  }

  number() {
    const shape = /-?(?:0|[1-9][0-9]*)/y;
    shape.lastIndex = this.at;
    const found = shape.exec(this.text);
    if (found === null) this.fail();
    const number = Number(found[0]);
    const next = this.text[this.at + found[0].length] ?? "";
    if (".eE".includes(next || "x")) this.fail("json-fraction");
    if (!Number.isSafeInteger(number) || found[0] === "-0") this.fail("json-number");
    this.at += found[0].length;
    return number;
  }

  string() {
    this.take('"');
    const plain = /[^"\\\u0000-\u001f]*/y;
    let text = "";
    for (;;) {
      plain.lastIndex = this.at;
      const run = plain.exec(this.text)[0];
      text += run;
      this.at += run.length;
      const next = this.text[this.at];
      if (next === '"') break;
      if (next !== "\\") this.fail();
      text += this.escape();
    }
    this.at += 1;
    if (LONE.test(text)) this.fail("json-surrogate");
    return text;
  }

  escape() {
    const letter = this.text[this.at + 1];
    if (Object.hasOwn(SHORT, letter ?? "")) return (this.at += 2), SHORT[letter];
    if (letter === "/" && !this.canonical) return (this.at += 2), "/";
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (letter !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) this.fail();
    const character = String.fromCharCode(parseInt(digits, 16));
    if (this.canonical) {
      const isControl = character < " " && !"\b\f\n\r\t".includes(character);
      if (!isControl || digits !== digits.toLowerCase()) this.fail("json-canonical");
    }
    this.at += 6;
    return character;
  }
}

/* Read bytes as JSON; `place` is named in what is said when they are not. */
export function readJson(bytes, place, { canonical = false } = {}) {
  const text = fromUtf8(bytes, "utf8", { place });
  const reader = new Reader(text, place, canonical);
  const value = reader.value(0);
  reader.space();
  if (reader.at !== text.length) reader.fail();
  return value;
}

/* Canonical bytes of plain values: strings, safe integers, lists, objects, true, false, null. */
export function canonicalJson(value) {
  return toUtf8(write(value));
}

function write(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Bad("json-number", { place: "", at: 0 });
    return String(value);
  }
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : Number(a > b)));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${write(value[key])}`).join(",")}}`;
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/* Say whether an object has exactly these keys. */
export function hasKeys(value, keys) {
  if (!isObject(value)) return false;
  const found = Object.keys(value);
  return found.length === keys.length && keys.every((key) => key in value);
}

export function sameJson(a, b) {
  return same(canonicalJson(a), canonicalJson(b));
}
