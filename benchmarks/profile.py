"""Benchmark row of the profile: the page of an address of a million deposits, asked the first time.

Ours: the whole answer of the site, in process, of an address whose profile is not kept; the chain
is open. Goal: 1 s. Peer: the plain view of the same address, deposit by deposit, which knows no
counterparties and draws nothing.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.hub_chain import DEPOSITS, hub_chain
from kancil.bitcoin.chain.chain import Chain
from tests.cli.sample_unit import built
from tests.web.site import site_of

NAMES = ("profile",)
GOAL_MS = 1_000


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure the row; each part once, since a second asking is answered from what is kept."""
    with tempfile.TemporaryDirectory(prefix="profile-") as folder:
        unit, made = built(Path(folder)), hub_chain(Path(folder))
        unit.say("bitcoin", "ingest", "hub", made.path, "--network", "regtest")
        client = site_of(unit).client("officer")
        client.get(f"/chains/hub/address/{made.service}/")  # opens the chain
        told: list[bytes] = []
        ours = _ms(lambda: told.append(client.get(f"/chains/hub/address/{made.hub}/").content))
        if f"{DEPOSITS // 1000:,} transactions".encode() not in told[0]:
            raise AssertionError("the page tells another number of transactions")
        chain = Chain.open(Path(unit.root) / "chains" / "hub")
        peer = _ms(lambda: chain.address(made.hub))
    return [
        {
            "name": "profile",
            "ours": round(ours, 1),
            "unit": "ms",
            "peer": "the plain view, deposit by deposit",
            "peer_figure": round(peer, 1),
            "ratio": round(ours / peer, 3),
            "goal": GOAL_MS,
            "met": ours < GOAL_MS,
            "machine": machine,
        }
    ]


def _ms(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000
