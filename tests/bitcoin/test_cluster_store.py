"""Clusters kept beside a chain: answered from the map, made anew when anything changed."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters import store as cluster_store
from kancil.bitcoin.clusters.clusters import Clusters, Excluding, Exclusions, build_clusters
from kancil.bitcoin.clusters.store import (
    NAME,
    damage_of,
    forget_clusters,
    kept_clusters,
    open_clusters,
)
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.errors import ChainBusy
from kancil.ground.errors import DiskFull
from tests.bitcoin import regtest
from tests.bitcoin.chains import ingest_here
from tests.bitcoin.store.making import grow, line, raws, write_blocks
from tests.bitcoin.test_clusters import Ledger, ask


@pytest.fixture
def ledger() -> Ledger:
    made = Ledger(5)
    made.spend(0, 1)
    return made


@pytest.fixture
def chain(ledger: Ledger, tmp_path: Path) -> Chain:
    return ledger.chain(tmp_path)


def refuse(*_words: Any, **_more: Any) -> Any:
    raise AssertionError("made again, though nothing changed")


def same(one: Clusters, other: Clusters) -> bool:
    arrays = [each.name for each in fields(Clusters) if each.name != "told"]
    is_same = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)
    return is_same and one.told == other.told


def test_a_second_question_is_answered_from_the_map(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_clusters(chain)
    monkeypatch.setattr(cluster_store, "build_clusters", refuse)
    second = open_clusters(Chain.open(chain.path))
    assert same(first, second)
    assert same(second, build_clusters(chain))
    assert not second.cluster.flags.writeable, "mapped, not read"


def test_a_changed_chain_is_clustered_anew(ledger: Ledger, chain: Chain, tmp_path: Path) -> None:
    assert ask(chain, 0, open_clusters(chain)).size == 2
    ledger.spend(1, 2)
    more = tmp_path / "more.dat"
    more.write_bytes(regtest.block_file([ledger.blocks[-1]]))
    ingest_here(chain.path, [more])
    grown = Chain.open(chain.path)
    assert (chain.path / NAME).exists(), "an ingest leaves the file; it no longer counts"
    assert ask(grown, 0, open_clusters(grown)).size == 3
    assert ask(chain, 0, open_clusters(chain)).size == 2, "an open chain answers as it was"
    assert ask(grown, 0, open_clusters(grown)).size == 3


def test_a_store_that_has_grown_or_changed_its_branch_is_clustered_anew(tmp_path: Path) -> None:
    folder, first = tmp_path / "kept", Ledger(5)
    first.spend(0, 1)
    blocks, start = tmp_path / "blocks", raws(first.blocks)
    grow(folder, write_blocks(blocks / "blk00000.dat", start))
    chain = Chain.open(folder)
    assert chain.store is not None
    before = open_clusters(chain)
    assert ask(chain, 0, before).size == 2
    assert kept_clusters(Chain.open(folder)) is not None
    first.spend(1, 2)
    grow(folder, write_blocks(blocks / "blk00001.dat", [first.blocks[-1].raw]))
    grown = Chain.open(folder)
    assert kept_clusters(grown) is None, "they are of the blocks before"
    made = open_clusters(grown)
    assert ask(grown, 0, made).size == 3
    assert same(made, build_clusters(grown))
    assert ask(chain, 0, open_clusters(chain)).size == 2, "an open chain answers as it was"
    del chain, grown, before, made  # a store that somebody reads takes no other branch
    branch = line(first.blocks[-2].hash, len(first.blocks), 2, salt=b"b")
    grow(folder, write_blocks(blocks / "blk00002.dat", [block.raw for block in branch]))
    turned = Chain.open(folder)
    assert kept_clusters(turned) is None
    assert ask(turned, 0, open_clusters(turned)).size == 2, "the payment is in no block any more"


def test_other_exclusions_and_another_method_are_made_anew(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def build(*words: Any, **more: Any) -> Clusters:
        made.append(1)
        return build_clusters(*words, **more)

    monkeypatch.setattr(cluster_store, "build_clusters", build)
    excluded = np.ones(chain.columns.tx_count, np.bool_)
    reason = np.zeros(chain.columns.tx_count, np.uint8)
    asked = []

    def find(chain: Chain) -> Exclusions:
        asked.append(chain)
        return Exclusions(excluded, reason, ("every",))

    for _ in range(2):
        view = ask(chain, 0, open_clusters(chain, None, Excluding("all 1", find)))
        assert (view.size, view.set_aside_total) == (1, 1)
    assert len(asked) == 1, "a detector runs only when clusters are made"
    assert len(made) == 1
    open_clusters(chain)
    open_clusters(chain, large=7)
    monkeypatch.setattr(cluster_store, "VERSION", 99)
    open_clusters(chain, large=7)
    assert len(made) == 4


@pytest.mark.parametrize("keep", [0, 7, 40, 200, 900])
def test_a_file_cut_short_is_made_anew(chain: Chain, keep: int) -> None:
    made = open_clusters(chain)
    path = chain.path / NAME
    kept = path.read_bytes()[:keep]
    path.unlink()  # the old file stays whole under those who have mapped it
    path.write_bytes(kept)
    assert same(made, open_clusters(chain))


def damaged_at(path: Path, at: int) -> None:
    """Turn a bit in a new file: the old one stays whole under those who have mapped it."""
    kept = bytearray(path.read_bytes())
    kept[at] ^= 4
    path.unlink()
    path.write_bytes(kept)


def test_a_turned_bit_in_any_array_is_found_and_made_anew(chain: Chain) -> None:
    made = open_clusters(chain)
    path = chain.path / NAME
    whole = path.read_bytes()
    arrays = chain_store.map_arrays(path)
    places = {name: whole.find(array.tobytes()) for name, array in arrays.items() if array.size}
    assert len(places) > 12
    told: list[int] = []
    for name, at in places.items():
        damaged_at(path, at)
        if name not in ("made_of", "checks"):
            assert damage_of(chain.path), name
        before = len(told)
        assert same(made, open_clusters(chain, on_damage=lambda: told.append(1))), name
        assert len(told) > before or name == "made_of", "of what, is no longer known"
        assert path.read_bytes() == whole, name
        assert damage_of(chain.path) == ()


def test_of_a_large_file_a_question_reads_the_small_arrays_and_verify_all(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = open_clusters(chain)
    path = chain.path / NAME
    arrays = chain_store.map_arrays(path)
    names = arrays.keys() - {"made_of", "told", "checks"}
    largest = max(names, key=lambda name: int(arrays[name].nbytes))
    monkeypatch.setattr(cluster_store, "CHECKED_BYTES", arrays[largest].nbytes - 1)
    damaged_at(path, path.read_bytes().find(arrays[largest].tobytes()))
    told: list[int] = []
    open_clusters(chain, on_damage=lambda: told.append(1))
    assert told == [], "too large to be read at each question"
    assert damage_of(chain.path) == (largest,)
    forget_clusters(chain.path)
    assert damage_of(chain.path) is None
    assert same(made, open_clusters(chain, on_damage=lambda: told.append(1)))
    assert told == [], "nothing was kept, so nothing was damaged"


def test_clusters_of_something_else_are_not_told_as_damaged(chain: Chain) -> None:
    told: list[int] = []
    open_clusters(chain, on_damage=lambda: told.append(1))
    open_clusters(chain, large=7, on_damage=lambda: told.append(1))
    assert told == []


def test_junk_in_its_place_is_made_anew(chain: Chain) -> None:
    (chain.path / NAME).write_bytes(b"KANCIL\x00\x01" + b"\xff" * 400)
    assert open_clusters(chain).cluster_count == 1


def test_no_clusters_are_made_while_an_ingest_writes(chain: Chain) -> None:
    with chain_store.held(chain.path), pytest.raises(ChainBusy):
        open_clusters(chain)


def test_a_full_disk_leaves_the_old_file(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    made = open_clusters(chain)
    before = (chain.path / NAME).read_bytes()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr("kancil.bitcoin.holdings.store.os.fsync", full)
    with pytest.raises(DiskFull):
        open_clusters(chain, large=3)
    monkeypatch.undo()
    assert (chain.path / NAME).read_bytes() == before
    assert not list(chain.path.glob(".tmp-*"))
    assert same(made, open_clusters(chain))


def _die_at(place: str, chain_dir: Path) -> None:
    def die(*_words: Any, **_more: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if place == "write":
        real = chain_store.write_arrays

        def half(path: Path, arrays: Any) -> None:
            real(path, dict(list(arrays.items())[:3]))
            die()

        chain_store.write_arrays = half
    elif place == "rename":
        Path.replace = die  # type: ignore[method-assign, assignment]
    else:
        setattr(cluster_store, "sync_folder", die)  # noqa: B010  a name that it only imports
    open_clusters(Chain.open(chain_dir), large=3)


@pytest.mark.parametrize("place", ["write", "rename", "sync"])
def test_killed_at_any_step_it_leaves_the_old_file_or_the_new_one(chain: Chain, place: str) -> None:
    made = open_clusters(chain)
    before = (chain.path / NAME).read_bytes()
    child = multiprocessing.get_context("fork").Process(target=_die_at, args=(place, chain.path))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    after = (chain.path / NAME).read_bytes()
    assert (after == before) == (place != "sync")
    assert same(made, open_clusters(chain))
    assert ask(Chain.open(chain.path), 0).size == 2
    with chain_store.held(chain.path):
        assert not list(chain.path.glob(".tmp-*")), "swept by whoever writes next"
