"""The study over countries: what they answered, question by question, and who did not answer."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.protocol import Protocol, ScaleKind
from kancil.desk.assessment.queries.study import Asked, Reply, Said, Study, questionnaires, study_of
from kancil.desk.cases.errors import PageNotFound
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.charts import Count, count_bars
from kancil.web.assessment.figures.figures import abouts
from kancil.web.assessment.rounds.given import said_value
from kancil.web.assessment.site.home import period, round_state
from kancil.web.assessment.site.protocols import said
from kancil.web.assessment.tables import csv_answer
from kancil.web.cells import Section, button, chart, empty, link, number, show, table, tag
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

_SAMPLE = {"protocol": "none-2026.1"}
_SILENT = (Said.NOT_APPLICABLE, Said.NOT_KNOWN, Said.DISPUTED, Said.KEPT_BACK, Said.NOT_ASKED,
           Said.NOT_ANSWERED)  # fmt: skip
"""What is no answer that can be counted, in the order in which it is shown."""
_COUNTED = (ScaleKind.CHOICE, ScaleKind.MANY, ScaleKind.ORDERED)


@page("study/", "country_studies", may=READING, menu="site", order=40)
def studies(request: HttpRequest) -> HttpResponse:
    """List the questionnaires of this site."""
    acts = [
        {
            "url": reverse("study", kwargs={"protocol": each.name}),
            "name": said(each.title),
            "text": said(each.purpose),
        }
        for each in questionnaires()
    ]
    sections: list[Section] = [{"kind": "acts", "heading": Phrase("web.study.all"), "rows": acts}]
    if not acts:
        sections = [empty("web.study.no-questionnaire", url=reverse("protocols"))]
    return show(request, Phrase("web.room.country-studies"), sections)


def _way(asked: Protocol | None = None) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [
        {"url": reverse("country_studies"), "name": Phrase("web.room.country-studies")}
    ]
    if asked is not None:
        there = reverse("study", kwargs={"protocol": asked.name})
        found.append({"url": there, "name": said(asked.title)})
    return found


@page("study/<str:protocol>/", "study", may=READING, sample=_SAMPLE)
def study(request: HttpRequest, protocol: str) -> HttpResponse:
    """Show whose answers are in a study, and how many answered each question."""
    found = study_of(person_of(request), protocol)
    asked = found.protocol
    sections: list[Section] = []
    buttons = []
    if not found.rounds:
        sections.append(empty("web.study.none", url=reverse("rounds")))
    else:
        there = reverse("study_table", kwargs={"protocol": asked.name})
        buttons.append(button(there, "web.study.csv"))
        sections += [_countries(found), *_response(found)]
    return show(request, Phrase("web.study.title", {"title": said(asked.title)}), sections,
                crumbs=_way(), lead=Phrase("web.study.lead"), buttons=buttons)  # fmt: skip


def _countries(found: Study) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("country", kwargs={"country": row.country}), row.country_name),
            link(reverse("round", kwargs={"round": row.id}), row.title),
            period(row.period_from, row.period_to),
            round_state(row),
        )
        for row in found.rounds
    ]
    columns = ("figures-country", "figures-round", "figures-period", "figures-state")
    return table("web.study.countries", columns, rows)


def _response(found: Study) -> list[Section]:
    """Show for each area how many countries answered each of its questions."""
    asked = found.protocol
    sections: list[Section] = []
    columns = (
        "figures-number", "figures-question", "figures-answered>", "figures-na>", "figures-nk>",
        "figures-disputed>", "figures-unanswered>", "figures-of-countries>",
    )  # fmt: skip
    for name, area in asked.areas.items():
        questions = found.of_area(name)
        if not questions:
            continue
        there = reverse("study_area", kwargs={"protocol": asked.name, "area": name})
        rows: list[tuple[Cell, ...]] = [
            (
                link(f"{there}#{anchor(each)}", _number(each)),
                question_said(each),
                number(each.count(Said.VALUE)),
                number(each.count(Said.NOT_APPLICABLE)),
                number(each.count(Said.NOT_KNOWN)),
                number(each.count(Said.DISPUTED)),
                number(sum(each.count(one) for one in _SILENT[3:])),
                number(len(each.replies)),
            )
            for each in questions
        ]
        one = table("web.study.area", columns, rows)
        more = {"url": there, "text": Phrase("web.study.charts")}
        sections.append({**one, "heading": said(area.title), "more": more})
    return sections


def _number(each: Asked) -> str:
    return each.indicator.id if each.part is None else f"{each.indicator.id} · {each.part}"


def anchor(each: Asked) -> str:
    """The name of a question on the page of its area."""
    return each.indicator.id if each.part is None else f"{each.indicator.id}-{each.part}"


def question_said(each: Asked) -> str:
    """Put a question, or a part with its question, into words."""
    own = said(each.indicator.question)
    part = next((one for one in each.indicator.parts if one.id == each.part), None)
    return own if part is None else f"{own} — {said(part.question)}"


@page(
    "study/<str:protocol>/area/<str:area>/", "study_area", may=READING,
    sample={**_SAMPLE, "area": "none"},
)  # fmt: skip
def study_area(request: HttpRequest, protocol: str, area: str) -> HttpResponse:
    """Show the answers to the questions of one area, each as a chart and a table."""
    found = study_of(person_of(request), protocol)
    asked = found.protocol
    if area not in asked.areas:
        raise PageNotFound
    sections: list[Section] = []
    if not found.rounds:
        sections.append(empty("web.study.none", url=reverse("rounds")))
    else:
        for place, each in enumerate(found.of_area(area)):
            sections += _question(asked, each, place)
    title = Phrase("web.study.area-title", {"area": said(asked.areas[area].title)})
    return show(request, title, sections, crumbs=_way(asked), lead=Phrase("web.study.lead"))


def _question(asked: Protocol, each: Asked, place: int) -> list[Section]:
    scale = asked.scales[each.scale]
    heading = f"{_number(each)} · {question_said(each)}"
    sections: list[Section] = []
    if scale.kind in _COUNTED:
        counts = _counts(asked, each)
        wide, small = abouts(f"q{place}", heading, words("web.study.desc"), 600)
        of = len(each.replies)
        drawn = chart("web.study.question", count_bars(counts, of, wide),
                      count_bars(counts, of, small))  # fmt: skip
        several = Phrase("web.study.several") if scale.kind is ScaleKind.MANY else None
        rows: list[tuple[Cell, ...]] = [
            (one.label, Phrase("chart.count-of", {"count": one.count, "of": of})) for one in counts
        ]
        twin = table("web.study.twin", ("figures-answer", "figures-count>"), rows)
        more = {"heading": heading, "text": several, "anchor": anchor(each), "twin": twin}
        sections.append({**drawn, **more})
    else:
        rows = [
            (each_one.round.country_name, _reply(asked, each, each_one))
            for each_one in each.replies
        ]
        one = table("web.study.replies", ("figures-country", "figures-answer"), rows)
        sections.append({**one, "heading": heading, "anchor": anchor(each)})
    return sections


def _counts(asked: Protocol, each: Asked) -> list[Count]:
    """Count each value of a scale, and after them each way of not answering."""
    chosen = [value for reply in each.replies for value in _values(reply)]
    scale = asked.scales[each.scale]
    found = [Count(said(one.label), chosen.count(one.value)) for one in scale.values]
    found += [
        Count(words(f"web.study.{silent.value}"), each.count(silent), is_response=False)
        for silent in _SILENT
        if each.count(silent)
    ]
    return found


def _values(reply: Reply) -> tuple[int | str, ...]:
    if reply.said is not Said.VALUE or reply.given is None or reply.given.value is None:
        return ()
    value = reply.given.value
    return value if isinstance(value, tuple) else (value,)


def _reply(asked: Protocol, each: Asked, reply: Reply) -> Cell:
    if reply.said is Said.VALUE:
        return reply_said(asked, each, reply)
    return tag("unknown", f"web.study.{reply.said.value}")


def reply_said(asked: Protocol, each: Asked, reply: Reply) -> str:
    """Put what a country said into words."""
    return "; ".join(said_value(asked.scales[each.scale], one) for one in _values(reply))


@page("study/<str:protocol>/table.csv", "study_table", may=READING, sample=_SAMPLE)
def study_table(request: HttpRequest, protocol: str) -> HttpResponse:
    """The answers of a study as a table, a row for each country and question."""
    found = study_of(person_of(request), protocol)
    rows: list[Sequence[str | int | None]] = [
        (
            reply.round.country, reply.round.country_name, reply.round.title,
            reply.round.period_from.isoformat(), reply.round.period_to.isoformat(),
            each.indicator.id, each.part, question_said(each), reply.said.value,
            "; ".join(str(one) for one in _values(reply)),
            reply_said(found.protocol, each, reply),
            reply.given.reason if reply.given is not None else "",
        )
        for each in found.questions
        for reply in each.replies
    ]  # fmt: skip
    columns = (
        "country", "country_name", "round", "period_from", "period_to", "indicator", "part",
        "question", "reply", "value", "label", "reason",
    )  # fmt: skip
    return csv_answer(f"study-{found.protocol.name}", columns, rows)
