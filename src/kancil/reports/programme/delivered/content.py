"""One page on what was done in a country, from its needs to what changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kancil.ground.days import span
from kancil.ground.words import render
from kancil.programme.delivered import CountryProgramme, Done, Need
from kancil.records.small_groups import LEAST
from kancil.reports.document.blocks import (
    PROGRAMME,
    Column,
    Document,
    Line,
    Paragraph,
    Section,
    Table,
    cell,
    muted,
    section,
    table,
)
from kancil.reports.document.language import document_language
from kancil.reports.programme.donor.figures import beside_value, figure_days, people_tables
from kancil.reports.programme.donor.saying import many, word

MOST_ACTIVITIES, MOST_NEEDS, MOST_FIGURES, MOST_HANDOVERS = 8, 6, 5, 5


def country_page(of: CountryProgramme, *, kancil: str, on: date) -> Document:
    """The page in the spoken language; `on`: the day on which it is made."""
    return Document(
        kind=render("name.delivered"),
        title=render("name.delivered-in", name=of.name),
        subtitle=on.isoformat(),
        language=document_language("name.delivered"),
        author=render("name.donor-author"),
        description=render("note.delivered-description"),
        mark=render("name.region-mark-invented") if of.is_invented else "",
        cover=(Paragraph(answer(of), "lead"),),
        sections=tuple(_sections(of)),
        footer=render("note.paper-footer", version=kancil),
        has_contents=False,
        is_short=True,
        accent=PROGRAMME,
    )


def answer(of: CountryProgramme) -> str:
    """In one or two sentences: what was done, for whom, and which needs wait."""
    total = of.people.total
    people = render("note.donor-few", least=LEAST) if total is None else many("people", total)
    told = render("note.delivered-answer", activities=many("activities", len(of.done)),
                  people=people, name=of.name)  # fmt: skip
    if of.needs:
        answered = len(of.needs) - len(of.unanswered)
        told += " " + render("note.delivered-needs", count=answered, of=len(of.needs))
    return told


def _sections(of: CountryProgramme) -> list[Section]:
    found = [
        section(render("name.delivered-needs"), needs_table(of.needs)),
        section(render("name.donor-people"), *people_tables(of.people, is_of_country=True)),
        section(render("name.delivered-activities"), activities_table(of.activities)),
    ]
    if of.handovers:
        found.append(section(render("name.delivered-equipment"), _equipment(of)))
    if of.figures:
        found.append(section(render("name.donor-results"), _figures(of)))
    limits = " ".join(render(f"note.delivered-{each}") for each in ("released", "contribution"))
    return [*found, section(render("name.delivered-limits"), Paragraph(limits, "muted"))]


def needs_table(needs: Sequence[Need]) -> Table:
    """Need, activities, and the score before and after."""
    columns = (
        Column(render("name.delivered-need"), 0.36),
        Column(render("name.delivered-answered-by"), 0.32),
        Column(render("name.delivered-change"), 0.32),
    )
    rows = [
        (
            cell(Line(f"{each.title} ({each.round})", "strong")),
            cell(*(_activity(one) for one in each.activities))
            or cell(muted(render("note.delivered-unanswered"))),
            cell(*change_lines(each)),
        )
        for each in needs[:MOST_NEEDS]
    ]
    caption = render("name.delivered-needs")
    return table(caption, columns, rows, empty=render("note.delivered-no-needs"),
                 note=_left(len(needs), MOST_NEEDS))  # fmt: skip


def change_lines(need: Need) -> list[str]:
    """Each area with its score in the need's round, and in the next one."""
    found = []
    for each in need.changes:
        if not each.next:
            found.append(render("note.delivered-no-next", name=each.name, first=each.first))
        elif each.first:
            found.append(render("note.delivered-change", name=each.name, first=each.first,
                                next=each.next, round=each.next_round))  # fmt: skip
        else:
            found.append(render("note.delivered-only-next", name=each.name, next=each.next,
                                round=each.next_round))  # fmt: skip
    return found or [render("note.delivered-no-score")]


def _activity(each: Done) -> Line:
    return Line(f"{each.code} · {each.title} ({word('activity-state', each.state)})")


def _left(count: int, most: int) -> str:
    return render("note.delivered-more", count=count - most) if count > most else ""


def activities_table(rows: Sequence[Done]) -> Table:
    """The newest activities."""
    columns = (
        Column(render("name.donor-col-activity"), 0.52),
        Column(render("name.delivered-kind"), 0.18),
        Column(render("name.donor-col-dates"), 0.18),
        Column(render("name.delivered-state"), 0.12),
    )
    body = [
        (
            cell(f"{each.code} · {each.title}"),
            cell(word("activity-kind", each.kind)),
            cell(span(each.begins_on, each.ends_on)),
            cell(word("activity-state", each.state)),
        )
        for each in rows[:MOST_ACTIVITIES]
    ]
    caption = render("name.delivered-activities")
    return table(caption, columns, body, empty=render("note.delivered-no-activities"),
                 note=_left(len(rows), MOST_ACTIVITIES))  # fmt: skip


def _equipment(of: CountryProgramme) -> Table:
    columns = (
        Column(render("name.delivered-what"), 0.4),
        Column(render("name.delivered-to"), 0.3),
        Column(render("name.delivered-handed"), 0.15),
        Column(render("name.delivered-in-use"), 0.15),
    )
    rows = [
        (
            cell(f"{each.quantity} × {each.what}"),
            cell(each.organisation),
            cell(each.handed_on.isoformat()),
            cell(
                render("note.delivered-not-checked") if each.in_use is None
                else render("chart.count-of", count=str(each.in_use), of=str(each.quantity)),
                muted(each.checked_on.isoformat() if each.checked_on else ""),
            ),
        )
        for each in of.handovers[:MOST_HANDOVERS]
    ]  # fmt: skip
    caption, left = render("name.delivered-equipment"), _left(len(of.handovers), MOST_HANDOVERS)
    return table(caption, columns, rows, note=left)


def _figures(of: CountryProgramme) -> Table:
    columns = (
        Column(render("name.donor-col-indicator"), 0.6),
        Column(render("name.donor-col-value"), 0.2, is_number=True),
        Column(render("name.donor-col-target"), 0.2, is_number=True),
    )
    rows = [
        (
            cell(f"{each.indicator} · {each.title}", muted(figure_days(each))),
            cell(each.value or render("note.donor-hidden"), muted(beside_value(each))),
            cell(each.target),
        )
        for each in of.figures[:MOST_FIGURES]
    ]
    return table(render("name.donor-results"), columns, rows)
