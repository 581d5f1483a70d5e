"""The admissibility lab: one seed gives one set of papers, and each flaw is where the key says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.ground.digests import sha256_hex
from kancil.ground.progress import SILENT
from kancil.training.lab import SMALL, Made
from kancil.training.labs.admissibility import ADMISSIBILITY, ITEMS, REASONS
from kancil.training.plot.bundle import intact_bundle


def made(folder: Path, seed: int) -> tuple[Made, dict[str, bytes]]:
    folder.mkdir(parents=True)
    told = ADMISSIBILITY.make(folder, seed, SMALL, SILENT)
    return told, {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def key(told: Made) -> dict[str, str]:
    return {one.question: one.value for one in told.expected}


def test_one_seed_gives_one_set_of_papers_and_another_seed_another(tmp_path: Path) -> None:
    first, files = made(tmp_path / "a", 7)
    again, same = made(tmp_path / "b", 7)
    other, others = made(tmp_path / "c", 8)
    assert (first, files) == (again, same)
    assert files.keys() == others.keys() == {one.name for one in first.evidence}
    assert files["expert-report.html"] != others["expert-report.html"]
    assert key(first) != key(other)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**64 - 1))
def test_three_to_six_of_eight_items_have_a_flaw_and_the_papers_show_it(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told, files = made(tmp_path_factory.mktemp("lab") / "x", seed)
    rulings = {item.id: key(told)[item.id] for item in ITEMS}
    flawed = {name for name, value in rulings.items() if value["ruling"] != "admit"}  # type: ignore[index]
    assert 3 <= len(flawed) <= 6
    assert ("bundle" in flawed) == (files["trace-bundle.zip"] != intact_bundle())
    seizure = files["seizure-record.html"].decode()
    digest = sha256_hex(files["telephone-chat.json"])
    assert key(told)["digest"] == digest
    assert ("telephone-copy" in flawed) == (digest not in seizure)
    assert ("custody" in flawed) == (key(told)["to-store"] != "82")
    report = files["expert-report.html"].decode()
    assert ("sum" in flawed) == ("FIFO" not in report)
    assert ("cluster" in flawed) == ("belong to the accused" in report)
    (listed,) = re.findall(r"<dd>(\d{4}-\d{2}-\d{2})</dd>", files["listing.html"].decode())
    (paid,) = re.findall(r"payment of (\d{4}-\d{2}-\d{2})", report)
    assert ("listing" in flawed) == (listed > paid)


def test_every_ruling_offers_the_same_reasons_and_all_points_make_a_hundred(
    tmp_path: Path,
) -> None:
    told, _ = made(tmp_path / "a", 1)
    rulings = [one for one in told.questions if one.choices]
    assert len(rulings) == len(ITEMS)
    assert {tuple(choice.code for choice in one.choices) for one in rulings} == {REASONS}
    assert sum(one.points for one in told.questions) == 100
    text = next(one for one in told.expected if one.rubric)
    assert sum(one.points for one in text.rubric) == 15


def test_every_paper_says_that_it_is_invented(tmp_path: Path) -> None:
    _, files = made(tmp_path / "a", 3)
    for name, data in files.items():
        if name.endswith(".html"):
            assert b"Invented for training" in data, name
            assert b"<script" not in data
