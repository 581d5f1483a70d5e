"""What a donor report says: a plain value, filled by the desk, printed, kept as published.

Of an activity that several donors pay for, it holds the grant's share alone; the others are named,
and nothing of their money is. Groups under five are hidden before they come in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kancil.ground.canonical import dumps
from kancil.ground.digests import sha256_hex
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.programme.counting.shown import progress
from kancil.programme.money.amount import Money
from kancil.programme.money.terms import report_periods
from kancil.programme.vocabulary import ActivityKind, ActivityState, BudgetClass

MOST_TEXT = 8000
"""Characters of one section."""
MOST_SUMMARY = 1200
"""Of the paragraph on page 1."""


class ReportSection(StrEnum):
    """A part of the narrative; `programme.report-section.<value>` is its heading."""

    SUMMARY = "summary"
    DONE = "done"
    CHANGED = "changed"
    OTHERS = "others"
    """To what else the change is owed: contribution, not attribution."""
    RISKS = "risks"
    LESSONS = "lessons"
    NEXT = "next"

    @property
    def most(self) -> int:
        """Characters it has room for."""
        return MOST_SUMMARY if self is ReportSection.SUMMARY else MOST_TEXT

    @property
    def heading(self) -> Phrase:
        """What stands above it."""
        return Phrase(f"programme.report-section.{self.value}")


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is of, and until when it is to be with the donor."""

    begins_on: date
    ends_on: date
    due_on: date


def periods_of(begins: date, ends: date, every_months: int, within_days: int) -> list[Period]:
    """The periods of a grant by its reporting terms, the last one ending with the grant."""
    return [
        Period(each.begins_on, each.ends_on, each.ends_on + timedelta(days=within_days))
        for each in report_periods(begins, ends, every_months)
    ]


@dataclass(frozen=True, slots=True)
class GrantSaid:
    """The grant a report is of."""

    reference: str
    title: str
    donor: str
    currency: str
    amount_minor: int
    begins_on: date
    ends_on: date
    earmark: str
    countries: tuple[str, ...]
    """Names; none: not earmarked by country."""
    outputs: tuple[str, ...]
    """Codes; none: not earmarked by output."""
    kinds: tuple[str, ...] = ()
    """Of activities; none: not earmarked by kind."""
    excluded: str = ""
    """What it does not pay, in the agreement's words."""


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One budget class: budgeted for the period, and spent in it."""

    budget_class: BudgetClass
    budget_minor: int
    spent_minor: int

    @property
    def left_minor(self) -> int:
        """What is left; less than nothing: more was spent than budgeted."""
        return self.budget_minor - self.spent_minor


@dataclass(frozen=True, slots=True)
class RateUsed:
    """A rate by which amounts were converted."""

    rate: str
    """As the table has it: `1 USD = 1.5312 AUD`."""
    source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Finance:
    """The grant's money in the period, in its own currency, and whether it reconciles."""

    currency: str
    received_minor: int
    """Until the end of the period."""
    spent_before_minor: int
    """Before the period."""
    lines: tuple[ClassLine, ...]
    support_bp: int
    support_due_minor: int
    """Programme support costs at the grant's rate on what was spent directly."""
    support_charged_minor: int
    is_reconciled: bool
    reasons: tuple[Phrase, ...]
    """Why it does not."""
    rates: tuple[RateUsed, ...] = ()
    apart: tuple[Money, ...] = ()
    """Spent in currencies for which no rate was there: in no sum."""
    remarks: tuple[Phrase, ...] = ()
    """What is worth a look and keeps nothing open."""
    lines_by_days: int = 0
    """Budget lines that run beyond the period: of each, the days in it count."""

    @property
    def budget_minor(self) -> int:
        """Budgeted for the period."""
        return sum(each.budget_minor for each in self.lines)

    @property
    def spent_minor(self) -> int:
        """Spent in the period."""
        return sum(each.spent_minor for each in self.lines)


@dataclass(frozen=True, slots=True)
class ActivitySaid:
    """An activity that the grant pays for, whole or in part."""

    code: str
    kind: ActivityKind
    state: ActivityState
    title: str
    countries: tuple[str, ...]
    begins_on: date
    ends_on: date
    output: str
    is_whole: bool
    """Whether the grant pays for it alone. No share is told: from it and the cost would follow what
    the others pay."""
    cost_minor: int
    """What it cost the grant in the period."""
    others: tuple[str, ...]
    """Donors who pay for it too: their names alone."""
    took_part: int | None
    """People; None: hidden, since they are fewer than five."""
    gender_marker: str
    sdg_targets: tuple[str, ...]
    outside: tuple[Phrase, ...] = ()
    """Why it lies outside what the grant is given for."""
    override: str = ""
    """Why the grant pays all the same; empty: nobody decided, or it lies within."""
    override_by: str = ""


@dataclass(frozen=True, slots=True)
class FigureSaid:
    """A figure against its target, and what stood in the last report."""

    id: str
    indicator: str
    title: str
    node: str
    statement: str
    rule: Phrase | str
    """The counting rule as a sentence."""
    measure: str
    country: str
    """Name; empty: all."""
    is_whole: bool
    """Counted over the whole programme, whoever paid."""
    baseline: str
    target: str
    value: str | None
    """None: fewer than five people, hidden."""
    before: str
    """In the grant's last report; empty: it was not in it."""
    corrected: str
    """The value that this figure corrects; empty: it corrects none."""
    reason: str
    """Why it was corrected."""
    is_entered: bool
    source: str
    contribution: str
    period_from: date | None = None
    """First day of what it counts; None: the programme's beginning."""
    period_to: date | None = None
    """Its last day; None: the report was published before this was printed."""
    without_days: int | None = 0
    """Who attended and is not counted, since their days are not recorded; None: one to four."""

    @property
    def share_of_target(self) -> int | None:
        """In percent of the way from baseline to target; None: it is no number."""
        return None if self.value is None else progress(self.baseline, self.target, self.value)


@dataclass(frozen=True, slots=True)
class People:
    """Who took part, each counted once, with small groups hidden."""

    total: int | None
    by_sex: Mapping[str, int | None]
    by_profession: Mapping[str, int | None]
    by_country: Mapping[str, int | None]
    """By the country's name."""
    reached: int | None
    """Counted and not listed: head counts, such as of children in schools."""
    reached_children: int | None


@dataclass(frozen=True, slots=True)
class PictureSaid:
    """A public picture of an activity."""

    sha256: str
    title: str
    activity: str
    """Code."""


@dataclass(frozen=True, slots=True)
class TextSaid:
    """One section of the narrative, and who wrote it last."""

    section: ReportSection
    text: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Said:
    """All that a donor report says."""

    title: str
    period: Period
    grant: GrantSaid
    texts: tuple[TextSaid, ...]
    finance: Finance
    activities: tuple[ActivitySaid, ...]
    figures: tuple[FigureSaid, ...]
    people: People
    pictures: tuple[PictureSaid, ...]
    corrects: date | None
    """When the report was published that this one corrects."""
    figures_apart: tuple[FigureSaid, ...] = ()
    """Figures that count days outside the period: never among `figures`."""

    @property
    def sha256(self) -> str:
        """Of all of it, so that what is published is what its publisher saw."""
        return sha256_hex(dumps(plain(self)))

    def text(self, section: ReportSection) -> TextSaid | None:
        """A section of the narrative, where it was written."""
        return next((each for each in self.texts if each.section is section and each.text), None)

    @property
    def missing(self) -> tuple[Phrase, ...]:
        """What is not there yet."""
        found = [
            Phrase("programme.report-missing.section", {"name": each.heading})
            for each in ReportSection
            if self.text(each) is None
        ]
        if not self.figures:
            found.append(Phrase("programme.report-missing.figures"))
        if self.figures_apart:
            count = len(self.figures_apart)
            found.append(Phrase("programme.report-missing.figures-apart", {"count": count}))
        if not self.finance.is_reconciled:
            found.append(Phrase("programme.report-missing.reconciled"))
        undone = sum(
            1
            for each in self.activities
            if each.ends_on <= self.period.ends_on
            and each.state in (ActivityState.PLANNED, ActivityState.CONFIRMED)
        )
        if undone:
            found.append(Phrase("programme.report-missing.undone", {"count": undone}))
        return tuple(found)

    @property
    def no_activity_minor(self) -> int:
        """Spent in the period on no single activity."""
        return self.finance.spent_minor - sum(each.cost_minor for each in self.activities)

    @property
    def corrections(self) -> tuple[FigureSaid, ...]:
        """Figures that were corrected."""
        return tuple(each for each in self.figures if each.corrected)
