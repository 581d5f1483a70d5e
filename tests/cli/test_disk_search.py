"""Words are looked for on the examined disks of a case by a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Unit
from tests.evidence.stick import write_stick


@pytest.fixture(scope="module")
def searched(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """Exhibit 3 is a memory stick that was examined."""
    from tests.cli.sample_unit import copied

    unit = copied(sample, tmp_path_factory.mktemp("searched"))
    stick = write_stick(tmp_path_factory.mktemp("stick"))
    unit.say("exhibit", "add", "C1", stick, "--title", "Memory stick")
    unit.say("evidence", "triage", "E3")
    return unit


def test_words_are_found_with_what_stands_around_them(searched: Unit) -> None:
    found = searched.ask("evidence", "search", "C1", "wallet", "floor")
    (disk,) = found["disks"]
    assert (disk["exhibit"], disk["total"]) == ("E3", 1)
    (hit,) = disk["hits"]
    assert hit["path"] == "papers/pack.zip/more/inner.zip/letter.txt"
    assert hit["snippet"] == "the wallet is under the floor"
    said = searched.say("evidence", "search", "C1", "โอนเงิน")
    assert "Texts that hold this: 1 (disks searched: 1)" in said
    assert "That nothing was found does not say that nothing is there" in said


def test_a_search_is_bounded_by_path_kind_time_and_disk(searched: Unit) -> None:
    def total(*more: str) -> int:
        disks = searched.ask("evidence", "search", "C1", "words", *more)["disks"]
        return sum(each["total"] for each in disks)

    assert total() == 1
    assert total("--under", "papers/") == 0
    assert total("--kind", "zip") == 0
    assert total("--since", "2026-03-02") == 0
    assert total("--until", "2026-03-02", "--exhibit", "E3") == 1
    assert total("--exhibit", "E1") == 0


def test_a_list_is_looked_for_line_by_line(searched: Unit, tmp_path: Path) -> None:
    lines = tmp_path / "words.txt"
    lines.write_text("under the floor\nnobody\n\nโอนเงิน\n", encoding="utf-16")
    found = searched.ask("evidence", "search", "C1", "--list", lines)
    assert found["lines"] == 3
    assert [(row["words"], row["exhibit"], row["total"]) for row in found["found"]] == [
        ("under the floor", "E3", 1), ("โอนเงิน", "E3", 1),
    ]  # fmt: skip
    said = searched.say("evidence", "search", "C1", "--list", lines)
    assert "Lines of the list that stand on the examined disks: 2 of 3" in said
    lines.write_text("word\n" * 20_001)
    refused = searched.refused("evidence", "search", "C1", "--list", lines)
    assert refused["params"]["why"]["key"] == "why.search-list"


def test_what_cannot_be_looked_for_says_why(searched: Unit) -> None:
    for typed in ((), ("-only",), ('"open',)):
        refused = searched.refused("evidence", "search", "C1", "--", *typed)
        assert refused["code"] == "search-not-understood"
