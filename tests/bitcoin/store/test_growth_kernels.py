"""What a growing store keeps at hand, against the plainest Python that does the same."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kancil.bitcoin.holdings.scratch import Scratch
from kancil.bitcoin.holdings.store_layout import expected_rows
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.store import growth_kernels, ingest, look_back, runs
from kancil.bitcoin.store.grow import keys_of
from kancil.bitcoin.store.script_filter import BITS_A_KEY, ScriptFilter
from kancil.bitcoin.store.unspent import Added, Unspent
from tests.bitcoin.store.making import digests, grow
from tests.examples import examples

Array = NDArray[Any]
SEED = 0x1234_5678_9ABC_DEF0
NEVER = int(ScriptKind.OP_RETURN)
FEW = examples(80)
IDS = [bytes([first]) * 8 + bytes([then]) * 24 for first in range(4) for then in range(3)]
"""Ids of which some share their first eight bytes, and so their key."""


@dataclass
class Tx:
    """A transaction as the plain twin keeps it."""

    id: bytes
    first: int
    kinds: list[int]
    spent: set[int] = field(default_factory=set)

    @property
    def is_live(self) -> bool:
        return any(kind != NEVER and n not in self.spent for n, kind in enumerate(self.kinds))


@pytest.fixture(scope="module")
def pool() -> Any:
    with ThreadPoolExecutor(2) as made:
        yield made


def found_in(unspent: Unspent, asked: list[tuple[bytes, int]]) -> tuple[list[int], Array]:
    """Ask for outpoints: gives the output of each, -1 where it is not found, and the hits."""
    ids = np.frombuffer(b"".join(one for one, _ in asked) or bytes(32), np.uint8)
    indexes = np.array([n for _, n in asked] or [0], np.uint32)
    high, low = keys_of(ids.reshape(-1, 32)[: len(asked)], SEED)
    place = np.arange(len(asked), dtype=np.int64)
    runs.Sorter().by_key(high, place)
    source, hits = np.full(len(asked), -1, np.int64), np.empty(len(asked), np.int64)
    held = tuple(unspent.held())
    growth_kernels.find_unspent(held, high, low[place], place, (ids, indexes), source, hits)
    return source.tolist(), hits[hits >= 0]


def added(unspent: Unspent, txs: list[Tx], first_tx: int, first_output: int) -> None:
    ids = np.frombuffer(b"".join(tx.id for tx in txs), np.uint8).reshape(-1, 32)
    start = np.cumsum([0, *(len(tx.kinds) for tx in txs)]).astype(np.int64)
    kinds = np.array([kind for tx in txs for kind in tx.kinds], np.uint8)
    spender = np.array([7 if n in tx.spent else -1 for tx in txs for n in range(len(tx.kinds))])
    run = runs.id_run(ids, first_tx, SEED, runs.Sorter())
    unspent.add(
        Added(run, ids.reshape(-1), start, kinds, spender.astype(np.int64),
              (first_tx, first_output))
    )  # fmt: skip


@given(st.data())
@FEW
def test_the_unspent_of_step_after_step_are_those_of_the_plain_twin(
    pool: ThreadPoolExecutor, data: st.DataObject
) -> None:
    """Ids may come again; a spend may name a transaction that was never there, or no output."""
    unspent, twin = Unspent(Scratch(None), pool), dict[bytes, Tx]()
    tx_count = output_count = 0
    for _ in range(data.draw(st.integers(1, 4))):
        unspent.merge()
        live = [(tx, n) for tx in twin.values() for n in range(len(tx.kinds)) if tx.is_live]
        places = data.draw(
            st.sets(st.integers(0, len(live) - 1), max_size=6) if live else st.just(())
        )
        picked = [live[place] for place in places]
        picked = [(tx, n) for tx, n in picked if n not in tx.spent and tx.kinds[n] != NEVER]
        wrong = data.draw(
            st.lists(st.tuples(st.sampled_from(IDS), st.integers(3, 2**32 - 1)), max_size=4)
        )
        asked = [(tx.id, n) for tx, n in picked] + wrong
        answers, hits = found_in(unspent, asked)
        assert answers == [tx.first + n for tx, n in picked] + [-1] * len(wrong)
        unspent.spent(hits)
        for tx, n in picked:
            tx.spent.add(n)
        new: list[Tx] = []
        for one in data.draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=6)):
            kinds = data.draw(st.lists(st.sampled_from([2, 4, NEVER]), min_size=1, max_size=3))
            spent = data.draw(st.sets(st.integers(0, len(kinds) - 1)))
            tx = Tx(one, output_count + sum(len(each.kinds) for each in new), kinds)
            tx.spent = {n for n in spent if kinds[n] != NEVER}
            new.append(tx)
        added(unspent, new, tx_count, output_count)
        tx_count += len(new)
        output_count += sum(len(tx.kinds) for tx in new)
        twin |= {tx.id: tx for tx in new}
        twin = {key: tx for key, tx in twin.items() if tx.is_live}
    unspent.merge()
    held = unspent.held()
    bodies = held.body.reshape(-1, growth_kernels.BODY)
    assert (np.diff(held.key.astype(object)) >= 0).all()
    counts = {
        (int(body[3]), int(body[4]) >> 32, int(body[4]) & 0xFFFFFFFF) for body in bodies.tolist()
    }
    assert counts == {
        (tx.first, len(tx.kinds),
         sum(kind != NEVER and n not in tx.spent for n, kind in enumerate(tx.kinds)))
        for tx in twin.values()
    }  # fmt: skip
    assert len(bodies) == len(twin)


def test_a_step_that_looks_for_nothing_waits_for_the_merge_before_it(
    pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged = growth_kernels.merge_unspent

    def late(*words: Any) -> Any:
        sleep(0.2)
        return merged(*words)

    monkeypatch.setattr(growth_kernels, "merge_unspent", late)
    unspent = Unspent(Scratch(None), pool)
    for step, one in enumerate(IDS[:3]):
        unspent.merge()
        added(unspent, [Tx(one, step, [2])], step, step)
    unspent.merge()
    assert found_in(unspent, [(one, 0) for one in IDS[:3]])[0] == [0, 1, 2]


@given(st.lists(st.integers(0, 2**64 - 1), max_size=200), st.integers(0, 50))
@FEW
def test_the_filter_forgets_no_key(numbers: list[int], most: int) -> None:
    keys = np.array(sorted(numbers), np.uint64)
    made = ScriptFilter(Scratch(None), most)
    made.add_all([keys[::2].copy(), keys[1::2].copy()])
    assert made.may_hold(keys).all()


@pytest.mark.parametrize(("times", "most"), [(1, 1 / 150), (2, 1 / 8)])
def test_how_often_the_filter_errs_is_as_its_text_says(times: int, most: float) -> None:
    random = np.random.default_rng(4)
    keys, others = (np.sort(random.integers(0, 2**64, 200_000, np.uint64)) for _ in range(2))
    made = ScriptFilter(Scratch(None), len(keys) // times)
    made.add(keys)
    share = float(made.may_hold(others).mean())
    assert most / 3 < share < most
    assert BITS_A_KEY == 12


def counting(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count the needles that are looked for in runs."""
    counts = {"sources": 0, "scripts": 0}
    held: Any = look_back
    kernels = held.kernels
    find_ids, find_scripts = kernels.find_ids, kernels.find_scripts

    def ids(*words: Any) -> Any:
        counts["sources"] += len(words[-1])
        return find_ids(*words)

    def scripts(*words: Any) -> Any:
        counts["scripts"] += len(words[-1])
        return find_scripts(*words)

    monkeypatch.setattr(kernels, "find_ids", ids)
    monkeypatch.setattr(kernels, "find_scripts", scripts)
    return counts


def test_a_chain_made_in_one_go_looks_for_no_source_in_the_runs_and_one_gone_on_with_does(
    tmp_path: Path, blocks_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And both are the same, byte by byte, as one made in a single step."""
    whole = tmp_path / "whole"
    grow(whole, blocks_dir, memory_bytes=2 * 10**9)
    monkeypatch.setattr(ingest, "LEAST_PIECE_BYTES", 60_000)
    monkeypatch.setattr(ingest, "MOST_PIECE_BYTES", 60_000)
    with monkeypatch.context() as patch:
        counts = counting(patch)
        grow(tmp_path / "steps", blocks_dir)
    assert counts["sources"] == 0
    with monkeypatch.context() as patch:
        all_counts = counting(patch)
        patch.setattr(ScriptFilter, "may_hold", lambda _, keys: np.ones(len(keys), np.bool_))
        grow(tmp_path / "unfiltered", blocks_dir)
    assert 0 < counts["scripts"] < all_counts["scripts"] / 2
    first = tmp_path / "first"
    first.mkdir()
    raw = (blocks_dir / "blk00000.dat").read_bytes()
    (first / "blk00000.dat").write_bytes(raw[: len(raw) // 2])
    later = tmp_path / "later"
    grow(later, first)
    with monkeypatch.context() as patch:
        counts = counting(patch)
        (first / "blk00000.dat").write_bytes(raw)
        grow(later, first)
    assert counts["sources"] > 0
    raw_bytes = (blocks_dir / "blk00000.dat").stat().st_size
    room = expected_rows(raw_bytes).size_bytes
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=room + 1))
    with monkeypatch.context() as patch:
        counts = counting(patch)
        grow(tmp_path / "little-room", blocks_dir)
    assert counts["sources"] > 0, "where there is room for the store alone, only runs are asked"
    every = ("steps", "unfiltered", "later", "little-room")
    assert all(digests(tmp_path / name) == digests(whole) for name in every)
