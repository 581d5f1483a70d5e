"""The change heuristics: `CHANGE_HEURISTICS` names every member of this folder, in order.

To add one: write `<name>.py` with a member that keeps the promise of `kancil.bitcoin.change`,
citing its source; name it in the tuple; add its kernel to `kancil.bitcoin.change_kernels`, its
words, its test and its row in `docs/reference/change.md`.
"""

from kancil.bitcoin.change import ChangeHeuristic
from kancil.bitcoin.heuristics.change.address_type import ADDRESS_TYPE
from kancil.bitcoin.heuristics.change.fee import FEE
from kancil.bitcoin.heuristics.change.fingerprint import FINGERPRINT
from kancil.bitcoin.heuristics.change.locktime import LOCKTIME
from kancil.bitcoin.heuristics.change.one_time import ONE_TIME
from kancil.bitcoin.heuristics.change.optimal_change import OPTIMAL_CHANGE
from kancil.bitcoin.heuristics.change.peeling import PEELING
from kancil.bitcoin.heuristics.change.reuse import REUSE
from kancil.bitcoin.heuristics.change.round_amount import ROUND_AMOUNT
from kancil.bitcoin.heuristics.change.sequence import SEQUENCE
from kancil.bitcoin.heuristics.change.version import VERSION

CHANGE_HEURISTICS: tuple[ChangeHeuristic, ...] = (
    REUSE,
    ONE_TIME,
    ADDRESS_TYPE,
    ROUND_AMOUNT,
    OPTIMAL_CHANGE,
    PEELING,
    FINGERPRINT,
    LOCKTIME,
    VERSION,
    SEQUENCE,
    FEE,
)

__all__ = [
    "ADDRESS_TYPE",
    "CHANGE_HEURISTICS",
    "FEE",
    "FINGERPRINT",
    "LOCKTIME",
    "ONE_TIME",
    "OPTIMAL_CHANGE",
    "PEELING",
    "REUSE",
    "ROUND_AMOUNT",
    "SEQUENCE",
    "VERSION",
]
