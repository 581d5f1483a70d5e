"""Which column is what: proposed by headings and by what stands below them, decided by a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kancil.programme.ages import is_email
from kancil.programme.money.sheets import AS_IT_LOOKS, Heading
from kancil.programme.vocabulary import Sex

from .fields import FIELDS, OTHER_NAME, Field, ImportKind, Shape, needed, plain_words, words_of

ORDERS = ("dmy", "mdy")
"""Orders of a day's parts that `3/4/2026` may have; `2026-04-03` is read whatever is chosen."""
_SHORTEST = 4
"""Letters of a name of a field that is looked for within a longer heading."""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How the columns of a file are read."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Heading by field."""
    day_order: str = ""
    """Of `ORDERS`; empty: a day that can be read in two ways is refused."""
    decimal_comma: bool = False
    """Whether `1.234,50` is meant where an amount is text."""
    all_attended: bool = False
    """Of participants: whether the list is of those who came."""
    heading_row: int = 0
    """Number of the row of headings in the file; 0: where they seem to stand."""
    joins_groups: bool = False
    """Whether the row above it names groups of columns, and goes before each heading."""

    @property
    def heading(self) -> Heading:
        """Where the headings stand."""
        return Heading(self.heading_row, self.joins_groups)


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """A column before it is said what it is."""

    heading: str
    """Its own, or its letter; no two are alike."""
    cells: tuple[str, ...]
    """Of the first rows."""
    orders: tuple[str, ...]
    """In which all its days that are text can be read, of `ORDERS`; both: it must be said."""

    @property
    def filled(self) -> tuple[str, ...]:
        """Cells with something in them."""
        return tuple(each for each in self.cells if each.strip())


@dataclass(frozen=True, slots=True)
class Remarks:
    """What whoever imports should know of a file."""

    merged: int = 0
    """Cells that were filled from the merged cell they belong to."""
    formulas: int = 0
    """Formulas whose computed values are read."""
    empty: int = 0
    """Rows in which nothing stands."""
    others: tuple[str, ...] = ()
    """Further sheets, which are not read."""
    hidden: tuple[str, ...] = ()
    """Hidden sheets: the first one is read, others are not."""
    unread: tuple[str, ...] = ()
    """Columns in which something stands and that are not read."""
    buddhist: int = 0
    """Days in years of the Buddhist era, read as 543 years earlier."""
    guessed: str = ""
    """The encoding that a text which is not Unicode seems to have."""


@dataclass(frozen=True, slots=True)
class TableHead:
    """What a file looks like before its columns are mapped."""

    columns: tuple[ColumnLook, ...]
    rows: int
    sha256: str
    """Of the headings, by which a mapping is found again."""
    remarks: Remarks
    heading: Heading = AS_IT_LOOKS
    """Where the headings stand."""
    first: tuple[tuple[int, str], ...] = ()
    """The first rows by number: in which the headings may stand."""

    def guess(self, kind: ImportKind) -> TableMapping:
        """What the columns seem to be: each field at most once."""
        found: dict[str, str] = {}
        free = list(self.columns)
        for fits in (_same, _within, _content):
            for one in FIELDS[kind]:
                if one.name not in found:
                    at = next((each for each in free if fits(one, each)), None)
                    if at is not None:
                        found[one.name] = at.heading
                        free.remove(at)
        if kind is ImportKind.PARTICIPANTS:
            _settle_name(found, free, self.columns)
        order = day_order(kind, found, self.columns)
        return replace(self._at_heading(), columns=found, day_order=order)

    def _at_heading(self) -> TableMapping:
        return TableMapping(heading_row=self.heading.row, joins_groups=self.heading.is_joined)

    def faults(self, kind: ImportKind, mapping: TableMapping) -> Sequence[str]:
        """Fields that are needed and have no column; `day_order` where days have two meanings."""
        there = {each.heading for each in self.columns}
        missing = [
            each.name for each in needed(kind) if mapping.columns.get(each.name, "") not in there
        ]
        chosen = [each for each in self.columns if each.heading in _days(kind, mapping.columns)]
        if not mapping.day_order and any(len(each.orders) > 1 for each in chosen):
            missing.append("day_order")
        return missing


def day_order(kind: ImportKind, columns: Mapping[str, str], looks: Sequence[ColumnLook]) -> str:
    """The one order in which all days can be read; empty where there are two, or no day is text."""
    days = [each.orders for each in looks if each.heading in _days(kind, columns) and each.orders]
    both = [order for order in ORDERS if all(order in orders for orders in days)]
    return both[0] if days and len(both) == 1 else ""


def _settle_name(
    columns: dict[str, str], free: Sequence[ColumnLook], looks: Sequence[ColumnLook]
) -> None:
    """Two columns as the parts of a name, or one as the whole."""
    if "name" not in columns and OTHER_NAME.name in columns:
        columns["name"] = columns.pop(OTHER_NAME.name)
        other = next((each.heading for each in free if _same(OTHER_NAME, each)), None)
        columns.update({OTHER_NAME.name: other} if other else {})
    if _repeats_name(columns, looks):
        del columns[OTHER_NAME.name]


def _repeats_name(columns: Mapping[str, str], looks: Sequence[ColumnLook]) -> bool:
    """Whether what seems the other part of a name stands in the whole name already."""
    cells = {each.heading: each.cells for each in looks}
    names = [columns.get(each, "") for each in ("name", OTHER_NAME.name)]
    if not all(names):
        return False
    both = [(whole, part) for whole, part in zip(*(cells[each] for each in names), strict=False)
            if part.strip()]  # fmt: skip
    return bool(both) and all(plain_words(part) in plain_words(whole) for whole, part in both)


def _days(kind: ImportKind, columns: Mapping[str, str]) -> set[str]:
    names = {each.name for each in FIELDS[kind] if each.shape is Shape.DAY}
    return {heading for name, heading in columns.items() if name in names}


def _same(one: Field, column: ColumnLook) -> bool:
    return plain_words(column.heading) in map(plain_words, one.headings)


def _within(one: Field, column: ColumnLook) -> bool:
    heading = f" {plain_words(column.heading)} "
    names = (plain_words(each) for each in one.headings)
    return any(f" {each} " in heading for each in names if len(each) >= _SHORTEST)


_CONTENT: Mapping[str, Callable[[str], bool]] = {
    "email": is_email,
    "sex": lambda text: plain_words(text) in words_of(Sex),
}


def _content(one: Field, column: ColumnLook) -> bool:
    test = _CONTENT.get(one.name)
    return test is not None and bool(column.filled) and all(map(test, column.filled))
