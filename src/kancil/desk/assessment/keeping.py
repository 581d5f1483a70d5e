"""The line of record that says who did what, in the books of a programme."""

from __future__ import annotations

from typing import Any

from kancil.desk.base.keeping import keep
from kancil.desk.people.models import Person
from kancil.ground import clock

from .access import Sight
from .models import Act


def record(
    kind: str,
    /,
    *,
    by: Person,
    sight: Sight | None = None,
    country: str = "",
    about: str = "",
    **details: Any,
) -> Act:
    """Write down who did what, in the transaction in which it was done.

    `details` never hold what an interview says, nor whose it is.
    """
    act = Act(
        at=clock.now(),
        person=by,
        kind=kind,
        country=sight.country if sight else country,
        round=sight.round if sight else "",
        about=about[:200],
        details=details,
    )
    keep(act)
    return act
