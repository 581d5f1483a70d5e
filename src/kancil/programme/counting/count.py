"""Counting by a rule: records in; a value, its splits, the records behind it, who counts twice.

Every record becomes an `Item`: what it stands for (`key`: a person, a series of sessions), how much
of it, and what it says by dimension. Each key counts once with its largest amount, or every item
counts: the same few lines for all kinds, so that page, report and IATI file cannot differ.

The day that decides is the activity's end; of a head count the day of counting, of equipment the
day on which it was handed over, of a score the day of its release.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from kancil.ground.units import half_up
from kancil.programme.errors import CountryNeeded, NothingToCount

from .records import ActivityRow, Records, ScoreRow
from .rule import Counts, Dimension, Rule, Span, Times


@dataclass(frozen=True, slots=True)
class Scope:
    """For what a figure stands."""

    since: date
    until: date
    country: str = ""
    """Empty: all countries."""
    grant: str = ""
    """Reference; empty: whoever paid."""


Tags = Mapping[Dimension, frozenset[str]]
"""What a record says by dimension; records that say the same share one."""
_NOTHING: Tags = {}


class Item(NamedTuple):
    """One record that counts; a plain tuple, since there are hundreds of thousands."""

    record: str
    key: str
    amount: int
    tags: Tags
    """Of its activity."""
    own: Tags = _NOTHING
    """Its own, which go before."""
    activity: str = ""
    row: str = ""
    """Of a person: the row that was registered, and its country."""
    row_country: str = ""

    def says(self, dimension: Dimension) -> frozenset[str]:
        """What it says by a dimension."""
        own = self.own.get(dimension)
        return self.tags[dimension] if own is None else own


@dataclass(frozen=True, slots=True)
class Doubles:
    """What counts more than once if each record is added up."""

    once: int
    each: int
    by_activities: Mapping[str, int] = field(default_factory=dict)
    """By pairs of activities, `A B`: how many are counted by both; the largest pairs. Empty, too,
    where there are more than `MOST_TOLD` of them."""
    several_activities: int = 0
    """Keys that more than one activity counts."""
    several_countries: int = 0
    """Persons whose joined rows stand in more than one country."""
    joined: int = 0
    """Persons who have more than one row, joined as the same."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted."""

    value: Decimal
    split: Mapping[str, Mapping[str, int]]
    records: Mapping[str, tuple[str, ...]]
    """Ids by kind of record."""
    doubles: Doubles | None = None
    of: int | None = None
    """Of a share: how many answers there were."""
    without_days: int = 0
    """Who attended and is not counted, since the rule asks for days and none are recorded."""


MOST_PAIRS = 20
MOST_TOLD = 200_000


def count(rule: Rule, records: Records, scope: Scope) -> Counted:
    """Count what a rule counts within a scope.

    Raises NothingToCount for a rule whose figures are entered, and for a share of nothing;
    CountryNeeded for a score of no single country.
    """
    if rule.is_entered:
        raise NothingToCount
    if rule.counts in (Counts.ROUND_SCORE, Counts.ROUND_COUNTRIES):
        return _scores(rule, records, scope)
    wanted = _wanted(rule, scope)
    found = [each for each in _ITEMS[rule.counts](rule, records, scope) if _meets(each, wanted)]
    if rule.counts is Counts.EVALUATION:
        return _share(found)
    each_time = sum(each.amount for each in found)
    once = sum(_largest(found).values())
    value = once if rule.times is Times.ONCE else each_time
    split = {
        str(dimension): _split(found, dimension, rule, wanted.get(dimension))
        for dimension in rule.split
    }
    kind = _KINDS[rule.counts]
    ids = tuple(dict.fromkeys(each.record for each in found))
    unknown = _without_days(rule, records, scope, wanted, {each.key for each in found})
    doubles = _doubles(found, once, each_time)
    return Counted(Decimal(value), split, {kind: ids}, doubles, without_days=unknown)


def feeds(rule: Rule, activity: ActivityRow) -> bool:
    """Whether records of an activity may count: its kind, output, payers and countries fit."""
    if rule.counts in (Counts.ROUND_SCORE, Counts.ROUND_COUNTRIES, Counts.ENTERED):
        return False
    tags, only = _tags(activity), rule.only
    return all(each not in only or bool(tags[each] & set(only[each])) for each in tags)


_KINDS = {
    Counts.PEOPLE: "participations", Counts.ACTIVITIES: "activities",
    Counts.ORGANISATIONS: "organisations", Counts.HANDOVERS: "handovers",
    Counts.HEAD_COUNTS: "head-counts",
}  # fmt: skip


def _tags(activity: ActivityRow) -> dict[Dimension, frozenset[str]]:
    return {
        Dimension.KIND: frozenset({activity.kind}),
        Dimension.OUTPUT: frozenset({activity.output}),
        Dimension.GRANT: activity.grants,
        Dimension.COUNTRY: activity.countries,
    }


def _one(**given: str) -> dict[Dimension, frozenset[str]]:
    return {Dimension[name.upper()]: frozenset({value}) for name, value in given.items()}


def _in_time(rule: Rule, day: date, scope: Scope) -> bool:
    return day <= scope.until and (rule.span is Span.TO_DATE or scope.since <= day)


def _activities(rule: Rule, records: Records, scope: Scope | None) -> dict[str, ActivityRow]:
    """Those in a state that counts; with a scope, those that ended in it."""
    return {
        id: row
        for id, row in records.activities.items()
        if row.state in rule.states and (scope is None or _in_time(rule, row.ended_on, scope))
    }


def _people(
    rule: Rule, records: Records, scope: Scope, *, without_days: bool = False
) -> Iterator[Item]:
    """Who reached the rule's least attendance; `without_days`: who may have, but has no days."""
    there = _activities(rule, records, scope)
    shared = {id: _tags(row) for id, row in there.items()}
    made: dict[tuple[str, str, str, str, str], dict[Dimension, frozenset[str]]] = {}
    for each in records.taking_part:
        activity = there.get(each.activity)
        if activity is None:
            continue
        is_unknown = rule.least_attendance > 0 and not each.days_attended and activity.days > 1
        days = each.days_attended or 1  # who attended a single day was there on all of it
        is_enough = days * 100 >= rule.least_attendance * activity.days
        if is_unknown is not without_days or not (is_unknown or is_enough):
            continue
        own = (each.sex, each.profession, each.age_band, each.country, each.part)
        if own not in made:
            made[own] = _one(
                sex=each.sex, profession=each.profession, age=each.age_band,
                country=each.country, part=each.part,
            )  # fmt: skip
        yield Item(
            str(each.id), str(each.person), 1, shared[each.activity], made[own], each.activity,
            str(each.participant), each.own_country,
        )  # fmt: skip


def _without_days(
    rule: Rule,
    records: Records,
    scope: Scope,
    wanted: Mapping[Dimension, frozenset[str]],
    counted: Collection[str],
) -> int:
    """How many would count if their days were known; `counted`: keys that count already."""
    if rule.counts is not Counts.PEOPLE or not rule.least_attendance:
        return 0
    found = [each for each in _people(rule, records, scope, without_days=True)
             if _meets(each, wanted)]  # fmt: skip
    if rule.times is Times.EACH_TIME:
        return len(found)
    return len({each.key for each in found}.difference(counted))


def _activity_items(rule: Rule, records: Records, scope: Scope) -> Iterator[Item]:
    for id, row in _activities(rule, records, scope).items():
        yield Item(id, id, 1, _tags(row), activity=id)


def _organisations(rule: Rule, records: Records, scope: Scope) -> Iterator[Item]:
    there = _activities(rule, records, scope)
    seen: set[tuple[str, str]] = set()
    for each in records.organisations:
        if each.activity in there and (each.id, each.activity) not in seen:
            seen.add((each.id, each.activity))
            own = _one(organisation=each.kind, country=each.country)
            yield Item(each.id, each.id, 1, _tags(there[each.activity]), own, each.activity)


def _handovers(rule: Rule, records: Records, scope: Scope) -> Iterator[Item]:
    there = _activities(rule, records, None)
    for each in records.handovers:
        if each.activity not in there or not _in_time(rule, each.handed_on, scope):
            continue
        amount = each.in_use.get(rule.months, 0) if rule.months else each.quantity
        if amount:
            own = _one(organisation=each.organisation_kind, country=each.country)
            yield Item(each.id, each.id, amount, _tags(there[each.activity]), own, each.activity)


def _head_counts(rule: Rule, records: Records, scope: Scope) -> Iterator[Item]:
    there = _activities(rule, records, None)
    for each in records.head_counts:
        if each.activity not in there or not _in_time(rule, each.counted_on, scope):
            continue
        group = (each.series, each.country, each.audience, each.sex, each.age_band)
        own = _one(
            audience=each.audience, sex=each.sex, age=each.age_band, country=each.country
        )  # fmt: skip
        key = "\x1f".join(group) if each.series else each.id
        yield Item(each.id, key, each.count, _tags(there[each.activity]), own, each.activity)


def _sheets(rule: Rule, records: Records, scope: Scope) -> Iterator[Item]:
    """An amount of 1 is an answer that counts, of 0 another one."""
    there = _activities(rule, records, scope)
    for each in records.sheets:
        if each.activity in there and each.answer and rule.moment in ("", each.moment):
            amount = int(each.answer in rule.answers)
            tags = _tags(there[each.activity])
            yield Item(each.id, each.id, amount, tags, activity=each.activity)


_ITEMS: Mapping[Counts, Callable[[Rule, Records, Scope], Iterator[Item]]] = {
    Counts.PEOPLE: _people, Counts.ACTIVITIES: _activity_items,
    Counts.ORGANISATIONS: _organisations, Counts.HANDOVERS: _handovers,
    Counts.HEAD_COUNTS: _head_counts, Counts.EVALUATION: _sheets,
}  # fmt: skip


def _wanted(rule: Rule, scope: Scope) -> dict[Dimension, frozenset[str]]:
    """The rule's conditions and the scope's, which may leave nothing."""
    wanted = {each: frozenset(values) for each, values in rule.only.items()}
    for dimension, value in ((Dimension.COUNTRY, scope.country), (Dimension.GRANT, scope.grant)):
        if value:
            wanted[dimension] = wanted.get(dimension, frozenset({value})) & {value}
    return wanted


def _meets(item: Item, wanted: Mapping[Dimension, frozenset[str]]) -> bool:
    return all(item.says(each) & values for each, values in wanted.items())


def _largest(items: Iterable[Item]) -> dict[str, int]:
    """The amount of each key: the largest of its items."""
    found: dict[str, int] = {}
    for each in items:
        found[each.key] = max(found.get(each.key, 0), each.amount)
    return found


def _split(
    items: Iterable[Item], dimension: Dimension, rule: Rule, wanted: frozenset[str] | None
) -> dict[str, int]:
    groups: dict[str, list[Item]] = defaultdict(list)
    for each in items:
        for value in each.says(dimension):
            if wanted is None or value in wanted:
                groups[value].append(each)
    is_once = rule.times is Times.ONCE
    return {
        value: sum(_largest(own).values()) if is_once else sum(each.amount for each in own)
        for value, own in sorted(groups.items())
    }


def _doubles(items: Iterable[Item], once: int, each_time: int) -> Doubles:
    activities: dict[str, set[str]] = defaultdict(set)
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    for each in items:
        activities[each.key].add(each.activity)
        if each.row:
            rows[each.key][each.row] = each.row_country
    several = [sorted(each) for each in activities.values() if len(each) > 1]
    joined = [set(each.values()) for each in rows.values() if len(each) > 1]
    return Doubles(
        once,
        each_time,
        _pairs(several),
        len(several),
        sum(len(countries) > 1 for countries in joined),
        len(joined),
    )


def _pairs(several: Sequence[Sequence[str]]) -> dict[str, int]:
    if sum(len(each) * (len(each) - 1) // 2 for each in several) > MOST_TOLD:
        return {}
    found = Counter(pair for each in several for pair in combinations(each, 2))
    largest = sorted(found.items(), key=lambda each: (-each[1], each[0]))[:MOST_PAIRS]
    return {f"{first} {second}": count for (first, second), count in largest}


def _share(items: list[Item]) -> Counted:
    if not items:
        raise NothingToCount
    value = percent(sum(each.amount for each in items), len(items))
    ids = tuple(each.record for each in items)
    return Counted(value, {}, {"evaluation-answers": ids}, of=len(items))


def percent(part: int, whole: int) -> Decimal:
    """A share in percent, to a tenth."""
    return half_up(Fraction(part * 100, whole), 1)


def _scores(rule: Rule, records: Records, scope: Scope) -> Counted:
    """Scores stand from their release on: the newest up to the period's end, whatever began it."""
    wanted = _wanted(rule, scope).get(Dimension.COUNTRY)
    by_country: dict[str, list[ScoreRow]] = defaultdict(list)
    for each in sorted(records.scores, key=lambda row: (row.released_on, row.id)):
        if each.released_on <= scope.until and (wanted is None or each.country in wanted):
            by_country[each.country].append(each)
    if rule.counts is Counts.ROUND_SCORE:
        if not scope.country:
            raise CountryNeeded
        if not by_country:
            raise NothingToCount
        ((_, rows),) = by_country.items()
        return Counted(rows[-1].percent, {}, {"releases": (rows[0].id, rows[-1].id)})
    risen = [
        rows for rows in by_country.values() if rows[-1].percent - rows[0].percent >= rule.rise
    ]
    ids = tuple(id for rows in risen for id in (rows[0].id, rows[-1].id))
    return Counted(Decimal(len(risen)), {}, {"releases": ids}, of=len(by_country))
