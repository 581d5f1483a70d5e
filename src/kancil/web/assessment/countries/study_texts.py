"""Texts of a study: what is written of the whole, of each area and question, by version.

Two who write the same text at once both keep what they wrote: the second is shown the first one's,
with their own still in the form.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.assessment.protocol import Protocol
from kancil.assessment.study import kinds_in, place_of
from kancil.desk.assessment.access import may_write_study
from kancil.desk.assessment.actions.studies import MOST, write_study_text
from kancil.desk.assessment.queries.released_study import StudyText, study_versions
from kancil.desk.assessment.queries.study import places, questionnaire
from kancil.desk.cases.errors import PageNotFound
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.study.counting import question_words
from kancil.web.acting import ActForm
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, folded, minute, note, show
from kancil.web.forms import text
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

from .study_look import study_way


class StudyTextForm(ActForm):
    """One text of a section."""

    study_text = text(100_000, lines=7, required=False)
    study_follows = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: StudyText | None, **kwargs: Any) -> None:
        """Show what stands there, and how much room there is."""
        initial = {"study_text": row.text, "study_follows": row.id} if row else {}
        super().__init__(*args, initial=initial, **kwargs)
        hint = words("web.study.room", most=MOST[self.act])
        self.fields["study_text"].help_text = hint

    def go_on_after(self, row: StudyText | None) -> None:
        """Keep what was typed, to be saved over the version that stands now."""
        self.data = {**dict(self.data.items()), "study_follows": row.id if row else ""}


class FindingForm(StudyTextForm):
    """What was found, in a sentence or two."""

    act = "finding"


class NarrativeForm(StudyTextForm):
    """What is to be said of it at length."""

    act = "narrative"


_FORMS: dict[str, type[StudyTextForm]] = {each.act: each for each in (FindingForm, NarrativeForm)}


@page(
    "study/<str:protocol>/text/<path:section>/", "study_text", may=READING,
    sample={"protocol": "none-2026.1", "section": "summary"}, methods=("GET", "POST"),
)  # fmt: skip
def study_text(request: HttpRequest, protocol: str, section: str) -> HttpResponseBase:
    """The texts of one section, to be written by whoever may, with all older versions."""
    asked = questionnaire(protocol)
    name, back = _place(asked, section)
    older = study_versions(asked.name, section)
    latest = {each.kind: each for each in reversed(older)}
    sections: list[Section] = []
    if may_write_study(person_of(request)):
        for kind in kinds_in(section):
            form = _FORMS[kind].asked(request, row=latest.get(kind))
            if form.is_ready:
                if _is_saved(request, asked, section, kind, form):
                    messages.success(request, words("web.study.saved"))
                    return redirect(back)
                sections += _moved(form, latest.get(kind))
            sections.append(form.section(f"web.study.{kind}", submit="web.study.save"))
    if older:
        columns = ("study-kind", "study-body", "study-author", "study-at")
        rows = [
            (Phrase(f"web.study.{each.kind}"), each.text or "–", each.author, minute(each.at))
            for each in older
        ]
        made = folded("web.study.versions", columns, rows, count=len(rows))
        sections.append({**made, "scroll": True})
    elif not sections:
        sections.append(note("info", "web.study.no-text"))
    title = Phrase("web.study.text-title", {"name": name})
    return show(request, title, sections, crumbs=study_way(asked),
                lead=Phrase("web.study.text-lead"))  # fmt: skip


def _place(asked: Protocol, section: str) -> tuple[str, str]:
    """What a section is called, and the page on which its texts are read."""
    kind, _, rest = section.partition("/")
    area = rest.rpartition("/")[2]
    at = {"protocol": asked.name}
    if section == "summary":
        return words("web.study.summary"), reverse("study", kwargs=at)
    if kind == "area" and rest == f"{asked.name}/{area}" and area in asked.areas:
        return said(asked.areas[area].title), reverse("study_area", kwargs={**at, "area": area})
    for each in asked.indicators.values():
        for part, _ in places(each):
            if kind == "question" and rest == place_of(each.id, part):
                page_of = reverse("study_area", kwargs={**at, "area": each.area})
                return question_words(each, part), f"{page_of}#{rest}"
    raise PageNotFound


def _is_saved(
    request: HttpRequest, asked: Protocol, section: str, kind: str, form: StudyTextForm
) -> bool:
    given = form.cleaned_data
    with form.telling("study_text"):
        write_study_text(
            by=person_of(request), protocol=asked.name, section=section, kind=kind,
            text=given["study_text"], follows=given["study_follows"] or None,
        )  # fmt: skip
    return not form.errors


def _moved(form: StudyTextForm, row: StudyText | None) -> list[Section]:
    """What somebody else wrote meanwhile, above the form that still has one's own."""
    if form.cleaned_data.get("study_follows", "") == (row.id if row else ""):
        return []
    form.go_on_after(row)
    if row is None:
        return []
    return [{"kind": "words", "heading": Phrase("web.study.stands", {"name": row.author}),
             "text": row.text or "–"}]  # fmt: skip
