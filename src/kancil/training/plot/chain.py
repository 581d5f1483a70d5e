"""The chain of a lab: everyday life with one story in it, made by the generator of test chains.

Only the block file goes into the case folder. What is true of the chain (numbers of transactions,
deposits of other customers, times) is read from the generator's tables before they are removed.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pyarrow.parquet as pq

from kancil.bitcoin.generator.chain_plan import measures_of
from kancil.bitcoin.generator.counter import Draw
from kancil.bitcoin.generator.form import Form
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.generator.pattern import Pattern
from kancil.bitcoin.generator.plain import script_of_form
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.script import address_of_script
from kancil.ground.files import read_file, write_durably
from kancil.ground.progress import Progress

from .errors import PlotNotPlayed

BLOCK_FILE = "blk00000.dat"
STREAM_CHAIN = 1 << 40
"""Streams of labs begin here; those of the generator end far below."""
_TRIES = 40
_RECORD = struct.Struct("<4sI")
_TIME_AT = 68
"""Of a block's header: where its time stands (4 bytes, little-endian)."""


class Plot(Pattern, Protocol):
    """A story that a chain can hold, played once."""

    def holds(self) -> bool:
        """Whether all that the lab asks for happened; a chain without it is not taken."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit of everyday life: an exchange's customer paid coins in."""

    exchange: int
    address: str
    value_sat: int
    tx: int
    n: int


@dataclass(frozen=True, slots=True)
class ToldChain:
    """What is true of a chain that was made."""

    txids: list[str]
    """By number of transaction, as people read them."""
    heights: list[int]
    """By number of transaction."""
    times: list[int]
    """Unix time of each block, by height."""
    deposits: list[Deposit] = field(default_factory=list)
    """Of everyday life, in the order of the chain."""
    exchanges: dict[str, int] = field(default_factory=dict)
    """Every deposit address that the exchanges hold, with the exchange's number."""

    def time_of(self, tx: int) -> int:
        """The time that the block of a transaction states."""
        return self.times[self.heights[tx]]


def make_chain(
    folder: Path, seed: int, noise: int, plot: Plot, start: datetime, progress: Progress
) -> ToldChain:
    """Write the block file of a chain with this story; raises PlotNotPlayed, DiskFull.

    A chain in which the story starved or came out too thin is not taken: the next number of the
    seed's stream is tried, so that the same seed gives the same chain on every machine.
    """
    draw = Draw(seed, STREAM_CHAIN)
    for _ in range(_TRIES):
        wishes = Wishes(draw.word(), noise + plot.most, start=start, plots=(plot,))
        with tempfile.TemporaryDirectory(prefix="kancil-lab-") as place:
            made = Path(place) / "chain"
            told = generate(made, wishes, progress)
            if told["planted"][plot.name]["complete"] != 1 or not plot.holds():
                continue
            content = read_file(made / "blocks" / BLOCK_FILE)
            chain = _read_truth(made / "truth", content, wishes.transactions)
        write_durably(folder / BLOCK_FILE, content)
        return chain
    raise PlotNotPlayed(seed=str(seed))


def cut_blocks(folder: Path, until: int) -> None:
    """Leave out the blocks from the first that states a later Unix time on: nobody has seen them.

    Raises DiskFull, FileNotReadable.
    """
    path = folder / BLOCK_FILE
    content, at = read_file(path), 0
    while at + _RECORD.size <= len(content):
        _, size = _RECORD.unpack_from(content, at)
        header = at + _RECORD.size
        if int.from_bytes(content[header + _TIME_AT : header + _TIME_AT + 4], "little") > until:
            break
        at = header + size
    write_durably(path, content[:at])


def _read_truth(truth: Path, content: bytes, transactions: int) -> ToldChain:
    rows = pq.read_table(truth / "transactions.parquet", columns=["txid", "height"]).to_pydict()
    measures = measures_of(transactions)
    first = measures.miners
    holders = {first + number: number for number in range(measures.exchanges)}
    addresses = _addresses(truth, holders)
    outputs = pq.read_table(truth / "outputs.parquet").to_pydict()
    deposits, held = [], {}
    for tx, n, value, address, owner, role in zip(
        *(outputs[name] for name in ("tx", "n", "value_sat", "address", "owner", "role")),
        strict=True,
    ):
        if role != "deposit" or owner not in holders:
            continue
        text = addresses[address]
        held[text] = holders[owner]
        deposits.append(Deposit(holders[owner], text, value, tx, n))
    txids = [bytes(txid)[::-1].hex() for txid in rows["txid"]]
    return ToldChain(txids, rows["height"], list(_times(content)), deposits, held)


def _addresses(truth: Path, holders: dict[int, int]) -> dict[int, str]:
    """The texts of the addresses that the exchanges hold, by number."""
    found: dict[int, str] = {}
    rows = pq.read_table(truth / "addresses.parquet").to_pydict()
    for number, owner, form, program in zip(
        *(rows[name] for name in ("address", "owner", "form", "program")), strict=True
    ):
        if owner in holders:
            text = address_of_script(script_of_form(Form[form.upper()], program), REGTEST)
            found[number] = text or ""
    return found


def _times(content: bytes) -> Iterator[int]:
    """The times of the blocks of a block file, in its order, which is that of heights."""
    at = 0
    while at + _RECORD.size <= len(content):
        _, size = _RECORD.unpack_from(content, at)
        at += _RECORD.size
        yield int.from_bytes(content[at + _TIME_AT : at + _TIME_AT + 4], "little")
        at += size
