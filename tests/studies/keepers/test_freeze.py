"""The facts of a freeze letter: items a keeper finds, sentences with proof, findings that cover."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from kancil.desk.selectors.kinds import KINDS
from kancil.legal.request import Sought, Standing
from kancil.studies.keepers.freeze import (
    MOST_TOLD,
    complaints_told,
    finding_of,
    freeze_facts,
    reported_finding,
    uncovered,
)
from kancil.studies.keepers.keeper import Arrival, Keeper, Met
from kancil.studies.keepers.reported import complained
from tests.studies.keepers.test_keeper import NOW
from tests.studies.keepers.test_reported import SWAP_ADDRESS, found, named
from tests.studies.reported.scam import all_confirmed, scam_book

OUTPUT = "ab" * 32 + ":1"
ADDRESS = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


def traced(least: int = 40, most: int = 60, whole: int = 100) -> Met:
    arrival = Arrival(f"T2, output {OUTPUT}", least, most, whole, "", NOW, NOW, txid="ab" * 32,
                      outpoint=OUTPUT, through=("1Before",), source="trace-2", row=3)  # fmt: skip
    keeper = Keeper("Example Exchange", "exchange", "Example Labels", "label")
    return Met(keeper, ADDRESS, "bitcoin-address", "BTC", "bitcoin", "", 8, 10**8, (arrival,))


def test_an_amount_of_a_trace_has_its_range_its_proof_and_whose_label_it_is() -> None:
    facts = freeze_facts([traced()], {})
    (item,) = facts.items
    assert (item.sought, item.selector, item.value) == (Sought.HOLD, "bitcoin-address", ADDRESS)
    assert (item.amount, item.asset, item.at) == ("0.0000006", "BTC", "2026-03-09T10:00:00Z")
    assert (item.standing, item.proof) == (Standing.PROVED, "T2 output 1")
    assert item.link == "from 1Before"
    said = facts.texts["facts"]
    assert "On 2026-03-09 10:00:00 UTC, by block time, 0.000001 BTC came to" in said
    assert "between 0.0000004 BTC and 0.0000006 BTC is of the money followed" in said
    assert "the allegation of its publisher" in said
    assert facts.findings == ()


def test_a_finding_covers_an_output_of_its_trace_and_a_chain_fact_of_any() -> None:
    met = traced()
    (arrival,) = met.arrivals
    assert uncovered([met], {("other-trace", OUTPUT): 1}) == [arrival]
    assert uncovered([met], {("trace-2", OUTPUT): 4}) == []
    assert finding_of(arrival, {("", OUTPUT): 5}) == 5
    facts = freeze_facts([met], {("trace-2", OUTPUT): 4, ("", OUTPUT): 5})
    assert facts.findings == ("F4",)
    assert facts.items[0].proof == "F4; T2 output 1"


def test_a_reported_payment_names_account_reference_and_complaints_and_nobody_else() -> None:
    book = scam_book()
    starts = complained(book)
    bank = named(found(book, starts))["Mekong Example Bank", "0305551112"]
    complaints = complaints_told(book, starts[:2])
    facts = freeze_facts([bank], {}, complaints)
    assert [(each.selector, each.value, each.amount, each.at) for each in facts.items] == [
        ("bank-account", "0305551112", "50000000", "2009-01-09"),
        ("bank-account", "0305551112", "20000000", "2009-01-09"),
    ]
    assert {each.reported_by for each in facts.items} == {"Example Police"}
    said = " ".join(facts.texts.values())
    assert "that it is the same account is for Mekong Example Bank to confirm" in said
    assert "TXN-778120" in facts.texts["victim_report"]
    for name in ("Invented One", "Tether", "Example Exchange", "Example Swap"):
        assert name not in said, "a keeper reads of its own accounts alone"


def test_an_exchange_gets_the_deposit_address_and_each_identifier_holds_its_check() -> None:
    book = scam_book(all_confirmed())
    start = book.place_named("E5, line 2")
    assert start is not None
    swap = named(found(book, [start]))["Example Swap", "SW-4471-2009"]
    (item,) = freeze_facts([swap], {}).items
    assert (item.selector, item.value, item.asset) == ("tron-address", SWAP_ADDRESS, "USDT (tron)")
    assert item.txid.startswith("da47c2f4")
    assert item.link.startswith("account SW-4471-2009, from TF3")
    known = {each.name: each for each in KINDS}
    for each in freeze_facts(found(book, complained(book)).met, {}).items:
        kind = known.get(each.selector)
        assert each.selector == "name" or (kind and kind.read(each.value) == each.value), each


def test_a_reported_payment_is_accepted_as_its_publishers_allegation() -> None:
    book = scam_book()
    bank = named(found(book, complained(book)))["Mekong Example Bank", "0305551112"]
    arrival = replace(bank.arrivals[0], source="c0" * 32)
    finding = reported_finding(bank, arrival)
    assert finding.finding_class.value == "attribution"
    assert finding.missing() == ()
    assert finding.text("en") == (
        "Example Police reports, in E2, line 2, that 50\u202f000\u202f000 LAK came to 0305551112 on"
        " 2009-01-09 (Asia/Vientiane). The table reports it, and nothing in it proves it."
    )
    assert arrival.about == f"{'c0' * 32}:{arrival.row}"


def test_many_payments_are_counted_in_words_and_all_named_as_items() -> None:
    met = traced()
    many = replace(met, arrivals=tuple(
        replace(met.arrivals[0], outpoint=f"{'ab' * 32}:{n}") for n in range(1000)
    ))  # fmt: skip
    facts = freeze_facts([many], {})
    assert len(facts.items) == 1000
    assert f"named among the items: {1000 - MOST_TOLD}." in facts.texts["facts"]


def test_the_time_of_a_statement_is_told_in_its_own_zone_with_utc_beside() -> None:
    book = scam_book(all_confirmed())
    start = book.place_named("E3, line 5")
    assert start is not None
    bank = named(found(book, [start]))["Mekong Example Bank", "0305551112"]
    facts = freeze_facts([bank], {}, zone=ZoneInfo("Asia/Bangkok"))
    (item,) = facts.items
    assert item.at == "2009-01-09T04:10:00+07:00"
    said = "2009-01-09 04:10:00 Asia/Vientiane (2009-01-08 21:10 UTC)"
    assert said in facts.texts["facts"]
    of_trace = freeze_facts([traced()], {}, zone=ZoneInfo("Asia/Bangkok"))
    assert of_trace.items[0].at == "2026-03-09T17:00:00+07:00", "in the zone of who writes"
