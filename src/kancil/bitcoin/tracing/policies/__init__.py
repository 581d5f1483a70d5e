"""The taint policies: `POLICIES` names every member of this folder, in the order shown to people.

To add one: write `<name>.py` with a member that keeps the promise of
`kancil.bitcoin.tracing.policy`, citing its source; name it in the tuple; add its words, its test
and its section of `docs/reference/policies.md`. A changed rule is a new version; the one before
moves to `EARLIER`.
"""

from kancil.bitcoin.tracing.policy import Policy

from .fifo import FIFO
from .haircut import HAIRCUT
from .lifo import LIFO
from .poison import POISON

POLICIES: tuple[Policy, ...] = (POISON, HAIRCUT, FIFO, LIFO)
EARLIER: tuple[Policy, ...] = ()
"""Versions that were: what was recorded by them is answered by them again."""

__all__ = ["EARLIER", "FIFO", "HAIRCUT", "LIFO", "POISON", "POLICIES"]
