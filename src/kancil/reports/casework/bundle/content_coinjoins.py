"""What the report says of CoinJoins: where a trace stopped, what it went through, what is not told.

From a bundle's answers alone; beside each stands the heuristic with its version, its reason and
what is known of its error.
"""

from __future__ import annotations

from datetime import datetime

from kancil.bitcoin.coinjoins.heuristic import Answer as Said
from kancil.bitcoin.coinjoins.heuristic import Heuristic, error_of, outside_period
from kancil.bitcoin.coinjoins.heuristics import heuristic_named
from kancil.ground.words import render, render_phrase
from kancil.studies.trace.cited import (
    CitedCoinjoin,
    cite,
    manner_of,
    speaking,
    stops_of,
    stops_said,
    way_of,
)

from .answers import Answer, Answers
from .content_tables import ROWS_SHOWN, Table


def coinjoin_limit(answer: Answer) -> list[str]:
    """Say, among the limits of a trace, whether it stops at CoinJoins, and by whose word."""
    named = answer.question.stops_at
    if named is None:
        return []
    said = stops_said(named)
    return [render_phrase(said)]


def heuristic_methods(answers: Answers) -> list[tuple[str, list[str], str]]:
    """Name, sentences and source of each heuristic that spoke of what a trace met."""
    keys = {one.key for one in answers.material.coinjoins}
    for answer in answers.answers:
        if answer.question.stops_at is not None:
            speak = frozenset(answer.question.heuristics)
            for step in answer.chosen.steps:
                said = answers.judge.verdicts(step.tx).items()
                keys.update(key for key, verdict in said if key in speak and verdict.is_fired)
    shown = dict.fromkeys(each for one in answers.answers for each in one.question.heuristics)
    return [
        (
            render("note.report-heuristic", name=each.name, version=each.version),
            [render(key) for key in each.words],
            each.source,
        )
        for each in speaking(dict.fromkeys((*shown, *sorted(keys))))
        if (each.name, each.version) in keys
    ]


def coinjoins_table(answer: Answer, answers: Answers) -> Table | None:
    """What heuristics say of the transactions that a trace met; None if none was asked."""
    if answer.question.stops_at is None:
        return None
    rows, untold = _stopped(answer, answers), set()
    for step in answer.chosen.steps:
        verdicts = answers.judge.verdicts(step.tx)
        for each in speaking(answer.question.heuristics):
            verdict = verdicts[each.name, each.version]
            if verdict.is_fired:
                cited = cite(answers.names.txid(step.tx), each, verdict)
                manner = each.says if verdict.answer is Said.YES else verdict.answer.value
                rows.append(_row(cited, step.hop, manner, answers.judge.time_of(step.tx)))
            elif verdict.answer is Said.UNKNOWN and each.says == "coinjoin":
                untold.add(step.tx)
    notes = [render("note.report-coinjoins-meaning")] if rows else []
    if untold:
        notes.append(render("note.report-coinjoins-untold", count=len(untold)))
    if len(rows) > ROWS_SHOWN:
        notes.append(render("note.report-coinjoins-more", count=len(rows) - ROWS_SHOWN))
    return Table(
        render("note.report-coinjoins"),
        [render(f"note.report-col-{name}") for name in ("hop", "txid", "met", "why", "error")],
        rows[:ROWS_SHOWN],
        numbers=frozenset({0}),
        ids=frozenset({1}),
        note=" ".join(notes),
        empty=" ".join([render("note.report-coinjoins-none"), *notes]),
    )


def _stopped(answer: Answer, answers: Answers) -> list[list[str]]:
    stops = stops_of(answers.small.graph, answer.chosen)
    named = answer.question.stops_at or ()
    return [
        _row(cited, hop, way_of(manner_of(cited), is_stop=True), answers.judge.time_of(tx))
        for tx, hop in stops.items()
        for cited in answers.coinjoins.stops(tx, named)
    ]


def _row(cited: CitedCoinjoin, hop: int, way: str, time: datetime | None) -> list[str]:
    heuristic = heuristic_named(*cited.key)
    words = {"heuristic": cited.heuristic, "version": cited.version, "rule": cited.rule}
    error = "note.report-coinjoin-not-here"
    if heuristic is not None:
        error = error_of(heuristic, cited.rule)
    return [
        str(hop),
        cited.txid,
        render(f"note.report-coinjoin-{way}", **words),
        _why(cited, heuristic, time),
        render(error),
    ]


def _why(cited: CitedCoinjoin, heuristic: Heuristic | None, time: datetime | None) -> str:
    """The reason, and that the protocol is not known to have run then where that is so."""
    if heuristic is None:
        return cited.why
    said = render(cited.why, **dict(cited.values))
    if heuristic.period.holds(time) is not False:
        return said
    outside = outside_period(heuristic)
    return f"{said}. {render_phrase(outside)}"
