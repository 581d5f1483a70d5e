"""Words looked for on the examined disks of a case, with what stands around them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.cases.queries import Case
from kancil.desk.evidence.files import Wanted
from kancil.desk.evidence.search import Searched, search
from kancil.desk.evidence.timeline import Line, lines_of
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import harmless
from kancil.ground.words import render as words
from kancil.web.cases.pages import crumbs
from kancil.web.cells import Section, beginning, empty, folded_form, limits, link, show, table
from kancil.web.forms import WordsForm, choose, day, text
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell, Marked
from kancil.web.studies.result_page import said
from kancil.web.unit_desk import unit_desk

from .files import first_ns

MOST_SHOWN = 50
_PATH_CHARACTERS = 120


class SearchForm(WordsForm):
    """What is looked for, and where."""

    disk_words = text(1_000)
    on_disk = forms.ChoiceField(choices=(), required=False)
    kind = forms.ChoiceField(choices=(), required=False)
    under = text(1_000, required=False)
    modified_since = day()
    modified_until = day()

    def __init__(self, lines: list[Line], *args: Any, **kwargs: Any) -> None:
        """Offer the disks of the case, and the kinds of files on them."""
        super().__init__(*args, **kwargs)
        every = ("", words("web.disk.all"))
        disks = [
            (each.exhibit.label, f"{each.exhibit.label} {each.exhibit.title}") for each in lines
        ]
        choose(self, "on_disk", [every, *disks])
        kinds = {kind for each in lines for kind in each.examination.kinds[0]}
        named = sorted(((one, words(f"thing.file-{one}")) for one in kinds), key=lambda one: one[1])
        choose(self, "kind", [every, *named])

    def wanted(self) -> Wanted:
        """Which files are looked through."""
        asked = self.cleaned_data
        until = asked.get("modified_until")
        return Wanted(
            "", asked.get("kind") or "", "", first_ns(asked.get("modified_since")),
            first_ns(until + timedelta(days=1) if until else None),
        )  # fmt: skip


@page("cases/<str:case>/disk-search/", "disk_search", may=EVERYONE, of="case")
def disk_search(request: HttpRequest, case: Case) -> HttpResponse:
    """The texts of the case's disks in which words stand."""
    desk = unit_desk()
    lines = lines_of(
        desk.ledger, desk.vault, desk.workspace.triage_dir, case.id, desk.reading(request)
    )
    title = Phrase("web.room.disk-search")
    if not lines:
        url = reverse("exhibits", kwargs={"case": case.number})
        return show(request, title, [empty("web.timeline.empty", url=url)], crumbs=crumbs(case))
    asked = SearchForm(lines, request.GET or None)
    form = folded_form("web.disk-search.find", asked, submit="web.disk-search.do")
    form["is_open"] = True
    sections: list[Section] = [form]
    if asked.is_bound and asked.is_valid():
        sections += _answer(case, lines, asked)
    bound = limits([Phrase("web.disk-search-limit"), Phrase("web.disk-search-limit-pictures")])
    return show(request, title, [*sections, bound], crumbs=crumbs(case))


def _answer(case: Case, lines: list[Line], asked: SearchForm) -> list[Section]:
    given = asked.cleaned_data
    chosen = [each for each in lines if given["on_disk"] in ("", each.exhibit.label)]
    found: list[Searched] = []
    with asked.telling("disk_words"):
        found = search(chosen, given["disk_words"], asked.wanted(), given["under"], MOST_SHOWN)
    if asked.errors:
        return []
    told = {"total": grouped(sum(each.total for each in found)), "disks": grouped(len(found))}
    return [
        said([Phrase("web.disk-search.answer", told)]),
        *(_disk(case, each) for each in found if each.total),
    ]


def _disk(case: Case, found: Searched) -> Section:
    exhibit = found.line.exhibit
    told = {"disk": exhibit.label, "title": exhibit.title, "shown": grouped(len(found.hits)),
            "total": grouped(found.total)}  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            link(
                reverse("disk_file", kwargs={"case": case.number, "exhibit": exhibit.number,
                                             "entry": hit.number}),
                beginning(harmless(hit.path), _PATH_CHARACTERS),
            ),
            Marked(tuple(harmless(each) for each in hit.snippet)),
        )
        for hit in found.hits
    ]  # fmt: skip
    shown = table("web.disk-search.found", ("file", "text"), rows)
    shown["heading"] = Phrase("web.disk-search.on-disk", told)
    return shown
