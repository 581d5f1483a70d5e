"""Checking what came in: a bundle or a printed report, of this unit or of another one."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography import x509
from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.custody.roll import Roll
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.cases.reading import path_to_read, readable_file
from kancil.ground.clock import now
from kancil.ground.errors import NotInClassroom
from kancil.ground.ids import ExhibitId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.casework.bundle import statement_words
from kancil.reports.casework.bundle.checker.check import check_bundle
from kancil.reports.casework.bundle.checker.verdict import (
    CONFIRMED,
    HOLDS,
    NOT_INTACT,
    STEPS,
    BundleVerdict,
)
from kancil.reports.pdf.check import START, check_pdf
from kancil.web.cells import Section, facts, folded, form, identifier, note, show, table, tag, when
from kancil.web.forms import WordsForm, text
from kancil.web.page import EVERYONE, page
from kancil.web.paging import FORM_BYTES
from kancil.web.parts import Cell, Kind, Several
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .reading import exhibit_way, file_name

MOST_BUNDLE_BYTES = 512_000_000


class CheckForm(WordsForm):
    """A bundle or a printed report, and the fingerprint that was received by another road."""

    bundle_file = forms.FileField(max_length=4096)
    fingerprint = text(100, required=False)


@page(
    "verify/",
    "verify",
    may=EVERYONE,
    methods=("GET", "POST"),
    menu="site",
    order=60,
    body_bytes=MOST_BUNDLE_BYTES + FORM_BYTES,
)
def verify(request: HttpRequest) -> HttpResponse:
    """Check a bundle or a printed report, of this unit or of another one."""
    asked = CheckForm(request.POST or None, request.FILES or None)
    sections: list[Section] = []
    if request.method == "POST" and asked.is_valid():
        sent = asked.cleaned_data["bundle_file"]
        if sent.size > MOST_BUNDLE_BYTES:
            asked.add_error("bundle_file", words("web.verify.too-large"))
        else:
            with asked.telling("bundle_file"), _one_at_a_time(request) as is_first:
                if is_first:
                    sections += _verdict(sent, asked.cleaned_data["fingerprint"] or None)
                else:
                    asked.add_error("bundle_file", words("web.verify.busy"))
    sections.append(form("web.verify.do", asked, submit="web.verify.do", text="web.verify.text"))
    return show(request, Phrase("web.room.verify"), sections)


_checking: set[int] = set()
_lock = threading.Lock()


@contextmanager
def _one_at_a_time(request: HttpRequest) -> Iterator[bool]:
    """Let a person have one file checked at a time in this process; False for the second."""
    number = person_of(request).pk
    with _lock:
        is_first = number not in _checking
        _checking.add(number)
    try:
        yield is_first
    finally:
        if is_first:
            with _lock:
                _checking.discard(number)


def _verdict(sent: Any, key: str | None) -> list[Section]:
    folder = unit_desk().workspace.uploads_dir
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        path = Path(name) / "bundle.zip"
        with path.open("xb") as file:
            for chunk in sent.chunks(1 << 20):
                file.write(chunk)
        return _verdict_on(path, str(sent.name or "bundle.zip"), key)


def _verdict_on(path: Path, name: str, key: str | None) -> list[Section]:
    with path.open("rb") as file:
        is_pdf = file.read(len(START)) == START
    if is_pdf:
        return _printed(path, key)
    verdict = check_bundle(path, key=key)
    if unit_desk().workspace.site.is_training and not verdict.is_training:
        raise NotInClassroom(name=name[:100])
    return verdict_sections(verdict)


class CheckExhibitForm(WordsForm):
    """The fingerprint that was received by another road."""

    fingerprint = text(100, required=False)


@page(
    "cases/<str:case>/exhibits/<str:exhibit>/files/<str:sha256>/check/", "exhibit_check",
    may=EVERYONE, of="case", methods=("GET", "POST"),
    sample={"exhibit": 1, "sha256": "0" * 64},
)  # fmt: skip
def exhibit_check(request: HttpRequest, case: Case, exhibit: str, sha256: str) -> HttpResponse:
    """Check a bundle or a printed report that is an exhibit."""
    desk, found = unit_desk(), queries.find_exhibit(case, exhibit)
    if found is None:
        raise PageNotFound
    file = readable_file(desk.ledger, desk.vault, ExhibitId(found.id), sha256)
    name, asked = file_name(file.path), CheckExhibitForm(request.POST or None)
    sections: list[Section] = []
    if request.method == "POST" and asked.is_valid():
        with asked.telling("fingerprint"), _one_at_a_time(request) as is_first:
            if not is_first:
                asked.add_error("fingerprint", words("web.verify.busy"))
            elif file.size_bytes > MOST_BUNDLE_BYTES:
                asked.add_error("fingerprint", words("web.verify.too-large"))
            else:
                path = path_to_read(desk.vault, file)
                sections += _verdict_on(path, name, asked.cleaned_data["fingerprint"] or None)
    sections.append(
        form("web.file.check", asked, submit="web.file.check", text="web.file.check-text")
    )
    way = [
        *exhibit_way(case, found),
        {"url": reverse("exhibit_file", kwargs={
            "case": case.number, "exhibit": found.number, "sha256": sha256,
        }), "name": name},
    ]  # fmt: skip
    title = Phrase("web.file.check-of", {"file": name})
    return show(request, title, sections, crumbs=way)


def verdict_sections(verdict: BundleVerdict, confirmed: Phrase | None = None) -> list[Section]:
    """The answer, each step, and what the unit states in the bundle.

    `confirmed`: the answer where nothing is wrong and the key is the one expected, else in words
    for whoever typed its fingerprint.
    """
    level = {CONFIRMED: "intact", NOT_INTACT: "danger"}.get(verdict.answer, "warn")
    if verdict.is_only_zipped_again:
        level = "warn"
    answer = "zipped-again" if verdict.is_only_zipped_again else verdict.answer
    said = note(level, f"web.verify.{answer}")
    if verdict.answer == CONFIRMED and confirmed is not None:
        said["text"] = confirmed
    means = [] if verdict.answer == NOT_INTACT else [note("info", "note.intact-means")]
    training = [note("warn", "note.training-made")] if verdict.is_training else []
    return [
        *training,
        said,
        *means,
        *_steps(verdict),
        *_stated(verdict),
    ]


MOST_SAID = 8
"""Lines on what was checked and holds that a step shows at once; a large case has hundreds."""


def _steps(verdict: BundleVerdict) -> list[Section]:
    """Each step: its answer, all that is wrong or was not checked, and the first of what holds."""
    rows: list[tuple[Cell, ...]] = []
    beyond: list[tuple[Cell, ...]] = []
    for name in STEPS:
        step = verdict.steps[name]
        said = step.said[:MOST_SAID]
        state: Kind = "intact" if step.state == HOLDS else "danger" if step.problems else "unknown"
        called = tag("plain", f"note.bundle-step-{name}")
        remarks = [each.sentence() for each in (*step.problems, *said, *step.not_checked)]
        rows.append((called, tag(state, f"note.bundle-state-{step.state}"), Several(remarks)))
        beyond += [(called, each.sentence()) for each in step.said[MOST_SAID:]]
    sections = [table("web.verify.steps", ("step", "state", "says"), rows)]
    if beyond:
        sections.append(
            folded("web.verify.also-holds", ("step", "says"), beyond, count=len(beyond))
        )
    return sections


def _stated(verdict: BundleVerdict) -> list[Section]:
    """What the unit states, under one fold; it is quoted only when custody is right."""
    if verdict.statements is None:
        return []
    parts = [
        {**table("note.stated-title", ("what", "says"), each.facts), "kind": "folded",
         "heading": each.title}
        for each in statement_words.sections(verdict.statements)
    ]  # fmt: skip
    return [
        {
            "kind": "folds",
            "heading": Phrase("note.stated-title"),
            "text": Phrase("note.stated-lead"),
            "parts": parts,
        }
    ]


def _printed(path: Path, key: str | None) -> list[Section]:
    """Of a printed report whether it is as it was signed, and by which certificate."""
    ledger = unit_desk().ledger
    pems = [str(one.body["pem"]).encode("ascii") for one in ledger.folded(Roll).certificates]
    verdict = check_pdf(path, [x509.load_pem_x509_certificate(pem) for pem in pems], at=now())
    answer = verdict.answer(key, must_trust=False)
    rows: list[tuple[str, Cell]] = [("sha256", identifier(verdict.sha256))]
    for one in verdict.signatures:
        rows += [
            ("signed-by", one.signer),
            ("certificate", identifier(one.certificate_sha256)),
            ("signed-at", when(one.signed_at)),
        ]
    trust = "trusted" if verdict.is_trusted else "not-compared"
    sections = [note("intact" if answer == "intact" else "danger", f"web.verify.pdf-{answer}")]
    if verdict.signatures:
        sections.append(note("info" if verdict.is_trusted else "warn", f"web.verify.pdf-{trust}"))
    named = [
        entry
        for entry in ledger.entries()
        if entry.kind == "report.made" and entry.body.get("sha256") == verdict.sha256
    ]
    if named:
        sections.append(note("info", "web.verify.pdf-recorded", n=named[0].n))
    else:
        sections.append(note("info", "web.verify.pdf-not-recorded"))
    sections += [note("info", "note.report-file-limits"), note("info", "note.intact-means")]
    return [*sections, facts("web.verify.pdf", rows)]
