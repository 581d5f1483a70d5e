"""What leaves: documents and figures that a named official released, and who may have them.

Nothing is shown to donor readers that no official released; what was withdrawn is shown to nobody
outside the round any more, and that it once was stays recorded.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.assessment.access import CountrySight, Sight
from kancil.desk.assessment.actions.releases import withdraw_release
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.releases import (
    ReleaseRow,
    open_consent,
    open_released,
    released_to,
    releases_of,
)
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace, day_of
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.stood import of_document
from kancil.web.acting import ActForm, show_wide
from kancil.web.assessment.law.standing import country_name, country_way
from kancil.web.assessment.rounds.rounds import way
from kancil.web.cells import Section, button, empty, facts, identifier, link, note, show, table, tag
from kancil.web.forms import text
from kancil.web.parts import Cell
from kancil.web.programme_page import READERS, READING, page
from kancil.web.signed_in import person_of

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
    """Whether a release stands."""
    if row.withdrawn_at is None:
        return tag("intact", "web.release.stands")
    return tag("danger", "web.release.withdrawn", day=day_of(row.withdrawn_at).isoformat())


def release_way(sight: Sight) -> list[dict[str, Any]]:
    """The steps above a page of releases."""
    there = reverse("releases", kwargs={"round": sight.round})
    return [*way(sight), {"url": there, "name": Phrase("web.room.releases")}]


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
    sections: list[Section] = [facts("web.release.about", _told(row, may_open=sight.may_release))]
    if sight.may_release and row.withdrawn_at is None:
        sections.append(asked.section("web.release.withdraw", text="web.release.withdraw-text"))
    title = Phrase("web.release.one-title", {"document": document_name(row.document)})
    return show(request, title, sections, crumbs=release_way(sight))


@page(
    "rounds/<str:round>/releases/<str:release>/consent/", "release_consent", may=READING,
    of="round", sample={"release": "none"},
)  # fmt: skip
def release_consent(_request: HttpRequest, sight: Sight, release: str) -> FileResponse:
    """Send the paper by which the country consented; never shown in the browser."""
    name, stream = open_consent(sight, store_of(current_workspace()), release)
    return FileResponse(
        stream, as_attachment=True, filename=name, content_type="application/octet-stream"
    )


def _told(row: ReleaseRow, *, may_open: bool) -> list[tuple[str, Cell]]:
    told: list[tuple[str, Cell]] = [
        ("release-document", document_name(row.document)),
        ("release-official", row.official),
        ("release-office", row.office),
        ("release-day", row.released_on.isoformat()),
        ("release-consent", _consent(row, may_open=may_open)),
        ("state", state_cell(row)),
        ("release-sha256", identifier(row.sha256)),
        ("release-stood", " ".join(of_document(row))),
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
                span(row.period_from, row.period_to),
                row.official,
                row.office,
                row.released_on.isoformat(),
                " ".join(of_document(row)),
                identifier(row.sha256, short=True),
            )
            for row in rows
        ]
        columns = (
            "release-file", "release-document", "release-round", "release-period",
            "release-official", "release-office", "release-day", "release-stood",
            "release-sha256",
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
    """A released document, checked, as it was when it was released."""
    row, stream = open_released(person_of(request), store_of(current_workspace()), release)
    if row.country != sight.country:
        stream.close()
        raise no_such("release")
    return FileResponse(
        stream, as_attachment=True, filename=row.file_name,
        content_type="application/octet-stream",
    )  # fmt: skip


def _consent(row: ReleaseRow, *, may_open: bool) -> Cell:
    """The paper by which the country consented, with its file where one is kept."""
    if not row.consent:
        return Phrase("web.release.no-consent")
    if not (row.consent_sha256 and may_open):
        return row.consent
    return link(reverse("release_consent", args=[row.round, row.id]), row.consent)
