"""A request by command: drafted, checked, authorised, sent, answered; and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kancil.ground.plain import plain
from tests.cli.running import Unit
from tests.cli.sample_unit import BASIS
from tests.legal.letters import good


def letter(path: Path, **changes: Any) -> Path:
    """A preservation's fields in a file, with days that are still to come."""
    found = plain(good("preservation"))
    for name in ("kind", "case"):
        del found[name]
    found["findings"] = []
    found["texts"] = {**found["texts"], "order_by": "2099-03-13"}
    path.write_text(json.dumps({**found, **changes}), encoding="utf-8")
    return path


def test_a_request_goes_from_draft_to_its_answer(unit: Unit, tmp_path: Path) -> None:
    drafted = unit.ask(
        "request", "draft", "preservation", "--case", "C1", "--fields", letter(tmp_path / "a.json")
    )
    assert (drafted["number"], drafted["state"]) == ("R1", "draft")
    assert [each for each in drafted["problems"] if each["stops"]] == []
    stored = unit.root / "requests" / f"{drafted['sha256']}.json"
    assert json.loads(stored.read_bytes())["format"] == "kancil-request/1"
    assert unit.refused("request", "record-sent", "R1")["code"] == "event-cannot-follow"
    words = ("request", "authorise", "R1", "--authority", "Head", "--post", "Head of the unit")
    assert unit.ask(*words)["sha256"] == drafted["sha256"]
    assert unit.ask("request", "record-sent", "R1", "--channel", "e-mail")["state"] == "sent"
    assert unit.refused("request", "record-sent", "R1")["code"] == "event-cannot-follow"
    answer = tmp_path / "answer.txt"
    answer.write_text("kept under P-1", encoding="utf-8")
    unit.say("exhibit", "add", "C1", answer, "--title", "Answer of Example Mail")
    number = unit.ask("exhibit", "list", "C1")[-1]["label"]
    answered = unit.ask(
        "request", "record-answer", "R1", "--exhibit", number, "--in-part", "--until",
        "2031-06-01", "--reference", "P-1",
    )  # fmt: skip
    assert answered["state"] == "answered-in-part"
    assert "answered in part" in unit.say("request", "show", "R1").lower()
    assert [each["number"] for each in unit.ask("request", "list", "C1")] == ["R1"]
    assert unit.run("verify", unit.root).status == 0


def test_a_new_version_needs_a_new_authorisation(unit: Unit, tmp_path: Path) -> None:
    words = ("request", "draft", "preservation", "--case", "C1", "--fields")
    unit.say(*words, letter(tmp_path / "a.json"))
    authorise = ("request", "authorise", "R1", "--authority", "Head", "--post", "Head")
    unit.say(*authorise)
    again = unit.ask(*words, letter(tmp_path / "b.json", reference="LA-2"), "--request", "R1")
    assert (again["versions"], again["authorised"], again["state"]) == (2, None, "draft")
    assert unit.refused("request", "record-sent", "R1")["code"] == "event-cannot-follow"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"items": []}, "draft-has-problems"),
        ({"findings": ["F9"]}, "request-finding-not-accepted"),
    ],
)
def test_what_is_missing_stops_its_authorisation(
    unit: Unit, tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    path = letter(tmp_path / "a.json", **changes)
    unit.say("request", "draft", "preservation", "--case", "C1", "--fields", path)
    assert (
        unit.refused("request", "authorise", "R1", "--authority", "Head", "--post", "x")["code"]
        == code
    )


def test_a_person_outside_the_legal_basis_stops_a_letter(unit: Unit, tmp_path: Path) -> None:
    person = {"name": "Person A", "role": "suspect", "proof": "F1", "is_alias": True}
    codes = []
    for number, basis in enumerate((BASIS, "order 99", "")):
        path = letter(tmp_path / f"{number}.json", persons=[{**person, "basis": basis}])
        words = ("request", "draft", "preservation", "--case", "C1", "--fields", path)
        codes.append({each["code"] for each in unit.ask(*words)["problems"] if each["stops"]})
    assert codes == [set(), {"request-person-outside"}, {"request-person-basis"}]


@pytest.mark.parametrize("text", ["", "[]", '{"cast": 1}', '{"items": [{"sought": "hug"}]}'])
def test_a_file_of_fields_that_is_none_changes_nothing(
    unit: Unit, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    words = ("request", "draft", "freeze", "--case", "C1", "--fields", path)
    assert unit.refused(*words)["code"] == "fields-not-readable"
    assert unit.ask("request", "list", "C1") == []


def test_an_answer_is_an_exhibit_of_the_case_and_amounts_are_numbers(
    unit: Unit, tmp_path: Path
) -> None:
    path = letter(tmp_path / "a.json")
    unit.say("request", "draft", "preservation", "--case", "C2", "--fields", path)
    unit.say("request", "authorise", "R1", "--authority", "Head", "--post", "Head")
    early = unit.refused("request", "record-sent", "R1", "--on", "2026-01-05")
    assert early["code"] == "event-day-wrong"
    unit.say("request", "record-sent", "R1")
    answer = ("request", "record-answer", "R1")
    assert unit.refused(*answer)["code"] == "answer-not-evidence"
    assert unit.refused(*answer, "--exhibit", "E1")["code"] == "answer-not-of-case"
    assert unit.refused(*answer, "--amount", "held much THB")["code"] == "amounts-not-usable"
    unit.say("exhibit", "add", "C2", path, "--title", "Answer")
    number = unit.ask("exhibit", "list", "C2")[-1]["label"]
    done = unit.ask(*answer, "--exhibit", number, "--amount", "held 1,500.50 THB")
    assert done["state"] == "answered"


def test_what_came_by_police_channel_is_cited_only_once_it_is_released(
    unit: Unit, tmp_path: Path
) -> None:
    limit = ("exhibit", "limit", "E1", "--code", "police-channel", "--from", "Police of Tests")
    unit.say(*limit, "--reason", "their cover letter")
    path = letter(tmp_path / "a.json", attachments=["E1, blocks"])
    unit.say("request", "draft", "preservation", "--case", "C1", "--fields", path)
    authorise = ("request", "authorise", "R1", "--authority", "Head", "--post", "Head")
    refused = unit.refused(*authorise)
    assert refused["code"] == "limit-forbids-use"
    assert "Police of Tests" in refused["sentence"]
    release = ("exhibit", "release", "E1", "--code", "police-channel", "--by", "consent")
    unit.say(*release, "--reference", "letter 9", "--date", "2026-03-09")
    unit.say(*authorise)


def test_a_draft_whose_file_was_changed_is_told(unit: Unit, tmp_path: Path) -> None:
    path = letter(tmp_path / "a.json")
    drafted = unit.ask("request", "draft", "preservation", "--case", "C1", "--fields", path)
    stored = unit.root / "requests" / f"{drafted['sha256']}.json"
    stored.write_bytes(stored.read_bytes().replace(b"LA-2026-7", b"LA-2026-8"))
    assert unit.refused("request", "check", "R1")["code"] == "draft-changed"
    assert unit.run("verify", unit.root).status != 0
