"""Blockchair's dump of outputs: counts of the smallest unit, and the coin is for the officer."""

from __future__ import annotations

from dataclasses import replace

from tests.evidence.tables.making import suggested, transfers

HEADER = (
    "block_id\ttransaction_hash\tindex\ttime\tvalue\tvalue_usd\trecipient\ttype\tscript_hex\t"
    "is_from_coinbase\tis_spendable"
)
# The layout's columns with an invented row; the address is that of a public example.
ROW = (
    f"700000\t{'a' * 64}\t1\t2021-09-11 04:14:32\t1500000\t687.1\t"
    "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d\tpubkeyhash\t76a914\t0\t-1"
)
TABLE = f"{HEADER}\n{ROW}\n"


def test_an_output_is_read_in_whole_coins_once_the_coin_is_stated() -> None:
    found = suggested(TABLE)
    assert (found.mapping.name, found.mapping.unit) == ("blockchair-outputs", "smallest")
    assert set(found.open) == {"asset", "stated_by"}
    mapping = replace(found.mapping, constants={"asset": "BTC", "chain": "bitcoin"})
    (one,) = transfers(TABLE, mapping.by("Blockchair"))
    assert (one.amount, one.units, one.txid) == ("0.01500000", "1500000", "a" * 64)
    assert (one.time, one.to_address) == (
        "2021-09-11T04:14:32.000000Z",
        "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d",
    )


def test_the_dump_of_inputs_is_another_table() -> None:
    found = suggested(f"{HEADER}\tspending_transaction_hash\n{ROW}\t{'b' * 64}\n")
    assert found.mapping.name != "blockchair-outputs"
