"""What the page about the store says of its columns, and how much room they take."""

from __future__ import annotations

import re

from kancil.bitcoin.holdings.store_layout import BY_NAME, COLUMNS, Rows, Table, expected_rows
from tests.house.survey import DOCS

_TYPES = {"<i4": "i4", "<u4": "u4", "<i8": "i8", "<u8": "u8", "u1": "u1"}


def test_the_page_lists_every_column_with_its_table_and_type() -> None:
    text = (DOCS / "formats" / "chain-store.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `(\w+)` \| (\w+) \| ([iu]\d(?:\[32\])?) \| (.*) \|$", text, re.MULTILINE
    )
    told = {name: (table, kind) for name, table, kind, _ in rows}
    assert told == {
        column.name: (
            column.table.value,
            _TYPES[column.dtype] + (f"[{column.width}]" if column.width else ""),
        )
        for column in COLUMNS
    }
    for name, _, _, says in rows:
        assert ("changed in place" in says) == BY_NAME[name].is_mutable
        column = BY_NAME[name]
        assert (f"start in {column.points_to}" == says) == (column.points_to is not None)


def test_sizes_add_up_over_columns_and_runs() -> None:
    rows = Rows(blocks=1, transactions=2, inputs=3, outputs=4, scripts=5, payload=6, unknown=7)
    by_hand = sum(rows.entries(column) * column.row_bytes for column in COLUMNS) + 24 * 2 + 16 * 5
    assert rows.size_bytes == by_hand
    assert rows.plus(rows).of(Table.OUTPUTS) == 8
    main = expected_rows(700 * 10**9)
    assert 300e9 < main.size_bytes < 400e9, "the page says about 350 GB"
