"""No command tells an assessor what a colleague gave before the assessor's own answer stands.

Every command that reads a round is run before and after the colleague changes what they
gave; how much is answered may move alone. The rule, and all that the books answer by it, are in
tests/desk/assessment/test_hidden.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.flows.programme_site import Desk, Programme, founded
from tests.flows.test_assessment_by_command import FIRST, PERIOD, SECOND, team

pytestmark = pytest.mark.thorough

CAPABILITY, LAW = "capability-2026.2", "legal-2026.4"
CHANGED = {"LF10": ("0", "4"), "GV01": ("3", "1"), "budapest.3": ("1", "2")}
"""What the colleague gives first, and what they make of it."""
HELD = ("why.plan-intrusive-held", "why.plan-intrusive-until")
READING = (
    ("round", "list"), ("round", "show", FIRST), ("progress", FIRST), ("answers", FIRST),
    ("conflicts", FIRST), ("evidence", "list", FIRST), ("interview", "list", FIRST),
    ("score", FIRST, "--what-if"), ("compare", FIRST, SECOND), ("compare", SECOND, FIRST),
    ("matrix", FIRST), ("road", "list", FIRST), ("plan", FIRST),
)  # fmt: skip
EVERYBODYS = frozenset(("coverage", "confirmed"))
"""Of a figure: how much is answered, and how much of that is confirmed."""


def _is_held(value: Any) -> bool:
    return isinstance(value, dict) and value.get("key") in HELD


def told(value: Any) -> Any:
    """What an answer tells, but for what is everybody's.

    That there are some for whose sake intrusive help is held back is everybody's too.
    """
    if isinstance(value, dict):
        left = EVERYBODYS if "percent" in value else ()
        return {key: told(each) for key, each in value.items() if key not in left}
    if isinstance(value, list):
        return [told(each) for each in value if each != "answer-first" and not _is_held(each)]
    return value


def test_no_command_tells_an_assessor_what_they_still_have_to_answer_by_themselves(
    tmp_path: Path,
) -> None:
    programme = Programme()
    try:
        people = {"olga": "programme-officer", "lea": "team-lead", "rex": "reviewer",
                  "ann": "assessor", "bo": "assessor"}  # fmt: skip
        site = founded(Desk(programme, tmp_path / "site"), people)
        for name in (CAPABILITY, LAW):
            site.ask("olga", "protocol", "keep", name)
        for title in (FIRST, SECOND):
            used = ("--protocol", CAPABILITY, "--protocol", LAW)
            site.ask("olga", "round", "new", "XKA", title, *used, *PERIOD)
            team(site, title)
            for number in range(3, 10):
                for who in ("ann", "bo"):
                    site.ask(who, "answer", title, f"LF{number:02}", "4")
        site.ask(
            "olga", "plan-item", "add", FIRST, "Tools", "--indicator", "LF03",
            "--assistance", "equipment_software", "--owner", "Unit", "--success", "They are used",
        )  # fmt: skip
        seen = []
        for place in (0, 1):
            for name, values in CHANGED.items():
                site.ask("ann", "answer", FIRST, name, values[place])
            seen.append({words: told(site.ask("bo", *words)) for words in READING})
            text = site.say("bo", "score", FIRST, "--lines", "--what-if")
            if place == 0:
                assert "others that wait for your own answer" in text
                assert "wait for your own answer are too low" in site.say("bo", "plan", FIRST)
                assert "LF10" in site.say("ann", "plan", FIRST)
        assert site.refused("bo", "export", FIRST, "-o", tmp_path / "round.json") == "answer-first"
        assert site.refused("bo", "report", FIRST, "-o", tmp_path / "round.pdf") == "answer-first"
        for words in READING:
            assert seen[0][words] == seen[1][words], words
    finally:
        programme.close()
