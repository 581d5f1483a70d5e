"""The words of patterns: parameters, indicators, and what is found, as plain values.

Made by the members of `kancil.bitcoin.laundering.patterns`, told by
`kancil.bitcoin.laundering.views`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from kancil.ground.phrase import Phrase

PROVES_NOTHING = "note.pattern-proves-nothing"
"""The sentence that stands beside every finding."""
FATF_2020 = (
    "FATF: Virtual Assets: Red Flag Indicators of Money Laundering and Terrorist Financing, "
    "September 2020"
)


Chosen: TypeAlias = Mapping[str, int]
"""The parameters of one pattern, by name."""


class Unit(StrEnum):
    """In what a parameter is counted."""

    COUNT = "count"
    PERCENT = "percent"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    SAT = "sat"


SECONDS = {Unit.MINUTES: 60, Unit.HOURS: 3_600, Unit.DAYS: 86_400}


class Origin(StrEnum):
    """Where a default comes from."""

    OURS = "ours"
    """Chosen here, from no source; words `why.param-…` say why."""
    SECOND_HAND = "second-hand"
    """From a source that was read in another's words."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold of a definition; words `why.param-<pattern>-<name>` give the default's reason."""

    name: str
    unit: Unit
    default: int
    least: int
    """The smallest value that makes sense."""
    most: int
    origin: Origin = Origin.OURS

    @property
    def seconds(self) -> int:
        """Seconds in one unit; 1 for what is no time."""
        return SECONDS.get(self.unit, 1)


class Compared(StrEnum):
    """How far the words of an indicator were compared with the text they come from."""

    SECOND_HAND = "second-hand"
    """With what another publication quotes or retells of it, not with the report itself."""
    NO = "no"
    """Not compared: nearest indicator by our own understanding."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """The FATF red flag a pattern goes with; words `note.indicator-<pattern>`."""

    section: str
    """Heading of the report's section, as its table of contents has it."""
    checked: Compared
    told_by: str
    """Who quotes or retells it; empty where nobody was found."""
    source: str = FATF_2020

    @property
    def is_checked(self) -> bool:
        """Whether the words were compared with the report itself: never, so far."""
        return False


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction of a finding."""

    tx: int
    """Row of the columns."""
    role: str
    """Code; words `name.pattern-role-<code>`."""


@dataclass(frozen=True, slots=True)
class Found:
    """One place where the chain has the form, with what it rests on."""

    pattern: str
    version: str
    rule: str
    """Code of the rule by which it was found."""
    steps: tuple[Step, ...]
    """Its transactions in the order of its telling; `more` of them are not listed."""
    outputs: tuple[int, ...]
    """The outputs it rests on, rows."""
    value_sat: int
    """Satoshi that moved in it, as `why` says."""
    why: Phrase
    """The reason in plain words, with its values."""
    at: int
    """The transaction by which it was found, and by whose place in the chain it is ordered."""
    more: int = 0
    facts: tuple[tuple[str, str | int], ...] = ()
    """What else is true of it, such as the price rows used."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What one pattern found."""

    pattern: str
    version: str
    chosen: Chosen
    found: tuple[Found, ...]
    """In the order of the chain, by the transaction by which each was found; never by weight."""
    total: int
    """How many there are; more than `found` where a cap cut them."""
    notes: tuple[Phrase, ...] = ()
    """What was not looked at, and why."""


TYPOLOGIES = ("placement", "layering", "integration", "collection", "mule", "terrorist-financing")
"""The codes of `typology`; words `note.typology-<code>`."""
