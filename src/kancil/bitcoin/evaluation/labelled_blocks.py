"""Blocks as labelled sets: what was mined before a protocol began is none of its transactions.

A block file alone, raw, with its spent outputs beside it where they are held
(`<name>.spent-outputs.raw`). Nobody need label it: by the dates alone every transaction is a
negative of each protocol that began later (`Heuristic.period`), if the chain allowed the
protocol's form by then (`Heuristic.possible_from`); before, a no would prove nothing. Values and
scripts of inputs are known where the spent outputs are, else not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from kancil.bitcoin.blocks.columns import NO_OUTPUT, Columns
from kancil.bitcoin.blocks.parse import parse_blocks
from kancil.bitcoin.coinjoins.heuristic import Coin, Heuristic, Shown, paid_coins
from kancil.bitcoin.holdings.spent import SpentOutputs
from kancil.ground.clock import from_unix
from kancil.ground.skipped import Skipped

NOT_KNOWN = Coin(None, None)


def read_block(raw: bytes) -> Columns | None:
    """Read a file that is exactly one block whose Merkle root is right; else None."""
    buffer = np.frombuffer(raw, np.uint8)
    rows, _ = parse_blocks(buffer, np.array([[0, len(raw)]], np.int64))
    return rows if rows.block_count == 1 and rows.block_merkle[0] == 1 else None


def time_of(rows: Columns) -> datetime:
    """The time of the block, aware UTC."""
    return from_unix(int(rows.block_time[0]))


def began_later(rows: Columns, heuristics: Sequence[Heuristic]) -> tuple[str, ...]:
    """Name the heuristics of whose kind no transaction of the block can be, by the dates."""
    day = time_of(rows).date()
    return tuple(
        each.name
        for each in heuristics
        if each.says != "equal-outputs" and each.possible_from <= day < each.period.first
    )


def transactions_of(rows: Columns, spent: SpentOutputs | None) -> Iterator[Shown | Skipped]:
    """The transactions of a block."""
    time, place = time_of(rows), 0
    for tx in range(len(rows.tx_id)):
        inputs = []
        for number in range(int(rows.tx_input_start[tx]), int(rows.tx_input_start[tx + 1])):
            if int(rows.input_prev_index[number]) == NO_OUTPUT:
                continue
            inputs.append(NOT_KNOWN if spent is None else _spent(spent, place))
            place += 1
        outputs = np.arange(rows.tx_output_start[tx], rows.tx_output_start[tx + 1])
        yield Shown(
            txid=bytes(rows.tx_id[tx])[::-1].hex(),
            inputs=tuple(inputs),
            outputs=paid_coins(rows, outputs),
            time=time,
            version=int(rows.tx_version[tx]),
            locktime=int(rows.tx_locktime[tx]),
        )


def _spent(spent: SpentOutputs, place: int) -> Coin:
    return Coin(int(spent.value_sat[place]), spent.kinds[place], spent.payloads[place])


def input_count(rows: Columns) -> int:
    """Count the inputs that spend an output, as a spent-outputs file has them."""
    return int((rows.input_prev_index != NO_OUTPUT).sum())
