"""What a pattern must do: find where the chain has a form that laundering often has too.

A pattern is a stated form with stated parameters, and never a finding of guilt: **one indicator
alone proves nothing**, and each form has innocent makers, which are named beside it. No pattern
gives a score, and patterns are not added up. Members stand in `kancil.bitcoin.patterns`; they look
at a `Ground` (`kancil.bitcoin.pattern_ground`) and are asked by `kancil.bitcoin.pattern_search`.
What is known of their error comes from `kancil.bitcoin.evaluate_patterns`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from kancil.ground.phrase import Phrase

if TYPE_CHECKING:
    from .pattern_ground import Ground

PROVES_NOTHING = "note.pattern-proves-nothing"
"""The sentence that stands beside every finding."""
FATF_2020 = (
    "FATF: Virtual Assets: Red Flag Indicators of Money Laundering and Terrorist Financing, "
    "September 2020"
)


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
        """Say whether the words were compared with the report itself: never, so far."""
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
    chosen: Mapping[str, int]
    """The parameters used."""
    found: tuple[Found, ...]
    """In the order of the chain, by the transaction by which each was found; never by weight."""
    total: int
    """How many there are; more than `found` where a cap cut them."""
    notes: tuple[Phrase, ...] = ()
    """What was not looked at, and why."""


class Pattern(Protocol):
    """The promise of a member of `kancil.bitcoin.patterns`.

    Words: `method.pattern-<name>.1` its definition, `.2` innocent explanations, `.3` what is known
    of its error and what it misses.
    """

    @property
    def name(self) -> str:
        """The word of the command line and of `method.pattern-<name>.<n>`."""
        ...

    @property
    def version(self) -> str:
        """Version of the definition; an older version stays runnable beside a newer one."""
        ...

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All thresholds of the definition."""
        ...

    @property
    def indicator(self) -> Indicator:
        """The red flag it goes with."""
        ...

    @property
    def typology(self) -> str:
        """The step of laundering, or the scheme, that has this form; a code."""
        ...

    @property
    def source(self) -> str:
        """Papers and reports that describe the form."""
        ...

    @property
    def needs(self) -> frozenset[str]:
        """What it cannot do without: `labels`, `threshold`."""
        ...

    @property
    def plants(self) -> tuple[str, ...]:
        """Names of the generator's plants (patterns or CoinJoins) that act it out."""
        ...

    def find(self, ground: Ground, chosen: Mapping[str, int], most: int | None) -> Findings:
        """Find all places that have the form; tell the first `most` of them."""
        ...


TYPOLOGIES = ("placement", "layering", "integration", "collection", "mule", "terrorist-financing")
"""The codes of `typology`; words `note.typology-<code>`."""
