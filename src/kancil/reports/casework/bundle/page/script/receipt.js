/* The receipt of a hand-over: what the receiver of an exhibit signed, against what the entry says
   (docs/formats/ledger.md, Receipt). */

import { must } from "./bad.js";
import { fromBase64, isHex } from "./bytes.js";
import { canonicalJson, hasKeys } from "./json.js";
import { isSignedBy } from "./signature.js";

const KEYS = ["at", "exhibit", "format", "from", "place", "seal", "to", "unit"];

/* Gives true where the receipt is a signed paper, of which only a digest is known here. */
export async function checkReceipt(entry, roll) {
  const params = { n: entry.n };
  const { receipt } = entry.body;
  if (hasKeys(receipt, ["document_sha256"])) {
    must(isHex(receipt.document_sha256, 32), "receipt", params);
    return true;
  }
  must(hasKeys(receipt, ["key", "signature", "statement"]), "receipt", params);
  const { statement } = receipt;
  must(hasKeys(statement, KEYS), "receipt", params);
  const { from, place, seal, to } = entry.body;
  const said = { exhibit: entry.exhibit.id, format: "kancil-receipt/1", from, place, seal, to, unit: entry.unit };
  must(Object.keys(said).every((name) => statement[name] === (said[name] ?? null)), "receipt", params);
  const held = roll.keys.get(receipt.key);
  must(held !== undefined && held.isActive && held.officer === to, "receipt", params);
  const signature = fromBase64(receipt.signature, "receipt", params);
  must(await isSignedBy(held.key, signature, canonicalJson(statement)), "receipt", params);
  return false;
}
