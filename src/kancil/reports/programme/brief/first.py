"""The first page of a brief: strengths, what moved, what comes first, the country's own voice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kancil.assessment.answer import Outcome
from kancil.assessment.export import OneProtocol, Planned
from kancil.assessment.narrative import SITUATION, STRENGTHS
from kancil.assessment.planning.costs import totals, uncosted
from kancil.assessment.planning.plan import Choice, Gap, ItemState
from kancil.assessment.planning.timing import Timed
from kancil.assessment.settling import agreement
from kancil.assessment.voice import CommentSaid, ReplyOutcome
from kancil.desk.assessment.queries.papers import RoundPapers, other_language
from kancil.ground.words import render
from kancil.reports.document.blocks import (
    Block,
    Column,
    Halves,
    Heading,
    Line,
    Paragraph,
    Section,
    Voice,
    bullets,
    cell,
    cut,
    muted,
    section,
    strong,
    table,
)
from kancil.reports.programme.charts import MovedBar, since_bars
from kancil.reports.programme.country.evidence import evidence_of
from kancil.reports.programme.country.pictures import about, picture
from kancil.reports.programme.country.plan import cost_of, is_held
from kancil.reports.programme.country.saying import (
    DASH,
    figure_title,
    money,
    statement,
)
from kancil.reports.programme.country.voice import said_of, who_said

from .facts import grave_threats, law_counted, lowest, safeguards, since

_STRENGTHS, _BARS, _ITEMS, _CHOICES, _COMMENTS = 3, 5, 5, 3, 2
"""How many of each a page has room for."""
_LONG, _LONGER, _TITLE, _OWNER = 170, 260, 120, 60
OPEN = (ItemState.PROPOSED, ItemState.APPROVED)
"""States of items that are still to be done."""


def opening(papers: RoundPapers, main: OneProtocol | None) -> list[Block]:
    """The situation as the team wrote it; else what is counted, said to be so."""
    if said := papers.text(SITUATION):
        return [Paragraph(said.text, "opening", other_language(said))]
    protocols = papers.whole.protocols
    counted = [*lowest(main), *safeguards(main), *grave_threats(protocols), *law_counted(protocols)]
    found: list[Block] = [Paragraph(" ".join(counted), "opening")] if counted else []
    return [*found, Paragraph(render("note.brief-no-situation"), "muted")]


def first_half(papers: RoundPapers, main: OneProtocol | None) -> Halves:
    """Strengths, and beside them what moved."""
    return Halves(tuple(_strengths(papers, main)), tuple(_moved(papers, main)))


def _strengths(papers: RoundPapers, main: OneProtocol | None) -> list[Block]:
    title = Heading(render("name.brief-strengths"), 1)
    if said := papers.text(STRENGTHS):
        lines = [each for each in said.text.splitlines() if each.strip()]
        return [title, bullets(Line(each, language=other_language(said)) for each in lines)]
    found = list(_best(main))[:_STRENGTHS] if main else []
    if not found:
        return [title, Paragraph(render("note.brief-strengths-none"))]
    return [title, bullets(found), Paragraph(render("note.brief-strengths-best"), "muted")]


def _best(main: OneProtocol) -> Iterable[str]:
    """The best agreed answers that evidence confirms, one of an area, as statements."""
    reached = {}
    for figure in main.profile.figures if main.profile else ():
        scale = main.protocol.scales[figure.scale]
        wanted = sorted(int(each.value) for each in scale.values)[-2:][0]
        sure = [
            each
            for each in figure.lines
            if each.confirmed and each.outcome is Outcome.AGREED and (each.value or 0) >= wanted
        ]
        if sure and figure.of in ("area", "instrument"):
            reached[figure.id] = max(sure, key=lambda each: (each.value or 0, each.weight))
    ranked = sorted(reached.values(), key=lambda each: (each.value or 0, each.weight), reverse=True)
    for line in ranked:
        indicator = main.protocol.indicators[line.indicator]
        yield cut(statement(main.protocol, indicator, line.value), _LONGER)


def _moved(papers: RoundPapers, main: OneProtocol | None) -> list[Block]:
    title = Heading(render("name.brief-moved"), 1)
    told = " ".join(since(papers))
    comparison = main.comparison if main else None
    if main is None or comparison is None:
        return [title, Paragraph(told or render("note.brief-not-compared"))]
    both = [
        (abs(each.now - each.before), each)
        for each in comparison.figures
        if each.of != "sector" and each.now is not None and each.before is not None
    ]
    most = [each for _, each in sorted(both, key=lambda each: -each[0])[:_BARS]]
    bars = [
        MovedBar(figure_title(main.protocol, each.of, each.id), each.before, each.now)
        for each in comparison.figures
        if each in most
    ]
    note = " ".join([
        render("note.brief-bars", older=cut(papers.older_title, 60), count=len(bars),
               all=len(both)),
        *_agreed(main),
        render("note.brief-no-ranking", country=papers.row.country_name),
    ])  # fmt: skip
    of = about("brief-moved", render("name.brief-moved"), note, 400)
    drawn = [picture(since_bars(bars, of), of)] if bars else []
    return [title, *drawn, Paragraph(f"{told} {note}", "muted")]


def _agreed(main: OneProtocol) -> list[str]:
    """How far the assessors gave the same answers, and how often they settled one."""
    found = agreement(main.settled, (each.id for each in main.asked))
    told = [render("note.brief-alike", alike=found.alike, asked=found.asked)]
    if found.settled:
        told.append(render("note.brief-settled", count=found.settled))
    if found.single:
        told.append(render("note.brief-single", count=found.single))
    return told


# --- what comes first ---------------------------------------------------------------------------


def priorities(papers: RoundPapers) -> Section:
    """The first items of the plan: what, why, who, by when, and what it costs."""
    still = [each for each in papers.whole.plan if each.item.state in OPEN]
    is_few = len(still) < _ITEMS
    title = render("name.brief-priorities-few" if is_few else "name.brief-priorities")
    if not still:
        return section(title, Paragraph(render("note.paper-no-plan")))
    gaps = {(one.protocol.name, each.indicator): (one, each)
            for one in papers.whole.protocols for each in one.gaps}  # fmt: skip
    columns = (
        Column(render("name.paper-col-place"), 0.06),
        Column(render("name.brief-col-what"), 0.49),
        Column(render("name.brief-col-who"), 0.2),
        Column(render("name.brief-col-by"), 0.11),
        Column(render("name.paper-col-cost"), 0.15, is_number=True),
    )
    rows = [
        (
            cell(str(place)),
            cell(strong(cut(each.title, _TITLE)), *_why(each, list(gaps.values()))),
            cell(cut(each.owner, _OWNER)),
            cell(_by(each)),
            cell(money(each.cost_minor, each.currency)),
        )
        for place, each in enumerate(still[:_ITEMS], start=1)
    ]
    left = len(still) - _ITEMS
    more = [render("note.brief-more", count=left)] if left > 0 else []
    return section(
        title, table(title, columns, rows), Paragraph(" ".join([*more, _costs(still)]), "muted")
    )


def _why(planned: Planned, gaps: Sequence[tuple[OneProtocol, Gap]]) -> list[Line]:
    """The most pressing gap that an item closes, as a sentence, and what holds the item back."""
    served = [each for each in gaps if each[1].indicator in planned.item.indicators]
    found = []
    if served:
        one, gap = served[0]
        indicator = one.protocol.indicators[gap.indicator]
        found.append(muted(cut(statement(one.protocol, indicator, gap.current), _LONG)))
    if any(gap.wish.choice is Choice.FIRST for _, gap in served):
        found.append(Line(render("note.brief-gap-first")))
    if is_held(planned):
        found.append(Line(render("note.brief-held")))
    return found


def _by(planned: Planned) -> str:
    ends = Timed("", planned.begins_on, planned.months, ()).ends_on
    return f"{ends:%Y-%m}" if ends else DASH


def _costs(plan: Sequence[Planned]) -> str:
    costs = [cost_of(each) for each in plan]
    missing, sums = uncosted(costs), totals(costs)
    if not sums:
        return render("note.paper-no-costs")
    without = [each for each in totals(costs, by_donor=True) if not each.donor]

    def told(amounts: Iterable[tuple[int, str]]) -> str:
        found = [money(amount, currency) for amount, currency in amounts if amount]
        return ", ".join(found) or render("name.brief-no-cost")

    found = render(
        "note.brief-costs",
        approved=told((each.approved_minor, each.currency) for each in sums),
        proposed=told((each.proposed_minor, each.currency) for each in sums),
        held=told((each.held_minor, each.currency) for each in sums),
        without=told((each.all_minor, each.currency) for each in without),
        count=len(plan) - missing,
    )
    return f"{found} {render('note.brief-not-costed', count=missing)}" if missing else found


# --- the country's own voice --------------------------------------------------------------------


def asked_for(papers: RoundPapers) -> Section:
    """What the country chose, and what it says beside the team's answers."""
    title = Heading(render("name.brief-asked-for", country=papers.row.country_name), 1)
    choices = list(_choices(papers))
    said: list[Block] = []
    for each in sorted(papers.comments, key=_weight)[:_COMMENTS]:
        quote = render("note.paper-quoted", text=cut(each.text, 300))
        of = cut(said_of(papers.whole.protocols, each), _LONG)
        said.append(Paragraph(" ".join(filter(None, (of, quote, who_said(papers, each))))))
    left = max(0, len(choices) - _CHOICES) + max(0, len(papers.comments) - _COMMENTS)
    if choices:
        said.insert(0, bullets(choices[:_CHOICES]))
    if not choices:
        said.append(Paragraph(render("note.brief-no-choices")))
    if not papers.comments:
        said.append(Paragraph(render("note.brief-no-comments"), "muted"))
    if left:
        said.append(Paragraph(render("note.brief-more", count=left), "muted"))
    return section("", Voice((title, *said)))


def _weight(comment: CommentSaid) -> tuple[bool, bool]:
    """What is said of the report's own texts first, then what the team did not just note."""
    is_noted = bool(comment.replies) and comment.replies[-1].outcome is ReplyOutcome.NOTED
    return not comment.section, is_noted


def _choices(papers: RoundPapers) -> Iterable[str]:
    for one in papers.whole.protocols:
        for gap in one.gaps:
            if gap.wish.choice is not Choice.OPEN:
                indicator = one.protocol.indicators[gap.indicator]
                yield render(
                    f"note.brief-choice-{gap.wish.choice.name.lower()}",
                    question=cut(statement(one.protocol, indicator, gap.current), _LONG),
                    reason=cut(gap.wish.reason, 120),
                ).strip()
    for each in papers.whole.plan:
        if each.item.state is ItemState.REJECTED:
            yield render(
                "note.brief-item-rejected", title=cut(each.title, _TITLE),
                reason=cut(each.state_reason, 120),
            )  # fmt: skip


# --- what it rests on ---------------------------------------------------------------------------


def basis(papers: RoundPapers) -> str:
    """Count what the findings rest on, for the foot of the page."""
    protocols = papers.whole.protocols
    answered = sum(now.answer is not None for one in protocols for now in one.settled.values())
    found = [
        render(
            "note.brief-basis", answers=answered, evidence=len(evidence_of(papers.whole)),
            withheld=len(papers.withheld),
        )
    ]  # fmt: skip
    for one in protocols:
        if one.matrix is not None:
            counts = papers.compared.get(one.protocol.name)
            count = counts.compared if counts else 0
            key = "note.brief-compared" if count else "note.brief-compared-none"
            found.append(render(key, count=count, all=len(one.protocol.indicators)))
    forces = [each for each in papers.whole.plan
              if each.item.to_security_forces and each.item.state in OPEN]  # fmt: skip
    weighed = sum(each.item.due_diligence is not None for each in forces)
    if forces:
        found.append(render("note.brief-forces", count=len(forces), weighed=weighed))
    return " ".join(found)
