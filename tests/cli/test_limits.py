"""Limits of use by command: what a limit forbids is refused by a sentence, until it is lifted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kancil.desk.handling.errors import LimitForbidsUse
from kancil.reports.casework.bundle.checker.verdict import HOLDS
from kancil.reports.casework.bundle.checker.verify import verify_bundle
from tests.cli.running import Unit
from tests.cli.stated_files import stated_files

LIMIT = ("exhibit", "limit", "E3", "--code", "police-channel", "--from", "Bureau of X")
CONSENT = ("--by", "consent", "--reference", "12/2026", "--date", "2026-03-09")


@pytest.fixture
def table(unit: Unit, tmp_path: Path) -> tuple[Path, ...]:
    """The case has a table, read for its transfers; its file and its mapping."""
    made = stated_files(tmp_path)
    unit.say("exhibit", "add", "C1", made[0], "--title", "From a bureau abroad")
    unit.say("transfers", "read", "E3", "--mapping", made[1])
    return made


def refused(unit: Unit, *words: str | Path) -> dict[str, Any]:
    """What a command that must be refused says of the limit; it is run once, since it is slow."""
    ran = unit.run(*words, "--json")
    error: dict[str, Any] = json.loads(ran.out)["error"]
    assert (ran.status, error["code"]) == (LimitForbidsUse.exit_status, "limit-forbids-use")
    return error


def entries_named(refused: dict[str, Any]) -> list[str]:
    _, _, named = str(refused["next"]).partition("rest on it: ")
    return named.partition(". Whether")[0].split(", ")


def test_what_came_from_police_to_police_leaves_by_consent_alone(
    unit: Unit, table: tuple[Path, ...], tmp_path: Path
) -> None:
    limited = unit.ask(*LIMIT, "--reason", "message 17")
    assert [each["code"] for each in limited["limits"]] == ["police-channel"]
    for words in (("bundle", "C1"), ("report", "C1"), ("report", "C1", "--kind", "disclosure")):
        told = refused(unit, *words, "-o", tmp_path / "out")
        assert "E3 is marked: police channel" in told["sentence"]
        assert "by Bureau of X" in told["sentence"]
        assert "mutual legal assistance" in told["next"]
        assert not (tmp_path / "out").exists()
    released = unit.ask("exhibit", "release", "E3", "--code", "police-channel", *CONSENT)
    assert [each["lifted"] for each in released["limits"]] == [True]
    out = tmp_path / "bundle.zip"
    unit.say("bundle", "C1", "-o", out)
    custody = verify_bundle(out).steps["custody"]
    assert custody.state == HOLDS
    assert "kinds-not-known" not in {each.code for each in custody.not_checked}


def test_a_bundle_leaves_where_all_that_rests_on_the_exhibit_is_withheld(
    unit: Unit, table: tuple[Path, ...], tmp_path: Path
) -> None:
    unit.say(*LIMIT)
    out = tmp_path / "bundle.zip"
    named = entries_named(refused(unit, "bundle", "C1", "-o", out))
    assert len(named) == 3
    words = [word for n in named for word in ("--seal", f"{n}=police channel")]
    assert entries_named(refused(unit, "bundle", "C1", "-o", out, *words[2:])) == named[:1]
    unit.say("bundle", "C1", "-o", out, *words)
    assert verify_bundle(out).problems == []
    assert not any(word in out.read_bytes() for word in (b"From a bureau abroad", b"Bureau of X"))
    report = tmp_path / "report.pdf"
    unit.say("report", "C1", "-o", report, *(
        word if word != "--seal" else "--withhold" for word in words
    ))  # fmt: skip
    assert report.is_file()


def test_speciality_keeps_the_same_file_from_another_case(
    unit: Unit, table: tuple[Path, ...], tmp_path: Path
) -> None:
    unit.say("exhibit", "limit", "E3", "--code", "speciality", "--from", "Authority of X",
             "--offence", "fraud")  # fmt: skip
    unit.say("bundle", "C1", "-o", tmp_path / "own.zip")
    unit.say("exhibit", "add", "C2", table[0], "--title", "The same")
    told = refused(unit, "transfers", "read", "E4", "--mapping", table[1])
    assert "E4 holds a file that came into another case under: speciality" in told["sentence"]
    assert "E3" not in told["sentence"]
    assert "be used in this case" in told["sentence"]
    told = refused(unit, "bundle", "C2", "-o", tmp_path / "other.zip")
    assert "E4 holds a file that came into another case under: speciality" in told["sentence"]
    assert "E3" not in told["sentence"]
    unit.say("exhibit", "release", "E3", "--code", "speciality", "--case", "C2", *CONSENT)
    unit.say("transfers", "read", "E4", "--mapping", table[1])
    unit.say("bundle", "C2", "-o", tmp_path / "other.zip")


def test_a_trace_over_limited_blocks_is_left_out_in_any_case(unit: Unit, tmp_path: Path) -> None:
    unit.say("exhibit", "limit", "E1", "--code", "fiu", "--from", "Unit of X")
    told = refused(unit, "bundle", "C2", "-o", tmp_path / "bundle.zip")
    assert "leave out T2" in told["next"]
    assert "A file that was read for this document" in told["sentence"]
    assert "Unit of X" not in told["sentence"]


def test_an_intake_records_code_and_exhibit_or_neither(unit: Unit, tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text("an answer")
    words = ("exhibit", "add", "C1", tmp_path / "answer.txt", "--handling", "fiu")
    assert unit.refused(*words)["code"] == "limit-not-usable"
    assert len(unit.ask("exhibit", "list", "C1")) == 2
    unit.say(*words, "--office", "Unit of X")
    *_, last = unit.ask("exhibit", "list", "C1")
    assert [each["kind"] for each in last["events"]] == ["exhibit.added", "exhibit.limited"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("limit", "E1", "--code", "secret", "--from", "X"), "secret"),
        (("limit", "E1", "--code", "fiu", "--from", " "), "office"),
        (("limit", "E1", "--code", "confidential-until", "--from", "X"), "last day"),
        (("limit", "E1", "--code", "fiu", "--from", "X", "--until", "2027-01-01"), "last day"),
    ],
)
def test_a_limit_that_is_not_stated_as_it_must_be_is_refused(
    unit: Unit, words: tuple[str, ...], why: str
) -> None:
    told = unit.refused("exhibit", *words)
    assert (told["code"], why in told["sentence"]) == ("limit-not-usable", True)
    assert "exhibit.limited" not in json.dumps(unit.ask("exhibit", "list"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("--by", "kindness"), "limit-not-usable"),
        (("--by", "mistake"), "mistake-by-another"),
        (("--reference", " "), "limit-not-usable"),
        (("--date", "2999-01-01"), "limit-not-usable"),
        (("--date", "2026-02-30"), "option-not-usable"),
        (("--code", "fiu"), "limit-not-found"),
        (("--letter", "E99"), "exhibit-not-found"),
    ],
)
def test_a_release_that_is_not_stated_as_it_must_be_is_refused(
    unit: Unit, change: tuple[str, ...], code: str
) -> None:
    unit.say("exhibit", "limit", "E2", "--code", "police-channel", "--from", "X")
    given = ("exhibit", "release", "E2", "--code", "police-channel", *CONSENT)
    assert unit.refused(*given, *change)["code"] == code
    assert "exhibit.released" not in json.dumps(unit.ask("exhibit", "list"))
