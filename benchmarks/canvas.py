"""Benchmark rows of the canvas: from a click to its panel, following to a service, opening a trace.

`canvas-panel`: the 95th percentile of what the server takes to answer the panel of boxes of a chain
with a hub of a million deposits, the hub among them, each asked for the first time; goal 200 ms. No
peer: what could be compared does other work. `canvas-follow`: the way to the one labelled output
six transactions away in a tree of 31,500 outputs, best of some; goal 1 s. Peer: the same search,
wave by wave, which keeps no order and reads every label. `canvas-open`: the page of the recorded
71-hop trace with its picture, nothing of chain, labels or trace kept in the process; goal 1.5 s.
Peer: the same, kept. The browser's part is in none of them.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.hub_chain import DEEP, HubChain, hub_chain
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.studies.canvas.follow import way_to_service
from kancil.studies.labels_used import load_labels
from kancil.studies.moneygraph.net import Sight, spender_of
from kancil.studies.moneygraph.reaching import sight_of
from kancil.studies.trace.asking import stops_asked
from tests.cli.running import Unit
from tests.cli.sample_unit import LONG_CHAIN, built
from tests.web.site import Site, site_of

if TYPE_CHECKING:
    from django.test import Client

NAMES = ("canvas-panel", "canvas-follow", "canvas-open")
PANEL_MS, FOLLOW_MS, OPEN_MS = 200, 1_000, 1_500
ROUNDS = 5


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure the rows, or the one named `only`."""
    found = []
    with tempfile.TemporaryDirectory(prefix="canvas-") as folder:
        unit, made = _unit(Path(folder))
        site = site_of(unit)
        if only in (None, "", "canvas-open"):
            found.append(_open(site, machine))
        if only in (None, "", "canvas-panel"):
            found.append(_panel(site, made, machine))
        if only in (None, "", "canvas-follow"):
            found.append(_follow(unit, made, machine))
    return found


def _unit(folder: Path) -> tuple[Unit, HubChain]:
    """The sample unit, with the hub's chain and one label besides."""
    unit, made = built(folder), hub_chain(folder)
    unit.say("bitcoin", "ingest", "hub", made.path, "--network", "regtest")
    labels = folder / "labels.csv"
    with labels.open("w", newline="", encoding="utf-8") as file:
        rows = (("address", "label", "publisher", "category"),
                (made.service, "Example Exchange", "Example Publisher", "exchange"))  # fmt: skip
        csv.writer(file).writerows(rows)
    unit.say("labels", "import", labels, "--network", "regtest",
             "--fetched-on", "2024-01-01")  # fmt: skip
    unit.say("bitcoin", "trace", "main", LONG_CHAIN, "--case", "C1", "--why", "benchmark")
    return unit, made


def _open(site: Site, machine: dict[str, Any]) -> dict[str, Any]:
    client = site.client("officer")
    url = "/cases/1/canvas/?trace=4"
    _asked(client, "/cases/1/")  # loads the site, as its first page of the day does
    cold = _ms(lambda: _asked(client, url))
    warm = min(_ms(lambda: _asked(client, url)) for _ in range(ROUNDS))
    peer = "the same page, the trace kept in the process"
    return _row("canvas-open", cold, "ms", OPEN_MS, machine, peer, warm)


def _panel(site: Site, made: HubChain, machine: dict[str, Any]) -> dict[str, Any]:
    client = site.client("officer")
    asked = [("address", made.hub), ("transaction", made.payer), ("output", f"{made.payer}:0")]
    for txid in made.leaves:
        asked += [("transaction", txid), ("output", f"{txid}:0")]
    url = "/cases/1/canvas/panel/?chain=hub&kind={}&value={}"
    _asked(client, url.format("output", f"{made.root}:0"))  # opens the chain
    taken = sorted(_ms(lambda pair=pair: _asked(client, url.format(*pair))) for pair in asked)  # type: ignore[misc]
    p95 = taken[min(len(taken) - 1, int(0.95 * len(taken)))]
    return _row("canvas-panel", p95, "ms (p95)", PANEL_MS, machine, None, None)


def _follow(unit: Unit, made: HubChain, machine: dict[str, Any]) -> dict[str, Any]:
    root = Path(unit.root)
    chain = Chain.open(root / "chains" / "hub")
    sight = sight_of(chain, load_labels(root / "labels", chain), CoinjoinLooks(chain))
    starts = list(chain.graph.outputs_of(chain.tx_row(made.root)))
    stops = stops_asked(through_coinjoins=False) or ()
    way = way_to_service(sight, starts, stops, hops=DEEP, seconds=60)
    if chain.address_of(way.outputs[-1]) != made.service:
        raise AssertionError("another service was found")
    ours = min(
        _ms(lambda: way_to_service(sight, starts, stops, hops=DEEP, seconds=60))
        for _ in range(ROUNDS)
    )
    peer = min(_ms(lambda: _slowly(sight, starts)) for _ in range(ROUNDS))
    said = "the same search, wave by wave, every label read"
    return _row("canvas-follow", ours, "ms", FOLLOW_MS, machine, said, peer)


def _slowly(sight: Sight, starts: list[int]) -> int:
    """How far the nearest labelled output is."""
    wave = set(starts)
    for hop in range(1, DEEP + 1):
        spenders = {spender_of(sight.graph, output) for output in wave} - {-1}
        wave = {output for tx in spenders for output in sight.graph.outputs_of(tx)}
        if any([bool(sight.label_of(output)) for output in wave]):  # noqa: C419 (every label)
            return hop
    raise AssertionError("no labelled output")


def _asked(client: Client, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise AssertionError(f"{url}: {answer.status_code}")


def _row(
    name: str, ours: float, unit: str, goal: int, machine: dict[str, Any],
    peer: str | None, figure: float | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "name": name, "ours": round(ours, 1), "unit": unit, "peer": peer,
        "peer_figure": None if figure is None else round(figure, 1),
        "ratio": None if figure is None else round(ours / figure, 2),
        "goal": goal, "met": ours <= goal, "machine": machine,
    }  # fmt: skip


def _ms(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000
