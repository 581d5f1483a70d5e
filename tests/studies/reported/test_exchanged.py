"""What may be a conversion at one account: the last payment in before a payment out, soon after."""

from __future__ import annotations

from kancil.studies.reported.book import Party
from kancil.studies.reported.exchanged import may_be_converted
from kancil.studies.reported.joins import CONVERSION
from tests.studies.reported.making import book_of, paid

DAY = {"day": "2026-03-20", "time": "2026-03-20T00:00:00.000000Z"}


def test_another_asset_that_went_out_soon_after_may_be_what_came_in() -> None:
    book = book_of([
        paid(1, "mule", "shop", "100", asset="THB"),
        paid(2, "shop", "friend", "1", asset="THB"),
        paid(3, "other", "shop", "40", asset="THB"),
        paid(4, "shop", "wallet", "4", asset="USDT"),
        paid(5, "wallet", "end", "4", asset="USDT"),
        paid(6, "shop", "wallet", "1", asset="BTC", **DAY),
    ])  # fmt: skip
    shop = book.numbers[Party("name", "shop", "Example")]
    assert may_be_converted(book, shop) == [(2, 3)], "not one asset, and not after days"
    key = (CONVERSION, frozenset({(1, 3), (1, 4)}))
    assert may_be_converted(book, shop, {key}) == [], "somebody decided about it"
    assert may_be_converted(book, shop, (), {2}) == [(0, 3)]
    wallet = book.numbers[Party("name", "wallet", "Example")]
    assert may_be_converted(book, wallet) == []
