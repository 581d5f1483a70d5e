"""Labels that begin from an exhibit: its file is imported as it lies in the vault."""

from __future__ import annotations

import shutil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.labels.errors import LabelFileTooLarge
from kancil.bitcoin.labels.label_format import MAX_FILE_BYTES
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.cases.reading import copy_file, file_beginning, readable_file
from kancil.desk.jobs.uploads import sent_for
from kancil.desk.studies.own_chains import keeps_shared, lab_network, own_chain
from kancil.evidence.named import NamedFile
from kancil.ground.files import plain_name
from kancil.ground.ids import ExhibitId
from kancil.ground.phrase import Phrase
from kancil.web.cells import form, show
from kancil.web.page import ACTING, page
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import UnitDesk, unit_desk

from .pages import BEGINNING_BYTES, LabelsForm, ask_import


@page(
    "cases/<str:case>/exhibits/<str:exhibit>/files/<str:sha256>/labels/", "exhibit_labels",
    may=ACTING, of="case", methods=("GET", "POST"), sample={"exhibit": 1, "sha256": "0" * 64},
)  # fmt: skip
def exhibit_labels(request: HttpRequest, case: Case, exhibit: str, sha256: str) -> HttpResponse:
    """Import the labels of an exhibit's file; it is read behind the pages."""
    desk, found = unit_desk(), queries.find_exhibit(case, exhibit)
    if found is None:
        raise PageNotFound
    file = readable_file(desk.ledger, desk.vault, ExhibitId(found.id), sha256)
    name = plain_name(file.path)
    own = []
    if not keeps_shared(person_of(request)):
        own = [(own_chain(desk.workspace, case), f"C{case.number} {case.title}")]
    network = lab_network(case.id)
    asked = LabelsForm(
        own,
        request.POST or None,
        held=(name, file_beginning(desk.vault, file, BEGINNING_BYTES)),
        initial={"network": network} if network else {},
    )
    if request.method == "POST" and asked.is_valid():
        desk.server(request)  # who only reads in this case imports nothing from it
        with asked.telling():
            return redirect(
                "task", task=ask_import(request, asked, lambda task: _keep(desk, task, file))
            )
    given = {"case": case.number, "exhibit": found.number}
    way = [
        {
            "url": reverse("exhibit", kwargs=given), "name": f"E{found.number} {found.title}",
        },
        {"url": reverse("exhibit_file", kwargs={**given, "sha256": sha256}), "name": name},
    ]  # fmt: skip
    sections = [
        form("web.file.labels", asked, submit="web.file.labels", text="web.file.labels-text")
    ]
    return show(request, Phrase("web.file.labels-of", {"file": name}), sections, crumbs=way)


def _keep(desk: UnitDesk, task: str, file: NamedFile) -> str:
    """Lay a copy where its task finds it; raises LabelFileTooLarge, VaultBytesBroken."""
    name = plain_name(file.path)
    if file.size_bytes > MAX_FILE_BYTES:
        raise LabelFileTooLarge(path=name, limit_bytes=MAX_FILE_BYTES)
    folder = sent_for(desk.workspace, task)
    folder.mkdir(parents=True)
    try:
        copy_file(desk.vault, file, folder / name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return name
