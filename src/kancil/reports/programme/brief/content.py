"""The brief: two pages for a minister, in plain words, each made of the round's own answers.

It has no figure for the whole country. What does not fit is counted, and stands in the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kancil.assessment.answer import Outcome
from kancil.assessment.comparing import Move
from kancil.assessment.costs import totals, uncosted
from kancil.assessment.export import OneProtocol, Planned
from kancil.assessment.legal import InstrumentStatus, RowStatus
from kancil.assessment.method import Figure
from kancil.assessment.plan import Choice, Gap, ItemState, first_unserved, threat_of
from kancil.assessment.protocol import Shape
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render
from kancil.reports.document.blocks import (
    Block,
    Column,
    Document,
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
from kancil.reports.document.language import document_language
from kancil.reports.programme.country.content import mark_of
from kancil.reports.programme.country.front import period, warnings
from kancil.reports.programme.country.plan import cost_of, id_words, is_held, served_by, state_name
from kancil.reports.programme.country.saying import (
    day,
    figure_title,
    money,
    percent,
    plain,
    stage_label,
)

from .steps import next_steps

_LOWEST = 2
"""How many of the lowest areas are named."""
_HELD = 4
"""How many of the items are named that a blocking gap holds back."""
_LITTLE_CONFIRMED = 50
"""Below so many per cent, little of what was answered is confirmed."""
_STRENGTHS, _GAPS, _ITEMS, _CHOICES, _DISPUTES, _STEPS, _NAMES = 3, 5, 7, 4, 3, 7, 5
"""How many of each two pages have room for."""
_LONG = 190


def brief(papers: RoundPapers) -> Document:
    """The brief of a round, in the spoken language."""
    row = papers.row
    main = _main(papers.whole.protocols)
    found = [
        _stands(papers, main),
        _strengths(main),
        _gaps(papers, main),
        _help(papers.whole.plan),
        _choices(papers, main),
        _disputed(papers.whole.protocols, main),
        _next(papers),
        _reading(main),
    ]
    return Document(
        kind=render("name.brief"),
        title=row.country_name,
        subtitle=f"{row.title}, {period(papers)}",
        language=document_language("name.brief"),
        author=render("name.paper-author"),
        description=render("note.paper-description", country=row.country_name, round=row.title),
        mark=mark_of(papers),
        cover=(
            Paragraph(_made(papers), "muted"),
            *([Paragraph(" ".join(warnings(papers)), "warn")] if warnings(papers) else []),
        ),
        sections=tuple(found),
        footer=render("note.paper-footer", version=papers.whole.kancil),
        has_contents=False,
        is_short=True,
    )


def _made(papers: RoundPapers) -> str:
    """Say on which day it was made, and whether the round was closed by then."""
    today, closed = papers.today.isoformat(), papers.row.closed_at
    if closed is None:
        return render("note.brief-made-open", on=today)
    return render("note.brief-made-closed", on=today, closed=papers.day_of(closed).isoformat())


def _main(protocols: Sequence[OneProtocol]) -> OneProtocol | None:
    """The protocol of indicators by which areas have figures."""
    scored = [each for each in protocols if each.profile is not None and each.profile.figures]
    shaped = [each for each in scored if each.protocol.shape is Shape.INDICATORS]
    return next(iter([*shaped, *scored]), None)


def _few(names: Sequence[str], most: int = _NAMES) -> str:
    told = ", ".join(cut(each, 70) for each in names[:most])
    left = len(names) - most
    return render("note.brief-and-more", names=told, count=left) if left > 0 else told


def _reading(main: OneProtocol | None) -> Section:
    """How to read it: what a percentage and the word of a band are, in one line."""
    bands = main.protocol.scoring.bands if main and main.protocol.scoring else ()
    said = ", ".join(
        render("note.paper-band", band=plain(each.title), at_least=f"{each.min:g}")
        for each in bands
    )
    return section(
        render("name.brief-reading"),
        Paragraph(render("note.brief-bands", bands=said), "muted") if said else None,
        Paragraph(render("note.brief-reading"), "muted"),
    )


# --- where the country stands ---------------------------------------------------------------------


def _stands(papers: RoundPapers, main: OneProtocol | None) -> Section:
    lines = [
        *_areas(main),
        *_lowest(main),
        *_critical(main),
        *_law(papers.whole.protocols),
        *_treaties(papers.whole.protocols),
        *_threats(papers.whole.protocols),
        *_since(papers),
    ]
    return section(render("name.brief-stands"), bullets(lines))


def _of_areas(main: OneProtocol) -> list[Figure]:
    figures = main.profile.figures if main.profile else ()
    return [each for each in figures if each.of in ("area", "instrument")]


def _areas(main: OneProtocol | None) -> Iterable[str]:
    if main is None or main.protocol.scoring is None:
        return
    figures = _of_areas(main)
    counts = [
        render("note.brief-band", count=count, band=plain(band.title))
        for band in reversed(main.protocol.scoring.bands)
        if (count := sum(each.band == band.id for each in figures))
    ]
    none = sum(each.percent is None for each in figures)
    if none:
        counts.append(render("note.brief-no-figure", count=none))
    yield render("note.brief-areas", count=len(figures), bands=", ".join(counts))


def _lowest(main: OneProtocol | None) -> Iterable[str]:
    """Name the lowest areas, whatever is said of strengths."""
    if main is None:
        return
    shown = [(each.percent, each) for each in _of_areas(main) if each.percent is not None]
    low = sorted(shown, key=lambda each: each[0])[:_LOWEST]
    if len(shown) > _LOWEST:
        names = ", ".join(_with_percent(main, each) for _, each in low)
        yield render("note.brief-lowest", areas=names)


def _with_percent(main: OneProtocol, figure: Figure) -> str:
    title = figure_title(main.protocol, figure.of, figure.id)
    return render("note.brief-area", area=title, percent=percent(figure.percent))


def _law(protocols: Sequence[OneProtocol]) -> Iterable[str]:
    """Whether a lawyer signed the matrix, and how much of it rests on a cited law."""
    for one in protocols:
        if one.matrix is not None:
            asked = [each for each in one.matrix.rows if each.status is not RowStatus.NOT_ASKED]
            yield render(
                "note.brief-law-signed" if one.signed else "note.brief-law-draft",
                cited=sum(bool(each.extracts) for each in asked),
                count=len(asked),
            )


def _critical(main: OneProtocol | None) -> Iterable[str]:
    rule = main.protocol.scoring.critical if main and main.protocol.scoring else None
    if main is None or main.profile is None or rule is None or not rule.blocks_intrusive:
        return
    blocking = main.profile.intrusive_blocked_by
    if blocking:
        yield render("note.brief-critical", count=len(blocking))
    else:
        yield render("note.brief-critical-none")


def _treaties(protocols: Sequence[OneProtocol]) -> Iterable[str]:
    for one in protocols:
        if one.matrix is None:
            continue
        short = {id: plain(each.short) for id, each in one.protocol.instruments.items()}
        known = one.matrix.instruments
        named: dict[str, list[str]] = {}
        for each in known:
            named.setdefault(_standing(each), []).append(short[each.instrument])
        dash = render("name.brief-none")
        told = [render("note.brief-treaties", bound=_few(named.get("bound", [])) or dash)]
        told += [
            render(f"note.brief-treaties-{name}", names=_few(named[name]))
            for name in ("signed", "signed-unknown", "not-bound", "unknown")
            if name in named
        ]
        in_force = [short[each.instrument] for each in known if each.in_force_on]
        key = "in-force" if in_force else "in-force-unknown"
        told.append(render(f"note.brief-treaties-{key}", names=_few(in_force)))
        yield f"{'; '.join(told)}."


def _standing(status: InstrumentStatus) -> str:
    """Where a country stands with a treaty: what is not known is not said to be missing."""
    if status.consent not in ("", "none"):
        return "bound"
    is_known = status.consent == "none"
    if status.signed_on:
        return "signed" if is_known else "signed-unknown"
    return "not-bound" if is_known else "unknown"


def _threats(protocols: Sequence[OneProtocol]) -> Iterable[str]:
    for one in protocols:
        if one.protocol.shape is not Shape.THREATS:
            continue
        grave = [
            id_words(name)
            for name, each in one.protocol.indicators.items()
            if threat_of(each, one.settled.get(name)).is_grave
        ]
        if grave:
            yield render("note.brief-threats", threats=_few(grave))
        else:
            yield render("note.brief-threats-none")


def _since(papers: RoundPapers) -> Iterable[str]:
    compared = [each.comparison for each in papers.whole.protocols if each.comparison]
    moved = [each for one in compared for each in one.indicators]
    if papers.row.older is None:
        yield render("note.brief-first")
    elif compared:
        yield render(
            "note.brief-since",
            older=cut(papers.older_title, 60),
            up=sum(each.move is Move.UP for each in moved),
            down=sum(each.move is Move.DOWN for each in moved),
            without=sum(
                each.moved_without_evidence and each.move in (Move.UP, Move.DOWN) for each in moved
            ),
        )
    elif papers.older_title:
        yield render("note.paper-not-compared")


# --- strengths and gaps ---------------------------------------------------------------------------


def _strengths(main: OneProtocol | None) -> Section:
    title = render("name.brief-strengths")
    if main is None:
        return section(title, Paragraph(render("note.paper-profile-none")))
    bands = main.protocol.scoring.bands if main.protocol.scoring else ()
    lowest = min(bands, key=lambda each: each.min).id if bands else None
    above = [
        (each.percent, each) for each in _of_areas(main) if each.percent and each.band != lowest
    ]
    best = sorted(above, key=lambda each: -each[0])[:_STRENGTHS]
    lines = [Line(_strength(main, figure)) for _, figure in best]
    if not lines:
        return section(title, Paragraph(render("note.brief-no-strengths")))
    return section(title, bullets(lines))


def _strength(main: OneProtocol, figure: Figure) -> str:
    """Name an area with what its best agreed and confirmed answer means."""
    bands = {each.id: plain(each.title) for each in main.protocol.scoring.bands} if (
        main.protocol.scoring
    ) else {}  # fmt: skip
    sure = [
        each
        for each in figure.lines
        if each.confirmed and each.value and each.outcome is Outcome.AGREED
    ]
    said = {
        "area": figure_title(main.protocol, figure.of, figure.id),
        "band": bands.get(figure.band or "", ""),
        "percent": percent(figure.percent),
    }
    but = _but(main, figure)
    if not sure:
        return f"{render('note.brief-strength-area', **said)}{but}"
    best = max(sure, key=lambda each: (each.value or 0, each.weight))
    indicator = main.protocol.indicators[best.indicator]
    strength = render(
        "note.brief-strength",
        question=cut(plain(indicator.question), _LONG),
        stage=stage_label(main.protocol, indicator, best.value),
        **said,
    )
    return f"{strength}{but}"


def _but(main: OneProtocol, figure: Figure) -> str:
    """What speaks against calling an area a strength; empty: nothing that is known here."""
    found = []
    if figure.confirmed < _LITTLE_CONFIRMED:
        found.append(render("note.brief-but-confirmed", percent=percent(figure.confirmed)))
    disputed = [
        each
        for each in figure.lines
        if each.outcome is Outcome.DISPUTED and main.protocol.indicators[each.indicator].critical
    ]
    if disputed:
        found.append(render("note.brief-but-disputed", count=len(disputed)))
    scale = main.protocol.scales[figure.scale]
    low = sum(each.value == scale.lowest for each in figure.lines)
    if low:
        label = next((plain(each.label) for each in scale.values if each.value == scale.lowest), "")
        found.append(render("note.brief-but-lowest", count=low, stage=label))
    return "".join(f" {each}" for each in found)


def _gaps(papers: RoundPapers, main: OneProtocol | None) -> Section:
    title = render("name.brief-gaps")
    if main is None:
        return section(title, Paragraph(render("note.paper-profile-none")))
    blocking = main.profile.intrusive_blocked_by if main.profile else ()
    wanted = [each for each in main.gaps if each.wish.choice is not Choice.REJECTED]
    known = [each for each in wanted if each.current is not None] or wanted
    # What blocks stays, whether or not the country wants it closed.
    first = [each for each in main.gaps if each.indicator in blocking]
    pressing = [*first, *(each for each in known if each.indicator not in blocking)]
    unserved = first_unserved(main.gaps, served_by(papers.whole.plan))
    if not main.gaps:
        return section(title, Paragraph(render("note.paper-no-gaps")))
    rows = [
        (cell(strong(cut(plain(main.protocol.indicators[each.indicator].question), _LONG))),
         cell(_why(main, each, papers.whole.plan, unserved)))
        for each in pressing[:_GAPS]
    ]  # fmt: skip
    columns = (
        Column(render("name.brief-col-gap"), 0.46), Column(render("name.brief-col-why"), 0.54),
    )  # fmt: skip
    shown = {each.indicator for each in pressing[:_GAPS]}
    left = [
        each
        for one in papers.whole.protocols
        for each in one.gaps
        if each.wish.choice is not Choice.REJECTED and not (one is main and each.indicator in shown)
    ]
    return section(title, table(title, columns, rows), _more(len(left), "gaps"))


def _why(main: OneProtocol, gap: Gap, plan: Sequence[Planned], unserved: Sequence[str]) -> str:
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
        threats = _few([id_words(each) for each in gap.threats], 3)
        said.append(render("note.brief-gap-threats", threats=threats))
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


def _more(left: int, what: str = "") -> Paragraph | None:
    key = f"note.brief-more-{what}" if what else "note.brief-more"
    return Paragraph(render(key, count=left), "muted") if left > 0 else None


# --- help, choice, disputes, next steps -----------------------------------------------------------


def _help(plan: Sequence[Planned]) -> Section:
    title = render("name.brief-help")
    open_ones = [each for each in plan if each.item.state in _OPEN]
    if not open_ones:
        return section(title, Paragraph(render("note.paper-no-plan")), starts_page=True)
    rows = [
        (
            cell(strong(cut(each.title, 110))),
            cell(cut(each.owner, 60)),
            cell(day(each.begins_on)),
            cell(state_name(each.item.state),
                 muted(render("name.brief-held")) if is_held(each) else None),
            cell(money(each.cost_minor, each.currency)),
        )
        for each in open_ones[:_ITEMS]
    ]  # fmt: skip
    columns = (
        Column(render("name.paper-col-item"), 0.36),
        Column(render("name.paper-col-owner"), 0.22),
        Column(render("name.paper-col-when"), 0.13),
        Column(render("name.paper-col-state"), 0.14),
        Column(render("name.paper-col-cost"), 0.15, is_number=True),
    )
    blocks: list[Block | None] = [table(title, columns, rows), _more(len(open_ones) - _ITEMS)]
    return section(title, *blocks, Paragraph(_costs(open_ones)), starts_page=True)


_OPEN = (ItemState.PROPOSED, ItemState.APPROVED)


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


def _choices(papers: RoundPapers, main: OneProtocol | None) -> Section:
    lines = []
    for gap in main.gaps if main else ():
        if gap.wish.choice is not Choice.OPEN:
            question = cut(plain(main.protocol.indicators[gap.indicator].question), 120) if (
                main
            ) else ""  # fmt: skip
            lines.append(
                render(
                    f"note.brief-choice-{gap.wish.choice.name.lower()}",
                    question=question,
                    reason=cut(gap.wish.reason, 120),
                ).strip()
            )
    for each in papers.whole.plan:
        if each.item.state is ItemState.REJECTED:
            reason = cut(each.state_reason, 120)
            lines.append(
                render("note.brief-item-rejected", title=cut(each.title, 110), reason=reason)
            )
    title = render("name.brief-choices")
    if not lines:
        return section(title, Paragraph(render("note.brief-no-choices")))
    return section(title, bullets(lines[:_CHOICES]), _more(len(lines) - _CHOICES))


def _disputed(protocols: Sequence[OneProtocol], main: OneProtocol | None) -> Section:
    said, titles = [], []
    for one in protocols:
        differ = one.disputed
        if differ:
            said.append(
                render(
                    "note.brief-disputed", count=len(differ), asked=len(one.asked),
                    protocol=plain(one.protocol.title),
                )
            )  # fmt: skip
        if one is main:
            titles = [cut(plain(each.question), 130) for each in differ[:_DISPUTES]]
    title = render("name.brief-disputed")
    if not said:
        return section(title, Paragraph(render("note.brief-no-disputes")))
    return section(title, Paragraph(" ".join(said)), bullets(titles) if titles else None)


def _next(papers: RoundPapers) -> Section:
    title = render("name.brief-next")
    steps = next_steps(papers)
    columns = (
        Column(render("name.paper-col-step"), 0.52),
        Column(render("name.paper-col-owner"), 0.3),
        Column(render("name.paper-col-due"), 0.18),
    )
    rows = [
        (
            cell(cut(each.what, 130)),
            cell(cut(each.owner, 70)),
            cell(day(each.on), strong(render("name.paper-late")) if each.is_late else None),
        )
        for each in steps[:_STEPS]
    ]
    empty = render("note.brief-no-steps")
    as_of = Paragraph(render("note.brief-steps-as-of", on=papers.today.isoformat()), "muted")
    blocks: list[Block | None] = [
        as_of if steps else None,
        table(title, columns, rows, empty=empty),
        _more(len(steps) - _STEPS),
    ]
    return section(title, *blocks)
