"""A finished pass is read again; a stream that holds nothing by design is said to be sparse."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from kancil.evidence.export.dfxml import write_dfxml
from kancil.evidence.export.examined import Examined
from kancil.evidence.images.entry import Allocation, EntryKind, FileEntry, Zone
from kancil.evidence.images.volume import Volume, VolumeState
from kancil.evidence.triage.content import FileContent, LeftOut, left_out
from kancil.evidence.triage.outcome import (
    TABLES,
    VERSION,
    Listed,
    Outcome,
    finish,
    open_outcome,
    table_of_folder,
    write_rows,
)
from kancil.evidence.triage.supervise import triage
from kancil.evidence.triage.tables import not_examined_table
from kancil.ground.skipped import Skipped
from kancil.records.record import batch_of, records_of

BAD = "$BadClus:$Bad"
SIZE = 61_861_888
VOLUME = Volume(1, 0, SIZE, "", "NTFS", VolumeState.LISTED)
ENTRIES = [
    (BAD, "8-128-1"),  # NTFS of a sound volume
    ("half.bin", "64-128-1"),
    (BAD, "12"),  # a file that somebody called so, on another file system
]


def entry(number: int, path: str, address: str) -> FileEntry:
    return FileEntry(
        number, 1, path, address, EntryKind.FILE, Allocation.ALLOCATED, SIZE,
        None, None, None, None, Zone.UTC,
    )  # fmt: skip


@pytest.fixture
def outcome(tmp_path: Path) -> Outcome:
    """As a pass of this version left it before the sparse stream was told apart."""
    told = {"read": 0, "size": SIZE}
    rows: dict[str, list[object]] = {name: [] for name in TABLES}
    for number, (path, address) in enumerate(ENTRIES, 1):
        rows["entries"].append(entry(number, path, address))
        rows["contents"].append(FileContent(number, 0, "", 0, b"m", b"s", b"t", "empty"))
        rows["left-out"].append(left_out(number, Skipped("entry-ends-early", path, told)))
    for name, record in TABLES.items():
        write_rows(tmp_path, name, [batch_of(record, rows[name])])
    return finish(tmp_path, Listed("raw", SIZE, {}, {}, (VOLUME,), len(ENTRIES), ()), {})


def test_bad_clusters_of_a_sound_ntfs_are_sparse_and_no_other_stream_is(outcome: Outcome) -> None:
    told = {each.number: each.code for each in records_of(LeftOut, outcome.left_out)}
    assert told == {1: "entry-sparse", 2: "entry-ends-early", 3: "entry-ends-early"}
    (sparse,) = [row for row in not_examined_table(outcome).as_rows()
                 if "skip.entry-sparse" in str(row["reason"])]  # fmt: skip
    assert sparse["place"] == BAD


def test_bad_clusters_that_are_there_and_not_read_are_no_sparse_stream(outcome: Outcome) -> None:
    rows = records_of(LeftOut, table_of_folder(outcome.folder, "left-out"))
    cut = [replace(each, params=json.dumps({"read": 4096, "size": SIZE})) for each in rows]
    write_rows(outcome.folder, "left-out", [batch_of(LeftOut, cut)])
    assert {each.code for each in records_of(LeftOut, outcome.left_out)} == {"entry-ends-early"}


def test_an_outcome_of_before_opens_with_its_bytes_as_they_were(outcome: Outcome) -> None:
    before = (outcome.folder / "left-out.arrows").read_bytes()
    found = open_outcome(outcome.folder)
    assert found is not None
    assert len(found.left_out) == len(ENTRIES)
    assert (outcome.folder / "left-out.arrows").read_bytes() == before
    assert found.digests == outcome.digests
    assert json.loads((outcome.folder / "outcome.json").read_bytes())["version"] == VERSION
    assert {each.code for each in records_of(LeftOut, table_of_folder(found.folder, "left-out"))} \
        == {"entry-ends-early"}  # fmt: skip


def test_a_sparse_stream_is_no_error_in_dfxml(outcome: Outcome) -> None:
    out = BytesIO()
    write_dfxml(Examined.of("C1", "E3", (), outcome), out)
    assert out.getvalue().count(b"<error>entry-ends-early: 0 bytes read</error>") == 2


def test_bad_clusters_of_a_volume_of_windows_are_sparse(shared_data: Path, tmp_path: Path) -> None:
    image = shared_data / "evidence" / "images" / "dfvfs" / "windows_volume.qcow2"
    found = triage([image], tmp_path)
    told = {each.place: each.code for each in records_of(LeftOut, found.left_out)}
    assert told[BAD] == "entry-sparse"
    assert "entry-ends-early" not in told.values()
