"""Answer sheets as ODK Central and Kobo export them, made of answers for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kancil.assessment.answer import Given, Kind
from kancil.assessment.answer_forms.names import Asks, FormPlan, Option, Question
from kancil.assessment.answer_forms.workbook import write_workbook
from kancil.assessment.answer_forms.xlsform import form_plan
from kancil.assessment.protocol import Indicator, MapsFrom, Part, Protocol, Scale, ScaleKind, Text
from kancil.assessment.protocol import ScaleValue as V
from tests.assessment import small

Said = Mapping[str, str]


def both(english: str, khmer: str) -> Text:
    return Text({"en": english, "km": khmer}, "en")


SCALES = {
    "stages": small.STAGES,
    "yes": Scale(
        "yes",
        small.text("Yes or no"),
        ScaleKind.CHOICE,
        (
            V("yes", both("Yes", "បាទ/ចាស")),
            V("no", both("No", "ទេ")),
            V("in-part", both("In part", "ខ្លះ")),
        ),
    ),
    "laws": Scale(
        "laws",
        small.text("Laws"),
        ScaleKind.MANY,
        (
            V("code", both("Criminal code", "ក្រមព្រហ្មទណ្ឌ")),
            V("act", both("An act", "ច្បាប់")),
            V("act own", both("An act of its own", "ច្បាប់ផ្ទាល់")),
        ),
    ),
    "number": Scale("number", small.text("Number"), ScaleKind.COUNT),
    "share": Scale("share", small.text("Share"), ScaleKind.SHARE),
    "words": Scale("words", small.text("Words"), ScaleKind.TEXT),
    "day": Scale("day", small.text("Day"), ScaleKind.DATE),
}  # fmt: skip


def indicator(name: str, scale: str | None, **more: object) -> Indicator:
    made = small.indicator(name, "a", scale=scale)
    made = replace(made, question=both(f"How is {name}?", f"តើ {name} យ៉ាងណា?"))
    return replace(made, **more)  # type: ignore[arg-type]  # fields of Indicator


def many_scales(version: str = "2026.1", *, sha: str = "a") -> Protocol:
    """A protocol with one indicator on each scale, one in parts and one with stages."""
    made = small.protocol(
        [
            indicator("S1", "stages", stages={n: both(f"At {n}", f"ទី {n}") for n in range(5)}),
            indicator("Y1", "yes"),
            indicator("M1", "laws"),
            indicator("N1", "number"),
            indicator("P1", "share"),
            indicator("W1", "words"),
            indicator("D1", "day"),
            indicator(
                "treaty.2",
                "yes",
                parts=(
                    Part("age-limit", both("What age?", "អាយុ?"), "number", "age"),
                    Part("intent", both("Is intent asked?", "ចេតនា?"), "yes", "mental_element"),
                ),
            ),
        ],
        version=version,
    )
    return replace(made, scales=SCALES, sha256=sha * 64)


def newer_of(older: Protocol) -> Protocol:
    """The next version: S1 is called S9 now, W1 is gone, Y1 was split, N1 stays."""
    indicators = dict(older.indicators)
    indicators["S9"] = replace(indicators.pop("S1"), id="S9")
    del indicators["W1"]
    indicators["Y2"] = replace(indicators["Y1"], id="Y2")
    became: dict[str, tuple[str, ...]] = {name: (name,) for name in older.indicators}
    became |= {"S1": ("S9",), "W1": (), "Y1": ("Y1", "Y2")}
    return replace(
        older,
        version="2026.2",
        indicators=indicators,
        maps_from=(MapsFrom(older.version, became),),
        sha256="b" * 64,
    )


def option(plan: FormPlan, question: Question, value: object) -> Option:
    return next(each for each in plan.lists[question.list or ""] if each.value == value)


def cell(plan: FormPlan, question: Question, given: Given, language: str | None) -> str:
    """Write one answer as a cell: names of choices, or their labels in a language."""
    value: object = given.value if given.kind is Kind.VALUE else given.kind.value
    if question.list is None:
        return str(value)
    each = value if isinstance(value, tuple) else (value,)
    options = [option(plan, question, one) for one in each]
    return " ".join(one.said[language] if language else one.name for one in options)


def filled(
    protocol: Protocol,
    answers: Mapping[str, Given],
    *,
    language: str | None = None,
    more: Mapping[tuple[str, Asks], str] | None = None,
) -> dict[str, str]:
    """One submission by question name; `answers` by `S1` or `treaty.2:intent`."""
    plan = form_plan(protocol)
    row = {"protocol_name": protocol.name, "protocol_sha256": protocol.sha256, "assessor": "Ann"}
    for key, given in answers.items():
        name, _, part = key.partition(":")
        block = plan.blocks[name]
        is_value = given.kind is Kind.VALUE
        question = next(each for each in block.of(Asks.VALUE) if each.part == (part or None))
        if question.list is None and not is_value:
            question = next(each for each in block.of(Asks.OPEN) if each.part == (part or None))
        row[question.name] = cell(plan, question, given, language)
        if given.reason:
            row[block.of(Asks.WHY)[0].name] = given.reason
        confidence = next(each for each in plan.lists["confidence"] if each.value == "high")
        sure = confidence.said[language] if language else confidence.name
        row.setdefault(block.of(Asks.CONFIDENCE)[0].name, sure)
    for (name, asks), words in (more or {}).items():
        row[plan.blocks[name].of(asks)[0].name] = words
    return row


def headed(protocol: Protocol, style: str, language: str | None = None) -> dict[str, str]:
    """The column of each question, as a tool names it: `central`, `kobo` or `labels`."""
    plan = form_plan(protocol)
    names = {each: each for each in ("protocol_name", "protocol_sha256", "assessor")}
    for block in plan.blocks.values():
        for each in block.questions:
            area = plan.areas[block.indicator.area]
            names[each.name] = {
                "central": f"{area}-{block.group}-{each.name}",
                "kobo": f"{area}/{block.group}/{each.name}",
                "labels": f"a/{block.indicator.id}/{each.said[language or 'en']}",
            }[style]
    return names


def table(
    protocol: Protocol,
    rows: Iterable[Mapping[str, str]],
    style: str = "central",
    language: str | None = None,
    extra: Sequence[tuple[str, str]] = (),
) -> list[list[str]]:
    """The cells of a whole sheet, the columns' names first."""
    columns = headed(protocol, style, language)
    lines = [[*columns.values(), *(name for name, _ in extra)]]
    for row in rows:
        lines.append([row.get(name, "") for name in columns] + [value for _, value in extra])
    return lines


def as_csv(lines: Sequence[Sequence[str]], delimiter: str = ",", mark: bytes = b"") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return mark + text.getvalue().encode("utf-8")


def as_workbook(lines: Sequence[Sequence[str]]) -> bytes:
    return write_workbook({"answers": lines})
