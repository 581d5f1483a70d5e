"""Tables of others are read in a child: the same answer, the same refusal, and no more."""

from __future__ import annotations

import io

import pytest

from kancil.evidence.errors import TableIsNoText, TableNotReadable
from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.foreign import read_price_table, sniff, try_table
from kancil.evidence.tables.headings import is_heading
from kancil.evidence.tables.price_table import PricesStated, read_prices
from kancil.evidence.tables.table import sniff_as, sniff_table
from kancil.evidence.tables.trial import try_mapping
from kancil.ground.confine import Limits
from kancil.ground.errors import ParserLimitReached
from kancil.ground.phrase import Phrase
from tests.evidence.tables.making import HEADER, mapping

ROWS = "".join(f"2026-03-09 10:0{n},0.{n},BTC,BTC,,,\n" for n in range(1, 8))
TABLE = f"{HEADER}\n{ROWS}x,1,BTC,,,,\n".encode()


def test_the_form_of_a_table_is_seen_as_without_a_child() -> None:
    found = sniff(io.BytesIO(TABLE), "t.csv")
    assert found == sniff_table(io.BytesIO(TABLE), "t.csv", knows=is_heading)
    chosen = sniff(io.BytesIO(TABLE), "t.csv", found.form)
    assert chosen == sniff_as(io.BytesIO(TABLE), found.form, "t.csv")


def test_a_mapping_is_tried_as_without_a_child() -> None:
    there = try_table(io.BytesIO(TABLE), name="t.csv", exhibit_sha256="00" * 32, mapping=mapping())
    here = try_mapping(io.BytesIO(TABLE), name="t.csv", exhibit_sha256="00" * 32, mapping=mapping())
    assert there == here


def test_prices_are_read_as_without_a_child() -> None:
    data = b"Date,Close\n2026-03-09,70000.1\n2026-03-10,x\n"
    stated = PricesStated("Exchange", currency="USD", asset="BTC", amount=AmountForm("."))
    there = read_price_table(io.BytesIO(data), "p.csv", stated)
    assert there == read_prices(io.BytesIO(data), "p.csv", stated)


def test_what_is_no_table_is_refused_as_without_a_child() -> None:
    with pytest.raises(TableIsNoText) as refused:
        sniff(io.BytesIO(b"%PDF-1.7"), "t.pdf")
    assert refused.value.params == {"path": "t.pdf", "what": Phrase("thing.pdf")}
    with pytest.raises(TableNotReadable) as broken:
        sniff(io.BytesIO(b"PK\x03\x04workbook"), "t.xlsx")
    assert broken.value.params["why"] == Phrase("why.sheet-not-workbook")
    with pytest.raises(TableNotReadable):
        sniff(io.BytesIO(b"one"), "t.csv")


def test_a_table_that_takes_more_than_is_allowed_is_ended() -> None:
    long = b"Date,Close\n" + b"2026-03-09,70000.1\n" * 500_000
    stated = PricesStated("Exchange", currency="USD", asset="BTC", amount=AmountForm("."))
    with pytest.raises(ParserLimitReached) as refused:
        read_price_table.within(Limits(1 << 30, 1))(io.BytesIO(long), "p.csv", stated)
    assert refused.value.params["limit"] == Phrase("thing.time")
    with pytest.raises(ParserLimitReached) as refused:
        read_price_table.within(Limits(200 << 20, 60))(io.BytesIO(long), "p.csv", stated)
    assert refused.value.params["limit"] == Phrase("thing.memory")
