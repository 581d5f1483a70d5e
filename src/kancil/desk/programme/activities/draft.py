"""An activity as somebody writes it, and what two people wrote of it at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kancil.desk.assessment.models import Act
from kancil.desk.programme.models import Activity
from kancil.ground.plain import plain

VERSIONED = ("activity.edited", "activity.reported")
"""Acts that raise an activity's version, and keep what stood before: `version`, `was`."""
LINKS = ("countries", "plan_items")
"""Fields that name several other things; their order says nothing."""
REPORT = ("report", "outcome_statement")


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """What is asked of whoever plans an activity."""

    kind: str
    title: str
    begins_on: date
    ends_on: date
    code: str = ""
    """Empty: the next one of its year and region."""
    purpose: str = ""
    countries: tuple[str, ...] = ()
    region: str = ""
    place: str = ""
    is_online: bool = False
    counterpart: str = ""
    officer: int | None = None
    """Number of the account of who is responsible; None: who writes."""
    to_security_forces: bool = False
    gender_marker: str = ""
    sdg_targets: tuple[str, ...] = ()
    """Such as `16.6`."""
    output: str = ""
    """Id of the output of the results framework that it delivers; empty: none yet."""
    plan_items: tuple[str, ...] = ()
    """Ids of items of countries' plans that it answers."""


def as_draft(row: Activity) -> ActivityDraft:
    """An activity as its form would have it."""
    return ActivityDraft(
        kind=row.kind, title=row.title, begins_on=row.begins_on, ends_on=row.ends_on,
        code=row.code, purpose=row.purpose,
        countries=tuple(sorted(row.countries.values_list("code", flat=True))),
        region=row.region, place=row.place, is_online=row.is_online, counterpart=row.counterpart,
        officer=row.officer_id, to_security_forces=row.to_security_forces,
        gender_marker=row.gender_marker, sdg_targets=tuple(row.sdg_targets),
        output=row.output_id or "",
        plan_items=tuple(sorted(row.plan_items.values_list("id", flat=True))),
    )  # fmt: skip


def stands(row: Activity) -> dict[str, Any]:
    """All that is written of an activity, by name, as JSON has it."""
    return {**plain(as_draft(row)), **{name: getattr(row, name) for name in REPORT}}


def filled_in(row: Activity, given: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody wrote, with the code and officer that stand where they left them empty.

    Blanks around a text go, and lines end as they are kept: a browser sends them otherwise.
    """
    found = {
        name: value.strip().replace("\r\n", "\n") if isinstance(value, str) else value
        for name, value in given.items()
    }
    found |= {name: sorted(found[name]) for name in LINKS if name in found}
    for name, value in (("code", row.code), ("officer", row.officer_id)):
        if name in found:
            found[name] = found[name] or value
    return found


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What one writes over a version that another has changed since, compared field by field."""

    name: str
    """Who changed it last; empty: nobody did."""
    now: Mapping[str, Any]
    """What stands."""
    mine: Mapping[str, Any]
    """What is written here, and differs from the version that was read and from what stands."""
    both: tuple[str, ...]
    """What both changed, each to another value."""


def meanwhile(row: Activity, given: Mapping[str, Any], version: int) -> Meanwhile:
    """Compare what somebody writes with what stands, and both with the version that they read."""
    now, name = stands(row), ""
    before: dict[str, Any] = {}
    if version != row.version:
        acts = Act.objects.filter(kind__in=VERSIONED, details__activity=row.id)
        for act in acts.select_related("person"):  # the newest first: the oldest value stays
            if act.details["version"] > version:
                before.update(act.details["was"])
                name = name or (act.person.name if act.person else "")
    read = {**now, **before}
    mine = {
        each: value for each, value in given.items() if value not in (read[each], now[each])
    }  # fmt: skip
    both = tuple(each for each in mine if each in before)
    return Meanwhile(name, now, mine, both)
