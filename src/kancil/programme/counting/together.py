"""Numbers of persons that stand in one paper: which more are hidden, so that no small group shows.

`shown` looks at one figure and its own splits. Here figures are compared: a total beside its
countries, the same count by sex, two periods of which one lies within the other, who took part
beside a figure of those that attended enough. Each is a set of persons by its rule, conditions and
days (`Cell`), and three things tell a small group:

- two sets of which one lies within the other, fewer than five apart: the narrower one is hidden;
- a whole and its parts along one dimension: cells are hidden as `records.small_groups` has it, who
  is in no listed part being a cell too;
- tables that share cells: from the ranges of all hidden cells a reader narrows each (interval
  propagation); one that is narrowed to a single number hides the smallest shown one beside it.

Source: Hundepool and others, *Statistical Disclosure Control* (Wiley 2012), chapter 4, and the
*Handbook on Statistical Disclosure Control* of the ESSNet (Eurostat), section 4, on linked and
hierarchical tables. A set that nobody lists and that joins listed ones, such as a country
whose women and men alone are listed, is taken as their sum. What is known of its error: no numbers
are solved but along one dimension at a time and in pairs, and what a reader knows otherwise is not
looked at. A number that was published before stands, and hides others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import NamedTuple

from kancil.records.small_groups import LEAST, is_small, split

from .count import Scope
from .rule import WHOLE, Counts, Dimension, Rule, Span, Times
from .shown import number_of

_ALL = 10**12
"""More than any count."""
_ROUNDS = 40


class _Key(NamedTuple):
    """A set of persons: cells of one key are one number."""

    counts: Counts
    times: Times
    least_attendance: int
    states: frozenset[str]
    since: date
    until: date
    where: frozenset[tuple[str, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of persons as a paper has it."""

    id: str
    rule: Rule
    since: date
    until: date
    where: Mapping[str, frozenset[str]]
    """Conditions by dimension, those of the rule and of the scope; all of them hold."""
    count: int
    is_shown: bool
    is_fixed: bool = False
    """Published before, or shown whatever else is."""

    @property
    def key(self) -> _Key:
        """The set that it counts."""
        rule = self.rule
        states = frozenset(str(each) for each in rule.states)
        return _Key(rule.counts, rule.times, rule.least_attendance, states, self.since, self.until,
                    frozenset(self.where.items()))  # fmt: skip


def cell(
    id: str,
    rule: Rule,
    scope: Scope,
    value: str,
    *,
    is_shown: bool,
    is_fixed: bool = False,
    **more: str,
) -> Cell | None:
    """A cell of a figure; None for one that counts no persons or is no whole number.

    `more`: further conditions by the dimension's name, such as `sex="female"`.
    """  # fmt: skip
    number = number_of(value)
    if not rule.hides_small or rule.counts not in WHOLE or number is None or number != int(number):
        return None
    where = {str(each): frozenset(values) for each, values in rule.only.items()}
    for name, one in ((Dimension.COUNTRY, scope.country), (Dimension.GRANT, scope.grant)):
        if one:
            where[str(name)] = where.get(str(name), frozenset({one})) & {one}
    where |= {name: frozenset({one}) for name, one in more.items()}
    since = date.min if rule.span is Span.TO_DATE else scope.since
    return Cell(id, rule, since, scope.until, where, int(number), is_shown, is_fixed)


def hidden_together(cells: Sequence[Cell]) -> frozenset[str]:
    """Ids of the shown cells that are hidden for the sake of others; fixed ones are never."""
    paper = _Paper()
    for each in cells:
        paper.add(each)
    paper.join()
    while (more := paper.next_hidden()) is not None:
        paper.hidden.add(more)
    return frozenset(
        each.id for each in cells
        if each.is_shown and not each.is_fixed and each.key in paper.hidden
    )  # fmt: skip


class _Table(NamedTuple):
    whole: _Key
    parts: tuple[_Key, ...]


@dataclass(slots=True)
class _Paper:
    """All cells of a paper by their set, and which of them are hidden."""

    values: dict[_Key, int] = field(default_factory=dict)
    hidden: set[_Key] = field(default_factory=set)
    fixed: set[_Key] = field(default_factory=set)
    joining: set[_Key] = field(default_factory=set)
    """Sets that nobody lists."""
    tables: list[_Table] = field(default_factory=list)

    def add(self, each: Cell) -> None:
        """Enter a cell; one set that is hidden anywhere is hidden wherever it can be."""
        self.values.setdefault(each.key, each.count)
        if not each.is_shown:
            self.hidden.add(each.key)
        elif each.is_fixed:
            self.fixed.add(each.key)

    def join(self) -> None:
        """Add the sets that listed ones are parts of, and find all tables."""
        listed = set(self.values)
        self.joining = {each for key in listed for each in _wider(key)} - listed
        self.hidden |= self.joining
        self.values |= dict.fromkeys(self.joining, 0)
        tables = sorted(_tables(list(self.values)), key=lambda each: -len(each.whole.where))
        for table in tables:
            if table.whole in self.joining:
                parts = sum(self.values[each] for each in table.parts)
                self.values[table.whole] = max(self.values[table.whole], parts)
        self.tables = tables

    def next_hidden(self) -> _Key | None:
        """One more set to hide; None: nothing small can be computed."""
        for found in (self._near(), self._in_tables(), self._solved()):
            more = next((each for each in found if self._is_free(each)), None)
            if more is not None:
                return more
        return None

    def _is_free(self, key: _Key) -> bool:
        return key not in self.hidden and key not in self.fixed and self.values[key] > 0

    def _near(self) -> Iterator[_Key]:
        """Of two sets, one within the other, the narrower first, where they are near."""
        shown = sorted((key for key in self.values if key not in self.hidden), key=self._size)
        for place, narrow in enumerate(shown):
            for wide in shown[place + 1 :]:
                apart = self.values[wide] - self.values[narrow]
                if is_small(apart) and _is_within(narrow, wide):
                    if narrow in self.fixed and wide in self.fixed:
                        continue
                    yield wide if narrow in self.fixed or not self.values[narrow] else narrow

    def _size(self, key: _Key) -> int:
        return self.values[key]

    def _rest(self, table: _Table) -> int:
        """How many are in no listed part; less than nothing: counted on different days."""
        return self.values[table.whole] - sum(self.values[each] for each in table.parts)

    def _in_tables(self) -> Iterator[_Key]:
        for table in self.tables:
            rest = self._rest(table)
            if table.whole in self.hidden or rest < 0:
                continue
            cells: dict[_Key | None, int] = {each: self.values[each] for each in table.parts}
            shown = split(cells | {None: rest}, total=self.values[table.whole], last=(None,))
            yield from (key for key, count in shown.items() if count is None and key is not None)

    def _solved(self) -> Iterator[_Key]:
        """Sets beside one that a reader narrows to a single number, the smallest first."""
        ranges, rests = self._ranges()
        for key in self.hidden:
            low, high = ranges[key]
            if low == high and (is_small(low) if key in self.joining else self.values[key]):
                yield from self._beside({key})
        for place, (low, high) in enumerate(rests):
            if low == high and is_small(low):
                yield from self._beside({self.tables[place].whole, *self.tables[place].parts})

    def _beside(self, near: set[_Key]) -> Iterator[_Key]:
        """Shown sets of the tables in which some stand, then of tables that share cells."""
        size = -1
        while size < len(near):
            size = len(near)
            tables = [each for each in self.tables if near & {each.whole, *each.parts}]
            yield from sorted((one for each in tables for one in each.parts), key=self._size)
            yield from (each.whole for each in tables)
            near = near | {one for each in tables for one in (each.whole, *each.parts)}

    def _ranges(self) -> tuple[dict[_Key, tuple[int, int]], list[tuple[int, int]]]:
        """What a reader knows of each set, who knows the rule, and of each table's rest."""
        ranges = {
            key: (0, _ALL)
            if key in self.joining
            else _range(count)
            if key in self.hidden
            else (count, count)
            for key, count in self.values.items()
        }
        rests = [_range(max(0, self._rest(table))) for table in self.tables]
        for _ in range(_ROUNDS):
            before = (dict(ranges), list(rests))
            for place, table in enumerate(self.tables):
                if self._rest(table) >= 0:
                    rests[place] = _narrow(ranges, table, rests[place])
            if before == (ranges, rests):
                break
        return ranges, rests


def _wider(key: _Key) -> Iterator[_Key]:
    """The sets that remain when conditions whose parts make a whole are dropped."""
    dropped = [each for each in key.where if each[0] in _whole(key)]
    for count in range(1, len(dropped) + 1):
        for some in combinations(dropped, count):
            yield key._replace(where=key.where.difference(some))


def _whole(key: _Key) -> frozenset[str]:
    return frozenset(str(each) for each in WHOLE[Counts(key.counts)])


def _range(count: int) -> tuple[int, int]:
    if is_small(count):
        return 1, LEAST - 1
    return (0, 0) if not count else (LEAST, _ALL)


def _narrow(
    ranges: dict[_Key, tuple[int, int]], table: _Table, rest: tuple[int, int]
) -> tuple[int, int]:
    """Narrow the ranges of a whole and its parts by their sum; the rest's new range."""
    lows = [ranges[each][0] for each in table.parts] + [rest[0]]
    highs = [ranges[each][1] for each in table.parts] + [rest[1]]
    low, high = ranges[table.whole]
    low, high = max(low, sum(lows)), min(high, sum(highs))
    ranges[table.whole] = low, high
    new = [
        (max(a, low - (sum(highs) - b)), min(b, high - (sum(lows) - a)))
        for a, b in zip(lows, highs, strict=True)
    ]
    ranges.update(zip(table.parts, new[:-1], strict=True))
    return new[-1]


def _tables(keys: Sequence[_Key]) -> Iterator[_Table]:
    """Each whole with its parts along one dimension; what counts each time, along the days too."""
    for whole in keys:
        named = dict(whole.where)
        by: dict[str, list[_Key]] = defaultdict(list)
        for each in keys:
            if each[:6] == whole[:6]:
                own = dict(each.where)
                more = [name for name in own if name not in named]
                rest = {name: values for name, values in own.items() if name in named}
                if len(more) == 1 and rest == named and more[0] in _whole(whole):
                    by[more[0]].append(each)
            elif whole.times is Times.EACH_TIME and _same_but_days(each, whole):
                by[""].append(each)
        for name, found in by.items():
            parts = _apart(found, name)
            if parts:
                yield _Table(whole, parts)


def _same_but_days(narrow: _Key, wide: _Key) -> bool:
    is_in = wide.since <= narrow.since and narrow.until <= wide.until
    return is_in and narrow[:4] == wide[:4] and narrow.where == wide.where and narrow != wide


def _apart(found: Sequence[_Key], name: str) -> tuple[_Key, ...]:
    """Those of which no two share a person: by their values of a dimension, or by their days."""
    chosen: list[_Key] = []
    seen: set[str] = set()
    for each in sorted(found, key=lambda key: (key.until, len(dict(key.where).get(name, ())))):
        values = dict(each.where).get(name, frozenset())
        if name and not (values & seen):
            seen |= values
            chosen.append(each)
        elif not name and (not chosen or chosen[-1].until < each.since):
            chosen.append(each)
    return tuple(chosen)


def _is_within(narrow: _Key, wide: _Key) -> bool:
    """Whether each person of one set is in another, by what the two say of themselves."""
    if narrow[:2] != wide[:2] or narrow == wide:
        return False
    held = dict(narrow.where)
    return (
        narrow.least_attendance >= wide.least_attendance
        and narrow.states <= wide.states
        and wide.since <= narrow.since
        and narrow.until <= wide.until
        and all(name in held and held[name] <= values for name, values in wide.where)
    )
