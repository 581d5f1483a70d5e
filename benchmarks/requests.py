"""Benchmark row of requests: a freeze letter drafted and checked from a trace of a thousand rows.

The trace is recorded: five hundred payments that divide in two, all thousand last outputs at one
labelled exchange. Ours: keepers found, letter filled in, kept with its entry, and checked, the
trace not kept in the process; goal: 2 s. Peer: the same trace run again, and nothing else.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.hub_chain import tree_chain
from kancil.custody.roll import Roll
from kancil.evidence.vault import Vault
from kancil.ground.clock import now
from tests.cli.sample_unit import built
from tests.web.site import Site, site_of

NAMES = ("request-draft",)
GOAL_MS = 2_000
ROWS = 1_000


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure the row, once: a second draft would find the trace kept."""
    with tempfile.TemporaryDirectory(prefix="requests-") as name:
        folder = Path(name)
        unit, made = built(folder), tree_chain(folder)
        unit.say("bitcoin", "ingest", "tree", made.path, "--network", "regtest")
        labels = folder / "labels.csv"
        with labels.open("w", newline="", encoding="utf-8") as file:
            told = ("Example Exchange", "Example Publisher", "exchange")
            head = ("address", "label", "publisher", "category")
            csv.writer(file).writerows((head, *((each, *told) for each in made.addresses)))
        unit.say("labels", "import", labels, "--network", "regtest", "--fetched-on", "2024-01-01")
        asked = ("bitcoin", "trace", "tree", made.root, "--case", "C1", "--why", "benchmark")
        unit.say(*asked)
        site = site_of(unit)
        peer = _ms(lambda: unit.say("study", "check", "T4"))
        ours = _ms(lambda: _draft(site))
    return [
        {
            "name": NAMES[0],
            "ours": round(ours, 1),
            "unit": "ms",
            "peer": "the trace run again alone",
            "peer_figure": round(peer, 1),
            "ratio": round(ours / peer, 2),
            "goal": GOAL_MS,
            "met": ours <= GOAL_MS,
            "machine": machine,
        }
    ]


def _draft(site: Site) -> None:
    from kancil.desk.keepers.letters import draft_letters
    from kancil.desk.keepers.queries import case_keepers
    from kancil.desk.requests.queries import problems_of, read_version

    ledger, workspace = site.ledger, site.workspace
    case = ledger.folded(Roll).case("C1").id
    vault = Vault(workspace.vault_dir, workspace.incoming_dir)
    found = case_keepers(ledger, workspace, vault, case, moment=now(), trace="T4")
    (request,) = draft_letters(
        ledger, workspace, found, found.met, case, officer="Dara", by=site.by
    )
    letter = read_version(workspace, request)
    if len(letter.items) != ROWS:
        raise AssertionError(f"the letter names {len(letter.items)} accounts")
    problems_of(ledger, case, letter)


def _ms(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000
