"""Whether a script is paid before and after: a whole chain says what a slice says."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.bitcoin.chain import Chain
from kancil.bitcoin.change_seen import coins_read
from kancil.bitcoin.ingest import ingest
from kancil.bitcoin.network import network_named
from tools.tree import ROOT

BLOCKS = ROOT / "sample" / "invented"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Chain, Chain]:
    """Give the same blocks as a slice, and as a whole chain in a store."""
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
