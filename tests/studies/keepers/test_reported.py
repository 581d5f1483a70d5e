"""Keepers of the invented swindle: by statement, number, transaction, contract; and by no guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kancil.ground.words import render_phrase
from kancil.studies.keepers.keeper import Keepers, Met
from kancil.studies.keepers.reported import (
    Rules,
    complained,
    complaints_behind,
    reported_keepers,
)
from kancil.studies.keepers.rest import GONE, PASSED, STAYS
from kancil.studies.reported.balances import check_balances
from kancil.studies.reported.book import Book
from kancil.studies.reported.joins import SERVICE, Decision
from kancil.studies.reported.tricks import find_tricks
from kancil.studies.reported.victims import complaints_of
from tests.data.scam.make import FIRST, SECOND, TETHER
from tests.studies.reported.making import book_of, paid, row
from tests.studies.reported.scam import all_confirmed, scam_book

SWAP_ADDRESS = "TC349xxEnsekzGyuDnwQYqLD3uzjigHu7d"


def rules_of(book: Book, sinks: tuple[int, ...] = ()) -> Rules:
    tricks = find_tricks(book)
    aside = tricks.aside | frozenset(book.kept_for) | frozenset(complaints_of(book))
    return Rules(aside=aside, sinks=sinks, hubs=tricks.hub_parties, zones=["Asia/Vientiane"] * 6,
                 closing=check_balances(book).closing)  # fmt: skip


def found(book: Book, starts: list[int], sinks: tuple[int, ...] = ()) -> Keepers:
    return reported_keepers(book, starts, rules_of(book, sinks))


def named(keepers: Keepers) -> dict[tuple[str, str], Met]:
    return {(each.keeper.name, each.identifier): each for each in keepers.met}


def test_complaints_lead_to_the_mule_account_and_to_the_issuer_of_the_token() -> None:
    book = scam_book()
    keepers = named(found(book, complained(book)))
    bank = keepers["Mekong Example Bank", "0305551112"]
    assert (bank.keeper.how, bank.keeper.kind) == ("number", "bank"), "nobody joined them yet"
    assert bank.amount_text(bank.most) == "70000000"
    assert [each.reference for each in bank.arrivals] == ["TXN-778120", "TXN-778121"]
    assert {each.reported_by for each in bank.arrivals} == {"Example Police"}
    assert bank.arrivals[0].when == "2009-01-09 (Asia/Vientiane)", "a day, in the table's zone"
    assert bank.latest == datetime(2009, 1, 9, 17, 0, tzinfo=UTC), "its end"
    issuer = keepers["Tether", FIRST]
    assert (issuer.keeper.kind, issuer.contract) == ("issuer", TETHER)
    assert len(keepers) == 2


def test_confirmed_joins_let_the_money_be_followed_to_the_exchange_by_its_own_statement() -> None:
    book = scam_book(all_confirmed())
    starts = complained(book)
    keepers = found(book, starts)
    exchange = next(each for each in keepers.met if each.keeper.name == "Example Exchange")
    assert (exchange.keeper.kind, exchange.keeper.how) == ("exchange", "statement")
    assert exchange.identifier_kind == "holder", "its statement does not name the account"
    assert exchange.arrivals[0].address == "7770001234", "the bank that paid it does"
    assert exchange.amount_text(exchange.most) == "69000000"
    places = [place for place in book.order if book.place_of(place) == exchange.arrivals[0].place]
    behind = complaints_behind(book, places, keepers.starts, rules_of(book))
    assert [book.place_of(each) for each in behind] == ["E3, line 5", "E3, line 6"]


def test_a_transaction_in_a_statement_names_the_keeper_of_a_deposit_address() -> None:
    for decisions in ((), all_confirmed()):
        book = scam_book(decisions)
        start = book.place_named("E5, line 2")
        assert start is not None
        keepers = named(found(book, [start]))
        swap = keepers["Example Swap", "SW-4471-2009"]
        (arrival,) = swap.arrivals
        assert (arrival.address, arrival.through) == (SWAP_ADDRESS, (SECOND,))
        assert arrival.txid.startswith("da47c2f4")
        assert (swap.least, swap.most) == (3100 * 10**6, 3100 * 10**6)
        assert keepers["Tether", SWAP_ADDRESS].asset == "USDT"
        assert len([each for each in keepers if each[0] == "Example Swap"]) == 1, "counted once"


def test_an_address_that_nobody_names_is_counted_and_an_officers_service_is_a_keeper() -> None:
    book = scam_book()
    start = book.place_named("E6, line 3")
    assert start is not None
    keepers = found(book, [start])
    assert keepers.met == ()
    (other,) = keepers.elsewhere
    assert (other.asset, other.addresses, other.most) == ("BTC", 1, 10)
    party = book.parties[book.rows.payee[start]]
    decided = scam_book((Decision(SERVICE, party, None, "same", "own"),))
    sink = decided.numbers[party]
    (service,) = found(decided, [start], (sink,)).met
    assert (service.keeper.how, service.keeper.kind) == ("decision", "unknown")
    assert service.keeper.name == "", "a decision names no owner"


def test_a_number_that_two_banks_have_names_neither() -> None:
    of = {"to_account": "030-555-1112", "asset": "THB"}
    book = book_of(
        [row(1, "100", stated_by="Bank A", direction="in", **of)],
        [row(2, "100", stated_by="Bank B", direction="in", **of)],
        [row(3, "100", stated_by="Police", **of)],
    )
    (one,) = found(book, [2]).met
    assert (one.keeper.name, one.keeper.how, one.keeper.kind) == ("", "none", "unknown")
    (one,) = found(book, [0]).met
    assert (one.keeper.name, one.keeper.how) == ("Bank A", "statement")


def test_money_that_comes_back_to_an_account_counts_once_at_least() -> None:
    book = book_of([
        paid(1, "Victim", "Mule", "100"), paid(2, "Mule", "Second", "100"),
        paid(3, "Second", "Mule", "100"),
    ])  # fmt: skip
    mule, _second = sorted(found(book, [0]).met, key=lambda each: each.identifier)
    assert mule.identifier == "Mule"
    assert [each.may_be_again for each in mule.arrivals] == [False, True]
    assert (mule.least, mule.most) == (100, 100)


def test_false_tokens_and_dust_never_make_a_keeper() -> None:
    book = scam_book()
    starts = [place for place in book.order if place not in rules_of(book).aside]
    places = {each.place for one in found(book, starts).met for each in one.arrivals}
    assert not places & {"E5, line 4", "E5, line 5"}


def test_without_a_start_nothing_is_met() -> None:
    assert found(scam_book(), []) == Keepers()


def test_a_statement_in_the_case_shows_what_is_left_of_what_victims_paid() -> None:
    for decisions in ((), all_confirmed()):
        book = scam_book(decisions)
        met = found(book, complained(book)).met
        bank = next(each for each in met if each.keeper.name == "Mekong Example Bank")
        rest = bank.remaining
        assert (bank.amount_text(rest.most), bank.amount_text(rest.arrived)) == (
            "1400000" if not decisions else "1000000", "70000000",
        )  # fmt: skip
        assert (rest.said_by, rest.balance_day) == ("Mekong Example Bank", "2009-01-10")
        assert rest.state == PASSED


def test_an_address_that_passed_all_on_a_minute_later_stands_last() -> None:
    start, on, end = "Victim", "Middle", "End"
    book = book_of([
        row(1, "100", from_name=start, to_name=on, time="2026-03-01T10:00:00Z"),
        row(2, "100", from_name=on, to_name=end, time="2026-03-01T10:01:00Z"),
    ])  # fmt: skip
    met = {each.identifier: each.remaining for each in found(book, [0]).met}
    assert (met[on].most, met[on].state) == (0, GONE)
    assert met[on].soon == timedelta(minutes=1)
    assert (met[end].most, met[end].state, met[end].soon) == (100, STAYS, None)


def test_an_account_that_pays_out_another_asset_may_have_exchanged_it() -> None:
    book = scam_book(all_confirmed())
    met = found(book, complained(book)).met
    exchange = next(each for each in met if each.keeper.name == "Example Exchange")
    rest = exchange.remaining
    assert (rest.in_other, rest.soon, rest.state) == ("USDT", timedelta(hours=7, minutes=5), PASSED)


def test_a_token_named_without_its_contract_may_have_left_under_its_contract() -> None:
    book = scam_book()
    issuer = named(found(book, complained(book)))["Tether", FIRST]
    rest = issuer.remaining
    assert (rest.most, rest.least, rest.state) == (30_050, 0, PASSED)
    assert "it may be this money" in render_phrase(issuer.reason(datetime(2009, 2, 1, tzinfo=UTC)))


def test_a_confirmed_conversion_leads_on_to_the_keepers_of_the_other_asset() -> None:
    book = scam_book(all_confirmed())
    places = [book.place_named(each) for each in ("E4, line 2", "E4, line 3", "E6, line 2",
                                                  "E6, line 3")]  # fmt: skip
    first, out, second, bitcoin = (book.kept_for.get(each or 0, each or 0) for each in places)
    starts = [complained(book)[0]]
    assert {each.asset for each in found(book, starts).met} == {"LAK"}
    rules = replace(rules_of(book), conversions=[(first, out), (second, bitcoin)])
    keepers = reported_keepers(book, starts, rules)
    met = named(keepers)
    exchange = next(each for each in keepers.met if each.keeper.name == "Example Exchange")
    assert (exchange.asset, exchange.remaining.most) == ("LAK", 0), "it was converted"
    swap = met["Example Swap", "SW-4471-2009"]
    # By which share of 69 million the first victim paid: 49 to 50 million, so of 3,190 USDT.
    assert (swap.asset, met["Tether", FIRST].asset) == ("USDT", "USDT")
    assert 2265 < float(met["Tether", FIRST].amount_text(met["Tether", FIRST].most)) < 2312
    assert swap.remaining.most == 0, "it went out as bitcoin"
    behind = complaints_behind(book, [second], keepers.starts, rules)
    assert [book.place_of(each) for each in behind] == [book.place_of(starts[0])]


def test_what_an_account_pays_out_on_a_chain_is_followed_where_both_tables_were_joined() -> None:
    tron = {"chain": "tron", "txid": "ab" * 32, "contract": TETHER}
    statement = [
        row(1, "100", from_name="victim", direction="in", stated_by="Exchange"),
        row(2, "100", direction="out", to_address=FIRST, stated_by="Exchange", **tron),
    ]
    chain = [row(2, "100", from_address=SWAP_ADDRESS, to_address=FIRST, **tron)]
    for joined in ((), [{(1, 2), (2, 2)}]):
        statement[0] = replace(statement[0], contract=TETHER, chain="tron")
        book = book_of(statement, chain, one_transfer=joined)
        met = found(book, [0]).met
        wallet = next((each for each in met if each.identifier == FIRST), None)
        assert (wallet is not None) == bool(joined), "the chain names another payer until joined"
