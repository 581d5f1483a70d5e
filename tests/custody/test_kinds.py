"""The table of kinds in the code is the one on the format's page."""

from __future__ import annotations

import re
from pathlib import Path

from kancil.custody.kinds import KINDS, Place

PAGE = Path(__file__).parents[2] / "docs" / "formats" / "ledger.md"
WORDS = {"–": Place.NONE, "n=1": Place.FIRST, "yes": Place.LATER, "any": Place.ANY}


def test_every_kind_of_the_page_is_known_with_its_places() -> None:
    stated = {}
    section = PAGE.read_text(encoding="utf-8").split("## Kinds")[1].split("## Keys")[0]
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        names = re.findall(r"`([a-z]+\.[a-z-]+)`", cells[0])
        if line.startswith("| `") and names:
            for name in names:
                stated[name] = (WORDS[cells[1]], WORDS[cells[2]])
    assert stated == KINDS
