/* The transactions at which traces stopped as CoinJoins (coinjoins.json), read strictly. What a
   heuristic said of them is the maker's statement: this page does not judge them again. */

import { must } from "./bad.js";
import { hasKeys, isObject, readJson } from "./json.js";
import { satoshi } from "./proofs.js";
import { member } from "./zip.js";

export const COINJOINS = "analysis/coinjoins.json";
const KEYS = ["heuristic", "reason", "rule", "txid", "version"];
const WORD = /^[a-z0-9][a-z0-9-]{0,39}$/;
const CODE = /^[a-z0-9][a-z0-9.-]{0,59}$/;

function isWord(value) {
  return typeof value === "string" && WORD.test(value);
}

function mustBeRow(one, txids, params) {
  must(hasKeys(one, KEYS) && txids.has(one.txid), "proofs-member", params);
  must([one.heuristic, one.rule, one.version].every(isWord), "proofs-member", params);
  must(hasKeys(one.reason, ["code", "values"]), "proofs-member", params);
  const { code, values } = one.reason;
  must(typeof code === "string" && CODE.test(code) && isObject(values), "proofs-member", params);
  for (const [name, text] of Object.entries(values))
    must(isWord(name) && satoshi(text) !== null, "proofs-member", params);
}

/* Gives {count, stops}: `stops` says of a txid whether a heuristic of these, named with their
   versions, took it for a CoinJoin. */
export function readCoinjoins(members, transactions) {
  const params = { name: COINJOINS };
  const list = readJson(member(members, COINJOINS), COINJOINS, { canonical: true });
  must(Array.isArray(list), "proofs-member", params);
  const txids = new Set(transactions.map((one) => one.txid));
  const cited = new Set();
  let last = "";
  for (const one of list) {
    mustBeRow(one, txids, params);
    const key = `${one.txid} ${one.heuristic} ${one.version}`;
    must(last < key, "proofs-member", params);
    last = key;
    cited.add(key);
  }
  const stops = (txid, named) =>
    Object.entries(named).some(([name, version]) => cited.has(`${txid} ${name} ${version}`));
  return { count: list.length, stops };
}
