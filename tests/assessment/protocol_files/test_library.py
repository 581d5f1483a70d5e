"""The packaged protocols are read without a fault, by name or by id, and again when changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kancil.assessment.errors import ProtocolNotFound, ProtocolNotReadable
from kancil.assessment.official.articles import ordinal
from kancil.assessment.protocol import Confidence, Duty
from kancil.assessment.protocol_files.library import (
    FOLDER,
    all_protocols,
    named_protocol,
    protocol_names,
    translation_files,
)
from kancil.assessment.protocol_files.reading import check_protocol
from kancil.ground.words import render
from tests.assessment.samples import changed, guide_text, kept

PACKAGED = [FOLDER / f"{name}.yaml" for name in protocol_names()]


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: path.name)
def test_a_packaged_protocol_has_no_fault(path: Path) -> None:
    protocol, faults = check_protocol(path)
    assert [f"{each.line}: {render(each.phrase.key, **each.params)}" for each in faults] == []
    assert protocol is not None
    assert protocol.name == path.stem


@pytest.mark.parametrize("name", protocol_names())
def test_each_row_of_a_packaged_protocol_has_its_source_and_how_sure_we_are_of_it(
    name: str,
) -> None:
    protocol = named_protocol(name)
    for each in protocol.indicators.values():
        assert each.sources, each.id
        assert set(each.sources) <= set(protocol.sources), each.id
        assert each.confidence is not None, each.id
        assert each.confidence is Confidence.HIGH or str(each.confidence_note), each.id


@pytest.mark.parametrize("name", protocol_names())
def test_each_packaged_protocol_says_which_sector_is_that_of_the_forces(name: str) -> None:
    sectors = named_protocol(name).sectors.values()
    assert [each.id for each in sectors if each.forces] == ["law_enforcement"]


def test_all_packaged_protocols_are_listed() -> None:
    assert [each.name for each in all_protocols()] == list(protocol_names())
    files = {FOLDER / f"{name}.yaml" for name in protocol_names()}
    for name in protocol_names():
        files |= set(translation_files(name).values())
    assert files == set(FOLDER.glob("*"))


def version(folder: Path, number: str) -> Path:
    text, _ = changed('version: "2026.1"', f'version: "{number}"', guide_text())
    return kept(folder, text, f"first-look-{number}.yaml")


def test_an_id_alone_names_the_newest_version(tmp_path: Path) -> None:
    for number in ("2026.9", "2026.10", "2025.11", "2026.9.1"):
        version(tmp_path, number)
    assert [name.rpartition("-")[2] for name in protocol_names(tmp_path)] == [
        "2025.11", "2026.9", "2026.9.1", "2026.10",
    ]  # fmt: skip
    assert named_protocol("first-look", tmp_path).version == "2026.10"
    assert named_protocol("first-look-2026.9", tmp_path).version == "2026.9"


@pytest.mark.parametrize("name", ["", "first", "first-look-2026", "../first-look-2026.1", "\0"])
def test_a_name_that_is_not_there_is_said_with_those_that_are(tmp_path: Path, name: str) -> None:
    version(tmp_path, "2026.1")
    with pytest.raises(ProtocolNotFound) as caught:
        named_protocol(name, tmp_path)
    assert caught.value.params == {"name": name, "known": "first-look-2026.1"}


def test_a_file_is_read_once_until_it_changes(tmp_path: Path) -> None:
    path = version(tmp_path, "2026.1")
    first = named_protocol("first-look", tmp_path)
    assert named_protocol("first-look", tmp_path) is first
    text, _ = changed("Twelve questions", "A dozen questions", path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    os.utime(path, ns=(1, 1))
    second = named_protocol("first-look", tmp_path)
    assert str(second.purpose) == "A dozen questions before a first visit."
    assert second.sha256 != first.sha256


def test_a_broken_file_ends_the_list(tmp_path: Path) -> None:
    version(tmp_path, "2026.1")
    kept(tmp_path, "schema: 1\n", "x-1.yaml")
    with pytest.raises(ProtocolNotReadable):
        all_protocols(tmp_path)


WHOLE = {
    "budapest": 48, "budapest_p1": 16, "budapest_p2": 25, "uncc": 68, "lanzarote": 50, "opsc": 17,
    "untoc": 41, "uncac": 71, "sft": 28,
}  # fmt: skip
"""Instruments of which each article is asked or listed as not asked, and how many they have."""
CORRECTED = (
    *(f"budapest.{number}" for number in (1, 5, 6, 7, 14, 15, 19, 21, 23, 25, 27, 31, 32, 33, 34)),
    *(f"uncc.{number}" for number in (11, 12, 14, 16, 19, 21, 24)),
    *(f"lanzarote.{number}" for number in (7, 9, 10, 11, 15, 16, 17, 20, 25, 27, 28, 29, 31, 32)),
    *(f"lanzarote.{number}" for number in (34, 36, 37)), "opsc.3.3", "opsc.3.4", "opsc.3.5",
)  # fmt: skip


def test_each_article_of_a_treaty_is_asked_or_said_not_to_be() -> None:
    legal = named_protocol("legal")
    for name, last in WHOLE.items():
        asked = {
            ordinal(each.article.number)
            for each in legal.indicators.values()
            if each.article and each.article.instrument == name
        }
        rest = [ordinal(each.number) for each in legal.instruments[name].not_asked]
        assert asked | set(rest) == set(range(1, last + 1)), name
        assert not asked & set(rest), name
        assert len(rest) == len(set(rest)), name


def test_what_was_corrected_says_what_was_changed() -> None:
    legal = named_protocol("legal")
    for name in CORRECTED:
        assert "2026.2" in str(legal.indicators[name].note), name
    for each in legal.indicators.values():
        for part in each.parts:
            assert part.duty is Duty.TREATY or part.note or "New" in str(each.note), part


@pytest.mark.parametrize(
    ("id", "version", "before"), [("legal", "2026.4", "2026.3"), ("capability", "2026.2", "2026.1")]
)
def test_every_indicator_of_the_older_version_is_asked_still(
    id: str, version: str, before: str
) -> None:
    newest = named_protocol(id)
    older = newest.maps_from[0]
    assert (newest.version, older.version) == (version, before)
    assert all(became == (name,) for name, became in older.indicators.items())
    new = set(newest.indicators) - set(older.indicators)
    assert {
        name for name in new if f"New in {version}" not in str(newest.indicators[name].note)
    } == set()
