"""Benchmark row of the directory: 5,000 invented offices searched for three words of one note.

Ours: the search, all in memory and prepared; goal: 100 ms. Peer: the same search over the entries
as they were read, each folded when it is looked at.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kancil.ground.folding import folded
from kancil.legal.directory.directory import Directory
from kancil.legal.directory.office import Kind, Listing, Origin
from tests.legal.directory.sample import office

NAMES = ("directory-search",)
GOAL_MS = 100
OFFICES, TIMES = 5_000, 5
ASKED = "branch 4711 ສາຂາ"


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure the row; the quickest of some times, of ours and of the peer's."""
    listings = _listings()
    directory = Directory(listings)
    words = folded(ASKED).split()

    def plainly() -> list[Listing]:
        return [
            each
            for each in listings
            if all(word in folded(f"{each.office.name}\n{each.office.note}") for word in words)
        ]

    found = [each.office.id for each in directory.search(ASKED)]
    if found != ["bank-4711"] or [each.office.id for each in plainly()] != found:
        raise AssertionError("the search finds another office")
    ours, peer = _ms(lambda: directory.search(ASKED)), _ms(plainly)
    return [
        {
            "name": NAMES[0],
            "ours": round(ours, 2),
            "unit": "ms",
            "peer": "entries folded as they are looked at",
            "peer_figure": round(peer, 2),
            "ratio": round(ours / peer, 3),
            "goal": GOAL_MS,
            "met": ours < GOAL_MS,
            "machine": machine,
        }
    ]


def _listings() -> list[Listing]:
    """Invented banks, each with a note as long as some have."""
    chance, kinds = random.Random(7), tuple(Kind)  # noqa: S311  # no secret: the same each time
    first = office(kind=Kind.BANK)
    return [
        Listing(
            replace(
                first,
                id=f"bank-{number}",
                name=f"Example Bank, branch {number}",
                kind=chance.choice(kinds),
                note=f"ສາຂາ ທີ {number}. " + "Asks for the case number and an order. " * 8,
            ),
            Origin.UNIT,
            "Unit",
        )
        for number in range(OFFICES)
    ]


def _ms(call: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(TIMES):
        started = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - started)
    return best * 1000
