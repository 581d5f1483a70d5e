"""Commands from gap to plan: what is short, what the country wants, items and due diligence."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import typer

from kancil.assessment.planning.amounts import read_amount
from kancil.assessment.planning.costs import CostLine, read_line
from kancil.assessment.planning.plan import Choice, Feasibility
from kancil.cli.programme.door import (
    IndicatorName,
    Programme,
    ProtocolName,
    RoundName,
    chosen,
    day,
    maybe_day,
    plain,
    shown,
)
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.words import render

ItemName = Annotated[str, typer.Argument(metavar="ITEM", help="Id of the item.")]
_SHOWN_GAPS = 30
Read = TypeVar("Read")


def plan(
    context: typer.Context,
    round: RoundName,
    protocol: ProtocolName = None,
    all_gaps: Annotated[bool, typer.Option("--all", help="Print every gap.")] = False,
) -> None:
    """Show gaps in order with reasons, and the plan with its obstacles.

    Gaps in the suggested order, each with its reasons, and the items of the plan with what
    keeps them from being approved. The order is a suggestion that a named person changes.

        kancil assess plan 'First round'
    """
    programme = Programme(context)
    sight = programme.sight(round)
    from kancil.desk.assessment.kept_protocols import protocol_in
    from kancil.desk.assessment.queries.plans import plan_of, shortfall_of

    short = {
        name: shortfall_of(sight, name)
        for name in programme.protocols(sight, protocol)
        if protocol_in(sight, name).scoring is not None
    }
    gaps = {name: each.gaps for name, each in short.items()}
    unanswered = {name: len(each.unanswered) for name, each in short.items()}
    items = plan_of(sight, programme.today)
    value: dict[str, Any] = {
        "id": sight.round,
        "gaps": {
            name: [{"id": each.indicator, **plain(each)} for each in found]
            for name, found in gaps.items()
        },
        "unanswered": unanswered,
        "items": [plain(each) for each in items],
    }

    def text() -> None:
        screen = programme.door.screen
        for name, found in gaps.items():
            known = [each for each in found if all_gaps or each.current is not None]
            screen.title(name)
            for each in known if all_gaps else known[:_SHOWN_GAPS]:
                screen.say(f"{each.indicator}: " + " ".join(shown(one) for one in each.reasons))
            if len(known) < len(found):
                screen.say(render("note.assess-gaps-unknown", count=len(found) - len(known)))
            if unanswered[name]:
                screen.say(render("note.assess-gaps-unanswered", count=unanswered[name]))
        for item in items:
            screen.title(f"{item.title} ({item.state.value}, {item.id})")
            for obstacle in item.obstacles:
                screen.say("  " + shown(obstacle))

    programme.show(value, text)


def gap_choose(
    context: typer.Context,
    round: RoundName,
    indicator: IndicatorName,
    choice: Annotated[str, typer.Argument(help="first, open, later or rejected.")],
    reason: Annotated[str, typer.Option(help="Why; needed for a rejection.")] = "",
    protocol: ProtocolName = None,
) -> None:
    """Record the country's own choice for a gap.

    What the country itself wants of a gap. By its focal point.

        kancil assess gap choose 'First round' LF01 first
    """
    programme = Programme(context)
    sight = programme.sight(round)
    chosen(choice, [each.name.lower() for each in Choice], "CHOICE")
    name = programme.protocol(sight, protocol, [indicator])
    from kancil.desk.assessment.actions.plans import set_choice

    set_choice(
        by=programme.person,
        round=sight.round,
        protocol=name,
        indicator=indicator,
        choice=Choice[choice.upper()],
        reason=reason,
    )
    programme.done(indicator, "done.assess-gap", indicator=indicator)


def gap_target(
    context: typer.Context,
    round: RoundName,
    indicator: IndicatorName,
    target: Annotated[
        int | None, typer.Option(help="Stage up to which it is to be closed.")
    ] = None,
    feasibility: Annotated[
        str, typer.Option(help="ready, with-effort, not-assessed or hard.")
    ] = "not-assessed",
    protocol: ProtocolName = None,
) -> None:
    """Set the stage up to which a gap is to be closed, and how soon it can be.

    Up to which stage a gap is to be closed, and how soon it can. By the lead or a programme
    officer.

        kancil assess gap target 'First round' LF01 --target 3 --feasibility ready
    """
    programme = Programme(context)
    sight = programme.sight(round)
    known = {each.name.lower().replace("_", "-"): each for each in Feasibility}
    chosen(feasibility, list(known), "--feasibility")
    name = programme.protocol(sight, protocol, [indicator])
    from kancil.desk.assessment.actions.plans import set_target

    set_target(
        by=programme.person,
        round=sight.round,
        protocol=name,
        indicator=indicator,
        target=target,
        feasibility=known[feasibility],
    )
    programme.done(indicator, "done.assess-gap", indicator=indicator)


def item_add(
    context: typer.Context,
    round: RoundName,
    title: Annotated[str, typer.Argument(help="The activity.")],
    indicator: Annotated[list[str], typer.Option(help="A gap that it closes; repeat.")],
    assistance: Annotated[str, typer.Option(help="Kind of help, as the protocol has it.")],
    owner: Annotated[str, typer.Option(help="Who owns it in the country.")],
    success: Annotated[str, typer.Option(help="By what it is seen that it worked.")],
    concept: Annotated[
        list[str] | None, typer.Option(help="What it answers, as the protocol has it; repeat.")
    ] = None,
    partner: Annotated[str, typer.Option(help="Who carries it out with them.")] = "",
    donor: Annotated[str, typer.Option(help="Who pays.")] = "",
    begins: Annotated[str | None, typer.Option(help="First day.")] = None,
    months: Annotated[int, typer.Option(help="How long.")] = 1,
    cost: Annotated[
        str | None,
        typer.Option(metavar="AMOUNT", help="12000, 12,000 or 12000.50; not with lines."),
    ] = None,
    line: Annotated[
        list[str] | None,
        typer.Option(
            metavar="'WHAT|UNIT|RATE|QUANTITY'", help="A line of the cost; repeat. They are summed."
        ),
    ] = None,
    currency: Annotated[str, typer.Option(help="Three letters, EUR.")] = "",
    cost_basis: Annotated[str, typer.Option(help="How the cost was estimated.")] = "",
    output: Annotated[str, typer.Option(help="What the item itself delivers.")] = "",
    outcome: Annotated[str, typer.Option(help="What the owner does otherwise for it.")] = "",
    impact: Annotated[str, typer.Option(help="What changes for people.")] = "",
    security_forces: Annotated[
        bool, typer.Option("--security-forces", help="It supports police or security forces.")
    ] = False,
    not_forces: Annotated[
        str,
        typer.Option(
            metavar="REASON", help="Why it is no support to police, though it looks like it."
        ),
    ] = "",
    depends_on: Annotated[
        list[str] | None, typer.Option(metavar="ITEM", help="What must be there first; repeat.")
    ] = None,
    language: Annotated[str, typer.Option(help="Of its texts: en, ar, es.")] = "",
    protocol: ProtocolName = None,
) -> None:
    """Add an item to the plan, proposed.

    An item at the end of the plan, proposed. By the lead or a programme officer.

        kancil assess plan-item add 'First round' 'Draft the act' --indicator LF01 --assistance
        legislative_advice --owner 'Ministry of Justice' --success 'A bill is tabled'
    """
    programme = Programme(context)
    sight = programme.sight(round)
    name = programme.protocol(sight, protocol, indicator)
    from kancil.desk.assessment.actions.plans import ItemDraft, add_item

    draft = ItemDraft(
        title=title,
        protocol=name,
        indicators=tuple(indicator),
        assistance=assistance,
        owner=owner,
        success=success,
        concepts=tuple(concept or ()),
        partner=partner,
        donor=donor,
        begins_on=maybe_day(begins, "--begins"),
        months=months,
        cost_minor=None if cost is None else _minor(cost),
        lines=tuple(_line(each) for each in line or ()),
        output=output,
        outcome=outcome,
        impact=impact,
        currency=currency,
        cost_basis=cost_basis,
        to_security_forces=security_forces,
        not_forces_reason=not_forces,
        depends_on=tuple(depends_on or ()),
        language=language,
    )
    programme.added("item", add_item(by=programme.person, round=sight.round, draft=draft), title)


def _minor(text: str) -> int:
    """Read an amount in hundredths; raises OptionNotUsable."""
    return _read("--cost", text, read_amount(text))


def _line(text: str) -> CostLine:
    parts = text.split("|")
    found = read_line(parts) if len(parts) == 4 else Phrase("why.line-not-whole")
    return _read("--line", text, found)


def _read(option: str, text: str, found: Read | Phrase) -> Read:
    if isinstance(found, Phrase):
        raise OptionNotUsable(option=option, value=text[:40], why=found)
    return found


def item_approve(context: typer.Context, round: RoundName, item: ItemName) -> None:
    """Approve an item of the plan.

    By a programme officer, where nothing stands in its way.

        kancil assess plan-item approve 'First round' ID
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.plans import approve_item

    approve_item(
        by=programme.person, round=programme.round(round), item=item, today=programme.today
    )
    programme.done(item, "done.assess-item-approved")


def item_reject(
    context: typer.Context,
    round: RoundName,
    item: ItemName,
    reason: Annotated[str, typer.Option(help="Why, in words.")],
) -> None:
    """Reject an item of the plan, with a reason.

    By the country's focal point or a programme officer; the reason stays with it.

        kancil assess plan-item reject 'First round' ID --reason 'not a priority this year'
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.plans import reject_item

    reject_item(by=programme.person, round=programme.round(round), item=item, reason=reason)
    programme.done(item, "done.assess-item-rejected")


def item_done(
    context: typer.Context,
    round: RoundName,
    item: ItemName,
    outcome: Annotated[str, typer.Option(help="By what it is seen.")] = "",
) -> None:
    """Mark an approved item as done.

    An approved item is done. By the lead or a programme officer.

        kancil assess plan-item done 'First round' ID --outcome 'tabled on 3 March'
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.plans import finish_item

    finish_item(by=programme.person, round=programme.round(round), item=item, outcome=outcome)
    programme.done(item, "done.assess-item-done")


def diligence_add(
    context: typer.Context,
    round: RoundName,
    item: ItemName,
    risk: Annotated[str, typer.Option(help="What could go wrong for whom.")],
    mitigation: Annotated[str, typer.Option(help="What is done about it.")],
    decision: Annotated[str, typer.Option(help="proceed, proceed-with-conditions or refuse.")],
    decided_by: Annotated[str, typer.Option(help="Who decided.")],
    review_on: Annotated[str, typer.Option("--review", help="Day of the review.")],
) -> None:
    """Record human rights due diligence for an item of the plan.

    A Human Rights Due Diligence record: without one, support to police or security forces is
    not approved. A newer one stands after it; one that refuses takes an approval back.

        kancil assess diligence add 'First round' ID --risk 'misuse' --mitigation 'vetting'
        --decision proceed --decided-by 'The committee' --review 2027-01-31
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.plans import add_due_diligence

    id = add_due_diligence(
        by=programme.person,
        round=programme.round(round),
        item=item,
        risk=risk,
        mitigation=mitigation,
        decision=decision,
        decided_by=decided_by,
        review_on=day(review_on, "--review"),
    )
    programme.added("diligence", id, decision)
