"""Step 5 of checking a bundle: transactions, Merkle paths, headers and work, from the bytes alone.

What `analysis/*.json` claims of the chain is never believed here, only compared. Scripts and
signatures are not validated by Kancil at all, and a bundle cannot show that something is *not* in
the chain: both are said, never checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kancil.bitcoin.blocks.headers import Headers, HeaderTree, HeightSource, WorkVerdict, build_tree
from kancil.bitcoin.blocks.merkle_proof import sha256d
from kancil.bitcoin.blocks.work import meets_own_target, work_of_bits
from kancil.bitcoin.network import NETWORKS, Network

from .material import (
    FAILED_WORK,
    HEADER_BYTES,
    LINKED_WORK,
    OWN_TARGET,
    CitedBlock,
    CitedTransaction,
    Material,
    shown,
)
from .rawtx import RawTransaction, RawTransactionWrong, read_transaction
from .remark import Remark

UNSAFE_SIZE_BYTES = 64
"""A transaction of this size can pose as a Merkle node (CVE-2017-12842)."""


@dataclass
class ChainCheck:
    """What step 5 found."""

    problems: list[Remark] = field(default_factory=list)
    said: list[Remark] = field(default_factory=list)
    """What was checked and holds, with counts."""
    not_checked: list[Remark] = field(default_factory=list)
    read: dict[str, RawTransaction] = field(default_factory=dict)
    """The transactions as read, by txid."""


def check_chain(material: Material) -> ChainCheck:
    """Check every transaction, path and header of the material."""
    check = ChainCheck()
    if not material.has_chain:
        check.said.append(Remark("no-chain"))
        return check
    network = NETWORKS.get(material.network)
    if network is None:
        check.problems.append(Remark("network-unknown", "analysis/analysis.json"))
        return check
    _check_transactions(material, check)
    if check.problems:
        return check
    _check_blocks(material, network, check)
    _check_paths(material, check)
    _check_order(material, check)
    _check_spends(material, check)
    _check_statements(material, check)
    _say(material, check)
    return check


def _check_transactions(material: Material, check: ChainCheck) -> None:
    """Hash each transaction anew; the bytes without witness must be those of the bytes with it."""
    for transaction in material.transactions:
        place = f"analysis/proofs/tx/{transaction.txid}.raw"
        try:
            read = read_transaction(transaction.raw)
        except RawTransactionWrong:
            check.problems.append(Remark("transaction-form", place))
            continue
        if read.base != transaction.base:
            check.problems.append(Remark("transaction-base", place))
        if len(read.base) == UNSAFE_SIZE_BYTES:
            check.problems.append(Remark("transaction-64-bytes", place))
        if shown(sha256d(read.base)) != transaction.txid:
            check.problems.append(Remark("transaction-id", place))
        check.read[transaction.txid] = read


def _check_blocks(material: Material, network: Network, check: ChainCheck) -> None:
    """Hash each header anew, its work against its own target, linked ones to a checkpoint."""
    place = "analysis/proofs/blocks.json"
    tree = build_tree(Headers.from_raw(material.headers), network)
    for block in material.blocks:
        header = material.header(block)
        digest = sha256d(header)
        if shown(digest) != block.hash:
            check.problems.append(Remark("header-hash", place, {"block": block.hash}))
            continue
        if not meets_own_target(digest, int.from_bytes(header[72:76], "little"), network):
            check.problems.append(Remark("header-work", place, {"block": block.hash}))
        if block.work == FAILED_WORK or tree.verdict[block.place] == WorkVerdict.FAILED:
            check.problems.append(Remark("header-work-failed", place, {"block": block.hash}))
        elif block.work == LINKED_WORK and tree.verdict[block.place] != WorkVerdict.CHECKED:
            check.problems.append(Remark("header-not-linked", place, {"block": block.hash}))
        _check_height(block, material, tree, check)


def _check_height(
    block: CitedBlock, material: Material, tree: HeaderTree, check: ChainCheck
) -> None:
    """Compare a block's height with the headers, else with its coinbase, where they show one.

    A maker who held all blocks calls a height linked. Where the work stands on its own target
    alone, as on regtest, the headers between are not in the bundle, and nothing shows the height.
    """
    wrong = Remark("block-height", "analysis/proofs/blocks.json", {"block": block.hash})
    row = block.place
    if tree.height_source[row] == HeightSource.LINKED:
        if block.height is not None and tree.height[row] != block.height:
            check.problems.append(wrong)
    elif block.height_source == "linked":
        check.not_checked.append(Remark("height-not-shown", block.hash))
    elif block.height_source == "coinbase":
        coinbases = [t for t in material.transactions if t.block == block.hash and t.index == 0]
        if not coinbases:
            check.not_checked.append(Remark("height-not-shown", block.hash))
        elif check.read[coinbases[0].txid].claimed_height() != block.height:
            check.problems.append(wrong)
    elif block.height_source == "file name":
        check.not_checked.append(Remark("height-by-file-name", block.hash))


def _check_paths(material: Material, check: ChainCheck) -> None:
    """Climb from each transaction, and from its block's coinbase, to the header's root."""
    blocks = {block.hash: block for block in material.blocks}
    for transaction in material.transactions:
        if transaction.block is None:
            continue
        block = blocks.get(transaction.block)
        if block is None:
            check.problems.append(Remark("block-not-listed", transaction.txid))
            continue
        root = material.header(block)[36:68]
        check.problems.extend(
            Remark(code, transaction.txid) for code in _path_faults(transaction, root, check)
        )


def _path_faults(transaction: CitedTransaction, root: bytes, check: ChainCheck) -> list[str]:
    faults = []
    leaf = bytes.fromhex(transaction.txid)[::-1]
    if climb(leaf, transaction.index or 0, transaction.path) != root:
        faults.append("merkle-path")
    read = check.read[transaction.txid]
    if read.is_coinbase != (transaction.index == 0):
        faults.append("coinbase-place")
    if transaction.coinbase_txid is None:
        # Whoever held the block could give it; only an outside proof may lack it.
        if transaction.is_held:
            faults.append("coinbase-path-missing")
        check.not_checked.append(Remark("coinbase-path-not-given", transaction.txid))
        return faults
    if len(transaction.coinbase_path) != len(transaction.path):
        faults.append("coinbase-depth")
    coinbase = bytes.fromhex(transaction.coinbase_txid)[::-1]
    if climb(coinbase, 0, transaction.coinbase_path) != root:
        faults.append("coinbase-path")
    if transaction.index == 0 and transaction.coinbase_txid != transaction.txid:
        faults.append("coinbase-place")
    return faults


def climb(leaf: bytes, index: int, path: Sequence[bytes]) -> bytes | None:
    """The Merkle root that a path leads to, None where the place is impossible.

    A right child equal to its left neighbour stands only in a forged twin of the list
    (CVE-2012-2459).
    """
    node = leaf
    for sibling in path:
        if index & 1:
            if sibling == node:
                return None
            node = sha256d(sibling + node)
        else:
            node = sha256d(node + sibling)
        index >>= 1
    return node if index == 0 else None


def _check_order(material: Material, check: ChainCheck) -> None:
    """Blocks from old to new as their links say, transactions as they stand in them."""
    place = {block.hash: number for number, block in enumerate(material.blocks)}
    cited = {t.block for t in material.transactions if t.block is not None}
    if cited != set(place):
        check.problems.append(Remark("block-not-cited", "analysis/proofs/blocks.json"))
    held = {t.block for t in material.transactions if t.is_held}
    linked = [b.height for b in material.blocks if b.height_source == "linked" and b.hash in held]
    heights = [height for height in linked if height is not None]
    if heights != sorted(set(heights)):
        check.problems.append(Remark("block-order", "analysis/proofs/blocks.json"))
    seen: set[tuple[str, str | None]] = set()
    last = (-1, -1)
    for transaction in material.transactions:
        key = (transaction.txid, transaction.block)
        if key in seen:
            check.problems.append(Remark("transaction-doubled", transaction.txid))
        seen.add(key)
        if transaction.is_held and transaction.block in place:
            here = (place[transaction.block], transaction.index or 0)
            if here <= last:
                check.problems.append(Remark("transaction-order", transaction.txid))
            last = max(last, here)


def _check_spends(material: Material, check: ChainCheck) -> None:
    """No output spent twice in blocks, no source after its spender, no value out of nothing."""
    values: dict[tuple[bytes, int], int] = {}
    spent: dict[tuple[bytes, int], bool] = {}
    later = {bytes.fromhex(t.txid)[::-1] for t in material.transactions}
    for transaction in material.transactions:
        read = check.read[transaction.txid]
        later.discard(bytes.fromhex(transaction.txid)[::-1])
        known: list[int | None] = []
        for number, item in enumerate(read.inputs):
            outpoint = (item.txid, item.index)
            stated = transaction.stated_values.get(number)
            held = values.get(outpoint)
            if item.txid in later and not read.is_coinbase:
                check.problems.append(Remark("source-after-spender", transaction.txid))
            if spent.get(outpoint) and transaction.block is not None and not read.is_coinbase:
                check.problems.append(Remark("spent-twice", transaction.txid))
            spent[outpoint] = spent.get(outpoint, False) or transaction.block is not None
            if None not in (stated, held) and stated != held:
                check.problems.append(Remark("stated-value", transaction.txid))
            known.append(stated if held is None else held)
        total = sum(output.value_sat for output in read.outputs)
        certain = [value for value in known if value is not None]
        if not read.is_coinbase and len(certain) == len(known) and sum(certain) < total:
            check.problems.append(Remark("value-from-nothing", transaction.txid))
        if any(number >= len(read.inputs) for number in transaction.stated_values):
            check.problems.append(Remark("stated-value", transaction.txid))
        digest = bytes.fromhex(transaction.txid)[::-1]
        values.update(
            {(digest, place): output.value_sat for place, output in enumerate(read.outputs)}
        )


def _check_statements(material: Material, check: ChainCheck) -> None:
    """What the maker states of inputs and outputs must not contradict what the bundle shows."""
    shown_ids = {transaction.txid for transaction in material.transactions}
    spent: set[tuple[str, int]] = set()
    for transaction in material.transactions:
        read = check.read[transaction.txid]
        spent.update((shown(item.txid), item.index) for item in read.inputs)
    for transaction in material.transactions:
        read = check.read[transaction.txid]
        inputs, outputs = range(len(read.inputs)), range(len(read.outputs))
        wrong = [
            number
            for number in transaction.unknown_inputs
            if number not in inputs or shown(read.inputs[number].txid) in shown_ids
        ]
        wrong += [
            number
            for number in transaction.unspent_outputs
            if number not in outputs or (transaction.txid, number) in spent
        ]
        if wrong or (read.is_coinbase and transaction.unknown_inputs):
            check.problems.append(Remark("statement-contradicts", transaction.txid))


def power_of_tries(material: Material) -> int:
    """The power of two nearest below the number of hashes that the easiest block took.

    Of those blocks whose work stands on their own target alone: a forger would need as many.
    """
    headers = [material.header(b) for b in material.blocks if b.work == OWN_TARGET]
    works = [work_of_bits(int.from_bytes(header[72:76], "little")) for header in headers]
    return min(works, default=0).bit_length() - 1


def _say(material: Material, check: ChainCheck) -> None:
    """State in counts what was checked and what was not."""
    placed = sum(t.block is not None for t in material.transactions)
    stated = sum(len(t.stated_values) for t in material.transactions)
    check.said.append(Remark("chain-transactions", "", {"count": len(material.transactions)}))
    check.said.append(Remark("chain-paths", "", {"count": placed}))
    works = Counter(block.work for block in material.blocks)
    headers = len(material.headers) // HEADER_BYTES
    if works[LINKED_WORK]:
        params: dict[str, str | int] = {"count": works[LINKED_WORK], "headers": headers}
        check.said.append(Remark("chain-work-linked", "", params))
    if own := works[OWN_TARGET]:
        params = {"count": own, "power": power_of_tries(material)}
        check.said.append(Remark("chain-work-own", "", params))
    if loose := len(material.transactions) - placed:
        check.not_checked.append(Remark("chain-loose", "", {"count": loose}))
    if stated:
        check.not_checked.append(Remark("chain-stated-values", "", {"count": stated}))
    check.not_checked.append(Remark("chain-scripts"))
    check.not_checked.append(Remark("chain-absence"))
