"""A country's statute split into its articles, from text that somebody pasted or a file.

A heading is the word for an article or a section at the beginning of a line, in the languages of
`WORDS`, and its number: `Article 12`, `Section 3A.`, `Art. L. 323-1`, `Artículo 9 bis`, `Điều 6a.`,
`มาตรา ๙/๑`, `المادة الأولى`. Numbers in Khmer, Lao, Thai, Burmese and Arabic digits are read too.
Where no line begins so, lines that begin with a number and a full stop, one after the other
(`9.`, `9A.`, `10.`), are headings: so most laws of Commonwealth countries are written. What stands
before the first heading is its own piece. Nothing is decided here: a person reads every piece
before it is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

WORDS = (
    "Article", "ARTICLE", "Section", "SECTION", "Sec.", "SEC.", "Art.", "ART.", "Artículo",
    "ARTÍCULO", "Artigo", "ARTIGO", "Pasal", "PASAL", "Seksyen", "SEKSYEN", "Perkara", "PERKARA",
    "Điều", "ĐIỀU", "Статья", "СТАТЬЯ", "المادة", "مادة", "មាត្រា", "ມາດຕາ", "มาตรา", "ပုဒ်မ", "§",
)  # fmt: skip
"""English and French, Spanish, Portuguese, Indonesian and Malay, Vietnamese, Russian, Arabic,
Khmer, Lao, Thai, Burmese, German."""
MOST_PIECES = 200
"""What is looked over at once."""
_REPEATED = (
    "bis", "ter", "quater", "quáter", "quinquies", "sexies", "septies", "octies", "novies",
    "decies", "BIS", "TER", "QUATER", "ทวิ", "ตรี", "จัตวา", "ស្ទួន", "ថ្មី", "مكررا", "مكرر",
)  # fmt: skip
"""What stands behind the number of an article that was put in later."""
_FIRST = "premier|Premier|PREMIER|primero|Primero|PRIMERO|único|Único|ÚNICO|unique|Unique"
_ARABIC_ONES = (
    "الأولى|الاولى|الثانية|الثالثة|الرابعة|الخامسة|السادسة|السابعة|الثامنة|التاسعة|العاشرة|الحادية"
)
_ARABIC_TENS = (
    "العشرون|العشرين|الثلاثون|الثلاثين|الأربعون|الأربعين|الخمسون|الخمسين|الستون|الستين|السبعون"
    "|السبعين|الثمانون|الثمانين|التسعون|التسعين"
)
_NUMBER = (
    r"(?:(?:LO|[LRDA])\.?\s?\*?\s?)?"  # a French code: of law, decree or order
    r"\d{1,4}(?:\.?[ºª°]|er\b|ère\b)?"
    r"(?:-\d{1,3}|\s?/\s?\d{1,3}|\.\d{1,2}(?![\d.]))*"
    r"(?:[A-Z]{1,2}(?!\w)|[a-zđ](?!\w)|-[A-Z](?!\w))?"
)
_HEADING = re.compile(
    rf"\s*(?P<heading>(?:{'|'.join(re.escape(each) for each in WORDS)})\s*"
    rf"(?:\({_NUMBER}\)|{_NUMBER}|[IVXLC]{{1,8}}(?!\w)|(?:{_FIRST})(?!\w)"
    rf"|(?:{_ARABIC_ONES})(?:\s+عشرة?)?(?:\s+و(?:{_ARABIC_TENS}))?(?!\w)|(?:{_ARABIC_TENS})(?!\w))"
    rf"(?:\s?(?:{'|'.join(_REPEATED)})(?!\w)(?:\s?[A-Z](?!\w))?)?)"
    r"(?P<rest>[\s.:–—-].*|)$"
)
_NUMBERED = re.compile(
    r"\s*(?P<heading>(?P<number>\d{1,3})(?P<letters>[A-Z]{0,2}))\.(?P<rest>\s.*|)$"
)
_FEWEST_NUMBERED = 3
_FURTHEST = 5
"""How many numbers further the next article may bear: repealed ones may be left out."""
_IN_TEXT = re.compile(r"\s*[,;)]|\s+(?:of|and|to|or|du|de|del|y|dan|và|shall|applies)\b")
"""How a line goes on that speaks of an article, and does not begin one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of a statute, word for word."""

    article: str
    """Its heading, such as `Article 12`; empty: what stands before the first one."""
    text: str
    """With its title, if it has one, and without its heading."""


@dataclass(frozen=True, slots=True)
class Statute:
    """The file of a statute, split."""

    pieces: tuple[Piece, ...]
    guessed: str = ""
    """The encoding of a text that is not Unicode, which is a guess."""

    @property
    def unread(self) -> int:
        """How many letters stand in it that no script has: fonts of a PDF that name no letters."""
        return sum(
            unicodedata.category(each) in ("Cn", "Co") or each == "\ufffd"
            for piece in self.pieces
            for each in piece.article + piece.text
        )


def split_statute(text: str) -> list[Piece]:
    """Split a statute into its articles, in their order, however many they are.

    A text without a heading is one piece. A list of articles before the text itself gives pieces
    with no text of their own, which are left out.
    """
    found = _pieces(text, _begins)
    if any(each.article for each in found):
        return found
    numbered = _pieces(text, _NextNumber().begins)
    return numbered if sum(bool(each.article) for each in numbered) >= _FEWEST_NUMBERED else found


def _pieces(text: str, begins: Callable[[str], tuple[str, str] | None]) -> list[Piece]:
    """Cut before each line of which `begins` gives the heading and what stands behind it."""
    pieces: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines():
        found = begins(line)
        if found is None:
            pieces[-1][1].append(line.rstrip())
        else:
            heading, rest = found
            pieces.append((" ".join(heading.split()), [rest.lstrip(" .:–—-")]))
    made = [Piece(article, "\n".join(lines).strip()) for article, lines in pieces]
    return [each for each in made if each.text]


def _begins(line: str) -> tuple[str, str] | None:
    found = _HEADING.match(line)
    if found is None or _IN_TEXT.match(found["rest"]):
        return None
    return found["heading"], found["rest"]


@dataclass(slots=True)
class _NextNumber:
    """The number of the article before, by which a list inside an article begins none."""

    last: int = 0

    def begins(self, line: str) -> tuple[str, str] | None:
        found = _NUMBERED.match(line)
        if found is None:
            return None
        number, ahead = int(found["number"]), 0 if found["letters"] else 1
        if self.last and not self.last + ahead <= number <= self.last + _FURTHEST:
            return None
        self.last = number
        return found["heading"], found["rest"]
