"""Official texts of instruments that this site keeps, and which provisions lawyers compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from django.db.models import Count

from kancil.assessment.official.articles import OfficialArticle as Article
from kancil.assessment.official.articles import ordinal
from kancil.assessment.official.fitting import expected, place_of
from kancil.assessment.protocol import Indicator, Protocol
from kancil.desk.assessment.kept_protocols import protocol_of_instrument
from kancil.desk.assessment.models import ComparedProvision, OfficialArticle, OfficialText
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.stored import open_stored
from kancil.evidence.vault import Vault
from kancil.ground.filled import filled


@dataclass(frozen=True, slots=True)
class TextRow:
    """The text of an instrument as its publisher has it."""

    id: str
    instrument: str
    language: str
    source: str
    sha256: str
    file_name: str
    size_bytes: int
    at: datetime
    is_latest: bool
    articles: int


@dataclass(frozen=True, slots=True)
class ArticleBeside:
    """An official text beside a provision."""

    text: TextRow
    article: Article | None
    """None: the text has none of this number."""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """That a lawyer compared a provision with an official text."""

    indicator: str
    lawyer: str
    compared_on: date
    differs: str
    """Empty: nothing."""
    language: str
    is_current: bool
    """Whether that text is still the newest of its language."""


@dataclass(frozen=True, slots=True)
class ComparedCounts:
    """How many provisions of a protocol lawyers compared with official texts."""

    compared: int
    """With the newest text."""
    older: int
    """With an older text alone."""
    of: int
    """Provisions of the protocol."""


def official_texts(*, with_older: bool = False) -> list[TextRow]:
    """List the texts kept here by instrument and language, the newest first."""
    found = OfficialText.objects.annotate(count=Count("articles"))
    if not with_older:
        found = found.filter(is_latest=True)
    return [_text(row) for row in found.order_by("instrument", "language", "-at", "-id")]


def official_text(id: str) -> tuple[TextRow, list[Article], tuple[int, ...]]:
    """A text, its articles, and the numbers of those asked that it lacks; raises RecordNotFound."""
    row = OfficialText.objects.annotate(count=Count("articles")).filter(id=id[:36]).first()
    if row is None:
        raise no_such("text")
    articles = [filled(Article, each) for each in row.articles.all()]
    asked = protocol_of_instrument(row.instrument)
    there = {ordinal(each.number) for each in articles}
    wanted = expected(asked, row.instrument, row.language).asked if asked else ()
    return _text(row), articles, tuple(each for each in wanted if each not in there)


def open_text(store: Vault, id: str) -> tuple[TextRow, BinaryIO]:
    """Open the file of a text, checked; raises RecordNotFound and as `open_stored` does."""
    row = official_text(id)[0]
    return row, open_stored(store, row.sha256)


def articles_beside(asked: Indicator) -> list[ArticleBeside]:
    """What the newest official texts, one a language, have for a provision."""
    if asked.article is None:
        return []
    texts = [each for each in official_texts() if each.instrument == asked.article.instrument]
    number = place_of(asked.article)
    rows = OfficialArticle.objects.filter(text__in=[each.id for each in texts])
    found = {
        row.text_id: filled(Article, row)
        for row in rows
        if not row.number or (number is not None and ordinal(row.number) == number)
    }
    return [ArticleBeside(each, found.get(each.id)) for each in texts]


def compared_rows(protocol: str, indicator: str = "") -> dict[str, list[ComparedRow]]:
    """Who compared the provisions of a protocol, by provision, the newest first."""
    found: dict[str, list[ComparedRow]] = {}
    rows = ComparedProvision.objects.filter(protocol=protocol).select_related("text")
    if indicator:
        rows = rows.filter(indicator=indicator)
    for row in rows.order_by("-at", "-id"):
        made = filled(ComparedRow, row, language=row.text.language, is_current=row.text.is_latest)
        found.setdefault(row.indicator, []).append(made)
    return found


def compared_counts(protocol: Protocol, only: Iterable[str] | None = None) -> ComparedCounts:
    """Count the provisions of a protocol that lawyers compared; `only`: of these provisions."""
    wanted = set(protocol.indicators if only is None else only)
    rows = {name: each for name, each in compared_rows(protocol.name).items() if name in wanted}
    current = sum(any(one.is_current for one in each) for each in rows.values())
    return ComparedCounts(current, len(rows) - current, len(wanted))


def _text(row: OfficialText) -> TextRow:
    return filled(TextRow, row, articles=row.count)  # type: ignore[attr-defined]  # annotated
