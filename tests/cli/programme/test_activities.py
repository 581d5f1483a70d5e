"""The commands of activities: planned, listed, shown, and written as a calendar file."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.cli.programme.commands import PROGRAMME_COMMANDS
from tests.cli.running import read_json
from tests.flows.programme_site import Desk, Programme, founded

pytestmark = pytest.mark.thorough

PEOPLE = {"olga": "programme-officer", "fay": "focal-point", "lea": "team-lead"}
ADD = ("programme", "activity", "add")


def test_an_activity_is_planned_listed_shown_and_put_into_a_calendar(tmp_path: Path) -> None:
    programme = Programme()
    try:
        _told(founded(Desk(programme, tmp_path / "site"), PEOPLE), tmp_path)
        ours = {name for name in PROGRAMME_COMMANDS if name.startswith("programme activity ")}
        assert ours <= programme.ran
    finally:
        programme.close()


def _told(site: Desk, folder: Path) -> None:
    def ask(who: str, *words: str) -> object:
        ran = site.run(who, *words, "--json")
        assert ran.status == 0, (words, ran.err)
        return read_json(ran.out)

    def refused(who: str, *words: str) -> str:
        ran = site.run(who, *words, "--json")
        assert ran.status != 0
        return str(read_json(ran.out)["error"]["code"])

    given = ("--begins", "2027-03-01", "--country", "XKA", "--place", "Kasa City")
    model = ("--template", "cryptocurrency-tracing-training")
    made = ask("olga", *ADD, "Tracing in Kasa", *given, *model)
    assert isinstance(made, dict)
    assert refused("lea", *ADD, "Mine", *given, *model) == "act-not-yours"
    assert refused("olga", *ADD, "No kind", *given) == "option-not-usable"
    assert refused("olga", *ADD, "T", *given, "--template", "none") == "option-not-usable"
    assert refused("olga", *ADD, "T", "--begins", "1 March", *model) == "option-not-usable"

    listed = ask("fay", "programme", "activity", "list", "--country", "XKA", "--kind", "training")
    assert isinstance(listed, list)
    (row,) = listed
    assert (row["id"], row["code"], row["ends_on"]) == (made["id"], "2027-GLO-001", "2027-03-04")
    assert ask("fay", "programme", "activity", "list", "--until", "2027-02-28") == []
    whole = ask("olga", "programme", "activity", "show", "2027-GLO-001")
    assert isinstance(whole, dict)
    assert len(whole["agenda"]) == 9
    keys = [each["key"] for each in whole["missing"]["confirmed"]]
    assert keys == ["programme.obstacle.funding", "programme.obstacle.diligence"]
    assert refused("olga", "programme", "activity", "show", "none") == "activity-not-found"
    said = site.run("fay", "programme", "activity", "show", made["id"]).out
    assert "Training, 2027-03-01 – 2027-03-04, Kasa. Planned" in said
    assert "Missing" not in said

    out = folder / "activities.ics"
    since = ("--since", "2027-01-01", "--until", "2027-12-31")
    count = ask("fay", "programme", "activity", "calendar", "-o", str(out), *since)
    assert count == {"path": str(out), "count": 1}
    assert b"DTSTART;VALUE=DATE:20270301\r\nDTEND;VALUE=DATE:20270305" in out.read_bytes()
