"""Every code of this room has its words, with the parameters it is given."""

from __future__ import annotations

import re
from pathlib import Path

import kancil.custody

ROOM = Path(kancil.custody.__file__).parent
WORDS = (ROOM.parent / "ground" / "locale" / "en" / "custody.po").read_text(encoding="utf-8")
MSGIDS = set(re.findall(r'^msgid "(.+)"$', WORDS, flags=re.MULTILINE))


def test_every_problem_and_note_has_its_words() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    problems = set(re.findall(r'add\(\s*"([a-z-]+)"', sources))
    problems |= set(re.findall(r'\["([a-z-]+)"\]', sources)) - {"at", "body", "n"}
    problems |= set(re.findall(r'else \["([a-z-]+)"\]', sources))
    problems = {code for code in problems if "-" in code} | {"case-link-wrong"}
    notes = set(re.findall(r'Note\(\s*"([a-z-]+)"', sources))
    assert len(problems) > 30
    assert {f"problem.{code}" for code in problems} <= MSGIDS
    assert {f"note.{code}" for code in notes} <= MSGIDS
