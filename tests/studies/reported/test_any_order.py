"""In whatever order tables are imported, the answer is one, and it is what happened."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kancil.studies.keepers.reported import (
    Rules,
    complained,
    complaints_behind,
    reported_keepers,
)
from kancil.studies.reported.balances import check_balances
from kancil.studies.reported.book import NONE, Book
from kancil.studies.reported.follow import CONVENTIONS, follow, follow_converted, together
from kancil.studies.reported.joins import decided, suggest_joins, undecided_twice
from kancil.studies.reported.totals import by_party
from kancil.studies.reported.tricks import find_tricks
from kancil.studies.reported.victims import complaints_of, victims_of
from tests.data.scam.make import TETHER
from tests.studies.reported.cases import EXCHANGE, EXPLORER, FIRST, SECOND, Case, Teller, cases


def name(book: Book, party: int) -> str:
    return "" if party == NONE else book.parties[party].value


def told(case: Case, order: Sequence[Teller], *, joined: bool) -> dict[str, Any]:
    """All that is computed of a case's tables, by what does not depend on their order."""
    decisions = case.joins(order) if joined else []
    book = case.book(order, decisions)
    aside = find_tricks(book).aside | book.kept_for.keys() | set(complaints_of(book))
    opening = check_balances(book).opening
    conversions = case.conversions(book) if joined else []
    rows = book.rows

    def asset(number: int) -> tuple[str, str, str]:
        found = book.assets[number]
        return found.symbol, found.chain, found.contract

    moved = {}
    for place in (each for each in range(len(book)) if each not in aside):
        for convention in CONVENTIONS:
            steps = follow_converted(
                book, [place], conversions, convention=convention, aside=aside, opening=opening
            )
            found = together(steps, book)
            moved[book.place_of(place), convention] = (
                {book.place_of(each): amount for each, amount in found.amounts.items()},
                {(name(book, of), asset(what)): amount
                 for (of, what), amount in found.rests.items()},
            )  # fmt: skip
    rules = Rules(aside=aside, opening=opening, zones=["Asia/Bangkok"] * len(order),
                  conversions=conversions)  # fmt: skip
    keepers = reported_keepers(book, complained(book), rules)
    twice = undecided_twice(book, decided(decisions).keys, aside)
    victims = victims_of(
        book, aside=aside, sinks=(), opening=opening, outcomes={},
        may_be_reversed=twice.sent_back, conversions=conversions,
    )  # fmt: skip
    return {
        "rows": {
            book.place_of(place): (
                name(book, rows.payer[place]), name(book, rows.payee[place]),
                asset(rows.asset[place]), book.amount_text(rows.asset[place], rows.amount[place]),
            )
            for place in range(len(book)) if place not in aside
        },
        "names": sorted(book.name_of(party) for party in range(len(book.parties))),
        "sums": sorted((name(book, of), asset(what), total.came, total.went, total.rows)
                       for of, what, total in by_party(book, aside)),
        "moved": moved,
        "victims": victims.table.rows,
        "keepers": sorted(
            (met.keeper.name, met.keeper.how, met.identifier, met.asset, met.contract, met.most,
             sorted(arrival.place for arrival in met.arrivals))
            for met in keepers.met
        ),
        "suggested": sorted(
            (each.reason, sorted(str(_placed(book, end)) for end in (each.one, each.other)))
            for each in suggest_joins(book, decided(decisions).keys, aside)
        ),
        "twice": [
            sorted(book.place_of(place) for place in found)
            for found in (twice.again(), twice.sent_back)
        ],
    }  # fmt: skip


def _placed(book: Book, end: Any) -> Any:
    """An end of a suggestion, a row by its exhibit instead of the number of its entry."""
    if not isinstance(end, tuple):
        return end
    return next((each.exhibit, end[1]) for each in book.tables if each.entry == end[0])


@given(cases(), st.randoms(use_true_random=False), st.booleans())
def test_any_order_of_importing_the_same_tables_gives_one_answer(
    case: Case, chance: Any, joined: bool
) -> None:
    order = case.tellers()
    other = list(order)
    chance.shuffle(other)
    assert told(case, order, joined=joined) == told(case, other, joined=joined)


@given(cases())
def test_what_is_joined_as_it_truly_is_holds_each_payment_once_and_follows_it_to_its_end(
    case: Case,
) -> None:
    order = case.tellers()[::-1]
    book = case.book(order, case.joins(order))
    aside = find_tricks(book).aside | book.kept_for.keys()
    counted = [place for place in range(len(book)) if place not in aside]
    assert sorted(case.payment_of(book, place) for place in counted) == sorted(
        payment.id for payment in case.payments
    )
    for place in counted:
        payment = case.payment_of(book, place)
        for convention in CONVENTIONS:
            found = follow(book, [place], convention=convention, aside=aside)
            reached = {
                case.payment_of(book, each): amount for each, amount in found.amounts.items()
            }
            amount = book.rows.amount[place]
            if payment in case.reversed:
                assert reached == {payment: amount, payment.replace("paid", "back"): amount}
            elif payment.startswith("paid"):
                assert reached == {payment: amount, payment.replace("paid", "on"): amount}
            elif payment == "withdrawn" and EXPLORER in order:
                assert reached == {"withdrawn": amount, "step 0": amount, "step 1": amount}


@given(cases())
def test_each_victims_share_of_what_was_withdrawn_is_its_share_of_what_was_paid_for_it(
    case: Case,
) -> None:
    order = case.tellers()
    book = case.book(order, case.joins(order))
    aside = find_tricks(book).aside | book.kept_for.keys() | set(complaints_of(book))
    conversions = case.conversions(book)
    on = {each.id.replace("on", "paid"): each.amount
          for each in case.payments if each.id.startswith("on ")}  # fmt: skip
    reversed_ = {
        place for place in range(len(book))
        if case.payment_of(book, place).replace("back", "paid") in case.reversed
    }  # fmt: skip
    found = victims_of(
        book, aside=aside, sinks=(), opening={}, outcomes={}, conversions=conversions,
        reversed=reversed_,
    )  # fmt: skip
    for place, row in zip(found.places, found.table.as_rows(), strict=True):
        paid = case.payment_of(book, place)
        share = 90 * on[paid] // sum(on.values()) if paid in on else 0
        assert row["converted"] == (f"{share} USDT" if share else None)
        assert row["asset"] == "THB"
        assert row["moved_on_most"] == str(on.get(paid, 0)), "in its own currency"
    rules = Rules(aside=aside, zones=["Asia/Bangkok"] * len(order), conversions=conversions)
    keepers = reported_keepers(book, complained(book), rules)
    complaints = {case.payment_of(book, place) for place in found.places} & on.keys()
    most = 90 * sum(on[each] for each in complaints) // max(1, sum(on.values()))
    usdt = [met for met in keepers.met if met.asset == "USDT"]
    assert bool(usdt) == bool(most), "the issuer of what was withdrawn"
    assert {met.most for met in usdt} <= {most}
    places = [place for place in range(len(book)) if place not in aside
              and case.payment_of(book, place) == "withdrawn"]  # fmt: skip
    behind = complaints_behind(book, places, keepers.starts, rules)
    assert {case.payment_of(book, each) for each in behind} == {
        each for each in complaints if 90 * on[each] // sum(on.values())
    }


@given(cases())
def test_a_token_of_an_exchange_bears_the_contract_of_the_transfer_it_is_joined_with(
    case: Case,
) -> None:
    if EXPLORER not in case.tellers():
        return
    for order in itertools.permutations((EXCHANGE, EXPLORER)):
        book = case.book(order, case.joins(order))
        contracts = {
            book.assets[asset].contract
            for asset in book.rows.asset
            if book.assets[asset].symbol == "USDT"
        }
        assert contracts == {TETHER}
        start = next(
            place for place in range(len(book))
            if case.payment_of(book, place) == "withdrawn" and place not in book.kept_for
        )  # fmt: skip
        found = follow(book, [start], convention="fifo", aside=book.kept_for)
        assert [name(book, book.rows.payee[each]) for each in found.amounts][:2] == [FIRST, SECOND]
