"""What fools people is caught, against slow plain twins, and what is sound is left alone."""

from __future__ import annotations

from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground import base58
from kancil.records.asset import unit_digits
from kancil.records.transfer import StatedTransfer
from kancil.studies.reported.book import Asset, Party
from kancil.studies.reported.tricks import (
    HUB_PARTIES,
    ends_of,
    find_tricks,
    issued_tokens,
    issuer_of,
    seen_as,
)
from tests.data.scam.make import FIRST, LOOK_ALIKE, SECOND, SPAMMER, TETHER, invented
from tests.studies.reported.making import book_of, row


def test_the_known_tokens_are_those_that_readings_know_too() -> None:
    for token in issued_tokens():
        assert unit_digits(token.symbol, token.chain, token.contract) == 6
        assert len(token.source) > 20


@pytest.mark.parametrize("symbol", ["USDT", "usdt", "USD\u20ae", "USD\u0422", " USDT ", "U$DT"])
def test_a_symbol_that_reads_as_usdt_is_held_to_the_issuers_contract(symbol: str) -> None:
    assert seen_as(symbol) == "USDT"
    false = issuer_of(Asset(symbol, "tron", SPAMMER))
    assert false is not None
    assert false.contract == TETHER


@pytest.mark.parametrize(
    "asset",
    [
        Asset("USDT", "tron", TETHER), Asset("USDT", "tron"), Asset("USDT"),
        Asset("USDTX", "tron", SPAMMER), Asset("USDT", "some-chain", SPAMMER), Asset("LAK"),
    ],
)  # fmt: skip
def test_the_token_itself_and_what_is_not_known_is_not_called_false(asset: Asset) -> None:
    assert issuer_of(asset) is None


def test_who_fell_for_a_look_alike_is_told_with_the_amount() -> None:
    def tron(number: int, payer: str, payee: str, amount: str) -> StatedTransfer:
        return row(number, amount, from_address=payer, to_address=payee, chain="tron",
                   contract=TETHER)  # fmt: skip

    book = book_of([tron(1, FIRST, SECOND, "10"), tron(2, LOOK_ALIKE, FIRST, "0"),
                    tron(3, FIRST, LOOK_ALIKE, "2500")])  # fmt: skip
    found = find_tricks(book)
    (alike,) = found.look_alikes.as_rows()
    assert (alike["address"], alike["looks_like"]) == (LOOK_ALIKE, SECOND)
    assert alike["paid_to_it"] == "2\u202f500 USDT"
    assert found.dust == {1}


@st.composite
def addresses(draw: st.DrawFn) -> list[str]:
    """TRON addresses, some of which begin and end alike by being made so."""
    names = draw(st.lists(st.integers(0, 40), min_size=2, max_size=8, unique=True))
    found = [invented(f"made {name}") for name in names]
    return [*found, *([SECOND, LOOK_ALIKE] if draw(st.booleans()) else [])]


@given(addresses())
def test_look_alikes_are_what_comparing_every_pair_finds(names: list[str]) -> None:
    book = book_of([row(n, "5", from_address=FIRST, to_address=name, chain="tron")
                    for n, name in enumerate(names, 1) if name != FIRST])  # fmt: skip
    slow = {
        frozenset(pair) for pair in combinations({*names, FIRST}, 2)
        if pair[0][1:4] == pair[1][1:4] and pair[0][-3:] == pair[1][-3:] and FIRST not in pair
    }  # fmt: skip
    found = {frozenset((str(each["address"]), str(each["looks_like"])))
             for each in find_tricks(book).look_alikes.as_rows()}  # fmt: skip
    assert found == slow


def test_ends_are_those_that_people_compare() -> None:
    ethereum = Party("ethereum-address", "0x" + "ab" * 20)
    assert ends_of(ethereum) == ("ethereum-address", "abab", "abab")
    assert ends_of(Party("bitcoin-address", "bc1qabcxyz")) == ("bitcoin-address", "abc", "xyz")
    assert ends_of(Party("name", "somebody", "Bank")) is None


def test_an_address_that_deals_with_many_is_a_hub_and_a_bank_account_is_not() -> None:
    many = [base58.encode_check(b"\x41" + sha256(bytes([n])).digest()[:20])
            for n in range(HUB_PARTIES)]  # fmt: skip
    rows = [row(n, "5", from_address=each, to_address=FIRST, chain="tron")
            for n, each in enumerate(many, 1)]  # fmt: skip
    book = book_of(rows)
    (hub,) = find_tricks(book).hubs.as_rows()
    assert (hub["party"], hub["counterparties"]) == (FIRST, HUB_PARTIES)
    assert find_tricks(book_of(rows[1:])).hubs.rows == ()


def test_a_transaction_that_two_tables_report_alike_counts_once() -> None:
    one = row(1, "5", from_address=FIRST, to_address=SECOND, chain="tron", txid="ab" * 32)
    other = row(9, "5.0", from_address=FIRST, to_address=SECOND, chain="tron", txid="ab" * 32)
    assert find_tricks(book_of([one], [other])).repeated == {1}
    assert find_tricks(book_of([one, other])).repeated == frozenset(), "one table may say it twice"
