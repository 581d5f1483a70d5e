"""Which characters the report's fonts can print, read from the fonts themselves.

A character in no font would stop a PDF/A or print as an empty box. It is written as `U+XXXX`
instead and counted, so that the report can say so. Data come from `reports/fonts/*.ttf`.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kancil.ground.phrase import Phrase
from kancil.reports.errors import ReportNotPrinted

FONTS = Path(__file__).parent.parent / "fonts"
FAMILIES = (
    "Noto Sans Khmer", "Noto Sans Thai", "Noto Sans Lao", "Noto Sans Myanmar", "Noto Sans",
    "Noto Sans Arabic", "Noto Sans Mono",
)  # fmt: skip
"""In the order of the template: script fonts first, or bold Khmer and Burmese turn into boxes.

The last one has the minus sign, arrows and signs of comparison, which Noto Sans has not.
"""

_SVG_WORDS = re.compile("(<(?:text|tspan)\\b[^>]*>)([^<]*[\u0600-\u06ff][^<]*)")
_VOWELS = re.compile("[\u064b-\u0652\u0670]")
_STEERING = frozenset(range(0x2066, 0x206A))
"""What a drawing of ours isolates words with; in the words of others it is shown by its number."""
_LINE_END = 0x0A
_SEGMENTED, _GROUPED = 4, 12
"""The two forms of a character map that these fonts have (OpenType 1.9, `cmap`)."""


@dataclass(slots=True)
class Printable:
    """Makes text printable, and remembers what it had to replace."""

    replaced: Counter[str] = field(default_factory=Counter)
    """Characters that no font has, by how often they stood in the text."""

    def text(self, text: str) -> str:
        """The text with every character that no font has written as `U+XXXX`."""
        known = covered()
        if text.startswith("<svg"):
            text = _SVG_WORDS.sub(_in_arabic, text)
        if all(ord(character) in known for character in text):
            return text
        return "".join(self._character(character, known) for character in text)

    def tree(self, value: Any) -> Any:
        """A JSON-ready value, all its texts printable; keys are ours and stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.tree(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.tree(item) for item in value]
        return value

    def _character(self, character: str, known: frozenset[int]) -> str:
        if ord(character) in known:
            return character
        self.replaced[character] += 1
        return f"U+{ord(character):04X}"


def _in_arabic(words: re.Match[str]) -> str:
    """Name the one font in which all of a line is: for joined letters no other stands in.

    Signs of short vowels, which readers do without, would leave glyphs that no text is known of.
    """
    begin, text = words[1], _VOWELS.sub("", words[2])
    return f'{begin}<tspan font-family="Noto Sans Arabic">{text}</tspan>'


@cache
def covered() -> frozenset[int]:
    """The code points that a regular and its bold font both have, and the line end."""
    together: set[int] = {_LINE_END}
    for family in FAMILIES:
        name = family.replace(" ", "")
        regular, bold = (
            read_characters((FONTS / f"{name}-{weight}.ttf").read_bytes(), name)
            for weight in ("Regular", "Bold")
        )
        together |= regular & bold
    return frozenset(together - _STEERING)


def read_characters(font: bytes, name: str) -> set[int]:
    """Read the code points of a TrueType font's character map; raises ReportNotPrinted."""
    try:
        start = _table(font, b"cmap")
        count = struct.unpack_from(">H", font, start + 2)[0]
        found: set[int] = set()
        for number in range(count):
            offset = start + struct.unpack_from(">I", font, start + 8 + 8 * number)[0]
            form = struct.unpack_from(">H", font, offset)[0]
            if form == _SEGMENTED:
                found |= _segments(font, offset)
            elif form == _GROUPED:
                found |= _groups(font, offset)
    except (struct.error, KeyError) as error:
        raise ReportNotPrinted(why=Phrase("why.font", {"font": name})) from error
    return found


def _table(font: bytes, wanted: bytes) -> int:
    """Find a table by its name in the font's directory."""
    count = struct.unpack_from(">H", font, 4)[0]
    for number in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if name == wanted:
            return int(offset)
    raise KeyError(wanted)


def _segments(font: bytes, offset: int) -> set[int]:
    """Read a map of format 4: runs of code points below U+10000."""
    count = struct.unpack_from(">H", font, offset + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, offset + 14)
    starts = struct.unpack_from(f">{count}H", font, offset + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", font, offset + 16 + 4 * count)
    base = offset + 16 + 6 * count
    ranges = struct.unpack_from(f">{count}H", font, base)
    found = set()
    for number in range(count):
        for point in range(starts[number], min(ends[number], 0xFFFE) + 1):
            glyph = point
            if ranges[number]:
                place = base + 2 * number + ranges[number] + 2 * (point - starts[number])
                glyph = struct.unpack_from(">H", font, place)[0]
                if not glyph:
                    continue
            if (glyph + deltas[number]) & 0xFFFF:
                found.add(point)
    return found


def _groups(font: bytes, offset: int) -> set[int]:
    """Read a map of format 12: groups of code points of any plane."""
    count = struct.unpack_from(">I", font, offset + 12)[0]
    found: set[int] = set()
    for number in range(count):
        first, last, glyph = struct.unpack_from(">III", font, offset + 16 + 12 * number)
        found.update(range(first + (not glyph), last + 1))
    return found
