"""An explorer's list of TRC-20 transfers: UTC is read, and TRON is seen in the addresses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kancil.evidence.tables.moment import TimeForm
from kancil.evidence.tables.stated import unread_columns
from kancil.ground.skipped import Skipped
from tests.evidence.tables.making import read, suggested, transfers

USDT = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
OTHER = "TFTc8XvvdPqBBF8ckYVYbtB7L8bRDSctKv"
# The layout's columns with invented rows; the two addresses are public contracts.
TABLE = f"""\
Tx Hash,blockHeight,blockTime(UTC+8),blockTime(UTC),from,to,value,symbol,tokenAddress,isConfirm
{"a" * 64},1,2024/03/04 13:06:07,2024/03/04 05:06:07,{USDT},{OTHER},"1,000.5",USDT,{USDT},true
{"b" * 64},2,2024-03-04 13:06:08,2024-03-04 05:06:08,{OTHER},{USDT},1000.5,USDT,{OTHER},true
"""


def test_the_time_in_utc_is_read_and_a_false_token_told_apart() -> None:
    found = suggested(TABLE)
    assert found.mapping.name == "tronscan-transfers"
    assert found.mapping.constants == {"chain": "tron"}
    assert "note.suggest-chain-tron" in {each.key for each in found.reasons}
    true, false = transfers(TABLE, found.mapping.by("Tronscan"))
    assert (true.time, true.units) == ("2024-03-04T05:06:07.000000Z", "1000500000")
    assert (false.time, false.units) == ("2024-03-04T05:06:08.000000Z", None)
    assert true.txid == "a" * 64


def test_the_chain_is_not_said_where_an_address_is_none_of_trons() -> None:
    found = suggested(TABLE.replace(OTHER, "T" + "2" * 33))
    assert found.mapping.constants == {}


FAILED = ("FAILED", "REVERT", "OUT_OF_ENERGY", "OUT_OF_TIME", "TRANSFER_FAILED", "Error(0)")


@pytest.mark.parametrize("name", ["Result", "contractRet", "Status"])
def test_a_transfer_that_failed_is_left_out_and_counted(name: str) -> None:
    rows = TABLE.replace("isConfirm", name).replace(",true\n", ",SUCCESS\n")
    line = rows.splitlines()[1]
    more = [line.replace("SUCCESS", word) for word in FAILED]
    text = rows + "\n".join(more) + "\n"
    found = suggested(text)
    assert found.mapping.columns["status"] == name
    outcomes = read(text, found.mapping.by("Tronscan"))
    assert [each.place for each in outcomes if isinstance(each, Skipped)] == [
        f"line {number}" for number in range(4, 4 + len(FAILED))
    ]
    assert len(outcomes) == 2 + len(FAILED)


def test_of_two_columns_with_results_the_one_that_is_not_mapped_is_heeded_too() -> None:
    # Column names as Tronscan writes them for TRX; see the importer of beancount.
    head = "transaction_id,block,block_ts,from_address,to_address,confirmed,contractRet,quant"
    text = head + "".join(
        f"\n{sign * 64},{block},2024-03-04 05:06:07,{USDT},{OTHER},{confirmed},{result},1000"
        for block, (sign, confirmed, result) in enumerate(
            (("a", "true", "SUCCESS"), ("b", "true", "OUT_OF_ENERGY"), ("c", "false", "SUCCESS"))
        )
    )
    found = suggested(text).mapping
    assert found.columns["status"] == "confirmed"
    assert unread_columns(tuple(head.split(",")), found) == ("block",)
    decided = replace(
        found,
        stated_by="Tronscan",
        constants={**found.constants, "asset": "TRX"},
        time=TimeForm(("YYYY-MM-DD hh:mm:ss",), "UTC"),
        unit="smallest",
    )
    outcomes = read(text, decided)
    assert [each.code for each in outcomes if isinstance(each, Skipped)] == [
        "stated-failed", "stated-not-done",
    ]  # fmt: skip
    assert len(outcomes) == 3
