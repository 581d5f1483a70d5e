"""Deciding that a grant pays for an activity outside its earmark."""

from __future__ import annotations

from kancil.desk.assessment.keeping import record
from kancil.desk.base.keeping import keep
from kancil.desk.people.models import Person
from kancil.desk.programme.errors import OutsideEarmark
from kancil.desk.programme.models import Activity, EarmarkOverride, Grant
from kancil.desk.programme.queries.earmarks import outside_of
from kancil.ground import clock
from kancil.ground.plain import plain
from kancil.programme.imports.checking import together


def require_earmark(*, by: Person, grant: Grant, activity: Activity, override: str) -> None:
    """Refuse an activity outside a grant's earmark, unless somebody decided or decides now.

    `override`: the reason, kept with the person's name. Raises OutsideEarmark.
    """
    found = outside_of(grant, [activity.id]).get(activity.id)
    if found is None or found.reason:
        return
    reason = override.strip()
    if not reason:
        raise OutsideEarmark(reference=grant.reference, why=together(found.why))
    row = EarmarkOverride(
        grant=grant, activity=activity, why=[plain(each) for each in found.why],
        reason=reason, by=by, at=clock.now(),
    )  # fmt: skip
    keep(row, "reason")
    record("grant.paid-outside", by=by, about=grant.reference, activity=activity.code)
