"""A classroom takes in the files of its labs alone, through whichever door they come."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kancil.desk.cases import admitting
from kancil.desk.cases.admitting import admit_by
from tests.cli.running import Unit
from tests.house.survey import PACKAGE

LAB_FILE, REAL_FILE = b"a,b\n1,2\n", b"a real statement\n"
BASIS = "Order 12/2026 of the invented story"


@pytest.fixture(autouse=True)
def _no_hook_left() -> Iterator[None]:
    before = list(admitting._hooks)
    yield
    admitting._hooks[:] = before


@pytest.fixture
def files(room: Unit, tmp_path: Path) -> tuple[Path, Path]:
    """A file of a lab and a real one; the first is admitted."""
    room.say("case", "new", "Lab", "--legal-basis", BASIS)
    lab, real = tmp_path / "bank.csv", tmp_path / "real.csv"
    lab.write_bytes(LAB_FILE)
    real.write_bytes(REAL_FILE)
    admit_by({hashlib.sha256(LAB_FILE).hexdigest()}.__contains__)
    return lab, real


def _in_vault(room: Unit) -> list[bytes]:
    return [path.read_bytes() for path in sorted((room.root / "vault").glob("??/??/*"))]


def test_until_a_lab_is_given_out_nothing_comes_in(room: Unit, files: tuple[Path, Path]) -> None:
    admitting._hooks.clear()
    for path in files:
        assert room.refused("exhibit", "add", "C1", path)["code"] == "not-admitted"
    assert _in_vault(room) == []


def test_a_file_of_a_lab_comes_in_and_no_other(room: Unit, files: tuple[Path, Path]) -> None:
    lab, real = files
    assert room.ask("exhibit", "add", "C1", lab)["label"] == "E1"
    for words in (
        ("exhibit", "add", "C1", real),
        ("exhibit", "add", "C1", real, "--in-place"),
        ("exhibit", "add", "C1", lab, real),
        ("exhibit", "add", "C1", lab.parent),
        ("exhibit", "add", "C1", "-"),
    ):
        error = room.refused(*words)
        assert error["code"] == "not-admitted", words
        assert "not a file of a lab" in error["sentence"]
    assert REAL_FILE not in _in_vault(room)
    assert LAB_FILE in _in_vault(room)
    left = [path.read_bytes() for path in (room.root / "incoming").iterdir()]
    assert REAL_FILE not in left


def test_a_changed_file_is_another_one(room: Unit, files: tuple[Path, Path]) -> None:
    lab, _ = files
    lab.write_bytes(LAB_FILE + b"\n")
    assert room.refused("exhibit", "add", "C1", lab)["code"] == "not-admitted"


def test_a_copy_and_a_photograph_of_a_seized_thing_are_held_to_the_same(
    room: Unit, files: tuple[Path, Path]
) -> None:
    lab, real = files
    seized = ("exhibit", "seize", "C1", "Telephone", "--place", "desk")
    assert room.refused(*seized, "--photograph", real)["code"] == "not-admitted"
    assert room.ask("exhibit", "list") == []
    label = room.ask(*seized)["label"]
    acquire = ("exhibit", "acquire", label, "--tool", "dd", "--tool-version", "9")
    assert room.refused(*acquire, real)["code"] == "not-admitted"
    room.ask(*acquire, lab)


def test_a_unit_takes_in_what_an_officer_brings(unit: Unit, tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_bytes(REAL_FILE)
    admit_by(lambda _: False)
    assert unit.ask("exhibit", "add", "C1", real)["label"]


def test_every_way_into_the_vault_passes_the_gate() -> None:
    named = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"(?:evidence\.intake|evidence) import [^\n]*\b(?:take_in|intake)\b",
                     path.read_text("utf-8"))
    ]  # fmt: skip
    assert named == ["desk/cases/admitting.py"]
