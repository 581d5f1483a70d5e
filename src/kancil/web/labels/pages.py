"""Label sources: what was imported, from whom and under whose law; each row an allegation.

A file that is sent lies under the id of the task that reads it; the import itself runs behind the
pages (`kancil.desk.studies.jobs.labels`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.labels.errors import LabelFileTooLarge
from kancil.bitcoin.labels.label_format import MAX_FILE_BYTES
from kancil.bitcoin.labels.labels import names_publisher
from kancil.bitcoin.labels.store import refuse_own_name
from kancil.bitcoin.network import NETWORKS
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.cases.queries import cases as cases_of
from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.uploads import remove_sent, sent_for
from kancil.desk.people.queries import Person, case_ids_of
from kancil.desk.studies.jobs.labels import import_labels
from kancil.desk.studies.own_chains import (
    keeps_shared,
    lab_network,
    own_chain,
    require_shared,
)
from kancil.desk.studies.queries import LabelShelf, LabelSource, label_shelf, labels_part
from kancil.ground.clock import now
from kancil.ground.errors import KancilError
from kancil.ground.files import plain_name
from kancil.ground.ids import new_id
from kancil.ground.phrase import Phrase
from kancil.ground.units import few, grouped
from kancil.ground.words import render as words
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    form,
    identifier,
    link,
    note,
    number,
    show,
    table,
    tag,
)
from kancil.web.forms import WordsForm, choose, text
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.unit_desk import UnitDesk, unit_desk

from .tagging import withdrawal

PAGE_ROWS = 50
SHOWN_CONFLICTS = 50
BEGINNING_BYTES = 1 << 16
"""Of a file, by which it is told whether it names its publisher."""


@page("labels/", "labels", may=EVERYONE, menu="site", order=22)
def labels(request: HttpRequest) -> HttpResponse:
    """The label sources of the unit, and where they contradict each other."""
    shelf = label_shelf(unit_desk().workspace)
    add = reverse("labels_new")
    acts = _may_import(person_of(request))
    buttons = [button(add, "web.labels.import", main=True)] if acts else []
    if not shelf.sources:
        nothing = empty("web.labels.empty", url=add if acts else "")
        return show(request, Phrase("web.room.labels"), [nothing])
    columns = ("publisher", "law", "listed", "fetched", "licence", "labels>", "conflicts>", "file",
               "status")  # fmt: skip
    sections: list[Section] = [
        note("warn", "note.label-allegation"),
        {
            **table("web.labels.sources", columns, [_row(each) for each in shelf.sources]),
            "scroll": True,
        },
    ]
    if shelf.conflicts:
        sections += _conflicts(shelf)
    return show(request, Phrase("web.room.labels"), sections, buttons=buttons)


def _row(source: LabelSource) -> tuple[Any, ...]:
    stored = source.stored
    return (
        _names(source.publishers),
        _names(source.laws),
        _listed(source),
        stored.given["fetched_on"] or Phrase("note.not-stated"),
        _names(source.licences),
        number(stored.label_count),
        number(source.conflicts),
        link(reverse("label_source", kwargs={"source": stored.id}), stored.file_name),
        Phrase("web.tag.withdrawn") if stored.is_withdrawn else "",
    )


def _names(names: tuple[str, ...]) -> Phrase | str:
    return few(names, 3) or Phrase("note.not-stated")


def _listed(source: LabelSource) -> Phrase | str:
    """From when to when the publisher listed what is in it."""
    if source.first_listed is None or source.last_listed is None:
        return Phrase("web.labels.undated")
    told = " – ".join(dict.fromkeys((source.first_listed, source.last_listed)))
    if not source.undated:
        return told
    return Phrase("web.labels.some-undated", {"days": told, "count": grouped(source.undated)})


def _conflicts(shelf: LabelShelf) -> list[Section]:
    """Show addresses on which labels do not agree; which is right is not for Kancil to say."""
    rows = [
        (
            identifier(conflict.address, short=True),
            "; ".join(
                dict.fromkeys(
                    f"{label.publisher}: {label.label}"
                    + (f" ({label.category or label.published_category})" if label.category
                       or label.published_category else "")
                    for label in conflict.labels
                )
            ),
            ", ".join(words(f"web.differs.{each}") for each in conflict.on),
        )
        for conflict in shelf.conflicts[:SHOWN_CONFLICTS]
    ]  # fmt: skip
    columns = ("address", "labels-say", "differ-in")
    found = [table("web.labels.conflicts", columns, rows)]
    if len(shelf.conflicts) > SHOWN_CONFLICTS:
        more = grouped(len(shelf.conflicts) - SHOWN_CONFLICTS)
        found.append(note("info", "web.labels.more-conflicts", count=more))
    return found


class LabelsForm(WordsForm):
    """A publisher's file, and what it does not say of itself."""

    label_file = forms.FileField(max_length=4096)
    publisher = text(200, required=False)
    law = text(200, required=False)
    licence = text(200, required=False)
    label_source = text(300, required=False)
    fetched_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    network = forms.ChoiceField(choices=[(name, name) for name in NETWORKS])
    labels_for = forms.ChoiceField(choices=(), required=False)

    def __init__(
        self, own: list[tuple[str, str]], *args: Any, held: tuple[str, bytes] | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """`own`: for which case's blockchain alone they can be, with its name for people.

        `held`: name and beginning of the file where none is to be sent.
        """
        super().__init__(*args, **kwargs)
        self._held = held
        if held is not None:
            del self.fields["label_file"]
        if own:
            choose(self, "labels_for", own)
        else:
            del self.fields["labels_for"]

    def clean_fetched_on(self) -> Any:
        """Refuse a day that has not come."""
        day = self.cleaned_data["fetched_on"]
        if day is not None and day > now().date() + timedelta(days=1):
            raise forms.ValidationError(words("note.not-yet"))
        return day

    def clean_publisher(self) -> str:
        """Refuse the unit's own name: what it says itself is a tag."""
        publisher = str(self.cleaned_data["publisher"]).strip()
        with self.telling("publisher"):
            refuse_own_name([publisher], unit_desk().workspace.unit.name)
        return publisher

    def clean(self) -> dict[str, Any]:
        """Refuse a file that does not say who speaks, where the officer does not either."""
        given = super().clean() or {}
        sent, held = given.get("label_file"), self._held
        if sent is not None:
            held = plain_name(str(sent.name or "")), sent.read(BEGINNING_BYTES)
            sent.seek(0)
        is_open = held is not None and not given.get("publisher") and not self.errors
        if held is not None and is_open and not names_publisher(*held):
            self.add_error("publisher", words("web.labels.publisher-needed"))
        return given


@page(
    "labels/import/",
    "labels_new",
    may=ACTING,
    methods=("GET", "POST"),
    body_bytes=FILE_FORM_BYTES,
)
def labels_new(request: HttpRequest) -> HttpResponse:
    """Send a label file; it is read behind the pages."""
    person = person_of(request)
    cases = _own_cases(person)
    if not cases:
        require_shared(person)
    start = {"network": lab_network(cases[0].id)} if cases else {}
    own = [
        (own_chain(unit_desk().workspace, each), f"C{each.number} {each.title}") for each in cases
    ]
    asked = LabelsForm(own, request.POST or None, request.FILES or None, initial=start)
    if request.method == "POST" and asked.is_valid():
        desk = unit_desk()
        with asked.telling("label_file"):
            sent = asked.cleaned_data["label_file"]
            return redirect(
                "task", task=ask_import(request, asked, lambda task: _keep(desk, task, sent))
            )
    sections = [
        form("web.labels.import", asked, submit="web.labels.import", text="web.labels.text")
    ]
    way = [{"url": reverse("labels"), "name": Phrase("web.room.labels")}]
    return show(request, Phrase("web.labels.import"), sections, crumbs=way)


def ask_import(request: HttpRequest, asked: LabelsForm, keep: Callable[[str], str]) -> str:
    """Ask for an import behind the pages; give the task's id.

    `keep`: lays the file where the task of that id finds it, and gives its plain name.
    """
    given, task = asked.cleaned_data, new_id()
    name, day = keep(task), given["fetched_on"]
    who = Asked(person_of(request), how_authenticated(request), None, task)
    try:
        import_labels.by(who).enqueue(
            file=name,
            fetched_on=None if day is None else day.isoformat(),
            publisher=given["publisher"].strip(),
            law=given["law"].strip(),
            licence=given["licence"].strip(),
            source=given["label_source"].strip(),
            network=given["network"],
            chain=given.get("labels_for", ""),
        )
    except KancilError:
        remove_sent(unit_desk().workspace, task)
        raise
    return task


def _own_cases(person: Person) -> list[Case]:
    """The cases for whose blockchain alone a trainee imports labels; the newest in front."""
    return [] if keeps_shared(person) else cases_of(case_ids_of(person))


def _may_import(person: Person) -> bool:
    """Whether there is something to import labels for: a trainee has their own cases alone."""
    return person.acts and (keeps_shared(person) or bool(_own_cases(person)))


def _keep(desk: UnitDesk, task: str, sent: UploadedFile[Any]) -> str:
    """Lay a file that was sent where its task finds it; raises LabelFileTooLarge."""
    name = plain_name(str(sent.name or ""))
    if (sent.size or 0) > MAX_FILE_BYTES:
        raise LabelFileTooLarge(path=name, limit_bytes=MAX_FILE_BYTES)
    folder = sent_for(desk.workspace, task)
    folder.mkdir(parents=True)
    try:
        _write(folder / name, sent)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return name


def _write(path: Path, sent: UploadedFile[Any]) -> None:
    with path.open("xb") as file:
        for chunk in sent.chunks(1 << 20):
            file.write(chunk)


class SearchForm(WordsForm):
    """A text that occurs in a label."""

    label_search = text(100, required=False)


@page("labels/<str:source>/", "label_source", may=EVERYONE)
def label_source(request: HttpRequest, source: str) -> HttpResponse:
    """One source: what was stated of it, and its labels, part by part."""
    shelf = label_shelf(unit_desk().workspace)
    found = next((each for each in shelf.sources if each.stored.id == source), None)
    if found is None:
        raise PageNotFound
    stored, unstated = found.stored, Phrase("note.not-stated")
    asked = request.GET.get("label_search", "").strip()[:100]
    rows = shelf.tables[stored.id]
    part = Paginator(range(labels_part(rows, asked, 0, 0).found), PAGE_ROWS).get_page(
        request.GET.get("page")
    )
    shown = labels_part(rows, asked, max(0, part.start_index() - 1), PAGE_ROWS)
    told = [
        ("publisher", _names(found.publishers)),
        ("law", _names(found.laws)),
        ("listed", _listed(found)),
        ("fetched", stored.given["fetched_on"] or unstated),
        ("licence", _names(found.licences)),
        ("got-from", stored.given["source"] or unstated),
        ("format", stored.format),
        ("network", stored.network),
        ("sha256", identifier(stored.file_sha256)),
        ("labels", number(stored.label_count)),
        ("of-bitcoin", number(stored.bitcoin_count)),
        ("conflicts", number(found.conflicts)),
        ("skipped", number(sum(stored.skipped_codes.values()))),
    ]
    sections: list[Section] = [
        note("warn", "note.label-allegation"),
        facts("web.labels.what", told),
        {
            "kind": "asking",
            "heading": Phrase("web.labels.search"),
            "form": SearchForm({"label_search": asked}),
            "submit": Phrase("web.labels.search"),
        },
    ]
    if part.paginator.count:
        query = f"label_search={quote(asked)}&" if asked else ""
        sections.append({**_table(shown.rows), "pages": part, "scroll": True, "query": query})
    else:
        sections.append(note("info", "web.labels.nothing", asked=asked))
    sections = withdrawal(request, stored) + sections
    way = [{"url": reverse("labels"), "name": Phrase("web.room.labels")}]
    title = Phrase("web.labels.title", {"file": stored.file_name})
    return show(request, title, sections, crumbs=way)


def _table(rows: tuple[dict[str, Any], ...]) -> Section:
    unstated = Phrase("note.not-stated")
    columns = (
        "address", "currency", "label", "category", "publisher", "law", "listed", "confidence",
        "place",
    )  # fmt: skip
    return table(
        "web.labels.rows",
        columns,
        [
            (
                identifier(row["address"], short=True),
                row["currency"],
                row["label"],
                tag(
                    "danger" if row["law"] else "service",
                    "web.label.category",
                    category=row["category"] or row["published_category"] or row["label"],
                ),
                row["publisher"],
                row["law"] or unstated,
                row["listed_on"].isoformat() if row["listed_on"] else unstated,
                row["confidence"] or unstated,
                row["place"],
            )
            for row in rows
        ],
    )
