"""Parties are identifiers where rows give one that keeps its check, else a publisher's names."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kancil.studies.reported.book import NONE, Party
from tests.studies.reported.making import book_of, paid, row

TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
BITCOIN = "1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm3"


def test_one_name_with_two_accounts_is_two_parties_and_one_account_at_two_banks_too() -> None:
    book = book_of(
        [
            row(1, "5", from_name="Somsak", from_account="0101-200-300", to_name="X"),
            row(2, "5", from_name="Somsak", from_account="0101-200-400", to_name="X"),
        ],
        [row(1, "5", from_account="0101200300", to_name="X", stated_by="Other bank")],
    )
    accounts = [party for party in book.parties if party.kind == "bank-account"]
    assert [(each.value, each.publisher) for each in accounts] == [
        ("0101200300", "Example"), ("0101200400", "Example"), ("0101200300", "Other bank"),
    ]  # fmt: skip
    assert book.name_of(book.numbers[accounts[0]]) == "0101200300 (Somsak, Example)"
    assert len({party.id for party in book.parties}) == len(book.parties)


def test_addresses_are_one_party_from_whatever_table_and_a_wrong_one_is_a_name() -> None:
    book = book_of(
        [row(1, "5", from_address=TRON, to_address=BITCOIN)],
        [row(1, "5", from_address="T" + "1" * 33, to_address=TRON, stated_by="Other")],
    )
    kinds = {party.value: party.kind for party in book.parties}
    assert kinds == {TRON: "tron-address", BITCOIN: "bitcoin-address", "T" + "1" * 33: "name"}
    assert book.rows.payer[0] == book.rows.payee[1]


def test_the_holder_of_a_statement_and_a_victim_are_parties_of_their_own() -> None:
    book = book_of(
        [row(1, "5", direction="in"), row(2, "5")],
        [row(7, "5", to_account="0101200300", notes=("complaint",))],
    )
    assert book.rows.payer[0] == book.rows.payer[1] == book.rows.payee[1] == NONE
    assert book.parties[book.rows.payee[0]] == Party("holder", "E1", "Example")
    assert book.parties[book.rows.payer[2]] == Party("victim", "E2:7", "Example")


def test_what_an_officer_joined_is_one_party() -> None:
    one, other = Party("name", "A", "Example"), Party("name", "B", "Example")
    book = book_of([paid(1, "A", "C", "1"), paid(2, "B", "C", "1")], same={other: one})
    assert book.rows.payer[0] == book.rows.payer[1]


def test_rows_are_in_time_also_of_a_table_that_begins_with_the_newest() -> None:
    newest_first = [
        paid(n, "A", "B", "1", time=None, day=day)
        for n, day in enumerate(("2026-03-17", "2026-03-16", "2026-03-16", "2026-03-15"), 1)
    ]
    book = book_of(newest_first)
    assert [book.rows.row[place] for place in book.order] == [4, 3, 2, 1]
    assert book.time_of(0) == "2026-03-17"


@given(st.lists(st.decimals(0, 10**12, places=8) | st.integers(0, 10**20), min_size=1, max_size=6))
def test_amounts_are_exact_in_the_last_digit_that_any_row_states(
    values: list[Decimal | int],
) -> None:
    book = book_of([paid(n, "A", "B", f"{value:f}" if isinstance(value, Decimal) else str(value))
                    for n, value in enumerate(values, 1)])  # fmt: skip
    for value, amount in zip(values, book.rows.amount, strict=True):
        assert Decimal(book.amount_text(0, amount)) == value
