"""Totals and ways, against slow plain twins over all rows."""

from __future__ import annotations

from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from kancil.studies.reported.book import NONE, Book
from kancil.studies.reported.paths import find_way
from kancil.studies.reported.totals import by_counterparty, by_day, by_publisher
from tests.examples import examples
from tests.studies.reported.making import book_of, paid
from tests.studies.reported.test_follow import books


def number(book: Book, name: str) -> int:
    return next(n for party, n in book.numbers.items() if party.value == name)


def test_totals_by_counterparty_day_and_publisher() -> None:
    book = book_of(
        [paid(1, "A", "B", "1.5"), paid(2, "B", "A", "0.25"), paid(3, "A", None, "7")],
        [paid(1, "A", "B", "2", stated_by="Other", day="2026-03-16", time=None)],
    )
    rows = by_counterparty(book, number(book, "A")).as_rows()
    columns = ("party", "amount_in", "amount_out", "rows")
    assert [tuple(each[name] for name in columns) for each in rows] == [
        ("B (Example)", "0.25", "1.50", 2), (None, "0.00", "7.00", 1),
    ]  # fmt: skip
    assert [(each["day"], each["amount_out"]) for each in by_day(book).as_rows()] == [
        ("2026-03-15", "8.75"), ("2026-03-16", "2.00"),
    ]  # fmt: skip
    told = {each["stated_by"]: each["amount_out"] for each in by_publisher(book).as_rows()}
    assert told == {"Example": "8.75", "Other": "2.00"}
    assert by_day(book, aside=range(4)).rows == ()


def test_a_way_goes_forward_in_time_and_not_through_a_sink_without_a_reason() -> None:
    book = book_of([paid(1, "M", "T", "1"), paid(2, "V", "M", "1"), paid(3, "M", "Hot", "1"),
                    paid(4, "Hot", "T", "1")])  # fmt: skip
    begin, end, hot = (number(book, name) for name in ("V", "T", "Hot"))
    assert find_way(book, begin, end).places == (1, 2, 3)
    assert find_way(book, begin, end, sinks=[hot]).places == ()
    assert find_way(book, begin, end, sinks=[hot], through=[hot]).places == (1, 2, 3)
    assert find_way(book, end, begin).places == ()


@examples(200)
@given(books(), st.integers(0, 3), st.integers(0, 3))
def test_a_way_is_as_short_as_trying_every_order_of_rows_finds(
    book: Book, begin: int, end: int
) -> None:
    if max(begin, end) >= len(book.parties) or begin == end or len(book) > 6:
        return
    rank = {place: at for at, place in enumerate(book.order)}

    def is_way(places: tuple[int, ...]) -> bool:
        rows = book.rows
        ends = [rows.payer[place] for place in places] + [rows.payee[places[-1]]]
        follows = all(rows.payee[a] == rows.payer[b] for a, b in pairwise(places))
        rising = all(rank[a] < rank[b] for a, b in pairwise(places))
        return ends[0] == begin and ends[-1] == end and follows and rising and NONE not in ends

    lengths = [n for n in range(1, len(book) + 1)
               if any(map(is_way, permutations(range(len(book)), n)))]  # fmt: skip
    found = find_way(book, begin, end).places
    assert len(found) == (lengths[0] if lengths else 0)
    assert not found or is_way(found)
