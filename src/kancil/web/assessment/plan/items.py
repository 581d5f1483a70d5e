"""One item of the plan: all of it, what stands in its way, and what is done to it by whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.assessment.narrative import plan_section
from kancil.assessment.planning.costs import quantity_text
from kancil.assessment.planning.plan import ItemState
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions import plans as actions
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.plans import PlanRow, plan_of, shortfall_of
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.people.queries import Role
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm, show_wide, today
from kancil.web.assessment.figures.narratives import language_phrase
from kancil.web.assessment.rounds.given import address_of
from kancil.web.assessment.rounds.voice import voiding_notes
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, button, facts, link, note, table, tag
from kancil.web.confirming import confirm_first, is_confirmed, typed
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

from .gaps import plan_way, with_gaps
from .item_forms import (
    AgainForm,
    ApproveForm,
    DiligenceForm,
    DoneForm,
    ItemForm,
    MoveForm,
    RejectForm,
    as_typed,
)
from .words import (
    assistance_name,
    cost_cell,
    decided_cell,
    early_notes,
    money,
    obstacles,
    span_cell,
    state_cell,
)

_ADDRESS = "rounds/<str:round>/plan/"
_SAMPLE = {"item": "none"}
_REFUSES = "refuse"


@page(f"{_ADDRESS}new/", "item_new", may=READING, of="round", methods=("GET", "POST"))
def item_new(request: HttpRequest, sight: Sight) -> HttpResponseBase:
    """Add an item, for the gap one comes from or for any."""
    require(sight.may_plan, sight)
    offered = with_gaps(sight)
    wanted = request.GET.get("protocol", "")
    asked = protocol_in(sight, wanted) if wanted else next(iter(offered), None)
    if asked is None or asked not in offered:
        raise PageNotFound
    gap = request.GET.get("indicator", "")
    first = [gap] if gap in asked.indicators else []
    initial = {"plan_indicators": first}
    filled = _form(request, sight, asked, plan_of(sight, today()), initial, first)
    if filled.is_ready:
        with filled.telling():
            made = actions.add_item(by=person_of(request), round=sight.round, draft=filled.draft())
            messages.success(request, words("web.plan.added"))
            return redirect("item", round=sight.round, item=made)
    sections: list[Section] = []
    if len(offered) > 1:
        sections.append(_other_protocols(sight, asked, offered))
    sections.append(filled.section("web.plan.add", text="web.plan.add-text"))
    return show_wide(request, Phrase("web.plan.add"), sections, crumbs=plan_way(sight))


def _other_protocols(sight: Sight, asked: Protocol, offered: list[Protocol]) -> Section:
    new = reverse("item_new", args=[sight.round])
    rows: list[tuple[Cell, ...]] = [
        (
            link(f"{new}?protocol={each.name}", said(each.title)),
            tag("service", "web.plan.this-one") if each is asked else "–",
        )
        for each in offered
    ]
    return table("web.plan.which-protocol", ("title", "state"), rows)


def _form(
    request: HttpRequest,
    sight: Sight,
    asked: Protocol,
    rows: list[PlanRow],
    initial: dict[str, Any],
    also: list[str],
) -> ItemForm:
    """Make the form of an item, which offers the gaps that there are and those it names."""
    gaps, unanswered = shortfall_of(sight, asked.name)
    short = {each.indicator for each in gaps}.union(unanswered, also)
    return ItemForm.asked(
        request,
        initial=initial,
        protocol=asked,
        indicators=[id for id in asked.indicators if id in short],
        others={row.id: row.title for row in rows if row.state is not ItemState.REJECTED},
    )


def _row(sight: Sight, item: str) -> tuple[PlanRow, int, list[PlanRow]]:
    rows = plan_of(sight, today())
    for place, each in enumerate(rows, start=1):
        if each.id == item:
            return each, place, rows
    raise no_such("item")


@page(
    f"{_ADDRESS}<str:item>/edit/", "item_edit", may=READING, of="round", methods=("GET", "POST"),
    sample=_SAMPLE,
)  # fmt: skip
def item_edit(request: HttpRequest, sight: Sight, item: str) -> HttpResponseBase:
    """Write an item anew; one that was approved is proposed again."""
    require(sight.may_plan, sight)
    row, _, rows = _row(sight, item)
    asked = protocol_in(sight, row.protocol)
    others = [each for each in rows if each.id != row.id]
    filled = _form(request, sight, asked, others, as_typed(row), list(row.indicators))
    if filled.is_ready:
        with filled.telling():
            actions.edit_item(
                by=person_of(request), round=sight.round, item=row.id, draft=filled.draft()
            )
            messages.success(request, words("web.plan.edited"))
            return redirect("item", round=sight.round, item=row.id)
    sections = voiding_notes(sight)
    if row.state is ItemState.APPROVED:
        sections.append(note("warn", "web.plan.edit-approved"))
    sections.append(filled.section("web.plan.edit"))
    return show_wide(
        request, Phrase("web.plan.edit"), sections, crumbs=[*plan_way(sight), _step(sight, row)]
    )


def _step(sight: Sight, row: PlanRow) -> dict[str, Any]:
    return {"url": reverse("item", args=[sight.round, row.id]), "name": row.title}


@page(
    f"{_ADDRESS}<str:item>/", "item", may=READING, of="round", methods=("GET", "POST"),
    sample=_SAMPLE,
)  # fmt: skip
def one_item(request: HttpRequest, sight: Sight, item: str) -> HttpResponseBase:
    """One item: its facts, what stands in its way, its due diligence, and what can be done."""
    row, place, rows = _row(sight, item)
    asked = protocol_in(sight, row.protocol)
    forms = _Acts(request, sight, row, place)
    if request.method == "POST":
        require(forms.is_own, sight)
        if (overturning := forms.overturning()) and not is_confirmed(request):
            return confirm_first(request, overturning)
        if forms.is_done(request):
            messages.success(request, words("web.plan.done-act"))
            return redirect("item", round=sight.round, item=row.id)
        row, place, rows = _row(sight, item)
    titles = {each.id: each.title for each in rows}
    shown = {
        "title": Phrase("web.plan.item-title", {"title": row.title}),
        "crumbs": plan_way(sight),
        "state": state_cell(row),
        "reason": row.state_reason,
        "buttons": _buttons(request, sight, row),
        "obstacles": obstacles(sight, row, titles),
        "is_approved": row.state is ItemState.APPROVED,
        "sections": [
            *early_notes([row], titles),
            facts("web.plan.about", _told(sight, asked, row, place, titles)),
            *_lines(row),
        ],
        "gaps": [
            {
                "question": said(asked.indicators[id].question) if id in asked.indicators else id,
                "url": address_of(sight, asked.name, id, "gap"),
            }
            for id in row.indicators
        ],
        "needs": row.to_security_forces or _is_unsaid(row),
        "diligence": [
            {"row": each, "decision": Phrase(f"web.hrdd.{each.decision}"),
             "is_late": each.review_on < today() and n == 0, "is_newest": n == 0,
             "refuses": each.decision == _REFUSES}
            for n, each in enumerate(row.diligence)
        ],
        "weigh": forms.weigh(),
        "acts": forms.sections(),
    }  # fmt: skip
    return render(request, "kancil/plan_item.html", shown)


def _buttons(request: HttpRequest, sight: Sight, row: PlanRow) -> list[dict[str, Any]]:
    found = []
    if sight.writes_plan and row.state in (ItemState.PROPOSED, ItemState.APPROVED):
        found.append(button(reverse("item_edit", args=[sight.round, row.id]), "web.plan.edit"))
    if row.state is not ItemState.REJECTED and sight.may_plan:
        there = reverse("report_text", args=[sight.round, plan_section(row.id)])
        found.append(button(there, "web.plan.other-languages"))
    if row.state is ItemState.APPROVED and person_of(request).role == Role.PROGRAMME_OFFICER:
        there = f"{reverse('activity_new')}?item={row.id}"
        found.append(button(there, "web.activity.for-item"))
    return found


def _told(
    sight: Sight, asked: Protocol, row: PlanRow, place: int, titles: dict[str, str]
) -> list[tuple[str, Cell]]:
    concepts = [said(asked.concepts[one].title) for one in row.concepts if one in asked.concepts]
    needed = [titles[one] for one in row.depends_on if one in titles]
    told: list[tuple[str, Cell]] = [
        ("plan-assistance", assistance_name(asked, row)),
        ("plan-owner", row.owner),
        ("plan-partner", row.partner or "–"),
        ("plan-donor", row.donor or Phrase("web.plan.no-donor")),
        ("plan-when", span_cell(row)),
        ("plan-cost", cost_cell(row)),
        ("plan-cost-basis", row.cost_basis or "–"),
        ("plan-output", row.output or "–"),
        ("plan-result", row.outcome or "–"),
        ("plan-impact", row.impact or "–"),
        ("plan-success", row.success),
        ("plan-depends", "; ".join(needed) or "–"),
        ("plan-concepts", ", ".join(concepts) or "–"),
        ("plan-to-forces", Phrase("web.plan.yes" if row.to_security_forces else "web.plan.no")),
        ("plan-place", str(place)),
        ("text-in-language", language_phrase(row.language)),
    ]
    if row.not_forces_reason:
        told.insert(-1, ("plan-not-forces", row.not_forces_reason))
    if row.state is not ItemState.PROPOSED:
        told.insert(0, ("plan-decided", decided_cell(row)))
    if row.position_reason:
        told.append(("plan-move-reason", row.position_reason))
    return told


def _lines(row: PlanRow) -> list[Section]:
    """Show what makes up the cost, line by line."""
    told: list[tuple[Cell, ...]] = [
        (
            each.what,
            each.unit,
            money(each.rate_minor, row.currency),
            quantity_text(each.quantity),
            money(each.total_minor, row.currency),
        )
        for each in row.lines
    ]
    columns = ("line-what", "line-unit", "line-rate>", "line-quantity>", "line-total>")
    return [table("web.plan.lines", columns, told)] if told else []


def _is_unsaid(row: PlanRow) -> bool:
    """Whether it looks like support to police, and nobody wrote why it is none."""
    return row.looks_like_forces and not row.not_forces_reason


class _Acts:
    """The forms of an item's page that are the person's and fit its state; at most one was sent."""

    def __init__(self, request: HttpRequest, sight: Sight, row: PlanRow, place: int) -> None:
        self._sight, self._row, self._do = sight, row, request.POST.get("do", "")
        state = row.state
        proposed, approved = state is ItemState.PROPOSED, state is ItemState.APPROVED
        self._forms: dict[str, ActForm] = {}
        kept = typed(request)
        if sight.may_approve and proposed and not row.obstacles:
            self._add(ApproveForm.asked(request))
        if sight.may_reject and (proposed or approved):
            self._add(_sure(RejectForm.asked(request, initial=_kept(kept, RejectForm)), approved))
        if sight.may_reject and (state is ItemState.REJECTED or approved):
            self._add(_sure(AgainForm.asked(request, initial=_kept(kept, AgainForm)), approved))
        if sight.may_plan and approved:
            self._add(DoneForm.asked(request))
        if sight.writes_plan:
            self._add(MoveForm.asked(request, initial={"plan_place": place}))
        if sight.may_plan and (row.to_security_forces or row.diligence or _is_unsaid(row)):
            self._add(DiligenceForm.asked(request))

    def _add(self, form: ActForm) -> None:
        self._forms[form.act] = form

    @property
    def is_own(self) -> bool:
        """Whether what was sent is the person's to do at all, whatever the item's state."""
        sight = self._sight
        allowed = {
            ApproveForm.act: sight.may_approve,
            RejectForm.act: sight.may_reject,
            AgainForm.act: sight.may_reject,
            DoneForm.act: sight.may_plan,
            MoveForm.act: sight.may_plan,
            DiligenceForm.act: sight.may_plan,
        }
        return allowed.get(self._do, False)

    def overturning(self) -> ActForm | None:
        """The form that was sent, well filled, and takes an approval back."""
        form = self._forms.get(self._do)
        is_such = self._row.state is ItemState.APPROVED and self._do in _OVERTURN
        return form if form is not None and is_such and form.is_ready else None

    def is_done(self, request: HttpRequest) -> bool:
        """Do what was sent; what is wrong with it is told at its form.

        What no longer fits the item's state is told as an error of its own.
        """
        form = self._forms.get(self._do)
        about: dict[str, Any] = {
            "by": person_of(request), "round": self._sight.round, "item": self._row.id,
        }  # fmt: skip
        if form is None:
            self._untimely(about, request.POST)
            return True
        if form.is_ready:
            with form.telling():
                _carry_out(form.act, about, form.cleaned_data)
                return True
        return False

    def _untimely(self, about: dict[str, Any], sent: Mapping[str, str]) -> None:
        """Ask for an act whose form is not on the page: the desk says why it cannot be."""
        if self._do == ApproveForm.act:
            actions.approve_item(**about, today=today())
        elif self._do == RejectForm.act:
            actions.reject_item(**about, reason=sent.get("plan_reject_reason", ""))
        elif self._do == AgainForm.act:
            actions.propose_item_again(**about, reason=sent.get("plan_again_reason", ""))
        elif self._do == DoneForm.act:
            actions.finish_item(**about)
        else:
            raise no_such("item")

    def weigh(self) -> Section | None:
        """Show the form for due diligence, where it is asked for."""
        form = self._forms.get(DiligenceForm.act)
        return form.section("web.hrdd.add", text="web.hrdd.add-text") if form else None

    def sections(self) -> list[Section]:
        """Show the other forms."""
        return [
            form.section(f"web.plan-act-{act}", text=f"web.plan-act-{act}-text")
            for act, form in self._forms.items()
            if act != DiligenceForm.act
        ]


_OVERTURN = (RejectForm.act, AgainForm.act)


def _kept(given: Mapping[str, Any], form: type[ActForm]) -> dict[str, Any]:
    """What was typed in this form before the page asked who is there."""
    return dict(given) if given.get("do") == form.act else {}


def _sure(form: ActForm, is_approved: bool) -> ActForm:
    """Ask to be sure where an approval is taken back."""
    if is_approved:
        form.ask_to_be_sure()
    return form


def _carry_out(act: str, about: dict[str, Any], given: dict[str, Any]) -> None:
    match act:
        case ApproveForm.act:
            actions.approve_item(**about, today=today())
        case RejectForm.act:
            actions.reject_item(**about, reason=given["plan_reject_reason"])
        case AgainForm.act:
            actions.propose_item_again(**about, reason=given["plan_again_reason"])
        case DoneForm.act:
            actions.finish_item(**about, outcome=given["plan_outcome"])
        case MoveForm.act:
            place, why = given["plan_place"] - 1, given["plan_move_reason"]
            actions.move_item(**about, position=place, reason=why)
        case DiligenceForm.act:
            actions.add_due_diligence(
                **about,
                risk=given["hrdd_risk"],
                mitigation=given["hrdd_mitigation"],
                decision=given["hrdd_decision"],
                decided_by=given["hrdd_decided_by"],
                review_on=given["hrdd_review"],
            )
