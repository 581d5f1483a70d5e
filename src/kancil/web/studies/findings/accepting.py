"""Several drafts read and accepted together: one passphrase, and still an entry for each.

What a tick sends names the draft, its version and the digest of the text that stood beside it, so
that no text is recorded but the one that was read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.cases.queries import Case
from kancil.desk.studies.accepted import Accepted
from kancil.desk.studies.actions import DraftToAccept, accept_drafts
from kancil.desk.studies.queries import DraftState, FindingDraftRead, drafts
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.studies.errors import (
    FindingNotSupported,
    StudyNotReadable,
    StudyNotReproduced,
    TraceNotReadable,
    TraceNotReproduced,
)
from kancil.web.cases.findings import CLASS_KINDS
from kancil.web.cases.pages import crumbs
from kancil.web.cells import Section, choosing, empty, link, note, show, table, tag
from kancil.web.confirming import ask_who, factor_note
from kancil.web.forms import say_signing_key, secret
from kancil.web.guard import shown_params
from kancil.web.page import ACTING, page
from kancil.web.parts import Cell, Several, Tick
from kancil.web.studies.findings.also_made import AlsoMadeForm, make_also, offer_also
from kancil.web.studies.findings.basis import Basis, bases_of
from kancil.web.studies.findings.choosing import AT_ONCE, ranges
from kancil.web.unit_desk import unit_desk

_SEEN = re.compile(r"([1-9][0-9]{0,8})\.([1-9][0-9]{0,8})\.([0-9a-f]{64})")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_REFUSALS = (
    FindingNotSupported, StudyNotReadable, StudyNotReproduced, TraceNotReadable,
    TraceNotReproduced,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft with the finding it would become now, or why it can become none."""

    number: int
    draft: FindingDraftRead | None
    basis: Basis | None
    body: dict[str, Any] | None
    refused: Phrase | None
    known: int | None = None
    """The number of a finding of the case that says the same; None: there is none."""

    @property
    def seen(self) -> str:
        """Name what is read here: draft, version and the digest of all that would be recorded."""
        version = 0 if self.draft is None else self.draft.version
        return f"{self.number}.{version}.{sha256_hex(canonical.dumps(self.body))}"


class AcceptForm(AlsoMadeForm):
    """The passphrase of the officer's own key: once, for all that are ticked."""

    passphrase = secret()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the key at its passphrase."""
        super().__init__(*args, **kwargs)
        say_signing_key(self)


@page(
    "cases/<str:case>/findings/drafts/", "finding_drafts", may=ACTING, of="case",
    methods=("GET", "POST"),
)  # fmt: skip
def finding_drafts(request: HttpRequest, case: Case) -> HttpResponse:
    """Read the exact text of several drafts, and accept those that are ticked, all or none."""
    asked_for = _asked_for(request, case)
    asked = ask_who(request, AcceptForm(request.POST or None))
    offer_also(asked, case, _bases(case, asked_for))
    ticked = request.POST.getlist("draft")
    numbers = {each.partition(".")[0] for each in ticked}
    is_accepting = asked.is_bound and asked.is_valid()
    again = numbers if is_accepting else set()
    readings = list(_readings(case, asked_for[:AT_ONCE], again))
    ready = [each for each in readings if each.body is not None]
    if request.method == "POST":
        if not ticked and asked.is_valid():
            asked.add_error(None, words("web.accept.none-ticked"))
        elif asked.is_valid():
            answer = _accept(request, case, asked, readings, ticked)
            if answer is not None:
                return answer
    sections: list[Section] = []
    if len(asked_for) > AT_ONCE:
        rest = ranges(asked_for[AT_ONCE:], "D")
        sections.append(note("warn", "web.accept.at-once", most=AT_ONCE, rest=rest))
    if ready:
        is_on = {
            each.number
            for each in ready
            if str(each.number) in numbers or (not ticked and each.known is None)
        }
        sections += [*factor_note(request, asked), _texts(case, ready, is_on, asked)]
    sections += _cannot(case, readings)
    if not readings:
        sections.append(empty("web.accept.empty", url=reverse("money", args=(case.number,))))
    where = reverse("findings", kwargs={"case": case.number})
    way = crumbs(case, (where, Phrase("web.room.findings")))
    lead = Phrase("web.accept.lead")
    return show(request, Phrase("web.accept.title"), sections, crumbs=way, lead=lead)


def _asked_for(request: HttpRequest, case: Case) -> list[int]:
    """The drafts that are named, else all open ones, by number; raises nothing."""
    named = {int(text) for text in request.GET.getlist("draft") if _NUMBER.fullmatch(text)}
    if "draft" in request.GET:
        return sorted(named)
    return [each.number for each in drafts(case.id) if each.state == DraftState.OPEN]


def _bases(case: Case, numbers: Collection[int]) -> Iterator[str]:
    """What these drafts rest on, by short number."""
    bases = bases_of(case)
    for each in drafts(case.id):
        if each.number in numbers and each.wording.trace in bases:
            yield bases[each.wording.trace].label


def _readings(case: Case, numbers: Iterable[int], again: Collection[str]) -> Iterator[Reading]:
    """Read drafts; what those in `again` rest on is run again, once for all of them."""
    bases, known = bases_of(case), {each.number: each for each in drafts(case.id)}
    accepted = Accepted(unit_desk().ledger, CaseId(case.id))
    for number in numbers:
        draft = known.get(number)
        basis = None if draft is None else bases.get(draft.wording.trace)
        if draft is None or basis is None:
            yield Reading(number, None, None, None, Phrase("web.accept.not-there"))
            continue
        if draft.state != DraftState.OPEN:
            yield Reading(number, draft, basis, None, Phrase("web.accept.ended"))
            continue
        try:
            make = basis.fix if str(number) in again else basis.read
            body = make(draft.wording)
            yield Reading(number, draft, basis, body, None, accepted.number_of(body))
        except _REFUSALS as error:
            said = Phrase(f"error.{error.code}.sentence", shown_params(error))
            yield Reading(number, draft, basis, None, said)


def _accept(
    request: HttpRequest, case: Case, asked: AcceptForm, readings: list[Reading], ticked: list[str]
) -> HttpResponse | None:
    """Accept what was ticked; None where anything is refused, with the reasons at the form."""
    now = {each.number: each for each in readings}
    chosen: list[Reading] = []
    for text in dict.fromkeys(ticked):
        found = _SEEN.fullmatch(text)
        reading = None if found is None else now.get(int(found[1]))
        refused = None if reading is None else reading.refused
        if reading is None or refused is not None or reading.seen != text:
            name = f"D{found[1]}" if found else text[:20]
            why = refused or Phrase("web.accept.changed")
            asked.add_error(None, words("web.accept.refused", draft=name, why=why))
        else:
            chosen.append(reading)
    if not asked.errors:
        with asked.telling():
            by = unit_desk().own_key(request, asked.cleaned_data["passphrase"])
            accepted = accept_drafts(
                unit_desk().ledger,
                case=CaseId(case.id),
                drafts=[_to_accept(each) for each in sorted(chosen, key=lambda one: one.number)],
                by=by,
            )
            for number in accepted.moved:
                why = Phrase("web.accept.changed")
                asked.add_error(None, words("web.accept.refused", draft=f"D{number}", why=why))
            if accepted.entries:
                made = ranges((entry.body["number"] for entry in accepted.entries), "F")
                count = len(accepted.entries)
                messages.success(request, words("web.accept.accepted", numbers=made, count=count))
                return make_also(request, case, asked, by) or redirect("findings", case=case.number)
    asked.add_error(None, words("web.accept.nothing-recorded"))
    return None


def _to_accept(reading: Reading) -> DraftToAccept:
    if reading.draft is None or reading.body is None:
        raise FindingNotSupported(why=Phrase("web.accept.not-there"))
    return DraftToAccept(reading.number, reading.draft.version, reading.body)


def _draft_link(case: Case, number: int) -> Cell:
    where = reverse("finding_draft", kwargs={"case": case.number, "draft": number})
    return link(where, f"D{number}")


def _texts(case: Case, ready: list[Reading], is_on: set[int], asked: AcceptForm) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            Tick(
                "draft", each.seen, Phrase("web.accept.take", {"draft": f"D{each.number}"}),
                each.number in is_on,
            ),
            _draft_link(case, each.number),
            tag(CLASS_KINDS[each.body["class"]], f"web.class.{each.body['class']}"),
            each.body["text"] if each.known is None else Several((each.body["text"], _known(each))),
            link(each.basis.url, each.basis.label),
        )
        for each in ready
        if each.body is not None and each.basis is not None
    ]  # fmt: skip
    return choosing(
        "web.accept.texts",
        ("take", "number", "class", "text", "trace"),
        rows,
        submit="web.accept.do",
        text=Phrase("web.accept.text"),
        fields=asked,
    )


def _known(reading: Reading) -> Cell:
    return tag("warn", "web.finding.known", number=f"F{reading.known}")


def _cannot(case: Case, readings: list[Reading]) -> list[Section]:
    rows: list[tuple[Cell, ...]] = [
        (
            f"D{each.number}" if each.draft is None else _draft_link(case, each.number),
            each.refused,
        )
        for each in readings
        if each.refused is not None
    ]
    return [table("web.accept.cannot", ("number", "why"), rows)] if rows else []
