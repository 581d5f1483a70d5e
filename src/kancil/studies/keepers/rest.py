"""What may remain of money at a keeper, and how soon it left, as far as the case's material shows.

An upper bound and no finding: rows that no table has are not seen, and what an account holds now
only its keeper knows. A statement's own balance after the payment is taken before anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped

STAYS, PASSED, GONE = 0, 1, 2
"""In the order in which they are asked: an end address, one that passed money on, an empty one."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What may remain of what came to one account or address, in the asset's last digit."""

    most: int
    """At most so much."""
    arrived: int
    """Of so much that came."""
    least: int = 0
    """Of several conventions, the smallest that may remain."""
    soon: timedelta | None = None
    """From the last payment followed to the first that left the account after it, in whatever
    asset; None: none is seen."""
    in_other: str = ""
    """The asset of that payment, where it is another: the money may have been exchanged."""
    balance: int | None = None
    """The last balance of the account's own statement, later than the last payment followed."""
    balance_day: str = ""
    said_by: str = ""
    """Publisher of that statement."""

    @property
    def state(self) -> int:
        """`STAYS`, `PASSED` or `GONE`.

        Passed on: less than half remains under either convention, or the account paid out another
        asset and no statement shows a balance. Half is set here: no measured rate is known.
        """
        if self.most <= 0:
            return GONE
        if 2 * self.least < self.arrived or (self.in_other and self.balance is None):
            return PASSED
        return STAYS


def span(between: timedelta) -> Phrase:
    """A span in words: minutes below an hour, hours below three days, else days."""
    minutes = int(between.total_seconds()) // 60
    if minutes < 60:
        return Phrase("name.span-minutes", {"count": max(1, minutes)})
    if minutes < 72 * 60:
        return Phrase("name.span-in-hours", {"count": minutes // 60})
    return Phrase("name.span-in-days", {"count": grouped(minutes // 1440)})
