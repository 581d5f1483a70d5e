"""From gap to plan: why a gap stands where it stands, and what help is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kancil.assessment.export import OneProtocol, Planned
from kancil.assessment.planning.costs import Cost, quantity_text, totals
from kancil.assessment.planning.plan import DueDiligence, Gap, ItemState
from kancil.assessment.protocol import Shape
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Paragraph,
    Section,
    cell,
    facts,
    muted,
    section,
    strong,
    table,
)

from .pictures import plan_picture
from .saying import asked_words, day, money, phrases, plain

_THREATS = "why.gap-threats"


def served_by(plan: Sequence[Planned]) -> set[str]:
    """Name the indicators that items of the plan serve; no rejected one does."""
    return {
        name
        for each in plan
        if each.item.state is not ItemState.REJECTED
        for name in each.item.indicators
    }


def threat_names(protocols: Sequence[OneProtocol]) -> dict[str, str]:
    """The name of each threat by its id."""
    return {
        name: asked_words(one.protocol, each)
        for one in protocols
        if one.protocol.shape is Shape.THREATS
        for name, each in one.protocol.indicators.items()
    }


def asked_in(protocols: Sequence[OneProtocol]) -> dict[str, str]:
    """What each question is called, by its id: ids stand in no document."""
    return {
        name: asked_words(one.protocol, each)
        for one in protocols
        for name, each in one.protocol.indicators.items()
    }


def named_asked(found: Phrase, asked: Mapping[str, str]) -> Phrase:
    """A reason whose questions are called as people call them."""
    if "indicators" not in found.params:
        return found
    names = str(found.params["indicators"]).split(", ")
    said = " ".join(asked.get(each, each) for each in names)
    return Phrase(found.key, {**found.params, "indicators": said})


def reasons_of(gap: Gap, titles: Mapping[str, str]) -> str:
    """Why a gap stands where it stands; threats by their names."""
    return phrases(
        Phrase(_THREATS, {"threats": ", ".join(titles.get(each, each) for each in gap.threats)})
        if each.key == _THREATS
        else each
        for each in gap.reasons
    )  # fmt: skip


# --- the plan -------------------------------------------------------------------------------------


def plan_section(papers: RoundPapers) -> Section:
    """The costed plan: as a table, in time, and item by item with its due diligence."""
    plan = papers.whole.plan
    if not plan:
        none = Paragraph(render("note.paper-no-plan"))
        return section(render("name.paper-plan"), none)
    blocks: list[Block] = [Paragraph(render("note.paper-plan"), "muted")]
    blocks += _early(plan)
    drawn = plan_picture(plan, papers.today)
    blocks += [drawn] if drawn else []
    assistance = {
        name: plain(each.title)
        for one in papers.whole.protocols
        for name, each in one.protocol.assistance.items()
    }
    blocks += [_plan(plan, assistance), _costs(plan), Heading(render("name.paper-items"))]
    titles = {each.item.id: each.title for each in plan}
    asked = asked_in(papers.whole.protocols)
    for place, each in enumerate(plan, start=1):
        decided = decided_words(papers, each)
        blocks += [
            Heading(f"{place}. {each.title}", 3),
            _item(each, assistance, titles, decided, asked),
        ]
    return section(render("name.paper-plan"), *blocks, starts_page=True)


def _early(plan: Sequence[Planned]) -> list[Block]:
    """Which items begin before what they depend on is over."""
    titles = {each.item.id: each.title for each in plan}
    return [
        Paragraph(
            render(
                "note.paper-too-early",
                item=each.title,
                needed="; ".join(titles.get(id, id) for id in each.too_early_for),
            ),
            "warn",
        )
        for each in plan
        if each.too_early_for
    ]


def decided_words(papers: RoundPapers, planned: Planned) -> str:
    """Who approved, rejected or finished an item, for whom and when; empty: nobody yet."""
    state = planned.item.state
    if state is ItemState.PROPOSED:
        return ""
    if planned.decided_at is None:
        return render("name.paper-decided-unrecorded")
    on = papers.day_of(planned.decided_at).isoformat()
    if not planned.decided_by:
        return render("note.paper-decided-on", state=state_name(state), on=on)
    side = "country" if planned.decided_for_country else "programme"
    return render(
        f"note.paper-decided-{side}", state=state_name(state), on=on, by=planned.decided_by
    )


def is_held(planned: Planned) -> bool:
    """Whether something is in the way of an item that is proposed or approved."""
    is_open = planned.item.state in (ItemState.PROPOSED, ItemState.APPROVED)
    return bool(planned.obstacles) and is_open


def cost_of(planned: Planned) -> Cost:
    """What sums need of an item."""
    return Cost(
        planned.item.state, planned.donor, planned.currency, planned.cost_minor, is_held(planned)
    )


def state_name(state: ItemState) -> str:
    """Name the state of an item."""
    return render(f"name.paper-item-{state.value}")


def _plan(plan: Sequence[Planned], assistance: Mapping[str, str]) -> Block:
    return table(
        render("name.paper-plan"),
        (
            Column(render("name.paper-col-item"), 0.31),
            Column(render("name.paper-col-state"), 0.13),
            Column(render("name.paper-col-when"), 0.16),
            Column(render("name.paper-col-who"), 0.24),
            Column(render("name.paper-col-cost"), 0.16, is_number=True),
        ),
        [
            (
                cell(
                    strong(f"{place}. {each.title}"),
                    each.output,
                    muted(assistance.get(each.item.assistance, each.item.assistance)),
                ),
                cell(
                    state_name(each.item.state),
                    strong(render("name.paper-held")) if is_held(each) else None,
                ),
                cell(day(each.begins_on), _months(each)),
                cell(
                    each.owner,
                    muted(_named(render("name.paper-partner"), each.partner)),
                    muted(_named(render("name.paper-donor"), each.donor)),
                ),
                cell(money(each.cost_minor, each.currency)),
            )
            for place, each in enumerate(plan, start=1)
        ],
    )


def _months(planned: Planned) -> str:
    return render("note.paper-months", count=planned.months) if planned.months else ""


def _named(name: str, value: str) -> str:
    return f"{name}: {value}" if value else ""


def _costs(plan: Sequence[Planned]) -> Block:
    """Sum by currency: approved, proposed and held back apart, and what has no donor."""
    costs = [cost_of(each) for each in plan]
    without = {
        each.currency: each.all_minor for each in totals(costs, by_donor=True) if not each.donor
    }
    return table(
        render("name.paper-costs"),
        (
            Column(render("name.paper-col-currency"), 0.13),
            Column(render("name.paper-col-items"), 0.11, is_number=True),
            Column(render("name.paper-col-approved"), 0.19, is_number=True),
            Column(render("name.paper-col-proposed"), 0.19, is_number=True),
            Column(render("name.paper-col-held"), 0.19, is_number=True),
            Column(render("name.paper-col-no-donor"), 0.19, is_number=True),
        ),
        [
            (
                cell(each.currency),
                cell(str(each.items)),
                *(
                    cell(money(amount, each.currency))
                    for amount in (
                        each.approved_minor, each.proposed_minor, each.held_minor,
                        without.get(each.currency, 0),
                    )
                ),
            )
            for each in totals(costs)
        ],
        empty=render("note.paper-no-costs"),
    )  # fmt: skip


def _item(
    planned: Planned,
    assistance: Mapping[str, str],
    titles: Mapping[str, str],
    decided: str,
    asked: Mapping[str, str],
) -> Block:
    item = planned.item
    obstacles = phrases(named_asked(each, asked) for each in planned.obstacles)
    return facts(
        planned.title,
        [
            (render("name.paper-col-state"), cell(state_name(item.state))),
            (render("name.paper-decided"), cell(decided)),
            (render("name.paper-reason"), cell(planned.state_reason)),
            (render("name.paper-moved-because"), cell(planned.position_reason)),
            (render("name.paper-answers"), cell(*(asked.get(each) for each in item.indicators))),
            (render("name.paper-help"), cell(assistance.get(item.assistance, item.assistance))),
            (render("name.book-output"), cell(planned.output)),
            (render("name.book-outcome"), cell(planned.outcome)),
            (render("name.book-impact"), cell(planned.impact)),
            (render("name.paper-success"), cell(planned.success)),
            (render("name.paper-col-cost"), cell(money(planned.cost_minor, planned.currency),
                                                 muted(planned.cost_basis), *_lines(planned))),
            (render("name.paper-depends"),
             cell("; ".join(titles.get(each, each) for each in item.depends_on))),
            (render("name.paper-forces"),
             cell(render("name.paper-yes" if item.to_security_forces else "name.paper-no"),
                  item.not_forces_reason)),
            (render("name.paper-diligence"), _diligence(item.due_diligence)),
            (render("name.paper-obstacles"), cell(strong(obstacles)) if obstacles else ()),
        ],
    )  # fmt: skip


def _lines(planned: Planned) -> Iterable[Line]:
    """What makes up the cost: how many units at which rate."""
    for each in planned.lines:
        rate = money(each.rate_minor, planned.currency)
        total = money(each.total_minor, planned.currency)
        yield muted(f"{each.what}: {quantity_text(each.quantity)} × {rate} / {each.unit} = {total}")


def _diligence(record: DueDiligence | None) -> Cell:
    if record is None:
        return ()
    return cell(
        strong(render(f"name.paper-decision-{record.decision}")),
        _named(render("name.paper-risk"), record.risk),
        _named(render("name.paper-mitigation"), record.mitigation),
        muted(render("note.paper-decided", by=record.by, on=record.review_on)),
    )
