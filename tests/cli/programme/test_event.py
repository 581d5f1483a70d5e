"""Attendance and evaluations by command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import read_json
from tests.flows.programme_site import Desk, Programme
from tests.web.programme.conftest import sample_programme
from tests.web.programme.served import copied, opened

pytestmark = pytest.mark.thorough

__all__ = ["sample_programme"]  # the fixture


def test_marks_come_in_by_command_and_are_listed(sample_programme: Path, tmp_path: Path) -> None:
    root = copied(sample_programme, tmp_path)
    with opened(root) as site:
        from kancil.desk.programme.taking_part.marking import prepare_device
        from tests.desk.programme.event_stage import NOON, a_mark, training, upload

        olga = site.people["olga"]
        room = training(olga)
        device = prepare_device(by=olga, activity=room.id, name="x", at=NOON, pin="2345-6789").id
        marks = tmp_path / "marks.json"
        marks.write_bytes(upload(device, [a_mark(room.badge(0)), a_mark(room.badge(0), day="x")]))
    programme = Programme()
    desk = Desk(programme, root)

    def ask(who: str, *words: str | Path, status: int = 0) -> Any:
        ran = desk.run(who, "programme", *words, "--json")
        assert ran.status == status, (words, ran.err)
        return read_json(ran.out)

    try:
        code = "2026-XKA-001"
        taken = ask("olga", "attendance", "import", code, marks)
        assert (taken["taken"], taken["refused"][0]["why"]) == (1, "not-readable")
        listed = ask("fay", "attendance", "list", code)
        assert (listed["attended"], listed["registered"], listed["people"]) == (1, 6, [])
        assert len(ask("olga", "attendance", "list", room.id)["people"]) == 6
        assert "Dara Sok" in desk.run("olga", "programme", "attendance", "list", code).out
        for flag in ((), ("--badges",)):
            out = tmp_path / f"sheet{len(flag)}.pdf"
            ask("olga", "attendance", "sheet", code, "-o", out, *flag)
            assert out.read_bytes().startswith(b"%PDF")
        sheets = tmp_path / "sheets.json"
        given = [{"answers": {"useful": n}} for n in (3, 4, 4, 5, 5)]
        sheets.write_text(json.dumps({"format": "kancil-evaluation", "sheets": given}))
        assert ask("olga", "evaluation", "enter", code, "at-once", sheets)["count"] == 5
        first = ask("fay", "evaluation", "list", code)[0]["summary"]
        told = first["questions"][0]
        assert (first["sheets"], told["mean_tenths"], told["mean"]) == (5, 42, "4.2")
        assert told["basis"] == "sheets-handed-in"
        assert told["error"]["basis"] == "non-response-not-known"
        assert "4.2" in desk.run("fay", "programme", "evaluation", "list", code).out
        error = ask("far", "attendance", "list", code, status=14)
        assert error["error"]["code"] == "activity-not-found"
    finally:
        programme.close()
