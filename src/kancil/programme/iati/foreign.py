"""An activity of somebody's file as one of this desk, or why it cannot be one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.programme.vocabulary import ActivityKind, ActivityState

from .activity import IatiActivity, first_text
from .codes import region_named
from .mapping import GRANT, KIND

_STATES = {
    "1": ActivityState.PLANNED, "2": ActivityState.CONFIRMED, "3": ActivityState.DONE,
    "4": ActivityState.DONE, "5": ActivityState.CANCELLED, "6": ActivityState.POSTPONED,
}  # fmt: skip
_MOST_CODE, _MOST_TITLE, _MOST_PURPOSE = 60, 300, 100_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What is taken of a file's activity."""

    code: str
    kind: ActivityKind
    title: str
    purpose: str
    countries: tuple[str, ...]
    """Two letters each."""
    region: str
    begins: date
    ends: date
    state: ActivityState
    donors: tuple[str, ...]
    """References of those who fund it."""
    grants: tuple[str, ...]
    """References of grants of this desk that it says are above it."""
    sdg_targets: tuple[str, ...]
    transactions: int
    """How many the file has of it: kept as the file states them, never as spending."""


def own_code(activity: IatiActivity) -> str:
    """Its identifier without that of who reports it."""
    ref = activity.reporter.ref if activity.reporter else ""
    return activity.identifier.removeprefix(f"{ref}-") if ref else activity.identifier


def drafted(activity: IatiActivity, otherwise: ActivityKind, lang: str = "") -> Draft | str:
    """An activity of the desk, else the end of the key of the reason.

    `otherwise`: the kind, where the file does not say so in the way that this desk writes it.
    """
    code = own_code(activity)
    title = first_text(activity.title, lang)
    begins = day_of_type(activity, "2", "1")
    ends = day_of_type(activity, "4", "3")
    if not code or len(code) > _MOST_CODE:
        return "code"
    if any(each.type == "2" for each in activity.related) or activity.hierarchy in ("1", "2"):
        return "holds-others"
    if not title:
        return "title"
    if begins is None or ends is None or ends < begins:
        return "days"
    if activity.status not in _STATES:
        return "status"
    ref = activity.reporter.ref if activity.reporter else ""
    above = [each.ref for each in activity.related if each.type == "1"]
    begin = f"{ref}-{GRANT}"
    return Draft(
        code=code,
        kind=_kind(activity) or otherwise,
        title=title[:_MOST_TITLE],
        purpose=_purpose(activity, lang)[:_MOST_PURPOSE],
        countries=tuple(dict.fromkeys(each.code.upper() for each in activity.countries)),
        region=_region(activity),
        begins=begins,
        ends=ends,
        state=_STATES[activity.status],
        donors=tuple(each.ref for each in activity.participating if each.role == "1" and each.ref),
        grants=tuple(each.removeprefix(begin) for each in above if each.startswith(begin)),
        sdg_targets=tuple(each.code for each in activity.tags if each.vocabulary == "3")[:40],
        transactions=len(activity.transactions),
    )


def day_of_type(activity: IatiActivity, *types: str) -> date | None:
    """The first of these kinds of days that it has."""
    found = {each.type: each.day for each in activity.dates}
    return next((found[each] for each in types if found.get(each)), None)


def _purpose(activity: IatiActivity, lang: str) -> str:
    general = [each for each in activity.descriptions if each.type in ("", "1")]
    return first_text(general[0].texts, lang) if general else ""


def _region(activity: IatiActivity) -> str:
    found = next(iter(activity.regions), None)
    if found is None:
        return ""
    known = region_named(found.code) if found.vocabulary in ("", "1") else ""
    return (known or first_text(found.names))[:40]


def _kind(activity: IatiActivity) -> ActivityKind | None:
    said = {each.code.removeprefix(KIND) for each in activity.tags if each.vocabulary == "99"}
    return next((each for each in ActivityKind if each.value in said), None)
