"""Spent-outputs files: read whole, matched to their block alone, compared with what inputs show."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kancil.bitcoin.blocks.raw import base_of, inputs_shown, last_push
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.exposure.exposure import find_subject
from kancil.bitcoin.holdings.errors import SpentAmbiguous, SpentNotMatched, SpentNotReadable
from kancil.bitcoin.holdings.spent import commits_to, parse_spent
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.ripemd160 import hash160
from tests.bitcoin import regtest
from tests.bitcoin.chains import ingest_here
from tests.bitcoin.regtest import SUBSIDY_SAT, coinbase, mine, size

KEY = b"\x02" + b"\x07" * 32
DATA = Path(__file__).parents[1] / "data" / "bitcoin"


def p2pkh_of(key: bytes) -> bytes:
    return bytes.fromhex("76a914") + hash160(key) + bytes.fromhex("88ac")


def spent_file(*rows: tuple[int, bytes]) -> bytes:
    return b"".join(
        value.to_bytes(8, "little") + size(len(script)) + script for value, script in rows
    )


def spending(number: int, *values: int, key: bytes = KEY) -> regtest.Tx:
    """Spend something unheld, showing a key."""
    signature = b"\x01\x30" + size(len(key)) + key
    outputs = tuple((value, regtest.p2pkh(number)) for value in values)
    return regtest.Tx(((bytes([number]) * 32, 0),), outputs, signature)


def block_with(*txs: regtest.Tx, fees: int = 0, key: int = 1) -> regtest.Block:
    return mine(regtest.GENESIS_HASH, [coinbase(1, key, SUBSIDY_SAT + fees), *txs])


class World:
    """A chain folder to ingest into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chain_dir = folder / "chains" / "test"

    def add(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)
        ingest_here(self.chain_dir, [self.folder / name])

    def spend(self, name: str, data: bytes) -> Chain:
        (self.folder / name).write_bytes(data)
        ingest_here(self.chain_dir, [], spent=[self.folder / name])
        return Chain.open(self.chain_dir)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_file_fills_values_and_scripts_and_counts_what_was_shown(world: World) -> None:
    block = block_with(spending(1, 900), spending(2, 500, 400), fees=150)
    world.add("a", block.raw)
    rows = [(1000, p2pkh_of(KEY)), (950, b"\x21" + KEY + b"\xac")]
    chain = world.spend("spent", spent_file(*rows))
    view = chain.block(block.shown)
    assert (view.fees_sat, view.unknown_input_count) == (150, 2)
    assert view.spent_outputs == {"source": "spent", "outputs": 2, "scripts_shown": 1}
    one, two = (chain.tx(tx.shown).inputs[0] for tx in block.txs[1:])
    assert (one.status, one.value_sat, one.script) == ("unknown", 1000, "p2pkh")
    assert (two.status, two.value_sat, two.address) == ("unknown", 950, None)
    assert two.same_key_as == (one.address,)
    # It stays when more is ingested, and is not taken twice.
    world.add("b", mine(b"\x09" * 32, [coinbase(5, 5)]).raw)
    assert Chain.open(world.chain_dir).block(block.shown).fees_sat == 150
    assert world.spend("spent", spent_file(*rows)).status().spent_outputs_files == 1


def test_a_hex_file_is_read_as_well(world: World) -> None:
    block = block_with(spending(1, 900))
    world.add("a", block.raw)
    chain = world.spend("spent.hex", spent_file((900, p2pkh_of(KEY))).hex().encode())
    assert chain.block(block.shown).fees_sat == 0


def test_a_compressed_file_is_read_as_well_and_keeps_its_own_digest(world: World) -> None:
    block = block_with(spending(1, 900))
    world.add("a", block.raw)
    packed = gzip.compress(spent_file((900, p2pkh_of(KEY))))
    chain = world.spend("spent.gz", packed)
    assert chain.block(block.shown).fees_sat == 0
    assert chain.record.sources[-1].sha256 == hashlib.sha256(packed).hexdigest()


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([(1000, p2pkh_of(KEY)), (1000, p2pkh_of(KEY))], "count"),
        ([(899, p2pkh_of(KEY))], "overspent"),
        ([(920, p2pkh_of(KEY))], "reward"),
        ([(1000, p2pkh_of(b"\x03" + KEY[1:]))], "scripts"),
    ],
)
def test_a_file_that_contradicts_the_block_is_refused(
    world: World, rows: list[tuple[int, bytes]], why: str
) -> None:
    world.add("a", block_with(spending(1, 900), fees=100).raw)
    with pytest.raises(SpentNotMatched) as refused:
        world.spend("spent", spent_file(*rows))
    assert refused.value.params["why"] == why
    assert Chain.open(world.chain_dir).status().spent_outputs_files == 0


def test_a_file_that_contradicts_an_output_that_is_held_is_refused(world: World) -> None:
    source = spending(1, 900, 50)
    spender = regtest.Tx(((source.txid, 0),), ((900, b"\x51"),), b"\x01\x30" + size(33) + KEY)
    world.add("a", block_with(source, spender).raw)
    with pytest.raises(SpentNotMatched) as refused:
        world.spend("spent", spent_file((950, p2pkh_of(KEY)), (901, p2pkh_of(KEY))))
    assert refused.value.params["why"] == "held-output"


def test_only_spends_whose_source_is_not_held_are_counted_as_such(world: World) -> None:
    source = regtest.Tx(((b"\x01" * 32, 0),), ((900, p2pkh_of(KEY)),), b"\x01\x30" + size(33) + KEY)
    spender = regtest.Tx(((source.txid, 0),), ((900, b"\x51"),), b"\x01\x30" + size(33) + KEY)
    first = mine(regtest.GENESIS_HASH, [coinbase(1, 6)])
    block = mine(first.hash, [coinbase(2, 1, SUBSIDY_SAT), source, spender])
    world.add("a", regtest.block_file([first, block]))
    chain = world.spend("spent", spent_file((900, p2pkh_of(KEY)), (900, p2pkh_of(KEY))))
    script = ScriptKind.P2PKH, hash160(KEY)
    assert len(chain.find_stated(*script)) == 2
    (number,) = chain.find_stated_in_graph(*script).tolist()
    assert chain.txid(chain.graph.tx_of_input(number)) == source.shown
    (address,) = [chain.address_of(row) for row in chain.find_outputs_in_graph(*script).tolist()]
    assert address is not None
    assert find_subject(chain, LabelIndex([]), address).stated_spends == 1
    view = chain.block(block.shown)
    assert chain.height_and_time_of_tx(chain.tx_row(source.shown)) == (view.height, view.time)
    # A longer branch comes without them: neither counts any more.
    other = mine(first.hash, [coinbase(2, 7)])
    world.add("b", regtest.block_file([other, mine(other.hash, [coinbase(3, 8)])]))
    chain = Chain.open(world.chain_dir)
    assert len(chain.find_outputs(*script)) == 1
    assert not len(chain.find_outputs_in_graph(*script))
    assert not len(chain.find_stated_in_graph(*script))


def test_two_blocks_that_fit_are_told_apart_by_the_name_alone(world: World) -> None:
    one = block_with(spending(1, 900), key=1)
    two = block_with(spending(2, 900), key=2)
    world.add("a", one.raw)
    world.add("b", two.raw)
    data = spent_file((900, p2pkh_of(KEY)))
    with pytest.raises(SpentAmbiguous) as refused:
        world.spend("spent", data)
    assert {one.shown, two.shown} == set(str(refused.value.params["blocks"]).split(", "))
    with pytest.raises(SpentAmbiguous):
        world.spend("1.spent", data)  # both claim height 1
    chain = world.spend(f"{two.shown}.spent", data)
    assert chain.block(two.shown).spent_outputs is not None
    assert chain.block(one.shown).spent_outputs is None


def test_a_name_that_says_another_block_is_believed_and_refused(world: World) -> None:
    world.add("77.raw", block_with(spending(1, 900), spending(2, 900)).raw)
    world.add("b", block_with(spending(3, 900)).raw)
    with pytest.raises(SpentNotMatched):
        world.spend("77.spent", spent_file((900, p2pkh_of(KEY))))


@given(st.binary(max_size=80))
def test_any_bytes_are_a_list_or_an_error_with_its_place(raw: bytes) -> None:
    place = -1
    try:
        count = len(parse_spent(raw, "x"))
    except SpentNotReadable as error:
        count, place = 0, int(str(error.params["offset"]))
    assert count >= 1 or 0 <= place <= len(raw)


@given(st.lists(st.tuples(st.integers(0, 21 * 10**14), st.binary(max_size=300)), min_size=1))
def test_what_is_written_is_read(rows: list[tuple[int, bytes]]) -> None:
    outputs = parse_spent(spent_file(*rows), "x")
    assert outputs.value_sat.tolist() == [value for value, _ in rows]


def test_a_witness_key_and_a_witness_script_are_compared() -> None:
    script = b"\x51"
    digest = hashlib.sha256(script).digest()
    assert commits_to(ScriptKind.P2WPKH, hash160(KEY), b"", [b"sig", KEY]) is True
    assert commits_to(ScriptKind.P2WPKH, hash160(KEY), b"", []) is False
    assert commits_to(ScriptKind.P2WSH, digest, b"", [b"", script]) is True
    assert commits_to(ScriptKind.P2WSH, digest, b"", [b"", b"\x52"]) is False
    assert commits_to(ScriptKind.P2SH, hash160(script), b"\x00\x01\x51", []) is True
    assert commits_to(ScriptKind.P2TR, digest, b"", [b"sig"]) is None


@pytest.mark.parametrize(
    ("script", "last"),
    [
        (b"", None),
        (b"\x02\xaa\xbb", b"\xaa\xbb"),
        (b"\x01\xaa\x4c\x02\xbb\xcc", b"\xbb\xcc"),
        (b"\x4d\x01\x00\xaa", b"\xaa"),
        (b"\x01\xaa\x51", b"\x01"),
        (b"\x01\xaa\x4f", b"\x81"),
        (b"\x00", b""),
        (b"\x05\xaa", None),
    ],
)
def test_the_last_push_is_what_the_script_leaves(script: bytes, last: bytes | None) -> None:
    assert last_push(script) == last


def test_the_base_of_real_transactions_has_their_inputs_and_no_witness() -> None:
    for text in (DATA / "transactions.txt").read_text().split():
        raw = bytes.fromhex(text)
        base = base_of(raw)
        assert [shown for shown, _ in inputs_shown(raw)] == [
            shown for shown, _ in inputs_shown(base)
        ]
        assert not any(witness for _, witness in inputs_shown(base))
        assert (raw == base) is (raw[4:6] != b"\x00\x01")


@given(st.binary(max_size=200))
@example(bytes(2))
def test_bytes_that_are_no_transaction_end_quickly(raw: bytes) -> None:
    for data in (raw, b"\x01\x00\x00\x00\x00\x01" + raw):
        try:
            assert len(base_of(data)) <= len(data)
        except EOFError:
            continue
