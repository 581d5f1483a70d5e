"""Publishing a study: what would leave is shown first, then a named official answers for it.

A published report is kept as it is, and offered to whoever may have what was released, until a
country withdraws what is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil import __version__
from kancil.desk.assessment.access import may_publish_study
from kancil.desk.assessment.actions.studies import publish_study
from kancil.desk.assessment.errors import ActNotYours, StudyMoved
from kancil.desk.assessment.queries.released_study import (
    open_published,
    published_studies,
    released_study,
    study_texts,
)
from kancil.desk.assessment.queries.study import Choice, StudyFigures, questionnaire
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace, day_of
from kancil.desk.people.queries import Person
from kancil.ground import clock
from kancil.ground.digests import sha256_hex
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import spoken
from kancil.records.small_groups import LEAST
from kancil.reports.programme.languages import study_languages
from kancil.reports.programme.make import MadeReport, ReportFormat, make_study
from kancil.reports.programme.study.content import Publication
from kancil.web.acting import ActForm
from kancil.web.assessment.figures.papers import file_answer, language_name
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import (
    Section,
    empty,
    facts,
    link,
    minute,
    note,
    number,
    show,
    table,
    tag,
)
from kancil.web.confirming import confirm_first, confirming_note, is_confirmed, typed
from kancil.web.forms import choose, day, text
from kancil.web.parts import Cell
from kancil.web.programme_page import READERS, READING, page
from kancil.web.signed_in import person_of

from .study_look import look_of, study_way, too_small

_SAMPLE = {"protocol": "none-2026.1"}


class GroupsForm(ActForm):
    """Whether small groups are hidden, and why not."""

    study_groups = forms.ChoiceField(choices=(), required=False, widget=forms.RadioSelect)
    study_groups_reason = text(400, required=False, lines=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer both; small groups are hidden until somebody says otherwise."""
        super().__init__(*args, **kwargs)
        ways = [(each, words(f"web.study.groups-{each}", least=LEAST)) for each in _GROUPS]
        choose(self, "study_groups", ways)
        self.initial.setdefault("study_groups", _GROUPS[0])

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where no group is hidden."""
        given = super().clean()
        if given.get("study_groups") == _GROUPS[1] and not given.get("study_groups_reason"):
            self.add_error("study_groups_reason", words("web.study.groups-why"))
        return given

    def because(self) -> str:
        """Why no group is hidden; empty: small ones are."""
        given = self.cleaned_data
        is_open = given.get("study_groups") == _GROUPS[1]
        return str(given["study_groups_reason"]).strip() if is_open else ""


_GROUPS = ("five", "none")


class PublishForm(GroupsForm):
    """Who answers for the report, and that it is this one."""

    act = "publish"
    study_official = text(200)
    study_office = text(300)
    paper_language = forms.ChoiceField(choices=())
    study_sure = forms.BooleanField()
    in_region = forms.CharField(required=False, widget=forms.HiddenInput)
    study_until = day()
    study_seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        """Offer the languages of documents; the choice of rounds comes along unseen."""
        super().__init__(*args, **kwargs)
        self.fields["study_until"].widget = forms.HiddenInput()
        _offer_languages(self, languages)


class DraftForm(GroupsForm):
    """As which file a draft is looked at."""

    act = "draft"
    paper_format = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    paper_language = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        """Offer formats and languages."""
        super().__init__(*args, **kwargs)
        formats = [(each.value, words(f"web.papers.{each.value}")) for each in ReportFormat]
        choose(self, "paper_format", formats)
        self.initial.setdefault("paper_format", ReportFormat.PDF.value)
        _offer_languages(self, languages)


def _offer_languages(form: forms.Form, languages: Sequence[str]) -> None:
    choose(form, "paper_language", [(code, language_name(code)) for code in languages])
    form.initial.setdefault("paper_language", spoken())


@page(
    "study/<str:protocol>/publish/", "study_publish", may=READING, sample=_SAMPLE,
    methods=("GET", "POST"),
)  # fmt: skip
def study_publish(request: HttpRequest, protocol: str) -> HttpResponseBase:
    """Show what would leave, give it as a draft, and publish it."""
    person = person_of(request)
    if not may_publish_study(person):
        raise ActNotYours(name=person.name)
    look, _ = look_of(request, ())
    choice = Choice(request.GET.get("in_region", "")[:80], look.choice.until)
    found = released_study(person, protocol, choice)
    seen = _digest(found)
    languages = study_languages(found.protocol)
    draft = DraftForm.asked(request, languages=languages)
    if draft.is_ready and found.countries:
        given = draft.cleaned_data
        with draft.telling():
            choice = replace(choice, all_groups_because=draft.because())
            found = released_study(person, protocol, choice)
            made = _made(
                found, choice, Publication(), given["paper_format"], given["paper_language"]
            )
            return file_answer(made, f"{found.protocol.name}-draft")
    kept = {
        **{name: value for name, value in typed(request).items() if name != "do"},
        "study_seen": seen, "in_region": choice.region, "study_until": choice.until,
    }  # fmt: skip
    asked = PublishForm.asked(request, initial=kept, languages=languages)
    if asked.is_ready:
        if not is_confirmed(request):
            return confirm_first(request, asked)
        with asked.telling():
            _publish(person, protocol, found, choice, asked)
            messages.success(request, words("web.study.published-now"))
            return redirect("study", protocol=found.protocol.name)
    sections = _before(request, found, choice, draft, asked)
    title = Phrase("web.study.publish-title", {"title": said(found.protocol.title)})
    crumbs = study_way(found.protocol, look.query(is_published=True))
    return show(request, title, sections, crumbs=crumbs,
                lead=Phrase("web.study.publish-lead"))  # fmt: skip


def _digest(found: StudyFigures) -> str:
    """What the page was made of, so that nothing else is published by its form."""
    return sha256_hex(",".join(each.release for each in found.countries).encode())


def _before(
    request: HttpRequest, found: StudyFigures, choice: Choice, draft: DraftForm, asked: PublishForm
) -> list[Section]:
    hidden = sum(1 for each in found.questions if each.tally.is_hidden)
    told: list[tuple[str, Cell]] = [
        ("study-countries", ", ".join(each.name for each in found.countries) or "–"),
        ("study-region", choice.region or Phrase("web.round.any")),
        ("study-until", choice.until.isoformat() if choice.until else "–"),
        ("study-questions", str(len(found.questions))),
        ("study-hidden", Phrase("chart.count-of", {"count": hidden, "of": len(found.questions)})),
        ("study-left-out", ", ".join(found.other_version) or "–"),
    ]
    sections: list[Section] = [*too_small(found), facts("web.study.leaves", told)]
    if not found.countries:
        return sections
    if _is_close(found):
        sections.append(note("warn", "web.study.close", least=LEAST))
    if any(each.is_invented for each in found.countries):
        sections.append(note("warn", "web.region.practice"))
    sections.append(
        draft.section("web.study.draft", submit="web.papers.get", text="web.study.draft-text")
    )
    sections += [
        *confirming_note(request),
        asked.section("web.study.publish", text="web.study.publish-text"),
    ]
    return sections


def _is_close(found: StudyFigures) -> bool:
    """Whether what was published before differs by so few countries that theirs would follow."""
    now = {each.release for each in found.countries}
    others = [set(each.releases) ^ now for each in published_studies(found.protocol.name)
              if not each.is_withdrawn]  # fmt: skip
    return any(0 < len(each) < LEAST for each in others)


def _publish(
    person: Person, protocol: str, found: StudyFigures, choice: Choice, asked: PublishForm
) -> None:
    given = asked.cleaned_data
    meant = Choice(given["in_region"], given["study_until"], asked.because())
    if meant != choice:
        found = released_study(person, protocol, meant)
    if _digest(found) != given["study_seen"]:
        raise StudyMoved
    of = Publication(given["study_official"].strip(), given["study_office"].strip())
    files = {
        each.value: _made(found, meant, of, each.value, given["paper_language"]).data
        for each in ReportFormat
    }
    publish_study(
        by=person, protocol=found.protocol.name, choice=meant,
        releases=tuple(each.release for each in found.countries),
        official=of.official, office=of.office, language=given["paper_language"], files=files,
        store=store_of(current_workspace()),
    )  # fmt: skip


def _made(
    found: StudyFigures, choice: Choice, of: Publication, format: str, language: str
) -> MadeReport:
    now = clock.now()
    return make_study(
        found, study_texts(found.protocol.name), choice, of, ReportFormat(format), language,
        kancil=__version__, at=now, on=day_of(now),
    )  # fmt: skip


def published_table(protocol: str) -> list[Section]:
    """What was published of a study, with its files; nothing where nothing was."""
    rows: list[tuple[Cell, ...]] = []
    for each in published_studies(protocol):
        about = (
            minute(each.at),
            each.official,
            each.office,
            number(len(each.releases)),
            each.region or Phrase("web.round.any"),
            each.by,
        )
        if each.is_withdrawn:
            gone = tag("warn", "web.study.withdrawn")
            rows.append((*about, gone, gone, gone))
            continue
        rows.append((*about, *(
            link(reverse("study_file", args=[protocol, each.id, one.value]), one.value.upper())
            for one in ReportFormat
        )))  # fmt: skip
    if not rows:
        return []
    columns = ("study-at", "release-official", "release-office", "study-countries>",
               "study-region", "study-by", "study-pdf", "study-docx", "study-html")  # fmt: skip
    return [table("web.study.published", columns, rows)]


@page("study/<str:protocol>/published/", "study_published", may=READERS, sample=_SAMPLE)
def study_published(request: HttpRequest, protocol: str) -> HttpResponse:
    """What was published of a study, for whoever may have what was released."""
    asked = questionnaire(protocol)
    sections = published_table(asked.name)
    if not sections:
        sections = [empty("web.study.none-published", url=reverse("country_studies"))]
    crumbs = [{"url": reverse("country_studies"), "name": Phrase("web.room.country-studies")}]
    title = Phrase("web.study.published-title", {"title": said(asked.title)})
    return show(request, title, sections, crumbs=crumbs)


@page(
    "study/<str:protocol>/published/<int:act>/<str:format>/", "study_file", may=READERS,
    sample={**_SAMPLE, "act": 1, "format": "pdf"},
)  # fmt: skip
def study_file(request: HttpRequest, protocol: str, act: int, format: str) -> HttpResponseBase:
    """A published report, checked, as it was when it was published."""
    stream = open_published(store_of(current_workspace()), protocol, act, format)
    return FileResponse(
        stream, as_attachment=True, filename=f"{protocol}-published-{act}.{format}",
        content_type="application/octet-stream",
    )  # fmt: skip
