"""Checking the bundle of a case where it is kept, and seeing the check fail on a damaged copy.

Nothing is recorded and the bundle is not touched: the copy with one other bit lives as long as the
answer takes. The key that must have signed it is the one that this unit's ledger names.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.custody.entry import Entry
from kancil.desk.cases import queries
from kancil.desk.cases.kept_files import open_kept
from kancil.desk.cases.queries import Bundle, Case
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.reports.casework.bundle.checker.check import check_bundle
from kancil.reports.casework.bundle.checker.verdict import NOT_INTACT
from kancil.web.cells import Section, empty, facts, form, identifier, link, note, show, when
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .checking import verdict_sections
from .leaving import kept_bundle
from .pages import crumbs


@page(
    "cases/<str:case>/check/", "case_check", may=EVERYONE, of="case", methods=("GET", "POST"),
    menu="case", order=55,
)  # fmt: skip
def case_check(request: HttpRequest, case: Case) -> HttpResponse:
    """Check the newest bundle of the case, or a copy of it that was damaged for this."""
    bundles = queries.bundles(case)
    made = [each for each in bundles if kept_bundle(unit_desk(), case, each.n).exists()]
    title, lead = Phrase("web.step.check"), Phrase("web.check.lead")
    if not made:
        sections = _without(case, bundles, acts=person_of(request).acts)
        return show(request, title, sections, crumbs=crumbs(case), lead=lead)
    newest, sections = made[-1], list[Section]()
    entry = next(unit_desk().ledger.entries(newest.n))
    if request.method == "POST":
        sections += _checked(request, case, entry, is_damaged=request.POST.get("do") == "damage")
    where = reverse("bundle_file", kwargs={"case": case.number, "n": newest.n})
    sections += [
        form(
            "web.step.check", forms.Form(), submit="web.check.do", text="web.check.text",
            also=[("damage", Phrase("web.check.damage"))],
        ),
        _which(newest, entry, ("leaving-file", link(where, Phrase("web.bundle.download")))),
        {
            "kind": "told",
            "heading": Phrase("web.check.own"),
            "texts": [Phrase("web.check.own-page"), Phrase("web.check.by-hand")],
        },
    ]  # fmt: skip
    return show(request, title, sections, crumbs=crumbs(case), lead=lead)


def _which(newest: Bundle, entry: Entry, *more: tuple[str, Cell]) -> Section:
    return facts(
        "web.check.which",
        [
            ("when", when(newest.made_at)),
            ("purpose", newest.purpose),
            ("signed-by", _officer_of(entry)),
            ("fingerprint", identifier(entry.key)),
            ("analysis", identifier(newest.analysis_sha256, short=True)),
            *more,
        ],
    )


def _without(case: Case, bundles: Sequence[Bundle], *, acts: bool) -> list[Section]:
    """What there is to do where no bundle is kept: make one, or check the copy that left."""
    given = {"case": case.number}
    if bundles:
        newest = bundles[-1]
        entry = next(unit_desk().ledger.entries(newest.n))
        return [empty("web.check.elsewhere", url=reverse("verify")), _which(newest, entry)]
    if not acts:
        return [empty("web.check.not-made", url=reverse("verify"))]
    if not (queries.traces(case) or queries.studies(case)):
        return [empty("web.check.nothing-yet", url=reverse("money", kwargs=given))]
    return [empty("web.check.to-make", url=reverse("bundle", kwargs=given))]


def _officer_of(entry: Entry) -> str | None:
    return queries.officer_names().get(entry.officer or "")


def _checked(request: HttpRequest, case: Case, entry: Entry, *, is_damaged: bool) -> list[Section]:
    """The verdict on the bundle as it is kept, or on a copy with one other bit."""
    desk = unit_desk()
    folder = desk.workspace.uploads_dir
    folder.mkdir(exist_ok=True)
    kept = kept_bundle(desk, case, entry.n)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        path = Path(name) / "bundle.zip"
        opened = open_kept(desk.ledger, kept, entry.n, lambda: desk.server(request))
        with opened as source, path.open("xb") as copy:
            shutil.copyfileobj(source, copy)
        place = damage(path) if is_damaged else 0
        verdict = check_bundle(path, key=entry.key)
    if not is_damaged:
        said = Phrase("web.check.confirmed", {"officer": _officer_of(entry) or entry.key})
        return verdict_sections(verdict, confirmed=said)
    key = "web.check.damaged-at" if verdict.answer == NOT_INTACT else "web.check.not-found"
    size = grouped(kept.stat().st_size)
    return [note("info", key, place=grouped(place + 1), size=size), *verdict_sections(verdict)]


def damage(path: Path) -> int:
    """Turn one bit in the middle of a file; gives the place of its byte, from 0."""
    with path.open("r+b") as file:
        place = path.stat().st_size // 2
        file.seek(place)
        byte = file.read(1)[0] ^ 1
        file.seek(place)
        file.write(bytes([byte]))
    return place
