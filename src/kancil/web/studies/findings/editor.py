"""The finding editor: read a finding in full, keep it as a draft, accept it with one's own key.

A draft is the desk's alone. Whoever saves after somebody else is shown both wordings, and nothing
is written until they have seen both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.acting import ActingOfficer
from kancil.desk.cases import queries
from kancil.desk.cases.actions import accept_finding
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.studies.accepted import Accepted
from kancil.desk.studies.actions import (
    accept_draft,
    begin_draft,
    save_draft,
    set_draft_aside,
    take_draft_up,
)
from kancil.desk.studies.queries import (
    DraftState,
    FindingDraftRead,
    SavedWording,
    Wording,
    draft_versions,
    read_draft,
)
from kancil.desk.studies.recorded import first_supporting
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.studies.errors import FindingNotSupported
from kancil.studies.findings import CLASSES
from kancil.studies.members import study_named
from kancil.web.cases.pages import crumbs
from kancil.web.cells import Section, facts, form, link, note, number, show, table, tag, when
from kancil.web.confirming import ask_who, factor_note
from kancil.web.forms import WordsForm, label_of
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.studies.findings.also_made import make_also, offer_also
from kancil.web.studies.findings.basis import (
    MOST_NUMBER,
    STUDY_SAMPLE,
    Basis,
    FindingForm,
    TraceBasis,
    bases_of,
    choice_of,
    draft_title,
    sentences_of,
    study_of,
)
from kancil.web.studies.recorded import TRACE_SAMPLE, trace_of
from kancil.web.unit_desk import unit_desk

_SAMPLE = {"draft": 1}


def _initial(wording: Wording, version: int) -> dict[str, Any]:
    return {
        "finding_class": choice_of(wording),
        "row": wording.row,
        "label_number": wording.label_number,
        "remark": wording.remark,
        "version": version,
    }


@page(
    "cases/<str:case>/money/<str:trace>/finding/", "finding_new", may=ACTING, of="case",
    methods=("GET", "POST"), sample=TRACE_SAMPLE,
)  # fmt: skip
def finding_new(request: HttpRequest, case: Case, trace: str) -> HttpResponse:
    """Begin a finding of a row of a trace; accept it at once, or keep it as a draft."""
    basis = TraceBasis(case, trace_of(case, trace))
    row, label = _number(request.GET.get("row"), 1), _number(request.GET.get("label"), 0)
    wording = Wording(basis.id, "policy-result", row, 1, "")
    if label:
        wording = replace(wording, finding_class="attribution", label_number=label)
    elif request.GET.get("class") in CLASSES:
        wording = replace(wording, finding_class=request.GET["class"])
    is_chosen = bool(label or request.GET.get("class"))
    first = {"finding_class": choice_of(wording)} if is_chosen else {}
    asked = basis.form(request.POST or None, initial={"row": row, **first})
    return _begin(request, case, basis, asked, wording)


def _number(text: str | None, otherwise: int) -> int:
    is_number = text is not None and text.isascii() and text.isdigit() and len(text) < 10
    return int(text or "0") if is_number else otherwise


@page(
    "cases/<str:case>/studies/<str:study>/finding/", "study_finding_new", may=ACTING, of="case",
    methods=("GET", "POST"), sample=STUDY_SAMPLE,
)  # fmt: skip
def study_finding_new(request: HttpRequest, case: Case, study: str) -> HttpResponse:
    """Begin a finding of a row of a recorded study; accept it at once, or keep it as a draft."""
    basis = study_of(case, study)
    name, text = request.GET.get("table", ""), request.GET.get("row", "")
    row = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not name:  # of no row: of the first of which one can be made
        name, row = first_supporting(study_named(basis.recorded.study), basis.result) or ("", 0)
    kind = basis.finding(name, row).finding_class.value
    asked = basis.form(request.POST or None)
    return _begin(request, case, basis, asked, Wording(basis.id, kind, row, 1, "", name))


def _begin(
    request: HttpRequest, case: Case, basis: Basis, asked: FindingForm, wording: Wording
) -> HttpResponse:
    """Show the sentences that a row supports, and sign the one that is chosen, or keep it."""
    ask_who(request, asked)
    offer_also(asked, case, (basis.label,))
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            chosen = asked.wording(wording)
            if not asked.accepts:
                draft = begin_draft(case=CaseId(case.id), wording=chosen, by=person_of(request))
                messages.success(request, words("web.draft.kept", number=f"D{draft.number}"))
                return redirect("finding_draft", case=case.number, draft=draft.number)
            if not _told_before(case, basis, chosen, asked):
                return _accept_at_once(request, case, basis, chosen, asked)
    if "row" in asked.data:
        wording = replace(wording, row=_number(asked.data["row"], wording.row))
    sections = [*factor_note(request, asked), *_editor(case, basis, wording, asked)]
    way = crumbs(case, (basis.url, basis.label))
    return show(request, Phrase("web.finding.title"), sections, crumbs=way)


def _told_before(case: Case, basis: Basis, wording: Wording, asked: FindingForm) -> bool:
    """Whether the same finding was accepted and is not wanted again; the form then names it."""
    known = _accepted_in(case).number_of(basis.read(wording))
    if known is None or asked.cleaned_data.get("again"):
        return False
    asked.add_error("again", words("web.finding.twice", number=f"F{known}"))
    return True


def _accepted_in(case: Case) -> Accepted:
    return Accepted(unit_desk().ledger, CaseId(case.id))


def _accept_at_once(
    request: HttpRequest, case: Case, basis: Basis, wording: Wording, asked: FindingForm
) -> HttpResponse:
    desk = unit_desk()
    by = desk.own_key(request, asked.cleaned_data["passphrase"])
    body = basis.fix(wording)
    entry = accept_finding(desk.ledger, case=CaseId(case.id), body=body, by=by)
    return _accepted(request, case, entry.body["number"], asked, by)


def _accepted(
    request: HttpRequest, case: Case, number: int, asked: FindingForm, by: ActingOfficer
) -> HttpResponse:
    messages.success(request, words("web.finding.accepted", number=f"F{number}"))
    return make_also(request, case, asked, by) or redirect("findings", case=case.number)


def _reads(basis: Basis, wording: Wording) -> Section:
    """Show how a finding would read; a row or label that is not there is said."""
    try:
        body = basis.read(wording)
    except FindingNotSupported as error:
        said = Phrase(f"error.{error.code}.sentence", error.params)
        return facts("web.finding.reads", [("text", said)])
    return facts(
        "web.finding.reads",
        [
            ("class", tag("service", f"web.class.{body['class']}")),
            ("text", body["text"]),
            ("trace", link(basis.url, basis.label)),
        ],
    )


def _editor(case: Case, basis: Basis, wording: Wording, asked: FindingForm) -> list[Section]:
    """The sentences to choose from, and what the officer adds; why there is none, where so."""
    sentences = sentences_of(basis, wording, _accepted_in(case))
    if not sentences:
        return [_reads(basis, wording)]
    asked.offer(sentences)
    above: list[Section] = []
    if "finding_class" not in asked.fields:  # there is one alone, and nothing to choose
        above.append(_reads(basis, wording))
        if sentences[0].known is not None:
            above.append(note("warn", "web.finding.known", number=f"F{sentences[0].known}"))
    keep = ("keep", Phrase("web.draft.keep"))
    written = form(
        "web.finding.write", asked, submit="web.finding.accept", text="web.finding.text",
        also=[keep],
    )  # fmt: skip
    return [*above, written]


@page(
    "cases/<str:case>/findings/drafts/<int:draft>/", "finding_draft", may=EVERYONE, of="case",
    methods=("GET", "POST"), sample=_SAMPLE,
)  # fmt: skip
def finding_draft(request: HttpRequest, case: Case, draft: int) -> HttpResponse:
    """Read a draft and its versions; write it on, and accept it."""
    found = _draft_of(case, draft)
    basis = _basis_of_draft(case, found)
    writes = person_of(request).acts and found.state == DraftState.OPEN
    first = _initial(found.wording, found.version)
    asked = ask_who(request, basis.form(request.POST or None, initial=first))
    offer_also(asked, case, (basis.label,))
    if request.method == "POST" and person_of(request).acts and asked.is_valid():
        with asked.telling():
            chosen = asked.wording(found.wording)
            if not (asked.accepts and _told_before(case, basis, chosen, asked)):
                answer = _save(request, case, found, basis, asked)
                return answer or _clash(request, case, basis, draft, chosen)
    sections: list[Section] = []
    if found.state != DraftState.OPEN:
        sections.insert(0, _ended(case, found))
    if writes:
        sections += [note("info", "web.draft.no-entry"), *factor_note(request, asked)]
        sections += _editor(case, basis, found.wording, asked)
    else:
        sections.append(_reads(basis, found.wording))
    sections.append(_versions(case, found.number))
    sections += _putting(request, case, found)
    return show(
        request,
        draft_title(found.number),
        sections,
        crumbs=_way(case),
        lead=_saved(found.newest),
    )


def _save(
    request: HttpRequest, case: Case, found: FindingDraftRead, basis: Basis, asked: FindingForm
) -> HttpResponse | None:
    """Keep what was written, and accept it if that is asked; None when somebody came first."""
    desk, case_id = unit_desk(), CaseId(case.id)
    wording = asked.wording(found.wording)
    by, body = None, {}
    if asked.accepts:
        by = desk.own_key(request, asked.cleaned_data["passphrase"])
        body = basis.fix(wording)
    saved = save_draft(
        case=case_id,
        number=found.number,
        version=asked.cleaned_data["version"] or 0,
        wording=wording,
        by=person_of(request),
    )
    if saved is None:
        return None
    if by is None:
        messages.success(request, words("web.draft.kept", number=f"D{saved.number}"))
        return redirect("finding_draft", case=case.number, draft=saved.number)
    entry = accept_draft(
        desk.ledger, case=case_id, number=saved.number, version=saved.version, body=body, by=by
    )
    return None if entry is None else _accepted(request, case, entry.body["number"], asked, by)


def _clash(
    request: HttpRequest, case: Case, basis: Basis, number: int, mine: Wording
) -> HttpResponse:
    """Show both wordings side by side; what is sent next is sent knowing of the other."""
    theirs = _draft_of(case, number)
    asked = ask_who(request, basis.form(initial=_initial(mine, theirs.version)))
    offer_also(asked, case, (basis.label,))
    is_open = theirs.state == DraftState.OPEN
    sections: list[Section] = [
        note(
            "warn",
            "web.draft.clash" if is_open else "web.draft.clash-ended",
            url=reverse("finding_draft", kwargs={"case": case.number, "draft": number}),
            do="web.draft.take-theirs",
            who=theirs.newest.saved_by,
            version=theirs.version,
        ),
        table(
            "web.draft.side-by-side",
            ("part", "theirs", "yours", "same"),
            [
                (Phrase(label_of(name)), here, there, _same(here == there))
                for name, here, there in _parts(theirs.wording, mine)
            ],
        ),
    ]
    if is_open:
        sections += [*factor_note(request, asked), *_editor(case, basis, mine, asked)]
    sections.append(_versions(case, number))
    answer = show(request, draft_title(number), sections, crumbs=_way(case))
    answer.status_code = 409
    return answer


def _parts(theirs: Wording, mine: Wording) -> Sequence[tuple[str, Cell, Cell]]:
    empty = Phrase("web.draft.nothing")
    return (
        (
            "finding-class",
            Phrase(f"web.class.{theirs.finding_class}"),
            Phrase(f"web.class.{mine.finding_class}"),
        ),
        ("row", number(theirs.row), number(mine.row)),
        ("label-number", number(theirs.label_number), number(mine.label_number)),
        ("remark", theirs.remark or empty, mine.remark or empty),
    )


def _same(is_same: bool) -> Cell:
    return tag("plain", "web.draft.same") if is_same else tag("warn", "web.draft.differs")


@page(
    "cases/<str:case>/findings/drafts/<int:draft>/aside/", "finding_draft_aside", may=ACTING,
    of="case", methods=("POST",), sample=_SAMPLE,
)  # fmt: skip
def finding_draft_aside(request: HttpRequest, case: Case, draft: int) -> HttpResponse:
    """Put a draft aside, or take it up again; its versions stay."""
    found, case_id = _draft_of(case, draft), CaseId(case.id)
    version = request.POST.get("version", "")
    if found.state == DraftState.SET_ASIDE:
        is_done = take_draft_up(case=case_id, number=draft)
    else:
        as_read = int(version) if version.isascii() and version.isdigit() else 0
        is_done = set_draft_aside(case=case_id, number=draft, version=as_read)
    if not is_done:
        messages.warning(request, words("web.draft.moved-on"))
    return redirect("finding_draft", case=case.number, draft=draft)


def _putting(request: HttpRequest, case: Case, found: FindingDraftRead) -> list[Section]:
    """Offer to put the draft aside, or to take it up again."""
    if not person_of(request).acts or found.state == DraftState.ACCEPTED:
        return []
    key, said = "web.draft.put-aside", "web.draft.put-aside-text"
    if found.state == DraftState.SET_ASIDE:
        key, said = "web.draft.take-up", "web.draft.take-up-text"
    where = reverse("finding_draft_aside", kwargs={"case": case.number, "draft": found.number})
    asked = VersionForm(initial={"version": found.version})
    return [form(key, asked, submit=key, text=said, action=where)]


class VersionForm(WordsForm):
    """Which version was read."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


def _ended(case: Case, found: FindingDraftRead) -> Section:
    if found.state == DraftState.SET_ASIDE:
        return note("warn", "web.draft.is-aside")
    where = reverse("findings", kwargs={"case": case.number})
    accepted = next((each for each in queries.findings(case) if each.id == found.finding), None)
    name = "" if accepted is None else f"F{accepted.number}"
    return note("intact", "web.draft.is-accepted", url=where, do="web.room.findings", name=name)


def _versions(case: Case, number_of_draft: int) -> Section:
    return table(
        "web.draft.versions",
        ("version>", "when", "who", "class", "row>", "remark"),
        [
            (
                number(each.version),
                when(each.saved_at),
                each.saved_by,
                Phrase(f"web.class.{each.wording.finding_class}"),
                number(each.wording.row),
                each.wording.remark or Phrase("web.draft.nothing"),
            )
            for each in draft_versions(case.id, number_of_draft)
        ],
    )


def _saved(newest: SavedWording) -> Phrase:
    return Phrase("web.draft.saved", {"version": newest.version, "who": newest.saved_by})


def _draft_of(case: Case, number_of_draft: int) -> FindingDraftRead:
    found = read_draft(case.id, min(number_of_draft, MOST_NUMBER))
    if found is None:
        raise PageNotFound
    return found


def _basis_of_draft(case: Case, found: FindingDraftRead) -> Basis:
    basis = bases_of(case).get(found.wording.trace)
    if basis is None:
        raise PageNotFound
    return basis


def _way(case: Case) -> list[dict[str, Any]]:
    where = reverse("findings", kwargs={"case": case.number})
    return crumbs(case, (where, Phrase("web.room.findings")))
