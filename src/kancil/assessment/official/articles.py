"""Splits the lines of an official text into its articles, or into its numbered paragraphs.

A heading is the word for an article and a number at the beginning of a line, in the languages of
`WORDS`: `Article 7 – Computer-related forgery`, or `Article 12` with the title on the next lines.
A text also speaks of articles, and begins
with a list of them: of all that look like headings those are taken that rise without a step back
and leave the most text between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kancil.ground.folding import folded

WORDS = (
    "Article", "ARTICLE", "Art.", "Artículo", "ARTÍCULO", "Artigo", "Pasal", "Điều", "Статья",
    "المادة", "مادة", "មាត្រា", "ມາດຕາ", "มาตรา", "ข้อ",
)  # fmt: skip
"""English and French, Spanish, Portuguese, Indonesian, Vietnamese, Russian, Arabic, Khmer, Lao,
Thai. Chinese and those that write the number before the word are not read."""
MOST_ARTICLES = 500
_TITLE = 300
"""Characters of a title at most."""
_TITLE_LINES = 4
_HEADING = re.compile(
    rf"(?:{'|'.join(re.escape(each) for each in WORDS)})\s*"
    r"(?P<number>\d{1,3}|[IVXLC]{1,8}|premier|first)(?!\w)\s*(?P<rest>.*)"
)
_PARAGRAPH = re.compile(r"(?P<number>\d{1,2})[.)]\s+(?P<rest>\S.*)")
_PART = re.compile(r"(?:\(?(?:\d{1,2}|[a-z]{1,2}|[ivx]{1,5})\s?[.)–-]|[•–—-])\s|\d{1,2}\s(?=[A-Z])")
"""How a paragraph or a point of a list begins."""
_CHAPTER = re.compile(
    r"(?:chapter|section|title|part|chapitre|partie|cap[ií]tulo|secci[oó]n|t[ií]tulo)\s+"
    r"(?:\d+|[ivxlc]+)\b.{0,120}",
    re.IGNORECASE,
)
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ENDS = (".", ";", ":", ",", "。", "؛", "،")


@dataclass(frozen=True, slots=True)
class OfficialArticle:
    """One article as it stands in the text."""

    number: str
    """As written: `7`, `VI`; empty: the whole text, which has none."""
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class OfficialArticles:
    """A text that was split."""

    head: str
    """What stands before its first article."""
    articles: tuple[OfficialArticle, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Something that looks like a heading."""

    line: int
    ordinal: int
    number: str
    rest: str
    is_known: bool = False
    """Whether a title follows that is known of the article of this number."""


def ordinal(number: str) -> int | None:
    """The whole number that an article's number begins with: 7 of `7`, `7(1)(a)` and `VII`.

    Digits of every script count. None: it has none.
    """
    found = re.match(r"\d{1,3}", number)
    if found:
        return int(found[0])
    if number in ("premier", "first"):
        return 1
    if not re.fullmatch(r"[IVXLC]{1,8}", number):
        return None
    values = [_ROMAN[letter] for letter in number]
    after = [*values[1:], 0]
    return sum(-own if own < next else own for own, next in zip(values, after, strict=True))


def split(
    lines: Sequence[str], titles: Mapping[int, Sequence[str]], *, is_whole: bool = False
) -> OfficialArticles:
    """Split a text; one without articles by its numbered paragraphs, else it stays whole.

    `titles`: those that are known of its articles, in any language. They tell where a title ends.
    `is_whole`: it is not to be split.
    """
    lines = [each for line, each in enumerate(lines) if each or (line and lines[line - 1])]
    found = [] if is_whole else _rising(_headings(lines, titles), lines)
    is_numbered = len(found) < 2
    if is_numbered and not is_whole:
        found = _rising(_places(_PARAGRAPH, lines), lines)
    if len(found) < 2 and is_numbered:
        return OfficialArticles("\n".join(lines[:40]), (OfficialArticle("", "", _joined(lines)),))
    ends = [each.line for each in found[1:]] + [len(lines)]
    articles = []
    body: Sequence[str]
    for place, end in zip(found[:MOST_ARTICLES], ends, strict=False):
        below = lines[place.line + 1 : end]
        if is_numbered:
            title, body = "", [place.rest, *below]
        else:
            title, body = _title(place, below, titles.get(place.ordinal, ()))
        articles.append(OfficialArticle(place.number, title[:_TITLE], _joined(_trimmed(body))))
    return OfficialArticles("\n".join(lines[: found[0].line]), tuple(articles))


def alike(one: str, other: str) -> bool:
    """Whether two titles are one: more than half of all their words stand in both."""
    first, second = (set(re.findall(r"\w+", folded(each))) for each in (one, other))
    return 2 * len(first & second) > len(first | second)


# --- headings -------------------------------------------------------------------------------------


def _places(form: re.Pattern[str], lines: Sequence[str]) -> list[_Place]:
    found = []
    for place, line in enumerate(lines):
        match = form.match(line)
        number = ordinal(match["number"]) if match else None
        if match and number is not None:
            found.append(_Place(place, number, match["number"], match["rest"].strip()))
    return found


def _headings(lines: Sequence[str], titles: Mapping[int, Sequence[str]]) -> list[_Place]:
    """What looks like a heading, and whether its title is one that is known."""
    found = []
    for each in _places(_HEADING, lines):
        below = lines[each.line + 1 : each.line + 1 + _TITLE_LINES]
        title = _bare(each.rest) or next(filter(None, below), "")
        is_known = any(
            alike(title, one) or folded(one).startswith(folded(title))
            for one in titles.get(each.ordinal, ())
            if title
        )
        if is_known or _is_heading(each.rest, below[0] if below else ""):
            found.append(replace(each, is_known=is_known))
    return found


def _is_heading(rest: str, below: str) -> bool:
    """Whether what follows a number lets it be a heading, and no sentence that speaks of it."""
    if not rest:
        return not below[:1].islower() or _PART.match(below) is not None
    is_title = rest[:1].isupper() and len(rest) <= _TITLE and not rest.endswith(_ENDS)
    return rest[0] in "–—-:." or is_title


def _bare(rest: str) -> str:
    return rest.lstrip("–—-:. ").strip()


def _rising(places: Sequence[_Place], lines: Sequence[str]) -> list[_Place]:
    """Of all places those whose numbers rise and that have the most text under them."""
    places = places[: 8 * MOST_ARTICLES]
    ends = [*(each.line for each in places[1:]), len(lines)][: len(places)]
    weights: list[int] = []
    before: list[int | None] = []
    tops: dict[int, int] = {}
    for index, (place, end) in enumerate(zip(places, ends, strict=True)):
        text = sum(len(each) for each in lines[place.line + 1 : end]) + len(place.rest)
        own = 100 + min(text, 300) + 300 * place.is_known
        under = [each for number, each in tops.items() if number < place.ordinal]
        last = max(under, key=lambda each: weights[each], default=None)
        weights.append(own + (weights[last] if last is not None else 0))
        before.append(last)
        held = tops.get(place.ordinal)
        if held is None or weights[held] < weights[index]:
            tops[place.ordinal] = index
    at = max(range(len(places)), key=lambda each: weights[each], default=None)
    found = []
    while at is not None:
        found.append(places[at])
        at = before[at]
    return found[::-1]


def _title(place: _Place, below: Sequence[str], titles: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The title of an article, and the lines that are its text."""
    rest = _bare(place.rest)
    written = [number for number, line in enumerate(below) if line]
    if rest and (len(rest) > _TITLE or rest.endswith(_ENDS)) and not _is_known(rest, titles):
        return "", [rest, *below]
    first = written[0] if written else 0
    best, taken = rest, 0
    lines = below[first : first + _TITLE_LINES]
    for count in range(0 if rest else 1, len(lines) + 1):
        text = " ".join(filter(None, (rest, *lines[:count])))
        if any(folded(text) == folded(each) for each in titles):
            return text, below[first + count :] if count else below
    if not rest and lines:
        best, taken = _first_lines(lines)
    return best, below[first + taken :] if taken else below


def _is_known(text: str, titles: Sequence[str]) -> bool:
    return any(alike(text, each) for each in titles)


def _first_lines(lines: Sequence[str]) -> tuple[str, int]:
    """Of the lines under a bare heading those that look like its title, and how many they are."""
    taken: list[str] = []
    for line in lines:
        if not line or _PART.match(line) or line.endswith(_ENDS):
            break
        if taken and not line[:1].islower():
            break
        taken.append(line)
    after = lines[len(taken)] if len(taken) < len(lines) else ""
    text = " ".join(taken)
    is_sentence = after[:1].islower() and not _PART.match(after)
    return ("", 0) if is_sentence or not 0 < len(text) <= _TITLE else (text, len(taken))


# --- bodies ---------------------------------------------------------------------------------------


def _trimmed(lines: Sequence[str]) -> Sequence[str]:
    """Leave out the head of the next chapter, which stands at the end of the article before it."""
    end = len(lines)
    for place in range(len(lines) - 1, max(-1, len(lines) - 9), -1):
        if _CHAPTER.fullmatch(lines[place]):
            end = place
    return lines[:end]


def _joined(lines: Sequence[str]) -> str:
    """Join lines that the page broke; a point of a list and an empty line begin anew."""
    paragraphs: list[str] = []
    is_open = False
    for line in lines:
        if not line:
            is_open = False
        elif is_open and not _PART.match(line):
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
            is_open = True
    return "\n".join(paragraphs)
