"""Following under both conventions: worked examples, what is conserved, and slow plain twins."""

from __future__ import annotations

from collections import defaultdict, deque
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.studies.reported.book import NONE, Book, Party
from kancil.studies.reported.follow import (
    CONVENTIONS,
    FIFO,
    PROPORTIONAL,
    Convention,
    Followed,
    converted_by,
    converts,
    follow,
    follow_converted,
    together,
)
from tests.examples import examples
from tests.studies.reported.making import book_of, paid

NAMES = ("A", "B", "C", "D", None)


def of(book: Book, found: Followed) -> dict[int, int]:
    """What was found by the number of the row."""
    return {book.rows.row[place]: amount for place, amount in found.amounts.items()}


CLAYTON = book_of(
    [
        paid(1, "Victim", "Mule", "60"),
        paid(2, "Salary", "Mule", "40"),
        paid(3, "Mule", "Shop", "50"),
        paid(4, "Mule", "Boss", "50"),
    ]
)


@pytest.mark.parametrize(
    ("convention", "expected"),
    [(FIFO, {1: 60, 3: 50, 4: 10}), (PROPORTIONAL, {1: 60, 3: 30, 4: 30})],
)
def test_an_account_with_money_of_two_is_followed_by_each_convention(
    convention: Convention, expected: dict[int, int]
) -> None:
    assert of(CLAYTON, follow(CLAYTON, [0], convention=convention)) == expected


@pytest.mark.parametrize(
    ("convention", "expected"),
    [(FIFO, {4: 50, 2: 40, 1: 10}), (PROPORTIONAL, {4: 50, 2: 20, 1: 30})],
)
def test_where_it_came_from_is_told_by_each_convention(
    convention: Convention, expected: dict[int, int]
) -> None:
    assert of(CLAYTON, follow(CLAYTON, [3], convention=convention, way="backward")) == expected


@pytest.mark.parametrize("convention", [FIFO, PROPORTIONAL])
def test_following_stops_at_a_sink_and_says_how_much_came_there(convention: Convention) -> None:
    book = book_of([paid(1, "V", "Hot", "10"), paid(2, "Hot", "X", "10")])
    hot = next(n for party, n in book.numbers.items() if party.value == "Hot")
    found = follow(book, [0], convention=convention, sinks=[hot])
    assert (of(book, found), found.stops) == ({1: 10}, {(hot, 0): 10})


@pytest.mark.parametrize("convention", [FIFO, PROPORTIONAL])
def test_money_that_no_table_reports_to_have_come_in_is_told_apart(convention: Convention) -> None:
    book = book_of([paid(1, "V", "M", "10"), paid(2, "M", "X", "25")])
    back = follow(book, [1], convention=convention, way="backward")
    mule = next(n for party, n in book.numbers.items() if party.value == "M")
    assert of(book, back) == {2: 25, 1: 10}
    assert back.rests[mule, 0] == 15


def test_an_opening_balance_leaves_first_under_fifo() -> None:
    book = book_of([paid(1, "V", "M", "10"), paid(2, "M", "X", "10")])
    mule = next(n for party, n in book.numbers.items() if party.value == "M")
    found = follow(book, [0], convention=FIFO, opening={(mule, 0): 10})
    assert of(book, found) == {1: 10}
    assert found.rests == {(mule, 0): 10}


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Some small payments among a few."""
    pairs = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 6))
    rows = draw(st.lists(pairs, min_size=1, max_size=10))
    return book_of([paid(n, *pair[:2], str(pair[2])) for n, pair in enumerate(rows, 1)])


def moved(book: Book) -> list[int]:
    rows = book.rows
    return [
        place
        for place in book.order
        if rows.payer[place] != rows.payee[place] and rows.amount[place]
    ]


def slow_fifo(book: Book, start: int) -> tuple[dict[int, int], dict[int, int]]:
    """Unit by unit: of each unit the rows it went through; forward and backward of one row."""
    rows = book.rows
    lines: defaultdict[int, deque[list[int]]] = defaultdict(deque)
    units: list[list[int]] = []
    for place in moved(book):
        for _ in range(rows.amount[place]):
            line = lines[rows.payer[place]]
            if rows.payer[place] != NONE and line:
                unit = line.popleft()
            else:
                unit = []
                units.append(unit)
            unit.append(place)
            if rows.payee[place] != NONE:
                lines[rows.payee[place]].append(unit)
    forward: defaultdict[int, int] = defaultdict(int)
    backward: defaultdict[int, int] = defaultdict(int)
    for unit in units:
        if start in unit:
            at = unit.index(start)
            for place in unit[at:]:
                forward[place] += 1
            for place in unit[: at + 1]:
                backward[place] += 1
    return dict(forward), dict(backward)


@examples(300)
@given(books(), st.integers(0, 9))
def test_fifo_is_what_unit_by_unit_gives(book: Book, number: int) -> None:
    start = number % len(book)
    if start not in moved(book):
        return
    forward, backward = slow_fifo(book, start)
    assert {p: a for p, a in follow(book, [start], convention=FIFO).amounts.items() if a} == forward
    back = follow(book, [start], convention=FIFO, way="backward")
    assert {p: a for p, a in back.amounts.items() if a} == backward


@examples(300)
@given(books(), st.integers(0, 9))
def test_proportional_is_what_fractions_give_but_for_rounding(book: Book, number: int) -> None:
    start = number % len(book)
    rows = book.rows
    holds: defaultdict[int, int] = defaultdict(int)
    followed: defaultdict[int, Fraction] = defaultdict(Fraction)
    exact: dict[int, Fraction] = {}
    for place in moved(book):
        payer, payee, amount = rows.payer[place], rows.payee[place], rows.amount[place]
        part = Fraction()
        if payer != NONE and amount:
            holds[payer] = max(holds[payer], amount)
            part = followed[payer] * amount / holds[payer]
            holds[payer] -= amount
            followed[payer] -= part
        if place == start:
            part = Fraction(amount)
        exact[place] = part
        if payee != NONE:
            holds[payee] += amount
            followed[payee] += part
    found = follow(book, [start], convention=PROPORTIONAL).amounts
    for place, part in exact.items():
        assert abs(part - found.get(place, 0)) <= len(book), "each payment rounds off less than one"
        assert found.get(place, 0) <= rows.amount[place]


@examples(200)
@given(books(), st.integers(0, 9), st.sampled_from([FIFO, PROPORTIONAL]))
def test_backward_from_a_row_finds_what_forward_brings_there(
    book: Book, number: int, convention: Convention
) -> None:
    start = number % len(book)
    back = follow(book, [start], convention=convention, way="backward")
    for place, amount in back.amounts.items():
        there = follow(book, [place], convention=convention).amounts.get(start, 0)
        assert abs(there - amount) <= (len(book) if convention == PROPORTIONAL else 0)


def test_as_large_a_share_is_followed_beyond_a_conversion_as_came_to_it() -> None:
    usdt = {"asset": "USDT"}
    book = book_of([
        paid(1, "victim", "mule", "60", asset="THB"),
        paid(2, "other", "mule", "40", asset="THB"),
        paid(3, "mule", "shop", "100", asset="THB"),
        paid(4, "shop", "wallet", "9.999", **usdt),
        paid(5, "wallet", "end", "9.999", **usdt),
    ])  # fmt: skip
    for convention in CONVENTIONS:
        assert not converts(book, 2, 4)
        assert converts(book, 2, 3)
        steps = follow_converted(book, [0], [(2, 3)], convention=convention)
        assert [step.amounts for step in steps] == [{0: 60, 2: 60}, {3: 5999, 4: 5999}]
        whole = together(steps, book)
        assert whole.amounts == {0: 60, 2: 60, 3: 5999, 4: 5999}
        shop = book.numbers[Party("name", "shop", "Example")]
        assert (shop, book.rows.asset[2]) not in whole.rests, "it went on as another asset"


def test_two_payments_converted_into_one_row_give_it_once_and_by_their_share() -> None:
    book = book_of([
        paid(1, "victim", "shop", "60", asset="THB"),
        paid(2, "victim", "mule", "30", asset="THB"),
        paid(3, "other", "mule", "10", asset="THB"),
        paid(4, "mule", "shop", "40", asset="THB"),
        paid(5, "shop", "wallet", "10.00", asset="USDT"),
        paid(6, "wallet", "swap", "10.00", asset="USDT"),
        paid(7, "swap", "end", "0.5", asset="BTC"),
    ])  # fmt: skip
    conversions = [(0, 4), (3, 4), (5, 6)]
    swap, end = (book.numbers[Party("name", each, "Example")] for each in ("swap", "end"))
    for convention in CONVENTIONS:
        steps = follow_converted(
            book, [0, 1], conversions, convention=convention, sinks=[swap, end]
        )  # fmt: skip
        assert together(steps, book).amounts == {0: 60, 1: 30, 3: 30, 4: 900, 5: 900, 6: 4}
        usdt, btc = book.rows.asset[4], book.rows.asset[6]
        assert converted_by(book, steps) == {usdt: 900, btc: 4}
        assert together(steps, book).stops == {(end, btc): 4}, "what was converted stops nowhere"


def test_shares_of_two_currencies_are_never_one_sum() -> None:
    book = book_of([
        paid(1, "victim", "shop", "1000", asset="THB"),
        paid(2, "victim", "shop", "7", asset="LAK"),
        paid(3, "shop", "wallet", "10", asset="USDT"),
    ])  # fmt: skip
    for convention in CONVENTIONS:
        both = follow_converted(book, [0], [(0, 2), (1, 2)], convention=convention)
        assert together(both, book).amounts == {0: 1000, 2: 10}
        all_of_it = follow_converted(book, [0, 1], [(0, 2), (1, 2)], convention=convention)
        assert together(all_of_it, book).amounts[2] == 10, "at most the whole"
