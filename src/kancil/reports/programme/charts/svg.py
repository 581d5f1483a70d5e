"""A small builder of SVG: elements with escaped words, and lines that wrap in every script.

No font is measured: widths are estimates on the safe side, so that a word is never cut. Khmer,
Burmese, Lao and Thai are written without spaces; a line of theirs may end between two clusters,
never within one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from kancil.ground.words import direction, visible

from .style import STYLE

Number = int | float | Fraction
SIZE = 13
"""Of letters, in user units."""
SMALL = 12
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORD = re.compile("[^ \\t\\n]+")
"""Narrow and no-break spaces stay within a word."""
_WIDE = 1.02
_NARROW = 0.62
_THIN = frozenset("iIjl.,:;'|!()[] ")
_BROAD = frozenset("mwMW%@")
_TALL = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF))
"""Thai and Lao, Burmese, Khmer: marks above and below need a higher line."""
_JOINS_NEXT = frozenset("\u17d2\u1039\u200d" + "เแโใไ" + "ເແໂໃໄ")
_BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class About:
    """What stands with a picture for whoever does not see it, and where it goes."""

    key: str
    """Beginning of the ids in it; another one for each picture of a page."""
    title: str
    desc: str
    width: int = 720
    standalone: bool = False
    """Whether the style stands inside; on a page it must not, and the style sheet gives it."""


@dataclass
class Drawing:
    """A picture that is being made; from right to left where the spoken language is written so.

    Whoever draws counts from the left all the same.
    """

    about: About
    is_turned: bool = field(default_factory=lambda: direction() == "rtl")
    _parts: list[str] = field(default_factory=list)
    _patterns: dict[str, str] = field(default_factory=dict)
    _has_links: bool = False

    def add(self, tag: str, words: str | None = None, /, **given: str | Number) -> None:
        """Add an element; `class_` is its class, and `_` in a name stands for `-`."""
        if not self.is_turned:
            self._parts.append(element(tag, words, **given))
        elif words is None:
            turn = f"translate({self.about.width} 0) scale(-1 1)"
            self._parts.append(element(tag, None, **given, transform=turn))
        else:
            self._parts.append(self._turned_words(tag, words, given))

    def _turned_words(self, tag: str, words: str, given: dict[str, str | Number]) -> str:
        """Words at the mirrored place, isolated, since no printer of SVG knows `direction`."""
        x, y = self.about.width - float(given["x"]), float(given["y"])
        given = {**given, "x": x}
        if "transform" in given:
            given["transform"] = f"rotate(-90 {x:g} {y:g})"
        elif given.get("text_anchor") != "middle":
            given["text_anchor"] = "start" if given.get("text_anchor") == "end" else "end"
        return f"<{tag}{_attributes(given)}>&#x2067;{escaped(words.strip())}&#x2069;</{tag}>"

    def open(self, tag: str, /, **given: str | Number) -> None:
        """Begin an element that holds others."""
        self._parts.append(f"<{tag}{_attributes(given)}>")

    def close(self, tag: str) -> None:
        """End it."""
        self._parts.append(f"</{tag}>")

    def text(
        self, x: Number, y: Number, words: str, *, anchor: str = "start", class_: str = ""
    ) -> None:
        """Write one line; `y` is its baseline."""
        more = {"text_anchor": anchor} if anchor != "start" else {}
        self.add("text", words, x=x, y=y, class_=f"c-text {class_}".strip(), **more)

    def lines(
        self, x: Number, y: Number, lines: Iterable[str], *, anchor: str = "start", class_: str = ""
    ) -> float:
        """Write lines below each other, the first with its top at `y`; give where they end.

        A blank ends each but the last: read one after the other they are words, not one word.
        """
        top, all_lines = float(y), list(lines)
        for place, line in enumerate(all_lines, start=1):
            high = line_height(line)
            end = "" if place == len(all_lines) else " "
            self.text(x, top + high * 0.74, line + end, anchor=anchor, class_=class_)
            top += high
        return top

    def label(
        self,
        x: Number,
        y: Number,
        lines: Iterable[str],
        *,
        of: str,
        url: str,
        anchor: str = "start",
    ) -> float:
        """Write the lines of a label as `lines` does, as a link where there is an address.

        `of`: the label in one piece.
        """
        linked = self.link(url, of)
        end = self.lines(x, y, lines, anchor=anchor, class_="c-label" if linked else "")
        if linked:
            self.close("a")
        return end

    def link(self, url: str, label: str) -> bool:
        """Begin a link around what follows, where there is an address; say whether it began."""
        if url:
            self._has_links = True
            self.open("a", href=url, aria_label=label)
        return bool(url)

    def pattern(self, name: str) -> str:
        """The fill of one of `PATTERNS`, which is then defined in the picture."""
        made = f"{self.about.key}-{name}"
        size, inside = PATTERNS[name]
        self._patterns[name] = (
            f'<pattern id="{escaped(made)}" width="{size}" height="{size}"'
            f' patternUnits="userSpaceOnUse">{inside}</pattern>'
        )
        return f"url(#{made})"

    def finish(self, height: Number) -> str:
        """The picture as text."""
        about, key = self.about, escaped(self.about.key)
        width, high = about.width, number(height)
        style = f"<style>{STYLE}</style>" if about.standalone else ""
        patterns = "".join(each for _, each in sorted(self._patterns.items()))
        defs = f"<defs>{patterns}</defs>" if patterns else ""
        role = "group" if self._has_links else "img"  # what stands in an image cannot be gone to
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="{width}" height="{high}"'
            f' viewBox="0 0 {width} {high}" role="{role}" aria-labelledby="{key}-t {key}-d">'
            f'<title id="{key}-t">{escaped(about.title)}</title>'
            f'<desc id="{key}-d">{escaped(about.desc)}</desc>'
            f"{style}{defs}{''.join(self._parts)}</svg>"
        )


_SOFT = '<rect class="c-fill-soft" width="6" height="6"/>'
PATTERNS = {
    "stripe": (6, _SOFT + '<path class="c-line-fill" d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5"/>'),
    "hatch": (8, '<path class="c-line-none" d="M-1 9L9 -1M-1 1L1 -1M7 9L9 7"/>'),
    "dots": (6, _SOFT + '<circle class="c-dot" cx="3" cy="3" r="1.3"/>'),
    "cross": (7, '<path class="c-line-doubt" d="M0 0L7 7M7 0L0 7"/>'),
}
"""Patterns by name: side of the tile, and what is in it."""


def element(tag: str, words: str | None = None, /, **given: str | Number) -> str:
    """One element as text."""
    if words is None:
        return f"<{tag}{_attributes(given)}/>"
    return f"<{tag}{_attributes(given)}>{escaped(words)}</{tag}>"


def _attributes(given: dict[str, str | Number]) -> str:
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_value(value)}"' for name, value in given.items()
    )


def _value(value: str | Number) -> str:
    return escaped(value) if isinstance(value, str) else number(value)


def number(value: Number) -> str:
    """Write a coordinate with at most two decimals."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def escaped(text: str) -> str:
    """Make other people's words safe inside SVG; what XML cannot hold becomes a mark."""
    plain = _FORBIDDEN.sub("\ufffd", visible(text))
    for sign, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "#39")):
        plain = plain.replace(sign, f"&{name};")
    return plain


def line_height(text: str) -> int:
    """The height that a line needs; higher where its script has marks above and below."""
    is_tall = any(low <= ord(each) <= high for each in text for low, high in _TALL)
    return 23 if is_tall else 17


def height_of(lines: Iterable[str]) -> int:
    """The height of lines below each other."""
    return sum(line_height(line) for line in lines)


def width_of(text: str, size: int = SIZE) -> float:
    """About how wide a line is, rather too wide than too narrow."""
    return sum(_wide(each) for each in text) * size


def longest_word(texts: Iterable[str], size: int = SIZE) -> float:
    """About how wide the widest word is that is not to be broken."""
    words = (word for text in texts for word in text.split() if _has_spaces(word))
    return max((width_of(word, size) for word in words), default=0.0)


@lru_cache(maxsize=4096)
def _wide(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return _WIDE
    if character in _THIN:
        return 0.34
    if character in _BROAD or 0x1000 <= ord(character) <= 0x109F or ord(character) >= 0x1780:
        return 0.9
    return 0.68 if character.isupper() or ord(character) > 0x2FF else _NARROW


def wrapped(text: str, width: Number, size: int = SIZE) -> list[str]:
    """Break words into lines of a width; at least one line, and nothing is left out."""
    room = max(float(width), size * 1.2)
    lines: list[str] = []
    for word in _WORD.findall(visible(text)):
        joined = f"{lines[-1]} {word}" if lines else word
        if width_of(joined, size) <= room:
            lines[-1:] = [joined]
            continue
        pieces = _pieces(word, room, size)
        if lines and not _has_spaces(word) and len(pieces) > 1:
            # No spaces in this script: fill the line that was begun.
            rest = _pieces(word, room, size, begun=lines[-1] + " ")
            lines[-1:] = rest
        else:
            lines += pieces
    return lines or [""]


def _has_spaces(word: str) -> bool:
    return all(ord(each) < 0x0E00 for each in word)


def _pieces(word: str, room: float, size: int, begun: str = "") -> list[str]:
    pieces, line = [], begun
    for cluster in clusters(word):
        if line and width_of(line + cluster, size) > room:
            if kept := line.rstrip():
                pieces.append(kept)
            line = ""
        line += cluster
    return [*pieces, line]


def clusters(word: str) -> list[str]:
    """Cut a word where a line may end in need: never before a mark, nor after what joins on."""
    found: list[str] = []
    for character in word:
        is_mark = unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
        if found and (is_mark or found[-1][-1] in _JOINS_NEXT) and character != _BREAK:
            found[-1] += character
        else:
            found.append(character)
    return found
