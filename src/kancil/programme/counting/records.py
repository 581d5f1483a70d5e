"""The records that are counted, as plain rows: what a counting rule asks of each, and no name.

Whoever reads them from the books (`desk.programme.results.counting`) may leave out rows that a rule
cannot count; the rule is asked again of each row here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity."""

    id: str
    kind: str
    state: str
    ended_on: date
    days: int = 1
    countries: frozenset[str] = frozenset()
    output: str = ""
    """Code."""
    grants: frozenset[str] = frozenset()
    """References of the grants that pay for it."""


class TakingPart(NamedTuple):
    """That somebody attended an activity; a plain tuple, since there are hundreds of thousands."""

    id: int
    activity: str
    participant: int
    """The row that was registered."""
    person: int
    """The row that stands for the person: another one where two rows are the same person's."""
    part: str = "participant"
    days_attended: int = 1
    """0: a list says that they attended, and not on how many days."""
    sex: str = "not-stated"
    profession: str = "other"
    age_band: str = "not-stated"
    country: str = ""
    """These four of the row that stands."""
    own_country: str = ""
    """Of the row that was registered."""


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """That an activity worked with an organisation."""

    id: str
    activity: str
    country: str = ""
    kind: str = "other"


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """Equipment that was handed over."""

    id: str
    activity: str
    quantity: int
    handed_on: date
    country: str = ""
    organisation_kind: str = "other"
    in_use: Mapping[int, int] = field(default_factory=dict)
    """By months: how many were found in use, by the newest check of that month."""


@dataclass(frozen=True, slots=True)
class HeadCountRow:
    """People who were counted at a session."""

    id: str
    activity: str
    series: str
    count: int
    counted_on: date
    country: str = ""
    audience: str = "public"
    sex: str = "not-stated"
    age_band: str = "not-stated"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What one sheet of an evaluation answers to the rule's question."""

    id: str
    activity: str
    moment: str
    answer: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A score that a country released."""

    id: str
    """Of the release."""
    country: str
    released_on: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Records:
    """All that a rule may count."""

    activities: Mapping[str, ActivityRow] = field(default_factory=dict)
    taking_part: Sequence[TakingPart] = ()
    organisations: Sequence[OrganisationRow] = ()
    handovers: Sequence[HandoverRow] = ()
    head_counts: Sequence[HeadCountRow] = ()
    sheets: Sequence[SheetRow] = ()
    scores: Sequence[ScoreRow] = ()
