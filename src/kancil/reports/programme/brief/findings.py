"""The second page of a brief: findings, what presses, what comes next, what is not known."""

from __future__ import annotations

from collections.abc import Sequence

from kancil.assessment.export import OneProtocol, Planned
from kancil.assessment.method import Figure
from kancil.assessment.narrative import area_section
from kancil.assessment.planning.plan import Choice, Gap, first_unserved
from kancil.assessment.sensitivity import Bounds
from kancil.desk.assessment.queries.narratives import TextRow
from kancil.desk.assessment.queries.papers import RoundPapers, other_language
from kancil.ground.words import render
from kancil.reports.document.blocks import (
    Block,
    Column,
    Line,
    Paragraph,
    Section,
    bullets,
    cell,
    cut,
    muted,
    section,
    strong,
    table,
)
from kancil.reports.programme.country.plan import is_held, served_by, threat_names
from kancil.reports.programme.country.saying import (
    DASH,
    day,
    figure_title,
    percent,
    plain,
    stage_label,
    statement,
)

from .facts import areas_of, few_names, law_counted, safeguards, treaties
from .steps import next_steps

_GAPS, _STEPS, _HELD = 4, 6, 4
"""How many of each the page has room for."""
_LONG = 170


def findings(papers: RoundPapers, main: OneProtocol | None) -> Section:
    """Each area with its figure, its range, and one sentence."""
    title = render("name.brief-findings")
    figures = areas_of(main)
    if main is None or not figures:
        none = Paragraph(render("note.paper-profile-none"))
        return section(title, none, starts_page=True)
    bounds = {(each.of, each.id, each.scale): each for each in main.bounds}
    written = [_written(papers, main, each) for each in figures]
    columns = (
        Column(render("name.paper-col-area"), 0.24),
        Column(render("name.paper-col-reached"), 0.09, is_number=True),
        Column(render("name.brief-col-range"), 0.13, is_number=True),
        Column(render("name.brief-col-finding"), 0.54),
    )
    rows = [
        (
            cell(strong(figure_title(main.protocol, each.of, each.id))),
            cell(percent(each.percent)),
            cell(range_words(bounds.get((each.of, each.id, each.scale)))),
            cell(_finding(said) or _pressing(main, each)),
        )
        for each, said in zip(figures, written, strict=True)
    ]
    note = [render("note.brief-range"), *_bands(main)]
    if left := len(figures) - sum(bool(each) for each in written):
        note.insert(0, render("note.brief-findings-counted", count=left, all=len(figures)))
    return section(
        title, table(title, columns, rows), Paragraph(" ".join(note), "muted"), starts_page=True
    )


def range_words(bounds: Bounds | None) -> str:
    """How far disputes could move a figure; a dash where nothing is disputed."""
    if bounds is None or bounds.low is None:
        return DASH
    return f"{percent(bounds.low)}–{percent(bounds.high)}"


def _finding(said: TextRow | None) -> Line | None:
    return Line(said.text, language=other_language(said)) if said else None


def _written(papers: RoundPapers, main: OneProtocol, figure: Figure) -> TextRow | None:
    return papers.text(area_section(main.protocol.name, figure.id), "finding")


def _pressing(main: OneProtocol, figure: Figure) -> Line:
    """The most pressing gap of an area as a statement, quiet: nobody wrote it."""
    of = {line.indicator for line in figure.lines}
    gaps = [each for each in main.gaps if each.indicator in of]
    known = [each for each in gaps if each.current is not None] or gaps
    if not known:
        return muted(render("note.brief-area-no-gap"))
    indicator = main.protocol.indicators[known[0].indicator]
    return muted(cut(statement(main.protocol, indicator, known[0].current), _LONG))


def _bands(main: OneProtocol) -> list[str]:
    bands = main.protocol.scoring.bands if main.protocol.scoring else ()
    said = ", ".join(
        render("note.paper-band", band=plain(each.title), at_least=f"{each.min:g}")
        for each in bands
    )
    return [render("note.brief-bands", bands=said)] if said else []


# --- what presses -------------------------------------------------------------------------------


def gaps_and_law(papers: RoundPapers, main: OneProtocol | None) -> Section:
    """The gaps that press most, as statements, and where the country stands with the law."""
    title = render("name.brief-gaps")
    law = [*safeguards(main), *law_counted(papers.whole.protocols),
           *treaties(papers.whole.protocols)]  # fmt: skip
    facts: list[Block] = [bullets(law)] if law else []
    if main is None:
        return section(title, Paragraph(render("note.paper-profile-none")), *facts)
    if not main.gaps:
        none = " ".join([render("note.paper-answered-reached"), *_unanswered(papers)])
        return section(title, Paragraph(none), *facts)
    shown = _most_pressing(main)
    unserved = first_unserved(main.gaps, served_by(papers.whole.plan))
    names = threat_names(papers.whole.protocols)
    rows = [
        (cell(strong(cut(statement(main.protocol, main.protocol.indicators[each.indicator],
                                   each.current), _LONG))),
         cell(_why(main, each, papers.whole.plan, unserved, names)))
        for each in shown
    ]  # fmt: skip
    columns = (
        Column(render("name.brief-col-gap"), 0.52), Column(render("name.brief-col-why"), 0.48),
    )  # fmt: skip
    left = sum(
        each.wish.choice is not Choice.REJECTED and not (one is main and each in shown)
        for one in papers.whole.protocols
        for each in one.gaps
    )
    more = [render("note.brief-more-gaps", count=left)] if left else []
    more += _unanswered(papers)
    left_out = Paragraph(" ".join(more), "muted") if more else None
    return section(title, table(title, columns, rows), left_out, *facts)


def _unanswered(papers: RoundPapers) -> list[str]:
    """How many questions nobody answered, which are no gaps; nothing where there are none."""
    count = sum(len(each.unanswered) for each in papers.whole.protocols if each.protocol.scoring)
    return [render("note.brief-unanswered", count=count)] if count else []


def _most_pressing(main: OneProtocol) -> list[Gap]:
    """What blocks stays, whether or not the country wants it closed."""
    blocking = main.profile.intrusive_blocked_by if main.profile else ()
    wanted = [each for each in main.gaps if each.wish.choice is not Choice.REJECTED]
    known = [each for each in wanted if each.current is not None] or wanted
    first = [each for each in main.gaps if each.indicator in blocking]
    return [*first, *(each for each in known if each.indicator not in blocking)][:_GAPS]


def _why(
    main: OneProtocol,
    gap: Gap,
    plan: Sequence[Planned],
    unserved: Sequence[str],
    threats: dict[str, str],
) -> str:
    """In plain words why a gap presses."""
    indicator = main.protocol.indicators[gap.indicator]
    said = [
        render(
            "note.brief-gap",
            now=stage_label(main.protocol, indicator, gap.current),
            wanted=stage_label(main.protocol, indicator, gap.target),
        )
    ]
    if main.profile is not None and gap.indicator in main.profile.intrusive_blocked_by:
        said.append(render("note.brief-gap-critical"))
        if gap.wish.choice is Choice.REJECTED:
            said.append(render("note.brief-gap-rejected", items=_held_titles(plan)))
    if gap.threats:
        names = few_names([threats.get(each, each) for each in gap.threats], 3)
        said.append(render("note.brief-gap-threats", threats=names))
    if gap.wish.choice is Choice.FIRST:
        said.append(render("note.brief-gap-first"))
    if gap.indicator in unserved:
        said.append(render("note.brief-gap-unserved"))
    return " ".join(said)


def _held_titles(plan: Sequence[Planned]) -> str:
    """Name the items of the plan that bring intrusive help and are held back."""
    titles = [
        each.title
        for each in plan
        if is_held(each) and any(one.key.startswith(_INTRUSIVE) for one in each.obstacles)
    ]
    return "; ".join(cut(each, 70) for each in titles[:_HELD]) or render("name.brief-no-item")


_INTRUSIVE = "why.plan-intrusive"


# --- what comes next, and what is not known -----------------------------------------------------


def next_section(papers: RoundPapers) -> Section:
    """The next steps with owner and day, the earliest first."""
    title, steps = render("name.brief-next"), next_steps(papers)
    columns = (
        Column(render("name.paper-col-step"), 0.54),
        Column(render("name.paper-col-owner"), 0.3),
        Column(render("name.paper-col-due"), 0.16),
    )
    rows = [
        (
            cell(cut(each.what, 130)),
            cell(cut(each.owner, 70)),
            cell(day(each.on) + (f" · {render('name.paper-late')}" if each.is_late else "")),
        )
        for each in steps[:_STEPS]
    ]
    more = [render("note.brief-steps-as-of", on=papers.today.isoformat())]
    if len(steps) > _STEPS:
        more.append(render("note.brief-more", count=len(steps) - _STEPS))
    return section(
        title,
        table(title, columns, rows, empty=render("note.brief-no-steps")),
        Paragraph(" ".join(more), "muted") if steps else None,
    )


def unchecked(papers: RoundPapers) -> Section:
    """What a reader might take for granted and must not, in one paragraph."""
    said = []
    for one in papers.whole.protocols:
        if one.disputed:
            said.append(
                render(
                    "note.brief-disputed", count=len(one.disputed), asked=len(one.asked),
                    protocol=plain(one.protocol.title),
                )
            )  # fmt: skip
    said.append(render("note.brief-reading"))
    return section(render("name.paper-unchecked"), Paragraph(" ".join(said), "muted"))
