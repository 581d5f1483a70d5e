"""The invented swindle from a victim's bank to bitcoin: what is suggested, caught, followed."""

from __future__ import annotations

from collections import Counter

from kancil.studies.reported.balances import check_balances
from kancil.studies.reported.book import Book
from kancil.studies.reported.follow import FIFO, PROPORTIONAL, follow
from kancil.studies.reported.joins import (
    APART,
    PARTY,
    SAME,
    UNDONE,
    Decision,
    decided,
    row_of,
    suggest_joins,
)
from kancil.studies.reported.paths import find_way
from kancil.studies.reported.tricks import find_tricks
from kancil.studies.reported.victims import Outcome, complaints_of, victims_of
from tests.cli.stated_files import RECEIVER
from tests.data.scam.make import FIRST, HOT, LOOK_ALIKE, MULE, SECOND, SPAMMER, TETHER
from tests.studies.reported.scam import all_confirmed, read_file, scam_book


def number(book: Book, value: str, publisher: str = "") -> int:
    digits = value.replace("-", "")
    return next(
        at for party, at in book.numbers.items()
        if party.value in (value, digits) and publisher in (party.publisher, "")
    )  # fmt: skip


def test_every_table_maps_itself_and_rows_that_are_no_transfers_are_set_aside() -> None:
    codes = Counter(skip.code for name in ("victim-bank.csv", "exchange.csv")
                    for skip in read_file(name)[1])  # fmt: skip
    assert codes == {"stated-carried": 1, "stated-total": 1, "stated-not-done": 1}
    rows, _ = read_file("mule-bank.xlsx")
    assert [(row.amount, row.direction, row.balance) for row in rows] == [
        ("50000000", "in", "50500000"), ("20000000", "in", "70500000"),
        ("69000000", "out", "1400000"),
    ]  # fmt: skip


def test_the_balance_that_does_not_add_up_is_named_with_its_row() -> None:
    found = check_balances(scam_book())
    (told,) = found.mismatches.as_rows()
    assert told["place"] == "E3, line 7"
    assert told["difference"].startswith("-100000")
    assert set(found.ahead) == {"E1", "E3"}


def test_false_tether_dust_and_a_look_alike_are_caught() -> None:
    book = scam_book()
    found = find_tricks(book)
    (false,) = found.false_tokens.as_rows()
    assert (false["contract"], false["issuer_contract"], false["rows"]) == (SPAMMER, TETHER, 1)
    (alike,) = found.look_alikes.as_rows()
    assert (alike["address"], alike["looks_like"], alike["party"]) == (LOOK_ALIKE, SECOND, FIRST)
    assert alike["paid_to_it"] == "0", "nobody fell for it"
    assert [book.rows.amount[place] for place in found.dust] == [1]
    assert found.hubs.rows == ()


def test_the_tables_are_joined_by_suggestions_that_an_officer_confirms() -> None:
    book = scam_book()
    suggested = suggest_joins(book)
    by_reason = Counter((each.what, each.reason) for each in suggested)
    assert by_reason["party", "account"] == 4, "two accounts that several publishers name"
    assert by_reason["service", "txid"] >= 1
    wallet = next(each for each in suggested if each.what == "service")
    assert getattr(wallet.one, "value", None) == HOT
    assert by_reason["transfer", "txid"] == 2
    begin = number(book, "010120012345678", "Vientiane Example Bank")
    assert find_way(book, begin, number(book, RECEIVER)).places == ()
    confirmed = all_confirmed()
    after = scam_book(confirmed)
    begin, end = number(after, "010120012345678"), number(after, RECEIVER)
    way = find_way(after, begin, end, aside=after.kept_for)
    assert [after.place_of(place).split(",")[0] for place in way.places] == [
        "E3", "E3", "E4", "E5", "E5", "E6",
    ], "bank (the row with a time of day), bank, exchange, TRON, TRON, swap"  # fmt: skip
    assert suggest_joins(after, decided(confirmed).keys) == []


def test_money_is_followed_through_the_joined_account_until_the_asset_changes() -> None:
    confirmed = all_confirmed()
    book = scam_book(confirmed)
    start = next(place for place in book.order if book.place_of(place) == "E1, line 6")
    for convention in (FIFO, PROPORTIONAL):
        found = follow(book, [start], convention=convention, aside=book.kept_for)
        reached = [book.place_of(place) for place in found.amounts]
        assert reached == ["E1, line 6", "E3, line 7"], "from there it is another asset"


def test_a_decision_can_be_withdrawn_and_the_last_one_stands() -> None:
    suggestion = next(each for each in suggest_joins(scam_book()) if each.what == PARTY)

    def made(*words: str) -> bool:
        decisions = [Decision(PARTY, suggestion.one, suggestion.other, word, "account")
                     for word in words]  # fmt: skip
        return bool(decided(decisions).same)

    assert made(SAME)
    assert not made(SAME, APART)
    assert not made(SAME, UNDONE)
    assert made(SAME, APART, SAME)
    assert suggestion.key not in decided([Decision(
        PARTY, suggestion.one, suggestion.other, UNDONE, "account")]).keys  # fmt: skip


def test_each_victim_has_a_row_with_what_became_of_the_loss_and_no_name() -> None:
    confirmed = all_confirmed()
    book = scam_book(confirmed)
    first = row_of(book, complaints_of(book)[0])
    found = victims_of(
        book, aside=[], sinks=[number(book, HOT)], opening={},
        outcomes={(first, "frozen"): Outcome(first, "frozen", "1000000", "LAK", "letter 7")},
    )  # fmt: skip
    rows = found.table.as_rows()
    assert [(row["place"], row["asset"], row["reference"]) for row in rows] == [
        ("E2, line 2", "LAK", "TXN-778120"), ("E2, line 3", "LAK", "TXN-778121"),
        ("E2, line 4", "USDT", "TXN-778122"),
    ]  # fmt: skip
    assert rows[0]["frozen"] == "1000000 LAK"
    assert rows[0]["paid_to"].startswith(MULE.replace("-", ""))
    assert float(rows[0]["moved_on_most"]) > 0
    assert "Invented" not in repr(rows)
