"""Answers of nodes and explorers in JSON give the raw blocks and transactions they tell of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.blocks.json_answers import UNNAMED, raw_pieces
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.holdings.read import read_file
from kancil.bitcoin.holdings.sources import Found, SourceForm
from kancil.bitcoin.network import MAINNET, REGTEST
from kancil.ground.words import render
from tests.bitcoin.regtest import GENESIS_HASH, SUBSIDY_SAT, Block, Tx, coinbase, mine, p2pkh

DATA = Path(__file__).parents[1] / "data" / "bitcoin"
FIRST = coinbase(1, 1)
WITH_WITNESS = Tx(
    ((b"\x05" * 32, 7), (b"\x06" * 32, 0)), ((5, p2pkh(1)), (0, b"\x6a\x01x")), b"", (b"sig", b"")
)
PLAIN = Tx(((FIRST.txid, 0),), ((SUBSIDY_SAT - 10, p2pkh(2)),))
BLOCK = mine(GENESIS_HASH, [FIRST, PLAIN], time=1_300_000_600)


def core_block(block: Block, **changed: Any) -> dict[str, Any]:
    """`getblock HASH 2`, as Bitcoin Core writes it, the parts that are not read left out."""
    header = block.header
    return {
        "hash": block.shown,
        "version": int.from_bytes(header[:4], "little", signed=True),
        "previousblockhash": header[4:36][::-1].hex(),
        "merkleroot": header[36:68][::-1].hex(),
        "time": int.from_bytes(header[68:72], "little"),
        "bits": header[72:76][::-1].hex(),
        "nonce": int.from_bytes(header[76:], "little"),
        "tx": [{"txid": tx.shown, "hex": tx.raw.hex()} for tx in block.txs],
        **changed,
    }


def esplora(tx: Tx, **changed: Any) -> dict[str, Any]:
    """A transaction as Esplora writes it."""
    vin = [
        {
            "txid": txid[::-1].hex(),
            "vout": index,
            "scriptsig": tx.signature.hex(),
            "sequence": 0xFFFFFFFF,
            "is_coinbase": txid == bytes(32),
            **({"witness": [part.hex() for part in tx.witness]} if tx.witness else {}),
        }
        for txid, index in tx.inputs
    ]
    vout = [{"scriptpubkey": script.hex(), "value": value} for value, script in tx.outputs]
    return {
        "txid": tx.shown, "version": 2, "locktime": 0, "vin": vin, "vout": vout, **changed,
    }  # fmt: skip


def pieces(answer: Any) -> list[bytes]:
    return raw_pieces(json.dumps(answer).encode())


@pytest.mark.parametrize("tx", [FIRST, PLAIN, WITH_WITNESS])
def test_a_transaction_of_an_explorer_is_put_together_again(tx: Tx) -> None:
    assert pieces(esplora(tx)) == [tx.raw]
    assert pieces([esplora(tx), esplora(PLAIN)]) == [tx.raw, PLAIN.raw]


@pytest.mark.parametrize(
    "answer",
    [
        {"result": BLOCK.raw.hex(), "error": None, "id": 1},
        {"result": core_block(BLOCK), "error": None, "id": 1},
        core_block(BLOCK),
        [{"result": core_block(BLOCK), "id": 1}],
    ],
)
def test_a_block_of_bitcoin_core_comes_out_whole(answer: Any) -> None:
    assert pieces(answer) == [BLOCK.raw]


def test_transactions_of_bitcoin_core_come_out() -> None:
    told = {"txid": PLAIN.shown, "hex": PLAIN.raw.hex(), "confirmations": 3}
    for answer in (told, {"result": told}, {"result": PLAIN.raw.hex()}):
        assert pieces(answer) == [PLAIN.raw]


@pytest.mark.parametrize("tx", [PLAIN, WITH_WITNESS])
def test_a_transaction_of_electrumx_comes_out(tx: Tx) -> None:
    """`blockchain.transaction.get`, plain and verbose (ElectrumX, docs/protocol-methods.rst)."""
    verbose = {"txid": tx.shown, "hex": tx.raw.hex(), "vin": [{}], "vout": [{}], "time": 1}
    for result in (tx.raw.hex(), verbose):
        answer = {"jsonrpc": "2.0", "id": 5, "result": result}
        assert pieces(answer) == [tx.raw]
        assert pieces([answer, answer]) == [tx.raw, tx.raw]


def blockchain_info(tx: Tx, *, named: bool = True, **changed: Any) -> dict[str, Any]:
    """A transaction as `rawtx` of blockchain.info writes it, with or without the txids spent."""
    stack = b"".join(bytes([len(part)]) + part for part in tx.witness)
    inputs = [
        {
            "sequence": 0xFFFFFFFF,
            "script": tx.signature.hex(),
            "witness": (bytes([len(tx.witness)]) + stack).hex() if tx.witness else "",
            "prev_out": None
            if txid == bytes(32)
            else {"tx_index": 7, "n": index, **({"hash": txid[::-1].hex()} if named else {})},
        }
        for txid, index in tx.inputs
    ]
    out = [{"n": n, "value": v, "script": s.hex()} for n, (v, s) in enumerate(tx.outputs)]
    told = {"hash": tx.shown, "ver": 2, "vin_sz": len(inputs), "lock_time": 0}
    return told | {"inputs": inputs, "out": out} | changed


@pytest.mark.parametrize("tx", [FIRST, PLAIN, WITH_WITNESS])
def test_a_transaction_of_blockchain_info_comes_out_if_it_names_what_it_spends(tx: Tx) -> None:
    answer = blockchain_info(tx)
    assert pieces(answer) == [tx.raw]
    assert pieces({"address": "…", "txs": [answer, answer]}) == [tx.raw, tx.raw]
    assert pieces({"mrkl_root": "00" * 32, "tx": [answer]}) == [tx.raw]
    assert pieces(blockchain_info(tx, hash="11" * 32)) == [b""]


def test_the_coinbase_that_blockchain_info_shows_in_a_block_comes_out() -> None:
    """Block 154595, the example of its "Blockchain Data API", as it answered in August 2019."""
    script = (
        "70736a049a110e1a04b099a417522cfabe6d6d4e6988c831bb48c551eea50f87b3c6461ade476fe15c98bed7c6"
        "a574aca4ff3501000000000000004d696e656420627920425443204775696c6420ac1eeeed88"
    )
    to = "76a914ca975b00a8c203b8692f5a18d92dc5c2d2ebc57b88ac"
    coinbase_told = {
        "lock_time": 0, "ver": 1, "size": 168, "tx_index": 1939116, "vin_sz": 1, "vout_sz": 1,
        "inputs": [{"sequence": 4294967295, "witness": "", "script": script}],
        "hash": "5b09bbb8d3cb2f8d4edbcf30664419fb7c9deaeeb1f62cb432e7741c80dbe5ba",
        "out": [{"spent": True, "type": 0, "value": 5000200000, "n": 0, "script": to}],
    }  # fmt: skip
    (raw,) = pieces({"mrkl_root": "00" * 32, "n_tx": 22, "tx": [coinbase_told]})
    assert len(raw) == coinbase_told["size"]


def test_a_hash_of_an_address_names_no_transaction() -> None:
    """`prev_out.hash` in the example of its page has 40 digits."""
    answer = blockchain_info(PLAIN)
    answer["inputs"][0]["prev_out"]["hash"] = "a3" * 20
    assert pieces(answer) == [UNNAMED]


def test_a_witness_that_is_not_whole_is_not_put_together() -> None:
    for witness in ("02", "0101", "010177ff", "fd", "ff" * 9):
        answer = blockchain_info(PLAIN)
        answer["inputs"][0]["witness"] = witness
        assert pieces(answer) == [b""]


def test_transactions_that_do_not_name_what_they_spend_are_one_counted_skip(tmp_path: Path) -> None:
    told = [blockchain_info(tx, named=False) for tx in (FIRST, PLAIN, WITH_WITNESS)]
    path = tmp_path / "address.json"
    path.write_text(json.dumps({"txs": told}))
    reading = read_file(Found(path, path.name, "", path.stat().st_size), REGTEST)
    assert [one.source.form for one in reading.readings] == [SourceForm.TRANSACTION]
    assert [(skip.code, skip.params) for skip in reading.skipped] == [
        ("source-inputs-unnamed", {"count": 2})
    ]
    assert "format=hex" in render("skip.source-inputs-unnamed", count=2)


def test_a_branch_of_electrumx_holds_no_header_and_gives_nothing() -> None:
    """`blockchain.transaction.get_merkle`."""
    assert pieces({"id": 6, "result": {"merkle": ["00" * 32], "block_height": 7, "pos": 1}}) == []


@pytest.mark.parametrize(
    "answer",
    [
        esplora(PLAIN, version=1),
        esplora(PLAIN, txid="00" * 32),
        esplora(PLAIN, vin=[{}]),
        esplora(PLAIN, vin=[None]),
        esplora(PLAIN, locktime=-1),
        core_block(BLOCK, tx=[BLOCK.txs[0].shown]),
        core_block(BLOCK, bits="zz"),
        core_block(BLOCK, nonce=1 << 40),
        {"hex": "abc"},
    ],
)
def test_what_cannot_be_put_together_is_an_empty_piece(answer: Any) -> None:
    assert pieces(answer) == [b""]


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[" * 100_000, b"{}", b"[]", b"7", b'"00"', b'{"result": null}', b"\xff{"]
)
def test_other_text_gives_nothing(text: bytes) -> None:
    assert raw_pieces(text) == []


def test_answers_are_ingested_as_blocks_and_found_again(tmp_path: Path) -> None:
    (tmp_path / "block.json").write_text(json.dumps({"result": core_block(BLOCK)}))
    (tmp_path / "txs.json").write_text(json.dumps([esplora(WITH_WITNESS), {"hex": "0"}]))
    sources = [tmp_path / "block.json", tmp_path / "txs.json"]
    report = ingest(tmp_path / "chain", sources, network=REGTEST)
    assert (report.held["blocks"], report.added["loose_transactions"]) == (1, 1)
    assert [(skip.code, Path(skip.place).name) for skip in report.skipped] == [
        ("source-line", "txs.json, line 2")
    ]
    chain = Chain.open(tmp_path / "chain")
    assert chain.raw_block(0) == BLOCK.raw
    assert chain.raw_transaction(chain.tx_row(WITH_WITNESS.shown)) == WITH_WITNESS.raw


def test_a_changed_transaction_in_a_block_is_noticed(tmp_path: Path) -> None:
    answer = core_block(BLOCK)
    other = Tx(PLAIN.inputs, ((1, p2pkh(9)),))
    answer["tx"][1]["hex"] = other.raw.hex()
    (tmp_path / "block.json").write_text(json.dumps(answer))
    report = ingest(tmp_path / "chain", [tmp_path / "block.json"], network=REGTEST)
    assert [skip.code for skip in report.skipped] == ["block-aside-merkle-wrong"]


def test_a_raw_block_that_begins_as_json_does_is_still_a_block(tmp_path: Path) -> None:
    raw = (DATA / "blocks" / "mainnet-170.raw").read_bytes()
    for begin in (b"{", b"["):
        path = tmp_path / "block"
        path.write_bytes(begin + raw[1:])
        reading = read_file(Found(path, "block", "", len(raw)), MAINNET)
        forms = [one.source.form for one in reading.readings]
        assert forms == [SourceForm.BLOCK]
