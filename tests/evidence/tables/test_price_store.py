"""Stored prices come back exactly, once each, and a changed file is noticed. All are invented."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kancil.evidence.errors import PricesBroken
from kancil.evidence.tables.price_store import list_prices, load_prices, store_prices
from kancil.records.price import Valued, value_at
from tests.evidence.tables.test_price_table import prices

TABLE = "Date,Price\n2026-03-09,50000.123456789012345678\n2026-03-10,2\n"
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def test_prices_come_back_to_the_last_digit(tmp_path: Path) -> None:
    stored = store_prices(tmp_path, prices(TABLE))
    assert (stored.is_new, stored.rows) == (True, 2)
    answer = value_at(load_prices(tmp_path), "BTC", NOON, "USD", Decimal(2))
    assert isinstance(answer, Valued)
    assert answer.exact == Decimal("100000.246913578024691356")
    assert answer.row == prices(TABLE).prices[0]


def test_the_same_table_with_the_same_statements_is_stored_once(tmp_path: Path) -> None:
    first = store_prices(tmp_path, prices(TABLE))
    again = store_prices(tmp_path, prices(TABLE))
    other = store_prices(tmp_path, prices(TABLE, source="another"))
    assert (again.id, again.is_new) == (first.id, False)
    assert other.is_new
    assert [each.id for each in list_prices(tmp_path)] == [first.id, other.id]


def test_a_changed_or_renamed_file_stops_the_work(tmp_path: Path) -> None:
    stored = store_prices(tmp_path, prices(TABLE))
    whole = stored.path.read_bytes()
    stored.path.write_bytes(whole[:-1])
    with pytest.raises(PricesBroken):
        load_prices(tmp_path)
    stored.path.write_bytes(whole)
    stored.path.rename(tmp_path / "prices.parquet")
    with pytest.raises(PricesBroken):
        list_prices(tmp_path)


def test_an_empty_workspace_has_no_prices(tmp_path: Path) -> None:
    assert list_prices(tmp_path / "none") == []
    assert load_prices(tmp_path).pairs == ()
