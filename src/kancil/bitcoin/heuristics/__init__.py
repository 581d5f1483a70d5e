"""The heuristics: `HEURISTICS` names every member of this folder, in the order shown to people.

To add one: write `<name>.py` with a member that keeps the promise of `kancil.bitcoin.heuristic`,
citing its source; name it in the tuple; add its words, its test and its section of
`docs/reference/heuristics.md`.
"""

from kancil.bitcoin.heuristic import Heuristic
from kancil.bitcoin.heuristics.equal_output import EQUAL_OUTPUT
from kancil.bitcoin.heuristics.joinmarket import JOINMARKET
from kancil.bitcoin.heuristics.wasabi1 import WASABI1
from kancil.bitcoin.heuristics.wasabi2 import WASABI2
from kancil.bitcoin.heuristics.whirlpool import WHIRLPOOL
from kancil.bitcoin.heuristics.whirlpool_tx0 import WHIRLPOOL_TX0

HEURISTICS: tuple[Heuristic, ...] = (
    WHIRLPOOL,
    WHIRLPOOL_TX0,
    WASABI1,
    WASABI2,
    JOINMARKET,
    EQUAL_OUTPUT,
)

__all__ = [
    "EQUAL_OUTPUT",
    "HEURISTICS",
    "JOINMARKET",
    "WASABI1",
    "WASABI2",
    "WHIRLPOOL",
    "WHIRLPOOL_TX0",
]
