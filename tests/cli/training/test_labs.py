"""Every command of labs once as JSON and once as text, on a lab of one table."""

from __future__ import annotations

from pathlib import Path

import pyrage
import pytest

from kancil.cli.training import labs, solving
from kancil.evidence.errors import NotAdmitted
from kancil.training.lab import SMALL
from kancil.training.making import open_key, read_answers, write_answers
from kancil.training.question import Answers
from kancil.training.solver import Given, Workbench
from tests.cli.running import Unit
from tests.cli.tables import copied_tables
from tests.training.tiny_lab import LAB, PAYEE, TABLE

TRAINER = pyrage.x25519.Identity.generate()
SIZE = ("--hops", str(SMALL.hops), "--decoys", "1", "--noise", "250")


class TinySolver:
    """Takes the table in and answers by its last line."""

    name = "tiny"

    def solve(self, bench: Workbench, given: Given) -> Answers:
        basis = "order: Court of Example"
        assert bench.ask("case", "new", "Exercise", "--legal-basis", basis)["label"] == "C1"
        table = given.path(TABLE)
        bench.ask("exhibit", "add", "C1", table, "--title", "Table", "--source", "the bank")
        assert bench.ask("exhibit", "list", "C1")[0]["label"] == "E1"
        with pytest.raises(NotAdmitted):
            bench.ask("exhibit", "add", "C1", Path(__file__), "--title", "Not of the lab")
        there = sorted(each.name for each in given.files.iterdir())
        assert there == sorted(["blocks", TABLE]), "and neither key nor page"
        return Answers(given.variant, {"payee": table.read_text().split()[-1]})

    def guess(self, bench: Workbench, given: Given) -> Answers:
        solved = self.solve(bench, given)
        return Answers(solved.variant, {"payee": PAYEE})


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Unit:
    """No workspace at all: these commands need none."""
    monkeypatch.setattr(labs, "LABS", (LAB,))
    monkeypatch.setattr(solving, "SOLVERS", (TinySolver(),))
    (tmp_path / "trainer.txt").write_text(f"# the trainer's\n{TRAINER}\n")
    return Unit(tmp_path / "nowhere", "")


@pytest.fixture
def lab(unit: Unit, tmp_path: Path) -> Path:
    folder = tmp_path / "lab"
    to = ("--to", str(TRAINER.to_public()))
    unit.say("lab", "make", "tiny", "--seed", "7", "-o", folder, *SIZE, *to)
    return folder


def test_labs_are_listed_made_and_checked(unit: Unit, lab: Path, tmp_path: Path) -> None:
    (row,) = unit.ask("lab", "list")
    assert (row["id"], row["version"], row["audience"]) == ("tiny", "1", "investigator")
    assert "tiny" in unit.say("lab", "list")
    again = unit.ask("lab", "make", "tiny", "--seed", "7", "-o", tmp_path / "two", *SIZE,
                     "--plain-key")  # fmt: skip
    assert unit.ask("lab", "check", lab) == {**again, "folder": str(lab)}
    assert again["points"] == 35
    assert (tmp_path / "two" / "key.json").is_file()
    assert not (tmp_path / "two" / "key.age").exists()
    other = unit.ask("lab", "make", "tiny", "-o", tmp_path / "random", *SIZE, "--plain-key")
    assert other["id"] != again["id"]
    assert TABLE in unit.say("lab", "check", lab)
    (lab / "files" / TABLE).write_text("changed")
    assert unit.refused("lab", "check", lab)["code"] == "lab-file-changed"


def test_a_key_is_not_written_plain_unless_somebody_says_so(unit: Unit, tmp_path: Path) -> None:
    words = ("lab", "make", "tiny", "--seed", "7", "-o", tmp_path / "lab")
    assert unit.refused(*words)["code"] == "lab-key-plain"
    assert unit.refused(*words, "--to", "age1nothing")["code"] == "option-not-usable"
    assert unit.refused(*words, "--plain-key", "--hops", "1")["code"] == "option-not-usable"
    other = ("lab", "make", "no-such-lab", "-o", tmp_path / "lab", "--plain-key")
    assert unit.refused(*other)["code"] == "member-not-found"
    assert not (tmp_path / "lab").exists()


def test_answers_are_marked_and_a_corrected_key_marks_them_again(
    unit: Unit, lab: Path, tmp_path: Path
) -> None:
    variant = unit.ask("lab", "check", lab)["id"]
    answers = tmp_path / "answers.json"
    answers.write_bytes(write_answers(Answers(variant, {"amount": "0.26", "table": "ab" * 32})))
    who = ("--identity", tmp_path / "trainer.txt")
    words = ("lab", "mark", lab, "--answers", answers, "--key", lab / "key.age")
    assert unit.refused(*words)["code"] == "option-not-usable"
    marked = unit.ask(*words, *who)
    assert (marked["earned_hundredths"], marked["points"], marked["is_final"]) == (200, 35, True)
    (row,) = [each for each in marked["questions"] if each["question"] == "amount"]
    assert row["reason_text"].startswith("Wrong by 0.01")
    assert "2 of 35 points" in unit.say(*words, *who)
    new = tmp_path / "new.age"
    fix = ("lab", "correct", lab / "key.age", "amount", *who, "--reason", "The fee was forgotten.")
    assert unit.refused(*fix, "--value", "0.26", "-o", new)["code"] == "lab-key-plain"
    to = ("--to", str(TRAINER.to_public()), "-o", new)
    assert unit.refused(*fix, *to)["code"] == "correction-not-usable"
    assert unit.refused(*fix, *to, "--also", "[1,")["code"] == "option-not-usable"
    assert unit.ask(*fix, *to, "--value", "0.26")["version"] == 2
    assert open_key(new.read_bytes(), [TRAINER]).corrected == "The fee was forgotten."
    again = unit.ask(*words[:-1], new, *who)
    assert (again["earned_hundredths"], again["key_version"]) == (500, 2)


def test_a_stranger_cannot_mark(unit: Unit, lab: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_bytes(write_answers(Answers("019b76da-a800-7000-8000-000000000001")))
    (tmp_path / "stranger.txt").write_text(str(pyrage.x25519.Identity.generate()))
    words = ("lab", "mark", lab, "--answers", answers, "--key", lab / "key.age", "--identity")
    assert unit.refused(*words, tmp_path / "stranger.txt")["code"] == "lab-key-not-opened"
    assert unit.refused(*words, tmp_path / "trainer.txt")["code"] == "answers-of-other-variant"
    answers.write_bytes(b"{}")
    assert unit.refused(*words, tmp_path / "trainer.txt")["code"] == "lab-not-readable"


def test_a_lab_travels_as_one_file(unit: Unit, lab: Path, tmp_path: Path) -> None:
    packed = tmp_path / "x.kancil-lab"
    made = unit.ask("lab", "pack", lab, "-o", packed)
    assert int(made["size_bytes"]) == packed.stat().st_size
    assert unit.refused("lab", "pack", lab, "-o", packed)["code"] == "file-exists"
    out = unit.ask("lab", "unpack", packed, "-o", tmp_path / "out")
    assert out["id"] == made["id"]
    packed.write_bytes(packed.read_bytes()[:-9])
    assert unit.refused("lab", "unpack", packed, "-o", tmp_path / "not")["code"] == (
        "lab-not-readable"
    )


@pytest.mark.thorough
def test_a_lab_is_solved_in_a_workspace_that_is_thrown_away(
    unit: Unit, lab: Path, tmp_path: Path
) -> None:
    out = tmp_path / "answers.json"
    with copied_tables():
        solved = unit.ask("lab", "solve", lab, "-o", out)
    answers = read_answers(out.read_bytes(), "answers.json")
    assert answers.values == solved["values"]
    key = open_key((lab / "key.age").read_bytes(), [TRAINER])
    assert answers.variant == key.variant
    assert answers.values["payee"].startswith("bcrt1q")
    assert not unit.root.exists()
