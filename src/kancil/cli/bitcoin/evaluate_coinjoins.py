"""How `bitcoin evaluate` shows what is counted of the CoinJoin heuristics, rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kancil.bitcoin.evaluation.measure import (
    GOAL_ASKED,
    GOAL_PERCENT,
    Counts,
    Measure,
    Part,
    ProtocolMeasure,
)
from kancil.cli.frame.door import Door
from kancil.ground.clock import to_text
from kancil.ground.units import grouped
from kancil.ground.words import render, render_phrase

from .shares import share_text


def show_measure(door: Door, measure: Measure) -> None:
    """Show one heuristic against all labels that are known in one way."""
    screen = door.screen
    screen.title(
        f"{measure.heuristic} {measure.version}: {render(f'note.called-{measure.called}')}"
    )
    truth = "none" if measure.truth is None else measure.truth.value
    three = (measure.untold, measure.contradictory, measure.outside_period)
    span = [to_text(each) for each in (measure.first, measure.last) if each is not None]
    base = measure.labelled.base_rate
    screen.facts(
        [
            (render("name.evaluate-known-how"), render(f"note.truth-{truth}")),
            (render("name.evaluate-known-by"), "; ".join(measure.known_by) or "-"),
            *_facts(measure, len(measure.contested)),
            (render("name.evaluate-untold"), ", ".join(grouped(each) for each in three)),
            (render("name.evaluate-base"), f"{grouped(base.count)} / {grouped(base.of)}"),
            (render("name.evaluate-period"), " - ".join(span) or "-"),
        ]
    )
    screen.table(
        ("Label", "Set", "From", "To", "Count>", "Called>", "Unsure>"),
        [
            *_rows(_yes_no(of_kind=True), measure.positives),
            *_rows(_yes_no(of_kind=False), measure.negatives),
            *_rows("-", measure.elsewhere),
        ],
    )
    _show_rules(door, measure)
    for each in measure.listed:
        screen.say(
            render("note.evaluate-listed", file=each.file, listed=each.listed, here=each.here,
                   called=each.called)
        )  # fmt: skip
    if measure.restates:
        screen.say(
            render("note.evaluate-restates", heuristic=measure.heuristic, program=measure.restates)
        )
    if measure.disagreements:
        screen.say(render("note.evaluate-differ", count=len(measure.disagreements)))
    if measure.contested:
        screen.say(render("note.evaluate-contested", count=len(measure.contested)))
        screen.table(
            tuple(render(f"name.evaluate-{name}") for name in ("txid", "set", "label", "fact")),
            [
                (each.txid, ", ".join(each.sets), _yes_no(of_kind=each.stated),
                 render_phrase(each.fact))
                for each in measure.contested
            ],
        )  # fmt: skip


def _rows(label: str, parts: tuple[Part, ...]) -> list[tuple[str, ...]]:
    return [
        (label, part.name, _day(part.first), _day(part.last),
         grouped(part.count), grouped(part.called), grouped(part.unsure))
        for part in parts
    ]  # fmt: skip


def _day(time: datetime | None) -> str:
    return "-" if time is None else f"{time:%Y-%m-%d}"


def _yes_no(*, of_kind: bool) -> str:
    return render("note.yes" if of_kind else "note.no")


def _facts(measure: Measure | ProtocolMeasure, contested: int) -> list[tuple[str, str]]:
    """What is found and called as labelled, then without contested labels, and the goal."""
    labelled, uncontested = measure.labelled, measure.uncontested
    rows = [
        (render("name.evaluate-found"), share_text(labelled.recall)),
        (render("name.evaluate-wrong"), share_text(labelled.wrongly_called)),
        (render("name.evaluate-counts"), _four(labelled)),
        (
            render("name.evaluate-unsure"),
            f"{grouped(labelled.unsure_missed)}, {grouped(labelled.unsure_left)}",
        ),
    ]
    if contested:
        rows += [
            (render("name.evaluate-contested"), grouped(contested)),
            (render("name.evaluate-found-uncontested"), share_text(uncontested.recall)),
            (render("name.evaluate-wrong-uncontested"), share_text(uncontested.wrongly_called)),
            (render("name.evaluate-counts-uncontested"), _four(uncontested)),
        ]
    if measure.called in GOAL_ASKED:
        goal = render("name.evaluate-goal", percent=GOAL_PERCENT)
        rows.append((goal, goal_text(labelled, uncontested, contested)))
    return rows


def _four(counts: Counts) -> str:
    four = (counts.found, counts.missed, counts.wrong, counts.left)
    return ", ".join(grouped(each) for each in four)


def goal_text(labelled: Counts, uncontested: Counts, contested: int) -> str:
    """Whether the goal is met in these sets: as labelled, and without contested labels."""
    as_labelled = render(f"note.evaluate-goal-{_met(labelled)}")
    if not contested:
        return as_labelled
    without = render(f"note.evaluate-goal-{_met(uncontested)}")
    return render("note.evaluate-goal-both", labelled=as_labelled, uncontested=without)


def _met(counts: Counts) -> str:
    met = counts.is_goal_met
    return "none" if met is None else "yes" if met else "no"


def _show_rules(door: Door, measure: Measure) -> None:
    """Show what each rule alone would find and call, and those that call no other together."""
    screen = door.screen
    names = ("rule", "true-positive", "false-positive", "false-positive-uncontested", "elsewhere")
    screen.table(
        tuple(
            render(f"name.evaluate-{name}") + (">" if place else "")
            for place, name in enumerate(names)
        ),
        [
            (
                each.rule if each.is_sure else render("name.evaluate-unsure-rule", rule=each.rule),
                _of(each.labelled.recall.count, each.labelled.recall.of),
                _of(each.labelled.wrong, each.labelled.wrongly_called.of),
                _of(each.uncontested.wrong, each.uncontested.wrongly_called.of),
                grouped(each.elsewhere),
            )
            for each in measure.by_rule
        ],
    )
    if measure.by_clean is not None:
        screen.say(clean_text(measure))


def _of(count: int, of: int) -> str:
    return f"{grouped(count)} / {grouped(of)}"


def clean_text(measure: Measure) -> str:
    """What the rules that call no other transaction here find alone; empty without such."""
    counts = measure.by_clean
    if counts is None:
        return ""
    return render(
        "note.evaluate-clean",
        heuristic=measure.heuristic,
        rules=", ".join(each.rule for each in measure.clean),
        found=share_text(counts.recall),
        wrong=share_text(counts.wrongly_called),
        goal=render(f"note.evaluate-goal-{_met(counts)}"),
    )


def show_protocols(door: Door, protocols: Sequence[ProtocolMeasure]) -> None:
    """Show the heuristics of each protocol together: its set is the union of its lists."""
    for each in protocols:
        members = ", ".join(f"{name} {version}" for name, version in each.heuristics)
        called = render(f"note.called-{each.called}")
        title = render("note.evaluate-protocol", protocol=each.protocol, heuristics=members)
        door.screen.title(f"{title}: {called}")
        three = (each.untold, each.unjudged, each.contradictory)
        door.screen.facts(
            [
                *_facts(each, each.contested),
                (render("name.evaluate-unjudged"), ", ".join(grouped(one) for one in three)),
            ]
        )
    if protocols:
        door.screen.say(render("note.evaluate-protocols"))
