"""The commands of law: import, list, and legal bases between two countries."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Unit, run
from tests.cli.sample_unit import found
from tests.legal.lawfiles import LAW, law_file


def test_law_is_imported_listed_and_carries_a_request(tmp_path: Path) -> None:
    unit = found(tmp_path / "unit")
    assert "keeps no text of law yet" in unit.say("law", "list")
    done = unit.ask("law", "import", law_file(tmp_path))
    assert (done["is_new"], done["offences"], done["agreements"]) == (True, 2, 2)
    assert unit.ask("law", "import", law_file(tmp_path))["is_new"] is False
    listed = unit.ask("law", "list")
    assert [(each["what"], each["id"]) for each in listed] == [
        ("offence", "xa-cyber-12"), ("offence", "xb-penal-341"), ("agreement", "la-th-mla"),
        ("agreement", "la-power"), ("status", "LA-budapest"), ("entry", "uncc"),
    ]  # fmt: skip
    assert listed[-1]["not_before"] == "2027-02-18"
    asked = ("law", "bases", "--kind", "freeze", "--with", "th", "--on", "2026-11-29")
    first, *_, last = unit.ask(*asked)
    assert (first["id"], first["bound"], first["articles"][0]["number"]) == (
        "la-th-mla",
        "yes",
        "3",
    )
    assert (last["id"], last["bound"]) == ("arab", "no"), "neither is a Party"
    said = unit.say(*asked)
    assert "ASEAN MLAT · treaty · binding" in said
    assert "An officer chooses the legal basis." in said
    assert "Treaty on mutual assistance" not in unit.say(*asked, "--from", "VN")


def test_a_backup_brings_the_law_of_the_unit_back(tmp_path: Path) -> None:
    unit = found(tmp_path / "unit")
    unit.say("law", "import", law_file(tmp_path))
    unit.say("backup", "-o", tmp_path / "backup.tar")
    unit.say("restore", tmp_path / "backup.tar", tmp_path / "again")
    again = Unit(tmp_path / "again")
    assert again.ask("law", "list") == unit.ask("law", "list")
    (tmp_path / "again" / "law").rename(tmp_path / "gone")
    ran = run("--workspace", again.root, "law", "list")
    assert "is not what was imported" in ran.err


def test_what_cannot_be_asked_or_read_is_refused(tmp_path: Path) -> None:
    unit = found(tmp_path / "unit")
    bad = tmp_path / "bad.yaml"
    bad.write_text(LAW.replace("part: result", "part: effect"), encoding="utf-8")
    for words, code in (
        (("law", "import", bad), "law-file-not-readable"),
        (("law", "import", tmp_path / "none.yaml"), "file-not-readable"),
        (("law", "bases", "--kind", "freezing", "--with", "TH"), "member-not-found"),
        (("law", "bases", "--kind", "freeze", "--with", "Thailand"), "option-not-usable"),
        (("law", "bases", "--kind", "freeze", "--with", "TH", "--on", "soon"), "option-not-usable"),
    ):
        ran = run("--workspace", unit.root, "--json", *words)
        assert ran.status != 0
        assert code in ran.err + ran.out
    assert unit.ask("law", "list") == []
