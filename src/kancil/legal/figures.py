"""Figures of cooperation: what became of a period's requests, with no word of any case.

Plain values of requests in, the tables of `cooperation-figures/1` out. What is no code of that
schema becomes `other` or is left out, so that no text of a draft can stand in a table. In what
leaves the unit, groups under five are hidden by `records.small_groups`; the unit sees its own
numbers whole.

Quartiles: linear interpolation between the two nearest observations (Hyndman and Fan, "Sample
Quantiles in Statistical Packages", The American Statistician 50 (1996), definition 7). Interval of
a share: Wilson's score interval at 95 % (Wilson, JASA 22 (1927); recommended and tabulated by
Newcombe, Statistics in Medicine 17 (1998), method 3). It holds for a random sample; the requests of
a unit are none, and the page says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from statistics import quantiles
from typing import TypeVar
from zoneinfo import ZoneInfo

from kancil.records.package import Period
from kancil.records.package_schema import Shape
from kancil.records.package_schemas import cooperation_figures as schema
from kancil.records.small_groups import LEAST, alone, split
from kancil.records.table import Cell, Row, Table

from .request_events import Event, What

_Z = Decimal("1.959964")
_TENTH = Decimal("0.1")
"""Halves go to the even tenth: `cooperation-figures/1` was published so."""
_ANSWERS = {
    What.ANSWERED: "answered", What.ANSWERED_IN_PART: "answered-in-part",
    What.HOLD_SET: "answered-in-part", What.REFUSED: "refused",
}  # fmt: skip
"""Which events are answers. A hold that was set is one in part, until more is answered."""


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """One request, as far as figures ask. Days are those of the site's zone."""

    kind: str
    country: str
    """Of the addressee, ISO 3166-1 alpha-2."""
    drafted_on: date
    sent_on: date | None = None
    first_answer_on: date | None = None
    outcome: str = "open"
    """The last answer (`answered`, `answered-in-part`, `refused`), else `open` or `withdrawn`."""
    refusal: str = ""
    """Documented reason of a refusal."""
    problems: frozenset[str] = frozenset()
    """Levels of what checks found that kept a version of it from being authorised."""
    held: Mapping[str, Decimal] = field(default_factory=dict)
    """Amount that a keeper stated as held, by asset."""
    returned: Mapping[str, Decimal] = field(default_factory=dict)
    """Amount returned, by asset."""


def facts_of(events: Sequence[Event], zone: ZoneInfo, given: RequestFacts) -> RequestFacts:
    """The facts of a request by its events, in the order of the ledger; the rest is as `given`."""
    sent = [each.day(zone) for each in events if each.what is What.SENT]
    answers = [each for each in events if each.what in _ANSWERS]
    stated = [each for each in answers if each.what is not What.HOLD_SET]
    last = (stated or answers)[-1:]
    outcome = _ANSWERS[last[0].what] if last else "open"
    if not answers and any(each.what is What.WITHDRAWN for each in events):
        outcome = "withdrawn"
    return replace(
        given,
        drafted_on=events[0].day(zone),
        sent_on=min(sent, default=None),
        first_answer_on=min((each.day(zone) for each in answers), default=None),
        outcome=outcome,
        refusal=last[0].reason.partition(":")[0].strip() if outcome == "refused" else "",
    )


def sent_in(requests: Iterable[RequestFacts], period: Period) -> list[RequestFacts]:
    """The requests that were sent in a period."""
    return [
        each
        for each in requests
        if each.sent_on is not None and period.since <= each.sent_on <= period.until
    ]


Key = TypeVar("Key", bound=Hashable)


class _Hiding:
    """What leaves: small groups are hidden."""

    def table(self, shape: Shape, rows: Iterable[Row]) -> Table:
        """A table of a shape; raises SmallGroupShown."""
        return shape.table(rows)

    def alone(self, count: int) -> int | None:
        return alone(count)

    def split(
        self, cells: Mapping[Key, int], *, total: int | None, last: Collection[Key] = ()
    ) -> dict[Key, int | None]:
        return split(cells, total=total, last=last)


class _Whole(_Hiding):
    """The unit's own numbers: nothing is hidden."""

    def table(self, shape: Shape, rows: Iterable[Row]) -> Table:
        return Table(shape.name, shape.columns, tuple(rows))

    def alone(self, count: int) -> int | None:
        return count

    def split(
        self, cells: Mapping[Key, int], *, total: int | None, last: Collection[Key] = ()
    ) -> dict[Key, int | None]:
        return dict(cells)


def cooperation_figures(
    requests: Sequence[RequestFacts], *, is_own: bool = False
) -> tuple[Table, ...]:
    """The tables of `cooperation-figures/1` over requests that were sent.

    `is_own`: for the unit itself, with its small groups; such tables never leave.
    """
    rule = _Whole() if is_own else _Hiding()
    answered = [each for each in requests if each.outcome in schema.ANSWERS]
    waiting = [each for each in requests if each.outcome not in schema.ANSWERS]
    counted = _Counted(
        answered, waiting, rule.alone(len(answered)), rule.alone(len(waiting)), rule
    )  # fmt: skip
    outcomes = counted.outcomes()
    return (
        rule.table(schema.OUTCOME, ((each, outcomes[each]) for each in schema.OUTCOMES)),
        counted.times(requests),
        counted.groups(schema.BY_KIND, [_code(each.kind, schema.KINDS) for each in answered],
                       [_code(each.kind, schema.KINDS) for each in waiting]),
        counted.groups(schema.BY_COUNTRY, [_country(each) for each in answered],
                       [_country(each) for each in waiting]),
        _refusals(answered, outcomes["refused"], rule),
        rule.table(schema.SHARES, _share(outcomes["refused"], counted.with_answer)),
        _problems(requests, counted.sent, rule),
        _money(requests, counted.sent, rule),
    )  # fmt: skip


def quartiles(days: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal] | None:
    """Lower quartile, median, upper quartile to a tenth; None where there are fewer than five."""
    if len(days) < LEAST:
        return None
    low, middle, high = quantiles(days, n=4, method="inclusive")
    return low.quantize(_TENTH), middle.quantize(_TENTH), high.quantize(_TENTH)


def wilson(part: int, whole: int) -> tuple[Decimal, Decimal]:
    """The 95 % score interval of `part` in `whole`, as shares from 0 to 1; `whole` is not 0."""
    square = _Z * _Z
    middle = part + square / 2
    half = _Z * (Decimal(part * (whole - part)) / whole + square / 4).sqrt()
    low, high = (middle - half) / (whole + square), (middle + half) / (whole + square)
    return max(low, Decimal(0)), min(high, Decimal(1))


@dataclass(frozen=True, slots=True)
class _Counted:
    """The two populations, and their sizes as they may be shown."""

    answered: Sequence[RequestFacts]
    waiting: Sequence[RequestFacts]
    with_answer: int | None
    without: int | None
    rule: _Hiding

    @property
    def sent(self) -> int | None:
        return schema.together(self.with_answer, self.without)

    def outcomes(self) -> dict[str, int | None]:
        had = Counter(each.outcome for each in self.answered)
        left = Counter(_code(each.outcome, schema.NO_ANSWERS, "open") for each in self.waiting)
        return {
            "sent": self.sent,
            "with-answer": self.with_answer,
            **self.rule.split(
                {each: had[each] for each in schema.ANSWERS},
                total=self.with_answer, last=("refused",),
            ),
            "without-answer": self.without,
            **self.rule.split({each: left[each] for each in schema.NO_ANSWERS}, total=self.without),
        }  # fmt: skip

    def times(self, requests: Sequence[RequestFacts]) -> Table:
        begun = [_days(each.drafted_on, each.sent_on) for each in requests]
        answered = [_days(each.sent_on, each.first_answer_on) for each in self.answered]
        return self.rule.table(
            schema.TIMES,
            (
                ("drafted-to-sent", self.sent, *_measured(begun, self.sent)),
                ("sent-to-answer", self.with_answer, *_measured(answered, self.with_answer)),
            ),
        )

    def groups(self, shape: Shape, had: Sequence[str], left: Sequence[str]) -> Table:
        """Those with and without an answer by some code. No row says that a hidden group exists."""
        of, without = Counter(had), Counter(left)
        codes = [each for each in shape.codes[shape.columns[0].name] if of[each] or without[each]]
        first = self.rule.split({each: of[each] for each in codes}, total=self.with_answer)
        second = self.rule.split({each: without[each] for each in codes}, total=self.without)
        shown = [counter for counter, cells in ((of, first), (without, second))
                 if any(each is not None for each in cells.values())]  # fmt: skip
        codes = [each for each in codes if any(counter[each] for counter in shown)]
        rows: list[Row] = []
        for code in codes:
            chosen = [each for each, name in zip(self.answered, had, strict=True) if name == code]
            days = [_days(each.sent_on, each.first_answer_on) for each in chosen]
            rows.append((code, first[code], second[code], *_measured(days, first[code])))
        return self.rule.table(shape, rows)


def _code(text: str, codes: Collection[str], otherwise: str = "other") -> str:
    return text if text in codes else otherwise


def _country(request: RequestFacts) -> str:
    return _code(request.country, schema.COUNTRIES, "XX")


def _days(begin: date | None, end: date | None) -> Decimal | None:
    return None if begin is None or end is None else Decimal((end - begin).days)


def _measured(days: Iterable[Decimal | None], size: int | None) -> tuple[Cell, Cell, Cell]:
    """Quartiles as cells; nothing where the group is hidden, or a time of it is not known."""
    known = [each for each in days if each is not None and each >= 0]
    found = quartiles(known) if size is not None and size == len(known) else None
    return (None, None, None) if found is None else (str(found[0]), str(found[1]), str(found[2]))


def _refusals(answered: Sequence[RequestFacts], refused: int | None, rule: _Hiding) -> Table:
    found = Counter(
        _code(each.refusal, schema.REASONS) for each in answered if each.outcome == "refused"
    )
    cells = rule.split({each: found[each] for each in schema.REASONS}, total=refused)
    return rule.table(schema.REFUSALS, ((each, cells[each]) for each in schema.REASONS))


def _share(part: int | None, whole: int | None) -> list[Row]:
    if part is None or not whole:
        return []
    shares = (Decimal(part) / whole, *wilson(part, whole))
    return [("refused", part, whole, *(str((100 * each).quantize(_TENTH)) for each in shares))]


def _apart(size: int, sent: int | None, rule: _Hiding) -> int | None:
    """How many of those sent have something; hidden where few have it, or few have it not."""
    if sent is None:
        return rule.alone(size)
    return rule.split({True: size, False: sent - size}, total=sent)[True]


def _problems(requests: Sequence[RequestFacts], sent: int | None, rule: _Hiding) -> Table:
    found: Counter[str] = Counter()
    for each in requests:
        found.update(each.problems)
    return rule.table(
        schema.QUALITY, ((each, _apart(found[each], sent, rule)) for each in schema.PROBLEMS)
    )


def _money(requests: Sequence[RequestFacts], sent: int | None, rule: _Hiding) -> Table:
    rows: list[Row] = []
    for asset in schema.ASSETS:
        held = [each.held[asset] for each in requests if each.held.get(asset)]
        returned = [each.returned[asset] for each in requests if each.returned.get(asset)]
        if held or returned:
            rows.append((asset, *_sum(held, sent, rule), *_sum(returned, sent, rule)))
    return rule.table(schema.MONEY, (row for row in rows if any(row[1:])))


def _sum(amounts: Sequence[Decimal], sent: int | None, rule: _Hiding) -> tuple[Cell, Cell]:
    size = _apart(len(amounts), sent, rule)
    return size, format(sum(amounts, Decimal(0)).normalize(), "f") if size else None
