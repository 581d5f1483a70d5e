"""Small protocols and answers, made for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from kancil.assessment.answer import Answer, Evidence, Given, Kind, Outcome, Settled
from kancil.assessment.protocol import (
    Area,
    Assistance,
    Band,
    Concept,
    Confidence,
    CriticalRule,
    Grade,
    Indicator,
    Protocol,
    Scale,
    ScaleKind,
    ScaleValue,
    Scoring,
    Sector,
    Shape,
    Standing,
    Text,
)

BANDS = (("starting", 0), ("basic", 25), ("working", 50), ("strong", 75))


def text(words: str) -> Text:
    return Text({"en": words}, "en")


STAGES = Scale(
    "stages",
    text("Stages"),
    ScaleKind.ORDERED,
    tuple(ScaleValue(value, text(f"Stage {value}")) for value in range(5)),
)
GRADES = {
    "A": Grade("A", text("A"), text("Document or data"), confirmed=True),
    "B": Grade("B", text("B"), text("Two sources"), confirmed=True, interview=True),
    "C": Grade("C", text("C"), text("One interview"), confirmed=False, interview=True),
}


def indicator(name: str, area: str, weight: float = 1, **more: object) -> Indicator:
    made = Indicator(name, area, "policy", weight, text(f"Is there {name}?"), "stages")
    return replace(made, **more)  # type: ignore[arg-type]  # fields of Indicator


def protocol(
    indicators: Sequence[Indicator],
    areas: Mapping[str, float] | None = None,
    *,
    version: str = "2026.1",
    critical: CriticalRule | None = None,
    minimum_coverage: float = 60,
) -> Protocol:
    weights = areas or dict.fromkeys((each.area for each in indicators), 1.0)
    return Protocol(
        id="small",
        version=version,
        shape=Shape.INDICATORS,
        language="en",
        title=text("Small"),
        purpose=text("For tests"),
        standing=Standing.PROPOSAL,
        standing_note=text("Nobody agreed to it"),
        licence="Apache-2.0",
        sources={},
        scales={"stages": STAGES},
        grades=GRADES,
        sectors={"policy": Sector("policy", text("Policy"))},
        assistance={
            "training": Assistance("training", text("Training")),
            "tools": Assistance("tools", text("Tools"), intrusive=True),
        },
        concepts={"safeguards": Concept("safeguards", text("Safeguards"))},
        instruments={},
        areas={name: Area(name, text(name), weight) for name, weight in weights.items()},
        indicators={each.id: each for each in indicators},
        scoring=Scoring(
            "area-profile-1",
            "area",
            minimum_coverage,
            tuple(Band(name, text(name), least) for name, least in BANDS),
            critical,
        ),
        maps_from=(),
        sha256="0" * 64,
    )


def answer(
    name: str, value: int | Kind, by: str = "ann", grades: str = "A", titles: Sequence[str] = ()
) -> Answer:
    given = Given(value, None, "a reason") if isinstance(value, Kind) else Given(Kind.VALUE, value)
    shown = titles or [f"{name} {grade}" for grade in grades]
    return Answer(
        id=f"{name}-{by}",
        indicator=name,
        by=by,
        at=datetime(2026, 5, 4, tzinfo=UTC),
        given=given,
        parts={},
        confidence=Confidence.MEDIUM,
        evidence=tuple(
            Evidence(f"{name}-{by}-{number}", grade, title, "document", dated=date(2026, 5, 1))
            for number, (grade, title) in enumerate(zip(grades * len(shown), shown, strict=False))
        ),
    )


def agreed(name: str, value: int | Kind, grades: str = "A", titles: Sequence[str] = ()) -> Settled:
    one = answer(name, value, "ann", grades, titles)
    other = answer(name, value, "bo", grades, titles)
    return Settled(name, Outcome.AGREED, one, (one, other))


def disputed(name: str, one: int | Kind, other: int | Kind) -> Settled:
    answers = (answer(name, one, "ann"), answer(name, other, "bo"))
    return Settled(name, Outcome.DISPUTED, None, answers)


def all_settled(*settled: Settled) -> dict[str, Settled]:
    return {each.indicator: each for each in settled}
