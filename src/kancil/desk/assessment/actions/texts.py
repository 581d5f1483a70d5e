"""Official texts of instruments: imported with their source, compared with by lawyers.

A text that does not fit its instrument leaves nothing behind. A newer text of the same language
stands after the older one, and so does a newer comparison.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date

from kancil.assessment.foreign import MOST_TEXT_BYTES, read_official
from kancil.assessment.giving import indicator_of
from kancil.assessment.official.articles import OfficialArticles
from kancil.assessment.official.fitting import expected, missing_in
from kancil.desk.assessment.access import may_import_texts
from kancil.desk.assessment.errors import ActNotYours, OfficialTextKnown
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.kept_protocols import protocol_in, protocol_of_instrument
from kancil.desk.assessment.models import ComparedProvision, OfficialArticle, OfficialText
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.rounds import enter, require
from kancil.desk.assessment.stored import taken
from kancil.desk.base.keeping import check, keep, unusable
from kancil.desk.base.opening import day_of, one_change
from kancil.desk.people.models import Person
from kancil.ground import clock
from kancil.ground.digests import sha256_hex
from kancil.ground.files import plain_name

from .changing import changing
from .evidence import File

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Imported:
    """An official text that is kept now."""

    id: str
    instrument: str
    language: str
    sha256: str
    articles: int
    missing: tuple[int, ...]
    """Articles that the protocol asks and that were not found in it."""
    compares_titles: bool = True
    """Whether titles were compared too, or numbers of articles alone."""


def import_text(*, by: Person, instrument: str, language: str, source: str, file: File) -> Imported:
    """Split a file by article and keep it; the file is read in a child.

    Raises OfficialTextNotReadable, OfficialTextTooLarge, OfficialTextOfAnother,
    OfficialTextIncomplete, OfficialTextKnown (the same file), ParserStopped, ParserLimitReached,
    FieldNotUsable, RecordNotFound for an instrument of no protocol, DiskFull, ActNotYours.
    """
    if not may_import_texts(by):
        raise ActNotYours(name=by.name)
    if _LANGUAGE.fullmatch(language) is None:
        raise unusable("language", "unknown", value=language[:20])
    asked = protocol_of_instrument(instrument[:40])
    if asked is None:
        raise no_such("instrument")
    data = file.stream.read(MOST_TEXT_BYTES + 1)
    wanted = expected(asked, instrument, language)
    newest = OfficialText.objects.filter(instrument=instrument, language=language, is_latest=True)
    if newest.filter(sha256=sha256_hex(data)).exists():
        raise OfficialTextKnown(name=wanted.own[0], language=language)
    found = read_official(data, file.name[:200], wanted)
    missing = missing_in(found, wanted)
    row = OfficialText(
        instrument=instrument, language=language, source=source.strip(), sha256=sha256_hex(data),
        file_name=plain_name(file.name), size_bytes=len(data), by=by, at=clock.now(),
    )  # fmt: skip
    with taken(file.store, io.BytesIO(data)), one_change():
        newest.update(is_latest=False)
        keep(row, "source")
        OfficialArticle.objects.bulk_create(_articles(row, found))
        record(
            "text.imported", by=by, about=f"{instrument}, {language}", sha256=row.sha256,
            source=row.source, articles=len(found.articles), missing=missing,
            compares_titles=wanted.compares_titles,
        )  # fmt: skip
    return Imported(
        row.id, instrument, language, row.sha256, len(found.articles), tuple(missing),
        wanted.compares_titles,
    )  # fmt: skip


def _articles(text: OfficialText, found: OfficialArticles) -> list[OfficialArticle]:
    rows = [
        OfficialArticle(
            text=text, number=each.number, title=each.title, body=each.body, position=position
        )
        for position, each in enumerate(found.articles)
    ]
    for row in rows:
        check(row)
    return rows


def mark_compared(
    *,
    by: Person,
    round: str,
    protocol: str,
    indicator: str,
    text: str,
    lawyer: str,
    compared_on: date,
    differs: str = "",
) -> str:
    """Record that a lawyer compared a provision with an official text; gives the record's id.

    Nothing here checks the lawyer. `text`: id of the newest text of its instrument in a language;
    `differs`: what they found different, empty: nothing. Raises RecordNotFound, FieldNotUsable
    (also a day to come), IndicatorNotFound, ProtocolNotInRound, RoundNotFound, ActNotYours.
    """
    require((before := enter(by, round)).may_compare_texts, before)
    if compared_on > day_of(clock.now()):
        raise unusable("compared_on", "future")
    with changing(by, round) as sight:
        require(sight.may_compare_texts, sight)
        each = indicator_of(protocol_in(sight, protocol), indicator)
        known = OfficialText.objects.filter(
            id=text[:36], is_latest=True, instrument=each.article.instrument if each.article else ""
        )
        if not known.exists():
            raise no_such("text")
        row = ComparedProvision(
            protocol=protocol, indicator=each.id, text_id=text[:36], lawyer=lawyer.strip(),
            compared_on=compared_on, differs=differs.strip(), by=by, at=clock.now(),
        )  # fmt: skip
        keep(row, "lawyer")
        record(
            "provision.compared", by=by, sight=sight, about=f"{protocol}, {each.id}",
            lawyer=row.lawyer, compared_on=str(compared_on), text=row.text_id,
        )  # fmt: skip
    return row.id
