"""Files sent in pieces: what the intake page's script asks for, one small answer each.

The script states names, sizes and digests, asks how much is here, sends piece after piece, and has
background work take the whole in. Each request may be sent again: none does anything twice.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.roll import Roll
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.jobs.uploads import admit_sent, admit_upload
from kancil.desk.cases.queries import Case, Exhibit
from kancil.desk.handling.actions import AT_INTAKE
from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.queries import OPEN, State, Task, find_task
from kancil.desk.people.queries import Person
from kancil.evidence.errors import UploadNotReadable
from kancil.evidence.named import exhibit_files
from kancil.evidence.spool import MOST_PIECE_BYTES, Sending, Spool, read_files
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.confirming import is_confirmed
from kancil.web.jobs.results import case_numbers, result_url
from kancil.web.jobs.shown import HEADS, error_of, how_far
from kancil.web.page import ACTING, page
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.unit_desk import unit_desk

_MOST_STATED_BYTES = 2_000_000


def spool_now() -> Spool:
    """The spool of the workspace that is served."""
    workspace = unit_desk().workspace
    return Spool(workspace.uploads_dir, workspace.reserve_bytes)


@page("cases/<str:case>/uploads/", "upload_begin", may=ACTING, of="case", methods=("POST",))
def upload_begin(request: HttpRequest, case: Case) -> HttpResponse:
    """Begin an upload, or go on with the same one."""
    given = _stated(request)
    title, source = given.get("title"), given.get("source")
    if not isinstance(title, str) or not isinstance(source, str):
        raise UploadNotReadable(why=Phrase("why.upload-form"))
    title, source = title.strip(), source.strip()
    if not (0 < len(title) <= 300 and 0 < len(source) <= 1000) or "\0" in title + source:
        raise UploadNotReadable(why=Phrase("why.upload-unsaid"))
    code, office = given.get("handling_code", ""), given.get("sending_office", "")
    if (code and code not in AT_INTAKE) or not isinstance(office, str) or len(office) > 300:
        raise UploadNotReadable(why=Phrase("why.upload-form"))
    if "\0" in office or bool(code) > bool(office.strip()):
        raise UploadNotReadable(why=Phrase("why.upload-office"))
    sending = spool_now().begin(
        case=case.id,
        person=str(person_of(request).pk),
        title=title,
        source=source,
        files=read_files(given.get("files")),
        handling_code=code,
        sending_office=office.strip(),
    )
    return JsonResponse(_told(case, sending, find_task(person_of(request), sending.id)))


def _stated(request: HttpRequest) -> dict[str, Any]:
    """Read the small JSON that the script states; raises UploadNotReadable."""
    data = _Body(request).read(_MOST_STATED_BYTES + 1)
    try:
        value = json.loads(data) if len(data) <= _MOST_STATED_BYTES else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UploadNotReadable(why=Phrase("why.upload-form"))
    return value


@page(
    "cases/<str:case>/uploads/<str:upload>/",
    "upload",
    may=ACTING,
    of="case",
)
def upload(request: HttpRequest, case: Case, upload: str) -> HttpResponse:
    """How much of an upload is here, and how its intake goes."""
    sending, task = _found(request, case, upload)
    return JsonResponse(_told(case, sending, task))


@page(
    "cases/<str:case>/uploads/<str:upload>/<int:place>/",
    "upload_piece",
    may=ACTING,
    of="case",
    methods=("POST",),
    body_bytes=MOST_PIECE_BYTES,
)
def upload_piece(request: HttpRequest, case: Case, upload: str, place: int) -> HttpResponse:
    """Take one piece of a file; the answer says how many of its bytes are here now."""
    body = _Body(request)
    try:
        sending, _ = _found(request, case, upload)
        if sending is None or sending.person != str(person_of(request).pk):
            raise PageNotFound
        done = spool_now().add(
            sending,
            place,
            offset=_number(request, "X-Kancil-Offset"),
            size_bytes=_number(request, "Content-Length"),
            sha256=request.headers.get("X-Kancil-Sha256", ""),
            stream=body,
        )
    finally:
        body.leave()
    return JsonResponse({"done": done})


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise UploadNotReadable(why=Phrase("why.upload-form"))
    return int(text)


class _Body:
    """What a request carries; a connection that ends is an end, and what is left is read away."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes."""
        try:
            return bytes(self._request.read(size))
        except UnreadablePostError:
            return b""

    def leave(self) -> None:
        """Read what nobody wanted, so that the answer is heard; never more than a piece."""
        left = MOST_PIECE_BYTES
        while left > 0 and (block := self.read(1 << 18)):
            left -= len(block)


@page(
    "cases/<str:case>/uploads/<str:upload>/take/",
    "upload_take",
    may=ACTING,
    of="case",
    methods=("POST",),
)
def upload_take(request: HttpRequest, case: Case, upload: str) -> HttpResponse:
    """Have what has arrived whole taken in; asked twice, it is taken once.

    With the passphrase of the person's own key it is taken in at once and signed with that; else by
    a background job, signed by the server on the person's behalf.
    """
    taken = queries.find_exhibit(case, upload)
    if taken is not None:
        return _answer(request, case, taken)
    sending, task = _found(request, case, upload)
    spool, person = spool_now(), person_of(request)
    passphrase = request.POST.get("passphrase", "")
    if sending is not None and (task is None or task.state in (State.FAILED, State.CANCELLED)):
        if sending.person != str(person.pk):
            raise PageNotFound
        if not spool.is_whole(sending):
            raise UploadNotReadable(why=Phrase("why.upload-not-whole"))
        spool.require_room(sending.size_bytes)
        if passphrase:
            return _answer(request, case, _signed(request, case, sending, passphrase))
        if task is not None:
            # A task that has ended is never done again: what is tried anew has a name of its own.
            sending = spool.renew(sending) or sending
        task = _asked(request, case, sending)
    if request.headers.get("HX-Request"):
        return JsonResponse(_told(case, sending, task))
    return redirect("task", task=task.id if task else upload)


def _signed(request: HttpRequest, case: Case, sending: Sending, passphrase: str) -> Exhibit:
    """Take an upload in now, signed with the officer's own key."""
    if not is_confirmed(request, signs=True):
        raise UploadNotReadable(why=Phrase("why.upload-confirm"))
    desk = unit_desk()
    by = desk.own_key(request, passphrase)
    admit_sent(desk.ledger, desk.vault, spool_now(), sending, by=by)
    found = queries.find_exhibit(case, sending.id)
    if found is None:
        raise PageNotFound
    return found


def _answer(request: HttpRequest, case: Case, taken: Exhibit) -> HttpResponse:
    """Of an upload that has become an exhibit."""
    where = reverse("exhibit", kwargs={"case": case.number, "exhibit": taken.number})
    if not request.headers.get("HX-Request"):
        messages.success(request, words("web.intake.taken", number=f"E{taken.number}"))
        return redirect(where)
    desk = unit_desk()
    files = exhibit_files(desk.ledger.folded(Roll).exhibit(ExhibitId(taken.id)), desk.vault)
    told = {
        "state": str(State.DONE),
        "received": [
            {"name": each.path, "sha256": each.sha256, "size_bytes": str(each.size_bytes)}
            for each in files
        ],
        "exhibit": f"E{taken.number}",
        "exhibit_url": where,
    }
    return JsonResponse(told)


def _asked(request: HttpRequest, case: Case, sending: Sending) -> Task | None:
    person = person_of(request)
    asked = Asked(person, how_authenticated(request), CaseId(case.id), sending.id)
    admit_upload.by(asked).enqueue()
    return find_task(person, sending.id)


@page(
    "cases/<str:case>/uploads/<str:upload>/drop/",
    "upload_drop",
    may=ACTING,
    of="case",
    methods=("POST",),
)
def upload_drop(request: HttpRequest, case: Case, upload: str) -> HttpResponse:
    """Drop an upload that is not to be taken in."""
    sending, task = _found(request, case, upload)
    if sending is not None and (task is None or task.state not in OPEN):
        if not may_drop(person_of(request), sending):
            raise PageNotFound
        spool_now().drop(sending.id)
        messages.info(request, words("web.intake.dropped", title=sending.title))
    return redirect("intake", case=case.number)


def may_drop(person: Person, sending: Sending) -> bool:
    """Whether a person may drop an upload: their own, and heads of the unit any."""
    return sending.person == str(person.pk) or person.role in HEADS


def _found(request: HttpRequest, case: Case, name: str) -> tuple[Sending | None, Task | None]:
    """Find an upload of the case, and its task if it was asked for; raises PageNotFound."""
    sending = spool_now().find(name)
    if sending is not None and sending.case != case.id:
        raise PageNotFound
    task = find_task(person_of(request), name)
    if task is not None and (task.case_id != case.id or task.name != admit_upload.name):
        raise PageNotFound
    if sending is None and task is None:
        raise PageNotFound
    return sending, task


def _told(case: Case, sending: Sending | None, task: Task | None) -> dict[str, Any]:
    """The script how an upload stands."""
    name = sending.id if sending else task.id if task else ""
    given = {"case": case.number, "upload": name}
    told: dict[str, Any] = {
        "url": reverse("upload", kwargs=given),
        "take_url": reverse("upload_take", kwargs=given),
        "state": "sending",
        "done": [] if sending is None else spool_now().held(sending),
    }
    if sending is not None:
        told["names"] = [file.name for file in sending.files]
    if task is None:
        return told
    told |= {"state": str(task.state), "how_far": _text(how_far(task))}
    if task.state == State.FAILED:
        told |= {
            "sentence": _text(error_of(task, "sentence")),
            "next": _text(error_of(task, "next")),
        }
    if task.state == State.DONE and task.result is not None:
        told |= {
            "received": task.result["received"],
            "exhibit": f"E{task.result['exhibit']}",
            "exhibit_url": result_url(task, case_numbers([task])),
        }
    return told


def _text(said: Phrase | str | None) -> str:
    if isinstance(said, Phrase):
        return words(said.key, **said.params)
    return said or ""
