"""How answers, figures, days and money are said; words come in the spoken language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from kancil.assessment.answer import Given, Kind, Outcome, Settled
from kancil.assessment.method import Figure, percent_text
from kancil.assessment.naming import stated, threat_name, whole_stage
from kancil.assessment.planning.amounts import hundredths
from kancil.assessment.protocol import Confidence, Indicator, Protocol, Scale, ScaleKind, Text
from kancil.ground.money import money_text
from kancil.ground.phrase import Phrase
from kancil.ground.words import render, render_phrase, spoken
from kancil.reports.document.blocks import Line, Manner

DASH = "–"


def told(text: Text, manner: Manner = "plain") -> Line:
    """A protocol's words, and their language where they are not in the spoken one."""
    is_said = bool(text.said.get(spoken()))
    return Line(text.in_language(spoken()), manner, "" if is_said else text.own)


def plain(text: Text) -> str:
    """A protocol's words as they stand inside other words."""
    return text.in_language(spoken())


def day(value: date | None) -> str:
    """Write a day; a dash where there is none."""
    return value.isoformat() if value else DASH


def money(cost_minor: int | None, currency: str) -> str:
    """Write an amount of hundredths; or that it is not known."""
    if cost_minor is None:
        return render("name.paper-not-costed")
    return money_text(currency, hundredths(cost_minor))


def percent(share: Fraction | None) -> str:
    """Write a percentage as the export shows it; a dash where there is none."""
    return percent_text(share) or DASH


def figure_id(protocol: Protocol, figure: Figure, member: str) -> str:
    """Name a figure of the export."""
    return f"{protocol.name}/{figure.of}/{figure.id}/{figure.scale}/{member}"


def figure_line(
    protocol: Protocol, figure: Figure, member: str, share: Fraction | None, manner: Manner
) -> Line:
    """A figure's number in a form in which it is found again in the export."""
    return Line(percent(share), manner, figure=figure_id(protocol, figure, member))


def figure_title(protocol: Protocol, of: str, id: str) -> str:
    """The title of what a figure is of: an area, an instrument or a sector."""
    if of == "sector":
        return plain(protocol.sectors[id].title)
    if of == "instrument":
        return plain(protocol.instruments[id].short)
    return plain(protocol.areas[id].title)


def value_words(scale: Scale, value: object) -> str:
    """A value on its scale: its label, with the number where there is an order."""
    by_value = {each.value: each for each in scale.values}
    if isinstance(value, tuple):
        return ", ".join(value_words(scale, each) for each in value)
    known = by_value.get(value) if isinstance(value, int | str) else None
    if known is None:
        return f"{value} %" if scale.kind is ScaleKind.SHARE else str(value)
    label = plain(known.label)
    return f"{value} · {label}" if scale.kind is ScaleKind.ORDERED else label


def given_words(scale: Scale | None, given: Given | None) -> str:
    """What was answered to a question or a part of one."""
    if given is None:
        return DASH
    if given.kind is Kind.NOT_APPLICABLE:
        return render("note.paper-not-applicable", reason=given.reason or DASH)
    if given.kind is Kind.NOT_KNOWN:
        return render("name.paper-not-known")
    return DASH if scale is None else value_words(scale, given.value)


def stage_words(protocol: Protocol, indicator: Indicator, value: int | None) -> str:
    """A stage of an indicator's scale; that it is not known, where there is none."""
    scale = protocol.scales.get(indicator.scale or "")
    if value is None or scale is None:
        return render("name.paper-not-known")
    return value_words(scale, value)


def stage_label(protocol: Protocol, indicator: Indicator, value: int | None) -> str:
    """A stage by its name alone."""
    scale = protocol.scales.get(indicator.scale or "")
    known = [each for each in scale.values if each.value == value] if scale else []
    return plain(known[0].label) if known else render("name.paper-not-known")


def asked_words(protocol: Protocol, indicator: Indicator) -> str:
    """What is asked, by a name that people know: an article with its title, a threat, a question.

    Ids of a protocol stand in no document.
    """
    article = indicator.article
    if article is None:
        return threat_name(plain(indicator.question))
    return render(
        "note.paper-provision",
        instrument=plain(protocol.instruments[article.instrument].short),
        number=article.number,
        title=plain(article.title),
    )


def statement(protocol: Protocol, indicator: Indicator, value: int | None) -> str:
    """Where a country is with what is asked, as a sentence that stands alone."""
    asked = asked_words(protocol, indicator)
    if value is None:
        return render("note.paper-stated-unknown", asked=asked)
    if indicator.article is not None:
        stage = stage_label(protocol, indicator, value)
        return render("note.paper-stated-provision", asked=asked, stage=stage)
    stages = {number: plain(text) for number, text in indicator.stages.items()}
    words = whole_stage(stages, value) or stage_label(protocol, indicator, value)
    return stated(plain(indicator.question), words)


def meaning(protocol: Protocol, indicator: Indicator, given: Given | None) -> Line | None:
    """What the answered stage means, where the protocol says so."""
    if given is None or given.kind is not Kind.VALUE or not isinstance(given.value, int):
        return None
    stage = indicator.stages.get(given.value)
    if stage is None:
        scale = protocol.scales.get(indicator.scale or "")
        values = scale.values if scale else ()
        stage = next((each.meaning for each in values if each.value == given.value), None)
    return told(stage, "muted") if stage else None


def outcome_words(settled: Settled | None) -> str:
    """How far a question is: agreed, settled over somebody, answered by one, disputed, open.

    Who settled it is told by their part in the team alone.
    """
    if settled is not None and settled.ruled is not None:
        return render(f"name.paper-settled-{settled.ruled.part or 'other'}")
    outcome = settled.outcome if settled else None
    return {
        Outcome.AGREED: render("name.paper-agreed"),
        Outcome.ALONE: render("name.paper-alone"),
        Outcome.DISPUTED: render("name.paper-disputed"),
        None: render("name.paper-open"),
    }[outcome]


def comment_of(settled: Settled | None) -> str:
    """A comment, where the answer is agreed on; whose it was is not told."""
    if settled is None or settled.answer is None or settled.outcome is not Outcome.AGREED:
        return ""
    return settled.answer.comment


def confidence_words(confidence: Confidence | None) -> str:
    """How sure somebody is."""
    return render(f"name.confidence-{confidence.value}") if confidence else DASH


def phrases(found: Iterable[Phrase]) -> str:
    """Put reasons into one run of sentences."""
    return " ".join(render_phrase(each) for each in found)
