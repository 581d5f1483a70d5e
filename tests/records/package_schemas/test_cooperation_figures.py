"""The schema of figures of cooperation holds a package's cells together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kancil.ground.errors import KancilError
from kancil.ground.words import has
from kancil.records.errors import PackageNotReadable, SmallGroupShown
from kancil.records.package_schemas import cooperation_figures as schema
from kancil.records.table import Cell, Holds, Table
from tests.records.package_example import package

TABLES = {each.name: each for each in package().tables}


def with_cell(shape: str, row: int, place: int, cell: Cell) -> dict[str, Table]:
    old = TABLES[shape]
    rows = [list(each) for each in old.rows]
    rows[row][place] = cell
    return {**TABLES, shape: replace(old, rows=tuple(map(tuple, rows)))}


def test_the_example_is_held_to_be_right() -> None:
    schema.check(TABLES)
    for shape in schema.SHAPES:
        shape.check(TABLES[shape.name], "example")


@pytest.mark.parametrize(
    ("tables", "error"),
    [
        (with_cell(schema.OUTCOME.name, 0, 1, 31), PackageNotReadable),
        (with_cell(schema.OUTCOME.name, 1, 1, None), PackageNotReadable),
        (with_cell(schema.TIMES.name, 1, 1, 21), PackageNotReadable),
        (with_cell(schema.BY_KIND.name, 0, 1, 15), SmallGroupShown),
        (with_cell(schema.BY_KIND.name, 2, 3, "2.0"), PackageNotReadable),
        (with_cell(schema.SHARES.name, 0, 1, 9), PackageNotReadable),
        (with_cell(schema.REFUSALS.name, 1, 1, None), SmallGroupShown),
        (with_cell(schema.MONEY.name, 0, 1, None), PackageNotReadable),
    ],
)
def test_cells_that_contradict_each_other_are_refused(
    tables: dict[str, Table], error: type[KancilError]
) -> None:
    with pytest.raises(error):
        schema.check(tables)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: [("all of it", 5, 5, None, None, None), *rows],
        lambda rows: [rows[0], *rows],
        lambda rows: [("freeze", "14", 0, None, None, None)],
        lambda rows: [("freeze", 14, 0, "about three", None, None)],
        lambda rows: [("freeze", True, 0, None, None, None)],
        lambda rows: [("freeze", -1, 0, None, None, None)],
        lambda rows: [(None, 14, 0, None, None, None)],
    ],
)
def test_a_cell_is_a_code_of_the_list_or_a_number(
    change: Callable[[list[tuple[Cell, ...]]], list[tuple[Cell, ...]]],
) -> None:
    rows = change(list(TABLES[schema.BY_KIND.name].rows))
    with pytest.raises(PackageNotReadable):
        schema.BY_KIND.table(rows)


def test_every_code_has_words() -> None:
    for shape in schema.SHAPES:
        assert has(f"table.{shape.name}", "en")
        for column in shape.columns:
            assert has(column.heading.key, "en"), column.name
            if column.holds is Holds.CODE:
                for code in shape.codes[column.name]:
                    assert has(f"{column.words}-{code}", "en"), code
