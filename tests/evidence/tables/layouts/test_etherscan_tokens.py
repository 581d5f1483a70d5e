"""Etherscan's list of token transfers: the contract says which token it is, the symbol does not."""

from __future__ import annotations

from dataclasses import replace

from tests.evidence.tables.making import suggested, transfers

USDT = "0xdAC17F958D2ee523a2206206994597C13D831ec7"
ONE, TWO = "0x" + "1" * 40, "0x" + "2" * 40
# The layout's columns with invented rows.
TABLE = f"""\
"Transaction Hash","Blockno","UnixTimestamp","DateTime (UTC)","From","To","TokenValue",\
"USDValueDayOfTx","ContractAddress","TokenName","TokenSymbol"
"0x{"a" * 64}","1","1709528767","2024-03-04 05:06:07","{ONE}","{TWO}","1,000.5","","{USDT}",\
"Tether USD","USDT"
"0x{"b" * 64}","2","1709528768","2024-03-04 05:06:08","{TWO}","{ONE}","1,000.5","","{TWO}",\
"Tether USD","USDT"
"""


def test_a_false_token_of_the_same_name_is_told_apart() -> None:
    found = suggested(TABLE)
    assert found.mapping.name == "etherscan-tokens"
    mapping = replace(found.mapping.by("Etherscan"), constants={"chain": "ethereum"})
    true, false = transfers(TABLE, mapping)
    assert (true.asset, true.units) == ("USDT", "1000500000")
    assert true.notes == ("ethereum-unchecked",)
    assert (false.asset, false.units) == ("USDT", None)
    assert false.notes == ("contract-unknown", "ethereum-unchecked")
    assert true.contract == USDT.lower()
    assert (true.direction, true.from_address, true.to_address) == (None, ONE, TWO)


def test_without_a_chain_no_smallest_units_are_given() -> None:
    assert {each.units for each in transfers(TABLE, suggested(TABLE).mapping.by("x"))} == {None}


def test_the_oldest_column_names_are_known_too() -> None:
    older = TABLE.replace("TokenValue", "Value").replace("Transaction Hash", "Txhash")
    assert suggested(older).mapping.name == "etherscan-tokens"
