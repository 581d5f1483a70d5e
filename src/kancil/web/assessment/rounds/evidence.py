"""Evidence of a round: what there is, what rests on it, and its files.

Interviews are pages of their own; here is no word of one to whoever may not read it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.assessment.protocol import Grade, Protocol, Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.evidence import (
    KINDS,
    File,
    add_evidence,
    bring_file,
    show_evidence,
    withhold_evidence,
)
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.queries.evidence import (
    EvidenceRow,
    evidence,
    evidence_item,
    open_evidence,
)
from kancil.desk.assessment.rows import INTERVIEW, OF_EXTRACTS
from kancil.desk.assessment.stored import MOST_MEGABYTES, store_of
from kancil.desk.base.opening import current_workspace
from kancil.evidence.vault import Vault
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.assessment.site.protocols import code_of, said
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    form,
    identifier,
    link,
    minute,
    note,
    shortened,
    show,
    table,
    tag,
)
from kancil.web.forms import WordsForm, choose, day, text
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell
from kancil.web.programme_page import ANSWERING, READING, page
from kancil.web.signed_in import person_of

from .given import address_of, interview_name
from .rounds import way

_MOST_SHOWN = 4
"""Questions named in a cell."""


def grades_of(protocols: tuple[Protocol, ...]) -> dict[str, Grade]:
    """The grades of a round's protocols by id; where several have one, as the first says."""
    found: dict[str, Grade] = {}
    for each in protocols:
        for id, grade in each.grades.items():
            found.setdefault(id, grade)
    return found


class EvidenceForm(WordsForm):
    """A new item of evidence, with its file or without."""

    evidence_title = text(300)
    evidence_kind = forms.ChoiceField(choices=())
    grade = forms.ChoiceField(choices=())
    reference = text(500, required=False)
    evidence_dated = day()
    evidence_file = forms.FileField(required=False, max_length=1000)

    def __init__(self, *args: Any, grades: dict[str, Grade], **kwargs: Any) -> None:
        """Offer kinds, and the grades that are not of interviews alone."""
        super().__init__(*args, **kwargs)
        # Nothing is chosen before somebody chooses: the first grade is the best.
        none = ("", words("web.form.choose"))
        kinds = [(name, words(f"web.evidence.kind-{name}")) for name in KINDS]
        choose(self, "evidence_kind", [none, *kinds])
        own = {id: each for id, each in grades.items() if not each.interview} or grades
        choose(self, "grade", [none, *((id, said(each.label)) for id, each in own.items())])
        most = words("web.hint.evidence-file", megabytes=MOST_MEGABYTES)
        self.fields["evidence_file"].help_text = most
        self.fields["evidence_file"].error_messages["empty"] = words("web.evidence.file-empty")


class WithholdForm(WordsForm):
    """Why an item is withheld from what leaves the site."""

    withheld_reason = text(300)


class FileForm(WordsForm):
    """The file of an item that came without it."""

    evidence_file = forms.FileField(max_length=1000)


def site_store() -> Vault:
    """The store of this site."""
    return store_of(current_workspace())


@page("rounds/<str:round>/evidence/", "evidence", may=READING, of="round", menu="round", order=40)
def all_evidence(request: HttpRequest, sight: Sight) -> HttpResponse:
    """All evidence of a round, by grade."""
    protocols = protocols_in(sight)
    rows = evidence(sight)
    shown = [row for row in rows if row.is_shown]
    hidden = [row for row in rows if not row.is_shown and row.item.kind != INTERVIEW]
    sections: list[Section] = []
    if hidden:
        sections.append(note("info", "web.evidence.hidden", count=len(hidden)))
    if shown:
        told = [_row(sight, row, protocols) for row in shown]
        columns = ("evidence", "grade", "kind", "dated", "sha256", "rests-here", "state")
        sections.append(table("web.room.evidence", columns, told))
    else:
        sections.append(empty("web.evidence.nothing", url=_new(sight) if _may_add(sight) else ""))
    buttons = [button(_new(sight), "web.evidence.add", main=True)] if _may_add(sight) else []
    if sight.may_hold_interviews:
        there = reverse("interviews", kwargs={"round": sight.round})
        buttons.append(button(there, "web.room.interviews"))
    shown_here = {
        "title": Phrase("web.room.evidence"),
        "sections": sections,
        "shape": "listed",
        "crumbs": way(sight),
        "buttons": buttons,
    }
    return render(request, "kancil/round.html", shown_here)


def _may_add(sight: Sight) -> bool:
    return sight.may_answer and sight.is_open


def _new(sight: Sight) -> str:
    return reverse("evidence_new", kwargs={"round": sight.round})


def _grade(protocols: tuple[Protocol, ...], row: EvidenceRow) -> str:
    """Name an item's grade: of a piece of law as the provisions' protocol does, else as others."""
    is_law = row.item.kind in OF_EXTRACTS
    ordered = sorted(protocols, key=lambda each: (each.shape is Shape.PROVISIONS) is not is_law)
    grade = grades_of(tuple(ordered)).get(row.item.grade)
    return said(grade.label) if grade else row.item.grade


def _row(sight: Sight, row: EvidenceRow, protocols: tuple[Protocol, ...]) -> tuple[Cell, ...]:
    there = reverse("evidence_item", kwargs={"round": sight.round, "item": row.item.id})
    rests = list(dict.fromkeys(place[1] for place in row.used_by))
    named = ", ".join(rests[:_MOST_SHOWN])
    if len(rests) > _MOST_SHOWN:
        named = words("web.evidence.and-more", named=named, more=len(rests) - _MOST_SHOWN)
    return (
        link(there, interview_name(row.item)),
        _grade(protocols, row),
        Phrase(f"web.evidence.kind-{row.item.kind}"),
        row.item.dated.isoformat() if row.item.dated else "–",
        identifier(row.item.sha256, short=True) if row.item.sha256 else "–",
        named or "–",
        _state(row),
    )


def _state(row: EvidenceRow) -> Cell:
    if row.item.kind == INTERVIEW:
        return tag("sealed", "web.evidence.in-confidence")
    if row.withheld:
        return tag("sealed", "web.evidence.withheld")
    return tag("intact", "web.evidence.open")


@page(
    "rounds/<str:round>/evidence/new/", "evidence_new", may=ANSWERING, of="round",
    methods=("GET", "POST"), body_bytes=FILE_FORM_BYTES,
)  # fmt: skip
def evidence_new(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Add an item of evidence; back to the question from which one came."""
    grades = grades_of(protocols_in(sight))
    asked = EvidenceForm(request.POST or None, request.FILES or None, grades=grades)
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        sent = given["evidence_file"]
        with asked.telling("evidence_file" if sent else None):
            add_evidence(
                by=person_of(request),
                round=sight.round,
                grade=given["grade"],
                kind=given["evidence_kind"],
                title=given["evidence_title"],
                reference=given["reference"],
                dated=given["evidence_dated"],
                file=File(site_store(), sent, sent.name) if sent else None,
                question=_question(request, sight),
            )
            messages.success(request, words("web.evidence.added", title=given["evidence_title"]))
            return redirect(_back(request, sight))
    sections = [form("web.evidence.add", asked, submit="web.evidence.add",
                     text="web.evidence.add-text")]  # fmt: skip
    return show(request, Phrase("web.evidence.add"), sections, crumbs=_way(sight))


def _back(request: HttpRequest, sight: Sight) -> str:
    """The question from which one came, if there is such a one; else the list."""
    question = _question(request, sight)
    if question is not None:
        return address_of(sight, *question)
    return reverse("evidence", kwargs={"round": sight.round})


def _question(request: HttpRequest, sight: Sight) -> tuple[str, str] | None:
    """Protocol and indicator that the address names, if the round asks them."""
    name, indicator = request.GET.get("protocol", ""), request.GET.get("indicator", "")
    asked = next((each for each in protocols_in(sight) if each.name == name), None)
    return (name, indicator) if asked is not None and indicator in asked.indicators else None


def _way(sight: Sight) -> list[dict[str, Any]]:
    there = reverse("evidence", kwargs={"round": sight.round})
    return [*way(sight), {"url": there, "name": Phrase("web.room.evidence")}]


@page("rounds/<str:round>/evidence/<str:item>/", "evidence_item", may=READING, of="round")
def one_item(request: HttpRequest, sight: Sight, item: str) -> HttpResponse:
    """One item: what it is, what rests on it, and whether it is withheld."""
    return _item(request, sight, evidence_item(sight, item), WithholdForm(), FileForm())


@page(
    "rounds/<str:round>/evidence/<str:item>/<str:act>/", "evidence_act", may=ANSWERING, of="round",
    methods=("POST",), body_bytes=FILE_FORM_BYTES,
)  # fmt: skip
def item_act(request: HttpRequest, sight: Sight, item: str, act: str) -> HttpResponseBase:
    """Withhold an item, show it again, or bring its file."""
    row = evidence_item(sight, item)
    about: dict[str, Any] = {
        "by": person_of(request), "round": sight.round, "evidence": row.item.id,
    }  # fmt: skip
    withholding = WithholdForm(request.POST if act == "withhold" else None)
    bringing = FileForm(
        request.POST if act == "bring" else None, request.FILES if act == "bring" else None
    )
    there = redirect("evidence_item", round=sight.round, item=row.item.id)
    if act == "show":
        show_evidence(**about)
        return there
    if withholding.is_bound and withholding.is_valid():
        with withholding.telling("withheld_reason"):
            withhold_evidence(**about, reason=withholding.cleaned_data["withheld_reason"])
            return there
    if bringing.is_bound and bringing.is_valid():
        sent = bringing.cleaned_data["evidence_file"]
        with bringing.telling("evidence_file"):
            bring_file(**about, file=File(site_store(), sent, sent.name))
            return there
    return _item(request, sight, row, withholding, bringing)


def _item(
    request: HttpRequest,
    sight: Sight,
    row: EvidenceRow,
    withholding: WithholdForm,
    bringing: FileForm,
) -> HttpResponse:
    sections = [_facts(sight, row), *_rests(sight, row)]
    if sight.may_answer and row.item.kind != INTERVIEW:
        sections += _acts(sight, row, withholding, bringing)
    buttons = []
    if row.size_bytes is not None:
        there = reverse("evidence_file", kwargs={"round": sight.round, "item": row.item.id})
        buttons.append(button(there, "web.evidence.download", main=True))
    title = Phrase("web.evidence.title", {"title": interview_name(row.item)})
    return show(request, title, sections, crumbs=_way(sight), buttons=buttons)


def _facts(sight: Sight, row: EvidenceRow) -> Section:
    told: list[tuple[str, Cell]] = [
        ("grade", _grade(protocols_in(sight), row)),
        ("kind", Phrase(f"web.evidence.kind-{row.item.kind}")),
        ("reference", row.item.reference or "–"),
        ("dated", row.item.dated.isoformat() if row.item.dated else "–"),
        ("state", _state(row)),
    ]
    if row.withheld:
        told.append(("why-withheld", row.withheld))
    if row.item.sha256:
        told.append(("sha256", identifier(row.item.sha256)))
    if row.file_name:
        told.append(("file", row.file_name))
    if row.added_by:
        told.append(("added-by", row.added_by))
    if row.added_at:
        told.append(("added-at", minute(row.added_at)))
    if row.item.interview:
        given = {"round": sight.round, "interview": row.item.interview}
        told.append(("interview", link(reverse("interview", kwargs=given),
                                       Phrase("web.evidence.read-interview"))))  # fmt: skip
    return facts("web.evidence.about", told)


def _rests(sight: Sight, row: EvidenceRow) -> list[Section]:
    asked = {each.name: each for each in protocols_in(sight)}
    rows: list[tuple[Cell, ...]] = [
        (
            link(address_of(sight, name, indicator), code_of(asked[name], indicator)),
            said(asked[name].indicators[indicator].question),
            said(asked[name].title),
        )
        for name, indicator in row.used_by
        if name in asked and indicator in asked[name].indicators
    ]
    if not rows:
        return [note("info", "web.evidence.unused")]
    return shortened(table("web.evidence.rests", ("number", "question", "protocol"), rows))


def _acts(
    sight: Sight, row: EvidenceRow, withholding: WithholdForm, bringing: FileForm
) -> list[Section]:
    found: list[Section] = []
    if row.item.sha256 and row.size_bytes is None and row.item.kind not in OF_EXTRACTS:
        found.append(_act(sight, row, "bring", bringing))
    if row.withheld:
        found.append(_act(sight, row, "show", WordsForm()))
    elif row.item.kind in OF_EXTRACTS:
        found.append(note("info", "web.evidence.law-public"))
    else:
        found.append(_act(sight, row, "withhold", withholding))
    return found


def _act(sight: Sight, row: EvidenceRow, act: str, fields: WordsForm) -> Section:
    given = {"round": sight.round, "item": row.item.id, "act": act}
    key = f"web.evidence.{act}"
    return form(key, fields, submit=key, text=f"{key}-text",
                action=reverse("evidence_act", kwargs=given))  # fmt: skip


@page("rounds/<str:round>/evidence/<str:item>/file/", "evidence_file", may=READING, of="round")
def evidence_file(request: HttpRequest, sight: Sight, item: str) -> FileResponse:
    """Send an item's file, checked, to whoever sees the item whole; never shown in the browser."""
    row, stream = open_evidence(sight, site_store(), item)
    return FileResponse(
        stream,
        as_attachment=True,
        filename=row.file_name or f"{(row.item.sha256 or '')[:16]}.bin",
        content_type="application/octet-stream",
    )
