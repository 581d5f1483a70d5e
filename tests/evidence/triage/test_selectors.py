"""Selectors and secrets that the pass finds: where they stand, and what is never written."""

from __future__ import annotations

import base64
import random
from pathlib import Path

import pytest

from kancil.evidence.search.index import SearchIndex
from kancil.evidence.selectors.finder import CONTEXT_BYTES
from kancil.evidence.triage import arena
from kancil.evidence.triage.content import FileText, SeenSecret, SeenSelector
from kancil.evidence.triage.outcome import TABLES, Outcome
from kancil.evidence.triage.selector_rows import rows_of_selector
from kancil.evidence.triage.supervise import triage
from tests.evidence.stick import ADDRESS, AT, SEED, packed, write_stick
from tools.fat import File, fat_image


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("stick")
    (folder / "out").mkdir()
    return triage([write_stick(folder)], folder / "out")


def paths_of(found: Outcome) -> dict[int, str]:
    return dict(
        zip(found.entries["number"].to_pylist(), found.entries["path"].to_pylist(), strict=True)
    )


def test_an_address_stands_with_its_file_its_byte_and_how_it_is_written(stick: Outcome) -> None:
    rows = rows_of_selector(stick, "bitcoin-address", ADDRESS).to_pylist()
    paths = paths_of(stick)
    assert [(paths[row["number"]], row["member"], row["offset"], row["coded"]) for row in rows] == [
        ("note.txt", 0, 11, "plain"),
        ("wide.txt", 0, 2, "utf-16"),
    ]


def test_what_is_looked_up_is_what_a_look_over_all_rows_finds(stick: Outcome) -> None:
    every = stick.selectors.to_pylist()
    for kind, value in {(row["kind"], row["value"]) for row in every}:
        found = rows_of_selector(stick, kind, value).to_pylist()
        assert found == [row for row in every if (row["kind"], row["value"]) == (kind, value)]
    assert len(rows_of_selector(stick, "bitcoin-address", "1")) == 0
    assert len(rows_of_selector(stick, "", "\U0010ffff")) == 0


def test_a_disk_without_selectors_is_looked_up_too(tmp_path: Path) -> None:
    image = tmp_path / "empty.img"
    image.write_bytes(fat_image([], label="EMPTY"))
    (tmp_path / "out").mkdir()
    found = triage([image], tmp_path / "out")
    assert len(found.selectors) == 0
    assert len(rows_of_selector(found, "bitcoin-address", ADDRESS)) == 0


def test_a_seed_phrase_is_found_and_stands_in_no_table_and_no_index(stick: Outcome) -> None:
    (row,) = stick.secrets.to_pylist()
    assert (paths_of(stick)[row["number"]], row["kind"], row["offset"]) == (
        "seed.txt", "seed-phrase", 9,
    )  # fmt: skip
    written = [(stick.folder / f"{name}.arrows").read_bytes() for name in TABLES]
    written += [each.read_bytes() for each in stick.folder.iterdir()]
    assert not [each for each in written if b"abandon" in each]
    with SearchIndex(stick.index) as index:
        assert index.search("abandon").total == 0
        (hit,) = index.search("mnemonic mine").hits
        assert "•••" in "".join(hit.snippet)


class _Rows:
    """Takes what a writer takes."""

    def __init__(self) -> None:
        self.rows: list[SeenSelector | SeenSecret | FileText] = []

    def add(self, row: SeenSelector | SeenSecret | FileText) -> None:
        self.rows.append(row)


def test_what_is_found_does_not_depend_on_where_a_content_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draw = random.Random(7)
    noise = [draw.randbytes(draw.randrange(50, 900)) for _ in range(300)]
    coded = base64.b64encode(f"pay {ADDRESS} or {ADDRESS} now".encode())
    planted = [f" {ADDRESS} ".encode(), f" {SEED} ".encode(), b" someone@example.org ",
               f" {ADDRESS} ".encode("utf-16-le"), b" " + coded + b" "]  # fmt: skip
    data = b"".join(each + draw.choice(planted) for each in noise)
    found = []
    for cut in (64 << 20, 30_000, 3 * CONTEXT_BYTES):
        monkeypatch.setattr(arena, "CUT_BYTES", cut)
        rows = _Rows()
        tried = arena.Arena(rows)  # type: ignore[arg-type]
        assert b"".join(tried.passing(1, 0, (data,))) == data
        tried.empty()
        found.append(sorted(map(repr, rows.rows)))
    assert len(found[0]) >= 300
    assert found[0] == found[1] == found[2]


def test_a_secret_that_only_the_text_shows_is_masked_and_told() -> None:
    rows = _Rows()
    tried = arena.Arena(rows)  # type: ignore[arg-type]
    tried.take(FileText(1, 0, "a.docx", "nothing here"))
    tried.take(FileText(2, 0, "b.docx", f"ก words: {SEED} end"))
    tried.empty()
    texts = [each for each in rows.rows if isinstance(each, FileText)]
    assert [each.text for each in texts] == ["nothing here", f"ก words: {'•' * len(SEED)} end"]
    assert [each for each in rows.rows if isinstance(each, SeenSecret)] == [
        SeenSecret(2, 0, -1, "seed-phrase", "text")
    ]


def test_members_of_archives_are_searched_too(tmp_path: Path) -> None:
    image = tmp_path / "stick.img"
    files = [File("a.zip", packed("b.txt", b" " * 100 + ADDRESS.encode()), AT)]
    image.write_bytes(fat_image(files, label="STICK"))
    (tmp_path / "out").mkdir()
    found = triage([image], tmp_path / "out")
    (row,) = rows_of_selector(found, "bitcoin-address", ADDRESS).to_pylist()
    assert (row["member"], row["offset"]) == (1, 100)
