"""Etherscan's list of transactions: in and out columns, and failures that moved nothing."""

from __future__ import annotations

from dataclasses import replace

from kancil.ground.skipped import Skipped
from kancil.records.transfer import StatedTransfer
from tests.evidence.tables.making import asked, read, suggested

ONE, TWO = "0x" + "1" * 40, "0x" + "2" * 40
# The layout's columns with invented rows.
TABLE = f"""\
"Transaction Hash","Blockno","UnixTimestamp","DateTime (UTC)","From","To","ContractAddress",\
"Value_IN(ETH)","Value_OUT(ETH)","CurrentValue @ $1/Eth","TxnFee(ETH)","TxnFee(USD)",\
"Historical $Price/Eth","Status","ErrCode","Method"
"0x{"a" * 64}","1","1709528767","2024-03-04 05:06:07","{ONE}","{TWO}","","0","1.5","","0.001","",\
"","","","Transfer"
"0x{"b" * 64}","2","1709528768","2024-03-04 05:06:08","{TWO}","{ONE}","","0.25","0","","0.002","",\
"","","","Transfer"
"0x{"c" * 64}","3","1709528769","2024-03-04 05:06:09","{ONE}","{TWO}","","0","7","","0.003","",\
"","Error(0)","Out of gas","Transfer"
"0x{"d" * 64}","4","1709528770","2024-03-04 05:06:10","{ONE}","{TWO}","","0","0","","0.004","",\
"","","","Approve"
"""


def test_the_layout_is_known_and_leaves_the_chain_and_the_publisher_open() -> None:
    found = suggested(TABLE)
    assert (found.mapping.name, found.mapping.version) == ("etherscan-transactions", 2)
    assert found.open == ("stated_by",)
    assert {"note.suggest-chain-open", "note.suggest-unconfirmed"} <= asked(found)


def test_rows_are_read_and_a_failed_one_moved_nothing() -> None:
    mapping = suggested(TABLE).mapping.by("Etherscan")
    mapping = replace(mapping, constants={**mapping.constants, "chain": "ethereum"})
    out, came, failed, call = read(TABLE, mapping)
    assert isinstance(out, StatedTransfer)
    assert isinstance(came, StatedTransfer)
    assert isinstance(call, StatedTransfer)
    assert (out.direction, out.amount, out.from_address, out.fee) == ("out", "1.5", ONE, "0.001")
    assert (out.units, out.time) == ("1500000000000000000", "2024-03-04T05:06:07.000000Z")
    assert (came.direction, came.amount, came.txid) == ("in", "0.25", "0x" + "b" * 64)
    assert (call.direction, call.amount) == (None, "0")
    assert isinstance(failed, Skipped)
    assert (failed.code, failed.params["status"]) == ("stated-not-done", "Error(0)")


def test_the_older_column_names_are_known_too() -> None:
    older = TABLE.replace("Transaction Hash", "Txhash").replace("DateTime (UTC)", "DateTime")
    assert suggested(older).mapping.columns["txid"] == "Txhash"


def test_a_sister_site_has_its_own_coin_and_its_failed_rows_moved_nothing() -> None:
    table = TABLE.replace("(ETH)", "(BNB)")
    mapping = suggested(table).mapping.by("BscScan")
    assert (mapping.constants["asset"], mapping.constants["fee_asset"]) == ("BNB", "BNB")
    failed = read(table, mapping)[2]
    assert isinstance(failed, Skipped)
    assert failed.code == "stated-not-done"
