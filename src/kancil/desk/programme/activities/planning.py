"""What is done to an activity: planned, changed, confirmed, postponed, cancelled, done."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Country, PlanItem
from kancil.desk.base.keeping import keep, keep_changed, reason_for, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.activities.activities import obstacles_of
from kancil.desk.programme.activities.draft import ActivityDraft, filled_in, meanwhile
from kancil.desk.programme.changing import changing_activity, changing_books
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import (
    ActivityBlocked,
    ActivityStateFixed,
    ChangedMeanwhile,
    CodeTaken,
)
from kancil.desk.programme.models import (
    Activity,
    ActivityDiligence,
    AgendaItem,
    Funding,
    Grant,
    ResultNode,
)
from kancil.desk.programme.money.earmarks import require_earmark
from kancil.ground import clock
from kancil.ground.plain import plain
from kancil.programme.activity import DECISIONS, FOLLOWING, WHOLE_BP, percent
from kancil.programme.template import templates
from kancil.programme.vocabulary import ActivityKind, ActivityState, ResultKind
from kancil.records.described import named

GENDER_MARKERS = ("", "0", "1", "2a", "2b")
_LINKS: dict[str, type[Model]] = {"countries": Country, "plan_items": PlanItem}
"""Fields of a draft that name several other things."""
_COLUMNS = {"officer": "officer_id", "output": "output_id"}
_SDG_TARGET = re.compile(r"(1[0-7]|[1-9])\.([1-9][0-9]?|[a-d])")


def add_activity(*, by: Person, draft: ActivityDraft, template: str = "") -> str:
    """Plan an activity; gives its id. `template`: whose agenda it begins with.

    Raises FieldNotUsable, CodeTaken, ActNotYours.
    """
    with changing_books(by):
        row, links = new_activity(by, draft)
        row.code = row.code or next_code(row.begins_on, row.region)
        _keep_activity(row, None)
        for name, rows in links.items():
            getattr(row, name).set(rows)
        if template:
            _write_agenda(row, template)
        only = draft.countries[0] if len(draft.countries) == 1 else ""
        record("activity.added", by=by, about=row.code, country=only, activity=row.id,
               template=template)  # fmt: skip
    return row.id


def new_activity(author: Person, draft: ActivityDraft) -> tuple[Activity, dict[str, list[Any]]]:
    """The row of an activity, checked and not yet written, and the things it names.

    Raises FieldNotUsable.
    """
    row = Activity(by=author, at=clock.now())
    links = _take(row, filled_in(row, plain(draft)))
    row.officer_id = row.officer_id or author.pk
    return row, links


def edit_activity(*, by: Person, activity: str, draft: ActivityDraft, version: int) -> None:
    """Write an activity anew; `version`: the one that was read.

    What somebody else changed since is left as they wrote it; a field that both changed raises
    ChangedMeanwhile. Raises FieldNotUsable, CodeTaken, ActivityNotFound, ActNotYours.
    """
    with writing(by, activity) as row:
        _write_over(row, filled_in(row, plain(draft)), version, "activity.edited", by)


def set_funding(
    *, by: Person, activity: str, shares_bp: Mapping[str, int], override: str = ""
) -> None:
    """Which grants pay for it, and which share each; what is not named pays nothing.

    `shares_bp`: by id of a grant, in hundredths of a percent, together 100 percent at most.
    `override`: why a grant pays outside its earmark. Raises FieldNotUsable, OutsideEarmark,
    ActivityNotFound, ActNotYours.
    """
    with writing(by, activity, money=True) as row:
        shares = {grant: share for grant, share in shares_bp.items() if share}
        if any(share < 0 for share in shares.values()) or sum(shares.values()) > WHOLE_BP:
            raise unusable("share_bp", "share-over", percent=percent(sum(shares.values())))
        grants = Grant.objects.in_bulk(list(shares))
        if len(grants) < len(shares):
            raise unusable("share_bp")
        for each in grants.values():
            if row.ends_on < each.begins_on or row.begins_on > each.ends_on:
                raise unusable("share_bp", "grant-elsewhen", reference=each.reference)
        for each in grants.values():
            require_earmark(by=by, grant=each, activity=row, override=override)
        row.funding.all().delete()
        for grant, share in shares.items():
            keep(Funding(activity=row, grant_id=grant, share_bp=share))
        paid = {grants[grant].reference: share for grant, share in shares.items()}
        record("activity.funded", by=by, about=row.code, activity=row.id, shares_bp=paid)


def add_diligence(
    *,
    by: Person,
    activity: str,
    risk: str,
    mitigation: str,
    decision: str,
    decided_by: str,
    review_on: date,
) -> str:
    """Record Human Rights Due Diligence of an activity; the newest record counts. Gives its id.

    Raises FieldNotUsable, ActivityNotFound, ActNotYours.
    """
    if decision not in DECISIONS:
        raise unusable("decision")
    with writing(by, activity) as row:
        weighed = ActivityDiligence(
            activity=row, risk=risk.strip(), mitigation=mitigation.strip(), decision=decision,
            decided_by=decided_by.strip(), review_on=review_on, by=by, at=clock.now(),
        )  # fmt: skip
        keep(weighed, "risk", "mitigation", "decided_by")
        record("activity.weighed", by=by, about=row.code, activity=row.id, decision=decision)
    return weighed.id


def confirm_activity(*, by: Person, activity: str, today: date) -> None:
    """Confirm that it is held; raises ActivityBlocked, ActivityStateFixed, ActNotYours."""
    _move(by, activity, ActivityState.CONFIRMED, today=today)


def finish_activity(*, by: Person, activity: str, today: date) -> None:
    """Once it is over and its report stands.

    Raises ActivityBlocked, ActivityStateFixed, ActNotYours.
    """
    _move(by, activity, ActivityState.DONE, today=today)


def postpone_activity(*, by: Person, activity: str, reason: str) -> None:
    """Take it from the calendar until it has new days; raises ReasonMissing, ActivityStateFixed."""
    _move(by, activity, ActivityState.POSTPONED, reason=reason_for("postponed", reason))


def cancel_activity(*, by: Person, activity: str, reason: str) -> None:
    """It is not held, and nobody registers any more.

    Raises ReasonMissing, ActivityStateFixed, ActNotYours.
    """
    _move(by, activity, ActivityState.CANCELLED, reason=reason_for("cancelled", reason))


def plan_again(
    *, by: Person, activity: str, begins_on: date, ends_on: date, reason: str = ""
) -> None:
    """Put a postponed or cancelled activity back into the calendar, on new days.

    Its agenda moves with its first day. Raises FieldNotUsable, ActivityStateFixed, ActNotYours.
    """
    _move(by, activity, ActivityState.PLANNED, reason=reason, days=(begins_on, ends_on))


def write_report(
    *, by: Person, activity: str, report: str, version: int, outcome_statement: str | None = None
) -> None:
    """Write what was done and what came of it; of a conference also what delegations agreed.

    Raises ChangedMeanwhile, FieldNotUsable, ActivityNotFound, ActNotYours.
    """
    with writing(by, activity) as row:
        given = {"report": report}
        if outcome_statement is not None:
            given["outcome_statement"] = outcome_statement
        _write_over(row, filled_in(row, given), version, "activity.reported", by)


def _write_over(
    row: Activity, given: Mapping[str, Any], version: int, kind: str, by: Person
) -> None:
    found = meanwhile(row, given, version)
    if found.both:
        raise ChangedMeanwhile(name=found.name)
    if not found.mine:
        return
    links = _take(row, found.mine)
    row.version += 1
    fields = {_COLUMNS.get(name, name) for name in found.mine} - set(_LINKS)
    _keep_activity(row, [*fields, "version"])
    for name, rows in links.items():
        getattr(row, name).set(rows)
    was = {name: found.now[name] for name in found.mine}
    record(kind, by=by, about=row.code, activity=row.id, version=row.version, was=was)


@contextmanager
def writing(by: Person, activity: str, *, money: bool = False) -> Iterator[Activity]:
    """Hold an activity for whoever may write it, or keep its money."""
    with changing_activity(by, activity) as sight:
        require(sight.desk.may_keep_money if money else sight.may_write, sight.desk)
        yield Activity.objects.get(id=sight.activity)


def _take(row: Activity, given: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Put what was written into the row; gives the things it names, which are set once it stands.

    Raises FieldNotUsable.
    """
    links = {}
    for name, value in given.items():
        if name in _LINKS:
            links[name] = list(_LINKS[name]._default_manager.filter(pk__in=value))
            if len(links[name]) != len(value):
                raise unusable(name)
        elif name in ("begins_on", "ends_on"):
            setattr(row, name, date.fromisoformat(value))
        else:
            setattr(row, _COLUMNS.get(name, name), value or None if name == "output" else value)
    _check(row)
    return links


def _check(row: Activity) -> None:
    if row.kind not in set(ActivityKind):
        raise unusable("kind", "unknown", value=str(row.kind)[:40])
    if row.gender_marker not in GENDER_MARKERS:
        raise unusable("gender_marker")
    if row.ends_on < row.begins_on:
        raise unusable("ends_on", "order")
    if not all(_SDG_TARGET.fullmatch(each) for each in row.sdg_targets):
        raise unusable("sdg_targets")
    outputs = ResultNode.objects.filter(kind=ResultKind.OUTPUT.value)
    if row.output_id is not None and not outputs.filter(pk=row.output_id).exists():
        raise unusable("output")
    if row.officer_id and not Person.objects.filter(pk=row.officer_id).exists():
        raise unusable("officer")


def _keep_activity(row: Activity, fields: Collection[str] | None) -> None:
    """Write the row; `fields`: those that were changed, None: it is new."""
    others = Activity.objects.filter(code=row.code).exclude(pk=row.pk)
    if others.exists():
        raise CodeTaken(code_given=row.code[:60])
    try:
        with transaction.atomic():
            if fields is None:
                keep(row, "code", "title")
            else:
                keep_changed(row, fields, "code", "title")
    except IntegrityError as error:  # somebody took the code at this moment
        raise CodeTaken(code_given=row.code[:60]) from error


def next_code(begins_on: date, region: str) -> str:
    """The next free code of a year and region: `2026-SEA-014`."""
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", region)).upper()[:6] or "GLO"
    first = f"{begins_on.year}-{initials}-"
    taken = Activity.objects.filter(code__startswith=first).values_list("code", flat=True)
    numbers = [int(code[len(first) :]) for code in taken if code[len(first) :].isdecimal()]
    return f"{first}{max(numbers, default=0) + 1:03d}"


def _write_agenda(row: Activity, template: str) -> None:
    found = templates().get(template)
    if found is None:
        raise unusable("template", "unknown", value=template[:40])
    for position, each in enumerate(found.agenda):
        day, begins, ends = each.on(row.begins_on)
        keep(AgendaItem(activity=row, day=day, begins=begins, ends=ends, title=each.title,
                        speaker=each.speaker, position=position))  # fmt: skip


def _move(by: Person, activity: str, to: ActivityState, today: date | None = None,
          reason: str = "", days: tuple[date, date] | None = None) -> None:  # fmt: skip
    with writing(by, activity) as row:
        state = ActivityState(row.state)
        if to not in FOLLOWING[state]:
            raise ActivityStateFixed(title=row.title, state=named(state))
        if today is not None and (found := obstacles_of(row, to, today)):
            raise ActivityBlocked(title=row.title, count=len(found), why=found[0])
        if days is not None:
            _move_agenda(row, days[0])
            row.begins_on, row.ends_on = days
            _check(row)
        row.state, row.state_reason = to.value, reason
        keep_changed(row, ["state", "state_reason", "begins_on", "ends_on"])
        record(f"activity.{to.value}", by=by, about=row.code, activity=row.id, reason=reason)


def _move_agenda(row: Activity, begins_on: date) -> None:
    for each in row.agenda.all():
        each.day += begins_on - row.begins_on
        keep_changed(each, ["day"])
