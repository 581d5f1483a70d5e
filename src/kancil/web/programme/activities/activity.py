"""One activity: what, when, for whom, who pays, what is missing; then what each room shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.activities import planning as actions
from kancil.desk.programme.activities.activities import (
    ActivityWhole,
    activity_whole,
    grants_for,
    missing,
    shares_of,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.vocabulary import ActivityState
from kancil.records.described import named
from kancil.web.acting import ActForm, today
from kancil.web.cells import Section, button, facts, joined, note, show, table, tag
from kancil.web.parts import Cell, Link
from kancil.web.programme_page import ACTIVE, MONEY, page
from kancil.web.signed_in import person_of

from .forms import (
    AgainForm,
    CancelForm,
    ConfirmForm,
    DoneForm,
    FundingForm,
    ReasonForm,
    WeighForm,
)
from .panels import panel, panels_of
from .words import days_text, payers_text, place_cell, state_cell, way, whom_text

_STATES: dict[ActivityState, tuple[type[ActForm], ...]] = {
    ActivityState.PLANNED: (ConfirmForm, ReasonForm, CancelForm),
    ActivityState.CONFIRMED: (DoneForm, ReasonForm, CancelForm),
    ActivityState.POSTPONED: (AgainForm, CancelForm),
    ActivityState.CANCELLED: (AgainForm,),
    ActivityState.DONE: (),
}
Lacking = Mapping[ActivityState, tuple[Phrase, ...]]
_WEIGHED = (
    "hrdd-decision", "hrdd-of", "hrdd-risk", "hrdd-mitigation", "hrdd-by", "hrdd-review", "state",
)  # fmt: skip
_RELEASED = ("document", "country", "round", "released-by", "released-on")


@page("activities/<str:activity>/", "activity", may=ACTIVE, of="activity", menu="activity",
      sample={"activity": "none"})  # fmt: skip
def activity(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """An activity: the answer first, then panels."""
    whole = _whole(request, sight)
    there = reverse("activity_state", kwargs={"activity": sight.activity})
    told = _missing(sight, missing(sight, today()), there)
    sections = [*told, _facts(whole), *panels_of(request, sight)]
    return show(request, Phrase("web.activity.title", {"title": sight.title}), sections,
                lead=_lead(whole), crumbs=way(), buttons=_buttons(sight))  # fmt: skip


def _whole(request: HttpRequest, sight: ActivitySight) -> ActivityWhole:
    """All of the activity, read once for a page and its panels."""
    found: ActivityWhole | None = getattr(request, "kancil_activity_whole", None)
    if found is None:
        found = activity_whole(person_of(request), sight)
        request.kancil_activity_whole = found  # type: ignore[attr-defined]
    return found


def _lead(whole: ActivityWhole) -> Phrase:
    row = whole.row
    told: dict[str, str | Phrase] = {
        "kind": named(row.kind), "whom": whom_text(row), "place": place_cell(row),
        "days": days_text(row.begins_on, row.ends_on), "state": named(row.state),
    }  # fmt: skip
    return Phrase("web.activity.lead", told)


def _buttons(sight: ActivitySight) -> list[dict[str, object]]:
    given = {"activity": sight.activity}
    found = []
    if sight.may_write:
        found.append(button(reverse("activity_edit", kwargs=given), "web.activity.edit", main=True))
    if sight.desk.may_keep_money:
        found.append(button(reverse("activity_state", kwargs=given), "web.room.activity-state"))
    return found


def _missing(sight: ActivitySight, lacking: Lacking, there: str) -> list[Section]:
    """What is missing before the next state; `there`: the way to where it is mended, or empty."""
    found: list[Section] = []
    for state, lacks in lacking.items():
        key = f"web.activity.to-{state.value}"
        if lacks:
            what = joined(lacks, "web.says.then")
            found.append(note("warn", key, url=there, do="web.room.activity-state", what=what))
        elif sight.may_write and there:
            found.append(note("intact", f"{key}-ready", url=there, do=f"{key}-do"))
    return found


def _facts(whole: ActivityWhole) -> Section:
    row = whole.row
    told: list[tuple[str, Cell]] = [
        ("code", row.code), ("activity-state", state_cell(row.state)),
        ("activity-days", days_text(row.begins_on, row.ends_on)), ("place", place_cell(row)),
        ("activity-whom", whom_text(row)), ("activity-payers", payers_text(row.payers)),
    ]  # fmt: skip
    if whole.state_reason:
        told.insert(2, ("activity-why", whole.state_reason))
    more = [
        ("activity-purpose", whole.purpose), ("activity-counterpart", whole.counterpart),
        ("activity-output", whole.output), ("activity-officer", row.officer),
        ("activity-sdg", ", ".join(whole.sdg_targets)),
    ]  # fmt: skip
    told += [(name, value) for name, value in more if value]
    if whole.gender_marker:
        told.append(("activity-gender", Phrase(f"web.activity.gender-{whole.gender_marker}")))
    forces = "web.plan.yes" if whole.to_security_forces else "web.plan.no"
    told.append(("plan-to-forces", Phrase(forces)))
    return facts("web.activity.about", told)


@panel(order=28)
def behind(request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """The needs it answers, and what travels with them: due diligence, released documents."""
    whole = _whole(request, sight)
    found: list[Section] = []
    if whole.needs:
        needs: list[tuple[Cell, ...]] = [
            (
                Link(reverse("item", args=[each.round, each.id]), each.title)
                if each.may_open else each.title,
                each.country, each.success,
            )
            for each in whole.needs
        ]  # fmt: skip
        found.append(table("web.activity.needs", ("need", "country", "need-success"), needs))
    if whole.diligence:
        weighed: list[tuple[Cell, ...]] = [
            (
                Phrase(f"web.hrdd.{each.decision}"),
                each.item or Phrase("web.activity.of-itself"), each.risk, each.mitigation,
                each.decided_by, each.review_on.isoformat(),
                tag("intact", "web.hrdd.counts") if each.is_newest
                else tag("unknown", "web.hrdd.earlier"),
            )
            for each in whole.diligence
        ]  # fmt: skip
        found.append(table("web.hrdd.title", _WEIGHED, weighed))
    if whole.releases:
        released: list[tuple[Cell, ...]] = [
            (
                Link(reverse("released_file", kwargs={"country": each.country,
                                                      "release": each.id}),
                     Phrase(f"web.release-document-{each.document}")),
                each.country_name, each.title, f"{each.official}, {each.office}",
                each.released_on.isoformat(),
            )
            for each in whole.releases
        ]  # fmt: skip
        found.append(table("web.activity.released", _RELEASED, released))
    return found


@page(
    "activities/<str:activity>/state/", "activity_state", may=MONEY, of="activity",
    methods=("GET", "POST"), menu="activity", order=16,
)  # fmt: skip
def activity_state(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """What is done to an activity as a whole: its state, its funding, its due diligence."""
    whole = activity_whole(person_of(request), sight)
    grants, shares = grants_for(sight.desk), shares_of(sight)
    funding = FundingForm.asked(request, grants=grants, shares=shares)
    weigh = WeighForm.asked(request)
    lacking = missing(sight, today())
    is_ready = not any(lacking.values())
    states = [
        each.asked(request)
        for each in (_STATES[whole.row.state] if sight.may_write else ())
        if is_ready or each not in (ConfirmForm, DoneForm)
    ]
    for each in (*states, funding, weigh):
        if each.is_ready:
            with each.telling():
                _do(request, sight, each)
                messages.success(request, words(f"web.activity.did-{each.act}"))
                return redirect("activity_state", activity=sight.activity)
    sections = _missing(sight, lacking, "")
    sections += [each.section(f"web.activity.{each.act}") for each in states]
    if grants:
        sections.append(funding.section("web.activity.funding", submit="web.activity.save",
                                        text="web.activity.funding-text"))  # fmt: skip
    else:
        sections.append(note("info", "web.activity.no-grants"))
    if sight.may_write and (whole.to_security_forces or whole.diligence):
        sections.append(weigh.section("web.activity.weigh", text="web.activity.weigh-text"))
    return show(request, Phrase("web.room.activity-state"), sections, lead=_lead(whole),
                crumbs=way(sight))  # fmt: skip


def _do(request: HttpRequest, sight: ActivitySight, form: ActForm) -> None:
    about: dict[str, Any] = {"by": person_of(request), "activity": sight.activity}
    given = form.cleaned_data
    if isinstance(form, FundingForm):
        actions.set_funding(**about, shares_bp=form.shares_bp(), override=given["funding_override"])
    elif isinstance(form, WeighForm):
        weighed = form.by_name()
        actions.add_diligence(**about, review_on=weighed.pop("review"), **weighed)
    elif isinstance(form, AgainForm):
        actions.plan_again(**about, begins_on=given["again_begins_on"],
                           ends_on=given["again_ends_on"])  # fmt: skip
    elif isinstance(form, CancelForm):
        actions.cancel_activity(**about, reason=given["state_reason"])
    elif isinstance(form, ReasonForm):
        actions.postpone_activity(**about, reason=given["state_reason"])
    elif isinstance(form, ConfirmForm):
        actions.confirm_activity(**about, today=today())
    else:
        actions.finish_activity(**about, today=today())
