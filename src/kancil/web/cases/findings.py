"""The findings of a case: what officers have accepted, took back, and are still writing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.cases import queries
from kancil.desk.cases.actions import withdraw_finding
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Finding
from kancil.desk.studies.queries import DraftState, FindingDraftRead, drafts
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.units import few
from kancil.ground.words import render as words
from kancil.web.cells import (
    Section,
    beginning,
    choosing,
    empty,
    facts,
    form,
    link,
    note,
    number,
    show,
    table,
    tag,
    when,
)
from kancil.web.confirming import ask_who, factor_note
from kancil.web.forms import WordsForm, say_signing_key, secret, text
from kancil.web.limits import bound_to
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell, Kind, Tick
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .pages import crumbs

CLASS_KINDS: dict[str, Kind] = {
    "chain-fact": "intact",
    "exhibit-fact": "intact",
    "policy-result": "service",
    "attribution": "warn",
}
_NAMED = 12
_STATE_KINDS: dict[str, Kind] = {DraftState.OPEN: "warn", DraftState.SET_ASIDE: "unknown"}


@page("cases/<str:case>/findings/", "findings", may=EVERYONE, of="case", menu="case", order=30)
def findings(request: HttpRequest, case: Case) -> HttpResponse:
    """What officers have accepted, and what they are writing."""
    acts = person_of(request).acts
    found, written = queries.findings(case), _drafts(case, acts=acts)
    withdrawn, names = _withdrawn(case), queries.officer_names()
    sections: list[Section] = [*_next(case, found, withdrawn, acts=acts), *_limited(case, found)]
    if found:
        sections.append(
            table(
                "web.room.findings",
                ("number", "class", "text", "who", "when", *(("act",) if acts else ())),
                [_row(case, each, withdrawn, names, acts=acts) for each in found],
            )
        )
    sections += written
    if not sections:
        money = reverse("money", kwargs={"case": case.number})
        sections.append(empty("web.findings.empty", url=money if acts else ""))
    return show(
        request,
        Phrase("web.room.findings"),
        sections,
        crumbs=crumbs(case),
        lead=Phrase("web.findings.lead"),
    )


def _next(
    case: Case, found: list[Finding], withdrawn: Mapping[str, str], *, acts: bool
) -> list[Section]:
    """Where one goes on from a finding that stands: to a report of it, then to a bundle."""
    standing = [each.n for each in found if each.id not in withdrawn]
    if not acts or not standing:
        return []
    for name in ("report", "bundle"):
        made = unit_desk().ledger.case_entries(CaseId(case.id), f"{name}.made")
        if not any(entry.n > standing[-1] for entry in made):
            url = reverse(name, kwargs={"case": case.number})
            return [note("info", f"web.findings-next-{name}", url=url, do=f"web.{name}.make")]
    return []


def _limited(case: Case, found: list[Finding]) -> list[Section]:
    """Name the findings that rest on an exhibit whose use is limited."""
    bound = bound_to(CaseId(case.id))
    resting = set() if bound is None else {entry.n for entry in bound.entries}
    named = [f"F{each.number}" for each in found if each.n in resting]
    if bound is None or not named:
        return []
    exhibits = few(sorted(bound.labels), _NAMED)
    return [note("warn", "web.handling.findings", findings=few(named, _NAMED), exhibits=exhibits)]


def _withdrawn(case: Case) -> dict[str, str]:
    """The reason of each finding of the case that was taken back; the first one counts."""
    entries = unit_desk().ledger.case_entries(CaseId(case.id), "finding.withdrawn")
    return {entry.body["finding"]: str(entry.body["reason"]) for entry in reversed(list(entries))}


def _row(
    case: Case, each: Finding, withdrawn: dict[str, str], names: dict[str, str], *, acts: bool
) -> tuple[Cell, ...]:
    is_back = each.id in withdrawn
    where = reverse("finding_withdraw", kwargs={"case": case.number, "finding": each.number})
    do: Cell = "" if is_back else link(where, Phrase("web.finding.withdraw"))
    return (
        f"F{each.number}",
        tag("warn", "web.finding.withdrawn")
        if is_back
        else tag(CLASS_KINDS[each.finding_class], f"web.class.{each.finding_class}"),
        Phrase("web.finding.withdrawn-text", {"text": each.text, "reason": withdrawn[each.id]})
        if is_back
        else each.text,
        names.get(each.accepted_by or ""),
        when(each.accepted_at),
        *((do,) if acts else ()),
    )


def _drafts(case: Case, *, acts: bool) -> list[Section]:
    """Show the drafts that became no finding; they are in no ledger, which is said."""

    def take(each: FindingDraftRead) -> Cell:
        if each.state != DraftState.OPEN:
            return ""
        said = Phrase("web.accept.take", {"draft": f"D{each.number}"})
        return Tick("draft", str(each.number), said)

    bases = {each.id: f"T{each.number}" for each in queries.traces(case)}
    bases |= {each.id: f"S{each.number}" for each in queries.studies(case)}
    rows: list[tuple[Cell, ...]] = [
        (
            *((take(each),) if acts else ()),
            link(
                reverse("finding_draft", kwargs={"case": case.number, "draft": each.number}),
                f"D{each.number}",
            ),
            Phrase(f"web.class.{each.wording.finding_class}"),
            bases.get(each.wording.trace),
            number(each.wording.row),
            beginning(each.wording.remark, 200) or Phrase("web.draft.nothing"),
            tag(_STATE_KINDS[each.state], f"web.draft-state.{each.state}"),
            each.newest.saved_by,
            when(each.newest.saved_at),
        )
        for each in drafts(case.id)
        if each.state != DraftState.ACCEPTED
    ]
    if not rows:
        return []
    columns = ("number", "class", "trace", "row>", "remark", "state", "who", "when")
    listed = table("web.draft.drafts", columns, rows)
    if acts:
        listed = choosing(
            "web.draft.drafts",
            ("take", *columns),
            rows,
            submit="web.accept.read",
            action=reverse("finding_drafts", kwargs={"case": case.number}),
            is_asking=True,
        )
    return [listed, note("info", "web.draft.no-entry")]


class WithdrawForm(WordsForm):
    """Why a finding is taken back, and the passphrase of the officer's own key."""

    reason = text(2000, lines=3)
    passphrase = secret()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the key at its passphrase."""
        super().__init__(*args, **kwargs)
        say_signing_key(self)


@page(
    "cases/<str:case>/findings/<int:finding>/withdraw/", "finding_withdraw", may=ACTING,
    of="case", methods=("GET", "POST"), sample={"finding": 1},
)  # fmt: skip
def finding_withdraw(request: HttpRequest, case: Case, finding: int) -> HttpResponse:
    """Take an accepted finding back, with one's own key and a reason that stays beside it."""
    found = next((each for each in queries.findings(case) if each.number == finding), None)
    if found is None:
        raise PageNotFound
    desk = unit_desk()
    asked = ask_who(request, WithdrawForm(request.POST or None))
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            withdraw_finding(
                desk.ledger,
                finding=found.id,
                reason=asked.cleaned_data["reason"],
                by=desk.own_key(request, asked.cleaned_data["passphrase"]),
            )
            messages.success(request, words("web.finding.taken-back", number=f"F{found.number}"))
            return redirect("findings", case=case.number)
    sections: list[Section] = [
        facts(
            "web.finding.as-accepted",
            [
                (
                    "class",
                    tag(CLASS_KINDS[found.finding_class], f"web.class.{found.finding_class}"),
                ),
                ("text", found.text),
                ("who", queries.officer_names().get(found.accepted_by or "")),
                ("when", when(found.accepted_at)),
            ],
        )
    ]
    if found.id in _withdrawn(case):
        sections.append(note("warn", "web.finding.withdrawn-already"))
    else:
        sections += [
            *factor_note(request, asked),
            form(
                "web.finding.withdraw", asked, submit="web.finding.withdraw",
                text="web.finding.withdraw-text",
            ),
        ]  # fmt: skip
    where = reverse("findings", kwargs={"case": case.number})
    way = crumbs(case, (where, Phrase("web.room.findings")))
    title = Phrase("web.finding.withdraw-title", {"number": f"F{found.number}"})
    return show(request, title, sections, crumbs=way)
