"""Figures against their targets, what was corrected since, and who took part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.words import render, render_phrase
from kancil.programme.counting.shown import without_days_said
from kancil.programme.donor_report import ActivitySaid, FigureSaid, People, Said
from kancil.records.small_groups import LEAST
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Halves,
    Heading,
    Line,
    Paragraph,
    Table,
    cell,
    muted,
    strong,
    table,
)
from kancil.reports.programme.country.saying import DASH

from .saying import count, number, word

MOST_HEADLINES = 6


def headline_table(said: Said) -> Table:
    """The first few figures of page 1: those of all countries first."""
    first = sorted(said.figures, key=lambda each: bool(each.country))[:MOST_HEADLINES]
    columns = (
        Column(render("name.donor-col-indicator"), 0.52),
        Column(render("name.donor-col-value"), 0.16, is_number=True),
        Column(render("name.donor-col-target"), 0.16, is_number=True),
        Column(render("name.donor-col-reached"), 0.16, is_number=True),
    )
    rows = [
        (
            cell(strong(each.title), muted(_of(each))),
            cell(_value(each, each.value), muted(beside_value(each))),
            cell(_value(each, each.target)),
            cell(_reached(each)),
        )
        for each in first
    ]
    return table(render("name.donor-headlines"), columns, rows)


def figures_table(said: Said) -> Table:
    """All figures of the period with their rules."""
    empty = render("note.donor-no-figures")
    return _figures(said.figures, render("name.donor-figures"), empty)


def apart_table(said: Said) -> Block | None:
    """Figures that count days outside the period; nothing where there are none."""
    if not said.figures_apart:
        return None
    return _figures(said.figures_apart, render("name.donor-figures-apart"), "")


def _figures(figures: Sequence[FigureSaid], caption: str, empty: str) -> Table:
    columns = (
        Column(render("name.donor-col-indicator"), 0.46),
        Column(render("name.donor-col-baseline"), 0.12, is_number=True),
        Column(render("name.donor-col-before"), 0.14, is_number=True),
        Column(render("name.donor-col-value"), 0.14, is_number=True),
        Column(render("name.donor-col-target"), 0.14, is_number=True),
    )
    rows = [
        (
            _about(each),
            cell(_value(each, each.baseline)),
            cell(_value(each, each.before)),
            cell(
                strong(_value(each, each.value)), muted(_reached(each)), muted(beside_value(each))
            ),
            cell(_value(each, each.target)),
        )
        for each in figures
    ]
    return table(caption, columns, rows, empty=empty)


def _about(each: FigureSaid) -> Cell:
    lines: list[Line | None] = [
        strong(each.title),
        muted(_of(each)),
        Line(each.statement),
        muted(rule, render("name.donor-rule")) if (rule := _rule(each)) else None,
        muted(each.source, render("name.donor-entered")) if each.is_entered else None,
        muted(each.contribution, render("name.donor-contribution")) if each.contribution else None,
    ]
    return cell(*lines)


def _rule(each: FigureSaid) -> str:
    return render_phrase(each.rule) if isinstance(each.rule, Phrase) else each.rule


def _of(each: FigureSaid) -> str:
    where = each.country or render("note.donor-all-countries")
    whose = render("note.donor-whole-programme" if each.is_whole else "note.donor-this-grant")
    return " · ".join(filter(None, (each.indicator, where, whose, figure_days(each))))


def figure_days(each: FigureSaid) -> str:
    """The days that a figure counts; nothing where an older report keeps none."""
    if each.period_to is None:
        return ""
    if each.period_from is None:
        return render("note.donor-until", day=each.period_to.isoformat())
    return span(each.period_from, each.period_to)


def figure_line(each: FigureSaid) -> str:
    """One figure in one line, for the screen: name, value, what is left out, target, days."""
    said = f"{_of(each)} · {each.title}: {_value(each, each.value)}"
    beside = f" ({told})" if (told := beside_value(each)) else ""
    return f"{said}{beside}; {render('name.donor-col-target')} {_value(each, each.target)}"


def beside_value(each: FigureSaid) -> str:
    """How many a figure leaves out since their days are not recorded; nothing: nobody."""
    beside = without_days_said(each.without_days)
    return render_phrase(beside) if beside else ""


def _value(each: FigureSaid, value: str | None) -> str:
    if value is None:
        return render("note.donor-hidden")
    if not value:
        return DASH
    return f"{value} %" if each.measure == "percentage" else value


def _reached(each: FigureSaid) -> str:
    part = each.share_of_target
    return "" if part is None else render("note.donor-of-target", percent=part)


def corrections_table(said: Said) -> Block | None:
    """What was corrected, and why; nothing where nothing was."""
    if not said.corrections:
        return None
    columns = (
        Column(render("name.donor-col-indicator"), 0.34),
        Column(render("name.donor-col-was"), 0.13, is_number=True),
        Column(render("name.donor-col-is"), 0.13, is_number=True),
        Column(render("name.donor-col-why"), 0.4),
    )
    rows = [
        (
            cell(strong(each.title), muted(_of(each))),
            cell(_value(each, each.corrected)),
            cell(_value(each, each.value)),
            cell(each.reason),
        )
        for each in said.corrections
    ]
    return table(render("name.donor-corrected"), columns, rows)


def people_blocks(said: Said) -> list[Block]:
    """Who took part: by sex, by profession, by country."""
    people = said.people
    found: list[Block] = [Heading(render("name.donor-people"))]
    found += people_tables(people)
    found.append(activities_table(said))
    return found


def people_tables(people: People, *, is_of_country: bool = False) -> list[Block]:
    """How many took part and were reached, and the splits; `is_of_country`: all are of one."""
    found: list[Block] = [
        Paragraph(render("note.donor-took-part", count=count(people.total)), "lead")
    ]
    if people.reached or people.reached is None:
        told = render(
            "note.donor-reached", count=count(people.reached),
            children=count(people.reached_children),
        )  # fmt: skip
        found.append(Paragraph(told))
    splits = (
        ("sex", people.by_sex), ("profession", people.by_profession), ("", people.by_country),
    )  # fmt: skip
    tables = [_split(kind, cells) for kind, cells in splits if cells]
    if tables and is_of_country:
        found.append(Halves(tuple(tables[:1]), tuple(tables[1:2])))
    elif tables:
        found.append(Halves(tuple(tables[:2]), tuple(tables[2:])))
    if any(value is None for _, cells in splits for value in cells.values()):
        found.append(Paragraph(render("note.donor-hidden-groups", least=LEAST), "muted"))
    return found


def _split(kind: str, cells: Mapping[str, int | None]) -> Table:
    caption = render(f"name.donor-by-{kind or 'country'}")
    columns = (
        Column(render("name.donor-col-group"), 0.7),
        Column(render("name.donor-col-people"), 0.3, is_number=True),
    )
    rows = [(cell(_group(kind, key)), cell(count(value))) for key, value in cells.items()]
    return table(caption, columns, rows)


def _group(kind: str, key: str) -> str:
    return word(kind, key) if kind else key or render("note.donor-regional")


def _sum(key: str, said: Said, minor: int) -> tuple[Cell, ...]:
    cost = cell(strong(number(said.grant.currency, minor)))
    return (cell(strong(render(key))), (), (), (), cost)


def _outside(each: ActivitySaid) -> list[str]:
    """That the grant is not given for an activity, and who decided to pay all the same."""
    why = "; ".join(map(render_phrase, each.outside))
    if not why:
        return []
    if not each.override:
        return [render("note.donor-outside", why=why)]
    told = {"why": why, "name": each.override_by, "reason": each.override}
    return [render("note.donor-outside-decided", **told)]


def activities_table(said: Said) -> Table:
    """The activities that the grant paid for: of joint ones its share alone, others by name."""
    columns = (
        Column(render("name.donor-col-activity"), 0.44),
        Column(render("name.donor-col-when"), 0.16),
        Column(render("name.donor-col-people"), 0.11, is_number=True),
        Column(render("name.donor-col-share"), 0.11),
        Column(render("name.donor-col-cost", currency=said.grant.currency), 0.18, is_number=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for each in said.activities:
        about = f"{each.code} · {word('activity-kind', each.kind)} · {', '.join(each.countries)}"
        marks = [render("note.donor-output", code=each.output)] if each.output else []
        if each.gender_marker:
            marks.append(render("note.donor-gender-marker", marker=each.gender_marker))
        if each.sdg_targets:
            marks.append(render("note.donor-sdg", targets=", ".join(each.sdg_targets)))
        others = render("note.donor-others", names=", ".join(each.others)) if each.others else ""
        rows.append((
            cell(strong(each.title), muted(about), muted(" · ".join(marks)), others,
                 *_outside(each)),
            cell(each.begins_on.isoformat(), muted(word("activity-state", each.state))),
            cell(count(each.took_part)),
            cell(render("note.donor-whole" if each.is_whole else "note.donor-part")),
            cell(number(said.grant.currency, each.cost_minor)),
        ))  # fmt: skip
    if rows:
        rows += [_sum("note.donor-no-activity", said, said.no_activity_minor)]
        rows += [_sum("name.donor-total", said, said.finance.spent_minor)]
    caption = render("name.donor-activities")
    return table(caption, columns, rows, empty=render("note.donor-no-activities"))
