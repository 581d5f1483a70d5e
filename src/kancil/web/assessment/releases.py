"""What leaves: documents and figures that a named official released, and who may have them.

Nothing is shown to donor readers that no official released; what was withdrawn is shown to nobody
outside the round any more, and that it once was stays recorded.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.assessment.access import CountrySight, Sight
from kancil.desk.assessment.actions.evidence import File
from kancil.desk.assessment.actions.releases import (
    DOCUMENTS,
    record_release,
    release_figures,
    withdraw_release,
)
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.releases import (
    ReleaseRow,
    open_released,
    released_to,
    releases_of,
)
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, button, empty, facts, identifier, link, note, show, table, tag
from kancil.web.forms import choose, day, text
from kancil.web.parts import Cell
from kancil.web.programme_page import READERS, READING, page
from kancil.web.signed_in import person_of

from .acting import ActForm, day_of, show_wide
from .home import period
from .protocols import said
from .rounds import way
from .standing import country_name, country_way

_ADDRESS = "rounds/<str:round>/releases/"
_RELEASED = "countries/<str:country>/released/"


def document_name(document: str) -> Phrase:
    """Name the kind of a document."""
    return Phrase(f"web.release-document-{document}")


@page(_ADDRESS, "releases", may=READING, of="round", menu="round", order=92)
def releases(request: HttpRequest, sight: Sight) -> HttpResponse:
    """All that was released of a round, and what was withdrawn again."""
    rows = releases_of(sight)
    there = {"round": sight.round}
    buttons = []
    if sight.may_release:
        buttons = [
            button(reverse("release_document", kwargs=there), "web.release.record", main=True),
            button(reverse("release_figures", kwargs=there), "web.release.figures"),
        ]
    sections: list[Section] = [note("info", "web.release.what-it-is")]
    if rows:
        sections.append(_table(sight, rows))
    else:
        new = reverse("release_document", kwargs=there) if sight.may_release else ""
        sections.append(empty("web.release.none", url=new))
    title = Phrase("web.release.title")
    return show(request, title, sections, crumbs=way(sight), buttons=buttons)


def _table(sight: Sight, rows: list[ReleaseRow]) -> Section:
    told: list[tuple[Cell, ...]] = [
        (
            link(reverse("release", args=[sight.round, row.id]), document_name(row.document)),
            row.official,
            row.office,
            row.released_on.isoformat(),
            state_cell(row),
        )
        for row in rows
    ]
    columns = ("release-document", "release-official", "release-office", "release-day", "state")
    return table("web.release.all", columns, told)


def state_cell(row: ReleaseRow) -> Cell:
    """Say whether a release stands."""
    if row.withdrawn_at is None:
        return tag("intact", "web.release.stands")
    return tag("danger", "web.release.withdrawn", day=day_of(row.withdrawn_at).isoformat())


class OfficialForm(ActForm):
    """Who released it, in which office, and when."""

    past = ("release_day",)
    release_official = text(200)
    release_office = text(300)
    release_day = day(required=True)

    def official(self) -> dict[str, Any]:
        """Give what was typed."""
        given = self.cleaned_data
        return {
            "official": given["release_official"],
            "office": given["release_office"],
            "released_on": given["release_day"],
        }


class DocumentForm(OfficialForm):
    """The document that was released, as it is."""

    act = "document"
    release_document = forms.ChoiceField(choices=())
    release_file = forms.FileField(max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds of documents."""
        super().__init__(*args, **kwargs)
        choose(self, "release_document", [(each, words(document_name(each).key))
                                          for each in DOCUMENTS])  # fmt: skip


class FiguresForm(OfficialForm):
    """Of which protocols the figures may be shown beside other countries'."""

    act = "figures"
    release_protocols = forms.MultipleChoiceField(choices=(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, protocols: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the round's protocols."""
        super().__init__(*args, **kwargs)
        choose(self, "release_protocols", protocols)


def _way(sight: Sight) -> list[dict[str, Any]]:
    there = reverse("releases", kwargs={"round": sight.round})
    return [*way(sight), {"url": there, "name": Phrase("web.room.releases")}]


@page(f"{_ADDRESS}document/", "release_document", may=READING, of="round", methods=("GET", "POST"))
def document(request: HttpRequest, sight: Sight) -> HttpResponseBase:
    """Record that a named official released a document."""
    require(sight.may_release, sight)
    asked = DocumentForm.asked(request)
    if asked.is_ready:
        sent = asked.cleaned_data["release_file"]
        with asked.telling():
            made = record_release(
                by=person_of(request),
                round=sight.round,
                document=asked.cleaned_data["release_document"],
                file=File(store_of(current_workspace()), sent.file, sent.name),
                **asked.official(),
            )
            messages.success(request, words("web.release.recorded"))
            return redirect("release", round=sight.round, release=made)
    sections = [asked.section("web.release.record", text="web.release.record-text")]
    return show(request, Phrase("web.release.record"), sections, crumbs=_way(sight))


@page(f"{_ADDRESS}figures/", "release_figures", may=READING, of="round", methods=("GET", "POST"))
def figures(request: HttpRequest, sight: Sight) -> HttpResponseBase:
    """Record that a named official lets figures be shown beside other countries'."""
    require(sight.may_release, sight)
    offered = [(each.name, said(each.title)) for each in protocols_in(sight)]
    asked = FiguresForm.asked(request, protocols=offered)
    if asked.is_ready:
        with asked.telling():
            made = release_figures(
                by=person_of(request),
                round=sight.round,
                protocols=asked.cleaned_data["release_protocols"],
                store=store_of(current_workspace()),
                **asked.official(),
            )
            messages.success(request, words("web.release.recorded"))
            return redirect("release", round=sight.round, release=made)
    sections = [asked.section("web.release.figures", text="web.release.figures-text")]
    return show(request, Phrase("web.release.figures"), sections, crumbs=_way(sight))


class WithdrawForm(ActForm):
    """Why a release is withdrawn."""

    act = "withdraw"
    release_reason = text(500, lines=2)


@page(
    f"{_ADDRESS}<str:release>/", "release", may=READING, of="round", methods=("GET", "POST"),
    sample={"release": "none"},
)  # fmt: skip
def one_release(request: HttpRequest, sight: Sight, release: str) -> HttpResponseBase:
    """One release: who released what, and whether it stands."""
    row = next((each for each in releases_of(sight) if each.id == release), None)
    if row is None:
        raise no_such("release")
    asked = WithdrawForm.asked(request)
    if request.method == "POST":
        require(sight.may_release, sight)
        if asked.is_ready:
            with asked.telling():
                withdraw_release(
                    by=person_of(request),
                    round=sight.round,
                    release=row.id,
                    reason=asked.cleaned_data["release_reason"],
                )
                messages.success(request, words("web.release.withdrawn-now"))
                return redirect("release", round=sight.round, release=row.id)
    sections: list[Section] = [facts("web.release.about", _told(row))]
    if sight.may_release and row.withdrawn_at is None:
        sections.append(asked.section("web.release.withdraw", text="web.release.withdraw-text"))
    title = Phrase("web.release.one-title", {"document": document_name(row.document)})
    return show(request, title, sections, crumbs=_way(sight))


def _told(row: ReleaseRow) -> list[tuple[str, Cell]]:
    told: list[tuple[str, Cell]] = [
        ("release-document", document_name(row.document)),
        ("release-official", row.official),
        ("release-office", row.office),
        ("release-day", row.released_on.isoformat()),
        ("state", state_cell(row)),
        ("release-sha256", identifier(row.sha256)),
    ]
    if row.withdrawn_at is not None:
        told.append(("release-reason", row.withdrawn_reason))
    else:
        told.append(("release-file", _file(row)))
    return told


def _file(row: ReleaseRow) -> Cell:
    return link(reverse("released_file", args=[row.country, row.id]), row.file_name)


@page(_RELEASED, "released", may=READERS, of="country")
def released(request: HttpRequest, sight: CountrySight) -> HttpResponse:
    """What a country released, for whoever may read it: donor readers see nothing else of it."""
    rows = released_to(person_of(request), sight.country)
    name = country_name(request, sight)
    sections: list[Section] = []
    if rows:
        told: list[tuple[Cell, ...]] = [
            (
                _file(row),
                document_name(row.document),
                row.title,
                period(row.period_from, row.period_to),
                row.official,
                row.office,
                row.released_on.isoformat(),
                identifier(row.sha256, short=True),
            )
            for row in rows
        ]
        columns = (
            "release-file", "release-document", "release-round", "release-period",
            "release-official", "release-office", "release-day", "release-sha256",
        )  # fmt: skip
        sections.append(table("web.release.released", columns, told))
    else:
        sections.append(empty("web.release.released-none"))
    title = Phrase("web.release.released-title", {"country": name})
    return show_wide(request, title, sections, crumbs=country_way(name, sight))


@page(
    f"{_RELEASED}<str:release>/", "released_file", may=READERS, of="country",
    sample={"release": "none"},
)  # fmt: skip
def released_file(request: HttpRequest, sight: CountrySight, release: str) -> HttpResponseBase:
    """Give a released document, checked, as it was when it was released."""
    row, stream = open_released(person_of(request), store_of(current_workspace()), release)
    if row.country != sight.country:
        stream.close()
        raise no_such("release")
    return FileResponse(
        stream, as_attachment=True, filename=row.file_name,
        content_type="application/octet-stream",
    )  # fmt: skip
