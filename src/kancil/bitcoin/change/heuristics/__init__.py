"""The change heuristics: `HEURISTICS` names every member of this folder, in order.

To add one: write `<name>.py` with a member that keeps the promise of
`kancil.bitcoin.change.heuristic`, citing its source; name it in the tuple; add its kernel to
`kancil.bitcoin.change.kernels`, its words, its test and its row in `docs/reference/change.md`.
"""

from kancil.bitcoin.change.heuristic import ChangeHeuristic

from .address_type import ADDRESS_TYPE
from .fee import FEE
from .fingerprint import FINGERPRINT
from .locktime import LOCKTIME
from .one_time import ONE_TIME
from .optimal_change import OPTIMAL_CHANGE
from .peeling import PEELING
from .reuse import REUSE
from .round_amount import ROUND_AMOUNT
from .sequence import SEQUENCE
from .version import VERSION

HEURISTICS: tuple[ChangeHeuristic, ...] = (
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
    "FEE",
    "FINGERPRINT",
    "HEURISTICS",
    "LOCKTIME",
    "ONE_TIME",
    "OPTIMAL_CHANGE",
    "PEELING",
    "REUSE",
    "ROUND_AMOUNT",
    "SEQUENCE",
    "VERSION",
]
