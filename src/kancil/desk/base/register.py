"""The promise of a register: rows of one table that a person may see, found, sorted and shown.

From one `Register` come its list on a page with search, sorting and pages, its CSV, the command
that lists it with `--json`, the choices of a field that names one of its rows (`described.Of`), and
the row on which an `Action` acts. Who sees which rows is said once, in `seen`.

A register that needs more than three special cases of its doors gets a page by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.expressions import OrderBy

from kancil.ground.errors import KancilError
from kancil.records.described import Input
from kancil.records.table import Column, Table, table_of

from .keeping import unusable

Row = TypeVar("Row", bound=Model)
REGISTERS: dict[str, Register[Any]] = {}
"""By name: what `described.Of` names."""


@dataclass(frozen=True)
class Shown(Generic[Row]):
    """One column of a register."""

    column: Column
    value: Callable[[Row], Any]
    lists: bool = False
    """Whether it stands in the list on a page and in that of a command; a file has all columns."""


@dataclass(frozen=True, kw_only=True)
class Register(Generic[Row]):
    """Rows of one table, as a site shows them."""

    name: str
    """In the singular: `organisation`."""
    seen: Callable[[Any], QuerySet[Row]]
    """Those that a person may see, by what they may do in the books; refuses who may see none."""
    missing: Callable[[str], KancilError]
    """The error for an id that names none of theirs."""
    columns: Sequence[Shown[Row]] = ()
    """None where rows are chosen and acted on, and listed by hand."""
    asked: type[Input] = Input
    """What may be looked for: a field by the name of a column of the table, and `sort`."""
    sorts: Mapping[str, Sequence[str | OrderBy]] = field(default_factory=lambda: {"id": ("pk",)})
    named: Callable[[Row], str] = str
    """A row's own name."""
    code: str = ""
    """Column of another name by which a row is known at every door, as its id is."""
    grouped: Callable[[Row], str] | None = None
    """Under which heading a row stands among choices."""
    in_use: Mapping[str, Any] = field(default_factory=dict)
    """Which rows are offered as choices: a filter of the table."""
    find: Callable[[QuerySet[Row], Any], QuerySet[Row]] | None = None
    """How it is looked for, where columns that are equal do not say it."""
    leaving: Callable[[Row], Row] | None = None
    """A row as a list that leaves may have it."""

    def __post_init__(self) -> None:
        """Take its place among all registers."""
        REGISTERS[self.name] = self

    def found(self, desk: Any, asked: Input) -> QuerySet[Row]:
        """Rows that a person sees and looks for, sorted; raises FieldNotUsable for another sort."""
        rows = self.seen(desk)
        wanted = asked.model_dump(exclude_none=True, exclude_defaults=True)
        sort = wanted.pop("sort", None) or next(iter(self.sorts))
        if sort not in self.sorts:
            raise unusable("sort", "words", words=", ".join(self.sorts))
        order = self.sorts[sort]
        if self.find is not None:
            return self.find(rows, asked).order_by(*order)
        return rows.filter(**wanted).order_by(*order)

    def row(self, desk: Any, id: str | int) -> Row:
        """One row that a person sees; raises what `missing` makes."""
        fits = 0 < id < 2**63 if isinstance(id, int) else 0 < len(id) <= 36
        row = self.seen(desk).filter(pk=id).first() if fits else None
        if row is None and self.code:
            row = self.seen(desk).filter(**{self.code: str(id)[:300]}).first()
        if row is None:
            raise self.missing(str(id))
        return row

    def table(self, rows: Iterable[Row]) -> Table:
        """Rows as a described table, for files and commands: a list that leaves."""
        columns = [each.column for each in self.columns]
        rows = map(self.leaving, rows) if self.leaving else rows
        cells = ({each.column.name: each.value(row) for each in self.columns} for row in rows)
        return table_of(self.name, columns, cells)

    def choices(self, desk: Any, standing: object = "") -> dict[str, list[tuple[str, str]]]:
        """Ids and names by heading, sorted; also those that `standing` names, though ended."""
        seen = self.seen(desk)
        rows = seen.filter(**self.in_use)
        if standing:
            rows |= seen.filter(pk__in=standing if isinstance(standing, list) else [standing])
        found: dict[str, list[tuple[str, str]]] = {}
        for row in rows.order_by():
            heading = self.grouped(row) if self.grouped else ""
            found.setdefault(heading, []).append((str(row.pk), self.named(row)))
        return {each: sorted(found[each], key=itemgetter(1)) for each in sorted(found)}
