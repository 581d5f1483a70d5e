"""An exchange's return of no known layout: usual names are found, the rest is asked for."""

from __future__ import annotations

from dataclasses import replace

from tests.evidence.tables.making import asked, suggested, transfers

# Usual names with invented rows.
TABLE = f"""\
Created At;Currency;Quantity;Withdrawal Fee;Destination Address;Transaction Hash;Type
25.03.2024 05:06;BTC;0,50000000;0,00010000;1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d;{"a" * 64};withdrawal
26.03.2024 05:06;BTC;1,25000000;0,00010000;1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d;{"b" * 64};deposit
"""


def test_usual_names_are_mapped_and_the_zone_is_asked_for() -> None:
    found = suggested(TABLE)
    assert found.mapping.name == "exchange-withdrawals"
    assert found.open == ("stated_by", "time.zone")
    assert {"note.suggest-zone-open", "note.suggest-chain-open"} <= asked(found)
    time = found.mapping.time
    assert time is not None
    mapping = replace(found.mapping.by("Example Exchange"), time=replace(time, zone="+07:00"))
    went, came = transfers(TABLE, mapping)
    assert (went.direction, went.amount, went.time) == (
        "out", "0.50000000", "2024-03-24T22:06:00.000000Z",
    )  # fmt: skip
    assert (came.direction, came.txid) == ("in", "b" * 64)


def test_a_table_without_address_or_transaction_is_not_taken_for_one() -> None:
    found = suggested("Date,Coin,Amount\n2024-03-25,BTC,0.5\n")
    assert found.mapping.name == "own"
