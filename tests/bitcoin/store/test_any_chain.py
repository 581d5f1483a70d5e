"""Chains of any kind, also such as no node would take, grown in any steps: rows as plainly found.

Blocks are made as columns, so that ids can be chosen: some come again, some share their first 8 or
16 bytes. Inputs spend what is there, what is spent, what has no such output, and what never was.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kancil.bitcoin.blocks.columns import LAYOUT, NO_OUTPUT, Columns
from kancil.bitcoin.holdings.graph import COINBASE, UNKNOWN
from kancil.bitcoin.holdings.store_layout import COLUMNS, Rows
from kancil.bitcoin.holdings.store_record import StoreRecord
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.store import files, look_back
from kancil.bitcoin.store.errors import SpendNotResolved, SpentTwice
from kancil.bitcoin.store.grow import Grower, Piece
from kancil.ground.errors import KancilError

NOTHING = bytes(32), NO_OUTPUT
KINDS = (ScriptKind.P2PKH, ScriptKind.P2WPKH, ScriptKind.OP_RETURN, ScriptKind.NONSTANDARD)
CHAINS = 60
HELPS = (None, Rows(scripts=1), Rows(scripts=1_000))
"""What a grower is told to expect: nothing and so no help, too few scripts, enough of them."""


@dataclass(frozen=True)
class Tx:
    """A transaction: its id, the outpoints it spends, the kind and payload of its outputs."""

    id: bytes
    spends: list[tuple[bytes, int]]
    pays: list[tuple[int, bytes]]


Block = list[Tx]


def parsed(blocks: Sequence[Block]) -> Piece:
    """Blocks as the parser would, but for what no lookup reads."""
    txs = [tx for block in blocks for tx in block]
    spends = [one for tx in txs for one in tx.spends]
    pays = [one for tx in txs for one in tx.pays]
    counts = [len(blocks), len(txs), len(spends), len(pays), sum(len(one) for _, one in pays)]
    counts += [len(blocks) + 1, len(txs) + 1, len(pays) + 1]
    arrays: dict[str, Any] = {
        name: np.zeros((counts[table], width) if width else counts[table], kind)
        for name, (table, kind, width) in LAYOUT.items()
    }

    def starts(lengths: list[int]) -> Any:
        return np.cumsum([0, *lengths]).astype(np.int64)

    def ids(every: list[bytes]) -> Any:
        return np.frombuffer(b"".join(every), np.uint8).reshape(-1, 32).copy()

    arrays["block_tx_start"] = starts([len(block) for block in blocks])
    arrays["tx_block"] = np.repeat(np.arange(len(blocks)), [len(block) for block in blocks])
    arrays["tx_block"] = arrays["tx_block"].astype(np.int32)
    arrays["tx_id"] = ids([tx.id for tx in txs])
    arrays["tx_input_start"] = starts([len(tx.spends) for tx in txs])
    arrays["tx_output_start"] = starts([len(tx.pays) for tx in txs])
    arrays["input_prev_id"] = ids([one for one, _ in spends])
    arrays["input_prev_index"] = np.array([index for _, index in spends], np.uint32)
    arrays["output_script"] = np.array([kind for kind, _ in pays], np.uint8)
    arrays["output_payload_start"] = starts([len(one) for _, one in pays])
    arrays["payload"] = np.frombuffer(b"".join(one for _, one in pays), np.uint8).copy()
    return Piece(Columns(**arrays), np.zeros(len(blocks), np.int64))


@dataclass
class Plain:
    """What the columns must hold, found one row after another."""

    source: list[int] = field(default_factory=list)
    spender: list[int] = field(default_factory=list)
    script: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    numbers: dict[tuple[int, bytes], int] = field(default_factory=dict)
    txs: dict[bytes, tuple[int, int]] = field(default_factory=dict)

    def add(self, blocks: Sequence[Block], *, is_whole: bool) -> type[KancilError] | None:
        """Add a step; gives the error that it must end in."""
        first = len(self.source)
        for tx in (tx for block in blocks for tx in block):
            self.source += [self._found(*one) for one in tx.spends]
            self.txs[tx.id] = len(self.spender), len(tx.pays)
            for one in tx.pays:
                number = self.numbers.setdefault(one, len(self.last))
                self.last += [-1] * (number == len(self.last))
                self.script.append(number)
                self.before.append(self.last[number])
                self.last[number] = len(self.spender)
                self.spender.append(-1)
        new = self.source[first:]
        if is_whole and UNKNOWN in new:
            return SpendNotResolved
        for number, source in enumerate(new, first):
            if source >= 0:
                if self.spender[source] >= 0:
                    return SpentTwice
                self.spender[source] = number
        return None

    def _found(self, txid: bytes, index: int) -> int:
        if (txid, index) == NOTHING:
            return COINBASE
        first, count = self.txs.get(txid, (0, 0))
        return first + index if index < count else UNKNOWN


def any_chain(chance: random.Random) -> list[Block]:
    """Make a chain of a few blocks; how hostile it is, is of chance too."""
    wrong = chance.choice([0.0, 0.02, 0.1, 0.4])
    ids: list[bytes] = []
    made: dict[bytes, int] = {}
    free: list[tuple[bytes, int]] = []
    blocks: list[Block] = []
    for _ in range(chance.randint(1, 14)):
        block: Block = []
        for place in range(chance.randint(1, 4)):
            beginning = bytes([chance.randrange(3)]) * 8 + bytes([chance.randrange(3)]) * 8
            txid = beginning + len(ids).to_bytes(16, "big")
            if ids and chance.random() < 0.12:
                txid = chance.choice(ids)  # comes again: what it paid before cannot be spent
                free = [one for one in free if one[0] != txid]
            spends = [NOTHING] if not place else []
            for _ in range(chance.randint(0, 3) if place else 0):
                if ids and chance.random() < wrong:
                    strange = beginning + bytes([9]) * 16
                    which = chance.choice([chance.choice(ids), strange])
                    spends.append((which, chance.choice([0, 1, 5, 2**31, 2**32 - 1])))
                elif free:
                    spends.append(free.pop(chance.randrange(len(free))))
            payloads = [b"", b"a", b"abcdefgh", b"abcdefghi", chance.randbytes(20)]
            pays = [
                (int(chance.choice(KINDS)), chance.choice(payloads))
                for _ in range(chance.randint(0, 4))
            ]
            ids.append(txid)
            made[txid] = len(pays)
            free += [(txid, index) for index in range(len(pays))]
            block.append(Tx(txid, spends, pays))
        blocks.append(block)
    return blocks


@contextmanager
def growing(folder: Path, record: StoreRecord, expected: Rows | None) -> Iterator[Grower]:
    grower = Grower(folder, record, REGTEST, 2, expected)
    try:
        yield grower
    finally:
        grower.close()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every array of a helper stand in a file, and a few needles be worth a thread."""
    monkeypatch.setattr(look_back, "_SCRATCH_MEMORY_BYTES", 0)
    monkeypatch.setattr(look_back, "_LEAST_NEEDLES", 3)
    monkeypatch.setattr("os.fsync", lambda _: None)


def cut(chance: random.Random, blocks: list[Block], most: int) -> list[list[Block]]:
    parts, at = [], 0
    while at < len(blocks):
        size = chance.randint(1, most)
        parts.append(blocks[at : at + size])
        at += size
    return parts


def columns_of(folder: Path, record: StoreRecord) -> dict[str, Any]:
    return {
        column.name: np.array(files.map_column(folder, column, record.rows)).tolist()
        for column in COLUMNS
    }


def grown(
    folder: Path, record: StoreRecord, steps: list[list[Block]], chance: random.Random
) -> tuple[StoreRecord, type[KancilError] | None]:
    """Grow a store step by step, a process now and then beginning anew; gives how it ended."""
    at = 0
    while at < len(steps):
        with growing(folder, record, chance.choice(HELPS)) as grower:
            stop = chance.choice([len(steps), chance.randint(at + 1, len(steps))])
            for step in steps[at:stop]:
                for part in cut(chance, step, 3):
                    grower.take(parsed(part))
                try:
                    record = grower.finish_step()
                except (SpendNotResolved, SpentTwice) as error:
                    files.take_back(folder, record.rows)
                    return record, type(error)
                files.Pending.done(folder)
            at = stop
    return record, None


@pytest.mark.parametrize("number", range(CHAINS))
def test_rows_are_those_that_are_found_one_by_one_whatever_the_steps(
    tmp_path: Path, number: int
) -> None:
    chance = random.Random(number)
    blocks, is_whole = any_chain(chance), bool(number % 2)
    begun = StoreRecord(chance.getrandbits(64), 0 if is_whole else 7)
    steps = cut(chance, blocks, 4)
    plain, error = Plain(), None
    for count, step in enumerate(steps):
        error = plain.add(step, is_whole=is_whole)
        if error is not None:
            steps = steps[: count + 1]
            break
    (tmp_path / files.FOLDER).mkdir()
    record, ended = grown(tmp_path, begun, steps, chance)
    assert ended is error
    if error is not None:
        assert record.rows.blocks == sum(len(step) for step in steps[:-1])
        return
    held = columns_of(tmp_path, record)
    assert held["input_source"] == plain.source
    assert held["output_spender"] == plain.spender
    assert held["output_script_id"] == plain.script
    assert held["output_before"] == plain.before
    assert held["script_last"] == plain.last
    unknown = [at for at, source in enumerate(plain.source) if source == UNKNOWN]
    assert held["unknown_input"] == unknown


def test_the_chains_above_are_of_every_kind() -> None:
    ends = []
    for number in range(CHAINS):
        chance = random.Random(number)
        blocks = any_chain(chance)
        ends.append(Plain().add(blocks, is_whole=bool(number % 2)))
    assert {None, SpendNotResolved, SpentTwice} == set(ends)


SHARED = b"A" * 16


@pytest.mark.parametrize("steps", [[3], [1, 1, 1], [2, 1], [1, 2]])
@pytest.mark.parametrize("expected", HELPS)
def test_ids_that_share_their_first_half_are_told_apart_in_whatever_steps(
    tmp_path: Path, steps: list[int], expected: Rows | None
) -> None:
    one, other = SHARED + b"1" * 16, SHARED + b"2" * 16
    paid = [(2, b"x")]
    blocks = [
        [Tx(one, [NOTHING], paid)],
        [Tx(other, [NOTHING], paid)],
        [Tx(b"C" * 32, [(one, 0), (other, 0)], paid)],
    ]
    (tmp_path / files.FOLDER).mkdir()
    with growing(tmp_path, StoreRecord(5, 0), expected) as grower:
        for size in steps:
            grower.take(parsed(blocks[:size]))
            blocks = blocks[size:]
            record = grower.finish_step()
    assert columns_of(tmp_path, record)["input_source"] == [COINBASE, COINBASE, 0, 1]


def test_a_grower_whose_step_failed_knows_nothing_of_it(tmp_path: Path) -> None:
    paid = [(2, b"x")]
    first, lost, later = (letter * 32 for letter in (b"a", b"c", b"f"))
    (tmp_path / files.FOLDER).mkdir()
    with growing(tmp_path, StoreRecord(5, 0), HELPS[2]) as grower:
        grower.take(parsed([[Tx(first, [NOTHING], paid)]]))
        grower.finish_step()
        grower.take(parsed([[Tx(b"b" * 32, [(first, 0)], paid)]]))
        grower.finish_step()
        grower.take(parsed([[Tx(lost, [NOTHING], paid), Tx(b"e" * 32, [(first, 0)], paid)]]))
        with pytest.raises(SpentTwice):
            grower.finish_step()
        files.take_back(tmp_path, grower.record.rows)
        grower.take(parsed([[Tx(later, [NOTHING], paid)]]))
        grower.finish_step()
        grower.take(parsed([[Tx(b"g" * 32, [(lost, 0)], paid)]]))
        with pytest.raises(SpendNotResolved):
            grower.finish_step()
