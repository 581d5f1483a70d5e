"""The report of a study: a summary first, then area by area with charts, and how it was made.

Only released answers are in it, small groups are hidden, and no country is named beside an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kancil.assessment.protocol import Protocol, Standing
from kancil.assessment.study import SILENT, STUDY_RULE, SUMMARY, area_section, question_section
from kancil.desk.assessment.queries.released_study import StudyText
from kancil.desk.assessment.queries.study import Choice, Counted, StudyFigures
from kancil.ground.words import render
from kancil.records.small_groups import LEAST, RULE
from kancil.reports.document.blocks import (
    PROGRAMME,
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Heading,
    Level,
    Paragraph,
    Picture,
    Section,
    bullets,
    cell,
    facts,
    mono,
    muted,
    section,
    strong,
    table,
)
from kancil.reports.document.language import document_language
from kancil.reports.programme.charts import Count, count_bars
from kancil.reports.programme.country.pictures import about, picture
from kancil.reports.programme.country.saying import day, plain

from .counting import count_words, counts_of, question_words

Texts = Mapping[tuple[str, str], StudyText]
_COMPARED = 2
"""Counts that a chart has at least."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Who answers for a report; empty: it is a draft that nobody published."""

    official: str = ""
    office: str = ""


def study_report(
    figures: StudyFigures, texts: Texts, choice: Choice, of: Publication, *, kancil: str, on: date
) -> Document:
    """The report of a study, in the spoken language; `on`: the day on which it is made."""
    asked = figures.protocol
    is_practice = any(each.is_invented for each in figures.countries)
    marks = [render("name.country-study-draft")] if not of.official else []
    marks += [render("name.region-mark-invented")] if is_practice else []
    areas = [] if figures.is_too_small else [each for each in asked.areas if figures.of_area(each)]
    return Document(
        kind=render("name.country-study"),
        title=plain(asked.title),
        subtitle=render(
            "note.country-study-subtitle", count=len(figures.countries), on=on.isoformat()
        ),
        language=document_language("name.country-study"),
        author=f"{of.official}, {of.office}" if of.official else render("name.paper-author"),
        description=render("note.country-study-description"),
        mark=" · ".join(marks),
        cover=tuple(_cover(figures, texts, choice, of, is_practice)),
        sections=(
            *(_area(figures, texts, area) for area in areas),
            _method(figures, choice),
            _countries(figures),
            *([] if figures.is_too_small else [_response(figures)]),
        ),
        footer=render("note.paper-footer", version=kancil),
        accent=PROGRAMME,
    )


def _cover(
    figures: StudyFigures, texts: Texts, choice: Choice, of: Publication, is_practice: bool
) -> list[Block]:
    """The summary: who is in it, and what was found."""
    asked, countries = figures.protocol, figures.countries
    first = min((each.period_from for each in countries), default=None)
    last = max((each.period_to for each in countries), default=None)
    hidden = sum(1 for each in figures.questions if each.tally.is_hidden)
    rows: list[tuple[str, Cell]] = [
        (render("name.country-study-countries"), cell(str(len(countries)))),
        (render("name.country-study-period"), cell(f"{day(first)} – {day(last)}")),
        (render("name.country-study-region"), cell(choice.region)),
        (render("name.country-study-questions"), cell(
            render("note.country-study-questions", count=len(figures.questions), hidden=hidden))),
        (render("name.country-study-published-by"), cell(of.official, muted(of.office))),
    ]  # fmt: skip
    what = render("note.country-study-what", count=len(countries))
    found: list[Block] = [Paragraph(what, "lead")]
    if is_practice:
        found.append(Paragraph(render("note.region-practice"), "warn"))
    if figures.is_too_small:
        few = render("note.country-study-too-small", count=len(countries), least=LEAST)
        found.append(Paragraph(few, "warn"))
    found.append(facts(render("name.country-study-about"), rows))
    found.append(Heading(render("name.country-study-findings")))
    found += _text(texts, SUMMARY, "finding") + _text(texts, SUMMARY, "narrative")
    written = [
        (area, text)
        for area in asked.areas
        if (text := texts.get((area_section(asked.name, area), "finding")))
    ]
    title = render("name.country-study-by-area")
    columns = (
        Column(render("name.paper-col-area"), 0.28),
        Column(render("name.country-study-finding"), 0.72),
    )  # fmt: skip
    body = [
        (cell(strong(plain(asked.areas[area].title))), cell(text.text, muted(_by(text))))
        for area, text in written
    ]
    found.append(table(title, columns, body, empty=render("note.country-study-no-findings")))
    found.append(Paragraph(render("note.country-study-no-rank"), "muted"))
    return found


def _by(text: StudyText) -> str:
    return render("note.country-study-by", name=text.author, on=text.on.isoformat())


def _text(texts: Texts, section: str, kind: str) -> list[Block]:
    """A text with who wrote it; nothing where nobody has."""
    text = texts.get((section, kind))
    if text is None:
        return []
    paragraphs = [each.strip() for each in text.text.split("\n\n")]
    level: Level = "lead" if kind == "finding" else "plain"
    return [
        *(Paragraph(each, level) for each in paragraphs if each),
        Paragraph(_by(text), "muted"),
    ]


def _area(figures: StudyFigures, texts: Texts, area: str) -> Section:
    asked = figures.protocol
    here, questions = area_section(asked.name, area), figures.of_area(area)
    blocks = _text(texts, here, "finding") + _text(texts, here, "narrative")
    if figures.hides_small and any(each.tally.is_hidden for each in questions):
        blocks.append(Paragraph(render("note.country-study-hidden", least=LEAST), "muted"))
    whole = {each.indicator.id for each in questions if each.part is None}
    for each in questions:
        level = 3 if each.part and each.indicator.id in whole else 2
        own = _text(texts, question_section(each.place), "finding")
        blocks += _question(asked, each, own, level)
    return section(plain(asked.areas[area].title), *blocks, starts_page=True)


def _question(asked: Protocol, counted: Counted, found: list[Block], level: int) -> list[Block]:
    """A question, what was found of it, its counts, and answers in words.

    The counts are a chart where it compares two or more, else a table.
    """
    title, of = question_words(counted.indicator, counted.part), counted.tally.asked
    counts = counts_of(asked, counted)
    said = render("note.country-study-answered", count=count_words(counted.tally.answered, of))
    if counted.tally.may_be_several:
        said = f"{said} {render('note.country-study-several')}"
    compares = sum(1 for each in counts if each.count) >= _COMPARED
    blocks: list[Block] = [
        Heading(title, level),
        *found,
        Paragraph(said, "muted"),
        _picture(asked, counted, title) if compares else _counts(title, counts, of),
    ]
    if counted.texts_hidden:
        hidden = render("note.country-study-texts-hidden", count=counted.texts_hidden, least=LEAST)
        blocks.append(Paragraph(hidden, "muted"))
    if counted.texts:
        blocks += [Paragraph(render("note.country-study-texts"), "muted"), _texts(counted)]
    return blocks


def _counts(title: str, counts: Sequence[Count], of: int) -> Block:
    return table(
        title,
        (
            Column(render("name.country-study-answer"), 0.7),
            Column(render("name.country-study-countries"), 0.3, is_number=True),
        ),
        [(cell(each.label), cell(count_words(each.count, of))) for each in counts],
    )


def _texts(counted: Counted) -> Bullets:
    return bullets(counted.texts)


def _picture(asked: Protocol, counted: Counted, title: str) -> Picture:
    """The bars of a question; whoever does not see them reads the same counts."""
    counts, of = counts_of(asked, counted), counted.tally.asked
    read = "; ".join(f"{each.label}: {count_words(each.count, of)}" for each in counts)
    said = about(f"{asked.name}-{counted.place}", title, read)
    return picture(count_bars(counts, of, said), said)


def _method(figures: StudyFigures, choice: Choice) -> Section:
    asked = figures.protocol
    told = [
        render("note.country-study-released"),
        render("note.country-study-newest"),
        render("note.country-study-rule", least=LEAST, rule=RULE)
        if choice.hides_small
        else render("note.country-study-all-groups", reason=choice.all_groups_because),
        render("note.country-study-ranges"),
        *([render("note.country-study-overlap")] if choice.hides_small else []),
        render("note.country-study-unchecked"),
    ]
    if figures.other_version:
        names = ", ".join(figures.other_version)
        told.append(render("note.country-study-other-version", countries=names))
    rows: list[tuple[str, Cell]] = [
        (render("name.country-study-protocol"), cell(asked.name)),
        (render("name.country-study-digest"), cell(mono(asked.sha256))),
        (
            render("name.country-study-method"),
            cell(f"{STUDY_RULE} · {RULE}" if choice.hides_small else STUDY_RULE),
        ),
    ]
    proposal = asked.standing is Standing.PROPOSAL
    return section(
        render("name.country-study-how"),
        Paragraph(render("note.country-study-proposal"), "warn") if proposal else None,
        bullets(told),
        facts(render("name.country-study-protocol"), rows),
        starts_page=True,
    )


def _countries(figures: StudyFigures) -> Section:
    title = render("name.country-study-in-it")
    columns = (
        Column(render("name.paper-country"), 0.2), Column(render("name.paper-round"), 0.3),
        Column(render("name.region-by"), 0.32), Column(render("name.region-on"), 0.18),
    )  # fmt: skip
    rows = [
        (
            cell(strong(each.name)),
            cell(each.title, muted(f"{day(each.period_from)} – {day(each.period_to)}")),
            cell(each.official, muted(each.office)),
            cell(day(each.released_on)),
        )
        for each in figures.countries
    ]
    return section(title, table(title, columns, rows, empty=render("note.region-none")))


def _response(figures: StudyFigures) -> Section:
    """How many answered each question, and why others did not; from what the charts show."""
    title = render("name.country-study-response")
    silent = [
        each for each in SILENT
        if any(group.key == each and not group.is_response
               for one in figures.questions for group in one.tally.groups)
    ]  # fmt: skip
    wide = 0.6 / (len(silent) + 2)
    columns = (
        Column(render("name.country-study-question"), 0.4),
        Column(render("name.country-study-asked"), wide, is_number=True),
        Column(render("name.country-study-value"), wide, is_number=True),
        *(Column(render(f"name.country-study-{each}"), wide, is_number=True) for each in silent),
    )
    rows = []
    for one in figures.questions:
        known = {g.key: g.count for g in one.tally.groups if not g.is_response}
        rows.append((
            cell(question_words(one.indicator, one.part)),
            cell(str(one.tally.asked)),
            cell(_number(one.tally.answered)),
            *(cell(_number(known.get(each, 0))) for each in silent),
        ))  # fmt: skip
    return section(title, table(title, columns, rows), starts_page=True)


def _number(count: int | None) -> str:
    return render("chart.study-hidden") if count is None else str(count)
