"""Recording a release: what is asked first, then a page that says what leaves, to whom and as what.

A release can be withdrawn, a copy that was taken cannot. So nothing is released before whoever
records it has shown who they are, has read how the round stands, and has said that the official
released just this.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.assessment.protocol import Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.evidence import File
from kancil.desk.assessment.actions.releases import DOCUMENTS, record_release, release_figures
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.queries.releases import first_day, readers_given
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.assessment.queries.stood import Stood, stood_now
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.stood import of_round
from kancil.web.acting import ActForm
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, button, empty, facts, note, show
from kancil.web.confirming import confirm_first, is_confirmed, typed
from kancil.web.forms import choose, day, text
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

from .releases import document_name, release_way

_ADDRESS = "rounds/<str:round>/releases/"


class OfficialForm(ActForm):
    """Who released it, in which office, and when."""

    past = ("release_day",)
    release_official = text(200)
    release_office = text(300)
    release_day = day(required=True)
    release_consent = text(500)

    def __init__(self, *args: Any, first: date, **kwargs: Any) -> None:
        """Know the first day on which it can have been."""
        super().__init__(*args, **kwargs)
        self._first = first

    def clean(self) -> dict[str, Any]:
        """Refuse a day before the round."""
        given = super().clean()
        if given.get("release_day") is not None and given["release_day"] < self._first:
            first = self._first.isoformat()
            self.add_error("release_day", words("web.release.too-early", day=first))
        return given

    def official(self) -> dict[str, Any]:
        """What was typed."""
        given = self.cleaned_data
        return {
            "official": given["release_official"],
            "office": given["release_office"],
            "released_on": given["release_day"],
            "consent": given["release_consent"],
            "consent_file": _sent(given.get("release_consent_file")),
        }

    def hide_typed(self) -> None:
        """Carry along, unseen, what was typed on the page before."""
        for name, field in self.fields.items():
            if name in _OF_PAGE_ONE:
                is_list = isinstance(field, forms.MultipleChoiceField)
                field.widget = forms.MultipleHiddenInput() if is_list else forms.HiddenInput()


_OF_PAGE_ONE = (
    "release_official", "release_office", "release_day", "release_consent", "release_document",
    "release_protocols",
)  # fmt: skip


class DocumentForm(OfficialForm):
    """Which document was released."""

    act = "document"
    release_document = forms.ChoiceField(choices=())
    field_order = ("release_document",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds of documents."""
        super().__init__(*args, **kwargs)
        choose(self, "release_document", [(each, words(document_name(each).key))
                                          for each in DOCUMENTS])  # fmt: skip


class SureDocumentForm(DocumentForm):
    """The document as it is, and that it is the one which was released."""

    act = "document-sure"
    release_file = forms.FileField(max_length=200)
    release_consent_file = forms.FileField(max_length=200, required=False)
    release_sure = forms.BooleanField()


class FiguresForm(OfficialForm):
    """Of which protocols the figures may be shown beside other countries'."""

    act = "figures"
    release_protocols = forms.MultipleChoiceField(choices=(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, protocols: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the round's protocols that have figures."""
        super().__init__(*args, **kwargs)
        choose(self, "release_protocols", protocols)


class SureFiguresForm(FiguresForm):
    """That the official released just these figures."""

    act = "figures-sure"
    release_consent_file = forms.FileField(max_length=200, required=False)
    release_sure = forms.BooleanField()


@page(
    f"{_ADDRESS}document/",
    "release_document",
    may=READING,
    of="round",
    methods=("GET", "POST"),
    body_bytes=FILE_FORM_BYTES,
)
def document(request: HttpRequest, sight: Sight) -> HttpResponseBase:
    """Record that a named official released a document: on two pages."""
    require(sight.may_release, sight)
    first = first_day(sight)
    sure = SureDocumentForm.asked(request, first=first)
    if sure.is_ready and is_confirmed(request):
        sent = sure.cleaned_data["release_file"]
        with sure.telling():
            made = record_release(
                by=person_of(request),
                round=sight.round,
                document=sure.cleaned_data["release_document"],
                file=File(store_of(current_workspace()), sent.file, sent.name),
                **sure.official(),
            )
            messages.success(request, words("web.release.recorded"))
            return redirect("release", round=sight.round, release=made)
    asked = DocumentForm.asked(request, initial=_kept(typed(request)), first=first)
    if sure.is_bound or asked.is_ready:
        if not is_confirmed(request):
            return confirm_first(request, sure if sure.is_bound else asked)
        if not sure.is_bound:
            sure = SureDocumentForm(initial=_kept(asked.cleaned_data), first=first)
        name = document_name(_typed(sure, "release_document"))
        stood = stood_now(sight, sight.protocols)
        return _second(request, sight, sure, stood, [("release-document", name)])
    sections = [
        *_before(request),
        asked.section("web.release.record", submit="web.release.go-on",
                      text="web.release.record-text"),
    ]  # fmt: skip
    return show(request, Phrase("web.release.record"), sections, crumbs=release_way(sight))


@page(
    f"{_ADDRESS}figures/", "release_figures", may=READING, of="round", methods=("GET", "POST"),
    body_bytes=FILE_FORM_BYTES,
)  # fmt: skip
def figures(request: HttpRequest, sight: Sight) -> HttpResponseBase:
    """Record that a named official lets figures be shown beside other countries': on two pages."""
    require(sight.may_release, sight)
    title, crumbs = Phrase("web.release.figures"), release_way(sight)
    offered = [
        (each.name, said(each.title))
        for each in protocols_in(sight)
        if each.scoring is not None or each.shape is Shape.QUESTIONNAIRE
    ]
    asks = {each.name for each in protocols_in(sight) if each.shape is Shape.QUESTIONNAIRE}
    if not offered:
        back = reverse("releases", kwargs={"round": sight.round})
        return show(request, title, [empty("web.release.no-figures", url=back)], crumbs=crumbs)
    given: dict[str, Any] = {"protocols": offered, "first": first_day(sight)}
    sure = SureFiguresForm.asked(request, **given)
    if sure.is_ready and is_confirmed(request):
        with sure.telling():
            made = release_figures(
                by=person_of(request),
                round=sight.round,
                protocols=sure.cleaned_data["release_protocols"],
                store=store_of(current_workspace()),
                **sure.official(),
            )
            messages.success(request, words("web.release.recorded"))
            return redirect("release", round=sight.round, release=made)
    asked = FiguresForm.asked(request, initial=_kept(typed(request)), **given)
    if sure.is_bound or asked.is_ready:
        if not is_confirmed(request):
            return confirm_first(request, sure if sure.is_bound else asked)
        if not sure.is_bound:
            sure = SureFiguresForm(initial=_kept(asked.cleaned_data), **given)
        names = [each for each in _typed_list(sure) if each in dict(offered)]
        told: list[tuple[str, Cell]] = [
            ("release-document", document_name("comparison")),
            ("release-protocols", "; ".join(dict(offered)[each] for each in names)),
        ]
        if asks & set(names):
            told.append(("study-answers", Phrase("web.study.release-answers")))
        return _second(request, sight, sure, stood_now(sight, names), told)
    sections = [
        *_before(request),
        asked.section("web.release.figures", submit="web.release.go-on",
                      text="web.release.figures-text" if not asks else "web.study.release-text"),
    ]  # fmt: skip
    return show(request, title, sections, crumbs=crumbs)


def _sent(upload: UploadedFile[Any] | None) -> File | None:
    """A file that was sent, for the site's store."""
    if upload is None or upload.file is None:
        return None
    return File(store_of(current_workspace()), upload.file, upload.name or "")


def _before(request: HttpRequest) -> list[Section]:
    """That one is asked who one is when the form is sent, so that what is ticked comes along."""
    return [] if is_confirmed(request) else [note("info", "web.release.confirm-first")]


def _kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed without the name of the form in which it was."""
    return {name: value for name, value in given.items() if name != "do"}


def _typed(form: OfficialForm, name: str) -> str:
    given = form[name].value()
    return given.isoformat() if isinstance(given, date) else str(given or "")


def _typed_list(form: OfficialForm) -> list[str]:
    return [str(each) for each in form["release_protocols"].value() or ()]


def _second(
    request: HttpRequest,
    sight: Sight,
    sure: OfficialForm,
    stood: Stood,
    what: list[tuple[str, Cell]],
) -> HttpResponseBase:
    """What will be released, to whom and how the round stands; and ask to be sure of it."""
    sure.hide_typed()
    told: list[tuple[str, Cell]] = [
        *what,
        ("release-official", _typed(sure, "release_official")),
        ("release-office", _typed(sure, "release_office")),
        ("release-day", _typed(sure, "release_day")),
        ("release-consent", _typed(sure, "release_consent")),
        ("release-to", Phrase("web.release.to-whom", {"count": readers_given(sight)})),
        ("release-stood", " ".join(of_round(stood))),
    ]
    sections: list[Section] = [
        *_warnings(stood, _typed(sure, "release_day")),
        facts("web.release.leaves", told),
        sure.section("web.release.be-sure", submit="web.release.do-it",
                     text="web.release.be-sure-text"),
    ]  # fmt: skip
    title = Phrase("web.release.second")
    back = button(request.path, "web.release.change")
    return show(request, title, sections, crumbs=release_way(sight), buttons=[back])


def _warnings(stood: Stood, on: str) -> list[Section]:
    opened = stood.opened_on.isoformat()
    found: Mapping[str, bool] = {
        "web.release.warn-open": stood.is_open,
        "web.release.warn-draft": stood.has_draft_matrix,
        "web.release.warn-invented": stood.is_invented,
        "web.release.warn-early": on < opened,
    }
    return [note("warn", key, day=opened) for key, is_so in found.items() if is_so]
