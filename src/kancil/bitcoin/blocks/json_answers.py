"""Blocks and transactions out of the JSON that nodes and explorers answer with.

Bytes come from `file`, raw blocks and transactions go back to it, and are then read and
checked as any other: a block by its hash, its work and its Merkle root. Of Bitcoin Core: `getblock`
with verbosity 0, 2 or 3, `getrawtransaction` and `gettransaction`, with or without the envelope of
JSON-RPC, also several in a list. Of ElectrumX: `blockchain.transaction.get`, which answers as they
do. Of Esplora (Blockstream, mempool.space): transactions, which are put together again from their
parts and must give their own txid. A block comes out only if all its transactions do. Of
blockchain.info: transactions alone, of a `rawtx`, `rawaddr` or `rawblock`, as those of Esplora; but
only a coinbase, or inputs with the txid of what they spend, which its answers commonly leave out
for a number of its own (`tx_index`). Sources: Bitcoin Core, src/rpc/blockchain.cpp (blockToJSON),
src/core_write.cpp (TxToUniv); ElectrumX, docs/protocol-methods.rst; Esplora, API.md (transaction
format); blockchain.info, "Blockchain Data API" (Single Transaction).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from .raw import count_of, piece_of

MOST_BYTES = 32_000_000
"""A block of 2 MB takes about half of that as Bitcoin Core writes it out."""
UNNAMED = b"inputs without txids"
"""Piece in place of a transaction whose answer does not name what its inputs spend."""
_MOST_DEPTH = 3
_NO_BLOCK = "00" * 32


class _Unfit(EOFError):
    """A part is not what it has to be."""


def looks_like_json(head: bytes) -> bool:
    """Whether a file that begins with these bytes may be such an answer."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def raw_pieces(text: bytes) -> list[bytes]:
    """What an answer holds, in its order; empty bytes where a part cannot be put together."""
    try:
        answer = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return []
    return list(_pieces(answer, 0))


def _pieces(answer: Any, depth: int) -> Iterator[bytes]:
    if isinstance(answer, list) and depth < _MOST_DEPTH:
        for one in answer:
            yield from _pieces(one, depth + 1)
    elif isinstance(answer, str) and depth:
        yield _from_hex(answer)
    elif isinstance(answer, dict):
        if "result" in answer and depth < _MOST_DEPTH:
            yield from _pieces(answer["result"], depth + 1)
        elif "merkleroot" in answer and "tx" in answer:
            yield _made(_block, answer)
        elif isinstance(answer.get("hex"), str):
            yield _from_hex(answer["hex"])
        elif "vin" in answer and "vout" in answer:
            yield _made(_esplora, answer)
        elif "inputs" in answer and "out" in answer:
            yield _made(_blockchain_info, answer)
        elif depth < _MOST_DEPTH:
            listed = answer.get("tx") if "mrkl_root" in answer else answer.get("txs")
            yield from _pieces(listed, depth + 1)


def _from_hex(text: Any) -> bytes:
    try:
        return bytes.fromhex(text)
    except (ValueError, TypeError):
        return b""


def _made(make: Any, answer: dict[str, Any]) -> bytes:
    try:
        raw: bytes = make(answer)
    except (EOFError, KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return b""
    return raw


def _number(value: Any, size: int, *, signed: bool = False) -> bytes:
    return int(value).to_bytes(size, "little", signed=signed)


def _size(number: int) -> bytes:
    if number < 0xFD:
        return bytes([number])
    for mark, width in ((0xFD, 2), (0xFE, 4)):
        if number < 1 << (8 * width):
            return bytes([mark]) + number.to_bytes(width, "little")
    return b"\xff" + number.to_bytes(8, "little")


def _sized(raw: bytes) -> bytes:
    return _size(len(raw)) + raw


def _hash(shown: str) -> bytes:
    raw = bytes.fromhex(shown)[::-1]
    if len(raw) != 32:
        raise _Unfit(shown[:80])
    return raw


def _block(answer: dict[str, Any]) -> bytes:
    """The block of `getblock` with verbosity 2 or 3; its hash is checked where it is read."""
    header = (
        _number(answer["version"], 4, signed=True)
        + _hash(answer.get("previousblockhash", _NO_BLOCK))
        + _hash(answer["merkleroot"])
        + _number(answer["time"], 4)
        + bytes.fromhex(answer["bits"])[::-1]
        + _number(answer["nonce"], 4)
    )
    txs = [bytes.fromhex(tx["hex"]) for tx in answer["tx"]]
    return header + _size(len(txs)) + b"".join(txs)


def _esplora(answer: dict[str, Any]) -> bytes:
    """A transaction as Esplora tells it. Raises _Unfit if it does not give its own txid."""
    inputs = b"".join(
        _hash(one["txid"]) + _number(one["vout"], 4) + _sized(bytes.fromhex(one["scriptsig"]))
        + _number(one["sequence"], 4)
        for one in answer["vin"]
    )  # fmt: skip
    outputs = b"".join(
        _number(one["value"], 8) + _sized(bytes.fromhex(one["scriptpubkey"]))
        for one in answer["vout"]
    )
    body = _size(len(answer["vin"])) + inputs + _size(len(answer["vout"])) + outputs
    version, locktime = _number(answer["version"], 4, signed=True), _number(answer["locktime"], 4)
    base = version + body + locktime
    if hashlib.sha256(hashlib.sha256(base).digest()).digest() != _hash(answer["txid"]):
        raise _Unfit(answer["txid"])
    stacks = [[bytes.fromhex(part) for part in one.get("witness") or ()] for one in answer["vin"]]
    if not any(stacks):
        return base
    witness = b"".join(_size(len(stack)) + b"".join(map(_sized, stack)) for stack in stacks)
    return version + b"\x00\x01" + body + witness + locktime


def _blockchain_info(answer: dict[str, Any]) -> bytes:
    """A transaction as blockchain.info tells it; `UNNAMED` if it does not say what it spends."""
    vin = []
    for one in answer["inputs"]:
        spent = one.get("prev_out") or {"hash": _NO_BLOCK, "n": 0xFFFFFFFF}
        if len(spent.get("hash", "")) != len(_NO_BLOCK):  # 40 digits are those of an address
            return UNNAMED
        witness = _stack(bytes.fromhex(one.get("witness") or ""))
        vin.append({
            "txid": spent["hash"], "vout": spent["n"], "scriptsig": one["script"],
            "sequence": one["sequence"], "witness": witness,
        })  # fmt: skip
    vout = [{"value": one["value"], "scriptpubkey": one["script"]} for one in answer["out"]]
    return _esplora({
        "txid": answer["hash"], "version": answer["ver"], "locktime": answer["lock_time"],
        "vin": vin, "vout": vout,
    })  # fmt: skip


def _stack(raw: bytes) -> list[str]:
    """The parts of a witness that is told as one string. Raises EOFError if it is not whole."""
    if not raw:
        return []
    count, at = count_of(raw, 0)
    parts = []
    for _ in range(count):
        part, at = piece_of(raw, at)
        parts.append(part.hex())
    if at != len(raw):
        raise _Unfit(raw[:80].hex())
    return parts


__all__ = ["MOST_BYTES", "UNNAMED", "looks_like_json", "raw_pieces"]
