"""Sets of persons by rule, conditions and days: which lie within which, which are parts of a whole.

What `together` compares. A set says which persons it holds by what its rule says, never by who
they are. It may have been counted several times, to several numbers: a figure that was corrected,
one indicator counted in March and another by the same rule in June. Each is a version of its own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, product
from math import prod
from typing import Any, NamedTuple

from kancil.records.small_groups import LEAST

from .rule import WHOLE, Counts, Times

Where = frozenset[tuple[str, frozenset[str]]]
"""Conditions: one of these values of each dimension."""
_MOST_COMBINED = 16
"""Combinations of versions of a whole and its parts; beyond, versions of one rank alone."""


class Group(NamedTuple):
    """A set of persons, once counted: what has one of these has one number."""

    counts: str
    times: str
    least_attendance: int
    states: frozenset[str]
    since: date
    until: date
    where: Where
    version: int = 0

    @property
    def order(self) -> tuple[Any, ...]:
        """What sorts groups alike in each process, whatever its hashes."""
        where = sorted((name, sorted(values)) for name, values in self.where)
        return (*self[:3], sorted(self.states), *self[4:6], where, self.version)

    @property
    def any_version(self) -> Group:
        """The set, however often it was counted."""
        return self._replace(version=0) if self.version else self

    @property
    def splits(self) -> frozenset[str]:
        """Dimensions whose parts make a whole of it."""
        return frozenset(map(str, WHOLE[Counts(self.counts)]))


class Table(NamedTuple):
    """A whole with parts, of which no two share a person."""

    whole: Group
    parts: tuple[Group, ...]


def wider(group: Group) -> Iterator[Group]:
    """The sets that remain when conditions whose parts make a whole are dropped."""
    dropped = sorted(each for each in group.where if each[0] in group.splits)
    for count in range(1, len(dropped) + 1):
        for some in combinations(dropped, count):
            yield group._replace(where=group.where.difference(some))


def near(values: Mapping[Group, int], groups: Iterable[Group]) -> Iterator[tuple[Group, Group]]:
    """Pairs, the narrower first, of which one lies within the other, fewer than five apart.

    The smallest narrower one first.
    """
    by: dict[tuple[str, str, Where], list[tuple[int, Group]]] = defaultdict(list)
    ordered = sorted(groups, key=lambda each: (values[each], each.order))
    for each in ordered:
        by[each.counts, each.times, each.where].append((values[each], each))
    several = {where for _, _, where in by if any(len(some) > 1 for _, some in where)}
    around: dict[Where, list[Where]] = {}
    for narrow in ordered:
        if narrow.where not in around:
            around[narrow.where] = list(_around(narrow.where, several))
        found: list[tuple[int, Group]] = []
        for where in around[narrow.where]:
            rows = by.get((narrow.counts, narrow.times, where), [])
            first = bisect_right(rows, values[narrow], key=_number)
            last = bisect_left(rows, values[narrow] + LEAST, key=_number)
            found += (row for row in rows[first:last] if _holds(row[1], narrow))
        yield from ((narrow, wide) for _, wide in sorted(found, key=lambda row: row[0]))


def _number(row: tuple[int, Group]) -> int:
    return row[0]


def _around(where: Where, several: Iterable[Where]) -> Iterator[Where]:
    """Conditions that whoever meets some meets too: fewer, or of more values."""
    held = dict(where)
    for count in range(len(where) + 1):
        yield from map(frozenset, combinations(sorted(where), count))
    for each in sorted(several, key=lambda one: sorted((name, sorted(of)) for name, of in one)):
        if not each <= where and all(name in held and held[name] <= of for name, of in each):
            yield each


def _holds(wide: Group, narrow: Group) -> bool:
    """Whether attendance, states and days of one set lie within those of another."""
    return narrow.any_version != wide.any_version and (
        narrow.least_attendance >= wide.least_attendance
        and narrow.states <= wide.states
        and wide.since <= narrow.since
        and narrow.until <= wide.until
    )


def tables(groups: Iterable[Group]) -> list[Table]:
    """Each whole with its parts along one dimension; what counts each time, along the days too."""
    versions: dict[Group, list[Group]] = defaultdict(list)
    for each in sorted(groups, key=lambda one: one.order):
        versions[each.any_version].append(each)
    found = [
        Table(members[0], members[1:])
        for whole, parts in (*_by_dimension(list(versions)), *_by_days(list(versions)))
        for members in _versions_of([versions[each] for each in (whole, *parts)])
    ]
    return sorted(found, key=lambda each: -len(each.whole.where))


def _versions_of(members: Sequence[Sequence[Group]]) -> Iterator[tuple[Group, ...]]:
    """A whole and its parts, one version of each: no two of one set stand side by side."""
    if prod(map(len, members)) <= _MOST_COMBINED:
        yield from product(*members)
        return
    for rank in range(max(map(len, members))):
        yield tuple(each[min(rank, len(each) - 1)] for each in members)


_Parts = Iterator[tuple[Group, tuple[Group, ...]]]


def _by_dimension(sets: Sequence[Group]) -> _Parts:
    known = set(sets)
    families: dict[tuple[Group, str], list[tuple[frozenset[str], Group]]] = defaultdict(list)
    for each in sets:
        for condition in sorted(each.where):
            if condition[0] in each.splits:
                rest = each._replace(where=each.where - {condition})
                families[rest, condition[0]].append((condition[1], each))
    for (rest, _), members in families.items():
        members.sort(key=lambda row: len(row[0]))
        if rest in known:
            yield rest, _apart(members)
        for values, whole in members:
            if len(values) > 1 and (parts := _apart([row for row in members if row[0] < values])):
                yield whole, parts


def _apart(members: Iterable[tuple[frozenset[str], Group]]) -> tuple[Group, ...]:
    """Those of which no two share a person, by their values of a dimension."""
    chosen: list[Group] = []
    seen: set[str] = set()
    for values, each in members:
        if not values & seen:
            seen |= values
            chosen.append(each)
    return tuple(chosen)


def _by_days(sets: Sequence[Group]) -> _Parts:
    """Wholes of what counts each time, with periods within their days that follow each other."""
    alike: dict[Group, list[Group]] = defaultdict(list)
    for each in sets:
        if each.times == Times.EACH_TIME:
            alike[each._replace(since=date.min, until=date.max)].append(each)
    for members in alike.values():
        members.sort(key=lambda each: (each.until, each.since))
        for whole in members:
            parts: list[Group] = []
            for each in members:
                is_in = whole.since <= each.since and each.until <= whole.until
                if is_in and each != whole and (not parts or parts[-1].until < each.since):
                    parts.append(each)
            if parts:
                yield whole, tuple(parts)
