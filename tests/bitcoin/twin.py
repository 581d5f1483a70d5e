"""Comparison of the parser's columns with its slow twin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from kancil.bitcoin.blocks.columns import Columns
from kancil.bitcoin.blocks.read import Fault
from kancil.ground.skipped import Skipped
from tests.bitcoin import slow_parser as slow

Faults: TypeAlias = list[tuple[str, int | str]]
Rows: TypeAlias = dict[str, list[Any]]


def slow_rows(
    data: bytes, spans: Sequence[Sequence[int]], *, with_witness: bool = True
) -> tuple[Rows, Faults]:
    """Parse with the twin into lists named as the columns, and the faults in order."""
    blocks: list[slow.SlowBlock] = []
    faults: Faults = []
    for start, size in spans:
        try:
            blocks.append(slow.read_block(data, start, size, with_witness=with_witness))
        except slow.BadError as bad:
            faults.append((bad.fault, bad.at))
    rows = _block_rows(blocks)
    txs = [(number, tx) for number, block in enumerate(blocks) for tx in block.txs]
    rows |= tx_rows(txs, with_witness=with_witness)
    if with_witness:
        for first in rows["block_tx_start"][:-1]:
            rows["tx_wid"][first] = bytes(32)
    return rows, faults


def _block_rows(blocks: list[slow.SlowBlock]) -> Rows:
    names = {
        "offset": "offset", "size": "size", "hash": "block_hash", "version": "version",
        "prev": "prev", "merkle_root": "root", "time": "time", "bits": "bits", "nonce": "nonce",
        "merkle": "merkle", "witness": "witness", "target": "target", "height_claimed": "height",
    }  # fmt: skip
    rows: Rows = {
        f"block_{column}": [getattr(block, name) for block in blocks]
        for column, name in names.items()
    }
    rows["block_tx_start"] = _starts([len(block.txs) for block in blocks])
    return rows


def tx_rows(txs: list[tuple[int, slow.SlowTx]], *, with_witness: bool) -> Rows:
    """The transaction, input and output columns of (block, transaction)."""
    inputs = [each for _, tx in txs for each in tx.inputs]
    outputs = [each for _, tx in txs for each in tx.outputs]
    kinds = [slow.classify(script) for _, script in outputs]
    return {
        "tx_block": [block for block, _ in txs],
        "tx_offset": [tx.offset for _, tx in txs],
        "tx_size": [tx.size for _, tx in txs],
        "tx_id": [tx.txid for _, tx in txs],
        "tx_wid": [tx.wtxid if with_witness else bytes(32) for _, tx in txs],
        "tx_version": [tx.version for _, tx in txs],
        "tx_locktime": [tx.locktime for _, tx in txs],
        "tx_segwit": [int(tx.segwit) for _, tx in txs],
        "tx_input_start": _starts([len(tx.inputs) for _, tx in txs]),
        "tx_output_start": _starts([len(tx.outputs) for _, tx in txs]),
        "input_prev_id": [prev for prev, _, _, _ in inputs],
        "input_prev_index": [index for _, index, _, _ in inputs],
        "input_sequence": [sequence for _, _, _, sequence in inputs],
        "output_value": [value for value, _ in outputs],
        "output_script": [kind for kind, _ in kinds],
        "output_payload_start": _starts([len(payload) for _, payload in kinds]),
        "payload": list(b"".join(payload for _, payload in kinds)),
    }


def _starts(counts: list[int]) -> list[Any]:
    starts: list[Any] = [0]
    for count in counts:
        starts.append(starts[-1] + count)
    return starts


def differences(columns: Columns, rows: Rows) -> list[str]:
    """Name the columns that differ from the twin's rows."""
    wrong = []
    for name, expected in rows.items():
        array: np.ndarray = getattr(columns, name)
        found = [row.tobytes() for row in array] if array.ndim == 2 else array.tolist()
        if found != expected:
            wrong.append(name)
    return wrong


def fault_words(skipped: list[Skipped]) -> Faults:
    """Parser skips as the twin words them: fault and byte."""
    words = {"block-" + fault.name.lower().replace("_", "-"): fault.name for fault in Fault}
    return [(words[skip.code], int(str(skip.params["offset"]))) for skip in skipped]
