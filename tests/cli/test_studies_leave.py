"""`kancil bundle`, `report` and `verify`: recorded studies leave the unit and are checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.recorded_studies import record
from tests.cli.running import Unit
from tests.cli.sample_unit import BASIS
from tests.reports import poppler


@pytest.fixture
def with_studies(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> Unit:
    """Two studies beside the trace of C1, and two in a case that has no trace."""
    for name in ("exposure", "change"):
        record(unit, "C1", name, monkeypatch)
    unit.say("case", "new", "Of another craft", "--legal-basis", BASIS)
    for name in ("cluster", "pattern"):
        record(unit, "C4", name, monkeypatch)
    return unit


def test_a_bundle_holds_the_studies_of_its_case_and_is_found_unchanged(
    with_studies: Unit, tmp_path: Path
) -> None:
    unit, out = with_studies, tmp_path / "b.zip"
    made = unit.ask("bundle", "C1", "-o", out)
    assert (made["traces"], made["studies"]) == (["T1"], ["S1", "S2"])
    checked = unit.ask("verify", out, status=28)
    assert checked["answer"] == "unchanged"
    assert [one["number"] for one in checked["statements"]["studies"]] == ["1", "2"]
    text = unit.run("verify", out).out
    assert "Study 2 is the result that the ledger recorded when it was run." in text
    assert "They were not computed again" in text
    assert "Study S1 (exposure, version 1) was run and its result was recorded" in text
    few = unit.ask("bundle", "C1", "-o", tmp_path / "few.zip", "--study", "S2", "--trace", "none")
    assert (few["traces"], few["studies"]) == ([], ["S2"])
    alone = unit.ask("bundle", "C1", "-o", tmp_path / "alone.zip", "--study", "none")
    assert (alone["traces"], alone["studies"]) == (["T1"], [])


def test_a_case_without_a_trace_leaves_in_a_bundle_and_in_a_report(
    with_studies: Unit, tmp_path: Path
) -> None:
    poppler.need("pdftotext", "pdfdetach")
    unit, out, paper = with_studies, tmp_path / "b.zip", tmp_path / "r.pdf"
    made = unit.ask("bundle", "C4", "-o", out)
    assert (made["traces"], made["studies"]) == ([], ["S3", "S4"])
    steps = {one["step"]: one["state"] for one in unit.ask("verify", out, status=28)["steps"]}
    assert (steps["chain"], steps["table"]) == ("nothing", "holds")
    printed = unit.ask("report", "C4", "-o", paper)
    assert printed["analysis_sha256"] == made["analysis_sha256"]
    assert unit.ask("verify", paper)["intact"]
    names = poppler.run("pdfdetach", "-list", paper)
    assert all(f"{label}-result.json" in names for label in ("S3", "S4"))


def test_a_study_of_another_case_or_none_at_all_is_refused(
    with_studies: Unit, tmp_path: Path
) -> None:
    unit, out = with_studies, tmp_path / "b.zip"
    other = unit.refused("bundle", "C1", "-o", out, "--study", "S3")
    assert other["code"] == "study-not-found"
    nothing = unit.refused("report", "C4", "-o", tmp_path / "r.pdf", "--study", "none")
    assert nothing["code"] == "bundle-nothing-to-show"


def test_the_entry_of_a_study_cannot_be_sealed_where_it_is_shown(
    with_studies: Unit, tmp_path: Path
) -> None:
    unit, out = with_studies, tmp_path / "b.zip"
    unit.say("bundle", "C1", "-o", out)
    n = unit.ask("verify", out, status=28)["statements"]["studies"][0]["said"]["n"]
    sealed = ("--seal", f"{n}=It names a witness.")
    assert unit.refused("bundle", "C1", "-o", tmp_path / "c.zip", *sealed)["status"] != 0
    unit.say("bundle", "C1", "-o", tmp_path / "d.zip", *sealed, "--study", "none")
