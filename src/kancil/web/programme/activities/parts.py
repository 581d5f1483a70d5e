"""A page of one part of an activity: what there is as a table, and the forms that add to it.

Each form bears the act that it does; a page asks all of its forms, and the one that was sent acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.access import ActivitySight
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, show
from kancil.web.drafts import DraftedForm
from kancil.web.signed_in import person_of

from .words import way


class PartActForm(DraftedForm):
    """A form of a part, and its act, which takes `by`, `activity` and the fields."""

    does: ClassVar[Callable[..., Any]]

    def more(self) -> dict[str, Any]:
        """What the act takes beside the fields."""
        return {}

    def run(self, request: HttpRequest, sight: ActivitySight) -> None:
        """Do it; raises what the act raises."""
        given = {**self.by_name(), **self.more()}
        type(self).does(by=person_of(request), activity=sight.activity, **given)


def shown_part(
    request: HttpRequest,
    sight: ActivitySight,
    name: str,
    told: Callable[[], Iterable[Section]],
    forms: Iterable[PartActForm],
) -> HttpResponse:
    """Answer a page of a part: act and come back, or show what there is and the forms.

    `name`: of the page; the words of a form are `web.activity.<act>`.
    """
    asked = list(forms)
    for each in asked:
        if each.is_ready:
            with each.telling():
                each.run(request, sight)
                messages.success(request, words("web.activity.saved"))
                return redirect(reverse(name, kwargs={"activity": sight.activity}))
    sections = [*told(), *(each.section(f"web.activity.{each.act}") for each in asked)]
    title = Phrase(f"web.room.{name.replace('_', '-')}")
    lead = Phrase("web.activity.of", {"code": sight.code, "title": sight.title})
    return show(request, title, sections, crumbs=way(sight), lead=lead)


def change(sight: ActivitySight, section: Section, name: str, *, may: bool) -> Section:
    """A panel with the way to the page where it is changed."""
    if may:
        there = reverse(name, kwargs={"activity": sight.activity})
        section["more"] = {"url": there, "text": Phrase("web.activity.change")}
    return section
