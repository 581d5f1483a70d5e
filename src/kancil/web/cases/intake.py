"""Intake in the browser: files are sent, or a folder of the server is named.

With script, files are hashed in the browser and sent in pieces (`uploads`); without, as a form.
Either way bytes go through files in `desk/uploads/`, never through memory, and are hashed as they
are taken.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.desk.cases import queries
from kancil.desk.cases.actions import admit_exhibit
from kancil.desk.cases.jobs.folders import admit_folder
from kancil.desk.cases.queries import Case
from kancil.desk.handling.actions import AT_INTAKE, limitation_at_intake
from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.queries import OPEN, State, find_task
from kancil.desk.jobs.uploads import sweep_uploads
from kancil.desk.people.queries import members_of
from kancil.evidence.offered import offered_folders
from kancil.evidence.spool import KEPT_SECONDS, Sending, read_names
from kancil.ground.clock import from_unix
from kancil.ground.files import stated_name, translated
from kancil.ground.ids import CaseId, ExhibitId, is_id, new_id
from kancil.ground.phrase import Phrase
from kancil.ground.units import bytes_text
from kancil.ground.words import render as words
from kancil.ground.workspace import Workspace
from kancil.web.confirming import confirming_note, is_confirmed
from kancil.web.forms import WordsForm, choose, secret, text
from kancil.web.jobs.shown import error_of
from kancil.web.limits import word_of
from kancil.web.page import ACTING, page
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.unit_desk import unit_desk

from .pages import crumbs
from .uploads import may_drop, spool_now

_SAID = (
    "hashing", "hashed", "sending", "signing", "interrupted", "interrupted-many", "waiting",
    "running", "equal", "taken", "signed-out", "no-answer", "changed", "cancelled", "differs",
    "still-here",
)  # fmt: skip
"""What the page's script says: `web.sending.<name>`."""
_PIECE_BYTES = 4 << 20
INTAKE_FORM_BYTES = 512_000_000
"""Of a plain form, sent without the page's script; with it, files have no such limit."""
_NAMES_SHOWN = 5


class ManyFiles(forms.ClearableFileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; an empty one is evidence too."""

    widget = ManyFiles

    def __init__(self, **more: Any) -> None:
        """Take empty files."""
        super().__init__(allow_empty_file=True, **more)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Check each file as Django does one."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given]


class CameUnder(WordsForm):
    """The handling code that files came under, folded, since most come under none."""

    handling_code = forms.ChoiceField(choices=(), required=False)
    sending_office = text(required=False)
    options = ("handling_code", "sending_office")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the codes that need no more than the office."""
        super().__init__(*args, **kwargs)
        choices = [("", words("web.handling.none")), *((each, word_of(each)) for each in AT_INTAKE)]
        choose(self, "handling_code", choices)

    def clean(self) -> dict[str, Any]:
        """A code is somebody's condition: whose must be said."""
        given = self.cleaned_data
        if given.get("handling_code") and not given.get("sending_office"):
            self.add_error("sending_office", words("web.form.required"))
        return given


class IntakeForm(CameUnder):
    """What is taken in, and where it comes from."""

    exhibit_title = text()
    stated_source = text(1000)
    sent_files = FilesField(max_length=4096)
    upload = forms.CharField(widget=forms.HiddenInput, required=False)
    """Id that the exhibit is to have, so that a form sent twice takes nothing in twice."""
    passphrase = secret(required=False)
    """Of the person's own key, where they sign with it; without it the server signs for them."""

    def __init__(self, *args: Any, may_sign: bool, **kwargs: Any) -> None:
        """Offer one's own key where there is one; typed before showing who one is, it is told."""
        super().__init__(*args, **kwargs)
        field = self.fields["passphrase"]
        field.label, field.help_text = words("web.field.own-passphrase"), words("web.intake.sign")
        self._may_sign = may_sign
        if not may_sign and not self.data.get("passphrase"):
            del self.fields["passphrase"]

    def clean_passphrase(self) -> str:
        """Refuse to sign for whoever has not shown who they are."""
        passphrase = str(self.cleaned_data["passphrase"])
        if passphrase and not self._may_sign:
            raise forms.ValidationError(words("why.upload-confirm"))
        return passphrase


class FolderForm(CameUnder):
    """A folder that an administrator has laid ready on the server."""

    offered_folder = forms.ChoiceField(choices=())
    exhibit_title = text()
    stated_source = text(1000)
    in_place = forms.BooleanField(required=False)

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        """Offer what lies there."""
        super().__init__(*args, **kwargs, prefix="folder")
        field = self.fields["offered_folder"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(name, stated_name(name)) for name in offered]


@page(
    "cases/<str:case>/intake/",
    "intake",
    may=ACTING,
    of="case",
    methods=("GET", "POST"),
    body_bytes=INTAKE_FORM_BYTES,
)
def intake(request: HttpRequest, case: Case) -> HttpResponse:
    """Take files in as an exhibit."""
    if request.method != "POST":
        first = IntakeForm(initial=_initial(request, case), may_sign=_may_sign(request))
        return _show(request, case, first)
    asked = IntakeForm(request.POST, request.FILES, may_sign=_may_sign(request))
    if asked.is_valid():
        with asked.telling():
            number = _take(request, case, asked.cleaned_data)
            messages.success(request, words("web.intake.taken", number=f"E{number}"))
            return redirect("exhibit", case=case.number, exhibit=number)
    return _show(request, case, asked)


def _may_sign(request: HttpRequest) -> bool:
    """The person has a key of their own, and has shown who they are within the last minutes."""
    return bool(person_of(request).officer) and is_confirmed(request, signs=True)


def _initial(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Begin with what was said of the upload that is to go on."""
    known = spool_now().find(request.GET.get("upload", ""))
    if known is None or known.case != case.id or known.person != str(person_of(request).pk):
        return {"upload": new_id()}
    return {
        "upload": new_id(),
        "exhibit_title": known.title,
        "stated_source": known.source,
        "handling_code": known.handling_code,
        "sending_office": known.sending_office,
    }


@page(
    "cases/<str:case>/intake/folder/",
    "intake_folder",
    may=ACTING,
    of="case",
    methods=("GET", "POST"),
)
def intake_folder(request: HttpRequest, case: Case) -> HttpResponse:
    """Have a folder of the server taken in, behind the pages."""
    if request.method != "POST":
        return redirect(reverse("intake", kwargs={"case": case.number}) + "#folder")
    asked = FolderForm(request.POST, offered=_offered(unit_desk().workspace)[0])
    if not asked.is_valid():
        first = IntakeForm(initial={"upload": new_id()}, may_sign=_may_sign(request))
        return _show(request, case, first, folder=asked)
    given = asked.cleaned_data
    by = Asked(person_of(request), how_authenticated(request), CaseId(case.id))
    task = admit_folder.by(by).enqueue(
        folder=given["offered_folder"],
        title=given["exhibit_title"],
        source=given["stated_source"],
        in_place=given["in_place"],
        handling_code=given["handling_code"],
        sending_office=given["sending_office"],
    )
    return redirect("task", task=task.id)


def _show(
    request: HttpRequest, case: Case, asked: IntakeForm, folder: FolderForm | None = None
) -> HttpResponse:
    workspace = unit_desk().workspace
    sweep_uploads(workspace)
    offered, unwritable = _offered(workspace)
    way = crumbs(
        case,
        (reverse("exhibits", kwargs={"case": case.number}), Phrase("web.room.exhibits")),
    )
    shown = {
        "title": Phrase("web.intake.do"),
        "crumbs": way,
        "lead": Phrase("web.intake.lead"),
        "form": asked,
        "may_sign": _may_sign(request),
        "signing": confirming_note(request, "web.intake.sign-first")
        if person_of(request).officer
        else [],
        "form_url": reverse("intake", kwargs={"case": case.number}),
        "chosen": request.GET.get("upload", ""),
        "begin_url": reverse("upload_begin", kwargs={"case": case.number}),
        "piece_bytes": _PIECE_BYTES,
        "said": {
            "title": words("web.sending.title-done"),
            **{name: words(f"web.sending.{name}", **_HOLES) for name in _SAID},
        },
        "unfinished": _unfinished(request, case),
        "kept_days": KEPT_SECONDS // 86400,
        "unwritable": unwritable,
        "folder": folder or (FolderForm(offered=offered) if offered else None),
        "folder_url": reverse("intake_folder", kwargs={"case": case.number}),
        "no_folder_heading": Phrase("web.intake.no-folder.heading"),
        "no_folder_text": Phrase("web.intake.no-folder.text"),
    }
    return render(request, "kancil/intake.html", shown)


def _offered(workspace: Workspace) -> tuple[list[str], int]:
    """List what the server offers, and count what has a name that no page can hold."""
    names = offered_folders(workspace)
    offered = [name for name in names if name.encode("utf-8", "ignore").decode() == name]
    return offered, len(names) - len(offered)


_HOLES = {name: f"{{{name}}}" for name in ("done", "total", "name", "exhibit", "how_far")}
"""Parameters that the script fills in."""


def _unfinished(request: HttpRequest, case: Case) -> list[dict[str, Any]]:
    """List what was begun and is not in the case yet, for the members of the case."""
    person = person_of(request)
    names = {str(each.person.pk): each.person.name for each in members_of(case.id)}
    return [
        {
            **_told(request, case, sending),
            "who": names.get(sending.person) or Phrase("web.unknown"),
            "is_mine": sending.person == str(person.pk),
            "may_drop": may_drop(person, sending),
        }
        for sending in spool_now().all()
        if sending.case == case.id
    ]


def _told(request: HttpRequest, case: Case, sending: Sending) -> dict[str, Any]:
    """Of an upload what it is, how much is here, and what stands in its way."""
    spool, given = spool_now(), {"case": case.number, "upload": sending.id}
    task = find_task(person_of(request), sending.id)
    done = sum(spool.held(sending))
    sizes = {"done": bytes_text(done), "total": bytes_text(sending.size_bytes)}
    is_whole, is_open = spool.is_whole(sending), task is not None and task.state in OPEN
    if task is not None and task.state == State.FAILED:
        state: Phrase | None = error_of(task, "sentence")
    elif is_open:
        state = Phrase("web.intake.is-taken", sizes)
    elif is_whole:
        state = Phrase("web.intake.is-whole", sizes)
    else:
        many = "-many" if len(sending.files) > 1 else ""
        state = Phrase(f"web.sending.interrupted{many}", sizes)
    return {
        "id": sending.id,
        "title": sending.title,
        "files": [(file.name, file.sha256, file.size_bytes) for file in sending.files][
            :_NAMES_SHOWN
        ],
        "more": max(0, len(sending.files) - _NAMES_SHOWN),
        "begun_at": sending.begun_at,
        "touched_at": from_unix(int(spool.touched_at(sending))),
        "done": done,
        "size_bytes": sending.size_bytes,
        "state": state,
        "next": error_of(task, "next") if task is not None and task.error else None,
        "is_wrong": task is not None and task.state == State.FAILED,
        "is_whole": is_whole,
        "is_open": is_open,
        "task_url": reverse("task", kwargs={"task": sending.id}) if is_open else "",
        "go_on_url": f"?upload={sending.id}",
        "take_url": reverse("upload_take", kwargs=given),
        "drop_url": reverse("upload_drop", kwargs=given),
    }


def _take(request: HttpRequest, case: Case, given: dict[str, Any]) -> int:
    """Take in what a plain form carried: bytes under plain numbers, names as they were stated."""
    desk = unit_desk()
    identity = given["upload"] if is_id(given["upload"]) else new_id()
    known = queries.find_exhibit(case, identity)
    if known is not None:
        return known.number
    passphrase = given.get("passphrase")
    by = desk.own_key(request, passphrase) if passphrase else desk.server(request)
    with laid_down(given["sent_files"]) as paths:
        entry, _ = admit_exhibit(
            desk.ledger,
            desk.vault,
            case=CaseId(case.id),
            paths=list(paths),
            title=given["exhibit_title"],
            source=given["stated_source"],
            by=by,
            exhibit=ExhibitId(identity),
            stated=paths,
            limitation=limitation_at_intake(given["handling_code"], given["sending_office"]),
        )
    found = queries.find_exhibit(case, str(entry.exhibit_id))
    return found.number if found else 0


@contextmanager
def laid_down(files: list[UploadedFile[Any]]) -> Iterator[dict[Path, str]]:
    """Lay sent files in the workspace while they are taken in; gives each with its stated name.

    Raises UploadNotReadable, UploadNoRoom, DiskFull.
    """
    names = read_names([str(sent.name or "") for sent in files])
    uploads = unit_desk().workspace.uploads_dir
    uploads.mkdir(exist_ok=True)
    spool_now().require_room(sum(sent.size or 0 for sent in files) * 2)
    folder = Path(tempfile.mkdtemp(prefix="upload-", dir=uploads))
    try:
        yield {
            _kept(folder, place, sent): name
            for place, (sent, name) in enumerate(zip(files, names, strict=True), 1)
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _kept(folder: Path, place: int, sent: UploadedFile[Any]) -> Path:
    """Write one sent file; raises DiskFull."""
    path = folder / f"{place:04d}"
    try:
        with path.open("xb") as file:
            for chunk in sent.chunks(1 << 20):
                file.write(chunk)
    except OSError as error:
        raise translated(error, folder.parent) from error
    return path
