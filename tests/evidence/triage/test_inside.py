"""What lies in files, and their text: opened in the same pass, and searched afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.evidence.search.index import SearchIndex
from kancil.evidence.triage import examiner
from kancil.evidence.triage.content import LeftOut
from kancil.evidence.triage.outcome import Outcome
from kancil.evidence.triage.supervise import triage
from kancil.ground.digests import sha256_hex
from kancil.records.record import records_of
from tests.evidence.stick import AT, FILES, LETTER, packed
from tools.fat import File, fat_image


def outcome_of(folder: Path, *files: File, workers: int = 2) -> Outcome:
    image = folder / "stick.img"
    image.write_bytes(fat_image(files, label="STICK"))
    own = folder / f"by-{workers}"
    own.mkdir()
    return triage([image], own, workers=workers)


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return outcome_of(tmp_path_factory.mktemp("stick"), *FILES)


def places(found: Outcome, words: str) -> list[tuple[str, int]]:
    with SearchIndex(found.index) as index:
        return [(each.path, each.member) for each in index.search(words).hits]


def test_members_of_archives_are_contents_with_their_own_digests(stick: Outcome) -> None:
    rows = [row for row in stick.contents.to_pylist() if row["member"]]
    assert [(row["member"], row["inside"]) for row in rows] == [
        (1, "more/inner.zip"),
        (2, "more/inner.zip/letter.txt"),
    ]
    assert rows[1]["sha256"].hex() == sha256_hex(LETTER)
    assert stick.members == 2


def test_text_is_searched_in_files_in_archives_and_in_deleted_files(stick: Outcome) -> None:
    assert places(stick, "wallet floor") == [("papers/pack.zip/more/inner.zip/letter.txt", 2)]
    assert places(stick, "โอนเงิน") == [("ข้อความ.txt", 0)]
    assert places(stick, "deleted words") == [("gone.txt", 0)]


def test_a_broken_archive_is_listed_as_not_examined(stick: Outcome) -> None:
    left = {each.code: each.place for each in records_of(LeftOut, stick.left_out)}
    assert left["archive-damaged"] == "papers/broken.zip"


def test_of_a_long_file_the_beginning_is_searched_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examiner, "MOST_WHOLE", 100_000)
    held: list[bytes] = []
    blocks = [b"a" * 70_000, b"b" * 70_000, b"c" * 70_000]
    assert list(examiner._holding(blocks, held)) == blocks
    assert b"".join(held) == b"a" * 70_000 + b"b" * 30_000


def test_the_outcome_is_the_same_by_one_and_by_three(tmp_path: Path, stick: Outcome) -> None:
    files = [File(f"{name}.zip", packed("a/b.txt", name.encode() * 50), AT) for name in "abcdef"]
    alone = outcome_of(tmp_path, *files, workers=1)
    beside = outcome_of(tmp_path, *files, workers=3)
    assert alone.digests == beside.digests
    assert alone.index.read_bytes() == beside.index.read_bytes()
