"""The taint policies: `POLICIES` names every member of this folder, in the order shown to people.

To add one: write `<name>.py` with a member that keeps the promise of `kancil.bitcoin.policy`,
citing its source; name it in the tuple; add its words, its test and its section of
`docs/reference/policies.md`.
"""

from kancil.bitcoin.policies.fifo import FIFO
from kancil.bitcoin.policies.haircut import HAIRCUT
from kancil.bitcoin.policies.lifo import LIFO
from kancil.bitcoin.policies.poison import POISON
from kancil.bitcoin.policy import Policy

POLICIES: tuple[Policy, ...] = (POISON, HAIRCUT, FIFO, LIFO)

__all__ = ["FIFO", "HAIRCUT", "LIFO", "POISON", "POLICIES"]
