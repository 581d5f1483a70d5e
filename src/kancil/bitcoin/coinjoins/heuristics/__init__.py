"""The heuristics: `HEURISTICS` names every member of this folder, in the order shown to people.

To add one: write `<name>.py` with a member that keeps the promise of
`kancil.bitcoin.coinjoins.heuristic`, citing its source; name it in the tuple; add its words, its
test and its section of `docs/reference/heuristics.md`.
"""

from kancil.bitcoin.coinjoins.heuristic import Heuristic

from .equal_output import EQUAL_OUTPUT, EQUAL_OUTPUT_1
from .joinmarket import JOINMARKET, JOINMARKET_1
from .wasabi1 import WASABI1, WASABI1_1, WASABI1_2
from .wasabi2 import WASABI2, WASABI2_1
from .whirlpool import WHIRLPOOL, WHIRLPOOL_1
from .whirlpool_tx0 import WHIRLPOOL_TX0

HEURISTICS: tuple[Heuristic, ...] = (
    WHIRLPOOL,
    WHIRLPOOL_TX0,
    WASABI1,
    WASABI2,
    JOINMARKET,
    EQUAL_OUTPUT,
)
EARLIER: tuple[Heuristic, ...] = (
    WHIRLPOOL_1,
    WASABI1_1,
    WASABI1_2,
    WASABI2_1,
    JOINMARKET_1,
    EQUAL_OUTPUT_1,
)
"""Versions that were: what was recorded by them is answered by them again."""


def heuristic_named(name: str, version: str) -> Heuristic | None:
    """The heuristic of this name and version, None if this Kancil has none such."""
    every = (*HEURISTICS, *EARLIER)
    return next((each for each in every if (each.name, each.version) == (name, version)), None)


__all__ = [
    "EARLIER",
    "EQUAL_OUTPUT",
    "EQUAL_OUTPUT_1",
    "HEURISTICS",
    "JOINMARKET",
    "JOINMARKET_1",
    "WASABI1",
    "WASABI1_1",
    "WASABI1_2",
    "WASABI2",
    "WASABI2_1",
    "WHIRLPOOL",
    "WHIRLPOOL_1",
    "WHIRLPOOL_TX0",
    "heuristic_named",
]
