"""The list of rounds says days as the workspace's clocks have them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kancil.cli.assess import rounds as assess_rounds
from tests.reports.programme.sample_papers import papers
from tests.web.look import start_django


def test_a_round_is_listed_with_the_day_on_which_it_was_closed_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start_django()
    row = papers().row
    assert row.closed_at is not None
    assert row.closed_at.date().isoformat() == "2026-06-30"
    told: list[Any] = []

    class Told:
        person = None
        door = SimpleNamespace(
            workspace=SimpleNamespace(zone=ZoneInfo("Asia/Phnom_Penh")),
            screen=SimpleNamespace(table=lambda heads, rows: told.extend(rows)),
        )

        def __init__(self, context: object) -> None:
            pass

        def show(self, value: object, text: Any) -> None:
            text()

    monkeypatch.setattr(assess_rounds, "Programme", Told)
    monkeypatch.setattr("kancil.desk.assessment.queries.rounds.rounds", lambda *_: [row])
    assess_rounds.list_rounds(None)  # type: ignore[arg-type]  # nothing is asked of it
    assert [each[-1] for each in told] == ["2026-07-01"]
