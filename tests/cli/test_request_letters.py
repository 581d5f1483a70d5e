"""A letter by command: a draft, authorised, the same each time; machine forms; what is refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.cli.running import Unit
from tests.cli.test_requests import letter


def printed(unit: Unit, path: Path, *more: str) -> dict[str, Any]:
    """Print R1."""
    found: dict[str, Any] = unit.ask("request", "print", "R1", "-o", path, *more)
    return found


def test_an_authorised_letter_is_the_same_each_time(unit: Unit, tmp_path: Path) -> None:
    words = ("request", "draft", "preservation", "--case", "C1", "--fields")
    attachments = {"attachments": ["E1: what was taken in"]}
    unit.say("ledger", "checkpoint")
    unit.say(*words, letter(tmp_path / "a.json", **attachments))
    first = printed(unit, tmp_path / "draft.pdf")
    assert first["authorised"] is None
    assert "marked as a draft" in unit.say("request", "print", "R1", "-o", tmp_path / "b.pdf")
    unit.say("request", "authorise", "R1", "--authority", "Noy S.", "--post", "Head")
    one = printed(unit, tmp_path / "one.pdf")
    unit.say("bundle", "C1", "-o", tmp_path / "later.zip")  # which signs a checkpoint too
    unit.say("exhibit", "dispose", "E1", "--authority", "Court", "--date", "2026-03-09")
    again = printed(unit, tmp_path / "again.pdf")
    data = (tmp_path / "one.pdf").read_bytes()
    assert one["id"] == again["id"] == hashlib.sha256(data).hexdigest() != first["id"]
    unit.say("request", "record-sent", "R1", "--channel", "e-mail", "--letter-sha256", one["id"])
    assert printed(unit, tmp_path / "sent.pdf")["id"] == one["id"]
    machine = printed(unit, tmp_path / "letter.json", "--format", "json")
    said = json.loads((tmp_path / "letter.json").read_bytes())
    assert said["draft_sha256"] == one["draft_sha256"] == machine["draft_sha256"]
    assert said["authorised"]["name"] == "Noy S."
    assert said["rests"]["exhibits"][0]["label"] == "E1"
    assert said["rests"]["bundle"] is None
    assert int(said["checkpoint"].splitlines()[1]) < said["authorised"]["entry"]
    assert said["rests"]["exhibits"][0]["contents"]
    printed(unit, tmp_path / "letter.jsonld", "--format", "case")
    graph = json.loads((tmp_path / "letter.jsonld").read_bytes())["@graph"]
    assert "E1" in [each.get("case-investigation:exhibitNumber") for each in graph]


def test_a_letter_quotes_its_finding_and_marks_it_once_it_is_withdrawn(
    unit: Unit, tmp_path: Path
) -> None:
    words = ("request", "draft", "preservation", "--case", "C1", "--fields")
    accepted = unit.ask("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    unit.say("bundle", "C1", "-o", tmp_path / "bundle.zip")
    unit.say(*words, letter(tmp_path / "a.json", findings=["F1"]))
    unit.say("request", "authorise", "R1", "--authority", "Noy S.", "--post", "Head")
    first = printed(unit, tmp_path / "one.pdf")
    printed(unit, tmp_path / "one.json", "--format", "json")
    rests = json.loads((tmp_path / "one.json").read_bytes())["rests"]
    assert rests["findings"][0]["text"] == accepted["text"]
    assert rests["bundle"]["entry"] > rests["findings"][0]["entry"]
    unit.say("finding", "withdraw", "F1", "--reason", "read from the wrong row")
    assert printed(unit, tmp_path / "two.pdf")["id"] != first["id"]
    page = tmp_path / "two.html"
    printed(unit, page, "--format", "html")
    assert "This finding was withdrawn" in page.read_text(encoding="utf-8")
    unit.say("request", "record-sent", "R1", "--channel", "e-mail")
    unit.say("request", "record", "R1", "withdrawn")
    printed(unit, tmp_path / "three.html", "--format", "html")
    assert "WITHDRAWN" in (tmp_path / "three.html").read_text(encoding="utf-8")


def test_a_letter_is_not_written_over_a_file_nor_in_no_language(unit: Unit, tmp_path: Path) -> None:
    words = ("request", "draft", "preservation", "--case", "C1", "--fields")
    unit.say(*words, letter(tmp_path / "a.json"))
    out = tmp_path / "letter.docx"
    slip = tmp_path / "slip.html"
    printed(unit, out, "--format", "docx", "--second", "lo", "--slip", str(slip))
    assert b"R1" in slip.read_bytes()
    assert unit.refused("request", "print", "R1", "-o", out)["code"] == "file-exists"
    other = tmp_path / "other.pdf"
    asked = ("request", "print", "R1", "-o", other, "--language", "tlh")
    assert unit.refused(*asked)["code"] == "member-not-found"
    assert not other.exists()
