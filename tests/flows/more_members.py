"""More members than Kancil has, which nothing that was recorded before may notice.

A policy, a newer version of another, a heuristic, a pattern and a change heuristic.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from dataclasses import dataclass, replace
from typing import Any

import pytest

from kancil.bitcoin.change import heuristics as change
from kancil.bitcoin.coinjoins import heuristics
from kancil.bitcoin.coinjoins import verdicts as looks
from kancil.bitcoin.coinjoins.heuristic import Shown, Verdict, fired
from kancil.bitcoin.coinjoins.heuristics.equal_output import EqualOutput
from kancil.bitcoin.laundering import patterns
from kancil.bitcoin.tracing import policies
from kancil.bitcoin.tracing.policies.haircut import HAIRCUT
from kancil.bitcoin.tracing.policies.lifo import LIFO
from kancil.bitcoin.tracing.policies.poison import POISON
from kancil.bitcoin.tracing.policy import Spend, Split
from kancil.ground.phrase import Phrase

EXTRA_POLICY = replace(LIFO, name="extra-policy", version="1")


@dataclass(frozen=True, slots=True)
class _NewHaircut(type(HAIRCUT)):  # type: ignore[misc]
    """Divides as it did, by another number."""

    version: str = "2"

    def forward(self, spend: Spend) -> Split:
        """Divide as poison does, so that an answer by this version differs."""
        return POISON.forward(spend)


NEW_HAIRCUT = _NewHaircut()


@dataclass(frozen=True, slots=True)
class _Everything(EqualOutput):
    """Takes every transaction for a CoinJoin."""

    name: str = "extra-heuristic"
    version: str = "1"
    says: str = "coinjoin"

    def judge(self, shown: Shown) -> Verdict:
        """Fire."""
        return fired("equal-amounts", Phrase("why.equal", {"txid": shown.txid}))


EXTRA_HEURISTIC = _Everything()
EXTRA_PATTERN = replace(patterns.PATTERNS[0], name="extra-pattern")
EXTRA_CHANGE = replace(change.HEURISTICS[0], name="extra-change")


ROOMS = (
    "bitcoin", "studies", "cli", "reports.casework", "web.api", "web.studies", "desk.studies",
)  # fmt: skip
"""Where modules name members."""


def add_members(patch: pytest.MonkeyPatch) -> None:
    """Put them beside the members that are here, in every module that names these.

    Django is set up. A module that was first imported while they are there would keep them.
    """
    for room in ROOMS:
        package = importlib.import_module(f"kancil.{room}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    newer = tuple(NEW_HAIRCUT if one is HAIRCUT else one for one in policies.POLICIES)
    _instead(patch, policies.POLICIES, (EXTRA_POLICY, *newer))
    _named(patch, "EARLIER", policies.EARLIER, (*policies.EARLIER, HAIRCUT))
    _instead(patch, looks.PROTOCOLS, (*looks.PROTOCOLS, EXTRA_HEURISTIC))
    _instead(patch, heuristics.HEURISTICS, (*heuristics.HEURISTICS, EXTRA_HEURISTIC))
    _instead(patch, patterns.PATTERNS, (*patterns.PATTERNS, EXTRA_PATTERN))
    _instead(patch, change.HEURISTICS, (*change.HEURISTICS, EXTRA_CHANGE))


def _instead(patch: pytest.MonkeyPatch, old: Any, new: Any) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("kancil."):
            for key in [key for key, value in vars(module).items() if value is old]:
                patch.setattr(module, key, new)


def _named(patch: pytest.MonkeyPatch, key: str, old: Any, new: Any) -> None:
    """As `_instead` for an empty tuple, of which there is only one in the whole program."""
    for name, module in list(sys.modules.items()):
        if name.startswith("kancil.") and vars(module).get(key) is old:
            patch.setattr(module, key, new)
