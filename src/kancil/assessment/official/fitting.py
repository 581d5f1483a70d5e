"""What a protocol expects of the text of an instrument, and whether articles found are its own.

A protocol names the articles that it asks, and those that it does not ask. A text fits if the
articles have the titles that the protocol knows, or else its own title stands at its head, and
nearly all that are asked were found. A text in a language of which the protocol has no titles is
compared by its numbers alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kancil.assessment.errors import OfficialTextIncomplete, OfficialTextOfAnother
from kancil.assessment.protocol import Article, Instrument, Protocol, Text
from kancil.ground.folding import folded

from .articles import OfficialArticle, OfficialArticles, alike, ordinal

MOST_MISSING = 10
"""Percent of the articles asked that may lack in a text; they are named then."""
_HEAD = 1500
"""Characters in which a text says what it is."""
_OWN_TITLES = 3
"""So many titles at least must be comparable before they decide."""
_BEYOND = 3
"""Articles after the last one that the protocol knows of: another instrument's."""
_OURS = "(our title)"


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of the text of an instrument before it is read."""

    instrument: str
    own: tuple[str, ...]
    """Its titles, and its citation."""
    others: tuple[str, ...]
    """Titles of the other instruments of the protocol."""
    asked: tuple[int, ...]
    """Numbers of the articles that are asked."""
    titles: Mapping[int, Sequence[str]]
    last: int
    """The highest article that the instrument has; 0: not known."""
    is_named: bool
    """Whether the protocol has its title in the language of the text."""

    @property
    def compares_titles(self) -> bool:
        """Whether titles are compared, or numbers of articles alone."""
        return self.is_whole or bool(self.titles)

    @property
    def is_whole(self) -> bool:
        """Whether its provisions bear no numbers, so that its text is not split."""
        return not self.asked


def expected(protocol: Protocol, instrument: str, language: str) -> Expected:
    """What a protocol expects of the text of one of its instruments, in a language."""
    about = protocol.instruments[instrument]
    titles: dict[int, list[str]] = {}
    asked: set[int] = set()
    for each in protocol.indicators.values():
        if each.article is None or each.article.instrument != instrument:
            continue
        number = place_of(each.article)
        if number is None:
            continue
        asked.add(number)
        if each.article.number.isalnum() and _OURS not in str(each.article.title):
            _add_title(titles, number, each.article.title, language)
    rest = [(ordinal(each.number), each.title) for each in about.not_asked]
    for number, title in rest:
        if number is not None and title is not None:
            _add_title(titles, number, title, language)
    return Expected(
        instrument=instrument,
        own=_names(about),
        others=tuple(
            name
            for id, each in protocol.instruments.items()
            if id != instrument
            for name in _names(each)
        ),
        asked=tuple(sorted(asked)),
        titles=titles,
        last=max((number for number, _ in rest if number is not None), default=0),
        is_named=language.partition("-")[0] in about.title.said,
    )


def _add_title(titles: dict[int, list[str]], number: int, title: Text, language: str) -> None:
    """Know a title where the protocol has it in the language of the text; others tell nothing."""
    said = title.said.get(language) or title.said.get(language.partition("-")[0])
    if said:
        titles.setdefault(number, []).append(said)


def place_of(article: Article) -> int | None:
    """The article or the numbered paragraph in which a provision stands: 32 of `32(b)`.

    None: it has no number of its own in the text (`unnumbered (a)`, `INR.15, para. 7(a)`).
    """
    return ordinal(article.number)


def missing_in(found: OfficialArticles, wanted: Expected) -> list[int]:
    """The articles asked that a text lacks, where it may be kept all the same.

    Raises OfficialTextOfAnother, and OfficialTextIncomplete where more lack than may.
    """
    by_number = {number: each for each in found.articles if (number := ordinal(each.number))}
    if not _is_own(found, by_number, wanted):
        raise OfficialTextOfAnother(name=wanted.own[0])
    missing = [each for each in wanted.asked if each not in by_number]
    if 100 * len(missing) > MOST_MISSING * len(wanted.asked):
        raise OfficialTextIncomplete(
            name=wanted.own[0],
            count=len(missing),
            of=len(wanted.asked),
            articles=", ".join(map(str, missing[:60])),
        )
    return missing


def _names(about: Instrument) -> tuple[str, ...]:
    """Title of an instrument in each language, without a subtitle; and its citation."""
    said = (each.partition(";")[0].strip() for each in about.title.said.values())
    return tuple(dict.fromkeys((*said, about.ref)))


def _is_own(
    found: OfficialArticles, by_number: Mapping[int, OfficialArticle], wanted: Expected
) -> bool:
    """Whether a text is the instrument's: by its articles' titles, else by what its head names."""
    if 0 < wanted.last <= max(by_number, default=0) - _BEYOND:
        return False
    both = [
        (by_number[each].title, names) for each, names in wanted.titles.items() if each in by_number
    ]
    told = [any(alike(title, each) for each in names) for title, names in both if title]
    if len(told) >= _OWN_TITLES:
        return 2 * sum(told) >= len(told)
    named = _first_named(found.head, wanted)
    return named in wanted.own or not (named or wanted.is_named)


def _first_named(head: str, wanted: Expected) -> str:
    """The title of an instrument that a text's head names first; empty: none of those known.

    Titles hold others' (a protocol that of its convention): the longest at a place counts.
    """
    said = _plain(head[:_HEAD])
    places = {each: said.find(_plain(each)) for each in (*wanted.own, *wanted.others)}
    there = [(place, -len(each), each) for each, place in places.items() if place >= 0]
    ends = {each: place + len(_plain(each)) for place, _, each in there}
    outer = [
        row for row in there
        if not any(one[0] <= row[0] and ends[row[2]] < ends[one[2]] for one in there)
    ]  # fmt: skip
    return min(outer or [(0, 0, "")])[2]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", folded(text)))
