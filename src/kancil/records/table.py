"""One description of a table: what its columns hold and in which unit, for every door alike.

A column's name carries its unit (`value_sat`, `block_time`); its heading is the sentence
`column.<name>`, and what it means `column.<name>.help` where that is not plain. Commands, pages,
printed reports, CSV and JSON render this one description.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any

from kancil.ground import canonical
from kancil.ground.cells import plain_cell, write_table
from kancil.ground.phrase import Param, Phrase, as_json, from_json

Cell = str | int | None
Row = tuple[Cell, ...]


class Holds(Enum):
    """What the cells of a column are, which says how a door writes them."""

    TEXT = "text"
    """Other people's words, or ours in no language."""
    CODE = "code"
    """A word of ours: rendered as `<column's words>-<cell>`, or `….<cell>` after a dot."""
    ID = "id"
    """An address, transaction id, outpoint or digest: never broken, never shortened in a file."""
    COUNT = "count"
    SAT = "sat"
    """Whole satoshi; text in JSON."""
    TIME = "time"
    """`YYYY-MM-DDTHH:MM:SSZ`; a block's time unless the column's name says otherwise."""
    DECIMAL = "decimal"
    """Exact decimal number, as text; people see its thousands grouped."""
    DAY = "day"
    PHRASE = "phrase"
    """A reason with its values: canonical JSON of key and parameters, rendered in any language."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    holds: Holds = Holds.TEXT
    words: str = ""
    """Of a code: the beginning of its words' key, such as `name.exposure` or `programme.sex.`."""
    selector: str = ""
    """Kind of the selectors that its cells name (`records.selector`); empty: none."""

    @property
    def heading(self) -> Phrase:
        """What stands above it."""
        return Phrase(f"column.{self.name.replace('_', '-')}")

    @property
    def is_number(self) -> bool:
        """Whether it is set to the right."""
        return self.holds in (Holds.COUNT, Holds.SAT, Holds.DECIMAL)

    def shown(self, cell: Cell) -> Param:
        """A cell for people; a code becomes its words."""
        if cell is None or cell == "":
            return ""
        if self.holds is Holds.CODE:
            return Phrase(f"{self.words}{'' if self.words.endswith('.') else '-'}{cell}")
        if self.holds is Holds.PHRASE:
            value = json.loads(str(cell))
            return Phrase(value["key"], from_json(value["params"]))
        if self.holds is Holds.COUNT and isinstance(cell, int):
            return f"{cell:,}"
        if self.holds is Holds.SAT:
            return f"{int(cell):,}"
        if self.holds is Holds.DECIMAL:
            return f"{Decimal(cell):,}"
        if self.holds is Holds.TIME:
            return str(cell).replace(".000000Z", "Z")
        return cell


def columns(holds: Holds, *names: str, selector: str = "") -> tuple[Column, ...]:
    """Several columns of one kind."""
    return tuple(Column(name, holds, selector=selector) for name in names)


text = partial(columns, Holds.TEXT)
count = partial(columns, Holds.COUNT)
sat = partial(columns, Holds.SAT)
decimal = partial(columns, Holds.DECIMAL)
time = partial(columns, Holds.TIME)
day = partial(columns, Holds.DAY)
phrase = partial(columns, Holds.PHRASE)
identifier = partial(columns, Holds.ID)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under described columns. The sentence `table.<name>` is its title."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def title(self) -> Phrase:
        """What stands above it."""
        return Phrase(f"table.{self.name.replace('_', '-')}")

    def row(self, number: int) -> dict[str, Cell] | None:
        """Row `number`, from 1, by column name; None if there is none."""
        if not 1 <= number <= len(self.rows):
            return None
        return dict(zip((each.name for each in self.columns), self.rows[number - 1], strict=True))

    def as_dict(self) -> dict[str, Any]:
        """The form in a recorded result: satoshi as text, rows as lists."""
        return {
            "columns": [
                {
                    "holds": each.holds.value,
                    "name": each.name,
                    "selector": each.selector,
                    "words": each.words,
                }
                for each in self.columns
            ],
            "name": self.name,
            "rows": [
                [_written(column, cell) for column, cell in zip(self.columns, row, strict=True)]
                for row in self.rows
            ],
        }

    def as_rows(self) -> list[dict[str, Any]]:
        """Rows by column name for `--json` and the API: satoshi as text."""
        return [
            {
                column.name: _written(column, cell)
                for column, cell in zip(self.columns, row, strict=True)
            }
            for row in self.rows
        ]

    def csv(self) -> bytes:
        """The table as CSV, in plain cells that no spreadsheet runs; codes stay codes."""
        rows = [
            [plain_cell(cell) if isinstance(cell, str) else cell for cell in row]
            for row in self.rows
        ]
        return write_table([each.name for each in self.columns], rows)


def _written(column: Column, cell: Cell) -> Cell:
    return str(cell) if column.holds is Holds.SAT and cell is not None else cell


def table_of(name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Table:
    """A table of rows by column name; truths become `yes` and `no`, other keys are left out."""
    return Table(
        name,
        tuple(columns),
        tuple(tuple(_cell(column, row.get(column.name)) for column in columns) for row in rows),
    )


def _cell(column: Column, value: Any) -> Cell:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.holds in (Holds.SAT, Holds.COUNT):
        return int(value)
    if isinstance(value, Phrase):
        return canonical.dumps({"key": value.key, "params": as_json(value.params)}).decode()
    return " ".join(value) if isinstance(value, list | tuple) else str(value)


def read_table(value: Any) -> Table | None:
    """Read what `as_dict` gives; None for anything else."""
    if not isinstance(value, dict) or set(value) != {"columns", "name", "rows"}:
        return None
    try:
        columns = tuple(
            Column(each["name"], Holds(each["holds"]), each["words"], each["selector"])
            for each in value["columns"]
        )
        rows = tuple(
            tuple(_read(column, cell) for column, cell in zip(columns, row, strict=True))
            for row in value["rows"]
        )
    except (KeyError, TypeError, ValueError):
        return None
    found = Table(value["name"], columns, rows)
    return found if found.as_dict() == value else None


def _read(column: Column, cell: Any) -> Cell:
    if cell is None:
        return None
    if column.holds is Holds.SAT:
        return int(cell)
    if column.holds is Holds.COUNT:
        if type(cell) is not int:
            raise TypeError(column.name)
        return cell
    if not isinstance(cell, str):
        raise TypeError(column.name)
    return cell
