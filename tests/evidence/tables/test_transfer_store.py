"""Stored transfers come back as they were read, and a changed file is noticed."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kancil.evidence.errors import NothingStated, StatedTransfersBroken
from kancil.evidence.tables import transfer_store
from kancil.evidence.tables.stated import VERSION
from kancil.evidence.tables.transfer_store import (
    TransferRead,
    open_transfers,
    read_and_store,
    stored_path,
)
from kancil.ground import child
from kancil.ground.digests import sha256_hex
from kancil.ground.phrase import Phrase
from tests.evidence.tables.making import HEADER, mapping, transfers

ROWS = "".join(f"2026-03-09 10:0{n},0.{n},BTC,BTC,,,\n" for n in range(1, 8))
TABLE = f"{HEADER}\n{ROWS}".encode()
SHA256 = sha256_hex(TABLE)


@pytest.fixture(autouse=True)
def read_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process, where a test may set other limits."""
    monkeypatch.setattr(child._here, "is_child", True)


def store(folder: Path, data: bytes = TABLE, **more: Any) -> TransferRead:
    return read_and_store(
        folder, io.BytesIO(data), name="table.csv", exhibit_sha256=sha256_hex(data),
        mapping=mapping(**more),
    )  # fmt: skip


def test_rows_come_back_as_they_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer_store, "BATCH_ROWS", 3)
    made = store(tmp_path)
    assert (made.rows, made.skipped_count) == (7, 0)
    loaded = open_transfers(tmp_path, SHA256, mapping().sha256, made.result_sha256)
    assert loaded is not None
    assert list(loaded) == transfers(TABLE, mapping())


def test_a_child_reads_what_is_read_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = store(tmp_path / "a", TABLE + b"x,1,BTC,,,,\n")
    monkeypatch.setattr(child._here, "is_child", False)
    there = store(tmp_path / "b", TABLE + b"x,1,BTC,,,,\n")
    assert there == replace(here, path=there.path)
    assert there.path.read_bytes() == here.path.read_bytes()
    with pytest.raises(NothingStated) as refused:
        store(tmp_path / "c", f"{HEADER}\nx,1,BTC,,,,\n".encode())
    assert refused.value.params["skipped"] == 1


def test_the_same_table_and_mapping_give_the_same_rows_again(tmp_path: Path) -> None:
    one, two = store(tmp_path / "a"), store(tmp_path / "b")
    assert one.result_sha256 == two.result_sha256
    assert one.path.name == two.path.name == f"{SHA256}-{mapping().sha256}-{VERSION}.parquet"
    other = store(tmp_path / "a", stated_by="Another")
    assert other.path != one.path
    assert other.result_sha256 != one.result_sha256


def test_what_was_read_by_the_first_rules_is_read_so_again_beside_the_new(tmp_path: Path) -> None:
    wrong = "0xDac17F958D2ee523a2206206994597C13D831ec7"
    table = f"{HEADER}\n2026-03-09 10:00,1,ETH,ERC20,{wrong},,\n".encode()
    found = {}
    for version in (1, VERSION):
        made = read_and_store(
            tmp_path, io.BytesIO(table), name="t.csv", exhibit_sha256=sha256_hex(table),
            mapping=mapping(), version=version,
        )  # fmt: skip
        found[version] = made
    assert found[1].path.name == f"{sha256_hex(table)}-{mapping().sha256}.parquet"
    for version, notes in ((1, ()), (VERSION, ("ethereum-check",))):
        digest = found[version].result_sha256
        rows = open_transfers(tmp_path, sha256_hex(table), mapping().sha256, digest, version)
        assert rows is not None
        (row,) = rows
        assert (row.notes, row.from_address) == (notes, wrong if notes else wrong.lower())


def test_any_other_tool_reads_the_file(tmp_path: Path) -> None:
    table = pq.read_table(store(tmp_path).path)
    assert table.column("amount").to_pylist() == [f"0.{n}" for n in range(1, 8)]
    assert b"kancil-stated-transfers/1" in table.schema.metadata[b"format"]


def test_a_changed_file_stops_the_work(tmp_path: Path) -> None:
    made = store(tmp_path)
    wrong = store(tmp_path / "b", TABLE.replace(b"0.7", b"0.8"))
    made.path.write_bytes(wrong.path.read_bytes())
    with pytest.raises(StatedTransfersBroken):
        open_transfers(tmp_path, SHA256, mapping().sha256, made.result_sha256)
    made.path.write_bytes(b"no parquet")
    with pytest.raises(StatedTransfersBroken):
        open_transfers(tmp_path, SHA256, mapping().sha256, made.result_sha256)


def test_what_is_not_here_is_none_and_can_be_read_again(tmp_path: Path) -> None:
    made = store(tmp_path)
    stored_path(tmp_path, SHA256, mapping().sha256).unlink()
    assert open_transfers(tmp_path, SHA256, mapping().sha256, made.result_sha256) is None
    assert store(tmp_path).result_sha256 == made.result_sha256


def test_skips_are_all_counted_and_the_first_kept_with_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer_store, "KEPT_SKIPS", 2)
    made = store(tmp_path, TABLE + b"x,1,BTC,,,,\n" * 3 + b"2026-03-09 10:00,x,BTC,,,,\n")
    assert made.skipped_codes == {"stated-time-form": 3, "stated-amount-form": 1}
    assert [skip.place for skip in made.skipped] == ["line 9", "line 10"]


@pytest.mark.parametrize("rows", [b"", b"x,1,BTC,,,,\n"])
def test_a_table_that_states_nothing_leaves_nothing(tmp_path: Path, rows: bytes) -> None:
    with pytest.raises(NothingStated) as caught:
        store(tmp_path, HEADER.encode() + b"\n" + rows)
    assert isinstance(caught.value.params["reason"], Phrase)
    assert not list(tmp_path.iterdir())
