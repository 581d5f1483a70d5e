"""Binance's deposits and withdrawals: what the table does not say of direction stays unsaid."""

from __future__ import annotations

from kancil.ground.skipped import Skipped
from kancil.records.transfer import StatedTransfer
from tests.evidence.tables.making import read, suggested

TXID = "a" * 64
# The layout's columns with invented rows; the address is that of a public example.
OLDER = f"""\
Date(UTC),Coin,Network,Amount,TransactionFee,Address,TXID,SourceAddress,PaymentID,Status
2024-03-04 05:06:07,BTC,BTC,0.5,0.0002,1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d,{TXID},,,Completed
2024-03-04 05:06:08,BTC,BSC,0.5,0.0001,0x{"1" * 40},0x{TXID},,,Completed
2024-03-04 05:06:09,BTC,BTC,0.5,0.0002,1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d,,,,Cancelled
2024-03-04 05:06:10,BTC,BTC,0.5,0,1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d,Internal 1,,,Completed
"""
NEWER = "Date(UTC+0),Coin,Network,Amount,Fee,Address,TXID,Status\n"
DEPOSITS = "Date(UTC+0),Coin,Network,Amount,Address,TXID,Status\n"
ROW = "2024-03-04 05:06:07,BTC,BTC,0.5,{}1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d,x,Completed\n"


def test_a_coin_on_another_network_is_another_thing() -> None:
    found = suggested(OLDER)
    assert found.mapping.name == "binance-withdrawals"
    one, other, cancelled, inside = read(OLDER, found.mapping.by("Binance"))
    assert isinstance(one, StatedTransfer)
    assert isinstance(other, StatedTransfer)
    assert isinstance(inside, StatedTransfer)
    assert (one.chain, one.units, one.txid, one.fee_asset) == ("bitcoin", "50000000", TXID, "BTC")
    assert (one.time, one.direction) == ("2024-03-04T05:06:07.000000Z", None)
    assert (other.chain, other.units) == ("bsc", None)
    assert isinstance(cancelled, Skipped)
    assert cancelled.code == "stated-not-done"
    assert (inside.txid, inside.notes) == (None, ("txid-form",))


def test_the_newer_form_says_the_direction_by_its_fee() -> None:
    for header, fee, way in ((NEWER, "0.1,", "out"), (DEPOSITS, "", "in")):
        table = header + ROW.format(fee)
        (found,) = read(table, suggested(table).mapping.by("Binance"))
        assert isinstance(found, StatedTransfer)
        assert found.direction == way
