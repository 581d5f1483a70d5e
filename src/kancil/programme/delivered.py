"""What the programme did in a country: from a need to activities to the next round.

A plain value that a page and a printed page show. Groups under five are hidden before they come in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.programme.donor_report import FigureSaid, People
from kancil.programme.vocabulary import ActivityKind, ActivityState


@dataclass(frozen=True, slots=True)
class Done:
    """One activity for the country."""

    id: str
    code: str
    title: str
    kind: ActivityKind
    state: ActivityState
    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Equipment that one of the country's organisations was given."""

    what: str
    quantity: int
    organisation: str
    handed_on: date
    in_use: int | None
    """At the last check; None: not checked yet."""
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """A score of what a need was about, as the country released it, before and after."""

    name: str
    """Of the area."""
    first: str
    """In percent."""
    first_round: str
    next: str
    """Empty: no later round was released yet."""
    next_round: str


@dataclass(frozen=True, slots=True)
class Need:
    """An item of a plan, the activities that answer it, and what changed since."""

    title: str
    round: str
    asked: str
    """The questions that it is about, as the protocol numbers them."""
    activities: tuple[Done, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class CountryProgramme:
    """All that is said of a country; only what whoever reads it may know."""

    code: str
    name: str
    is_invented: bool
    activities: tuple[Done, ...]
    """The newest first."""
    people: People
    """Of this country, whoever's activity it was."""
    handovers: tuple[HandedOver, ...]
    figures: tuple[FigureSaid, ...]
    needs: tuple[Need, ...]

    @property
    def done(self) -> tuple[Done, ...]:
        """Activities that were held."""
        return tuple(each for each in self.activities if each.state is ActivityState.DONE)

    @property
    def unanswered(self) -> tuple[Need, ...]:
        """Needs that no activity answers."""
        return tuple(each for each in self.needs if not each.activities)
