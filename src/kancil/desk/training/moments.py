"""What time it is in the classroom, on a machine whose clock somebody may have set back.

Nothing is dated before what was saved: where the clock is behind, the time of what was saved last
stands still until the clock has passed it, as the ledger's does (docs/formats/ledger.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from kancil.custody.store import LedgerStore
from kancil.ground import clock

from .errors import ClockSetBack
from .models import Attempt

SLACK = timedelta(seconds=2)
"""By so much a machine that sets its clock by itself may differ from one second to the next."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The time that an act is dated by."""

    at: datetime
    behind: timedelta
    """By how much the clock is behind what was saved; zero when it is right."""

    def require_right(self) -> datetime:
        """The time; raises ClockSetBack where the clock is behind."""
        if self.behind > SLACK:
            minutes = -(-self.behind // timedelta(minutes=1))
            raise ClockSetBack(saved=clock.to_text(self.at), minutes=minutes)
        return self.at


def moment_now(ledger: LedgerStore) -> Moment:
    """The time now, or that of the last entry or last save where the clock is behind them."""
    now = clock.now()
    last = Attempt.objects.aggregate(last=Max("touched_at"))["last"]
    size = ledger.head().size
    known = [now, *([last] if last else []), *([ledger.read(size).at] if size else [])]
    at = max(known)
    return Moment(at, at - now)
