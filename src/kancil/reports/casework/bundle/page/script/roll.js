/* Which key may sign which entry, folded from the shown key entries (docs/formats/ledger.md, Keys).
   The rules are those of src/kancil/custody/spans.py. */

import { must } from "./bad.js";
import { fromBase64 } from "./bytes.js";
import { fingerprintOf } from "./signature.js";

const BY_UNIT = /^(?:workspace\..*|backup\.made)$/;

export class Roll {
  constructor() {
    this.unit = null;
    this.unitKey = null;
    this.keys = new Map();
    /* Officer's id, and whether they still serve. */
    this.officers = new Map();
  }

  make(publicKey, officer, params) {
    const key = fromBase64(publicKey, "entry-form", params);
    must(key.length === 32, "entry-form", params);
    const fingerprint = fingerprintOf(key);
    must(!this.keys.has(fingerprint), "key-twice", params);
    this.keys.set(fingerprint, { key, officer, isActive: true });
    return fingerprint;
  }

  serving() {
    return Array.from(this.officers).filter(([, serves]) => serves).map(([officer]) => officer);
  }

  /* The key that may have signed this entry; entry 1 brings its own. */
  signerOf(entry) {
    const params = { n: entry.n, key: entry.key };
    if (entry.n === 1) return this.found(entry, params);
    must(entry.kind !== "unit.founded" && this.unit !== null, "entry-first", params);
    must(entry.unit === this.unit && entry.officer !== null, "entry-unit", params);
    const held = this.keys.get(entry.key);
    must(held !== undefined, "key-unknown", params);
    must(held.isActive, "key-ended", params);
    if (held.officer === null) {
      must(this.unitMaySign(entry), "key-unit", params);
    } else {
      must(entry.officer === held.officer, "key-other-officer", params);
      const isOwn = entry.kind === "key.rotated" && entry.body.officer === entry.officer;
      must(!isOwn || entry.body.replaces === entry.key, "key-rotation", params);
    }
    return held.key;
  }

  found(entry, params) {
    must(entry.kind === "unit.founded" && entry.officer === null, "entry-first", params);
    this.unit = entry.unit;
    this.unitKey = this.make(entry.body.public_key, null, params);
    must(this.unitKey === entry.key, "entry-first", params);
    return this.keys.get(entry.key).key;
  }

  unitMaySign({ kind, officer, body }) {
    if (BY_UNIT.test(kind)) return this.officers.has(officer);
    if (kind === "officer.added") return this.officers.size === 0 && body.officer === officer;
    if (kind !== "key.rotated" && kind !== "key.revoked") return false;
    const serving = this.serving();
    return body.officer === officer && serving.length === 1 && serving[0] === officer;
  }

  /* Take in what an entry does to the keys, after its signature was found right. */
  take({ n, kind, body }) {
    const params = { n };
    if (kind === "officer.added") {
      const isNew = typeof body.officer === "string" && !this.officers.has(body.officer);
      must(isNew, "key-officer", params);
      this.make(body.public_key, body.officer, params);
      this.officers.set(body.officer, true);
    } else if (kind === "key.rotated" || kind === "key.revoked") {
      must(this.officers.get(body.officer) === true, "key-officer", params);
      const ended = this.keys.get(kind === "key.rotated" ? body.replaces : body.fingerprint);
      must(ended !== undefined && ended.officer === body.officer, "key-officer", params);
      ended.isActive = false;
      if (kind === "key.rotated") this.make(body.public_key, body.officer, params);
    } else if (kind === "officer.retired") {
      must(this.officers.get(body.officer) === true, "key-officer", params);
      this.officers.set(body.officer, false);
      for (const held of this.keys.values()) if (held.officer === body.officer) held.isActive = false;
    }
  }
}
