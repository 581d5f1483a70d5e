"""Profile: what each area and sector reaches, what caps it, and how far disputes could move it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kancil.assessment.export import OneProtocol
from kancil.assessment.method import Figure, Profile
from kancil.assessment.protocol import Confidence, Protocol
from kancil.assessment.sensitivity import Bounds
from kancil.ground.words import render
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Paragraph,
    Section,
    bullets,
    cell,
    muted,
    section,
    strong,
    table,
)

from .pictures import areas_picture
from .saying import (
    DASH,
    asked_words,
    figure_line,
    figure_title,
    percent,
    phrases,
    plain,
    stage_words,
    told,
)


def profile_section(protocols: Sequence[OneProtocol]) -> Section:
    """The figures of every protocol that has some; never added up, and no country's rank."""
    blocks: list[Block] = [Paragraph(render("note.paper-profile"), "muted")]
    for each in protocols:
        if each.profile is not None and each.profile.figures:
            blocks += _of_protocol(each, each.profile)
    if len(blocks) == 1:
        blocks.append(Paragraph(render("note.paper-profile-none")))
    return section(render("name.paper-profile"), *blocks, starts_page=True)


def _of_protocol(one: OneProtocol, profile: Profile) -> list[Block]:
    blocks: list[Block] = [
        Heading(plain(one.protocol.title)),
        Paragraph(
            render(
                "note.paper-made-with",
                protocol=one.protocol.name,
                method=profile.method,
                standing=render(f"name.paper-standing-{one.protocol.standing.value}"),
            ),
            "muted",
        ),
    ]
    for of in ("area", "instrument", "sector"):
        figures = ordered(one.protocol, [each for each in profile.figures if each.of == of])
        if figures:
            title = render(f"name.paper-by-{of}")
            blocks.append(Heading(title, 3))
            drawn = areas_picture(one, figures, of) if of == "area" else None
            blocks += [drawn] if drawn else []
            blocks.append(_figures(one, figures, f"{plain(one.protocol.title)}: {title}"))
    return blocks + _critical(one, profile) + _disputes(one, profile)


def ordered(protocol: Protocol, figures: Sequence[Figure]) -> list[Figure]:
    """Put figures in the order in which the protocol names what they are of."""
    names = [*protocol.areas, *protocol.instruments, *protocol.sectors]
    return sorted(figures, key=lambda each: (names.index(each.id), each.scale))


def _figures(one: OneProtocol, figures: Sequence[Figure], caption: str) -> Block:
    bounds = {(each.of, each.id, each.scale): each for each in one.bounds}
    return table(
        caption,
        (
            Column(render("name.paper-col-area"), 0.27),
            Column(render("name.paper-col-reached"), 0.11, is_number=True),
            Column(render("name.paper-col-coverage"), 0.11, is_number=True),
            Column(render("name.paper-col-confirmed"), 0.11, is_number=True),
            Column(render("name.paper-col-sureness"), 0.16),
            Column(render("name.paper-col-limits"), 0.24),
        ),
        [
            _figure_row(one.protocol, each, bounds.get((each.of, each.id, each.scale)))
            for each in figures
        ],
    )


def _figure_row(protocol: Protocol, figure: Figure, bounds: Bounds | None) -> Sequence[Cell]:
    bands = {each.id: each for each in protocol.scoring.bands} if protocol.scoring else {}
    band = bands.get(figure.band or "")
    several = _has_several_scales(protocol)
    return (
        cell(
            strong(figure_title(protocol, figure.of, figure.id)),
            told(protocol.scales[figure.scale].title, "muted") if several else None,
        ),
        cell(
            figure_line(protocol, figure, "percent", figure.percent, "strong"),
            told(band.title) if band else None,
        ),
        cell(figure_line(protocol, figure, "coverage", figure.coverage, "plain")),
        cell(figure_line(protocol, figure, "confirmed", figure.confirmed, "plain")),
        cell(_sureness(figure)),
        cell(*_limits(protocol, figure, bounds)) or cell(DASH),
    )


def _has_several_scales(protocol: Protocol) -> bool:
    used = {each.scale for each in protocol.indicators.values() if each.scale}
    return len(used) > 1


def _sureness(figure: Figure) -> Line:
    """Count how sure the answers behind a figure are."""
    found = Counter(each.confidence for each in figure.lines if each.confidence)
    return Line(
        ", ".join(
            render(f"note.paper-sure-{level.value}", count=found[level])
            for level in Confidence
            if found[level]
        )
        or DASH
    )


def _limits(protocol: Protocol, figure: Figure, bounds: Bounds | None) -> list[Line]:
    """In words what holds a figure down, and what is not settled in it."""
    found = []
    if figure.reason is not None:
        found.append(Line(phrases([figure.reason])))
    if figure.capped_by:
        cap = protocol.scoring.critical if protocol.scoring else None
        found.append(
            Line(
                render(
                    "note.paper-capped",
                    cap=f"{cap.cap_percent:g}" if cap else "",
                    raw=percent(figure.raw_percent),
                    count=len(figure.capped_by),
                )
            )
        )
    if figure.uncertain:
        found.append(Line(render("note.paper-uncertain", count=len(figure.uncertain))))
    if bounds is not None:
        found.append(
            Line(
                render(
                    "note.paper-bounds", low=percent(bounds.low), high=percent(bounds.high),
                    count=len(bounds.disputed),
                )
            )
        )  # fmt: skip
    return found


def _critical(one: OneProtocol, profile: Profile) -> list[Block]:
    """Which critical questions are answered so low that they cap or block."""
    rule = one.protocol.scoring.critical if one.protocol.scoring else None
    if rule is None:
        return []
    blocks: list[Block] = [
        Heading(render("name.paper-critical"), 3),
        Paragraph(
            render(
                "note.paper-critical-rule",
                at_most=rule.at_most,
                cap=f"{rule.cap_percent:g}",
            )
        ),
    ]
    low = sorted(
        {
            line.indicator
            for figure in profile.figures
            for line in figure.lines
            if one.protocol.indicators[line.indicator].critical
            and line.value is not None
            and line.value <= rule.at_most
        }
        | set(profile.intrusive_blocked_by)
    )
    if not low:
        blocks.append(Paragraph(render("note.paper-critical-none")))
        return blocks
    if profile.intrusive_blocked_by:
        blocks.append(Paragraph(render("note.paper-blocked"), "warn"))
    capped = {
        name: [figure_title(one.protocol, each.of, each.id) for each in profile.figures
               if name in each.capped_by]
        for name in low
    }  # fmt: skip
    blocks.append(
        table(
            render("name.paper-critical"),
            (
                Column(render("name.paper-col-question"), 0.52),
                Column(render("name.paper-col-stage"), 0.2),
                Column(render("name.paper-col-caps"), 0.28),
            ),
            [
                (
                    cell(strong(asked_words(one.protocol, one.protocol.indicators[name]))),
                    cell(_stage_now(one, name)),
                    cell(
                        ", ".join(capped[name])
                        or muted(render("name.paper-caps-none", cap=f"{rule.cap_percent:g}")),
                        strong(render("name.paper-blocks"))
                        if name in profile.intrusive_blocked_by
                        else None,
                    ),
                )
                for name in low
            ],
        )
    )
    return blocks


def _stage_now(one: OneProtocol, name: str) -> str:
    now = one.settled.get(name)
    given = now.answer.given if now and now.answer else None
    value = given.value if given is not None else None
    indicator = one.protocol.indicators[name]
    return stage_words(one.protocol, indicator, value if isinstance(value, int) else None)


def _disputes(one: OneProtocol, profile: Profile) -> list[Block]:
    """List what is disputed, and how far that could move the figures."""
    disputed = one.disputed
    if not disputed:
        return []
    blocks: list[Block] = [
        Heading(render("name.paper-disputes"), 3),
        Paragraph(render("note.paper-disputes", count=len(disputed))),
        bullets(asked_words(one.protocol, each) for each in disputed),
    ]
    if one.bounds:
        figures = {(each.of, each.id, each.scale): each for each in profile.figures}
        blocks.append(
            table(
                render("name.paper-what-if"),
                (
                    Column(render("name.paper-col-area"), 0.34),
                    Column(render("name.paper-col-shown"), 0.12, is_number=True),
                    Column(render("name.paper-col-low"), 0.12, is_number=True),
                    Column(render("name.paper-col-high"), 0.12, is_number=True),
                    Column(render("name.paper-col-disputes"), 0.3, is_number=True),
                ),
                [
                    _bounds_row(one.protocol, each, figures[each.of, each.id, each.scale])
                    for each in one.bounds
                ],
            )
        )
    return blocks


def _bounds_row(protocol: Protocol, bounds: Bounds, figure: Figure) -> Sequence[Cell]:
    name = f"{protocol.name}/bounds/{bounds.of}/{bounds.id}/{bounds.scale}"
    return (
        cell(strong(figure_title(protocol, figure.of, figure.id))),
        cell(Line(percent(bounds.percent), figure=f"{name}/percent")),
        cell(Line(percent(bounds.low), figure=f"{name}/low")),
        cell(Line(percent(bounds.high), figure=f"{name}/high")),
        cell(
            str(len(bounds.disputed)),
            None if bounds.exact else muted(render("note.paper-bounds-searched")),
        ),
    )
