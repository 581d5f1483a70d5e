/* Chain facts, from the bytes alone: each transaction's id, its place in a block, the block's work.
   What analysis/*.json says of the chain is never believed, only compared. */

import { Bad, must } from "./bad.js";
import { breathe, hash32, reversed, same, toHex } from "./bytes.js";
import { sha256d } from "./digest.js";
import { blockRoot } from "./merkle.js";
import { NETWORKS } from "./networks.js";
import { LINKED, readAnalysis, readBlocks, readTransactions } from "./proofs.js";
import { claimedHeight, readTransaction } from "./transaction.js";
import { judgeHeaders } from "./work.js";
import { member } from "./zip.js";

const UNSAFE_BYTES = 64;

/* Check everything under analysis/proofs; where there is no trace there is nothing. Throws Bad at the
   first thing wrong. */
export async function checkChain(members, manifest) {
  const networkName = manifest.network;
  const analysis = readAnalysis(members);
  must(analysis.kancil === manifest.kancil, "kancil-other", {});
  must(analysis.isTraining === "site" in manifest, "site-other", {});
  must(analysis.network === networkName, "network-other", { network: String(analysis.network) });
  if (analysis.traces === 0) return { analysis, blocks: [], transactions: [], headers: [] };
  const network = NETWORKS[networkName];
  if (network === undefined) throw new Bad("network-unknown", { network: networkName });
  const blocks = readBlocks(members);
  const transactions = readTransactions(members);
  await hashTransactions(transactions);
  const headers = await judgeHeaders(member(members, "analysis/proofs/headers.bin"), network);
  const facts = { network, analysis, blocks, transactions, headers, heightsStated: 0, noCoinbasePath: 0 };
  for (const block of blocks) mustBeBlock(block, facts);
  facts.byBlock = new Map(blocks.map((block, at) => [block.hash, { ...block, at }]));
  for (const transaction of transactions) mustBeInBlock(transaction, facts);
  mustBeInOrder(facts);
  mustSpend(facts);
  return facts;
}

async function hashTransactions(transactions) {
  let count = 0;
  for (const one of transactions) {
    const { txid, raw, base } = one;
    const read = readTransaction(raw, txid);
    must(base === null || (same(base, read.base) && !same(base, raw)), "tx-base", { txid });
    must(base !== null || same(raw, read.base), "tx-base", { txid });
    must(read.base.length !== UNSAFE_BYTES, "tx-64", { txid });
    must(toHex(reversed(sha256d(read.base))) === txid, "tx-id", { txid });
    one.read = read;
    count += 1;
    if (count % 200 === 0) await breathe();
  }
}

function mustBeBlock(block, facts) {
  const row = facts.headers[block.place];
  const params = { block: block.hash };
  must(row.hash === block.hash, "block-hash", params);
  must(row.work !== "failed", "work-failed", params);
  must(block.work !== LINKED || row.work === "checked", "work-unlinked", params);
  block.row = row;
  if (row.isLinked) must(block.height === null || row.height === block.height, "block-height", params);
  // Whoever held all blocks calls a height linked; the headers between are here only for checked work.
  else if (block.height_source === "linked") facts.heightsStated += 1;
  else if (block.height_source === "coinbase") mustClaimHeight(block, facts);
  else if (block.height_source === "file name") facts.heightsStated += 1;
}

function mustClaimHeight(block, facts) {
  const coinbase = facts.transactions.find((one) => one.block === block.hash && one.index === 0);
  if (coinbase === undefined) facts.heightsStated += 1;
  else must(claimedHeight(coinbase.read) === block.height, "block-height", { block: block.hash });
}

function rootOver(txid, index, path) {
  try {
    return blockRoot(reversed(hash32(txid, "proofs-form")), index, path);
  } catch (error) {
    if (error instanceof Bad) return new Uint8Array(0);
    throw error;
  }
}

function mustBeInBlock(one, facts) {
  const { txid, block, index, path, coinbaseTxid, coinbasePath, read, isHeld } = one;
  const params = { txid };
  if (block === null) {
    must(path.length === 0 && coinbasePath.length === 0 && coinbaseTxid === null, "tx-path", params);
    return;
  }
  const { root } = facts.headers[facts.byBlock.get(block)?.place] ?? {};
  must(root !== undefined, "block-unlisted", params);
  must(same(rootOver(txid, index, path), root), "tx-path", params);
  must(read.isCoinbase === (index === 0), "coinbase-place", params);
  if (coinbaseTxid === null) {
    // Whoever held the block could give it; only an outside proof may lack it.
    must(!isHeld && coinbasePath.length === 0, "coinbase-path", params);
    facts.noCoinbasePath += 1;
    return;
  }
  must(coinbasePath.length === path.length, "coinbase-depth", params);
  must(same(rootOver(coinbaseTxid, 0, coinbasePath), root), "coinbase-path", params);
  must(index !== 0 || coinbaseTxid === txid, "coinbase-place", params);
}

/* Blocks stand from old to new, transactions as in their blocks; none stands twice. */
function mustBeInOrder(facts) {
  const held = new Set(facts.transactions.filter((one) => one.isHeld).map((one) => one.block));
  const linked = facts.blocks.filter((one) => one.height_source === "linked" && held.has(one.hash));
  const heights = linked.map((one) => one.height);
  must(heights.every((height, at) => at === 0 || heights[at - 1] < height), "block-order", {});
  const cited = new Set(facts.transactions.map((one) => one.block));
  for (const block of facts.blocks) must(cited.has(block.hash), "block-order", {});
  const seen = new Set();
  let [lastBlock, lastIndex] = [-1, -1];
  for (const { txid, block, index, isHeld } of facts.transactions) {
    const key = `${txid} ${block}`;
    must(!seen.has(key), "tx-order", { txid });
    seen.add(key);
    if (!isHeld) continue;
    const { at } = facts.byBlock.get(block);
    must(at > lastBlock || (at === lastBlock && index > lastIndex), "tx-order", { txid });
    [lastBlock, lastIndex] = [at, index];
  }
}

/* No output is spent twice in blocks, none before it was made, no value comes out of nothing. */
function mustSpend(facts) {
  const values = new Map();
  const spent = new Set();
  const later = new Map();
  for (const { txid } of facts.transactions) later.set(txid, (later.get(txid) ?? 0) + 1);
  for (const one of facts.transactions) {
    const { txid, read, stated, block } = one;
    later.set(txid, later.get(txid) - 1);
    let [total, isKnown] = [0n, true];
    read.inputs.forEach((input, at) => {
      if (read.isCoinbase) return;
      must(!later.get(input.txid), "tx-order", { txid });
      must(block === null || !spent.has(input.outpoint), "spent-twice", { txid });
      if (block !== null) spent.add(input.outpoint);
      const held = values.get(input.outpoint);
      if (values.has(`${input.txid}:`)) must(held !== undefined, "input-missing", { txid });
      const said = stated.get(at);
      must(said === undefined || held === undefined || said === held, "stated-value", { txid });
      const value = held ?? said;
      if (value === undefined) isKnown = false;
      else total += value;
    });
    must([...stated.keys()].every((at) => at < read.inputs.length), "stated-value", { txid });
    const out = read.outputs.reduce((sum, output) => sum + output.value, 0n);
    must(read.isCoinbase || !isKnown || out <= total, "value-from-nothing", { txid });
    values.set(`${txid}:`, 0n);
    read.outputs.forEach((output, at) => values.set(`${txid}:${at}`, output.value));
  }
}
