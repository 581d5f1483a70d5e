"""What is due of requests by command, the calendar file, and requests of others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.cli.running import Unit
from tests.cli.test_requests import letter

HELD_UNTIL = "2098-06-30"


def sent(unit: Unit, folder: Path, **changes: Any) -> None:
    """A preservation that was authorised and sent."""
    path = letter(folder / "a.json", **changes)
    unit.say("request", "draft", "preservation", "--case", "C1", "--fields", path)
    unit.say("request", "authorise", "R1", "--authority", "Head", "--post", "Head of the unit")
    unit.say("request", "record-sent", "R1")


def test_nothing_is_due_before_a_request_is_sent(unit: Unit, tmp_path: Path) -> None:
    assert unit.ask("request", "due")["due"] == []
    unit.say(
        "request", "draft", "preservation", "--case", "C1", "--fields", letter(tmp_path / "a.json")
    )
    assert unit.ask("request", "due")["due"] == []
    assert "Nothing is due" in unit.say("request", "due")


def test_a_sent_request_has_days_with_their_reasons_and_a_calendar(
    unit: Unit, tmp_path: Path
) -> None:
    sent(unit, tmp_path)
    unit.say("request", "record", "R1", "hold-set", "--until", HELD_UNTIL)
    file = tmp_path / "due.ics"
    told = unit.ask("request", "due", "--ics", file)
    rows = {each["deadline"]: each for each in told["due"]}
    assert rows["preserved-until"]["due_day"] == HELD_UNTIL
    assert (rows["preserved-until"]["case"], rows["preserved-until"]["request"]) == ("C1", "R1")
    assert rows["formal-order"]["due_day"] <= HELD_UNTIL
    assert {each["due_status"] for each in told["due"]} == {"later"}
    assert any("no country's official calendar" in each for each in told["limits"])
    lines = file.read_bytes().decode().split("\r\n")
    summaries = [line for line in lines if line.startswith("SUMMARY")]
    assert len(summaries) == len(told["due"])
    assert all(re.match(r"SUMMARY:C1 R1: Preservation\\, [a-z]", line) for line in summaries)
    assert "Example" not in file.read_text()
    assert unit.refused("request", "due", "--ics", file)["code"] == "file-exists"
    assert "C1" in unit.say("request", "due", "--case", "C1")
    assert unit.refused("request", "due", "--case", "C9")["code"] == "case-not-found"


def received(unit: Unit, *more: str) -> Any:
    return unit.ask(
        "request", "received", "add", "subscriber", "--case", "C1", "--from", "Unit X of Bangkok",
        "--country", "th", "--reference", "TH-7", *more,
    )  # fmt: skip


def test_a_request_of_others_is_checked_before_it_is_carried_out(unit: Unit) -> None:
    held = received(unit, "--until", "2098-01-10")
    assert (held["number"], held["state"], held["is_incoming"]) == ("R1", "received", True)
    assert received_again(unit) == "request-received-already"
    (due,) = [
        each for each in unit.ask("request", "due")["due"] if each["deadline"] == "own-answer"
    ]
    assert (due["due_day"], due["due_zone"]) == ("2098-01-10", "Asia/Vientiane")
    assert unit.refused("request", "record-sent", "R1")["code"] == "event-cannot-follow"
    assert unit.refused("request", "record-answer", "R1")["code"] == "incoming-not-checked"
    asked = unit.ask("request", "received", "check", "R1")["open"]
    assert asked[0] == "signed"
    assert "rights" in asked
    partly = [f"--answer={each}=yes" for each in asked if each != "basis"]
    assert unit.ask("request", "received", "check", "R1", *partly)["open"] == ["basis"]
    refused = unit.refused("request", "record", "R1", "in-execution")
    assert "names a treaty" in refused["sentence"] or "name a treaty" in refused["sentence"]
    again = [*partly, "--answer=basis=yes"]
    assert unit.ask("request", "received", "check", "R1", *again)["state"] == "acknowledged"
    assert unit.ask("request", "record", "R1", "in-execution")["state"] == "in-execution"
    assert unit.ask("request", "record-answer", "R1")["state"] == "answered"
    assert unit.run("verify", unit.root).status == 0


def received_again(unit: Unit) -> Any:
    return unit.refused(
        "request", "received", "add", "subscriber", "--case", "C1", "--from", "Unit X of Bangkok",
        "--country", "TH", "--reference", "TH-7",
    )["code"]  # fmt: skip


def test_a_request_of_others_is_refused_with_a_reason_without_a_check(unit: Unit) -> None:
    received(unit)
    told = unit.ask("request", "record-answer", "R1", "--refused", "--reason", "political offence")
    assert told["state"] == "refused"
    assert unit.ask("request", "due")["due"] == []


def test_days_and_answers_that_do_not_exist_are_refused(unit: Unit) -> None:
    words = ("request", "received", "add", "subscriber", "--case", "C1", "--from", "X",
             "--country", "TH")  # fmt: skip
    for more, code in (
        (("--on", "2026-02-30"), "option-not-usable"),
        (("--on", "2098-02-28"), "event-day-wrong"),
        (("--until", "1999-01-01"), "event-day-wrong"),
        (("--exhibit", "E99"), "exhibit-not-found"),
    ):
        assert unit.refused(*words, *more)["code"] == code
    assert unit.refused(*words[:3], "alms", *words[4:])["code"] == "member-not-found"
    received(unit)
    for answer in ("colour=yes", "signed=perhaps", "signed"):
        check = ("request", "received", "check", "R1", "--answer", answer)
        assert unit.refused(*check)["code"] == "member-not-found"
    assert [each["number"] for each in unit.ask("request", "list", "C1")] == ["R1"]
