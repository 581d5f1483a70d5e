"""The donor report: page 1 says what was done, and whether the money reconciles.

It is made of `Said` alone, so that what was published comes out again, and no number of another
donor can be in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kancil.ground.days import span
from kancil.ground.words import render, render_phrase
from kancil.programme.donor_report import ReportSection, Said
from kancil.records.small_groups import LEAST, RULE
from kancil.reports.document.blocks import (
    PROGRAMME,
    Block,
    Cell,
    Document,
    Heading,
    Level,
    Paragraph,
    Picture,
    Section,
    bullets,
    cell,
    facts,
    muted,
    section,
    strong,
)
from kancil.reports.document.language import document_language

from .figures import apart_table, corrections_table, figures_table, headline_table, people_blocks
from .money import finance_table, money_blocks
from .saying import many, money, word

MOST_REASONS = 3
"""Reasons on page 1 why it does not reconcile."""


def donor_report(
    said: Said,
    pictures: Mapping[str, Picture],
    *,
    official: str,
    office: str,
    kancil: str,
    on: date,
) -> Document:
    """The report in the spoken language.

    `pictures`: by digest, those that could be read; `official`: who answers for it, empty: a draft;
    `on`: the day on which it is made.
    """
    return Document(
        kind=render("name.donor-report"),
        title=said.title,
        subtitle=f"{said.grant.reference} · {span(said.period.begins_on, said.period.ends_on)}",
        language=document_language("name.donor-report"),
        author=f"{official}, {office}" if official else render("name.donor-author"),
        description=render("note.donor-description"),
        mark="" if official else render("name.donor-draft"),
        cover=tuple(_first_page(said, official, office, on)),
        sections=(
            *_narrative(said),
            _results(said),
            section(render("name.donor-finance"), *money_blocks(said)),
            *_pictures(said, pictures),
            _annex(said, pictures),
        ),
        footer=render("note.paper-footer", version=kancil),
        has_contents=False,
        accent=PROGRAMME,
    )


def _first_page(said: Said, official: str, office: str, on: date) -> list[Block]:
    found: list[Block] = [Paragraph(_answer(said), "lead")]
    found += _reconciles(said)
    if said.corrects is not None:
        told = render("note.donor-corrects", on=said.corrects.isoformat())
        found.append(Paragraph(told, "warn"))
    found += _text(said, ReportSection.SUMMARY, "opening", is_signed=False)
    grant = said.grant
    rows: list[tuple[str, Cell]] = [
        (render("name.donor-grant"), cell(strong(grant.title), muted(grant.reference))),
        (render("name.donor-donor"), cell(grant.donor)),
        (render("name.donor-given"), cell(
            money(grant.currency, grant.amount_minor), muted(span(grant.begins_on, grant.ends_on))
        )),
        (render("name.donor-earmark"), _earmark(said)),
        (render("name.donor-responsible"), cell(official, muted(office))),
        (render("name.donor-made-on"), cell(on.isoformat())),
    ]  # fmt: skip
    found.append(facts(render("name.donor-about"), rows))
    found.append(finance_table(said.finance))
    if said.figures:
        found.append(headline_table(said))
    return found


def _answer(said: Said) -> str:
    """In one sentence: what was done, for whom, with how much."""
    finance = said.finance
    countries = {name for each in said.activities for name in each.countries}
    total = said.people.total
    told = render(
        "note.donor-answer", activities=many("activities", len(said.activities)),
        countries=many("countries", len(countries)),
        people=render("note.donor-few", least=LEAST) if total is None else many("people", total),
        spent=money(finance.currency, finance.spent_minor),
    )  # fmt: skip
    if not finance.budget_minor:
        return told
    budget = money(finance.currency, finance.budget_minor)
    return told + " " + render("note.donor-answer-budget", budget=budget)


def _reconciles(said: Said) -> list[Block]:
    finance = said.finance
    if finance.is_reconciled:
        return [Paragraph(render("note.donor-reconciled"), "muted")]
    first = [render_phrase(each) for each in finance.reasons[:MOST_REASONS]]
    more = len(finance.reasons) - len(first)
    told = "\n".join(f"• {each}" for each in first)
    if more:
        told += "\n" + render("note.donor-more-reasons", count=more)
    return [Paragraph(render("note.donor-not-reconciled") + "\n" + told, "warn")]


def _earmark(said: Said) -> Cell:
    grant = said.grant
    lines = [grant.earmark] if grant.earmark else []
    if grant.countries:
        lines.append(render("note.donor-for-countries", names=", ".join(grant.countries)))
    if grant.outputs:
        lines.append(render("note.donor-for-outputs", codes=", ".join(grant.outputs)))
    if grant.kinds:
        kinds = ", ".join(word("activity-kind", each) for each in grant.kinds)
        lines.append(render("note.donor-for-kinds", kinds=kinds))
    if grant.excluded:
        lines.append(render("note.donor-excluded", words=grant.excluded))
    return cell(*(lines or [render("note.donor-not-earmarked")]))


def _text(
    said: Said, of: ReportSection, level: Level = "plain", *, is_signed: bool = True
) -> list[Block]:
    text = said.text(of)
    if text is None:
        return []
    parts = [each.strip() for each in text.text.split("\n\n")]
    found: list[Block] = [Paragraph(each, level) for each in parts if each]
    if is_signed:
        by = render("note.donor-by", name=text.by, on=text.on.isoformat())
        found.append(Paragraph(by, "muted"))
    return found


def _narrative(said: Said) -> list[Section]:
    blocks: list[Block] = []
    for each in ReportSection:
        if each is ReportSection.SUMMARY:
            continue
        text = _text(said, each) or [Paragraph(render("note.donor-not-written"), "muted")]
        blocks += [Heading(render_phrase(each.heading)), *text]
    return [section(render("name.donor-narrative"), *blocks, starts_page=True)]


def _results(said: Said) -> Section:
    blocks: list[Block | None] = [figures_table(said), apart_table(said), corrections_table(said)]
    return section(render("name.donor-results"), *blocks, *people_blocks(said))


def _pictures(said: Said, pictures: Mapping[str, Picture]) -> list[Section]:
    shown: list[Block] = []
    for each in said.pictures:
        if each.sha256 in pictures:
            shown += [pictures[each.sha256], Paragraph(f"{each.title} ({each.activity})", "muted")]
    return [section(render("name.donor-pictures"), *shown)] if shown else []


def _annex(said: Said, pictures: Mapping[str, Picture]) -> Section:
    """What was not checked, and how numbers were made."""
    told = [
        render("note.donor-share"),
        render("note.donor-whole-people"),
        render("note.donor-small", least=LEAST, rule=RULE),
        render("note.donor-contribution"),
        render("note.donor-unchecked-lists"),
        render("note.donor-unchecked-money"),
        render("note.donor-unchecked-use"),
    ]
    if any(each.is_entered for each in said.figures):
        told.append(render("note.donor-unchecked-entered"))
    if said.figures_apart:
        told.append(render("note.donor-figures-apart"))
    told += [
        render("note.donor-picture-left-out", title=each.title, activity=each.activity)
        for each in said.pictures
        if each.sha256 not in pictures
    ]
    missing = [render_phrase(each) for each in said.missing if not each.params.get("name")]
    return section(
        render("name.donor-limits"),
        bullets(told),
        Heading(render("name.donor-missing")) if missing else None,
        bullets(missing) if missing else None,
    )
