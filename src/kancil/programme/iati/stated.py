"""What a file of others states of an activity: its money and results too, never ours.

Amounts stay as the file writes them, each in its own currency; nothing is converted or added to the
books. Codes keep the vocabulary that they are of. What has no amount, or no day, is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from .activity import IatiActivity, Organisation, Participating, Share, Texts, Value, first_text
from .foreign import day_of_type

MOST_LINES = 5_000
"""Amounts, and numbers of results, that are kept of one activity."""
_TITLE, _TEXT = 300, 5_000
_Line = TypeVar("_Line")


@dataclass(frozen=True, slots=True)
class StatedCode:
    """A country, region or sector."""

    kind: str
    """`country`, `region`, `sector`."""
    vocabulary: str
    """Of the standard's list for that kind; empty: its first."""
    code: str
    percentage: str
    name: str


@dataclass(frozen=True, slots=True)
class StatedParty:
    """An organisation with its role: 1 funding, 2 accountable, 3 extending, 4 implementing."""

    role: str
    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """A budget or a transaction."""

    kind: str
    """`budget`, `transaction`."""
    type: str
    """Code of BudgetType or TransactionType."""
    begins: date | None
    """Of a transaction its day."""
    ends: date | None
    amount: str
    currency: str
    """Empty: the file says none."""
    provider: str
    receiver: str
    what: str


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A target or an actual value of an indicator in a period."""

    result: str
    indicator: str
    measure: str
    """Code of IndicatorMeasure."""
    baseline: str
    begins: date | None
    ends: date | None
    target: str
    actual: str


@dataclass(frozen=True, slots=True)
class StatedActivity:
    """An activity as a file states it."""

    identifier: str
    reporter_ref: str
    reporter: str
    title: str
    """The identifier where the file has no title."""
    description: str
    hierarchy: str
    status: str
    """Code of ActivityStatus."""
    begins: date | None
    ends: date | None
    codes: tuple[StatedCode, ...] = ()
    parties: tuple[StatedParty, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    """Type of RelatedActivityType, and identifier."""
    money: tuple[StatedAmount, ...] = ()
    numbers: tuple[StatedNumber, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    """What is not kept, by the end of the key of its reason, and how often."""


def stated(activity: IatiActivity, lang: str = "") -> StatedActivity:
    """What a file states of an activity; `lang`: of texts, where there are several."""
    left: dict[str, int] = {}
    if not first_text(activity.title, lang):
        left["no-title"] = 1
    money = _kept(list(_money(activity, lang, left)), "many-amounts", left)
    numbers = _kept(list(_numbers(activity, lang)), "many-numbers", left)
    reporter = activity.reporter or Organisation()
    return StatedActivity(
        identifier=activity.identifier[:200],
        reporter_ref=reporter.ref[:200],
        reporter=first_text(reporter.names, lang)[:_TITLE] or reporter.ref[:200],
        title=first_text(activity.title, lang)[:_TITLE] or activity.identifier[:200],
        description=next(
            (text[:_TEXT] for each in activity.descriptions
             if (text := first_text(each.texts, lang))), "",
        ),
        hierarchy=activity.hierarchy[:8],
        status=activity.status[:8],
        begins=day_of_type(activity, "2", "1"),
        ends=day_of_type(activity, "4", "3"),
        codes=tuple(_codes(activity, lang)),
        parties=tuple(
            StatedParty(each.role[:8], each.ref[:200], _name(each, lang))
            for each in activity.participating
        ),
        related=tuple((each.type[:8], each.ref[:200]) for each in activity.related),
        money=money,
        numbers=numbers,
        left_out=tuple(sorted(left.items())),
    )  # fmt: skip


def _kept(lines: list[_Line], reason: str, left: dict[str, int]) -> tuple[_Line, ...]:
    if len(lines) > MOST_LINES:
        left[reason] = len(lines) - MOST_LINES
    return tuple(lines[:MOST_LINES])


def _name(of: Organisation | Participating | None, lang: str) -> str:
    return "" if of is None else (first_text(of.names, lang) or of.ref)[:_TITLE]


def _codes(activity: IatiActivity, lang: str) -> Iterator[StatedCode]:
    for kind, shares in (
        ("country", activity.countries), ("region", activity.regions), ("sector", activity.sectors),
    ):  # fmt: skip
        for each in shares:
            yield _code(kind, each, lang)


def _code(kind: str, of: Share, lang: str) -> StatedCode:
    share = "" if of.percentage is None else f"{of.percentage:f}"
    return StatedCode(
        kind, of.vocabulary[:20], of.code[:80], share, first_text(of.names, lang)[:_TITLE]
    )


def _money(activity: IatiActivity, lang: str, left: dict[str, int]) -> Iterator[StatedAmount]:
    for each in activity.budgets:
        amount = _amount(each.value, activity)
        if amount is None:
            left["no-amount"] = left.get("no-amount", 0) + 1
        else:
            yield StatedAmount("budget", each.type[:8], each.begins, each.ends, *amount, "", "", "")
    for one in activity.transactions:
        amount = _amount(one.value, activity)
        if amount is None:
            left["no-amount"] = left.get("no-amount", 0) + 1
        else:
            yield StatedAmount(
                "transaction", one.type[:8], one.day, None, *amount, _name(one.provider, lang),
                _name(one.receiver, lang), _text(one.description, lang),
            )  # fmt: skip


def _amount(value: Value | None, activity: IatiActivity) -> tuple[str, str] | None:
    if value is None or value.amount is None:
        return None
    return f"{value.amount:f}", (value.currency or activity.currency)[:3].upper()


def _text(texts: Texts, lang: str) -> str:
    return first_text(texts, lang)[:_TITLE]


def _numbers(activity: IatiActivity, lang: str) -> Iterator[StatedNumber]:
    for result in activity.results:
        title = _text(result.title, lang)
        for each in result.indicators:
            begun = next((one.value for one in each.baselines if one.value), "")[:60]
            about = (title, _text(each.title, lang), each.measure[:8], begun)
            for period in each.periods:
                whole = [one.value for one in period.targets if not one.dimensions]
                actual = [one.value for one in period.actuals if not one.dimensions]
                yield StatedNumber(
                    *about, period.begins, period.ends, next(iter(whole), "")[:60],
                    next(iter(actual), "")[:60],
                )  # fmt: skip
            if not each.periods:
                yield StatedNumber(*about, None, None, "", "")
