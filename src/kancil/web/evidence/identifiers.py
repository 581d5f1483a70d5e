"""The identifiers on a disk: addresses, accounts, numbers and names, each leading to what it is."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.roll import Roll
from kancil.desk.cases.queries import Case, Exhibit
from kancil.desk.evidence.examination import Examination
from kancil.desk.evidence.identifiers import (
    Standing,
    as_on_disk,
    identifiers,
    inputs_of,
    kinds_of,
    rows_on,
    secrets_of,
)
from kancil.desk.jobs.job import Asked
from kancil.desk.studies.material import material_of
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import harmless
from kancil.studies.disk.study import DISK
from kancil.web.cells import (
    Section,
    beginning,
    button,
    form,
    identifier,
    limits,
    link,
    note,
    number,
    show,
    table,
)
from kancil.web.forms import WordsForm
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.studies.result_page import chosen_tab, paged, part_of, said, tabs
from kancil.web.studies.results.recording import start_study
from kancil.web.unit_desk import unit_desk

from .opened import SAMPLE, examination_of, exhibit_of, given, way

_OF = "cases/<str:case>/exhibits/<str:exhibit>/disk/identifiers/"
_PATH_CHARACTERS = 120
_FIRST = ("bitcoin-address", "ethereum-address", "tron-address", "phone-number", "email-address")
"""Kinds that stand before the others."""
_LIMITS = ("identifiers-limit", "identifiers-limit-who", "identifiers-limit-read")


class PlaceForm(WordsForm):
    """The identifier whose places are to be recorded."""

    value = forms.CharField(max_length=2_000, widget=forms.HiddenInput())


@page(_OF, "disk_identifiers", may=EVERYONE, of="case", sample=SAMPLE)
def disk_identifiers(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """The identifiers of one kind on a disk; with `value`: where one of them stands."""
    held = exhibit_of(case, exhibit)
    opened = examination_of(request, held)
    title = Phrase("web.disk.identifiers")
    here = (reverse("disk_identifiers", kwargs=given(case, held)), title)
    if "value" in request.GET:
        value = request.GET["value"][:2_000]
        return show(
            request, Phrase("web.identifiers.of", {"value": value}),
            _places(request, case, held, opened, value), crumbs=way(case, held, here),
            buttons=[button(_found(value), "web.identifiers.held", main=True)],
        )  # fmt: skip
    counts = kinds_of(opened)
    kinds = sorted(counts, key=lambda each: (each not in _FIRST, _FIRST.index(each)
                                             if each in _FIRST else 0, each))  # fmt: skip
    told = Phrase("web.identifiers.answer", {
        "count": grouped(sum(counts.values())), "exhibit": f"E{held.number}"})  # fmt: skip
    sections: list[Section] = [said([told]), *_secrets(case, held, opened)]
    if kinds:
        kind = chosen_tab(request, kinds)
        names = {each: Phrase(f"name.selector-{each}") for each in kinds}
        sections += [tabs(names, counts, kind), _rows(request, opened, kind)]
    bound = limits([Phrase(f"web.{each}") for each in _LIMITS])
    return show(request, title, [*sections, bound], crumbs=way(case, held))


def _secrets(case: Case, held: Exhibit, opened: Examination) -> list[Section]:
    """That private keys or seed phrases were found, in which files, and what to do now."""
    found = secrets_of(opened)
    if not found:
        return []
    warned = note("danger", "web.identifiers.secrets", count=grouped(found.total()))
    files = reverse("disk_files", kwargs=given(case, held))
    paths = opened.entries["path"]
    rows: list[tuple[Cell, ...]] = [
        (
            Phrase(f"name.secret-{kind}"),
            link(f"{files}{entry}/", beginning(harmless(paths[entry - 1].as_py()),
                                               _PATH_CHARACTERS)),
            number(count),
        )
        for (entry, kind), count in sorted(found.items())[:50]
    ]  # fmt: skip
    shown = table("web.identifiers.secret-files", ("kind", "file", "places>"), rows)
    return [warned, note("info", "web.identifiers.secret-steps"), shown]


def _rows(request: HttpRequest, opened: Examination, kind: str) -> Section:
    every = identifiers(opened, kind)
    part = part_of(request, every)
    paths = opened.entries["path"]

    def row(each: Standing) -> tuple[Cell, ...]:
        first = beginning(harmless(paths[each.number - 1].as_py()), _PATH_CHARACTERS)
        here = "?" + urlencode({"value": each.value})
        return identifier(each.value, _found(each.value)), link(here, grouped(each.places)), first

    shown = table("web.disk.identifiers", ("identifier", "places", "first-file"),
                  [row(each) for each in part.object_list])  # fmt: skip
    return paged(shown, part, kind)


def _found(value: str) -> str:
    """What the unit holds of an identifier: the money graph, labels, cases of whoever looks."""
    return f"{reverse('find')}?{urlencode({'q': value})}"


def _places(
    request: HttpRequest, case: Case, held: Exhibit, opened: Examination, value: str
) -> list[Section]:
    """Where an identifier stands on the disk, and having that recorded."""
    selector = as_on_disk(opened, value)
    rows = rows_on(opened, selector)
    told = {"exhibit": f"E{held.number}", "value": value, "places": grouped(len(rows)),
            "files": grouped(len(set(rows["number"].to_pylist())))}  # fmt: skip
    if not len(rows):
        return [said([Phrase("study.disk-no-place", told)])]
    part = part_of(request, range(len(rows)))
    files = reverse("disk_files", kwargs=given(case, held))
    paths = opened.entries["path"]
    cells: list[tuple[Cell, ...]] = [
        (
            link(f"{files}{row['number']}/", beginning(harmless(paths[row["number"] - 1].as_py()),
                                                       _PATH_CHARACTERS)),
            number(row["offset"]),
            Phrase(f"name.coded-{row['coded']}"),
        )
        for row in rows.slice(max(part.start_index() - 1, 0), part.paginator.per_page).to_pylist()
    ]  # fmt: skip
    shown = table("table.places", ("file", "offset>", "coded"), cells)
    sections = [
        said([Phrase("study.disk-places", told), Phrase(f"name.selector-{selector.kind}")]),
        paged(shown, part, "", urlencode({"value": value}) + "&"),
    ]
    if person_of(request).acts:
        action = reverse("disk_identifier_record", kwargs=given(case, held))
        asked = PlaceForm(initial={"value": value})
        sections.append(form("web.identifiers.record", asked, submit="web.identifiers.record-do",
                             text="web.identifiers.record-text", action=action))  # fmt: skip
    return [*sections, limits([Phrase("web.identifiers-limit-who")])]


@page(
    f"{_OF}record/", "disk_identifier_record", may=ACTING, of="case", methods=("POST",),
    sample=SAMPLE,
)  # fmt: skip
def disk_identifier_record(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Have the places of an identifier recorded in the case, as a background job."""
    held, desk = exhibit_of(case, exhibit), unit_desk()
    opened = examination_of(request, held)
    asked = PlaceForm(request.POST)
    here = reverse("disk_identifiers", kwargs=given(case, held))
    if not asked.is_valid():
        return redirect(here)
    selector = as_on_disk(opened, asked.cleaned_data["value"])
    row = desk.ledger.folded(Roll).exhibit(ExhibitId(held.id))
    parameters = DISK.ask(material_of(desk.workspace), {
        "exhibit": row.label, "inputs": inputs_of(desk.vault, row),
        "kind": selector.kind, "value": selector.value,
    })  # fmt: skip
    who = Asked(person_of(request), how_authenticated(request), CaseId(case.id))
    return redirect("task", task=start_study(desk, who, DISK, parameters))
