/* The Merkle trees: of the ledger (RFC 6962, section 2.1) and of a bitcoin block. */

import { must } from "./bad.js";
import { concat, same } from "./bytes.js";
import { sha256, sha256d } from "./digest.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(entry) {
  return sha256(concat(LEAF, entry));
}

export function nodeHash(left, right) {
  return sha256(concat(NODE, left, right));
}

/* The largest power of two below `size`. */
function split(size) {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

/* Root over leaf hashes; `hashes` has at least one. */
export function rootOf(hashes) {
  if (hashes.length === 1) return hashes[0];
  const half = split(hashes.length);
  return nodeHash(rootOf(hashes.slice(0, half)), rootOf(hashes.slice(half)));
}

/* What a path says: the root, and each whole subtree it names as [start, size, hash]. */
export function climb(leaf, index, size, path) {
  const turns = [];
  for (let start = 0, length = size; length > 1; ) {
    const half = split(length);
    const isLeft = index - start < half;
    turns.push({ start, length, half, isLeft });
    if (isLeft) length = half;
    else [start, length] = [start + half, length - half];
  }
  must(path.length === turns.length, "path-length", { n: index + 1 });
  const subtrees = [[index, 1, leaf]];
  let hash = leaf;
  for (const sibling of path) {
    const { start, length, half, isLeft } = turns.pop();
    subtrees.push(isLeft ? [start + half, length - half, sibling] : [start, half, sibling]);
    hash = isLeft ? nodeHash(hash, sibling) : nodeHash(sibling, hash);
    subtrees.push([start, length, hash]);
  }
  return { root: hash, subtrees };
}

/* Root of the first `size` leaves, from whatever subtrees are known; null if they do not suffice.
   `known` maps "start:size" to a hash. */
export function rootFromSubtrees(known, start, size) {
  const found = known.get(`${start}:${size}`);
  if (found !== undefined) return found;
  if (size <= 1) return null;
  const half = split(size);
  const left = rootFromSubtrees(known, start, half);
  if (left === null) return null;
  const right = rootFromSubtrees(known, start + half, size - half);
  return right === null ? null : nodeHash(left, right);
}

/* Say whether a tree of `old` leaves is the beginning of one of `new`, by the hashes in `path`
   (RFC 9162, section 2.1.4.2). */
export function isConsistent(old, size, path, oldRoot, newRoot) {
  if (old < 1 || old >= size) return false;
  let [place, last] = [old - 1, size - 1];
  for (; place % 2 === 1; place = Math.floor(place / 2)) last = Math.floor(last / 2);
  const [first, ...rest] = place > 0 ? path : [oldRoot, ...path];
  if (first === undefined) return false;
  let [before, after] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      [before, after] = [nodeHash(sibling, before), nodeHash(sibling, after)];
      for (; place % 2 === 0 && place > 0; place /= 2) last = Math.floor(last / 2);
    } else {
      after = nodeHash(after, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && same(before, oldRoot) && same(after, newRoot);
}

/* Root of a block from one transaction's hash and the sibling hashes above it. A right child that
   is the same as its left neighbour stands only in a forged twin of the list (CVE-2012-2459). */
export function blockRoot(leaf, index, path) {
  let hash = leaf;
  let place = index;
  for (const sibling of path) {
    must(place % 2 === 0 || !same(hash, sibling), "path-twin", {});
    hash = sha256d(place % 2 === 0 ? concat(hash, sibling) : concat(sibling, hash));
    place = Math.floor(place / 2);
  }
  must(place === 0, "path-index", {});
  return hash;
}
