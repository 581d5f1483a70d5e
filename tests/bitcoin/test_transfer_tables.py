"""A table that lists transactions is no source of a chain, and the way on is named."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from kancil.bitcoin.chain.errors import NothingToIngest
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.holdings.read import read_file
from kancil.bitcoin.holdings.sources import Found
from kancil.bitcoin.holdings.transfer_tables import LINE_BYTES, is_transfer_table
from kancil.bitcoin.network import MAINNET
from kancil.ground.words import render

# The columns as their publishers write them, with invented rows.
BLOCKCHAIR = (
    "block_id\ttransaction_hash\tindex\ttime\tvalue\tvalue_usd\trecipient\ttype\tscript_hex\t"
    "is_from_coinbase\tis_spendable\n700000\t" + "a" * 64 + "\t0\t2021-09-11 04:14:32\t5000\t2.29\t"
    "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d\tpubkeyhash\t76a914\t0\t-1\n"
)
ELECTRUM = (
    "oc_transaction_hash,ln_payment_hash,label,confirmations,amount_chain_bc,amount_lightning_bc,"
    "fiat_value,network_fee_satoshi,fiat_fee,timestamp\n"
    + "b" * 64
    + ",,rent,12,-0.015,0.,,1200,,2024-03-04 05:06\n"
)
OLDER_ELECTRUM = "transaction_hash,label,value,timestamp\n" + "b" * 64 + ",,1.5,2017-03-04 05:06\n"
BLOCKCHAIN_COM = (
    '\ufeff"date","time","token","type","amount","value_then","value_now","exchange_rate_then",'
    '"tx","note"\r\n"2024-02-17","1708208107","BTC","sent","-0.5","$1.00","$1.00","$2.00","'
    + "c" * 64
    + '",""\r\n'
)


@pytest.mark.parametrize("text", [BLOCKCHAIR, ELECTRUM, OLDER_ELECTRUM, BLOCKCHAIN_COM])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_table_of_transfers_is_named_and_not_read(tmp_path: Path, text: str, pack: type) -> None:
    path = tmp_path / "history"
    path.write_bytes(pack(text.encode()))
    reading = read_file(Found(path, path.name, "", path.stat().st_size), MAINNET)
    assert reading.readings == []
    assert [skip.code for skip in reading.skipped] == ["source-transfer-table"]
    assert "kancil transfers suggest" in render("skip.source-transfer-table")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"hash,time,a,b",
        b"hash,time\n",
        b"name,time,amount,note\n",
        b"hash time a b\n",
        b"hash,time,a,b" + b"," * LINE_BYTES + b"\n",
        bytes(200) + b"\n",
    ],
)
def test_other_files_are_no_such_table(head: bytes) -> None:
    assert not is_transfer_table(head)


def test_an_ingest_of_such_a_table_alone_says_where_to_go(tmp_path: Path) -> None:
    (tmp_path / "electrum-history.csv").write_text(ELECTRUM)
    with pytest.raises(NothingToIngest) as refused:
        ingest(tmp_path / "chain", [tmp_path / "electrum-history.csv"], network=MAINNET)
    assert "skip.source-transfer-table" in str(refused.value.params["reason"])
