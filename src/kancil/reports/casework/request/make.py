"""Making a letter: from a draft and what the ledger says of it to the bytes of a file.

Doors ask here, with values alone. The same values give the same bytes; who sends the file records
its SHA-256.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kancil.custody.roll import RequestHistory
from kancil.custody.store import LedgerView
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import MemberNotFound
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.signedfile import site_mark
from kancil.ground.words import languages, speaking
from kancil.ground.workspace import Site, Workspace
from kancil.legal.request import Draft
from kancil.legal.requests import kinds
from kancil.reports.document.page import write_page
from kancil.reports.document.printed import print_document
from kancil.reports.document.textfile import write_text_document

from .content import compose
from .facts import Authorised, LetterFacts, Letterhead, Rests, gather_letter
from .linked import linked_data
from .speech import Speech

FORMAT = "kancil-letter/1"


class LetterFormat(StrEnum):
    """As which file."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    """A page to look at, not to send."""
    JSON = "json"
    """The draft, and what the letter says beside it."""
    CASE = "case"
    """CASE/UCO as JSON-LD."""

    @property
    def media_type(self) -> str:
        """Its media type."""
        return _MEDIA[self]


_MEDIA = {
    LetterFormat.PDF: "application/pdf",
    LetterFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    LetterFormat.HTML: "text/html; charset=utf-8",
    LetterFormat.JSON: "application/json",
    LetterFormat.CASE: "application/ld+json",
}


@dataclass(frozen=True, slots=True)
class MadeLetter:
    """A letter, whole."""

    data: bytes
    format: LetterFormat
    language: str
    """Which it came out in: English where its words have no other language yet."""
    replaced: int = 0
    """Characters that no font has, written by their numbers; 0 but in a PDF."""

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of the file."""
        return sha256_hex(self.data)


def letter_of(
    ledger: LedgerView,
    workspace: Workspace,
    draft: Draft,
    history: RequestHistory | None,
    *,
    at: datetime,
    format: LetterFormat,
    language: str = "",
    second: str | None = None,
) -> tuple[MadeLetter, LetterFacts]:
    """Make the letter of a kept version, and give what the ledger says of it.

    `history`: its request's; the rest as `letter` has it. Raises CaseNotFound besides.
    """
    found = gather_letter(ledger, workspace, draft, history)
    made = letter(
        draft,
        unit=found.unit,
        authorised=found.authorised,
        rests=found.rests,
        at=at,
        format=format,
        language=language,
        second=second,
    )
    return made, found


def letter(
    draft: Draft,
    *,
    unit: Letterhead,
    authorised: Authorised | None,
    rests: Rests,
    at: datetime,
    format: LetterFormat,
    language: str = "",
    second: str | None = None,
) -> MadeLetter:
    """Make a letter.

    `at`: the moment of making (aware); an authorised letter bears the day of its authorisation
    instead, and comes out the same whenever it is made. `language`, `second`: else the draft's own;
    the officer's texts stay in the draft's. Raises MemberNotFound for a kind or language that is
    not known, ReportNotPrinted.
    """
    kind = kinds().named(draft.kind)
    found = LetterFacts(unit, authorised, rests)
    chosen = language or draft.language
    other = draft.second_language if second is None else second
    speech = Speech(chosen, "" if other == chosen else other)
    for tag in filter(None, (chosen, other)):
        if tag not in languages():
            known = ", ".join(languages())
            raise MemberNotFound(what=Phrase("thing.language"), name=tag[:40], known=known)
    day = at if authorised is None else authorised.at
    if format is LetterFormat.JSON:
        return MadeLetter(letter_json(draft, found), format, draft.language)
    if format is LetterFormat.CASE:
        return MadeLetter(linked_data(draft, found, day), format, draft.language)
    with speaking(chosen):
        document = compose(draft, kind, found, speech, day)
        if format is LetterFormat.PDF:
            printed = print_document(document, at=day)
            replaced = printed.replaced.total()
            return MadeLetter(printed.pdf, format, document.language, replaced)
        is_text = format is LetterFormat.DOCX
        data = write_text_document(document, at=day) if is_text else write_page(document)
        return MadeLetter(data, format, document.language)


def letter_json(draft: Draft, found: LetterFacts) -> bytes:
    """The machine form: `draft` is, byte for byte, the stored file; docs/formats/request.md."""
    checkpoint = found.rests.checkpoint
    return canonical.dumps(
        {
            "format": FORMAT,
            "draft": canonical.loads(draft.data),
            "draft_sha256": draft.sha256,
            "checkpoint": None if checkpoint is None else checkpoint.data.decode("utf-8"),
            **site_mark(Site.CLASSROOM if found.unit.is_training else Site.UNIT),
            **plain(found),
        }
    )
