"""An explorer's list of TRC-20 transfers: UTC is read, and TRON is seen in the addresses."""

from __future__ import annotations

from tests.evidence.tables.making import suggested, transfers

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
