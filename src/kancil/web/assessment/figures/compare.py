"""A round beside an older one of its country: what moved, by what evidence, what cannot be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.answer import Outcome, Settled
from kancil.assessment.comparing import Comparison, FigureMoved, Move, Moved
from kancil.assessment.method import percent_text
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.queries.figures import Compared, comparable_rounds, compared_with
from kancil.desk.assessment.queries.rounds import RoundRow, round_of
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.charts import MovedBar, moved_bars
from kancil.web.assessment.rounds.given import address_of, evidence_names, said_given
from kancil.web.assessment.rounds.rounds import way
from kancil.web.assessment.site.protocols import code_of, said
from kancil.web.cells import (
    Section,
    asking,
    chart,
    empty,
    facts,
    fold_long,
    link,
    note,
    number,
    shortened,
    show,
    table,
    tag,
)
from kancil.web.forms import WordsForm, choose
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

from .figures import GROUPS, abouts, figure_name, percent

_MOVED = (
    Move.UP, Move.DOWN, Move.CHANGED, Move.KNOWN_NOW, Move.NO_LONGER_KNOWN,
)  # fmt: skip
_APART = (Move.NEW, Move.DROPPED, Move.NOT_COMPARABLE)


class OlderForm(WordsForm):
    """With which older round to compare."""

    compared_round = forms.ChoiceField(choices=())


@page(
    "rounds/<str:round>/<str:protocol>/compare/",
    "compare",
    may=READING,
    of="round",
    within="figures",
)
def compare(request: HttpRequest, sight: Sight, protocol: str) -> HttpResponse:
    """Show what moved since an older round of the same country."""
    asked = protocol_in(sight, protocol)
    person = person_of(request)
    others = comparable_rounds(person, sight)
    title = Phrase("web.compare.title", {"title": said(asked.title)})
    if not others:
        there = reverse("figures", kwargs={"round": sight.round})
        sections: list[Section] = [empty("web.compare.none", url=there)]
        return show(request, title, sections, crumbs=way(sight, asked))
    own = round_of(sight).row
    before = own.older if own.older in {row.id for row in others} else others[0].id
    chosen = OlderForm(
        request.GET if "compared_round" in request.GET else None, initial={"compared_round": before}
    )
    choose(chosen, "compared_round", [(row.id, _named(row)) for row in others])
    sections = []
    if chosen.is_bound and not chosen.is_valid():
        return show(request, title, [asking("web.compare.choose", chosen, submit="web.compare.do")],
                    crumbs=way(sight, asked))  # fmt: skip
    older = str(chosen.cleaned_data["compared_round"]) if chosen.is_bound else str(before)
    found = compared_with(person, sight, asked.name, older)
    row = next(row for row in others if row.id == older)
    sections.append(_about(own, row))
    if len(others) > 1:
        sections.append(asking("web.compare.choose", chosen, submit="web.compare.do"))
    if found.comparison is None:
        sections.append(note("warn", "web.compare.cannot", older=row.title))
    else:
        sections += _shown(sight, asked, found, found.comparison)
    return show(request, title, sections, crumbs=way(sight, asked),
                lead=Phrase("web.compare.lead"))  # fmt: skip


def _named(row: RoundRow) -> str:
    return f"{row.title} ({span(row.period_from, row.period_to)})"


def _about(now: RoundRow, older: RoundRow) -> Section:
    return facts(
        "web.compare.about", [("figures-now", _named(now)), ("figures-before", _named(older))]
    )


def _shown(sight: Sight, asked: Protocol, found: Compared, one: Comparison) -> list[Section]:
    sections: list[Section] = []
    if one.older != one.newer:
        said_so = note("info", "web.compare.versions", older=one.older, newer=one.newer)
        sections.append(said_so)
    for of in GROUPS:
        sections += _figures(sight, asked, of, [each for each in one.figures if each.of == of])
    # Whether one that is kept back moved is kept back, too: all of them are named, none is counted.
    moved = [each for each in one.indicators if each.move in _MOVED]
    held = [name for name in asked.indicators if name in found.kept_back]
    if moved or held:
        sections += _moves(sight, asked, moved, held)
    else:
        sections.append(note("info", "web.compare.nothing-moved"))
    sections.append(_counts(one.indicators))
    apart = [each for each in one.indicators if each.move in _APART]
    if apart:
        sections.append(_kept_apart(sight, asked, apart))
    return sections


def _figures(
    sight: Sight, asked: Protocol, of: str, figures: Sequence[FigureMoved]
) -> list[Section]:
    """Show the figures of both rounds, made over what can be compared and nothing else."""
    if not figures:
        return []
    times = Counter(each.id for each in figures)
    bars, rows = [], list[tuple[Cell, ...]]()
    for each in figures:
        name = figure_name(asked, each.of, each.id)
        if times[each.id] > 1:
            name = f"{name} · {said(asked.scales[each.scale].title)}"
        bars.append(MovedBar(name, each.before, each.now))
        there = {"round": sight.round, "protocol": asked.name, "of": each.of, "id": each.id}
        none = tag("unknown", "web.figures.no-figure")
        points = None if each.before is None or each.now is None else each.now - each.before
        rows.append(
            (
                link(reverse("figure", kwargs=there), name),
                percent(each.before) or none,
                percent(each.now) or none,
                _points(points),
                number(each.compared),
                number(each.left_out),
            )
        )
    wide, small = abouts(f"moved-{of}", words(f"web.compare.by-{of}"), words("web.compare.desc"))
    columns = (
        f"figures-{of}", "figures-before>", "figures-now>", "figures-moved>",
        "figures-compared>", "figures-left-out>",
    )  # fmt: skip
    return [
        chart(f"web.compare.by-{of}", moved_bars(bars, wide), moved_bars(bars, small)),
        fold_long(table(f"web.compare.twin-{of}", columns, rows), 4),
    ]


def _points(points: Fraction | None) -> str:
    """Write by how many points a figure moved, with its sign."""
    if points is None:
        return "–"
    sign = "+" if points > 0 else "\u2212" if points < 0 else "±"
    return f"{sign}{percent_text(abs(points))}"


def _moves(sight: Sight, asked: Protocol, moved: list[Moved], held: list[str]) -> list[Section]:
    """Show what moved, and after it which questions wait for the person's own answer."""
    told = [
        (
            each.indicator or "",
            _value(asked, each.indicator or "", each.before, each.now),
            _value(asked, each.indicator or "", each.now, each.before),
            _move(each.move),
            _why(sight, asked, each),
        )
        for each in moved
    ]
    told += [(name, "–", Phrase("web.figures.kept-back"), "–", "–") for name in held]
    rows: list[tuple[Cell, ...]] = [
        (
            link(address_of(sight, asked.name, name), name),
            said(asked.indicators[name].question),
            *cells,
        )
        for name, *cells in told
    ]
    columns = (
        "figures-number", "figures-question", "figures-before", "figures-now", "figures-moved",
        "figures-moved-by",
    )  # fmt: skip
    return shortened(table("web.compare.moves", columns, rows))


def _move(move: Move) -> Cell:
    kind = {Move.UP: "intact", Move.DOWN: "danger", Move.NO_LONGER_KNOWN: "unknown"}.get(move)
    key = f"web.compare.{move.value}"
    if kind == "intact":
        return tag("intact", key)
    if kind == "danger":
        return tag("danger", key)
    return tag("unknown", key) if kind else tag("service", key)


def _value(asked: Protocol, name: str, settled: Settled | None, other: Settled | None) -> Cell:
    """What counted in a round; of what is asked in parts, the parts that differ."""
    if settled is None:
        return Phrase("web.figures.not-answered")
    answer = settled.answer
    if settled.outcome is Outcome.DISPUTED or answer is None:
        return Phrase("web.figures.disputed")
    indicator = asked.indicators[name]
    own = [said_given(asked.scales.get(indicator.scale or ""), answer.given)]
    before = other.answer.parts if other is not None and other.answer is not None else {}
    for part in indicator.parts:
        given = answer.parts.get(part.id)
        if given is not None and given != before.get(part.id):
            own.append(f"{said(part.question)}: {said_given(asked.scales[part.scale], given)}")
    return "; ".join(one for one in own if one) or "–"


def _why(sight: Sight, asked: Protocol, each: Moved) -> Cell:
    """What new evidence moved an answer; if there is none that one may see, that is said."""
    if each.evidence_added:
        return evidence_names(asked, each.evidence_added)
    if each.moved_without_evidence:
        key = "without-shown" if sight.of_country else "without-evidence"
        return Phrase(f"web.compare.{key}")
    return Phrase(f"web.compare.no-new-{'shown' if sight.of_country else 'evidence'}")


def _counts(indicators: Iterable[Moved]) -> Section:
    counts = Counter(each.move for each in indicators)
    rows: list[tuple[Cell, ...]] = [
        (Phrase(f"web.compare.{move.value}"), number(counts[move])) for move in Move if counts[move]
    ]
    return table("web.compare.counts", ("figures-became", "figures-questions>"), rows)


def _kept_apart(sight: Sight, asked: Protocol, apart: list[Moved]) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for each in apart:
        if each.indicator is None:
            name: Cell = each.was or "–"
            question = "–"
        else:
            name = link(
                address_of(sight, asked.name, each.indicator), code_of(asked, each.indicator)
            )
            question = said(asked.indicators[each.indicator].question)
        rows.append((name, question, Phrase(f"web.compare.why-{each.move.value}")))
    columns = ("figures-number", "figures-question", "figures-why")
    return table("web.compare.apart", columns, rows)
