"""The promise of an action: one thing that somebody does to a row, whichever door they come by.

An `Action` says its name, on which register it acts, who may, what is typed, and one function that
changes the row. Calling it opens, permits, holds the row, compares the version that was seen,
checks, writes the row whole or not at all, and writes down who did it.

    change_organisation = Action(
        name="organisation.changed", on=ORGANISATIONS, may=OFFICERS, given=OrganisationInput,
        do=_write,
    )
    change_organisation(by=person, on=id, version=3, given=OrganisationInput(…))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import Model

from kancil.ground import clock
from kancil.records.described import Input, items

from .keeping import keep, keep_changed
from .opening import one_change
from .register import REGISTERS, Register

Row = TypeVar("Row", bound=Model)
Given = TypeVar("Given", bound=Input)


class Books(Protocol):
    """How the books of a site are entered, guarded and written down."""

    def enter(self, by: Any) -> Any:
        """What a person may do in them."""

    def permit(self, allowed: bool, desk: Any) -> None:
        """Refuse whose act this is not."""

    def line(self, row: Any, was: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a line of record says of a row; `was`: its columns before, none of a new one."""

    def require_seen(self, row: Any, seen: int, kinds: tuple[str, ...], about: str) -> None:
        """Refuse a change to a row that was written since; `about`: of the lines that say so."""

    def write_down(self, kind: str, line: Mapping[str, Any], by: Any) -> None:
        """Write the line of record."""


@dataclass(frozen=True, kw_only=True)
class Action(Generic[Row, Given]):
    """One thing that is done, by one description for every door."""

    name: str
    """Kind of its line of record: `organisation.changed`."""
    books: Books
    on: Register[Any]
    """Whose rows it changes; of a new row without a register, that of what it belongs to."""
    makes: type[Row] | None = None
    """The table in which it makes a new row; None: it changes one that is there."""
    may: frozenset[Any]
    """Roles; what a page and an operation ask of the reader follows from it."""
    given: type[Given]
    do: Callable[[Any, Row, Given], str | None] | None = None
    """Changes the row, whose fields that the input names are filled already; gives another kind for
    the line of record, where it was something else. Gets what the person may do, row and input."""
    allows: Callable[[Any, Given], bool] | None = None
    """Whether somebody with such a role may say this, by what they may do in the books."""
    line: Callable[[Row, Mapping[str, Any]], Mapping[str, Any]] | None = None
    """What its line of record says of a row, where it is not what the books say of each."""
    also: tuple[str, ...] = ()
    """Other kinds of lines by which the same row is written."""

    def __call__(
        self, *, by: Any, given: Given, on: str | int = "", version: int | None = None, **more: Any
    ) -> Row:
        """Do it, all or nothing; gives the row.

        `on`: id of the row. `version`: the one that was seen. `more`: further columns of a new row.
        Raises ActNotYours, ChangedMeanwhile, FieldNotUsable, what the register raises for no row,
        and what the function raises.
        """
        line = self.line or self.books.line
        stood: dict[str, Any] = {}
        needed = [each.name for each in items(self.given) if each.is_needed and each.text]
        with one_change():
            desk = self.books.enter(by)
            allowed = self.allows is None or self.allows(desk, given)
            self.books.permit(by.is_active and by.role in self.may and allowed, desk)
            if self.makes is not None:
                row: Row = self.makes(by=by, at=clock.now(), **more)
                kind = self.change(desk, row, given)
                keep(row, *needed)
            else:
                _hold(self.on.row(desk, on))
                row = self.on.row(desk, on)
                stood = _columns(row)
                if version is not None:
                    about = line(row, {})["about"]
                    self.books.require_seen(row, version, (self.name, *self.also), about)
                    row.version += 1  # type: ignore[attr-defined]  # whoever sends one, has one
                kind = self.change(desk, row, given)
                changed = [name for name, value in _columns(row).items() if stood[name] != value]
                keep_changed(row, changed, *needed)
            _link(desk, row, given)
            self.books.write_down(kind, line(row, stood), by)
        return row

    def change(self, desk: Any, row: Row, given: Given) -> str:
        """Fill and change a row that is not written here; gives the kind of its line of record."""
        _fill(desk, row, given)
        return (self.do and self.do(desk, row, given)) or self.name


def _fill(desk: Any, row: Model, given: Input) -> None:
    """Put what was typed into the columns of its name; an id must name a row that is seen."""
    columns = {each.name for each in row._meta.concrete_fields}
    for item in items(type(given)):
        if item.name not in columns:
            continue
        value = getattr(given, item.name)
        if item.is_several:
            value = sorted(map(str, value))
        elif item.of and value:
            value = REGISTERS[item.of].row(desk, value)
        elif item.of:
            value = None
        elif item.words and value is not None:
            value = str(value)
        setattr(row, item.name, value)


def _link(desk: Any, row: Model, given: Input) -> None:
    """Link a row that is written with the rows that fields with several ids name; all are seen."""
    for item in items(type(given)):
        if item.of and item.is_several:
            register, ids = REGISTERS[item.of], getattr(given, item.name)
            getattr(row, item.name).set([register.row(desk, each) for each in ids])


def _columns(row: Model) -> dict[str, Any]:
    return {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}


def _hold(row: Model) -> None:
    """Hold a row until the transaction ends."""
    rows = type(row)._default_manager.select_for_update(no_key=True)
    rows.filter(pk=row.pk).values_list("pk").first()
