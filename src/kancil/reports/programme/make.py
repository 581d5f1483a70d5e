"""Making a report: from what may leave a round to the bytes of a file.

Doors ask here; the same papers, language and moment give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kancil.assessment.law.matrix import Matrix
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.desk.assessment.queries.releases import RegionalRow
from kancil.desk.assessment.queries.study import Choice, StudyFigures
from kancil.desk.assessment.queries.texts import ComparedCounts
from kancil.evidence.vault import Vault
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import MemberNotFound, ParserLimitReached, ParserStopped
from kancil.ground.phrase import Phrase
from kancil.ground.words import languages, speaking
from kancil.programme.delivered import CountryProgramme
from kancil.programme.donor_report import Said
from kancil.reports.document.blocks import Document, Picture
from kancil.reports.document.page import write_page
from kancil.reports.document.photo import photo_picture, read_photo
from kancil.reports.document.printed import print_document
from kancil.reports.document.textfile import write_text_document
from kancil.reports.errors import PhotoNotUsable

from .brief.content import brief
from .country.content import country_report
from .country.law_paper import law_paper
from .delivered.content import country_page
from .donor.content import donor_report
from .region.content import regional_comparison
from .study.content import Publication, Texts, study_report


class ReportKind(StrEnum):
    """Which document of a round."""

    REPORT = "report"
    BRIEF = "brief"


class ReportFormat(StrEnum):
    """As which file."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return _MEDIA[self]


_MEDIA = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ReportFormat.HTML: "text/html; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A document, whole."""

    data: bytes
    format: ReportFormat
    language: str
    """Which it came out in: English where its words have no other language yet."""
    replaced: int
    """Characters that no font has, written by their numbers; 0 but in a PDF."""

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of the file."""
        return sha256_hex(self.data)


def make_report(
    papers: RoundPapers, kind: ReportKind, format: ReportFormat, language: str
) -> MadeReport:
    """Make a document of a round.

    Raises MemberNotFound for a language that has no words, ReportNotPrinted.
    """

    def content() -> Document:
        spoken = papers.in_spoken_language()
        opening = brief(spoken)
        return opening if kind is ReportKind.BRIEF else country_report(spoken, opening)

    return _made(content, format, language, papers.whole.made_at)


def make_comparison(
    rows: Sequence[RegionalRow],
    protocols: Mapping[str, Protocol],
    format: ReportFormat,
    language: str,
    *,
    kancil: str,
    at: datetime,
    on: date,
) -> MadeReport:
    """Make the regional comparison of what countries released.

    `on`: the day it is made, where it is made. Raises MemberNotFound, ReportNotPrinted.
    """
    return _made(
        lambda: regional_comparison(rows, protocols, kancil=kancil, on=on), format, language, at
    )


def make_study(
    figures: StudyFigures,
    texts: Texts,
    choice: Choice,
    of: Publication,
    format: ReportFormat,
    language: str,
    *,
    kancil: str,
    at: datetime,
    on: date,
) -> MadeReport:
    """Make the report of a study of released answers.

    `on`: the day it is made, where it is made. Raises MemberNotFound, ReportNotPrinted.
    """
    return _made(
        lambda: study_report(figures, texts, choice, of, kancil=kancil, on=on), format, language, at
    )


def make_donor_report(
    said: Said,
    of: Publication,
    store: Vault,
    format: ReportFormat,
    language: str,
    *,
    kancil: str,
    at: datetime,
    on: date,
) -> MadeReport:
    """Make the report of a grant for a period, with those of its pictures that can be read.

    `on`: the day it is made, where it is made. Raises MemberNotFound, ReportNotPrinted.
    """
    pictures = _photos(said, store)

    def content() -> Document:
        return donor_report(
            said, pictures, official=of.official, office=of.office, kancil=kancil, on=on
        )

    return _made(content, format, language, at)


def _photos(said: Said, store: Vault) -> dict[str, Picture]:
    found: dict[str, Picture] = {}
    for each in said.pictures:
        try:
            photo = read_photo(store.path_of(each.sha256))
        except (PhotoNotUsable, ParserStopped, ParserLimitReached):
            continue
        found[each.sha256] = photo_picture(photo, each.title, each.activity)
    return found


def make_country_page(
    of: CountryProgramme,
    format: ReportFormat,
    language: str,
    *,
    kancil: str,
    at: datetime,
    on: date,
) -> MadeReport:
    """Make the page on what was done in a country. Raises MemberNotFound, ReportNotPrinted."""
    return _made(lambda: country_page(of, kancil=kancil, on=on), format, language, at)


def make_law_paper(
    protocol: Protocol,
    matrix: Matrix,
    country: str,
    packaged: frozenset[str],
    compared: ComparedCounts | None = None,
) -> MadeReport:
    """Make the readable paper of a legal matrix, in the spoken language; as `law_paper`."""
    document = law_paper(protocol, matrix, country, packaged, compared)
    return MadeReport(write_page(document), ReportFormat.HTML, document.language, 0)


def _made(
    content: Callable[[], Document], format: ReportFormat, language: str, at: datetime
) -> MadeReport:
    if language not in languages():
        known = ", ".join(languages())
        raise MemberNotFound(what=Phrase("thing.language"), name=language[:40], known=known)
    with speaking(language):
        document = content()
        if format is ReportFormat.HTML:
            return MadeReport(write_page(document), format, document.language, 0)
        if format is ReportFormat.DOCX:
            data = write_text_document(document, at=at)
            return MadeReport(data, format, document.language, 0)
        printed = print_document(document, at=at)
        return MadeReport(printed.pdf, format, document.language, printed.replaced.total())
