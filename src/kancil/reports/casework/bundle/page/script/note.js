/* Signed notes: the checkpoint of a ledger, and the heads of a case and of an exhibit
   (docs/formats/ledger.md; C2SP signed-note and tlog-checkpoint). */

import { Bad, must } from "./bad.js";
import { concat, fromBase64, fromUtf8, same, toUtf8 } from "./bytes.js";
import { sha256 } from "./digest.js";
import { isSignedBy } from "./signature.js";

const TIME = /^\d{4}-(?:0\d|1[0-2])-[0-3]\d[T](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/;
const ED25519 = Uint8Array.of(1);

export function isTime(text) {
  return typeof text === "string" && TIME.test(text) && !Number.isNaN(Date.parse(text));
}

function sizeOf(text, place) {
  must(/^(?:0|[1-9]\d{0,15})$/.test(text), "note-form", { place });
  const size = Number(text);
  must(Number.isSafeInteger(size), "note-form", { place });
  return size;
}

function rootOf(text, place) {
  const root = fromBase64(text, "note-form", { place });
  must(root.length === 32, "note-form", { place });
  return root;
}

/* Read a note. Gives origin, size, root, time, ledger ({size, root} of a head, else null), the
   signed bytes and the signatures. */
export function readNote(bytes, place) {
  const text = fromUtf8(bytes, "note-form", { place });
  const cut = text.lastIndexOf("\n\n");
  must(cut > 0 && text.endsWith("\n") && !text.includes("\r"), "note-form", { place });
  const [origin, size, root, ...more] = text.slice(0, cut).split("\n");
  must(root !== undefined, "note-form", { place });
  const note = {
    place,
    bytes,
    origin,
    size: sizeOf(size, place),
    root: rootOf(root, place),
    time: null,
    ledger: null,
    signed: toUtf8(text.slice(0, cut + 1)),
    signatures: text.slice(cut + 2, -1).split("\n").map((line) => readSignature(line, place)),
  };
  for (const line of more) readExtension(line, note);
  must(note.time !== null, "note-form", { place });
  return note;
}

function readExtension(line, note) {
  const place = note.place;
  const [word, ...rest] = line.split(" ");
  if (word === "time") {
    must(note.time === null && rest.length === 1 && isTime(rest[0]), "note-form", { place });
    note.time = rest[0];
  } else if (word === "ledger") {
    must(note.ledger === null && rest.length === 2, "note-form", { place });
    note.ledger = { size: sizeOf(rest[0], place), root: rootOf(rest[1], place) };
  } else {
    throw new Bad("note-form", { place });
  }
}

function readSignature(line, place) {
  const parts = line.split(" ");
  must(parts.length === 3 && parts[0] === "\u2014", "note-form", { place });
  const bytes = fromBase64(parts[2], "note-form", { place });
  must(bytes.length === 68, "note-form", { place });
  return { name: parts[1], keyHash: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/* Say whether a note carries a right signature of the unit's key. */
export async function isNoteSignedBy(note, unit, key) {
  const name = `kancil/${unit}`;
  const keyHash = sha256(concat(toUtf8(`${name}\n`), ED25519, key)).subarray(0, 4);
  for (const one of note.signatures) {
    if (one.name !== name || !same(one.keyHash, keyHash)) continue;
    if (await isSignedBy(key, one.signature, note.signed)) return true;
  }
  return false;
}
