"""Suggestions of what may be one in a case: those about one account, and by what each is named."""

from __future__ import annotations

from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.plain import plain
from kancil.studies.reported.book import Party, Row
from kancil.studies.reported.joins import Suggestion, Together

from .reported import CaseBook


def suggestions_of(found: CaseBook, party: int) -> list[Suggestion]:
    """Suggestions about an account, and about the rows that pay it or that it pays."""
    book = found.book
    number = book.parties[party].value

    def is_about(end: Party | Row | None) -> bool:
        if isinstance(end, Party):
            return end.value == number
        place = None if end is None else book.places.get(end)
        return place is not None and party in (book.rows.payer[place], book.rows.payee[place])

    return [each for each in found.suggestions if is_about(each.one) or is_about(each.other)]


def mark_of(of: Together) -> str:
    """Name suggestions that one decision may answer, as they were seen."""
    return sha256_hex(canonical.dumps([mark(each) for each in of.members]))


def mark(suggestion: Suggestion) -> str:
    """Name a suggestion as it was seen."""
    told = [suggestion.what, suggestion.reason, plain(suggestion.one), plain(suggestion.other)]
    return sha256_hex(canonical.dumps(told))
