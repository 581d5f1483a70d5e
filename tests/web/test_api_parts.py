"""Lists in parts: whatever the limits, every row comes once and in order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.web.look import start_django

places = st.lists(st.integers(1, 12), max_size=25).map(sorted)


@given(places=places, limits=st.lists(st.integers(1, 7), min_size=1, max_size=5))
def test_parts_one_after_another_give_every_row_once_and_in_order(
    places: list[int], limits: list[int]
) -> None:
    start_django()
    from kancil.web.api.fields import part

    rows = list(enumerate(places))  # numbers need not be unique, rows are
    got: list[Any] = []
    cursor: int | None = 0
    turns = 0
    while cursor is not None:
        limit = limits[turns % len(limits)]
        found = part(rows, cursor, limit, lambda row: row[1], lambda row: {"row": row})
        assert len(found["items"]) >= min(limit, 1) or not rows
        got += [item["row"] for item in found["items"]]
        cursor = found["next"]
        turns += 1
        assert turns <= len(rows) + 1
    assert got == rows
