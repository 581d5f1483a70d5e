"""The letter as files: printed, as a text document, and in machine form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.requests.queries import Request, read_version
from kancil.ground.clock import now
from kancil.reports.casework.request.make import LetterFormat, MadeLetter, letter_of
from kancil.web.cells import button
from kancil.web.page import EVERYONE, page
from kancil.web.unit_desk import UnitDesk, unit_desk

from .drafting import outgoing

PRINTED = (LetterFormat.PDF, LetterFormat.DOCX)
_ENDS = {
    LetterFormat.PDF: "pdf", LetterFormat.DOCX: "docx", LetterFormat.JSON: "json",
    LetterFormat.CASE: "case.jsonld",
}  # fmt: skip


def made_letter(desk: UnitDesk, held: Request, form: LetterFormat) -> MadeLetter:
    """The newest version as a file; of an authorised one always the same bytes."""
    draft = read_version(desk.workspace, held)
    made, _ = letter_of(desk.ledger, desk.workspace, draft, held.history, at=now(), format=form)
    return made


def file_buttons(case: Case, held: Request) -> list[dict[str, object]]:
    """Links to the files of a letter."""
    given = {"case": case.number, "number": held.history.number}
    return [
        button(reverse("request_letter", kwargs={**given, "form": each.value}),
               f"web.request-file.{each.value}")
        for each in _ENDS
    ]  # fmt: skip


@page(
    "cases/<str:case>/requests/<int:number>/letter/<str:form>/", "request_letter", may=EVERYONE,
    of="case", sample={"form": "json"},
)  # fmt: skip
def request_letter(request: HttpRequest, case: Case, number: int, form: str) -> HttpResponse:
    """Send the newest version as a file; marked as a draft until it is authorised."""
    desk = unit_desk()
    held = outgoing(desk, case, number)
    if form not in {each.value for each in _ENDS}:
        raise PageNotFound
    made = made_letter(desk, held, LetterFormat(form))
    answer = HttpResponse(made.data, content_type=made.format.media_type)
    name = f"C{case.number}-{held.label}.{_ENDS[made.format]}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
