"""The study over countries: what they answered, section by section, and who did not answer.

It is looked at in two ways: with all that the reader sees, and as it would be published.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.protocol import Protocol
from kancil.assessment.study import SUMMARY, area_section, question_section
from kancil.desk.assessment.access import may_publish_study, may_write_study
from kancil.desk.assessment.queries.countries import countries
from kancil.desk.assessment.queries.released_study import released_study, study_texts
from kancil.desk.assessment.queries.study import (
    Asked,
    Counted,
    StudyFigures,
    figures_of,
    questionnaires,
    study_of,
)
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.people.queries import Person, Role
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.records.small_groups import LEAST, RULE
from kancil.reports.programme.charts import count_bars
from kancil.reports.programme.study.content import Texts
from kancil.reports.programme.study.counting import count_words, counts_of, question_words
from kancil.web.assessment.figures.figures import abouts
from kancil.web.assessment.rounds.given import said_value
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import (
    Section,
    button,
    chart,
    empty,
    folded,
    folded_form,
    limits,
    link,
    number,
    show,
    table,
    tag,
)
from kancil.web.csv_files import csv_answer
from kancil.web.parts import Cell
from kancil.web.programme_page import READERS, READING, page
from kancil.web.signed_in import person_of

from .study_look import Look, look_of, study_way, too_small
from .study_publishing import published_table

_SAMPLE = {"protocol": "none-2026.1"}


@page("study/", "country_studies", may=READERS, menu="site", order=40)
def studies(request: HttpRequest) -> HttpResponse:
    """List the questionnaires of this site; who sees no round goes to what was published."""
    there = "study" if Role(person_of(request).role) in READING else "study_published"
    acts = [
        {
            "url": reverse(there, kwargs={"protocol": each.name}),
            "name": said(each.title),
            "text": said(each.purpose),
        }
        for each in questionnaires()
    ]
    sections: list[Section] = [{"kind": "acts", "heading": Phrase("web.study.all"), "rows": acts}]
    if not acts:
        sections = [empty("web.study.no-questionnaire", url=reverse("protocols"))]
    return show(request, Phrase("web.room.country-studies"), sections)


def figures_for(person: Person, protocol: str, look: Look, area: str = "") -> StudyFigures:
    """The counts that somebody looks at, of one area if it is named; raises ProtocolNotFound."""
    if look.is_published:
        return released_study(person, protocol, look.choice)
    return figures_of(study_of(person, protocol, look.choice, area))


@page("study/<str:protocol>/", "study", may=READING, sample=_SAMPLE)
def study(request: HttpRequest, protocol: str) -> HttpResponse:
    """Show a study section by section: who is in it, what was found, and what was published."""
    person = person_of(request)
    look, choosing = look_of(request, countries(person))
    found = figures_for(person, protocol, look)
    asked, texts = found.protocol, study_texts(protocol)
    sections: list[Section] = [_tabs(reverse("study", args=[asked.name]), look)]
    buttons = []
    if found.countries:
        sections += [
            *too_small(found),
            _text_section(person, asked, texts, SUMMARY, "web.study.summary"),
            _areas(found, texts, look),
        ]
        if not look.is_published:
            there = reverse("study_table", kwargs={"protocol": asked.name})
            buttons.append(button(there + look.query(), "web.study.csv"))
    elif look.is_published:
        sections.append(empty("web.study.none-released", url=reverse("rounds")))
    else:
        sections.append(empty("web.study.none", url=reverse("rounds")))
    if may_publish_study(person) and found.countries:
        there = reverse("study_publish", kwargs={"protocol": asked.name})
        there += look.query(is_published=True)
        buttons.insert(0, button(there, "web.study.publish", main=look.is_published))
    sections.append(folded_form("web.study.which", choosing, submit="web.round.look"))
    sections += [*_countries(found), *published_table(asked.name), _limits(found)]
    title, lead = Phrase("web.study.title", {"title": said(asked.title)}), _lead(found)
    return show(request, title, sections, crumbs=study_way(), lead=lead, buttons=buttons)


def _lead(found: StudyFigures, area: str = "") -> Phrase:
    questions = found.of_area(area) if area else found.questions
    key = "web.study.lead-published" if found.is_published else "web.study.lead-seen"
    counts = {"count": len(found.countries), "questions": len(questions)}
    return Phrase(key, counts)


def _tabs(there: str, look: Look) -> Section:
    rows = [
        {"url": there + look.query(is_published=each), "name": Phrase(key), "count": None,
         "current": look.is_published is each}
        for each, key in ((False, "web.study.as-seen"), (True, "web.study.as-published"))
    ]  # fmt: skip
    return {"kind": "tabs", "heading": Phrase("web.study.as"), "rows": rows}


def _text_section(person: Person, asked: Protocol, texts: Texts, section: str, key: str) -> Section:
    """What was written in a section, and the way to write it."""
    written = [text for kind in ("finding", "narrative") if (text := texts.get((section, kind)))]
    shown: list[str | Phrase] = [one for each in written for one in each.text.split("\n\n")]
    if written:
        newest = max(written, key=lambda each: each.at)
        shown.append(Phrase("web.study.by", {
            "name": newest.author, "on": newest.on.isoformat()}))  # fmt: skip
    else:
        shown.append(Phrase("web.study.no-text"))
    parts = [_write(asked, section)] if may_write_study(person) else []
    return {"kind": "told", "heading": Phrase(key), "texts": shown, "parts": parts}


def _write(asked: Protocol, section: str) -> Section:
    there = reverse("study_text", kwargs={"protocol": asked.name, "section": section})
    return {"kind": "way", "url": there, "text": Phrase("web.study.write")}


def _areas(found: StudyFigures, texts: Texts, look: Look) -> Section:
    """The sections of the study, each with its finding and how far it was answered."""
    asked = found.protocol
    rows: list[tuple[Cell, ...]] = []
    for name, area in asked.areas.items():
        questions = found.of_area(name)
        if not questions:
            continue
        there = reverse("study_area", kwargs={"protocol": asked.name, "area": name})
        text = texts.get((area_section(asked.name, name), "finding"))
        hidden = sum(1 for each in questions if each.tally.is_hidden)
        given = sum(each.tally.answered or 0 for each in questions)
        of = sum(each.tally.asked for each in questions)
        last = {"count": len(questions) - hidden, "of": len(questions)}
        last = last if found.is_published else {"count": given, "of": of}
        rows.append((
            link(there + look.query(), said(area.title)), number(len(questions)),
            Phrase("chart.count-of", last),
            text.text if text else tag("unknown", "web.study.not-written"),
        ))  # fmt: skip
    shown = "study-shown>" if found.is_published else "study-response>"
    columns = ("study-section", "study-questions>", shown, "study-finding")
    return table("web.study.sections", columns, rows)


def _countries(found: StudyFigures) -> list[Section]:
    if not found.countries:
        return []
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("country", kwargs={"country": row.country}), row.name),
            row.title if row.release else link(
                reverse("round", kwargs={"round": row.round}), row.title),
            span(row.period_from, row.period_to),
            f"{row.official}, {row.office}" if row.release else "–",
        )
        for row in found.countries
    ]  # fmt: skip
    columns = ("figures-country", "figures-round", "figures-period", "figures-official")
    made = folded("web.study.countries-in", columns, rows, count=len(rows))
    return [{**made, "scroll": True}]


def _limits(found: StudyFigures) -> Section:
    keys = ["no-rank", "newest", "unchecked"]
    if found.is_published:
        keys = ["released", *keys, "ranges", "overlap"]
    told = [Phrase(f"note.country-study-{each}") for each in keys]
    if found.is_published:
        told.append(Phrase("note.country-study-rule", {"least": LEAST, "rule": RULE}))
    if found.other_version:
        names = ", ".join(found.other_version)
        told.append(Phrase("note.country-study-other-version", {"countries": names}))
    return limits(told)


@page(
    "study/<str:protocol>/area/<str:area>/", "study_area", may=READING,
    sample={**_SAMPLE, "area": "none"},
)  # fmt: skip
def study_area(request: HttpRequest, protocol: str, area: str) -> HttpResponse:
    """Show one section: what was found, and each question as a chart with its table."""
    person = person_of(request)
    look, _ = look_of(request, countries(person))
    found = figures_for(person, protocol, look, area)
    asked, texts = found.protocol, study_texts(protocol)
    if area not in asked.areas:
        raise PageNotFound
    there = reverse("study_area", kwargs={"protocol": asked.name, "area": area})
    sections: list[Section] = [_tabs(there, look)]
    if found.countries:
        here = area_section(asked.name, area)
        sections += too_small(found)
        sections.append(_text_section(person, asked, texts, here, "web.study.section-text"))
        for place, each in enumerate([] if found.is_too_small else found.of_area(area)):
            sections.append(_question(person, asked, each, place, texts))
        sections.append(_limits(found))
    else:
        key = "web.study.none-released" if look.is_published else "web.study.none"
        sections.append(empty(key, url=reverse("rounds")))
    title = Phrase("web.study.area-title", {"area": said(asked.areas[area].title)})
    crumbs = study_way(asked, look.query())
    return show(request, title, sections, crumbs=crumbs, lead=_lead(found, area))


def _question(person: Person, asked: Protocol, each: Counted, place: int, texts: Texts) -> Section:
    """One question: a bar for each answer and each way of not answering, and the same in words."""
    heading, of = f"{_number(each)} · {question_words(each.indicator, each.part)}", each.tally.asked
    counts = counts_of(asked, each)
    wide, small = abouts(f"q{place}", heading, words("web.study.desc"), 600)
    drawn = chart("web.study.question", count_bars(counts, of, wide), count_bars(counts, of, small))
    rows: list[tuple[Cell, ...]] = [(one.label, count_words(one.count, of)) for one in counts]
    twin = table("web.study.twin", ("figures-answer", "figures-count>"), rows)
    finding = texts.get((question_section(each.place), "finding"))
    told = [finding.text] if finding else []
    if each.tally.may_be_several:
        told.append(words("note.country-study-several"))
    if each.tally.is_hidden:
        told.append(words("note.country-study-hidden", least=LEAST))
    told += [f"“{one}”" for one in each.texts]
    more = _write(asked, question_section(each.place)) if may_write_study(person) else None
    return {**drawn, "heading": heading, "text": " ".join(told) or None, "anchor": each.place,
            "twin": twin, "more": more}  # fmt: skip


def _number(each: Asked | Counted) -> str:
    return each.indicator.id if each.part is None else f"{each.indicator.id} · {each.part}"


@page("study/<str:protocol>/table.csv", "study_table", may=READING, sample=_SAMPLE)
def study_table(request: HttpRequest, protocol: str) -> HttpResponse:
    """The answers of a study as a table, a row for each country and question."""
    person = person_of(request)
    look, _ = look_of(request, countries(person))
    found = study_of(person, protocol, look.choice)
    rows: list[Sequence[str | int | None]] = [
        (
            reply.round.country, reply.round.country_name, reply.round.title,
            reply.round.period_from.isoformat(), reply.round.period_to.isoformat(),
            each.indicator.id, each.part, question_words(each.indicator, each.part),
            reply.said.value,
            "; ".join(str(one) for one in reply.values),
            "; ".join(said_value(found.protocol.scales[each.scale], one) for one in reply.values),
            reply.given.reason if reply.given is not None else "",
        )
        for each in found.questions
        for reply in each.replies
    ]  # fmt: skip
    columns = (
        "country", "country_name", "round", "period_from", "period_to", "indicator", "part",
        "question", "reply", "value", "label", "reason",
    )  # fmt: skip
    return csv_answer(found.protocol.name, columns, rows)
