"""What a chain answers: on real blocks, and on made ones with forks, gaps, proofs and faults."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kancil.bitcoin.chain import held
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import HeightAmbiguous, NameNotReadable, NotInChain, SourceChanged
from kancil.bitcoin.chain.ingest import ingest, rebuild
from kancil.bitcoin.holdings.errors import ChainBroken, ChainNotFound, SourceNotFound
from kancil.bitcoin.holdings.sources import SourcePath
from kancil.bitcoin.network import MAINNET, NETWORKS, REGTEST
from kancil.bitcoin.script.errors import AddressNotReadable
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.errors import FileNotReadable, FormatTooNew, FormatTooOld
from kancil.ground.plain import plain
from tests.bitcoin import regtest
from tests.bitcoin.chains import chain_of, ingest_here
from tests.bitcoin.merkle_blocks import build_proof
from tests.bitcoin.regtest import SUBSIDY_SAT, block_file, coinbase, grow, mine, pay

CHECKED = "difficulty checked along held headers to a pinned checkpoint"
HALF = SUBSIDY_SAT // 2


@pytest.fixture(scope="module")
def first_600(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    chain_dir = tmp_path_factory.mktemp("first") / "chains" / "first"
    ingest_here(chain_dir, [shared_data / "bitcoin" / "blk"], network=MAINNET)
    return Chain.open(chain_dir)


@pytest.fixture(scope="module")
def modern(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    chain_dir = tmp_path_factory.mktemp("modern") / "chains" / "modern"
    folder = shared_data / "bitcoin" / "blocks" / "mainnet"
    ingest_here(chain_dir, [folder], network=MAINNET, spent=[folder / "300025.spent-outputs.raw"])
    return Chain.open(chain_dir)


# --- real blocks ----------------------------------------------------------------------------------


def test_the_first_600_blocks_are_linked_and_checked_to_genesis(first_600: Chain) -> None:
    for height in (0, 1, 170, 599):
        block = plain(first_600.block(str(height)))
        assert block["height"] == height
        assert (block["height_source"], block["work"]) == ("linked", CHECKED)
        assert (block["merkle_ok"], block["state"], block["held"]) == (True, "in chain", "block")
    status = plain(first_600.status())
    assert status["work"] == {"own target only": 0, CHECKED: 600, "failed": 0}
    assert [(one["first_height"], one["last_height"]) for one in status["islands"]] == [(0, 599)]


def test_the_coinbase_of_block_9_is_spent_in_170(first_600: Chain) -> None:
    block = first_600.block("9")
    tx = first_600.tx("0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9")
    assert (tx.block, tx.height) == (block.hash, 9)
    assert tx.fee_sat is None
    assert [one.status for one in tx.inputs] == ["coinbase"]
    output = tx.outputs[0]
    assert (output.script, output.address) == ("p2pk", None)
    assert output.same_key_as == ("12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S",)
    assert output.spent_by == {
        "txid": "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16",
        "input": 0,
        "block": first_600.block("170").hash,
    }
    spender = plain(first_600.tx(output.spent_by["txid"]))
    assert spender["inputs"][0]["value_sat"] == "5000000000"
    assert [one["value_sat"] for one in spender["outputs"]] == ["1000000000", "4000000000"]
    assert spender["fee_sat"] == "0"


def test_every_real_block_has_the_counts_of_its_manifest(
    shared_data: Path, tmp_path: Path, modern: Chain
) -> None:
    rows = json.loads((shared_data / "bitcoin" / "MANIFEST.json").read_text())
    testnet = tmp_path / "chains" / "testnet"
    ingest_here(
        testnet, [shared_data / "bitcoin" / "blocks" / "testnet3"], network=NETWORKS["testnet3"]
    )
    chains = {"mainnet": modern, "testnet3": Chain.open(testnet)}
    blocks = [row for row in rows if "block_hash" in row]
    assert len(blocks) == 15
    for row in blocks:
        chain = chains[row["path"].split("/")[1]]
        found = chain.block(row["block_hash"])
        assert found == chain.block(str(row["height"]))
        assert found.height == row["height"]
        counts = found.tx_count, found.input_count, found.output_count
        assert counts == (row["tx"], row["inputs"], row["outputs"])
        assert found.merkle_ok
        assert found.work == "own target only"
        assert (plain(found)["time"] or "")[:16] == row["utc"]


def test_fees_of_300025_are_known_with_its_spent_outputs(modern: Chain) -> None:
    block = modern.block("300025")
    assert block.fees_sat == 7_773_345
    assert block.reward_sat == 25 * 100_000_000 + 7_773_345
    assert block.spent_outputs is not None
    assert block.spent_outputs["outputs"] == 1427
    # All but three inputs show the key or script that the stated script commits to.
    assert block.spent_outputs["scripts_shown"] == 1424
    assert block.unknown_input_count == 1239
    without = modern.block("363703")
    assert (without.fees_sat, without.spent_outputs) == (None, None)


def test_a_stated_value_leaves_its_source_unknown(modern: Chain) -> None:
    first = int(modern.columns.block_tx_start[modern.block_row("300025")])
    tx = modern.tx_at(first + 1)
    statuses = {(one.status, one.value_source) for one in tx.inputs}
    assert statuses == {("unknown", "spent-outputs file")}
    assert tx.fee_sat is not None
    address = tx.inputs[0].address
    assert address is not None
    spends = modern.address(address).spends_of_unknown
    assert {"txid": tx.txid, "input": 0}.items() <= spends[0].items()


def test_raw_bytes_and_merkle_paths_are_those_of_the_sources(modern: Chain) -> None:
    row = modern.block_row("574200")
    tx = modern.tx_row("41f366c2afcc222fe45398b6dc13dcca8874ca6ed288420700575495d03f8dad")
    raw = modern.raw_transaction(tx)
    assert raw in modern.raw_block(row)
    assert modern.raw_block(row)[:80] == modern.header(row)
    found = modern.merkle_path(tx)
    assert found is not None
    path, beside = found
    assert beside is not None
    root = modern.columns.block_merkle_root[row].tobytes()
    assert path.root() == beside.root() == root
    assert (beside.index, len(beside.siblings)) == (0, len(path.siblings))


def test_the_listed_address_of_574200_received_one_payment(modern: Chain) -> None:
    view = plain(modern.address(" 1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d "))
    assert (view["deposit_count"], view["received_sat"]) == (1, "38796959")
    assert view["deposits"][0]["no_spend_seen"].startswith("no spend seen up to height ")
    assert view["scope"].startswith("all coins ever received here")
    assert view["not_counted"] == ["bare-keys"]  # the key may also be paid without an address


# --- made blocks ----------------------------------------------------------------------------------


def spend_block(previous: bytes, height: int, source: regtest.Tx, *keys: int) -> regtest.Block:
    outputs = tuple((HALF, key) for key in keys)
    time = 1_300_000_000 + 600 * height
    return mine(previous, [coinbase(height, height), pay(source, 0, *outputs)], time=time)


def test_a_stale_branch_is_told_and_its_spends_are_not_followed(tmp_path: Path) -> None:
    trunk = grow(regtest.GENESIS_HASH, 1, 3)
    source = trunk[0].txs[0]
    stale = spend_block(trunk[-1].hash, 4, source, 71, 72)
    main = grow(trunk[-1].hash, 4, 2, key=9)
    chain = chain_of(tmp_path, {"blk": block_file([*trunk, stale, *main])}, network=REGTEST)
    assert chain.status().stale == (stale.shown,)
    assert chain.block(stale.shown).state == "stale"
    assert chain.block("4").hash == main[0].shown
    assert chain.tx(source.shown).outputs[0].spent_by is None
    lost = chain.tx(stale.txs[1].shown)
    assert (lost.state, lost.fee_sat) == ("stale", None)
    assert lost.outputs[0].no_spend_seen == "not followed: its block is not in the chain"
    assert chain.tx(stale.txs[0].shown).inputs[0].status == "coinbase"
    assert chain.block(stale.shown).unknown_input_count == 1


def test_a_transaction_in_both_branches_counts_in_the_main_one(tmp_path: Path) -> None:
    trunk = grow(regtest.GENESIS_HASH, 1, 2)
    source = trunk[0].txs[0]
    stale = spend_block(trunk[-1].hash, 3, source, 71)
    one = grow(trunk[-1].hash, 3, 1, key=9)
    two = spend_block(one[-1].hash, 4, source, 71)
    assert stale.txs[1] == two.txs[1]
    chain = chain_of(tmp_path, {"blk": block_file([*trunk, stale, *one, two])})
    tx = chain.tx(two.txs[1].shown)
    assert (tx.state, tx.block, tx.copies) == ("in chain", two.shown, (stale.shown,))
    assert chain.tx(source.shown).outputs[0].spent_by == {
        "txid": tx.txid,
        "input": 0,
        "block": two.shown,
    }


def test_islands_are_all_in_the_chain_and_an_unheld_source_is_unknown(tmp_path: Path) -> None:
    blocks = grow(regtest.GENESIS_HASH, 1, 6)
    last = spend_block(blocks[-1].hash, 7, blocks[2].txs[0], 71, 72)
    held = [*blocks[:2], blocks[3], last]
    chain = chain_of(tmp_path, {"blk": block_file(held)})
    status = chain.status()
    assert [one["blocks"] for one in status.islands] == [2, 1, 1]
    assert [one["height_source"] for one in status.islands] == ["linked", "coinbase", "coinbase"]
    tx = chain.tx(last.txs[1].shown)
    assert (tx.fee_sat, tx.inputs[0].status, tx.inputs[0].value_sat) == (None, "unknown", None)
    assert tx.inputs[0].source == f"{blocks[2].txs[0].shown}:0"
    assert chain.block("7").unknown_input_count == 1
    assert status.unknown_inputs == 1


def test_a_gap_is_filled_by_a_later_ingest(tmp_path: Path) -> None:
    blocks = grow(regtest.GENESIS_HASH, 1, 2)
    last = spend_block(blocks[-1].hash, 3, blocks[0].txs[0], 71, 72)
    chain = chain_of(tmp_path, {"3": last.raw})
    assert chain.tx(last.txs[1].shown).fee_sat is None
    filled = chain_of(tmp_path, {"rest": block_file([*blocks, last])})
    tx = filled.tx(last.txs[1].shown)
    assert (tx.fee_sat, tx.inputs[0].value_sat) == (0, SUBSIDY_SAT)
    # A chain opened before goes on answering as it was.
    assert chain.tx(last.txs[1].shown).fee_sat is None


def test_a_height_by_file_name_says_so_and_a_coinbase_overrules_it(tmp_path: Path) -> None:
    first = regtest.Tx(((regtest.ZERO, 0xFFFFFFFF),), ((1, b"\x51"),), b"\x02\xff\xff")
    silent = mine(b"\x07" * 32, [first])
    claims = mine(b"\x08" * 32, [coinbase(500, 1)])
    chain = chain_of(tmp_path, {"123.raw": silent.raw, "124.raw": claims.raw})
    stated, claimed = chain.block("123"), chain.block("500")
    assert (stated.hash, stated.height_source) == (silent.shown, "file name")
    assert (claimed.height_source, claimed.height_disputed) == ("coinbase", True)
    nameless = chain_of(tmp_path / "b", {"block": silent.raw}).block(silent.shown)
    assert (nameless.height, nameless.height_source) == (None, None)


def test_two_blocks_of_one_height_must_be_asked_for_by_hash(tmp_path: Path) -> None:
    one, two = mine(b"\x07" * 32, [coinbase(5, 1)]), mine(b"\x08" * 32, [coinbase(5, 2)])
    chain = chain_of(tmp_path, {"blk": block_file([one, two])})
    with pytest.raises(HeightAmbiguous) as refused:
        chain.block("5")
    assert one.shown in str(refused.value.params["blocks"])
    assert chain.block(two.shown.upper()).hash == two.shown


def test_a_coinbase_that_repeats_is_told_and_the_later_is_spent(tmp_path: Path) -> None:
    same = regtest.Tx(
        ((regtest.ZERO, 0xFFFFFFFF),), ((SUBSIDY_SAT, regtest.p2pkh(5)),), b"\x01\x01"
    )
    one = mine(regtest.GENESIS_HASH, [same], time=1_300_000_000)
    two = mine(one.hash, [same], time=1_300_000_600)
    last = mine(two.hash, [coinbase(3, 3), pay(same, 0, (HALF, 6))], time=1_300_001_200)
    chain = chain_of(tmp_path, {"blk": block_file([one, two, last])})
    tx = chain.tx(same.shown)
    assert (tx.block, tx.copies) == (two.shown, (one.shown,))
    rows = chain.tx_rows(same.txid)
    spent = [int(chain.graph.output_spender[chain.graph.outputs_of(row)[0]]) for row in rows]
    assert spent[0] == -1
    assert spent[1] >= 0


# --- loose transactions and proofs ----------------------------------------------------------------


def test_a_loose_transaction_gives_its_values_and_no_block(tmp_path: Path) -> None:
    source = regtest.Tx(((b"\x01" * 32, 0),), ((HALF, regtest.p2pkh(1)),))
    block = mine(regtest.GENESIS_HASH, [coinbase(1, 9), pay(source, 0, (HALF - 10, 2))])
    chain = chain_of(tmp_path, {"tx": source.raw.hex().encode(), "1.raw": block.raw})
    tx = chain.tx(source.shown)
    assert (tx.state, tx.block, tx.height, tx.index) == ("loose", None, None, None)
    assert chain.tx(block.txs[1].shown).fee_sat == 10
    assert tx.outputs[0].spent_by is not None
    assert chain.raw_transaction(chain.tx_row(source.shown)) == source.raw
    assert chain.merkle_path(chain.tx_row(source.shown)) is None


@pytest.mark.parametrize("with_coinbase", [False, True])
def test_a_proof_gives_a_loose_transaction_its_block(tmp_path: Path, with_coinbase: bool) -> None:
    blocks = grow(regtest.GENESIS_HASH, 1, 2)
    away = spend_block(blocks[-1].hash, 3, blocks[0].txs[0], 71, 72)
    tx = away.txs[1]
    proof = build_proof(
        away.header, [one.txid for one in away.txs], [0, 1] if with_coinbase else [1]
    )
    chain = chain_of(tmp_path, {"blk": block_file(blocks), "tx": tx.raw, "proof": proof})
    view = chain.tx(tx.shown)
    assert (view.block, view.block_known_by) == (away.shown, "merkle proof")
    assert (view.height, view.height_source, view.index) == (3, "linked", 1)
    assert view.proof_depth_shown is with_coinbase
    assert view.fee_sat == 0
    found = chain.merkle_path(chain.tx_row(tx.shown))
    assert found is not None
    assert found[0].root() == away.header[36:68]
    assert (found[1] is not None) is with_coinbase
    block = chain.block("3")
    assert (block.held, block.tx_count, block.merkle_ok) == ("header", None, None)
    # When the whole block comes, it takes the place of header, proof and loose transaction.
    whole = chain_of(tmp_path, {"3.raw": away.raw})
    assert whole.tx(tx.shown).block_known_by == "block"
    assert whole.status().loose_transactions == 0
    assert whole.status().headers_alone == 0


def test_a_proof_with_false_hashes_or_no_work_is_a_skip(tmp_path: Path) -> None:
    tx = regtest.Tx(((b"\x01" * 32, 0),), ((HALF, regtest.p2pkh(1)),))
    real = mine(regtest.GENESIS_HASH, [coinbase(1, 1), coinbase(1, 2)])
    idle = mine(regtest.GENESIS_HASH, [coinbase(1, 1), tx], must_fail=True)
    txids = [real.txs[0].txid, tx.txid]
    files = {
        "tx": tx.raw,
        "forged": build_proof(real.header, txids, [1]),
        "idle": build_proof(idle.header, [one.txid for one in idle.txs], [1]),
    }
    chain = chain_of(tmp_path, files)
    skips = chain.record.ingests[-1]["skipped_by_code"]
    assert skips == {"proof-wrong": 1, "proof-work-failed": 1}
    assert chain.tx(tx.shown).block is None


# --- blocks that are not what they say ------------------------------------------------------------


def faulty_blocks() -> dict[str, regtest.Block]:
    txs = [coinbase(1, 1), coinbase(1, 2), coinbase(1, 3)]
    good = mine(regtest.GENESIS_HASH, txs)
    return {
        "work-failed": mine(regtest.GENESIS_HASH, txs, must_fail=True),
        "merkle-wrong": mine(regtest.GENESIS_HASH, txs, root=b"\x07" * 32),
        "merkle-mutated": regtest.Block(good.header, (*txs, txs[-1])),
        "no-coinbase": mine(
            regtest.GENESIS_HASH, [regtest.Tx(((b"\x01" * 32, 0),), ((1, b"\x51"),))]
        ),
    }


@pytest.mark.parametrize("reason", ["work-failed", "merkle-wrong", "merkle-mutated", "no-coinbase"])
def test_a_false_block_is_set_aside_and_told(tmp_path: Path, reason: str) -> None:
    block = faulty_blocks()[reason]
    for name, data in (("raw", block.raw), ("blk", block_file([block]))):
        chain = chain_of(tmp_path / name, {"a": data})
        view = chain.block(block.shown)
        assert (view.held, view.set_aside) == ("set aside", reason)
        assert view.merkle_ok is (not reason.startswith("merkle"))
        assert (view.work == "failed") is (reason == "work-failed")
        assert view.tx_count == len(block.txs)
        assert chain.columns.tx_count == 0
        assert chain.status().set_aside == ({"hash": block.shown, "reason": reason},)
        assert chain.record.ingests[0]["skipped_by_code"] == {f"block-aside-{reason}": 1}
        with pytest.raises(NotInChain):
            chain.tx(block.txs[0].shown)


@pytest.mark.parametrize("good_first", [False, True])
def test_a_good_copy_takes_the_place_of_a_false_one(tmp_path: Path, good_first: bool) -> None:
    txs = [coinbase(1, 1), coinbase(1, 2), coinbase(1, 3)]
    good = mine(regtest.GENESIS_HASH, txs)
    false = [
        regtest.Block(good.header, (*txs, txs[-1])),
        regtest.Block(good.header, (txs[0], coinbase(1, 66))),
    ]
    order = [good, *false] if good_first else [*false, good]
    for number, block in enumerate(order):
        chain = chain_of(tmp_path, {f"f{number}": block.raw})
    view = chain.block(good.shown)
    assert (view.held, view.set_aside, view.tx_count) == ("block", None, 3)
    assert chain.status().set_aside == ()
    assert chain.raw_block(chain.block_row(good.shown)) == good.raw


def test_a_block_follows_a_failed_one_and_is_failed(tmp_path: Path) -> None:
    bad = mine(regtest.GENESIS_HASH, [coinbase(1, 1)], must_fail=True)
    after = grow(bad.hash, 2, 1)[0]
    chain = chain_of(tmp_path, {"blk": block_file([bad, after])})
    view = chain.block(after.shown)
    assert (view.state, view.work, view.work_reason) == ("failed", "failed", "follows-failed")
    assert chain.graph.tx_rank.tolist() == [-1]


def test_a_copy_with_its_witness_takes_the_place_of_one_without(tmp_path: Path) -> None:
    tx = regtest.Tx(((b"\x01" * 32, 0),), ((1, b"\x51"),), b"", (b"\x05" * 20,))
    bare = regtest.Tx(tx.inputs, tx.outputs, tx.signature)
    reserved = regtest.sha256d(regtest.root_of([bytes(32), regtest.sha256d(tx.raw)]) + bytes(32))
    first = regtest.Tx(
        ((regtest.ZERO, 0xFFFFFFFF),),
        ((SUBSIDY_SAT, b"\x51"), (0, bytes.fromhex("6a24aa21a9ed") + reserved)),
        b"\x03\x01\x00\x00",
        (bytes(32),),
    )
    whole = mine(regtest.GENESIS_HASH, [first, tx])
    stripped = regtest.Block(
        whole.header, (regtest.Tx(first.inputs, first.outputs, first.signature), bare)
    )
    chain = chain_of(tmp_path, {"stripped": stripped.raw})
    assert chain.block(whole.shown).witness == "not computed"
    chain = chain_of(tmp_path, {"whole": whole.raw})
    assert chain.block(whole.shown).witness == "right"
    assert chain.raw_transaction(chain.tx_row(tx.shown)) == tx.raw


# --- names, files, formats ------------------------------------------------------------------------


def test_what_is_not_held_and_what_is_no_name_are_told_apart(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, {"blk": block_file(grow(regtest.GENESIS_HASH, 1, 1))})
    for ask in (chain.block, chain.tx):
        with pytest.raises(NotInChain):
            ask("00" * 32)
        for text in ("", "xyz", "00" * 31, "zz" * 32, "-1", "1" * 9):
            with pytest.raises(NameNotReadable):
                ask(text)
    with pytest.raises(NotInChain):
        chain.block("7")
    with pytest.raises(AddressNotReadable):
        chain.address("bcrt1qqqqqq")


def test_a_changed_or_missing_source_is_an_error_not_an_answer(tmp_path: Path) -> None:
    blocks = grow(regtest.GENESIS_HASH, 1, 2)
    chain = chain_of(tmp_path, {"blk": block_file(blocks)})
    path = tmp_path / "sources" / "blk"
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)
    assert chain.raw_block(0) == blocks[0].raw
    with pytest.raises(SourceChanged):
        chain.raw_block(1)
    with pytest.raises(SourceChanged):
        chain.raw_transaction(1)
    path.unlink()
    with pytest.raises(FileNotReadable):
        chain.raw_transaction(0)


def test_the_same_bytes_at_a_new_place_are_found_again(tmp_path: Path) -> None:
    blocks = grow(regtest.GENESIS_HASH, 1, 2)
    chain_of(tmp_path, {"old": block_file(blocks)})
    (tmp_path / "sources" / "old").unlink()
    chain = chain_of(tmp_path, {"new": block_file(blocks)})
    assert chain.raw_block(1) == blocks[1].raw
    assert len(chain.sources) == 1


def test_a_workspace_that_moved_still_finds_sources_inside_it(tmp_path: Path) -> None:
    blocks = grow(regtest.GENESIS_HASH, 1, 1)
    vault = tmp_path / "unit" / "vault" / "ab"
    vault.mkdir(parents=True)
    (vault / "x").write_bytes(blocks[0].raw)
    named = SourcePath(vault / "x", "seized/1.raw", "exhibit-1")
    ingest_here(tmp_path / "unit" / "chains" / "c", [named])
    (tmp_path / "unit").rename(tmp_path / "moved")
    chain = Chain.open(tmp_path / "moved" / "chains" / "c")
    assert chain.raw_block(0) == blocks[0].raw
    assert (chain.sources[0].name, chain.sources[0].origin) == ("seized/1.raw", "exhibit-1")


def test_a_chain_is_built_anew_from_its_sources(tmp_path: Path) -> None:
    blocks = grow(regtest.GENESIS_HASH, 1, 2)
    away = spend_block(blocks[-1].hash, 3, blocks[0].txs[0], 71, 72)
    key = b"12345678"
    hidden = bytes(byte ^ key[n % 8] for n, byte in enumerate(block_file(blocks)))
    proof = build_proof(away.header, [one.txid for one in away.txs], [1])
    # The key came as an exhibit of its own and is not among the sources.
    for name, data in (("f1", hidden), ("f2", key)):
        (tmp_path / name).write_bytes(data)
    named = [
        SourcePath(tmp_path / "f1", "b/blk00000.dat", "x"),
        SourcePath(tmp_path / "f2", "b/xor.dat", "x"),
    ]
    chain_dir = tmp_path / "chains" / "test"
    ingest_here(chain_dir, named)
    before = chain_of(tmp_path, {"tx": away.txs[1].raw, "proof": proof})
    record = chain_dir / "chain.json"
    record.write_text(record.read_text().replace('"format": 1', '"format": 0'))
    with pytest.raises(FormatTooOld):
        Chain.open(chain_dir)
    with pytest.raises(FormatTooOld):
        chain_of(tmp_path, {"3.raw": away.raw})
    rebuild(chain_dir)
    assert picture(Chain.open(chain_dir)) == picture(before)
    (tmp_path / "f1").unlink()
    with pytest.raises(SourceNotFound):
        rebuild(chain_dir)
    assert picture(Chain.open(chain_dir)) == picture(before)


def test_a_damaged_chain_a_newer_one_and_none_are_refused(tmp_path: Path) -> None:
    chain_dir = tmp_path / "chains" / "test"
    with pytest.raises(ChainNotFound):
        Chain.open(chain_dir)
    chain_of(tmp_path, {"1.raw": grow(regtest.GENESIS_HASH, 1, 1)[0].raw})
    record = chain_dir / "chain.json"
    good = record.read_text()
    record.write_text(good.replace('"format": 1', '"format": 2'))
    with pytest.raises(FormatTooNew):
        Chain.open(chain_dir)
    for bad in ("", "[]", "{}", good[:-20]):
        record.write_text(bad)
        with pytest.raises(ChainBroken):
            Chain.open(chain_dir)
    record.write_text(good)
    arrays = next(chain_dir.glob("*.arrays"))
    whole = arrays.read_bytes()
    for cut in (0, 10, 100, len(whole) // 2):
        arrays.write_bytes(whole[:cut])
        with pytest.raises(ChainBroken):
            Chain.open(chain_dir)
    arrays.unlink()
    with pytest.raises(ChainBroken):
        Chain.open(chain_dir)


@pytest.mark.parametrize("first_height", [None, 0])
def test_the_wtxid_of_a_coinbase_is_zeros_and_that_of_others_their_hash(
    tmp_path: Path, first_height: int | None
) -> None:
    blocks = Path(__file__).parents[2] / "sample" / "blocks" / "blk00000.dat"
    ingest(tmp_path / "chain", [blocks], network=MAINNET, first_height=first_height)
    chain = Chain.open(tmp_path / "chain")
    first, last = chain.columns.block_tx_start[170:172].tolist()
    assert chain.tx_at(first).wtxid == "00" * 32
    assert chain.tx_at(last - 1).wtxid == chain.tx_at(last - 1).txid


def test_another_network_is_not_real_money_and_signet_says_what_else_is_unchecked(
    tmp_path: Path,
) -> None:
    files = {"1.raw": grow(regtest.GENESIS_HASH, 1, 1)[0].raw}
    chain = chain_of(tmp_path, files)
    assert chain.block("1").is_real_money is False
    assert chain.block("1").not_checked == ("scripts", "signatures")
    record = replace(chain.record, network="signet")
    signet = Chain(chain.path, record, chain.arrays)
    assert signet.not_checked == ("scripts", "signatures", "signet block signature")


# --- properties -----------------------------------------------------------------------------------


def picture(chain: Chain) -> object:
    """All that a chain answers, whatever the order of its rows."""
    rows = chain.columns
    hashes = sorted(chain.hash_of(row) for row in range(len(chain.arrays["t.height"])))
    blocks = [
        {k: v for k, v in plain(chain.block(h[::-1].hex())).items() if k not in PLACES}
        for h in hashes
    ]
    txs = [plain(chain.tx(t[::-1].hex())) for t in sorted({bytes(r) for r in rows.tx_id})]
    return blocks, txs


PLACES = ("source", "offset")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(7)), cuts=st.sets(st.integers(1, 6)))
def test_the_order_and_the_number_of_ingests_change_no_answer(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: set[int]
) -> None:
    trunk = grow(regtest.GENESIS_HASH, 1, 3)
    stale = spend_block(trunk[-1].hash, 4, trunk[0].txs[0], 71, 72)
    main = spend_block(trunk[-1].hash, 4, trunk[1].txs[0], 73, 74)
    tip = spend_block(main.hash, 5, trunk[0].txs[0], 75, 76)
    later = pay(tip.txs[1], 0, (HALF, 99))
    blocks = [block.raw for block in (*trunk, stale, main, tip)]
    files = {str(number): raw for number, raw in enumerate([*blocks, later.raw])}
    once = chain_of(tmp_path_factory.mktemp("once"), files)
    folder = tmp_path_factory.mktemp("many")
    names = [str(number) for number in order]
    edges = [0, *sorted(cuts), len(names)]
    for start, stop in itertools.pairwise(edges):
        chain = chain_of(folder, {name: files[name] for name in names[start:stop]})
    assert picture(chain) == picture(once)


def test_a_child_process_gives_the_same_chain(tmp_path: Path) -> None:
    files = {"blk": block_file(grow(regtest.GENESIS_HASH, 1, 4))}
    here = chain_of(tmp_path, files)
    ingest(tmp_path / "chains" / "child", [tmp_path / "sources" / "blk"], network=REGTEST)
    assert picture(Chain.open(tmp_path / "chains" / "child")) == picture(here)


def test_outputs_are_found_alike_at_once_and_byte_after_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = regtest.p2pkh(7)
    paid = ((1, script), (2, regtest.p2pkh(8)), (3, script))
    first = regtest.mine(regtest.GENESIS_HASH, [regtest.coinbase(1, 1)])
    tx = regtest.Tx(((first.txs[0].txid, 0),), paid)
    second = regtest.mine(first.hash, [regtest.coinbase(2, 2), tx])
    chain = chain_of(tmp_path, {"blk": block_file([first, second])}, network=REGTEST)
    asked = ScriptKind.P2PKH, (7).to_bytes(20, "big")
    at_once = chain.find_outputs(*asked).tolist()
    monkeypatch.setattr(held, "_AT_ONCE", 0)
    assert chain.find_outputs(*asked).tolist() == at_once
    assert len(at_once) == 2
