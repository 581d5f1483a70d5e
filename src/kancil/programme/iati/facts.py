"""What a programme says of itself in an IATI file: facts, before they are elements of the standard.

No person stands in any of them. Amounts are whole numbers of a currency's smallest unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from kancil.programme.counting.rule import Rule
from kancil.programme.money.amount import Money
from kancil.programme.vocabulary import ActivityKind, ActivityState, BudgetClass, DocumentKind


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who publishes, and what the programme as a whole is."""

    ref: str
    """Identifier of the organisation, such as `XM-DAC-41128`."""
    name: str
    type: str
    """Code of IATI's list OrganisationType; 40: multilateral."""
    title: str
    """Of the programme."""
    description: str
    language: str
    """In which titles and descriptions are written; two letters."""
    documents_at: str = ""
    """Address under which public documents can be fetched by their SHA-256; empty: nowhere."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A country for which something is done, or the region alone."""

    code: str
    """Two letters of ISO 3166-1; empty: an invented one, or a region."""
    region: str
    """As the site names it."""
    is_invented: bool = False


@dataclass(frozen=True, slots=True)
class Payer:
    """A donor whose grant pays."""

    grant: str
    """Its reference."""
    donor: str
    ref: str
    type: str


@dataclass(frozen=True, slots=True)
class Budgeted:
    """What is budgeted for a period, all classes together."""

    begins: date
    ends: date
    money: Money
    is_revised: bool


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent in a month in one class of budget, and how many lines of the ledger it is."""

    month: date
    """Its first day."""
    budget_class: BudgetClass
    money: Money
    lines: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A public document."""

    kind: DocumentKind
    title: str
    file_name: str
    sha256: str
    day: date


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """One activity of the desk."""

    code: str
    kind: ActivityKind
    title: str
    purpose: str
    recipients: tuple[Recipient, ...]
    region: str
    begins: date
    ends: date
    state: ActivityState
    gender_marker: str
    sdg_targets: tuple[str, ...]
    to_security_forces: bool
    payers: tuple[Payer, ...]
    budgets: tuple[Budgeted, ...] = ()
    spent: tuple[Spent, ...] = ()
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """An instalment that came in."""

    day: date
    money: Money


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """One grant: what was agreed, came in, and belongs to no activity."""

    payer: Payer
    title: str
    earmark: str
    money: Money
    begins: date
    ends: date
    recipients: tuple[Recipient, ...]
    received: tuple[Received, ...] = ()
    budgets: tuple[Budgeted, ...] = ()
    spent: tuple[Spent, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """What an indicator came to in a period, as it was counted."""

    begins: date
    ends: date
    value: str
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """How it splits, by dimension."""
    of: int | None = None
    """Of a share: of how many answers."""


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """One indicator, and what it came to."""

    title: str
    rule: Rule
    means: str
    """Means of verification."""
    measure: str
    """`unit`, `percentage`, `qualitative`."""
    baseline: str
    baseline_on: date | None
    target: str
    target_on: date | None
    figures: tuple[FigureFacts, ...]


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """An outcome or output with its indicators."""

    kind: str
    """`impact`, `outcome`, `output`."""
    code: str
    statement: str
    indicators: tuple[IndicatorFacts, ...]

    @property
    def texts(self) -> Iterator[str]:
        """All that people wrote in it."""
        yield self.statement
        for each in self.indicators:
            yield from (each.title, each.means, each.baseline, each.target)
            yield from (figure.value for figure in each.figures)
