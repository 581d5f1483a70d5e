/* A ZIP read as common tools read it, by its directory: only to tell a bundle that was zipped again,
   whose signed files are unchanged, from one whose files were changed. Both are not intact. */

import { Bad, must } from "./bad.js";
import { crc32 } from "./zip.js";

const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65535;
const MOST_BYTES = 512_000_000;
const [STORED, DEFLATED] = [0, 8];
const MANIFEST = "MANIFEST.json";

function textOf(bytes, start, size) {
  return Array.from(bytes.subarray(start, start + size), (one) => String.fromCharCode(one)).join("");
}

function endOf(view) {
  const first = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at -= 1)
    if (view.getUint32(at, true) === END) return at;
  throw new Bad("zip-end", {});
}

/* The lines of the directory: name, method, checksum, sizes and where the member begins. */
function linesOf(bytes, view, isWanted = (line) => !line.name.endsWith("/")) {
  const end = endOf(view);
  const size = view.getUint32(end + 12, true);
  const shift = end - size - view.getUint32(end + 16, true);
  const lines = [];
  let at = end - size;
  while (at < end) {
    must(view.getUint32(at, true) === CENTRAL, "zip-end", {});
    const [nameSize, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    lines.push({
      name: textOf(bytes, at + 46, nameSize),
      isLocked: (view.getUint16(at + 8, true) & 1) === 1,
      isFollowed: (view.getUint16(at + 8, true) & 8) === 8,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      start: view.getUint32(at + 42, true) + shift,
    });
    at += 46 + nameSize + extra + comment;
  }
  must(at === end, "zip-end", {});
  return lines.filter(isWanted);
}

async function inflated(bytes, size) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const out = new Uint8Array(size);
  let at = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    must(at + value.length <= size, "zip-size", { name: "" });
    out.set(value, at);
    at += value.length;
  }
  must(at === size, "zip-size", { name: "" });
  return out;
}

async function contentOf(line, bytes, view) {
  must(view.getUint32(line.start, true) === LOCAL, "zip-end", {});
  const [nameSize, extra] = [26, 28].map((field) => view.getUint16(line.start + field, true));
  must(textOf(bytes, line.start + 30, nameSize) === line.name, "zip-directory", line);
  const from = line.start + 30 + nameSize + extra;
  must(from + line.packed <= bytes.length, "zip-truncated", { at: from });
  const packed = bytes.subarray(from, from + line.packed);
  const content = line.method === STORED ? packed : await inflated(packed, line.size);
  must(content.length === line.size, "zip-size", line);
  must((await crc32(content, () => {})) === line.crc, "zip-crc", line);
  return content;
}

/* Whether the file is its members and its directory and not a byte more, so that no reader can see
   another member in it. Of a file that readAnyZip reads. */
export function isWholeZip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  const directory = end - view.getUint32(end + 12, true);
  const lines = linesOf(bytes, view, () => true).sort((one, other) => one.start - other.start);
  const names = lines.map((line) => line.name).filter((name) => !name.endsWith("/"));
  const folder = names.find((name) => name.endsWith(MANIFEST)).slice(0, -MANIFEST.length);
  let at = 0;
  for (const [place, line] of lines.entries()) {
    const after = lines[place + 1]?.start ?? directory;
    if (line.start !== at || view.getUint32(at, true) !== LOCAL) return false;
    const [nameSize, extra] = [26, 28].map((field) => view.getUint16(at + field, true));
    const behind = after - (at + 30 + nameSize + extra + line.packed);
    if (!(line.isFollowed ? [12, 16] : [0]).includes(behind)) return false;
    at = after;
  }
  return end + END_BYTES === bytes.length && names.every((name) => name.startsWith(folder));
}

/* The members beside the one MANIFEST.json, whatever folder it is in, as a Map. Throws where the
   file is no such ZIP, names a member twice, or unpacks to too much. */
export async function readAnyZip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines = linesOf(bytes, view);
  const names = lines.map((line) => line.name);
  const manifests = names.filter((name) => name === MANIFEST || name.endsWith(`/${MANIFEST}`));
  const isPlain = lines.every(({ isLocked, method }) => !isLocked && [STORED, DEFLATED].includes(method));
  const total = lines.reduce((sum, line) => sum + line.size, 0);
  must(manifests.length === 1 && new Set(names).size === names.length, "zip-end", {});
  must(isPlain && total <= MOST_BYTES, "zip-end", {});
  const folder = manifests[0].slice(0, -MANIFEST.length);
  const members = new Map();
  for (const line of lines)
    if (line.name.startsWith(folder))
      members.set(line.name.slice(folder.length), await contentOf(line, bytes, view));
  return members;
}
