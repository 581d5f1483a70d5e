"""Checking a store, making it anew, and taking one over from another disk."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.errors import ChainBroken
from kancil.bitcoin.holdings.store_layout import BY_NAME, COLUMNS, Rows, Table
from kancil.bitcoin.store import files
from kancil.bitcoin.store.back import range_checks
from kancil.bitcoin.store.copy import copied
from kancil.bitcoin.store.errors import ChainNotStore, StoreNoRoom
from kancil.bitcoin.store.verify import REBUILT, Verified, Verifier, repair
from kancil.ground.errors import FileExists
from kancil.ground.plain import plain
from tests.bitcoin.store.making import REGTEST, digests, grow, raws, trunk, write_blocks


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, blocks_dir: Path) -> Path:
    folder = tmp_path_factory.mktemp("made") / "unit" / "chains" / "whole"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kancil.bitcoin.store.ingest.LEAST_PIECE_BYTES", 120_000)
        grow(folder, blocks_dir)
    return folder


@pytest.fixture
def chain_dir(made: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "unit" / "chains" / "whole"
    shutil.copytree(made, folder)
    return folder


def check(chain_dir: Path, *, blocks: bool = False) -> Verified:
    return Verifier(chain_dir).check(blocks=blocks)


def turn_a_byte(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x40
    path.write_bytes(data)


def test_an_untouched_store_is_unchanged_consistent_and_proved_from_its_blocks(
    chain_dir: Path,
) -> None:
    found = check(chain_dir, blocks=True)
    assert found.damages == ()
    assert found.blocks_proved == found.blocks == Chain.open(chain_dir).columns.block_count
    assert found.blocks_not_here == 0


def test_one_turned_bit_of_any_column_is_found_and_named(chain_dir: Path) -> None:
    for column in COLUMNS:
        path = files.column_path(chain_dir, column.name)
        if not path.stat().st_size:
            assert column.table == Table.UNKNOWN, "a whole chain has no unknown sources"
            continue
        turn_a_byte(path, path.stat().st_size // 2)
        assert {one.column for one in check(chain_dir).damages} == {column.name}
        turn_a_byte(path, path.stat().st_size // 2)
    assert check(chain_dir).damages == ()


@pytest.mark.parametrize(
    "name",
    ["block_hash", "tx_input_start", "tx_id", "input_source", "output_value", "output_script_id",
     "output_before", "payload", "output_spender", "script_last"],
)  # fmt: skip
def test_a_damaged_column_is_made_anew(chain_dir: Path, blocks_dir: Path, name: str) -> None:
    wanted = digests(chain_dir)
    path = files.column_path(chain_dir, name)
    turn_a_byte(path, path.stat().st_size // 2)
    found = check(chain_dir)
    assert name in {one.column for one in found.damages}
    assert not plain(found)["consistent"]
    if name not in REBUILT:
        assert found.damages[0].what == "checksum"
        assert found.damages[0].first_height is not None
    again = repair(chain_dir, found.damages)
    assert (again is None) == (name in REBUILT)
    if again is not None:
        assert again == found.damages[0].first_height, "earlier blocks are not read again"
        grow(chain_dir, blocks_dir)
    assert check(chain_dir).damages == ()
    assert digests(chain_dir) == wanted


def test_a_damaged_or_lost_run_is_made_anew_from_the_columns(chain_dir: Path) -> None:
    store = chain_store.read_record(chain_dir).store
    assert store is not None
    turn_a_byte(chain_dir / files.FOLDER / store.id_runs[0].name, 5_000)
    (chain_dir / files.FOLDER / store.script_runs[0].name).unlink()
    found = check(chain_dir)
    assert {(one.column, one.what) for one in found.damages} == {
        (store.id_runs[0].name, "checksum"),
        (store.script_runs[0].name, "missing"),
    }
    assert repair(chain_dir, found.damages) is None
    assert check(chain_dir).damages == ()
    chain = Chain.open(chain_dir)
    assert chain.tx_row(chain.txid(77)) == 77


def test_a_lost_or_cut_column_is_named(chain_dir: Path, blocks_dir: Path) -> None:
    wanted = digests(chain_dir)
    path = files.column_path(chain_dir, "tx_id")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ChainBroken):
        Chain.open(chain_dir)
    found = check(chain_dir)
    assert [(one.column, one.what) for one in found.damages] == [("tx_id", "missing")]
    assert repair(chain_dir, found.damages) == 0
    grow(chain_dir, blocks_dir)
    assert digests(chain_dir) == wanted


@pytest.mark.thorough
def test_killed_while_it_makes_columns_anew_nobody_reads_until_it_is_done(
    chain_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = digests(chain_dir)
    turn_a_byte(files.column_path(chain_dir, "output_spender"), 800)
    found = check(chain_dir)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(files, "flush", killed)
        with pytest.raises(KeyboardInterrupt):
            repair(chain_dir, found.damages)
    with pytest.raises(ChainBroken):
        Chain.open(chain_dir)
    store = chain_store.read_record(chain_dir).store
    assert store is not None
    files.take_back(chain_dir, store.rows)
    assert digests(chain_dir) == wanted


@pytest.mark.thorough
def test_rows_that_are_not_those_of_the_blocks_are_found_only_by_reading_blocks(
    chain_dir: Path,
) -> None:
    """Whoever changes a column can change its digest too: only the blocks prove rows."""
    record = chain_store.read_record(chain_dir)
    store = record.store
    assert store is not None
    values = files.map_column(chain_dir, BY_NAME["output_value"], store.rows, to_write=True)
    values[3] += 1
    files.flush(values)
    forged = Verifier(chain_dir)
    damage = forged.check().damages[0]
    first = store.ranges[0]
    checks = range_checks(chain_dir, store.rows, Rows(), first.rows)
    ranges = (replace(first, checks=checks), *store.ranges[1:])
    chain_store.write_record(chain_dir, replace(record, store=replace(store, ranges=ranges)))
    assert damage.column == "output_value"
    assert check(chain_dir).damages == ()
    found = check(chain_dir, blocks=True)
    assert [(one.column, one.what) for one in found.damages] == [("output_value", "blocks")]


# --- blocks that are gone, and copies -------------------------------------------------------------


@pytest.mark.thorough
def test_where_block_files_are_gone_rows_are_not_re_provable_here(
    tmp_path: Path,
) -> None:
    blocks = tmp_path / "b"
    write_blocks(blocks / "blk00000.dat", raws(trunk(3)))
    chain_dir = tmp_path / "unit" / "chains" / "whole"
    grow(chain_dir, blocks)
    shutil.rmtree(blocks)
    found = check(chain_dir, blocks=True)
    assert (found.blocks_proved, found.blocks_not_here) == (0, 4)
    assert found.missing_sources == ("b/blk00000.dat",)
    chain = Chain.open(chain_dir)
    assert chain.block("2").height == 2, "what it holds is still answered"
    assert chain.status().sources_gone == 1
    with pytest.raises(Exception, match="blk00000"):
        chain.raw_block(2)


def test_a_copy_from_another_disk_is_checked_and_tied_to_the_blocks_that_are_here(
    tmp_path: Path, chain_dir: Path, blocks_dir: Path
) -> None:
    mine = tmp_path / "mine" / "chains" / "theirs"
    found = copied(chain_dir, mine)
    assert found.damages == ()
    assert plain(found)["blocks_not_read"] == found.blocks
    assert digests(mine) == digests(chain_dir)
    with pytest.raises(FileExists):
        copied(chain_dir, mine)
    other = tmp_path / "mine" / "chains" / "with-blocks"
    here = tmp_path / "disk"
    shutil.copytree(blocks_dir, here)
    found = copied(chain_dir, other, blocks=here)
    assert found.blocks_proved == found.blocks
    assert str(here) in Chain.open(other).sources[0].path


def test_a_copy_tied_to_blocks_by_a_relative_path_finds_them_from_anywhere(
    tmp_path: Path, chain_dir: Path, blocks_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(blocks_dir, tmp_path / "disk")
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine" / "chains" / "theirs"
    copied(chain_dir, mine, blocks=Path("disk"))
    monkeypatch.chdir("/")
    found = Verifier(mine).check(blocks=True)
    assert (found.blocks_proved, found.blocks_not_here) == (found.blocks, 0)


def test_a_copy_of_a_damaged_store_says_so(tmp_path: Path, chain_dir: Path) -> None:
    turn_a_byte(files.column_path(chain_dir, "tx_id"), 999)
    found = copied(chain_dir, tmp_path / "mine" / "chains" / "x")
    assert [one.column for one in found.damages] == ["tx_id"]


@pytest.mark.thorough
def test_a_copy_that_has_no_room_or_is_killed_leaves_no_chain(
    tmp_path: Path, chain_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "mine" / "chains" / "x"
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda _: type("U", (), {"free": 5})())
        with pytest.raises(StoreNoRoom):
            copied(chain_dir, target)
    assert not chain_store.exists(target)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kancil.bitcoin.store.copy.sync_folder", killed)
        with pytest.raises(KeyboardInterrupt):
            copied(chain_dir, target)
    assert not chain_store.exists(target)
    assert copied(chain_dir, target).damages == ()


def test_a_slice_is_neither_checked_nor_copied_as_a_store(tmp_path: Path) -> None:
    blocks = write_blocks(tmp_path / "b" / "blk00000.dat", raws(trunk(2)))
    folder = tmp_path / "unit" / "chains" / "slice"
    ingest(folder, [blocks], network=REGTEST)
    with pytest.raises(ChainNotStore):
        Verifier(folder)
    with pytest.raises(ChainNotStore):
        copied(folder, tmp_path / "unit" / "chains" / "y")


def test_links_that_do_not_fit_are_found_though_no_digest_covers_them(chain_dir: Path) -> None:
    store = chain_store.read_record(chain_dir).store
    assert store is not None
    for name, at in (("output_spender", 40), ("script_last", 3)):
        column = files.map_column(chain_dir, BY_NAME[name], store.rows, to_write=True)
        kept = int(column[at])
        column[at] = np.int64(0 if kept != 0 else -1)
        files.flush(column)
        assert name in {one.column for one in check(chain_dir).damages}
        column[at] = kept
        files.flush(column)
    assert check(chain_dir).damages == ()
