"""Undo files taken in: given to their block alone, stated and never proved, faults told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NothingToIngest
from kancil.bitcoin.chain.ingest import IngestReport, rebuild
from kancil.bitcoin.holdings.read import read_file
from kancil.bitcoin.holdings.sources import SourceForm, SourcePath, list_files
from kancil.bitcoin.holdings.spent import parse_spent
from kancil.bitcoin.network import MAINNET, NETWORKS
from kancil.bitcoin.script.script import script_of
from kancil.ground.words import render
from tests.bitcoin import regtest
from tests.bitcoin.chains import chain_of, ingest_here
from tests.bitcoin.regtest import MAGIC, block_file
from tests.bitcoin.slow_parser import read_block
from tests.bitcoin.test_chain_spent import KEY, block_with, p2pkh_of, spending
from tests.bitcoin.undo_files import Spent, record, xored

XOR = bytes.fromhex("a1b2c3d4e5f60718")
ONE = block_with(spending(1, 900), spending(2, 500, 400), fees=150)
COINS = [[Spent(1000, p2pkh_of(KEY))], [Spent(950, b"\x21" + KEY + b"\xac", height=0)]]


def previous_of(block: regtest.Block) -> bytes:
    return block.header[4:36]


def good(block: regtest.Block = ONE, coins: list[list[Spent]] = COINS) -> bytes:
    return record(previous_of(block), coins)


class World:
    """A blocks folder, and the chain made of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "blocks"
        self.folder.mkdir()
        self.chain_dir = folder / "chains" / "test"

    def take(self, files: dict[str, bytes]) -> IngestReport:
        for name, data in files.items():
            (self.folder / name).write_bytes(data)
        return ingest_here(self.chain_dir, [self.folder])

    @property
    def chain(self) -> Chain:
        return Chain.open(self.chain_dir)

    def told(self, rev: bytes, *blocks: regtest.Block) -> list[str]:
        """Ingest blocks and an undo file; give the sentences of what was left out."""
        report = self.take({"blk00000.dat": block_file(list(blocks) or [ONE]), "rev00000.dat": rev})
        return [render(f"skip.{skip.code}", **skip.params) for skip in report.skipped]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize("key", [b"", XOR])
def test_a_blocks_folder_gives_values_scripts_and_what_was_shown(world: World, key: bytes) -> None:
    blocks, rev = block_file([ONE]), good()
    files = {"blk00000.dat": blocks, "rev00000.dat": rev}
    if key:
        files = {name: xored(data, key) + bytes(99) for name, data in files.items()}
        files["xor.dat"] = key
    report = world.take(files)
    assert [skip for skip in report.skipped if skip.code.startswith("undo")] == []
    assert (report.added["undo_records"], report.added["undo_values"]) == (1, 2)
    chain = world.chain
    view = chain.block(ONE.shown)
    assert (view.fees_sat, view.unknown_input_count) == (150, 2)
    assert view.spent_outputs == {
        "source": "blocks/rev00000.dat",
        "outputs": 2,
        "scripts_shown": 1,
    }
    one, two = (chain.tx(tx.shown).inputs[0] for tx in ONE.txs[1:])
    assert (one.status, one.value_sat, one.script) == ("unknown", 1000, "p2pkh")
    assert (one.value_source, two.value_source) == ("undo file", "undo file")
    assert two.same_key_as == (one.address,)
    status = chain.status()
    assert (status.undo_blocks, status.spent_outputs_files) == (1, 0)
    assert status.unknown_inputs_valued == 2


def test_values_stay_when_more_comes_and_come_again_when_the_chain_is_built_anew(
    world: World,
) -> None:
    world.take({"blk00000.dat": block_file([ONE]), "rev00000.dat": good()})
    again = world.take({"blk00001.dat": block_file(regtest.grow(b"\x09" * 32, 5, 1))})
    assert again.added["undo_blocks"] == 0
    assert world.chain.block(ONE.shown).fees_sat == 150
    rebuild(world.chain_dir)
    assert world.chain.block(ONE.shown).fees_sat == 150
    assert world.chain.status().undo_blocks == 1


def test_an_undo_file_named_alone_finds_its_key_and_needs_no_name(world: World) -> None:
    world.take({"blk00000.dat": block_file([ONE])})
    (world.folder / "xor.dat").write_bytes(XOR)
    (world.folder / "rev00000.dat").write_bytes(xored(good(), XOR))
    report = ingest_here(world.chain_dir, [world.folder / "rev00000.dat"])
    assert report.added["undo_blocks"] == 1
    (world.folder / "undo of some other name").write_bytes(good())
    report = ingest_here(world.chain_dir, [world.folder / "undo of some other name"])
    assert (report.added["undo_records"], report.added["undo_blocks"]) == (1, 0)


def test_a_record_is_found_by_its_checksum_wherever_it_stands(world: World) -> None:
    base = regtest.grow(b"\x31" * 32, 1, 3)
    blocks = []
    for number, before in enumerate(base, 1):
        tx = spending(number, 700 + number)
        coinbase = regtest.coinbase(number + 1, 50 + number)
        blocks.append(regtest.mine(before.hash, [coinbase, tx]))
    records = [
        record(previous_of(block), [[Spent(700 + number, p2pkh_of(KEY))]])
        for number, block in enumerate(blocks, 1)
    ]
    order = [records[2], records[0], record(b"\x55" * 32, COINS), records[1]]
    told = world.told(b"".join(order), *base, *blocks)
    assert len(told) == 1
    assert "whose checksum fits no block held here: 1 of 4." in told[0]
    for number, block in enumerate(blocks, 1):
        assert world.chain.tx(block.txs[1].shown).inputs[0].value_sat == 700 + number


def test_two_blocks_after_the_same_one_are_told_apart_by_what_they_spend(world: World) -> None:
    one = block_with(spending(1, 900), key=1)
    other = block_with(spending(2, 800, key=b"\x03" + KEY[1:]), key=2)
    rev = good(one, [[Spent(900, p2pkh_of(KEY))]])
    assert world.told(rev, one, other) == []
    assert world.chain.block(one.shown).spent_outputs is not None
    assert world.chain.block(other.shown).spent_outputs is None


def test_two_blocks_that_nothing_tells_apart_get_nothing(world: World) -> None:
    one, other = (block_with(spending(number, 900), key=number) for number in (1, 2))
    told = world.told(good(one, [[Spent(900, p2pkh_of(KEY))]]), one, other)
    assert told == [
        "This undo record fits 2 blocks held here that follow the same block, so it was not used."
    ]


def test_two_blocks_that_spend_the_same_both_get_it(world: World) -> None:
    one, other = (block_with(spending(1, 900), key=number) for number in (1, 2))
    assert world.told(good(one, [[Spent(900, p2pkh_of(KEY))]]), one, other) == []
    assert world.chain.status().undo_blocks == 2


def test_only_inputs_whose_source_is_not_held_take_a_stated_value(world: World) -> None:
    source = regtest.Tx(((b"\x01" * 32, 0),), ((900, p2pkh_of(KEY)),), b"\x01\x30\x21" + KEY)
    spender = regtest.Tx(((source.txid, 0),), ((900, b"\x51"),), source.signature)
    block = block_with(source, spender)
    coins = [[Spent(900, p2pkh_of(KEY))], [Spent(900, p2pkh_of(KEY))]]
    assert world.told(good(block, coins), block) == []
    assert world.chain.tx(spender.shown).inputs[0].value_source == "held output"
    assert world.chain.tx(source.shown).inputs[0].value_source == "undo file"


def test_a_block_all_of_whose_sources_are_held_takes_nothing(world: World) -> None:
    first = block_with()
    spender = regtest.pay(first.txs[0], 0, (1000, 3))
    second = regtest.mine(first.hash, [regtest.coinbase(2, 8), spender])
    rev = record(first.hash, [[Spent(regtest.SUBSIDY_SAT, regtest.p2pkh(1), 1, True)]])
    assert world.told(rev, first, second) == []
    assert world.chain.status().undo_blocks == 0
    again = ingest_here(world.chain_dir, [world.folder / "rev00000.dat"])
    assert (again.added["undo_records"], again.added["undo_blocks"]) == (1, 0)


FAULTS = {
    "whose checksum fits no block held here: 1 of 1.": good()[:-1] + b"x",
    "The undo file ends inside this record; 20 bytes of it are there.": good() + good()[:20],
    "These 64 bytes of the undo file are not a record.": good() + b"z" * 64,
    "This record of the undo file states an impossible length.": good() + MAGIC + b"\xff" * 4,
    "does not have as many spent outputs as the block has inputs": good(
        ONE, [[Spent(1000, p2pkh_of(KEY)), Spent(1, b"")], COINS[1]]
    ),
    "By this undo record a transaction would pay out more": good(
        ONE, [[Spent(899, p2pkh_of(KEY))], COINS[1]]
    ),
    "By this undo record the block's miner would take more": good(
        ONE, [[Spent(901, p2pkh_of(KEY))], COINS[1]]
    ),
    "An input of the block shows another key or script": good(
        ONE, [[Spent(1000, p2pkh_of(KEY[:-1]))], COINS[1]]
    ),
    "that cannot be read, so their bytes are not whole: 1 of 1.": good()[:8]
    + b"\x02\x01\x80"
    + good()[11:],
    "The file holds blocks of mainnet, and this chain is of regtest.": MAINNET.magic + good()[4:],
    "no record of this network was found in it": b"junk" * 30,
}


@pytest.mark.parametrize("sentence", FAULTS)
def test_a_fault_is_one_clear_sentence_and_the_rest_is_used(world: World, sentence: str) -> None:
    (told,) = world.told(FAULTS[sentence])
    assert sentence in told
    assert world.chain.status().blocks == 1
    is_used = FAULTS[sentence].startswith(good())
    assert world.chain.status().undo_blocks == int(is_used)


def test_an_output_that_is_held_and_differs_refuses_the_record(world: World) -> None:
    source = spending(1, 900, 50)
    spender = regtest.Tx(((source.txid, 0),), ((900, b"\x51"),))
    coins = [[Spent(950, p2pkh_of(KEY))], [Spent(901, regtest.p2pkh(1))]]
    block = block_with(source, spender)
    (told,) = world.told(good(block, coins), block)
    assert "another value or script than an output that is held here" in told


def test_undo_data_without_any_block_are_refused_in_a_sentence(world: World) -> None:
    with pytest.raises(NothingToIngest) as refused:
        world.take({"rev00000.dat": good()})
    assert "undo-no-block" in str(refused.value.params["reason"])
    assert not world.chain_dir.exists()


def test_a_file_of_blocks_that_is_named_as_undo_data_is_read_as_blocks(world: World) -> None:
    (world.folder / "rev00000.dat").write_bytes(block_file([ONE]))
    (file,) = list_files([SourcePath(world.folder)])[0]
    reading = read_file(file, NETWORKS["regtest"])
    assert [one.source.form for one in reading.readings] == [SourceForm.BLOCK_FILE]


def test_records_made_of_true_spent_outputs_give_the_same_answers(
    shared_data: Path, tmp_path: Path
) -> None:
    """Mainnet 300025 and the outputs that it spent: the sources stand in the data's SOURCES.md."""
    folder = shared_data / "bitcoin" / "blocks" / "mainnet"
    raw = (folder / "300025.raw").read_bytes()
    outputs = parse_spent((folder / "300025.spent-outputs.raw").read_bytes(), "")
    coins = [
        Spent(int(value), script_of(kind, payload) or b"", height=200_000 + number)
        for number, (value, kind, payload) in enumerate(
            zip(outputs.value_sat, outputs.kinds, outputs.payloads, strict=True)
        )
    ]
    txs: list[list[Spent]] = []
    for tx in read_block(raw, 0, len(raw)).txs[1:]:
        count = len(tx.inputs)
        txs.append(coins[:count])
        coins = coins[count:]
    assert coins == []
    rev = record(raw[4:36], txs, MAINNET.magic)
    chain = chain_of(tmp_path, {"300025.raw": raw, "rev00077.dat": rev}, network=MAINNET)
    ingest_here(
        tmp_path / "chains" / "other",
        [folder / "300025.raw"],
        network=MAINNET,
        spent=[folder / "300025.spent-outputs.raw"],
    )
    other = Chain.open(tmp_path / "chains" / "other")
    assert chain.block("300025").fees_sat == 7_773_345
    assert (chain.graph.input_value == other.graph.input_value).all()
    for name in ("spent_value", "spent_script", "spent_payload", "spent_shown"):
        assert (chain.arrays[f"x.{name}"] == other.arrays[f"x.{name}"]).all()


def test_a_slice_with_its_undo_file_knows_what_the_whole_chain_knows(
    shared_data: Path, tmp_path: Path
) -> None:
    """Mainnet 300 to 599 alone, whose coins are older: bare keys of 65 bytes, all of them."""
    folder = shared_data / "bitcoin" / "blk"
    ingest_here(tmp_path / "chains" / "whole", [folder], network=MAINNET)
    whole = Chain.open(tmp_path / "chains" / "whole")
    rows, graph, records = whole.columns, whole.graph, []
    for block in range(300, rows.block_count):
        txs: list[list[Spent]] = []
        for tx in range(int(rows.block_tx_start[block]) + 1, int(rows.block_tx_start[block + 1])):
            first, last = rows.tx_input_start[tx : tx + 2].tolist()
            sources = graph.input_source[first:last].tolist()
            txs.append(
                [
                    Spent(int(rows.output_value[source]), script_of(*rows.script_at(source)) or b"")
                    for source in sources
                ]
            )
        records.append(record(rows.block_prev[block].tobytes(), txs, MAINNET.magic))
    files = {
        "blk00001.dat": (folder / "blk00001.dat").read_bytes(),
        "rev00001.dat": b"".join(reversed(records)) + bytes(1 << 20),
    }
    chain = chain_of(tmp_path, files, network=MAINNET)
    status = chain.status()
    assert status.unknown_inputs == status.unknown_inputs_valued > 0
    assert status.undo_blocks > 0
    for block in range(chain.columns.block_count):
        name = chain.hash_of(block)[::-1].hex()
        assert chain.block(name).fees_sat == whole.block(name).fees_sat
    for tx in range(chain.columns.tx_count):
        for one, other in zip(chain.tx_at(tx).inputs, whole.tx(chain.txid(tx)).inputs, strict=True):
            assert (one.value_sat, one.script, one.same_key_as) == (
                other.value_sat, other.script, other.same_key_as,
            )  # fmt: skip
