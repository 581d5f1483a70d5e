"""Files of an activity: added, public or not, withdrawn, and given out to who may have them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.assessment.actions.evidence import File
from kancil.desk.assessment.stored import MOST_MEGABYTES, store_of
from kancil.desk.base.opening import current_workspace, day_of
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.activities.documents import (
    add_document,
    set_document_public,
    withdraw_document,
)
from kancil.desk.programme.activities.facets import DocumentRow, documents_of, open_document
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.vocabulary import DocumentKind
from kancil.records.described import named
from kancil.web.cells import Section, choosing, empty, table, tag
from kancil.web.forms import choose, text
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell, Link, Tick
from kancil.web.programme_page import ACTIVE, page
from kancil.web.signed_in import person_of

from .panels import panel
from .parts import PartActForm, change, shown_part

_COLUMNS = ("document", "kind", "document-public", "added-at")


class DocumentForm(PartActForm):
    """A file, and what it is."""

    act = "document"
    begins = "document_"
    does = staticmethod(add_document)
    document_title = text(300)
    document_kind = forms.ChoiceField(choices=())
    document_is_public = forms.BooleanField(required=False)
    document_file = forms.FileField(max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds."""
        super().__init__(*args, **kwargs)
        kinds = [("", words("web.form.choose"))]
        kinds += [(each.value, render_phrase(named(each))) for each in DocumentKind]
        choose(self, "document_kind", kinds)
        field = self.fields["document_file"]
        field.help_text = words("web.hint.evidence-file", megabytes=MOST_MEGABYTES)
        field.error_messages["empty"] = words("web.evidence.file-empty")

    def more(self) -> dict[str, Any]:
        """The file, to be read once."""
        sent = self.cleaned_data["document_file"]
        return {"file": File(store_of(current_workspace()), sent, sent.name)}


def _cells(sight: ActivitySight, row: DocumentRow) -> tuple[Cell, ...]:
    there = reverse("activity_document", kwargs={"activity": sight.activity, "document": row.id})
    public = tag("intact", "web.activity.public") if row.is_public else tag(
        "plain", "web.activity.not-public"
    )  # fmt: skip
    return Link(there, row.title), named(row.kind), public, day_of(row.at).isoformat()


@panel(order=18)
def documents_panel(_request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """The files, where there are any."""
    rows = [_cells(sight, each) for each in documents_of(sight)]
    if not rows:
        return []
    one = table("web.room.activity-documents", _COLUMNS, rows)
    return [change(sight, one, "activity_documents", may=sight.may_write)]


@page(
    "activities/<str:activity>/documents/", "activity_documents", may=ACTIVE, of="activity",
    methods=("GET", "POST"), menu="activity", order=12, body_bytes=FILE_FORM_BYTES,
)  # fmt: skip
def activity_documents(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """The files, what is done to those ticked, and the form that adds one."""
    ticked = request.POST.getlist("document")
    if ticked:
        for each in ticked:
            about: dict[str, Any] = {
                "by": person_of(request),
                "activity": sight.activity,
                "document": each,
            }
            if request.POST.get("then") == "withdraw":
                withdraw_document(**about)
            else:
                set_document_public(**about, is_public=request.POST.get("then") == "publish")
        return redirect("activity_documents", activity=sight.activity)
    rows = documents_of(sight)

    def told() -> list[Section]:
        if not rows:
            return [empty("web.activity.no-documents")]
        if not sight.may_write:
            return [table("web.room.activity-documents", _COLUMNS,
                          [_cells(sight, each) for each in rows])]  # fmt: skip
        cells: list[tuple[Cell, ...]] = [
            (*_cells(sight, each), Tick("document", each.id, Phrase("web.activity.tick-session",
                                                                    {"title": each.title})))
            for each in rows
        ]  # fmt: skip
        return [choosing("web.room.activity-documents", (*_COLUMNS, "tick"), cells,
                         submit="web.activity.then-do", fields=ThenForm())]  # fmt: skip

    asked = [DocumentForm.asked(request)] if sight.may_write else []
    return shown_part(request, sight, "activity_documents", told, asked)


class ThenForm(PartActForm):
    """What is done to the files that are ticked."""

    act = "then"
    then = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the three."""
        super().__init__(*args, **kwargs)
        ways = ("publish", "unpublish", "withdraw")
        choose(self, "then", [(each, words(f"web.activity.then-{each}")) for each in ways])


@page("activities/<str:activity>/documents/<str:document>/", "activity_document", may=ACTIVE,
      of="activity", sample={"document": "none"})  # fmt: skip
def activity_document(_request: HttpRequest, sight: ActivitySight, document: str) -> FileResponse:
    """Send a file, checked; never shown in the browser."""
    row, stream = open_document(sight, store_of(current_workspace()), document)
    return FileResponse(stream, as_attachment=True, filename=row.file_name,
                        content_type="application/octet-stream")  # fmt: skip
