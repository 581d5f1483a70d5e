"""Values in the printed report: by a dated row of a named table, or no price at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.ground.words import render
from kancil.records.price import Price, PriceBook
from kancil.reports.casework.bundle.content import TraceContent, report_content
from kancil.reports.casework.prosecutor.values import MOST_CURRENCIES, values_blocks
from kancil.reports.document.printed import block_tree
from tests.reports.make_sample_bundle import make_sample
from tests.reports.printed_sample import printed
from tests.reports.test_prosecutor import a_key, caught, whole

FIRST = datetime(2009, 1, 12, tzinfo=UTC)
"""The day of the sample's first transfer: 10 BTC in block 170."""
ZONE = ZoneInfo("Asia/Vientiane")


def price(text: str = "0.05", currency: str = "USD", *, source: str = "Sample Bank") -> Price:
    return Price(
        asset="BTC", currency=currency, price=Decimal(text), start=FIRST,
        end=FIRST + timedelta(days=1), dated="2009-01-12", source=source, licence="CC0-1.0",
        fetched_on="2026-11-01", file_sha256=source[0].lower() * 64, place="line 2",
    )  # fmt: skip


def values(trace: TraceContent, prices: PriceBook, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The blocks as the template reads them."""
    return [block_tree(one) for one in values_blocks(trace, prices, zone)]


@cache
def sample_trace() -> TraceContent:
    return report_content(make_sample().answers).traces[0]


def cells(*prices: Price) -> list[list[str]]:
    """The texts of each row's cells below the values, from the fourth on."""
    block = values(sample_trace(), PriceBook(prices), ZONE)[2]
    return [[" ".join(line["text"] for line in one) for one in row["cells"][3:]]
            for row in block["rows"]]  # fmt: skip


def test_an_amount_is_valued_by_the_row_of_its_own_day_and_no_other() -> None:
    rows = cells(price())
    assert rows[0] == ["0.50 price dated 2009-01-12"]
    assert rows[1] == ["2.00 price dated 2009-01-12"]
    assert rows[-1] == ["no price"], "the last transfer is of another day"
    assert len(rows) == len(sample_trace().transfers.rows)


def test_large_amounts_are_grouped_and_rounded_to_the_currency() -> None:
    (kip,) = cells(price("123456.789", "LAK"))[0]
    assert kip.startswith("1\u202f234\u202f567.89 ")


def test_where_sources_differ_none_is_taken_and_alike_ones_are_named_once() -> None:
    assert cells(price(), price("0.06", source="Other"))[0] == ["no price used: sources differ"]
    text = whole(values(sample_trace(), PriceBook([price(), price(source="Z")]), ZONE))
    assert ("Sample Bank" in text) != ("Z\nstrong" in text)


def test_a_lower_and_an_upper_bound_are_valued_both() -> None:
    trace = sample_trace()
    tables = dict(trace.answer.tables)
    first = list(tables["transfers"][0])
    first[9], first[10] = "0", "100000000"
    tables["transfers"] = [type(tables["transfers"][0])(first), *tables["transfers"][1:]]
    bounded = replace(trace, answer=replace(trace.answer, tables=tables))
    block = values(bounded, PriceBook([price("7")]), ZONE)[2]
    assert block["rows"][0]["cells"][3][0]["text"] == "0.00\u20137.00"


def test_the_table_is_named_with_source_day_and_digest() -> None:
    text = whole(values(sample_trace(), PriceBook([price()]), ZONE))
    for words in ("Sample Bank", "2026-11-01", "CC0-1.0", "s" * 64, render("note.pdf-values-what")):
        assert words in text


def test_without_prices_that_is_said() -> None:
    other = replace(price(), asset="ETH")
    for book in (PriceBook(()), PriceBook([other])):
        blocks = values(sample_trace(), book, ZONE)
        assert render("note.pdf-values-none") in whole(blocks)
        assert not [one for one in blocks if one["block"] == "table"]


def test_more_currencies_than_a_page_has_room_for_are_named_and_left_out() -> None:
    codes = ["EUR", "LAK", "THB", "USD", "VND"]
    block = values(sample_trace(), PriceBook(price("1", one) for one in codes), ZONE)[2]
    assert [one["title"] for one in block["columns"][3:]] == codes[:MOST_CURRENCIES]
    assert "USD, VND" in block["note"]


def test_the_report_prints_them_beside_the_transfers() -> None:
    sample = printed()
    order = replace(sample.order, prices=PriceBook([price()]))
    tree, made = caught(replace(sample, order=order), a_key())
    assert "0.50" in whole(tree["sections"][1])
    assert isinstance(made.pdf, bytes)
    assert made.is_signed
    plain, _ = caught(sample)
    assert render("note.pdf-values-none") in whole(plain["sections"][1])


@settings(max_examples=60)
@given(st.decimals("0", "1e12", places=6), st.sampled_from(["USD", "LAK", "XYZ"]))
def test_any_price_gives_a_text_for_every_row(number: Decimal, currency: str) -> None:
    rows = cells(price(format(number, "f"), currency))
    assert all(text for row in rows for text in row)
