"""Planning an activity, from a template or a plan's need, and writing it anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.activities.activities import (
    compared,
    from_item,
    item_titles,
    options,
    written,
)
from kancil.desk.programme.activities.draft import Meanwhile
from kancil.desk.programme.activities.planning import add_activity, edit_activity
from kancil.desk.programme.entering import desk_of, require
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render as words
from kancil.programme.template import Template, templates
from kancil.records.described import named
from kancil.web.cells import Section, joined, note, show, table
from kancil.web.meanwhile import side_by_side
from kancil.web.parts import Cell, Link
from kancil.web.programme_page import OFFICERS, page
from kancil.web.signed_in import person_of

from .forms import BEGINS, ActivityForm, as_typed
from .words import way


@page("activities/new/", "activity_new", may=OFFICERS, methods=("GET", "POST"))
def activity_new(request: HttpRequest) -> HttpResponse:
    """Plan an activity: blank, from a template, or for an item of a country's plan."""
    person = person_of(request)
    model = templates().get(request.GET.get("template", ""))
    asked = from_item(desk_of(person), request.GET.get("item", ""))
    filled = _form(request, {**(_of_template(model) if model else {}), **asked})
    if filled.is_ready:
        with filled.telling():
            made = add_activity(by=person, draft=filled.draft(), template=model.id if model else "")
            messages.success(request, words("web.activity.added"))
            return redirect("activity", activity=made)
    sections: list[Section] = []
    if model and model.agenda:
        sections.append(note("info", "web.activity.agenda-comes", count=len(model.agenda)))
    sections.append(filled.section("web.activity.new", submit="web.activity.add"))
    if not asked and not filled.is_bound:
        sections.append(_templates(model))
    return show(request, Phrase("web.activity.new"), sections, crumbs=way())


def _of_template(model: Template) -> dict[str, Any]:
    return {
        "kind": model.kind.value, "title": model.title, "purpose": model.purpose,
        "to_security_forces": model.to_security_forces, "is_online": model.is_online,
    }  # fmt: skip


def _templates(chosen: Template | None) -> Section:
    new = reverse("activity_new")
    rows: list[tuple[Cell, ...]] = [
        (
            Link(f"{new}?template={each.id}", each.title), named(each.kind), str(each.days),
            str(len(each.agenda)), joined(map(named, each.evaluations)) or "–",
        )
        for each in templates().values()
        if each is not chosen
    ]  # fmt: skip
    return table(
        "web.activity.templates", ("template", "kind", "days>", "sessions>", "evaluated"), rows
    )


def _form(request: HttpRequest, initial: Mapping[str, Any]) -> ActivityForm:
    items = {*initial.get("plan_items", ()), *request.POST.getlist(f"{BEGINS}plan_items")}
    offered: dict[str, Any] = {
        "offered": options(initial.get("output", "")), "items": item_titles(items),
        "initial": as_typed(initial),
    }  # fmt: skip
    return ActivityForm.asked(request, **offered)


@page(
    "activities/<str:activity>/edit/", "activity_edit", may=OFFICERS, of="activity",
    methods=("GET", "POST"), within="activity",
)  # fmt: skip
def activity_edit(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """Write an activity anew; what two people wrote at once is laid side by side."""
    require(sight.may_write, sight.desk)
    filled = _form(request, {**written(sight), "version": sight.version})
    sections: list[Section] = []
    if filled.is_ready:
        version = filled.cleaned_data["activity_version"] or 0
        found = compared(sight, plain(filled.draft()), version)
        if found.both:
            sections += [note("warn", "web.activity.meanwhile", name=found.name),
                         _side_by_side(filled, found)]  # fmt: skip
            filled.data = _laid_over(request, sight, found)
        else:
            with filled.telling():
                edit_activity(by=person_of(request), activity=sight.activity,
                              draft=filled.draft(), version=version)  # fmt: skip
                messages.success(request, words("web.activity.edited"))
                return redirect("activity", activity=sight.activity)
    sections += [filled.section("web.activity.edit", submit="web.activity.save")]
    return show(request, Phrase("web.activity.edit"), sections, crumbs=way(sight))


def _side_by_side(filled: ActivityForm, found: Meanwhile) -> Section:
    stands, mine = (
        {f"{BEGINS}{name}": values[name] for name in found.both}
        for values in (found.now, found.mine)
    )
    return side_by_side(filled, "web.activity.side-by-side", stands, mine)


def _laid_over(request: HttpRequest, sight: ActivitySight, found: Meanwhile) -> QueryDict:
    """What was typed, over what others changed elsewhere, now of the version that stands."""
    data = request.POST.copy()
    for name, value in as_typed(found.now).items():
        if name.removeprefix(BEGINS) in found.mine or name not in ActivityForm.base_fields:
            continue
        values = value if isinstance(value, list) else [value]
        data.setlist(name, [str(each) for each in values if each not in (None, "", False)])
    data[f"{BEGINS}version"] = str(sight.version)
    return data
