"""The packaged protocols are read without a fault, by name or by id, and again when changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kancil.assessment.errors import ProtocolNotFound, ProtocolNotReadable
from kancil.assessment.library import (
    FOLDER,
    all_protocols,
    named_protocol,
    protocol_names,
    translation_files,
)
from kancil.assessment.protocol import Confidence
from kancil.assessment.reading import check_protocol
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
