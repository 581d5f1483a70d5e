"""Coins carried through a whole chain at once, against the trace that tells of every step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import StartHasNoCoins
from kancil.bitcoin.coinjoins.verdicts import PROTOCOLS, CoinjoinLooks
from kancil.bitcoin.errors import SpreadNotExact
from kancil.bitcoin.exposure.haircut import spread
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.holdings.sources import SourcePath
from kancil.bitcoin.network import network_named
from kancil.bitcoin.script.address import decode_address
from kancil.bitcoin.store import ingest
from kancil.bitcoin.tracing.result import Start
from kancil.bitcoin.tracing.trace import trace

REGTEST = network_named("regtest")


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    folder = tmp_path_factory.mktemp("spread")
    generate(folder / "made", Wishes(seed=9, transactions=1_200, coinjoins={"whirlpool": 60_000}))
    home = folder / "unit" / "chains" / "whole"
    home.mkdir(parents=True)
    asked = ingest.Request(home, REGTEST, [SourcePath(folder / "made" / "blocks")], 0, 1, 1)
    ingest.run(asked, lambda _: None)
    return Chain.open(home)


def starts_of(chain: Chain) -> list[int]:
    """Spent outputs of different places in the chain, none of which reaches another."""
    graph = chain.graph
    spent = np.flatnonzero(np.asarray(graph.output_spender) >= 0)
    return [int(spent[place]) for place in range(20, len(spent), len(spent) // 12)]


class Services:
    """Labels of addresses that are services."""

    def __init__(self, chain: Chain, addresses: Iterable[str]) -> None:
        self.outputs: set[int] = set()
        self.labels: list[Any] = []
        for address in addresses:
            kind, payload = decode_address(address, chain.network)
            self.outputs.update(chain.find_outputs(kind, payload).tolist())
            self.labels.append(SimpleNamespace(is_service=True, kind=kind, payload=payload))

    def all_labels(self) -> list[Any]:
        return self.labels

    def label_of(self, output: int) -> tuple[Any, ...]:
        said = SimpleNamespace(is_service=True, category="exchange", publisher="made up")
        return (said,) if output in self.outputs else ()


@pytest.mark.parametrize("at_coinjoins", [True, False])
@pytest.mark.parametrize("with_services", [True, False])
def test_the_sums_and_places_are_those_of_a_trace_without_a_limit(
    chain: Chain, *, at_coinjoins: bool, with_services: bool
) -> None:
    graph, looks = chain.graph, CoinjoinLooks(chain)
    named = tuple((each.name, each.version) for each in PROTOCOLS)
    addresses = {chain.address_of(output) for output in range(7, len(graph.output_value), 25)}
    addresses -= {None}
    services = Services(chain, map(str, addresses) if with_services else ())
    met = 0
    for output in starts_of(chain):
        if services.label_of(output):
            continue
        options: dict[str, Any] = {"label_of": services.label_of}
        if at_coinjoins:
            options["stops_at"] = lambda tx: bool(looks.stops(tx, named))
        told = trace(graph, [Start(output)], policy="haircut", **options)
        found = spread(
            chain, [Start(output, None, "")], services,  # type: ignore[arg-type]
            stops_at_coinjoins=at_coinjoins, most=10**6,
        )  # fmt: skip
        wanted: dict[str, int] = defaultdict(int)
        for row in told.holdings:
            assert row.lower == row.upper
            wanted[row.state] += row.lower
        for left in told.left_out:
            wanted[left.limit] += left.lower
        assert found.resting_sat == wanted["no-spend-seen"]
        assert found.unspendable_sat == wanted["unspendable"]
        assert found.service_sat == wanted["service"]
        assert found.coinjoin_sat == wanted["coinjoin"]
        assert found.fees_sat == told.totals.fees.lower
        assert found.start_sat == told.totals.start
        assert found.outputs == len({row.output for row in told.transfers} | {output})
        places = {chain.outpoint(row.output): row.lower for row in told.holdings}
        places |= {chain.outpoint(row.output): row.lower for row in told.left_out}
        assert {one.outpoint: one.traced_sat for one in found.places} == places
        met += found.coinjoin_sat > 0 or found.service_sat > 0
    assert met or not (at_coinjoins or with_services), "no stop was met: the test shows nothing"


def test_several_starts_are_carried_together(chain: Chain) -> None:
    outputs = starts_of(chain)[-3:]
    alone = [spread(chain, [Start(output, None, "")]) for output in outputs]
    together = spread(chain, [Start(output, None, "") for output in outputs])
    assert together.start_sat == sum(each.start_sat for each in alone)
    assert together.resting_sat <= together.start_sat


def test_a_start_that_another_reaches_is_refused_and_so_is_too_large_a_share(chain: Chain) -> None:
    first = starts_of(chain)[0]
    tx = chain.graph.tx_of_input(int(chain.graph.output_spender[first]))
    reached = chain.graph.outputs_of(tx)[0]
    both = [Start(first, None, ""), Start(reached, 1, "")]
    with pytest.raises(SpreadNotExact):
        spread(chain, both)
    with pytest.raises(StartHasNoCoins):
        spread(chain, [Start(first, 10**15, "")])
    with pytest.raises(StartHasNoCoins):
        spread(chain, [Start(first, None, "")] * 2)


def test_a_window_that_lacks_a_source_on_the_way_is_refused(chain: Chain, tmp_path: Path) -> None:
    blocks = Path(chain.sources[0].path)
    home = tmp_path / "unit" / "chains" / "window"
    home.mkdir(parents=True)
    height = (chain.last_height or 0) // 2
    asked = ingest.Request(home, REGTEST, [SourcePath(blocks)], height, 1, 1)
    ingest.run(asked, lambda _: None)
    window = Chain.open(home)
    outputs = window.graph.outputs_of(0)
    with pytest.raises(SpreadNotExact) as told:
        spread(window, [Start(output, None, "") for output in outputs] + [
            Start(one, None, "") for one in starts_of(window)[:6]
        ])  # fmt: skip
    assert told.value.params["txid"]
