"""What leaves a case: the bundle, signed with the officer's own key; and checking what came in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.roll import Roll
from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.ground.errors import PageNotFound
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.casework.bundle import statement_words
from kancil.reports.casework.bundle.verdict import HOLDS, STEPS, BundleVerdict
from kancil.reports.casework.bundle.verify import verify_bundle
from kancil.reports.casework.bundle.write import WrittenBundle, write_bundle
from kancil.reports.casework.recorded import chosen_traces, run_again
from kancil.web.cells import (
    Section,
    empty,
    form,
    identifier,
    link,
    note,
    number,
    show,
    table,
    tag,
    when,
)
from kancil.web.forms import WordsForm, secret, text
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Kind
from kancil.web.unit_desk import UnitDesk, person_of, unit_desk

from .pages import crumbs

MOST_BUNDLE_BYTES = 512_000_000


class BundleForm(WordsForm):
    """What the bundle is for, and the passphrase of the officer's key."""

    purpose = text(500)
    passphrase = secret()


@page(
    "cases/<str:case>/bundle/", "bundle", may=EVERYONE, of_case=True, methods=("GET", "POST"),
    menu="case", order=50,
)  # fmt: skip
def bundle(request: HttpRequest, case: Case) -> HttpResponse:
    """The bundles of the case, and making one."""
    person, desk = person_of(request), unit_desk()
    asked = BundleForm(request.POST or None)
    if request.method == "POST" and person.acts and asked.is_valid():
        with asked.telling():
            written = _write(request, desk, case, asked.cleaned_data)
            messages.success(request, words("web.bundle.made", sha256=written.sha256))
            return redirect("bundle", case=case.number)
    made = queries.bundles(case)
    sections: list[Section] = []
    if made:
        sections.append(
            table(
                "web.bundle.made-so-far",
                ("entry>", "when", "purpose", "analysis", "do"),
                [
                    (
                        number(each.n),
                        when(each.made_at),
                        each.purpose,
                        identifier(each.analysis_sha256, short=True),
                        link(
                            reverse("bundle_file", kwargs={"case": case.number, "n": each.n}),
                            Phrase("web.bundle.download"),
                        )
                        if _kept(desk, case, each.n).is_file()
                        else Phrase("web.bundle.not-kept"),
                    )
                    for each in made
                ],
            )
        )
    if not queries.traces(case):
        first = reverse("money", kwargs={"case": case.number})
        sections.append(empty("web.bundle.empty", url=first))
    elif person.acts:
        sections.append(
            form("web.bundle.make", asked, submit="web.bundle.make", text="web.bundle.text")
        )
    return show(request, Phrase("web.room.bundle"), sections, crumbs=crumbs(case))


def _kept(desk: UnitDesk, case: Case, n: int) -> Path:
    return desk.workspace.root / "desk" / "bundles" / f"C{case.number}-{n}.zip"


def _write(
    request: HttpRequest, desk: UnitDesk, case: Case, given: dict[str, Any]
) -> WrittenBundle:
    """Run every trace again, write the bundle, keep it and its checkpoint.

    All must be of one chain and one state of the labels, as for the command; else it is refused.
    """
    roll = desk.ledger.folded(Roll)
    again = run_again(
        chosen_traces(roll, roll.case(case.id), None),
        chain_dir=lambda name: desk.workspace.chains_dir / name,
        labels_dir=desk.workspace.labels_dir,
    )
    folder = desk.workspace.root / "desk" / "bundles"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        out = Path(name) / "bundle.zip"
        written = write_bundle(
            out,
            ledger=desk.ledger,
            case=CaseId(case.id),
            chain=again.chain,
            recorded=list(again.recorded),
            labels_of=again.labels_of,
            by=desk.own_key(request, given["passphrase"]),
            unit_signer=desk.keys.unit_signer(),
            purpose=given["purpose"],
            sealed=frozenset(),
        )
        newest = queries.bundles(case)[-1]
        out.rename(_kept(desk, case, newest.n))
    checkpoint = written.checkpoint
    write_durably(desk.workspace.checkpoints_dir / f"{checkpoint.size}.txt", checkpoint.data)
    return written


@page("cases/<str:case>/bundle/<int:n>.zip", "bundle_file", may=EVERYONE, of_case=True)
def bundle_file(request: HttpRequest, case: Case, n: int) -> FileResponse:
    """Send a bundle that was made here."""
    path = _kept(unit_desk(), case, n)
    if n not in {each.n for each in queries.bundles(case)} or not path.is_file():
        raise PageNotFound
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


class CheckForm(WordsForm):
    """A bundle, and the fingerprint that was received by another road."""

    bundle_file = forms.FileField(max_length=4096)
    fingerprint = text(100, required=False)


@page("verify/", "verify", may=EVERYONE, methods=("GET", "POST"), menu="site", order=60)
def verify(request: HttpRequest) -> HttpResponse:
    """Check a bundle, of this unit or of another one."""
    asked = CheckForm(request.POST or None, request.FILES or None)
    sections: list[Section] = []
    if request.method == "POST" and asked.is_valid():
        sent = asked.cleaned_data["bundle_file"]
        if sent.size > MOST_BUNDLE_BYTES:
            asked.add_error("bundle_file", words("web.verify.too-large"))
        else:
            sections += _verdict(sent, asked.cleaned_data["fingerprint"] or None)
    sections.append(form("web.verify.do", asked, submit="web.verify.do", text="web.verify.text"))
    return show(request, Phrase("web.room.verify"), sections)


def _verdict(sent: Any, key: str | None) -> list[Section]:
    folder = unit_desk().workspace.uploads_dir
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        path = Path(name) / "bundle.zip"
        with path.open("xb") as file:
            for chunk in sent.chunks(1 << 20):
                file.write(chunk)
        verdict = verify_bundle(path, key=key)
    kind: Kind = "intact" if verdict.is_intact else "danger" if verdict.problems else "warn"
    level = {"intact": "intact", "danger": "danger", "warn": "warn"}[kind]
    answer = "intact" if verdict.is_intact else "not-intact" if verdict.problems else "not-all"
    return [
        note(level, f"web.verify.{answer}"),
        note("info", "note.intact-means"),
        *_steps(verdict),
        *_stated(verdict),
    ]


def _steps(verdict: BundleVerdict) -> list[Section]:
    """Show each step: its answer, and every remark behind it."""
    rows = []
    for name in STEPS:
        step = verdict.steps[name]
        remarks = (*step.problems, *step.said, *step.not_checked)
        state: Kind = "intact" if step.state == HOLDS else "danger" if step.problems else "unknown"
        rows.append(
            (
                Phrase(f"note.bundle-step-{name}"),
                tag(state, f"note.bundle-state-{step.state}"),
                " · ".join(remark.sentence() for remark in remarks),
            )
        )
    return [table("web.verify.steps", ("step", "state", "says"), rows)]


def _stated(verdict: BundleVerdict) -> list[Section]:
    """Quote what the unit states, which is done only when custody is right."""
    if verdict.statements is None:
        return []
    return [
        {
            "kind": "facts",
            "heading": section.title,
            "rows": [(fact[0], fact[1]) for fact in section.facts],
        }
        for section in statement_words.sections(verdict.statements)
    ]
