"""Which activities lie outside a grant's earmark, and who decided that it pays all the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kancil.desk.assessment.keeping import record
from kancil.desk.base.keeping import keep
from kancil.desk.people.models import Person
from kancil.desk.programme.errors import OutsideEarmark
from kancil.desk.programme.models import Activity, EarmarkOverride, Grant
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.programme.imports.checking import together
from kancil.programme.money.earmark import Earmark, Paid, outside


@dataclass(frozen=True, slots=True)
class Outside:
    """An activity outside a grant's earmark."""

    activity: str
    """Id."""
    code: str
    why: tuple[Phrase, ...]
    reason: str = ""
    """Why it pays all the same; empty: nobody decided."""
    by: str = ""
    at: datetime | None = None


def earmark_of(grant: Grant) -> Earmark:
    """What a grant is given for."""
    return Earmark(
        frozenset(grant.countries.values_list("code", flat=True)),
        frozenset(grant.outputs.values_list("code", flat=True)),
        frozenset(grant.kinds),
        grant.excluded,
    )


def outside_of(grant: Grant, activities: Iterable[str]) -> dict[str, Outside]:
    """By id, those of some activities that lie outside, each with the decision that covers it.

    A decision covers what was outside when it was taken: what is outside since is asked anew.
    """
    earmark = earmark_of(grant)
    if earmark == Earmark():
        return {}
    rows = Activity.objects.filter(id__in=list(activities)).select_related("output")
    decided = _decided(grant)
    found = {}
    for row in rows.prefetch_related("countries"):
        countries = {each.code: each.shown_name for each in row.countries.all()}
        why = outside(earmark, Paid(countries, row.output.code if row.output else "", row.kind))
        if not why:
            continue
        told = decided.get(row.id)
        known = told.why if told else []
        covers = told is not None and all(plain(each) in known for each in why)
        found[row.id] = (
            Outside(row.id, row.code, why, told.reason, told.by.name, told.at)
            if told is not None and covers
            else Outside(row.id, row.code, why)
        )
    return found


def outside_pairs(pairs: Iterable[tuple[str, str]]) -> tuple[Phrase, ...]:
    """Sentences of the grants and activities, by id, of which nobody decided that they pay."""
    by_grant: dict[str, set[str]] = {}
    for grant, activity in pairs:
        by_grant.setdefault(grant, set()).add(activity)
    return tuple(
        Phrase(
            "programme.reconcile.paid-outside",
            {"reference": grant.reference, "code": each.code, "why": together(each.why)},
        )
        for grant in Grant.objects.filter(id__in=by_grant).order_by("reference")
        for each in outside_of(grant, by_grant[grant.id]).values()
        if not each.reason
    )


def _decided(grant: Grant) -> Mapping[str, EarmarkOverride]:
    """The newest decision by activity."""
    rows = EarmarkOverride.objects.filter(grant=grant).select_related("by")
    return {each.activity_id: each for each in rows}


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
