"""Until an officer decides, what may be one payment is told as a range that holds the truth."""

from __future__ import annotations

import pytest
from hypothesis import given

from kancil.ground.words import render_phrase
from kancil.records.transfer import StatedTransfer
from kancil.studies.reported.book import Book
from kancil.studies.reported.joins import (
    REVERSAL,
    SAME,
    TRANSFER,
    Decision,
    decided,
    suggest_joins,
    together,
    undecided_twice,
)
from kancil.studies.reported.totals import by_party, entered, least_of
from kancil.studies.reported.tricks import find_tricks
from kancil.studies.reported.twice import alike, sent_back
from kancil.studies.reported.victims import complaints_of, victims_of
from tests.studies.reported.cases import MULES_BANK, VICTIMS_BANK, Case, cases
from tests.studies.reported.making import book_of, paid, row


def aside_of(book: Book) -> set[int]:
    return {*find_tricks(book).aside, *book.kept_for, *complaints_of(book)}


def total(book: Book, places: set[int]) -> int:
    """Of the money of banks, in its last digit."""
    return sum(
        book.rows.amount[place]
        for place in places
        if book.assets[book.rows.asset[place]].symbol == "THB"
    )


@given(cases())
def test_the_range_holds_the_truth_and_closes_when_all_is_joined(case: Case) -> None:
    order = case.tellers()
    true = sum(payment.amount for payment in case.payments if payment.asset == "THB")
    for decisions in ([], case.joins(order)):
        book = case.book(order, decisions)
        aside = aside_of(book)
        twice = undecided_twice(book, decided(decisions).keys, aside)
        counted = set(range(len(book))) - aside
        assert total(book, counted - twice.least_without()) <= true <= total(book, counted)
        if decisions:
            assert twice.again() == frozenset()
            assert total(book, counted) == true
        for party, asset, most in by_party(book, aside):
            came, went = least_of(book, party, asset, aside, twice)
            assert came <= most.came
            assert went <= most.went


@given(cases())
def test_money_is_counted_once_over_all_its_hops(case: Case) -> None:
    order = case.tellers()
    book = case.book(order, case.joins(order))
    by_symbol = {
        book.assets[asset].symbol: amount for asset, amount in entered(book, aside_of(book)).items()
    }
    paid = [each.amount for each in case.payments if each.id.startswith("paid")]
    assert by_symbol["THB"] == sum(paid), "what went on, or back, is the same money"
    assert by_symbol["USDT"] == 90


@given(cases())
def test_each_payment_that_two_banks_report_is_suggested_over_midnight_and_zones(
    case: Case,
) -> None:
    order = case.tellers()
    book = case.book(order)
    suggested = {each.key for each in suggest_joins(book)}
    entries = {by: entry for entry, by in enumerate(order, 1)}
    for payment in case.payments:
        told = [(entries[by], row) for by, row in payment.reports
                if by in (VICTIMS_BANK, MULES_BANK)]  # fmt: skip
        if len(told) == 2:
            assert (TRANSFER, frozenset(told)) in suggested, payment


def bank(number: int, publisher: str, time: str, direction: str, **more: str) -> StatedTransfer:
    ends = {"from_account": "1112223334", "to_account": "5556667778"}
    return row(number, "500", asset="THB", stated_by=publisher, time=time, day=time[:10],
               direction=direction, **ends | more)  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "is_told"), [("23:59:30", True), ("23:51:00", True), ("23:40:00", False)]
)
def test_rows_are_compared_by_their_moment_and_not_by_the_text_of_their_day(
    minutes: str, is_told: bool
) -> None:
    book = book_of(
        [bank(1, "One", f"2026-03-01T{minutes}.000000Z", "out")],
        [bank(1, "Two", "2026-03-02T00:00:30.000000Z", "in")],
    )
    assert bool(list(alike(book))) == is_told


def test_rows_that_name_accounts_that_differ_are_no_payment_twice() -> None:
    one = bank(1, "One", "2026-03-01T10:00:00.000000Z", "out")
    other = bank(1, "Two", "2026-03-01T10:01:00.000000Z", "in", to_account="9990001112")
    assert list(alike(book_of([one], [other]))) == []
    prefixed = bank(1, "Two", "2026-03-01T10:01:00.000000Z", "in", to_account="0145556667778")
    assert list(alike(book_of([one], [prefixed]))) == [(0, 1)]


def reversed_book(*more: StatedTransfer) -> Book:
    there = bank(1, "Mule", "2026-03-01T10:00:00.000000Z", "in")
    back = bank(2, "Mule", "2026-03-02T10:00:00.000000Z", "out",
                from_account="5556667778", to_account="1112223334")  # fmt: skip
    return book_of([there, back, *more])


def test_a_payment_that_came_back_is_suggested_as_reversed_and_told_in_the_range() -> None:
    book = reversed_book()
    assert sent_back(book) == [(0, 1)]
    (suggestion,) = suggest_joins(book)
    assert (suggestion.what, suggestion.reason) == (REVERSAL, "sent-back")
    twice = undecided_twice(book, [], ())
    assert twice.least_without() == {0, 1}
    assert twice.again() == frozenset()
    decision = Decision(REVERSAL, suggestion.one, suggestion.other, SAME, "sent-back")
    made = decided([decision])
    assert made.reversals == {(1, 1), (1, 2)}
    assert made.one_transfer == (), "they are two rows of one table"
    assert undecided_twice(book, made.keys, ()).least_without() == frozenset()
    assert suggest_joins(book, made.keys) == []


def test_what_moved_on_is_not_known_before_the_account_is_and_never_zero() -> None:
    complaint = row(1, "500", asset="THB", stated_by="Police", to_account="5556667778",
                    notes=("complaint",), time="2026-03-01T10:00:00.000000Z")  # fmt: skip
    book = book_of([complaint])
    found = victims_of(book, aside=aside_of(book), sinks=(), opening={}, outcomes={})
    assert found.unknown == 1
    (told,) = found.table.as_rows()
    assert (told["moved_on_least"], told["moved_on_most"], told["at_service"]) == (None,) * 3


def test_a_complaint_of_a_payment_that_was_sent_back_is_no_second_deposit() -> None:
    complaint = row(3, "500", asset="THB", stated_by="Mule", to_account="5556667778",
                    notes=("complaint",), time="2026-03-01T10:00:00.000000Z")  # fmt: skip
    book = reversed_book(complaint)
    aside = aside_of(book)
    open_ = victims_of(book, aside=aside, sinks=(), opening={}, outcomes={})
    (told,) = open_.table.as_rows()
    assert told["moved_on_least"] == "0", "nobody joined the complaint with a row"
    book.kept_for = {2: 0}
    back = victims_of(
        book, aside={*aside, 0, 1}, sinks=(), opening={}, outcomes={}, reversed={0, 1}
    )
    (told,) = back.table.as_rows()
    assert (told["moved_on_least"], told["moved_on_most"]) == ("0", "0")
    assert back.reversed == 1


def test_pairs_of_equal_reference_of_two_banks_are_one_decision_however_many_they_are() -> None:
    tables = [
        [paid(n, payer, payee, f"{n}00", reference=f"REFERENCE-{n}", stated_by=bank)
         for n in range(1, 61)]
        for bank, payer, payee in (("Bank", "A", "to somebody"), ("Other", "by somebody", "B"))
    ]  # fmt: skip
    book = book_of(*tables)
    suggested = suggest_joins(book)
    groups = together(book, suggested)
    assert [each for one in groups for each in one.members] == suggested
    (references,) = [each for each in groups if each.members[0].reason == "reference"]
    assert len(references.members) == 60
    told = render_phrase(references.said)
    assert told.startswith("60 pairs of rows of Bank, Other have the same reference and the same")
