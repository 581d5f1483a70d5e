"""The worked protocol of the guide, and files made of it by changing one thing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from tools.tree import ROOT

GUIDE = ROOT / "docs" / "howto" / "write-a-protocol.md"
NAME = "first-look-2026.1.yaml"
OLDER = """
maps_from:
  - version: "2025.1"
    indicators: {L01: L1, L02: [L2, L4], L99: null}
    note: L02 was split
"""
INSTRUMENT = """
instruments:
  - id: treaty
    short: The treaty
    title: An invented treaty
    ref: Series 1
    year: 2001
    body: An invented assembly
    binding: true
    confidence: low
    confidence_note: It is invented
    source: Nowhere
    adopted_on: 2001-11-23
"""


@cache
def guide_text() -> str:
    """The protocol that stands in the guide."""
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", GUIDE.read_text("utf-8"), re.M | re.S)
    return str(text)


@cache
def full_text() -> str:
    """The guide's protocol with an instrument and an older version."""
    return guide_text() + INSTRUMENT + OLDER


def changed(old: str, new: str, text: str | None = None) -> tuple[str, int]:
    """Put `new` in the place of the first `old`; give the text, and the line of the change."""
    text = full_text() if text is None else text
    assert old in text, old
    before, _, after = text.partition(old)
    return before + new + after, before.count("\n") + 1


def kept(folder: Path, text: str | bytes, name: str = NAME) -> Path:
    """Write a protocol where it is read from."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path
