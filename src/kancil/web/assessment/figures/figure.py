"""One figure, open to the answers behind it: what each weighs and brings, what holds it down."""

from __future__ import annotations

from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.answer import Kind, Outcome
from kancil.assessment.behind import Brought
from kancil.assessment.export import exact_text
from kancil.assessment.method import Line, percent_text
from kancil.assessment.protocol import Protocol, Scale, Shape
from kancil.assessment.sensitivity import Bounds
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.queries.figures import Figures, OpenFigure, open_figures
from kancil.desk.assessment.queries.rounds import names_in
from kancil.desk.cases.errors import PageNotFound
from kancil.ground.phrase import Phrase
from kancil.web.assessment.rounds.given import address_of, outcome_tag, said_value
from kancil.web.assessment.rounds.rounds import way
from kancil.web.assessment.site.protocols import code_of, said
from kancil.web.cells import Section, empty, facts, fold_long, link, note, show, table, tag
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page

from .figures import figure_name, full_name, names_said, percent, percent_cell
from .profile import bounds_said, confidences, scored


@page(
    "rounds/<str:round>/<str:protocol>/figures/<str:of>/<str:id>/", "figure", may=READING,
    of="round", within="figures",
)  # fmt: skip
def figure_page(
    request: HttpRequest, sight: Sight, protocol: str, of: str, id: str
) -> HttpResponse:
    """Open a figure; where an area has figures on several scales, all of them."""
    found, opened = open_figures(sight, protocol, of, id)
    scored(found.protocol, sight)
    if not opened:
        raise PageNotFound
    sections: list[Section] = []
    for one in opened:
        sections += _one(sight, found, one, several=len(opened) > 1)
    crumbs = way(sight, found.protocol)
    there = {"round": sight.round, "protocol": found.protocol.name}
    crumbs.append({"url": reverse("profile", kwargs=there), "name": Phrase("web.room.profile")})
    name = figure_name(found.protocol, of, id)
    return show(request, Phrase("web.figure.title", {"name": name}), sections, crumbs=crumbs,
                lead=Phrase("web.figure.lead"))  # fmt: skip


def _one(sight: Sight, found: Figures, one: OpenFigure, *, several: bool) -> list[Section]:
    asked, figure = found.protocol, one.figure
    told: list[tuple[str, Cell]] = [
        ("figures-percent", percent_cell(asked, figure)),
        ("figures-raw", percent(figure.raw_percent) or "–"),
        ("figures-coverage", percent(figure.coverage)),
        ("figures-confirmed", percent(figure.confirmed)),
        ("figures-confidence", confidences(figure)),
        ("figures-scale", said(asked.scales[figure.scale].title)),
    ]
    if one.bounds is not None:
        told.append(("figures-bounds", bounds_said(one.bounds)))
    about = facts("web.figure.about", told)
    sections: list[Section] = [{**about, "heading": full_name(asked, figure, several)}]
    sections += _caps(found, one)
    sections.append(_lines(sight, found, one))
    if one.bounds is not None:
        sections += _turns(sight, found, one.bounds)
    return sections


def _caps(found: Figures, one: OpenFigure) -> list[Section]:
    """Which rule holds the figure down, or may, in the rule's own words."""
    asked, figure = found.protocol, one.figure
    rule = asked.scoring.critical if asked.scoring else None
    sections: list[Section] = []
    if figure.reason is not None:
        sections.append({**note("info", "web.figure.none"), "text": figure.reason})
    if rule is None:
        return sections
    at_most, cap = rule.at_most, f"{rule.cap_percent:g}"
    if figure.capped_by:
        sections.append(
            note("danger", "web.figure.capped", indicators=names_said(figure.capped_by),
                 raw=percent(figure.raw_percent) or "", at_most=at_most, cap=cap)
        )  # fmt: skip
    if figure.uncertain:
        names = names_said(figure.uncertain)
        sections.append(
            note("warn", "web.figure.uncertain", indicators=names, at_most=at_most, cap=cap)
        )
    return sections


def _lines(sight: Sight, found: Figures, one: OpenFigure) -> Section:
    asked = found.protocol
    scale = asked.scales[one.figure.scale]
    rows = [_line(sight, found, scale, each) for each in one.brought]
    is_whole = all(each.line.indicator not in found.kept_back for each in one.brought)
    if is_whole and one.figure.raw_percent is not None:
        total = sum((each.points or Fraction(0) for each in one.brought), Fraction(0))
        rows.append(("", Phrase("web.figure.sum"), "", "", "", "", "", percent(total)))
    columns = (
        "figures-number", "figures-question", "figures-weight>", "figures-answer",
        "figures-state", "figures-grade", "figures-confidence",
        "figures-brings>",
    )  # fmt: skip
    return fold_long(table("web.figure.lines", columns, rows), 25)


def _line(sight: Sight, found: Figures, scale: Scale, each: Brought) -> tuple[Cell, ...]:
    asked, line = found.protocol, each.line
    indicator = asked.indicators[line.indicator]
    question: Cell = said(indicator.question)
    if indicator.critical:
        question = Phrase("web.figure.critical", {"question": said(indicator.question)})
    is_held = line.indicator in found.kept_back
    return (
        link(address_of(sight, asked.name, line.indicator), code_of(asked, line.indicator)),
        question,
        _weight(each),
        _answer(line, scale, is_held=is_held),
        outcome_tag(line.outcome, found.ruled.get(line.indicator)),
        _grade(asked, line, sight, is_held=is_held),
        Phrase(f"web.figures-sure.{line.confidence.value}") if line.confidence else "–",
        _brings(each, is_held=is_held),
    )


def _weight(each: Brought) -> str:
    own = exact_text(each.line.weight)
    return own if each.weight_percent is None else f"{own} ({percent(each.weight_percent)})"


def _answer(line: Line, scale: Scale, *, is_held: bool) -> Cell:
    if is_held:
        return Phrase("web.figures.kept-back")
    if line.value is not None:
        return said_value(scale, line.value)
    if line.outcome is Outcome.DISPUTED:
        return Phrase("web.figures.disputed")
    if line.kind is Kind.NOT_APPLICABLE:
        return Phrase("web.figures.not-applicable")
    if line.kind is Kind.NOT_KNOWN:
        return Phrase("web.figures.not-known")
    return Phrase("web.figures.not-answered")


def _grade(asked: Protocol, line: Line, sight: Sight, *, is_held: bool) -> Cell:
    if is_held:
        return "–"
    if line.grade is not None and line.grade in asked.grades:
        return said(asked.grades[line.grade].label)
    if asked.shape is Shape.PROVISIONS and not sight.of_country:
        return Phrase("web.figures.no-law")
    # To the country's side there are no interviews: that nothing was given would say too much.
    return Phrase("web.figures.no-grade-shown" if sight.of_country else "web.figures.no-evidence")


def _brings(each: Brought, *, is_held: bool) -> Cell:
    if is_held:
        return "–"
    if each.points is None or each.most_points is None:
        return Phrase("web.figures.brings-nothing")
    points, most = percent_text(each.points), percent_text(each.most_points)
    return Phrase("web.figures.brings", {"points": points or "", "most": most or ""})


def _turns(sight: Sight, found: Figures, bounds: Bounds) -> list[Section]:
    """Show how each dispute would move the figure, decided for the one or the other."""
    names, asked = names_in(sight), found.protocol
    rows: list[tuple[Cell, ...]] = []
    for turn in bounds.turns:
        there = address_of(sight, asked.name, turn.indicator)
        rows.append(
            (
                link(there, code_of(asked, turn.indicator)),
                names.get(turn.by, "–"),
                percent(turn.percent) or tag("unknown", "web.figures.no-figure"),
            )
        )
    if not rows:
        return [empty("web.figure.no-turns")] if bounds.disputed else []
    columns = ("figures-number", "figures-who", "figures-percent>")
    key = "web.figure.turns" if bounds.exact else "web.figure.turns-near"
    return [table(key, columns, rows)]
