"""A style sheet says start and end, never left and right: a page may be written either way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.tree import ROOT

PACKAGE = ROOT / "src" / "kancil"
SHEETS = sorted(
    [*(PACKAGE / "web" / "static" / "css").glob("*.css"), PACKAGE / "reports/document/page.css"]
)
TURNED = re.compile(r"\[dir=rtl\][^{}]*\{[^{}]*\}")
"""A rule for one direction may name a side."""
SIDED = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-)?(?:left|right)(?:-(?:width|style|color))?\s*:"
    r"|(?<![\w-])border-(?:top|bottom)-(?:left|right)-radius\s*:"
    r"|(?<![\w-])(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_style_sheet_names_no_side(sheet: Path) -> None:
    assert SIDED.findall(TURNED.sub("", sheet.read_text(encoding="utf-8"))) == []


def test_the_search_for_sides_finds_them() -> None:
    found = "a{left:0;padding-left:1px;float:right}b{text-align:left;border-top-left-radius:2px}"
    assert len(SIDED.findall(found)) == 5
    assert SIDED.findall(".to-left{inset-inline-start:0;object-position:left}") == []
