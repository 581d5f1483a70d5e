"""The taint policies: `POLICIES` names every member of this folder, in the order shown to people.

To add one: write `<name>.py` with a member that keeps the promise of `kancil.bitcoin.policy`,
citing its source; name it in the tuple; add its words, its test and its section of
`docs/reference/policies.md`. A changed rule is a new version; the one before moves to `EARLIER`.
"""

from kancil.bitcoin.policies.fifo import FIFO
from kancil.bitcoin.policies.haircut import HAIRCUT
from kancil.bitcoin.policies.lifo import LIFO
from kancil.bitcoin.policies.poison import POISON
from kancil.bitcoin.policy import Policy

POLICIES: tuple[Policy, ...] = (POISON, HAIRCUT, FIFO, LIFO)
EARLIER: tuple[Policy, ...] = ()
"""Versions that were: what was recorded by them is answered by them again."""

__all__ = ["EARLIER", "FIFO", "HAIRCUT", "LIFO", "POISON", "POLICIES"]
