"""A store: grown in steps, killed at any of them, taken back, and refused what is not right."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import ChainIsStore, StoreLimitReached
from kancil.bitcoin.chain.ingest import ingest as ingest_slice
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.sources import Found
from kancil.bitcoin.holdings.store_layout import BY_NAME
from kancil.bitcoin.holdings.store_record import StoreRecord
from kancil.bitcoin.store import feed, files
from kancil.bitcoin.store import grow as growing
from kancil.bitcoin.store import ingest as store_ingest
from kancil.bitcoin.store.errors import (
    BlockNotSound,
    ChainBeingRead,
    ChainHasGap,
    ChainNotStore,
    NoChainFound,
    SpendNotResolved,
    SpentTwice,
    StoreNoRoom,
)
from kancil.bitcoin.store.grow import Grower, Piece
from kancil.ground.confine import Limits
from kancil.ground.errors import DiskFull, FormatTooNew
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from tests.bitcoin.regtest import GENESIS_HASH, Tx, coinbase, mine, p2pkh
from tests.bitcoin.store.conftest import SMALL_PIECE
from tests.bitcoin.store.making import (
    REGTEST,
    digests,
    grow,
    line,
    raws,
    same_answers,
    trunk,
    write_blocks,
)

ENOUGH = 2 * 10**9
"""Memory for all blocks of these tests in one step."""


def store_of(chain_dir: Path) -> StoreRecord:
    store = chain_store.read_record(chain_dir).store
    assert store is not None
    return store


@pytest.fixture
def chain_dir(tmp_path: Path) -> Path:
    return tmp_path / "unit" / "chains" / "whole"


# --- the same answers as a slice ------------------------------------------------------------------


def test_a_store_gives_the_rows_of_a_slice_made_from_the_same_blocks(
    chain_dir: Path, blocks_dir: Path
) -> None:
    result = grow(chain_dir, blocks_dir)
    slice_dir = chain_dir.parent / "slice"
    ingest_slice(slice_dir, [blocks_dir], network=REGTEST)
    whole, one = Chain.open(chain_dir), Chain.open(slice_dir)
    assert len(store_of(chain_dir).ranges) > 3, "more than one step, or nothing is joined"
    same_answers(whole, one)
    assert result["held"]["transactions"] == one.columns.tx_count
    for output in range(0, one.columns.output_count, 3):
        assert whole.columns.script_at(output) == one.columns.script_at(output)
        address = one.address_of(output)
        if address and output % 60 == 0:
            assert whole.address(address) == one.address(address)
    for tx in range(0, one.columns.tx_count, 23):
        assert whole.tx(one.txid(tx)) == one.tx(one.txid(tx))
        assert whole.raw_transaction(tx) == one.raw_transaction(tx)
        assert whole.merkle_path(tx) == one.merkle_path(tx)
    for height in (0, 1, 50, one.columns.block_count - 1):
        assert whole.block(str(height)) == one.block(str(height))
    status, other = plain(whole.status()), plain(one.status())
    assert {key for key in status if status[key] != other[key]} == {"name", "form", "ingests"}
    assert (status["form"], other["form"]) == ("whole", "slice")


def test_numbers_of_threads_and_size_of_steps_change_no_byte(
    chain_dir: Path, blocks_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(chain_dir, blocks_dir)
    monkeypatch.setattr(store_ingest, "LEAST_PIECE_BYTES", 10**9)
    other = chain_dir.parent / "other"
    grow(other, blocks_dir)
    assert len(store_of(other).ranges) == 1
    assert digests(chain_dir) == digests(other)
    monkeypatch.setattr(store_ingest, "LEAST_PIECE_BYTES", 1)
    monkeypatch.setattr(store_ingest, "MOST_PIECE_BYTES", SMALL_PIECE)
    for memory_bytes in (ENOUGH, ENOUGH // 4):
        several = chain_dir.parent / f"several-{memory_bytes}"
        grow(several, blocks_dir, memory_bytes=memory_bytes)
        assert digests(several) == digests(other)
    assert len(store_of(chain_dir.parent / f"several-{ENOUGH}").ranges) == 1, "of many pieces"


def test_blocks_that_come_later_are_added_and_known_files_are_not_read_again(
    tmp_path: Path, chain_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = trunk(6)
    first = write_blocks(tmp_path / "b" / "blk00000.dat", raws(blocks[:4]))
    grow(chain_dir, first.parent)
    before = Chain.open(chain_dir)
    later = line(blocks[3].hash, 5, 3, spend=blocks[0].txs[0])
    write_blocks(tmp_path / "b" / "blk00001.dat", raws(later, with_genesis=False))
    looked: list[str] = []

    def look(file: Found, *others: Any) -> Any:
        looked.append(file.path.name)
        return feed.places_in(file, *others)

    monkeypatch.setattr(store_ingest, "places_in", look)
    result = grow(chain_dir, first.parent)
    assert looked == ["blk00001.dat"]
    assert result["added"]["blocks"] == 3
    after = Chain.open(chain_dir)
    assert after.last_height == 7
    spent = after.output_row(blocks[0].txs[0].txid, 0)
    assert spent is not None
    assert after.spender_of(spent) is not None
    assert before.spender_of(spent) is None, "a reader keeps what was there when it opened"
    assert before.last_height == 4
    assert grow(chain_dir, first.parent)["added"]["blocks"] == 0


def test_a_reader_does_not_see_outputs_that_were_added_to_an_address_since(
    tmp_path: Path, chain_dir: Path
) -> None:
    first = mine(GENESIS_HASH, [coinbase(1, 42)], time=1_300_000_600)
    second = mine(first.hash, [coinbase(2, 42)], time=1_300_001_200)
    path = write_blocks(tmp_path / "b" / "blk0.dat", raws([first]))
    grow(chain_dir, path.parent)
    before = Chain.open(chain_dir)
    write_blocks(tmp_path / "b" / "blk00001.dat", raws([second], with_genesis=False))
    grow(chain_dir, path.parent)
    address = before.address_of(before.output_row(first.txs[0].txid, 0) or 0)
    assert address is not None
    assert len(before.address(address).deposits) == 1
    assert len(Chain.open(chain_dir).address(address).deposits) == 2


@pytest.mark.parametrize("key", [bytes(8), bytes.fromhex("0102030405060708")])
def test_blocks_out_of_order_in_several_files_xored_or_not(
    tmp_path: Path, chain_dir: Path, key: bytes
) -> None:
    blocks = trunk(9)
    every = raws(blocks)
    folder = tmp_path / "b"
    write_blocks(folder / "blk00001.dat", [every[9], every[2], every[0], every[5]], key)
    write_blocks(folder / "blk00002.dat", [every[1], every[8], every[7]], key)
    write_blocks(folder / "blk00003.dat", [every[3], every[6], every[4], every[2]], key)
    result = grow(chain_dir, folder)
    assert result["added"]["blocks"] == 10
    assert result["added"]["duplicate_blocks"] == 1
    chain = Chain.open(chain_dir)
    assert [chain.block(str(height)).hash for height in range(1, 10)] == [
        block.shown for block in blocks
    ]
    assert chain.raw_block(5) == every[5]


# --- what is not right ----------------------------------------------------------------------------


def test_a_missing_middle_file_is_told_with_the_block_that_is_missing(
    tmp_path: Path, chain_dir: Path
) -> None:
    blocks = trunk(9)
    folder = tmp_path / "b"
    write_blocks(folder / "blk00000.dat", raws(blocks[:3]))
    write_blocks(folder / "blk00002.dat", raws(blocks[6:], with_genesis=False))
    with pytest.raises(ChainHasGap) as told:
        grow(chain_dir, folder)
    assert told.value.params == {
        "height": 3,
        "missing": blocks[5].shown,
        "child": blocks[6].shown,
        "count": 3,
    }
    assert not chain_store.exists(chain_dir)


def test_a_folder_of_another_network_holds_no_chain_and_says_so(
    tmp_path: Path, chain_dir: Path
) -> None:
    path = write_blocks(tmp_path / "b" / "blk00000.dat", raws(trunk(2)))
    data = path.read_bytes().replace(bytes.fromhex("fabfb5da"), bytes.fromhex("f9beb4d9"))
    path.write_bytes(data)
    with pytest.raises(NoChainFound):
        grow(chain_dir, path.parent)


def test_two_chains_mixed_give_the_one_of_most_work(tmp_path: Path, chain_dir: Path) -> None:
    short, long = line(GENESIS_HASH, 1, 4, salt=b"a"), line(GENESIS_HASH, 1, 6, salt=b"bb")
    folder = tmp_path / "b"
    write_blocks(folder / "blk00000.dat", raws(short))
    write_blocks(folder / "blk00001.dat", raws(long))
    grow(chain_dir, folder)
    chain = Chain.open(chain_dir)
    assert chain.block("6").hash == long[-1].shown
    assert chain.block(short[-1].shown).state == "stale"
    assert chain.status().headers_alone == 4


def test_a_longer_branch_takes_the_place_of_the_stored_one(
    tmp_path: Path, chain_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.3)
    base = trunk(5)
    coin = base[0].txs[0]
    short = line(base[-1].hash, 6, 2, salt=b"a", spend=coin)
    long = line(base[-1].hash, 6, 4, salt=b"bb", spend=coin)
    folder = tmp_path / "b"
    write_blocks(folder / "blk00000.dat", raws(base + short))
    grow(chain_dir, folder)
    chain = Chain.open(chain_dir)
    spent = chain.output_row(coin.txid, 0) or 0
    assert chain.spender_of(spent) == {
        "txid": short[0].txs[1].shown, "input": 0, "block": short[0].shown,
    }  # fmt: skip
    write_blocks(folder / "blk00001.dat", raws(long, with_genesis=False))
    with pytest.raises(ChainBeingRead):
        grow(chain_dir, folder)
    assert chain.block("7").hash == short[-1].shown, "nothing was changed under a reader"
    assert not files.is_wanted(chain_dir), "nobody waits any more"
    del chain
    result = grow(chain_dir, folder)
    assert result["added"]["blocks_taken_back"] == 2
    chain = Chain.open(chain_dir)
    assert chain.spender_of(spent) == {
        "txid": long[0].txs[1].shown, "input": 0, "block": long[0].shown,
    }  # fmt: skip
    assert chain.tx_rows(short[0].txs[1].txid) == []
    assert [one["hash"] for one in chain.status().left] == [one.shown for one in short]
    assert chain.block(short[0].shown).state == "stale"
    del chain
    fresh = chain_dir.parent / "fresh"
    grow(fresh, folder)
    assert digests(chain_dir) == digests(fresh), (
        "the same bytes as a store that never knew the other branch"
    )
    # And back again, when the first branch grows longer: its blocks are still known.
    more = line(short[-1].hash, 8, 3, salt=b"a")
    write_blocks(folder / "blk00002.dat", raws(more, with_genesis=False))
    grow(chain_dir, folder)
    assert Chain.open(chain_dir).block("10").hash == more[-1].shown


def test_a_spend_that_a_whole_chain_cannot_resolve_is_loud_and_keeps_what_was_before(
    tmp_path: Path, chain_dir: Path
) -> None:
    base = trunk(3)
    stray = Tx(((b"\x07" * 32, 3),), ((1, p2pkh(9)),))
    bad = mine(base[-1].hash, [coinbase(4, 4), stray], time=1_300_010_000)
    folder = tmp_path / "b"
    write_blocks(folder / "blk00000.dat", raws(base))
    grow(chain_dir, folder)
    write_blocks(folder / "blk00001.dat", raws([bad], with_genesis=False))
    with pytest.raises(SpendNotResolved) as told:
        grow(chain_dir, folder)
    assert told.value.params == {
        "outpoint": "07" * 32 + ":3", "txid": stray.shown, "height": 4,
    }  # fmt: skip
    assert Chain.open(chain_dir).last_height == 3


@pytest.mark.parametrize("together", [True, False])
def test_an_output_that_is_spent_twice_is_refused(
    tmp_path: Path, chain_dir: Path, monkeypatch: pytest.MonkeyPatch, *, together: bool
) -> None:
    monkeypatch.setattr(store_ingest, "LEAST_PIECE_BYTES", 10**9 if together else 1)
    base = trunk(3)
    coin = base[0].txs[0]
    one = line(base[-1].hash, 4, 1, spend=coin)
    two = line(one[0].hash, 5, 1, salt=b"x", spend=coin)
    folder = tmp_path / "b"
    write_blocks(folder / "blk00000.dat", raws([*base, *one, *two]))
    with pytest.raises(SpentTwice) as told:
        grow(chain_dir, folder)
    assert told.value.params == {"outpoint": f"{coin.shown}:0"}


def test_a_block_with_another_transaction_in_it_is_refused_unless_a_good_copy_is_there(
    tmp_path: Path, chain_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = trunk(4)
    every = raws(base)
    broken = every[2][:-5] + b"\x01" + every[2][-4:]
    folder = tmp_path / "b"
    write_blocks(folder / "blk00000.dat", [*every[:2], broken, *every[3:]])
    with pytest.raises(BlockNotSound) as told:
        grow(chain_dir, folder)
    assert told.value.params["height"] == 2
    with monkeypatch.context() as patch:
        patch.setattr(store_ingest, "LEAST_PIECE_BYTES", 1)
        patch.setattr(store_ingest, "MOST_PIECE_BYTES", 1)
        with pytest.raises(BlockNotSound):
            grow(chain_dir, folder, memory_bytes=ENOUGH)
    assert store_of(chain_dir).rows.blocks == 2, "what was before it is kept"
    write_blocks(folder / "blk00001.dat", [every[2]])
    grow(chain_dir, folder)
    chain = Chain.open(chain_dir)
    assert chain.raw_block(2) == every[2]


def test_a_window_begins_where_it_is_told_and_names_what_it_cannot_know(
    tmp_path: Path, chain_dir: Path
) -> None:
    base = trunk(20)
    coin = base[0].txs[0]
    more = line(base[-1].hash, 21, 2, spend=coin)
    folder = tmp_path / "b"
    write_blocks(folder / "blk00000.dat", raws([*base, *more]))
    grow(chain_dir, folder, first_height=18)
    chain = Chain.open(chain_dir)
    assert chain.status().blocks == 5
    assert (chain.status().form, chain.status().unknown_inputs) == ("window", 1)
    view = chain.tx(more[0].txs[1].shown)
    assert view.inputs[0].status == "unknown"
    assert view.inputs[0].source == f"{coin.shown}:0"
    assert view.inputs[0].value_sat is None
    assert chain.block("18").hash == base[17].shown
    # A folder that begins there itself, as a pruned node's does.
    pruned = tmp_path / "p"
    write_blocks(pruned / "blk00007.dat", raws([*base[17:], *more], with_genesis=False))
    other = chain_dir.parent / "pruned"
    grow(other, pruned, first_height=18)
    same_answers(Chain.open(other), Chain.open(chain_dir), is_same_file=False)


def test_too_little_memory_is_told_and_what_was_added_stays(
    chain_dir: Path, blocks_dir: Path
) -> None:
    grow(chain_dir, blocks_dir)
    before = digests(chain_dir)
    with pytest.raises(StoreLimitReached) as told:
        ingest_slice(
            chain_dir, [blocks_dir], network=REGTEST, first_height=0, limits=Limits(1 << 20, 100)
        )
    assert told.value.params == {
        "limit": Phrase("thing.memory"),
        "amount": Phrase("thing.megabytes", {"n": 1}),
    }
    assert digests(chain_dir) == before


def test_a_slice_does_not_become_a_store_nor_a_store_take_what_only_a_slice_can(
    tmp_path: Path, chain_dir: Path
) -> None:
    path = write_blocks(tmp_path / "b" / "blk00000.dat", raws(trunk(2)))
    ingest_slice(chain_dir, [path], network=REGTEST)
    with pytest.raises(ChainNotStore):
        grow(chain_dir, path.parent)
    other = chain_dir.parent / "other"
    grow(other, path.parent)
    with pytest.raises(ChainIsStore):
        ingest_slice(other, [path], network=REGTEST, spent=[path])


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path, chain_dir: Path) -> None:
    path = write_blocks(tmp_path / "b" / "blk00000.dat", raws(trunk(2)))
    grow(chain_dir, path.parent)
    about = chain_dir / "chain.json"
    found = json.loads(about.read_text())
    found["store"]["format"] = 99
    about.write_text(json.dumps(found))
    with pytest.raises(FormatTooNew):
        Chain.open(chain_dir)


def test_room_is_asked_for_before_work_begins(
    tmp_path: Path, chain_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_blocks(tmp_path / "b" / "blk00000.dat", raws(trunk(2)))
    monkeypatch.setattr(store_ingest, "_WHOLE_BYTES", 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("U", (), {"free": 5})())
    with pytest.raises(StoreNoRoom) as told:
        grow(chain_dir, path.parent)
    assert told.value.params["free"] == "5 B"


# --- killed ---------------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for a kill: nothing catches it."""


def every_step(monkeypatch: pytest.MonkeyPatch, stop_at: int) -> list[str]:
    """Let the process end at its n-th durable step; gives the list of steps that were taken."""
    steps: list[str] = []

    def counted(kind: str, function: object) -> object:
        def step(*args: object, **options: object) -> object:
            steps.append(kind)
            if len(steps) == stop_at:
                raise Killed
            return function(*args, **options)  # type: ignore[operator]

        return step

    monkeypatch.setattr(files.Writer, "add", counted("add", files.Writer.add))
    monkeypatch.setattr(files.Writer, "finish", counted("finish", files.Writer.finish))
    monkeypatch.setattr(files.Pending, "save", counted("pending", files.Pending.save))
    monkeypatch.setattr(Grower, "_apply", counted("apply", Grower._apply))
    file = chain_store.ArrayFile
    monkeypatch.setattr(file, "add", counted("merge", file.add))
    monkeypatch.setattr(file, "close", counted("merged", file.close))
    for module, name in (
        (chain_store, "write_record"),
        (chain_store, "write_arrays"),
        (files, "flush"),
        (files, "take_back"),
    ):
        monkeypatch.setattr(module, name, counted(name, getattr(module, name)))
    monkeypatch.setattr(growing, "flush", files.flush)
    return steps


@pytest.mark.thorough
@pytest.mark.parametrize("memory_bytes", [1, ENOUGH], ids=["a piece a step", "many pieces"])
def test_killed_at_any_kind_of_step_it_goes_on_to_the_same_bytes(
    tmp_path: Path, chain_dir: Path, monkeypatch: pytest.MonkeyPatch, memory_bytes: int
) -> None:
    monkeypatch.setattr(store_ingest, "LEAST_PIECE_BYTES", 300)
    monkeypatch.setattr(store_ingest, "MOST_PIECE_BYTES", 300)
    base = trunk(3)
    first = line(base[-1].hash, 4, 2, salt=b"a", spend=base[0].txs[0])
    other = line(base[-1].hash, 4, 3, salt=b"bb", spend=base[0].txs[0])
    old, new = tmp_path / "old", tmp_path / "new"
    write_blocks(old / "blk00000.dat", raws(base + first))
    write_blocks(new / "blk00000.dat", raws(other, with_genesis=False))

    def both(folder: Path) -> None:
        grow(folder, old, memory_bytes=memory_bytes)
        grow(folder, new, memory_bytes=memory_bytes)

    clean = chain_dir.parent / "clean"
    both(clean)
    wanted = digests(clean)
    with monkeypatch.context() as patch:
        steps = every_step(patch, -1)
        both(chain_dir.parent / "counted")
    assert {"add", "finish", "pending", "apply", "flush", "take_back"} < set(steps)
    assert memory_bytes > 1 or {"merge", "merged"} < set(steps)
    for stop_at in sorted(_some_of_each(steps)):
        folder = chain_dir.parent / f"killed-{stop_at}"
        with monkeypatch.context() as patch:
            every_step(patch, stop_at)
            with pytest.raises(Killed):
                both(folder)
        if chain_store.exists(folder):
            held = Chain.open(folder)
            spender = np.asarray(held.graph.output_spender)
            source = np.asarray(held.graph.input_source)
            assert (spender[source[source >= 0]] == np.flatnonzero(source >= 0)).all()
            del held
        both(folder)
        assert digests(folder) == wanted, steps[stop_at - 1]


def test_no_thread_is_left_to_the_collector_when_it_ends_early(
    chain_dir: Path, blocks_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The collector may run on a thread that just begins, where waiting for another never ends."""
    taken = Grower.take
    pieces: list[Piece] = []

    def takes_one(self: Grower, piece: Piece) -> None:
        pieces.append(piece)
        if len(pieces) > 1:
            raise Killed
        taken(self, piece)

    monkeypatch.setattr(store_ingest, "LEAST_PIECE_BYTES", 3_000)
    monkeypatch.setattr(store_ingest, "MOST_PIECE_BYTES", 3_000)
    monkeypatch.setattr(Grower, "take", takes_one)
    before = set(threading.enumerate())
    with pytest.raises(Killed) as held:
        grow(chain_dir, blocks_dir, memory_bytes=ENOUGH)
    left = set(threading.enumerate()) - before
    assert len(pieces) == 2
    assert held.tb is not None  # what the work held is held by it until here
    assert not {one.name for one in left if not one.name.startswith("digests")}


def _some_of_each(steps: list[str]) -> set[int]:
    """The numbers, from 1 on, of the first, the middle and the last step of each kind."""
    places: dict[str, list[int]] = {}
    for number, kind in enumerate(steps, 1):
        places.setdefault(kind, []).append(number)
    return {row[at] for row in places.values() for at in (0, len(row) // 2, len(row) - 1)}


def test_what_a_killed_step_wrote_in_place_is_taken_back(tmp_path: Path, chain_dir: Path) -> None:
    base = trunk(3)
    path = write_blocks(tmp_path / "b" / "blk00000.dat", raws(base))
    grow(chain_dir, path.parent)
    rows = store_of(chain_dir).rows
    files.Pending(np.array([1]), np.array([0]), np.array([0])).save(chain_dir)
    spender = files.map_column(chain_dir, BY_NAME["output_spender"], rows, to_write=True)
    spender[1] = rows.inputs + 5
    files.flush(spender)
    assert Chain.open(chain_dir).spender_of(1) is None
    files.take_back(chain_dir, rows)
    assert files.map_column(chain_dir, BY_NAME["output_spender"], rows)[1] == -1


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk is mounted by root alone")
@pytest.mark.parametrize("kilobytes", [60, 200, 360, 520])
def test_a_disk_that_is_full_keeps_what_was_added_and_goes_on_with_more_room(
    tmp_path: Path, blocks_dir: Path, monkeypatch: pytest.MonkeyPatch, kilobytes: int
) -> None:
    monkeypatch.setattr(store_ingest, "_WHOLE_BYTES", 10**12)  # else room is asked for before
    disk = tmp_path / "disk"
    disk.mkdir()
    size = f"size={kilobytes}k"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(disk)], check=True)
    try:
        chain_dir = disk / "unit" / "chains" / "whole"
        with pytest.raises(DiskFull):
            grow(chain_dir, blocks_dir)
        if chain_store.exists(chain_dir):
            held = Chain.open(chain_dir)
            assert held.columns.block_count == store_of(chain_dir).rows.blocks
            del held
        more = "remount,size=64m"
        subprocess.run(["mount", "-o", more, str(disk)], check=True)
        grow(chain_dir, blocks_dir)
        clean = tmp_path / "clean" / "chains" / "whole"
        grow(clean, blocks_dir)
        assert digests(chain_dir) == digests(clean)
    finally:
        gc.collect()
        subprocess.run(["umount", str(disk)], check=True)
