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
whose women and men alone are listed, is taken as their sum. A corrected number is a version of its
set (`nested`), and is hidden before one that stands. What is known of its error: no numbers are
solved but along one dimension at a time and in pairs, and what a reader knows otherwise is not
looked at. A number that was published before stands, and hides others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kancil.records.small_groups import LEAST, is_small, split

from .count import Scope
from .nested import Group, Table, near, tables, wider
from .rule import WHOLE, Dimension, Rule, Span
from .shown import number_of

_ALL = 10**12
"""More than any count."""
_ROUNDS = 40


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
    version: int = 0
    """How often the figure was corrected since; 0: it stands."""

    @property
    def group(self) -> Group:
        """The set that it counts."""
        rule = self.rule
        states = frozenset(each.value for each in rule.states)
        return Group(rule.counts.value, rule.times.value, rule.least_attendance, states, self.since,
                     self.until, frozenset(self.where.items()), self.version)  # fmt: skip


def cell(
    id: str,
    rule: Rule,
    scope: Scope,
    value: str,
    *,
    is_shown: bool,
    is_fixed: bool = False,
    version: int = 0,
    more: Mapping[str, str] | None = None,
) -> Cell | None:
    """A cell of a figure; None for one that counts no persons or is no whole number.

    `more`: further conditions by the dimension's name, such as `{"sex": "female"}`.
    """  # fmt: skip
    number = number_of(value)
    if not rule.hides_small or rule.counts not in WHOLE or number is None or number != int(number):
        return None
    where = {str(each): frozenset(values) for each, values in rule.only.items()}
    for name, one in ((Dimension.COUNTRY, scope.country), (Dimension.GRANT, scope.grant)):
        if one:
            where[str(name)] = where.get(str(name), frozenset({one})) & {one}
    where |= {name: frozenset({one}) for name, one in (more or {}).items()}
    since = date.min if rule.span is Span.TO_DATE else scope.since
    return Cell(id, rule, since, scope.until, where, int(number), is_shown, is_fixed, version)


def hidden_together(cells: Sequence[Cell]) -> frozenset[str]:
    """Ids of the shown cells that are hidden for the sake of others; fixed ones are never.

    Those that stand are looked at first; older ones are then hidden beside them, and wherever the
    same set is hidden in what stands. The order of the cells changes nothing.
    """
    standing = [each for each in cells if not each.version]
    hidden = _hidden(standing)
    if len(standing) == len(cells):
        return hidden
    stay = [
        replace(each, is_shown=each.is_shown and each.id not in hidden, is_fixed=True)
        for each in standing
    ]
    sets = {each.group for each in stay if not each.is_shown}
    older = [each for each in cells if each.version]
    gone = {each.id for each in older if each.is_shown and each.group.any_version in sets}
    older = [replace(each, is_shown=each.is_shown and each.id not in gone) for each in older]
    return hidden | gone | _hidden([*stay, *older])


def _hidden(cells: Sequence[Cell]) -> frozenset[str]:
    paper = _Paper()
    groups = {each.id: paper.add(each) for each in cells}
    paper.hide_all()
    return frozenset(
        each.id for each in cells
        if each.is_shown and not each.is_fixed and groups[each.id] in paper.hidden
    )  # fmt: skip


@dataclass(slots=True)
class _Paper:
    """All cells of a paper by their set, and which of them are hidden."""

    values: dict[Group, int] = field(default_factory=dict)
    hidden: set[Group] = field(default_factory=set)
    fixed: set[Group] = field(default_factory=set)
    joining: set[Group] = field(default_factory=set)
    """Sets that nobody lists."""
    versions: dict[Group, list[Group]] = field(default_factory=lambda: defaultdict(list))

    def add(self, each: Cell) -> Group:
        """Enter a cell. One of another number than its set has already is a version of its own."""
        group = each.group
        while self.values.setdefault(group, each.count) != each.count:
            group = group._replace(version=group.version + 1)
        if group not in self.versions[group.any_version]:
            self.versions[group.any_version].append(group)
        if not each.is_shown:
            self.hidden.add(group)
        elif each.is_fixed:
            self.fixed.add(group)
        return group

    def hide_all(self) -> None:
        """Hide sets until nothing small can be computed, as far as they may be hidden."""
        for each in list(self.hidden):
            self._hide(each)
        for narrow, wide in list(near(self.values, [*self.values])):
            if not {narrow, wide} & self.hidden:
                self._hide(wide if narrow in self.fixed or not self.values[narrow] else narrow)
        for some in _linked(self._join()):
            part = _Linked(self, some)
            for table in some:
                for each in part.split(table):
                    self._hide(each)
            while (more := next(filter(self._is_free, part.beside_solved()), None)) is not None:
                self._hide(more)

    def _hide(self, group: Group) -> None:
        """Hide a set in each of its versions, but where it is fixed or nobody is in it."""
        self.hidden |= {each for each in self.versions[group.any_version] if self._is_free(each)}

    def _is_free(self, group: Group) -> bool:
        is_out = group in self.hidden or group in self.fixed
        return not is_out and self.values[group] > 0

    def _join(self) -> list[Table]:
        """All tables, of the sets too that nobody lists and that listed ones are parts of."""
        listed = set(self.versions)
        self.joining = {each for group in listed for each in wider(group)} - listed
        self.hidden |= self.joining
        self.values |= dict.fromkeys(self.joining, 0)
        found = tables(self.values)
        for table in found:
            if table.whole in self.joining:
                parts = sum(self.values[each] for each in table.parts)
                self.values[table.whole] = max(self.values[table.whole], parts)
        return found


def _linked(found: Sequence[Table]) -> Iterator[list[Table]]:
    """Tables that share cells, together."""
    of: dict[Group, list[int]] = defaultdict(list)
    for place, table in enumerate(found):
        for each in (table.whole, *table.parts):
            of[each].append(place)
    seen: set[int] = set()
    for place in range(len(found)):
        if place in seen:
            continue
        seen.add(place)
        some = [place]
        for one in some:  # grows while it is gone through
            table = found[one]
            beside = {more for each in (table.whole, *table.parts) for more in of.pop(each, ())}
            some += beside - seen
            seen |= beside
        yield [found[each] for each in sorted(some)]


@dataclass(slots=True)
class _Linked:
    """Tables that share cells with each other and with no other table."""

    paper: _Paper
    tables: Sequence[Table]

    def _rest(self, table: Table) -> int:
        """How many are in no listed part; less than nothing: counted on different days."""
        values = self.paper.values
        return values[table.whole] - sum(values[each] for each in table.parts)

    def split(self, table: Table) -> Iterator[Group]:
        """The parts of a table that are hidden for each other's sake."""
        rest = self._rest(table)
        if table.whole in self.paper.hidden or rest < 0:
            return
        values = self.paper.values
        cells: dict[Group | None, int] = {each: values[each] for each in table.parts}
        shown = split(cells | {None: rest}, total=values[table.whole], last=(None,))
        yield from (each for each, count in shown.items() if count is None and each is not None)

    def beside_solved(self) -> Iterator[Group]:
        """Sets beside one that a reader narrows to a single number, the smallest first."""
        ranges, rests = self._ranges()
        for group, (low, high) in ranges.items():
            if group not in self.paper.hidden or low != high:
                continue
            if is_small(low) if group in self.paper.joining else self.paper.values[group]:
                yield from self._beside({group})
        for place, (low, high) in enumerate(rests):
            if low == high and is_small(low):
                yield from self._beside({self.tables[place].whole, *self.tables[place].parts})

    def _beside(self, near: set[Group]) -> Iterator[Group]:
        """Shown sets of the tables in which some stand, then of tables that share cells."""
        size = -1
        while size < len(near):
            size = len(near)
            tables = [each for each in self.tables if near & {each.whole, *each.parts}]
            yield from sorted(
                (one for each in tables for one in each.parts), key=self.paper.values.__getitem__
            )
            yield from (each.whole for each in tables)
            near = near | {one for each in tables for one in (each.whole, *each.parts)}

    def _ranges(self) -> tuple[dict[Group, tuple[int, int]], list[tuple[int, int]]]:
        """What a reader knows of each set, who knows the rule, and of each table's rest."""
        ranges = {
            each: self._known(each) for table in self.tables for each in (table.whole, *table.parts)
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

    def _known(self, group: Group) -> tuple[int, int]:
        if group in self.paper.joining:
            return 0, _ALL
        count = self.paper.values[group]
        return _range(count) if group in self.paper.hidden else (count, count)


def _range(count: int) -> tuple[int, int]:
    if is_small(count):
        return 1, LEAST - 1
    return (0, 0) if not count else (LEAST, _ALL)


def _narrow(
    ranges: dict[Group, tuple[int, int]], table: Table, rest: tuple[int, int]
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
