"""What is counted from a round's answers for its brief, one sentence a fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kancil.assessment.comparing import Move
from kancil.assessment.export import OneProtocol
from kancil.assessment.law.bills import cites_law
from kancil.assessment.law.matrix import InstrumentStatus, RowStatus
from kancil.assessment.method import Figure
from kancil.assessment.planning.plan import threat_of
from kancil.assessment.protocol import Shape
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render
from kancil.reports.document.blocks import cut
from kancil.reports.programme.country.saying import asked_words, figure_title, percent, plain

_LOWEST, _NAMES = 2, 5
"""How many of the lowest areas, and of other things, are named."""


def main_protocol(protocols: Sequence[OneProtocol]) -> OneProtocol | None:
    """The protocol of indicators by which areas have figures."""
    scored = [each for each in protocols if each.profile is not None and each.profile.figures]
    shaped = [each for each in scored if each.protocol.shape is Shape.INDICATORS]
    return next(iter([*shaped, *scored]), None)


def areas_of(main: OneProtocol | None) -> list[Figure]:
    """The figures of its areas or instruments, in the protocol's order."""
    figures = main.profile.figures if main and main.profile else ()
    return [each for each in figures if each.of in ("area", "instrument")]


def counted_headline(main: OneProtocol | None, country: str) -> str:
    """What stands as headline until somebody writes one: the areas by the names of their bands."""
    if main is None or main.protocol.scoring is None:
        return country
    figures = areas_of(main)
    counts = [
        render("note.brief-band", count=count, band=plain(band.title))
        for band in reversed(main.protocol.scoring.bands)
        if (count := sum(each.band == band.id for each in figures))
    ]
    if none := sum(each.percent is None for each in figures):
        counts.append(render("note.brief-no-figure", count=none))
    bands = ", ".join(counts)
    return render("note.brief-counted", country=country, count=len(figures), bands=bands)


def lowest(main: OneProtocol | None) -> Iterable[str]:
    """Name the lowest areas, whatever is said of strengths."""
    if main is None:
        return
    shown = [(each.percent, each) for each in areas_of(main) if each.percent is not None]
    low = sorted(shown, key=lambda each: each[0])[:_LOWEST]
    if len(shown) > _LOWEST:
        names = [
            render(
                "note.brief-area",
                area=figure_title(main.protocol, each.of, each.id),
                percent=percent(each.percent),
            )
            for _, each in low
        ]
        yield render("note.brief-lowest", areas=", ".join(names))


def law_counted(protocols: Sequence[OneProtocol]) -> Iterable[str]:
    """Whether a lawyer signed the matrix, and how much of it rests on a cited law."""
    for one in protocols:
        if one.matrix is not None:
            asked = [each for each in one.matrix.rows if each.status is not RowStatus.NOT_ASKED]
            yield render(
                "note.brief-law-signed" if one.signed else "note.brief-law-draft",
                cited=sum(cites_law(one.matrix, each) for each in asked),
                count=len(asked),
            )


def safeguards(main: OneProtocol | None) -> Iterable[str]:
    """Whether basic safeguards are so low that intrusive help waits."""
    rule = main.protocol.scoring.critical if main and main.protocol.scoring else None
    if main is None or main.profile is None or rule is None or not rule.blocks_intrusive:
        return
    blocking = main.profile.intrusive_blocked_by
    if blocking:
        yield render("note.brief-critical", count=len(blocking))
    else:
        yield render("note.brief-critical-none")


def treaties(protocols: Sequence[OneProtocol]) -> Iterable[str]:
    """Where the country stands with treaties; what is not known is not said to be missing."""
    for one in protocols:
        if one.matrix is None:
            continue
        short = {id: plain(each.short) for id, each in one.protocol.instruments.items()}
        known = one.matrix.instruments
        named: dict[str, list[str]] = {}
        for each in known:
            named.setdefault(_standing(each), []).append(short[each.instrument])
        dash = render("name.brief-none")
        told = [render("note.brief-treaties", bound=few_names(named.get("bound", [])) or dash)]
        told += [
            render(f"note.brief-treaties-{name}", names=few_names(named[name]))
            for name in ("signed", "signed-unknown", "not-bound", "unknown")
            if name in named
        ]
        in_force = [short[each.instrument] for each in known if each.in_force_on]
        key = "in-force" if in_force else "in-force-unknown"
        told.append(render(f"note.brief-treaties-{key}", names=few_names(in_force)))
        yield f"{'; '.join(told)}."


def _standing(status: InstrumentStatus) -> str:
    """Where a country stands with a treaty: what is not known is not said to be missing."""
    if status.consent not in ("", "none"):
        return "bound"
    is_known = status.consent == "none"
    if status.signed_on:
        return "signed" if is_known else "signed-unknown"
    return "not-bound" if is_known else "unknown"


def grave_threats(protocols: Sequence[OneProtocol]) -> Iterable[str]:
    """Name the threats that are both common and grave."""
    for one in protocols:
        if one.protocol.shape is not Shape.THREATS:
            continue
        grave = [
            asked_words(one.protocol, each)
            for name, each in one.protocol.indicators.items()
            if threat_of(each, one.settled.get(name)).is_grave
        ]
        if grave:
            yield render("note.brief-threats", threats=few_names(grave))
        else:
            yield render("note.brief-threats-none")


def since(papers: RoundPapers) -> Iterable[str]:
    """What moved since the older round, or why that is not known."""
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


def few_names(names: Sequence[str], most: int = _NAMES) -> str:
    """Name some, and count the rest."""
    told = ", ".join(cut(each, 70) for each in names[:most])
    left = len(names) - most
    return render("note.brief-and-more", names=told, count=left) if left > 0 else told
