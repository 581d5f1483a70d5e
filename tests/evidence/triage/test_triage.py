"""One pass over an image: every file read once, whatever the zone, the shares, or who dies."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from kancil.evidence.errors import ExaminationRuns, ImageNotReadable
from kancil.evidence.triage import supervise
from kancil.evidence.triage.child import examine
from kancil.evidence.triage.content import LeftOut
from kancil.evidence.triage.outcome import Outcome
from kancil.evidence.triage.supervise import triage
from kancil.evidence.triage.tables import files_csv, kinds_table, not_examined_table, volumes_table
from kancil.ground.errors import ParserStopped
from kancil.ground.files import LOCK_NAME, held_folder
from kancil.records.record import records_of
from tests.evidence.images.known import SMALL, expected
from tests.evidence.stick import write_stick

IMAGE = SMALL / "ext2-deleted.E01"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return triage([IMAGE], tmp_path_factory.mktemp("triage"))


def test_digests_are_those_of_an_independent_tool(whole: Outcome) -> None:
    known = dict(expected(SMALL))[IMAGE.name]
    wanted = {
        (path, size, sha256)
        for path, _, _, size, sha256 in known["volumes"][0]["regular_files"]
        if sha256 is not None
    }
    paths = dict(
        zip(whole.entries["number"].to_pylist(), whole.entries["path"].to_pylist(), strict=True)
    )
    got = {
        (paths[row["number"]], row["read_bytes"], row["sha256"].hex())
        for row in whole.contents.to_pylist()
    }
    assert got == wanted


def test_what_was_not_examined_has_a_place_and_a_reason(whole: Outcome) -> None:
    gone = {each.place for each in left_out(whole) if each.code == "entry-name-only"}
    assert "a_directory/.another_file.swp" in gone
    assert len(not_examined_table(whole).rows) == len(left_out(whole))


def test_entries_are_read_or_listed_as_not_read(whole: Outcome) -> None:
    files = [row for row in whole.entries.to_pylist() if row["kind"] in ("file", "other")]
    left = [each for each in left_out(whole) if each.code.startswith("entry-")]
    assert len(files) == len(whole.contents) + len(left)


def test_tables_say_what_was_found(whole: Outcome) -> None:
    (volume,) = volumes_table(whole).as_rows()
    assert (volume["holds"], volume["state"], volume["size_bytes"]) == ("ext2", "listed", 102_400)
    assert {row["kind"] for row in kinds_table(whole).as_rows()} <= {"text", "empty", "bytes"}
    lines = files_csv(whole).decode().splitlines()
    assert len(lines) == whole.listed.entries + 1
    assert "passwords.txt" in lines[0] + "".join(lines)


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.thorough), 3])
def test_the_outcome_is_the_same_by_any_number_of_workers_in_any_zone(
    whole: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.setenv("LC_ALL", "th_TH.UTF-8")
    other = triage([IMAGE], tmp_path, workers=workers)
    assert other.digests == whole.digests
    assert other.listed == whole.listed


@pytest.mark.parametrize(
    "name", [None, pytest.param("be/nps-2010-emails.E01", marks=pytest.mark.thorough)]
)
def test_fat_keeps_the_clock_on_the_wall(
    name: str | None, request: pytest.FixtureRequest, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if name is None:
        image = write_stick(tmp_path)
    else:
        image = request.getfixturevalue("shared_data") / "evidence" / "images" / name
    written = []
    for zone in ("UTC", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        (tmp_path / zone.replace("/", "-")).mkdir()
        written.append(files_csv(triage([image], tmp_path / zone.replace("/", "-"), workers=1)))
    assert written[0] == written[1]
    assert b"not-stored" in written[0]


@pytest.mark.parametrize("step", [700, pytest.param(250, marks=pytest.mark.thorough)])
def test_a_pass_that_was_stopped_goes_on_and_doubles_nothing(
    whole: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(supervise, "remove_segments", lambda folder: None)
    triage([IMAGE], tmp_path, workers=1)
    segments = {each: each.read_bytes() for each in tmp_path.glob("*-1of1-*.arrows")}
    longest = max(len(rows) for rows in segments.values())
    assert longest > 2 * step, "stopped before the first row alone"
    for kept in range(0, longest, step):
        for each in tmp_path.iterdir():
            each.unlink()
        for path, rows in segments.items():
            path.write_bytes(rows[:kept])
        again = _here(IMAGE, tmp_path)
        assert again.digests == whole.digests


def test_an_entry_at_which_the_child_dies_is_listed_and_the_rest_is_read(
    whole: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    culprit = whole.contents["number"].to_pylist()[2]
    monkeypatch.setattr(supervise, "examine", _Dying(culprit))
    found = triage([IMAGE], tmp_path, workers=1)
    (left,) = [each for each in left_out(found) if each.code == "entry-stopped-the-reader"]
    assert left.place == _path_of(whole, culprit)
    read = set(found.contents["number"].to_pylist())
    assert read == set(whole.contents["number"].to_pylist()) - {culprit}


def test_an_image_is_examined_by_one_at_a_time(whole: Outcome, tmp_path: Path) -> None:
    taken = ExaminationRuns(path="another")
    with held_folder(tmp_path, taken), pytest.raises(ExaminationRuns) as met:
        triage([IMAGE], tmp_path, called="disk.E01")
    assert met.value.params == {"path": "disk.E01"}
    assert _here(IMAGE, tmp_path).digests == whole.digests


def test_what_is_no_image_has_one_volume_that_is_not_known(tmp_path: Path) -> None:
    image = tmp_path / "letter.txt"
    image.write_bytes(b"Dear Sir,\n" * 300)
    (tmp_path / "out").mkdir()
    found = triage([image], tmp_path / "out")
    assert [each.code for each in left_out(found)] == ["volume-not-known"]
    assert len(found.contents) == 0


def test_a_cut_image_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    cut = tmp_path / "cut.E01"
    cut.write_bytes(IMAGE.read_bytes()[:4000])
    with pytest.raises(ImageNotReadable):
        triage([cut], tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"cut.E01", LOCK_NAME}


def left_out(found: Outcome) -> list[LeftOut]:
    return records_of(LeftOut, found.left_out)


def _here(image: Path, folder: Path) -> Outcome:
    """The pass without children, which a loop of hundreds would start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervise, "examine", _Dying(0))
        return triage([image], folder, workers=1)


def _path_of(found: Outcome, number: int) -> str:
    table: pa.Table = found.entries
    return str(table["path"][number - 1].as_py())


class _Dying:
    """`examine` in this process, which stops at one entry as a crash of the library would."""

    limits = examine.limits

    def __init__(self, culprit: int) -> None:
        self._culprit = culprit

    def within(self, *_: Any) -> Callable[..., int]:
        return self._run

    def _run(self, *asked: Any, progress: Any) -> int:
        # A child takes the zone UTC for itself; this process has its own back.
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TZ", "UTC")
            try:
                return self._read(*asked)
            finally:
                patch.undo()
                time.tzset()

    def _read(self, names: tuple[str, ...], folder: str, share: str, after: int, last: int,
              is_careful: bool) -> int:  # fmt: skip
        if after < self._culprit <= last:
            examine.here(names, folder, share, after, self._culprit - 1, is_careful)
            if not is_careful:
                self._cut(Path(folder))
            raise ParserStopped(how="signal 11")
        return examine.here(names, folder, share, after, last, is_careful)

    def _cut(self, folder: Path) -> None:
        """What had not reached the disk is gone."""
        newest = max(folder.glob("contents-1of1-*.arrows"))
        newest.write_bytes(newest.read_bytes()[: newest.stat().st_size // 2])
