"""Whether a script is paid before and after: a whole chain says what a slice says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.change.seen import Reader, coins_read, payments_read
from kancil.bitcoin.network import network_named
from tests.bitcoin.chains import ingest_here
from tests.bitcoin.regtest import Tx, coinbase, mine, pay
from tests.bitcoin.store.making import grow, raws, trunk, write_blocks
from tools.tree import ROOT

BLOCKS = ROOT / "sample" / "invented"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Chain, Chain]:
    """The same blocks as a slice, and as a whole chain in a store."""
    folder: Path = tmp_path_factory.mktemp("both")
    network = network_named("regtest")
    ingest(folder / "slice", [BLOCKS], network=network)
    ingest(folder / "whole", [BLOCKS], network=network, first_height=0)
    return Chain.open(folder / "slice"), Chain.open(folder / "whole")


def test_a_whole_chain_and_a_slice_say_of_every_output_what_its_rows_show(
    both: tuple[Chain, Chain],
) -> None:
    piece, whole = both
    first: dict[object, int] = {}
    last: dict[object, int] = {}
    scripts = [piece.columns.script_at(output) for output in range(piece.columns.output_count)]
    txs = [piece.graph.tx_of_output(output) for output in range(len(scripts))]
    for script, tx in zip(scripts, txs, strict=True):
        first.setdefault(script, tx)
        last[script] = tx
    seen = set()
    for output, (script, tx) in enumerate(zip(scripts, txs, strict=True)):
        if not piece.address_of(output):
            continue
        expected = (first[script] < tx, last[script] > tx)
        assert piece.paid_around(output) == whole.paid_around(output) == expected
        seen.add(expected)
    assert len(seen) == 4


def test_the_coins_read_are_those_of_the_transaction_and_of_each_spender_once(
    both: tuple[Chain, Chain],
) -> None:
    chain = both[0]
    graph = chain.graph
    sizes = [len(graph.inputs_of(tx)) + len(graph.outputs_of(tx)) for tx in
             range(chain.columns.tx_count)]  # fmt: skip
    spenders: dict[int, set[int]] = {}
    for number in range(chain.columns.input_count):
        source = int(graph.input_source[number])
        if source >= 0:
            maker = graph.tx_of_output(source)
            spenders.setdefault(maker, set()).add(graph.tx_of_input(number))
    for tx in range(0, chain.columns.tx_count, 5):
        expected = sizes[tx] + sum(sizes[one] for one in spenders.get(tx, ()))
        assert coins_read(chain, tx) == expected


PAID_BEFORE, PAID_AGAIN, PAID_ONCE = 50, 60, 70


@pytest.fixture(scope="module")
def often(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tx]:
    """A folder with a slice and a store, and a payment of many outputs to three addresses."""
    folder = tmp_path_factory.mktemp("often")
    base = trunk(5)
    early = pay(base[0].txs[0], 0, *[(10, PAID_BEFORE)] * 30)
    shared = ((20, PAID_BEFORE), (30, PAID_AGAIN)) * 100
    many = pay(base[1].txs[0], 0, *shared, (40, PAID_ONCE))
    late = pay(base[2].txs[0], 0, (50, PAID_AGAIN))
    blocks = list(base)
    for height, tx in enumerate((early, many, late), 6):
        txs = [coinbase(height, height), tx]
        blocks.append(mine(blocks[-1].hash, txs, time=1_300_000_000 + 600 * height))
    write_blocks(folder / "blocks" / "blk00000.dat", raws(blocks))
    ingest_here(folder / "slice", [folder / "blocks"])
    grow(folder / "store", folder / "blocks")
    return folder, many


class Counted:
    """A column that counts how many of its entries are read."""

    def __init__(self, column: Any) -> None:
        self.column, self.read = column, 0

    def __getitem__(self, key: Any) -> Any:
        self.read += 1
        return self.column[key]


def test_each_address_of_a_transaction_is_looked_up_once_in_a_slice(
    often: tuple[Path, Tx], monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = Chain.open(often[0] / "slice")
    tx = chain.tx_row(often[1].shown)
    reader = Reader(chain)
    asked = []
    found = chain.find_outputs_in_graph

    def count(kind: Any, payload: bytes, most: int | None = None) -> Any:
        asked.append(found(kind, payload, most))
        return asked[-1]

    monkeypatch.setattr(chain, "find_outputs_in_graph", count)
    for _ in range(2):
        reader.seen_at(tx)
    monkeypatch.undo()
    assert [len(each) for each in asked] == [130, 101, 1] * 2
    # The keys of these addresses are the same in the index: each goes through what all are paid.
    paid = len(chain.arrays["i.script_key"]) - 1  # but the first block's, to a public key
    assert paid == 130 + 101 + 1 + 8
    assert payments_read(chain, tx) == 3 * paid


def test_each_address_of_a_transaction_is_looked_up_once_in_a_store(
    often: tuple[Path, Tx],
) -> None:
    chain = Chain.open(often[0] / "store")
    tx = chain.tx_row(often[1].shown)
    reader = Reader(chain)
    assert chain.store is not None
    columns: Any = chain.store.columns
    before = Counted(columns.output_before)
    chain.store.columns = replace(columns, output_before=before)
    reader.seen_at(tx)
    assert before.read == 3
    assert payments_read(chain, tx) == 0, "none is gone through"


def test_what_is_remembered_of_an_address_is_what_each_output_says(
    often: tuple[Path, Tx],
) -> None:
    told = []
    for name in ("slice", "store"):
        chain = Chain.open(often[0] / name)
        tx = chain.tx_row(often[1].shown)
        outputs = chain.graph.outputs_of(tx)
        around = [chain.paid_around(output) for output in outputs]
        fates = Reader(chain).seen_at(tx).fates
        assert [(bool(one.paid_before), bool(one.paid_again)) for one in fates] == around
        told.append(around)
    assert told[0] == told[1] == [(True, False), (False, True)] * 100 + [(False, False)]
