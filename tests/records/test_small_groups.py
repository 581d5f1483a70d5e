"""No hidden number follows from the shown ones, even for who knows the rule."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.records.small_groups import LEAST, alone, is_open, is_small, split
from tests.examples import examples

CELLS = st.lists(st.integers(0, 40), min_size=1, max_size=14)


def test_a_group_under_five_is_hidden_and_so_is_the_one_that_would_tell_it() -> None:
    assert split({"a": 3, "b": 8, "c": 20}, total=31) == {"a": None, "b": None, "c": 20}
    assert split({"a": 6, "b": 8, "c": 20}, total=34) == {"a": 6, "b": 8, "c": 20}
    assert split({"a": 0, "b": 8}, total=8) == {"a": 0, "b": 8}
    assert split({"a": 1, "b": 1, "c": 0}, total=2) == {"a": None, "b": None, "c": None}
    assert split({"a": 6, "b": 8}, total=None) == {"a": None, "b": None}
    assert [alone(each) for each in (0, 1, 4, 5)] == [0, None, None, 5]


def test_the_cell_that_matters_most_is_hidden_last() -> None:
    cells = {"answered": 30, "in-part": 2, "refused": 7}
    assert split(cells, total=39)["refused"] is None
    assert split(cells, total=39, last=("refused",)) == {
        "answered": None, "in-part": None, "refused": 7,
    }  # fmt: skip


@pytest.mark.parametrize("last", [(), (0,)], ids=["by size", "one last"])
@pytest.mark.parametrize(("count", "most"), [(1, 14), (2, 20), (3, 16), (4, 9), (5, 7)])
def test_whatever_is_shown_each_hidden_number_could_be_another(
    count: int, most: int, last: tuple[int, ...]
) -> None:
    """Every table there is: those that look alike differ in each cell that is hidden."""
    alike: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for cells in product(range(most + 1), repeat=count):
        if LEAST <= sum(cells) <= most:  # so that all that add up to it are among them
            shown = split(dict(enumerate(cells)), total=sum(cells), last=last)
            alike[sum(cells), *shown.values()].append(cells)
    assert alike
    for key, tables in alike.items():
        for place, cell in enumerate(key[1:]):
            values = {table[place] for table in tables}
            assert len(values) > 1 if cell is None else values == {cell}


@given(CELLS)
@examples(300)
def test_nothing_small_is_shown_and_one_hidden_cell_is_never_alone(cells: list[int]) -> None:
    total = sum(cells)
    if is_small(total):
        return
    shown = list(split(dict(enumerate(cells)), total=total).values())
    hidden = [cell for cell, each in zip(cells, shown, strict=True) if each is None]
    assert all(each is None or (each == cell and not is_small(each))
               for cell, each in zip(cells, shown, strict=True))  # fmt: skip
    assert len(hidden) != 1
    assert is_open(shown, total)
    if hidden and len(hidden) < len(cells):
        assert len(hidden) < sum(hidden)


def test_a_table_of_others_is_held_to_the_same() -> None:
    assert not is_open([None, 8], 11)
    assert not is_open([None, None, 8], 10), "both are one"
    assert not is_open([6, 8], 15), "it does not add up"
    assert not is_open([6, None], None)
    assert is_open([None, None, 8], 14)
