"""What may be one with a reported account, offered at its box: ticked, and joined there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from kancil.desk.cases.queries import Case
from kancil.desk.studies.reported import case_book
from kancil.desk.studies.suggested import mark, suggestions_of
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.studies.reported.book import Party
from kancil.studies.reported.joins import PARTY, SAME, Suggestion
from kancil.web.unit_desk import UnitDesk

MOST = 12
"""Suggestions at a box; the next stand there once these are decided."""


@dataclass(frozen=True, slots=True)
class Joins:
    """Suggestions about one account, as a form."""

    action: str
    groups: Sequence[tuple[Phrase, Sequence[tuple[str, Phrase]]]]
    """Heading, and each suggestion's mark with its reason."""
    all_url: str
    """The account's own page, where one may reject them, too."""
    left: int
    decision: str = SAME


def joins_of(desk: UnitDesk, case: Case, party: Party, all_url: str) -> Joins | None:
    """What is suggested about a party; None where nothing is."""
    found = case_book(desk.ledger, desk.workspace, desk.vault, CaseId(case.id))
    about = suggestions_of(found, found.book.numbers[party])
    if not about:
        return None
    accounts = [each for each in about if each.what == PARTY][:MOST]
    others = [each for each in about if each.what != PARTY][: MOST - len(accounts)]
    parties = {end for each in accounts for end in (each.one, each.other)}
    groups = [
        (Phrase("web.canvas.joins-accounts", {"count": grouped(len(parties))}), _ticks(accounts)),
        (Phrase("web.canvas.joins-others"), _ticks(others)),
    ]
    return Joins(
        reverse("stated_decide", kwargs={"case": case.number}),
        [each for each in groups if each[1]],
        all_url,
        len(about) - len(accounts) - len(others),
    )


def _ticks(suggestions: Sequence[Suggestion]) -> list[tuple[str, Phrase]]:
    return [(mark(each), each.said) for each in suggestions]
