"""From a disk to a bundle: an identifier on it is listed, recorded, cited, printed and checked."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.evidence.stick import ADDRESS, write_stick


@pytest.fixture(scope="module")
def examined(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """Exhibit 3 is a memory stick that was examined."""
    unit = copied(sample, tmp_path_factory.mktemp("examined"))
    stick = write_stick(tmp_path_factory.mktemp("stick"))
    unit.say("exhibit", "add", "C1", stick, "--title", "Memory stick")
    unit.say("evidence", "triage", "E3")
    return unit


def test_identifiers_are_listed_and_a_key_is_told_and_not_shown(
    examined: Unit, tmp_path: Path
) -> None:
    found = examined.ask("evidence", "identifiers", "E3")
    assert {"kind": "bitcoin-address", "value": ADDRESS, "places": 2}.items() <= (
        found["identifiers"][0].items()
    )
    assert found["secrets"] == {"seed-phrase": 1}
    assert "abandon" not in str(found)
    out = tmp_path / "identifiers.csv"
    said = examined.say("evidence", "identifiers", "E3", "--kind", "url", "-o", out)
    assert "A lawful seizure of coins needs its own legal basis" in said
    with out.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["kind"], row["value"]) == ("url", "https://example.org/x")


def test_from_disk_to_bundle(examined: Unit, tmp_path: Path) -> None:
    unit = copied(examined, tmp_path)
    made = unit.ask("evidence", "record", "E3", "--value", ADDRESS)
    places = made["tables"]["places"]
    assert [(row["path"], row["offset"]) for row in places] == [("note.txt", 11), ("wide.txt", 2)]
    study = made["label"]
    unit.say("study", "check", study)
    found = unit.ask("finding", "accept", "C1", "--study", study, "--table", "places", "--row", "1")
    assert found["class"] == "exhibit-fact"
    assert found["text"].startswith(f"On E3, {ADDRESS} stands in the file note.txt (SHA-256 ")
    unit.say("report", "C1", "-o", tmp_path / "report.pdf", "--trace", "none")
    made = unit.ask(
        "bundle", "C1", "-o", tmp_path / "bundle.zip", "--purpose", "test", "--trace", "none"
    )
    said = unit.say("verify", tmp_path / "bundle.zip", "--key", made["key"])
    assert found["text"] in said
    assert "what the bytes of an exhibit show" in said


def test_a_deleted_file_is_cited_as_what_is_left_of_it(examined: Unit, tmp_path: Path) -> None:
    unit = copied(examined, tmp_path)
    unit.say("evidence", "triage", "E3", "-o", tmp_path / "files.csv")
    with (tmp_path / "files.csv").open(encoding="utf-8", newline="") as file:
        (gone,) = [row for row in csv.DictReader(file) if row["path"] == "gone.txt"]
    made = unit.ask("evidence", "record", "E3", "--file", gone["number"])
    assert made["tables"]["files"][0]["sha256"] == gone["sha256"]
    found = unit.ask("finding", "accept", "C1", "--study", made["label"], "--table", "files")
    assert "is what is left of the deleted file gone.txt" in found["text"]
    assert gone["sha256"] in found["text"]


def test_what_is_not_there_is_said_and_supports_no_finding(examined: Unit, tmp_path: Path) -> None:
    unit = copied(examined, tmp_path)
    made = unit.ask("evidence", "record", "E3", "--value", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT")
    assert "was not found in what was read" in made["answer"][0]
    refused = unit.refused("finding", "accept", "C1", "--study", made["label"], "--table", "places")
    assert refused["code"] == "finding-not-supported"
    assert (
        unit.refused("evidence", "record", "E3", "--file", "99999")["code"] == "option-not-usable"
    )
    assert unit.refused("evidence", "identifiers", "E1")["code"] == "disk-not-examined"


def test_a_study_without_its_disk_is_not_run_again(examined: Unit, tmp_path: Path) -> None:
    unit = copied(examined, tmp_path)
    made = unit.ask("evidence", "record", "E3")
    assert {row["kind"] for row in made["tables"]["identifiers"]} >= {"bitcoin-address", "url"}
    for each in (unit.root / "triage").rglob("outcome.json"):
        each.unlink()
    assert unit.refused("study", "check", made["label"])["code"] == "disk-not-examined"
    unit.say("evidence", "triage", "E3")
    assert "gives the recorded result again" in unit.say("study", "check", made["label"])
