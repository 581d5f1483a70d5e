"""Studies by command: run for a case, listed, shown, run again, and signed from."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kancil.studies.errors import StudyNotReproduced
from tests.cli.running import Unit
from tests.cli.sample_unit import BLOCKS, FIRST_PAYMENT, PAID_ADDRESS, copied

SPENT = "1Pu6ECnJkRMn5pJqjbwE6dBv88tY9CBEQ5"
ASKED: dict[str, tuple[str, ...]] = {
    "exposure": ("bitcoin", "exposure", "main", PAID_ADDRESS, "--direction", "received"),
    "cluster": ("bitcoin", "cluster", "main", SPENT),
    "change": ("bitcoin", "change", "main", FIRST_PAYMENT),
    "pattern": ("bitcoin", "patterns", "main", "--pattern", "peel-chain", "--most", "5"),
}


@pytest.fixture(scope="module")
def unit(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """A unit in which each study was recorded, in the order of `ASKED`."""
    made = copied(sample, tmp_path_factory.mktemp("studies"))
    for number, (name, words) in enumerate(ASKED.items(), 1):
        answer = made.ask(*words, "--case", "C1")
        assert (answer["label"], answer["study"]) == (f"S{number}", name)
        assert (answer["case_label"], answer["sources"]["chain"]) == ("C1", "main")
    return made


def test_a_recorded_study_is_shown_as_it_was_answered_and_comes_out_again(unit: Unit) -> None:
    rows = unit.ask("study", "list", "C1")
    assert [row["label"] for row in rows] == ["T1", "S1", "S2", "S3", "S4"]
    for row in rows:
        shown = unit.ask("study", "show", row["label"])
        assert shown["id"] == row["id"]
        assert shown["question"] == row["question"]
        assert shown["answer"]
        assert shown["limits"]
        checked = unit.ask("study", "check", row["label"])
        assert (checked["compared"], checked["result_sha256"]) == ("same", row["result_sha256"])


def test_the_members_of_a_cluster_are_those_that_the_command_lists(unit: Unit) -> None:
    plain = unit.ask("bitcoin", "cluster", "main", SPENT, "--all")
    recorded = unit.ask("study", "show", "S2")
    members = [row["address"] for row in recorded["tables"]["members"]]
    assert members == [row["address"] for row in plain["members"]]
    assert len(members) > 1


def test_the_answer_comes_first_and_ends_with_what_to_press_next(unit: Unit) -> None:
    lines = unit.say("study", "show", "S2").splitlines()
    assert lines[0].startswith("Which addresses are spent together with")
    assert "in a cluster of" in lines[1]
    assert "kancil finding accept C1 --study S2 --table members --row 1" in lines[-2]
    assert lines[-1].endswith("kancil study check S2")


def test_each_table_becomes_a_csv_and_none_is_written_over(unit: Unit, tmp_path: Path) -> None:
    answer = unit.ask("study", "show", "S2", "--csv", tmp_path / "tables")
    written = {path.name for path in (tmp_path / "tables").iterdir()}
    assert {Path(name).name for name in answer["files"]} == written
    with (tmp_path / "tables" / "S2-members.csv").open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    members = answer["tables"]["members"]
    assert [row["address"] for row in rows] == [row["address"] for row in members]
    again = unit.refused("study", "show", "S2", "--csv", tmp_path / "tables")
    assert again["code"] == "file-exists"


def test_a_finding_is_signed_from_a_row_and_names_study_and_digest(unit: Unit) -> None:
    accepted = unit.ask("finding", "accept", "C1", "--study", "S2", "--table", "members",
                        "--row", "2")  # fmt: skip
    recorded = unit.ask("study", "show", "S2")
    assert accepted["class"] == "policy-result"
    assert recorded["tables"]["members"][1]["address"] in accepted["text"]
    traced = unit.ask("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    assert traced["class"] == "chain-fact"
    again = unit.ask("finding", "accept", "C1", "--study", "T1", "--table", "transfers")
    assert again["class"] == "policy-result"


def test_a_finding_of_a_study_that_comes_out_otherwise_is_not_signed(
    unit: Unit, tmp_path: Path
) -> None:
    part = copied(unit, tmp_path)
    part.say("bitcoin", "ingest", "part", BLOCKS / "300025.raw", "--network", "mainnet")
    recorded = part.ask("bitcoin", "exposure", "part", SPENT, "--case", "C1")
    assert part.ask("study", "check", recorded["label"])["compared"] == "same"
    part.say("bitcoin", "ingest", "part", BLOCKS / "370661.raw")
    assert part.ask("study", "check", recorded["label"])["compared"] == "inputs-changed"
    shown = part.ask("study", "show", recorded["label"])
    assert shown["tables"] == recorded["tables"], "what was recorded stays as it was"
    refused = part.refused(
        "finding", "accept", "C1", "--study", recorded["label"], "--table", "rows"
    )
    assert refused["code"] == "finding-not-supported"


def test_a_changed_result_is_an_integrity_failure(unit: Unit, tmp_path: Path) -> None:
    changed = copied(unit, tmp_path)
    study = changed.ask("study", "show", "S2")["id"]
    path = Path(changed.root) / "studies" / f"{study}.json"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"multi-input", b"multi-inputs"))
    refused = changed.refused("study", "show", "S2")
    assert (refused["code"], refused["status"]) == (
        "study-not-reproduced", StudyNotReproduced.exit_status,
    )  # fmt: skip
    path.unlink()
    assert changed.refused("study", "show", "S2")["code"] == "study-not-readable"
    assert changed.ask("study", "check", "S2")["compared"] == "same"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("study", "show", "S99"), "study-not-found"),
        (("study", "check", "none"), "study-not-found"),
        (("study", "list", "C99"), "case-not-found"),
        (("finding", "accept", "C1", "--study", "S99", "--table", "rows"), "study-not-found"),
        (("finding", "accept", "C2", "--study", "S2", "--table", "members"), "study-not-found"),
        (("finding", "accept", "C1", "--study", "S2"), "option-missing"),
        (("finding", "accept", "C1", "--study", "S2", "--table", "x"), "finding-not-supported"),
        (
            ("finding", "accept", "C1", "--study", "S2", "--table", "members", "--row", "9999"),
            "finding-not-supported",
        ),
        (("finding", "accept", "C1", "--study", "S2", "--trace", "T1"), "option-not-usable"),
        (("finding", "accept", "C1", "--trace", "T1"), "option-missing"),
        (("finding", "accept", "C1"), "option-missing"),
        (("bitcoin", "cluster", "main", SPENT, "--case", "C99"), "case-not-found"),
        (
            (*ASKED["pattern"], "--prices", "p.csv", "--threshold", "1", "--currency", "BTC",
             "--case", "C1"),
            "option-not-usable",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_and_nothing_is_recorded(
    unit: Unit, words: tuple[str, ...], code: str
) -> None:
    before = unit.ask("study", "list", "C1")
    assert unit.refused(*words)["code"] == code
    assert unit.ask("study", "list", "C1") == before
