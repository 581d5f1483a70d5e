"""Commands for figures: the profile of a round, and two rounds compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from kancil.assessment.comparing import Comparison, Move
from kancil.assessment.method import Figure, Profile
from kancil.assessment.sensitivity import Bounds
from kancil.cli.frame.figures import error_value
from kancil.cli.programme.door import Programme, ProtocolName, RoundName, plain, shown
from kancil.ground.words import render


def score(
    context: typer.Context,
    round: RoundName,
    protocol: ProtocolName = None,
    what_if: Annotated[
        bool, typer.Option("--what-if", help="How far the disputes could move each figure.")
    ] = False,
    lines: Annotated[
        bool, typer.Option("--lines", help="Open every figure to the answers behind it.")
    ] = False,
) -> None:
    """Show the figures of a round, with coverage and confirmation.

    Figures by area and sector, or by instrument: none over a country. What is known of their
    error: nothing. Beside each stand how much was answered and how much is confirmed.

        kancil assess score 'First round' --lines
    """
    programme = Programme(context)
    sight = programme.sight(round)
    from kancil.desk.assessment.kept_protocols import protocol_in
    from kancil.desk.assessment.queries.answers import bounds_of, profile_of

    found: list[tuple[Profile, list[Bounds]]] = [
        (profile_of(sight, each), bounds_of(sight, each) if what_if else [])
        for each in programme.protocols(sight, protocol)
        if protocol_in(sight, each).scoring is not None
    ]

    def text() -> None:
        for profile, bounds in found:
            _show_profile(programme, profile, lines=lines)
            for each in bounds:
                programme.door.screen.say(
                    render(
                        "note.assess-bounds" if each.exact else "note.assess-bounds-searched",
                        figure=f"{each.of} {each.id}",
                        percent=shown(each.percent),
                        low=shown(each.low),
                        high=shown(each.high),
                        disputed=", ".join(each.disputed),
                    )
                )
        if found:
            programme.door.screen.say(render("note.paper-error"))

    value: list[dict[str, Any]] = [
        {
            "id": profile.protocol,
            **_with_error(plain(profile), "weighted-answers"),
            "bounds": plain(bounds),
        }
        for profile, bounds in found
    ]
    programme.show(value, text)


def _show_profile(programme: Programme, profile: Profile, *, lines: bool) -> None:
    screen = programme.door.screen
    screen.title(f"{profile.protocol} ({profile.method})")
    columns = ("of", "id", "percent>", "band", "coverage>", "confirmed>", "note")
    screen.table(columns, [_row(each) for each in profile.figures if each.lines])
    if profile.intrusive_blocked_by:
        names = _names(profile.intrusive_blocked_by)
        screen.say(render("note.assess-intrusive-blocked", indicators=names))
    for each in profile.figures if lines else ():
        screen.title(f"{each.of} {each.id}")
        screen.table(
            ("indicator", "weight>", "value>", "kind", "stands", "grade", "confidence"),
            [
                (
                    line.indicator, str(line.weight), shown(line.value), shown(line.kind),
                    shown(line.outcome), shown(line.grade), shown(line.confidence),
                )
                for line in each.lines
            ],
        )  # fmt: skip


def _names(indicators: Iterable[str]) -> str:
    """List indicators; of those that wait for your own answer, that there are some."""
    from kancil.desk.assessment.queries.answers import KEPT_BACK

    held = render("note.assess-others-held")
    return ", ".join(held if each == KEPT_BACK else each for each in indicators)


def _row(figure: Figure) -> tuple[str, ...]:
    note = shown(figure.reason)
    if figure.capped_by:
        note = render("note.assess-capped", indicators=_names(figure.capped_by))
    elif figure.uncertain:
        note = render("note.assess-uncertain", indicators=_names(figure.uncertain))
    return (
        figure.of, figure.id, shown(figure.percent), figure.band or "", shown(figure.coverage),
        shown(figure.confirmed), note,
    )  # fmt: skip


def compare(
    context: typer.Context,
    round: RoundName,
    older: Annotated[str, typer.Argument(metavar="OLDER", help="The older round.")],
    protocol: ProtocolName = None,
) -> None:
    """Compare two rounds: what changed, and which evidence changed it.

    What moved, and what evidence moved it. An answer that moved without new evidence is marked.
    Older answers are never rewritten.

        kancil assess compare 'Second round' 'First round'
    """
    programme = Programme(context)
    now, then = programme.sight(round), programme.sight(older)
    from kancil.desk.assessment.queries.answers import compare_rounds

    found = [
        each
        for name in programme.protocols(now, protocol)
        if (each := compare_rounds(now, then, name)) is not None
    ]
    value = [{"id": each.newer, **_compared(each)} for each in found]

    def text() -> None:
        for each in found:
            _show_compared(programme, each, of_country=now.of_country)
        if found:
            programme.door.screen.say(render("note.assess-compare-error"))

    programme.show(value, text)


def _with_error(value: dict[str, Any], basis: str) -> dict[str, Any]:
    """With the basis of each figure, and what is known of its error."""
    figures = [{**each, "basis": basis, "error": error_value()} for each in value["figures"]]
    return {**value, "figures": figures}


def _compared(comparison: Comparison) -> dict[str, Any]:
    value = _with_error(plain(comparison), "questions-in-both-rounds")
    for row, moved in zip(value["indicators"], comparison.indicators, strict=True):
        row["moved_without_evidence"] = moved.moved_without_evidence
    return value


def _show_compared(programme: Programme, comparison: Comparison, *, of_country: bool) -> None:
    without = render("note.assess-no-evidence-shown" if of_country else "note.assess-no-evidence")
    withheld = render("note.assess-evidence-withheld")
    screen = programme.door.screen
    screen.title(f"{comparison.older} → {comparison.newer}")
    quiet = (Move.SAME, Move.UNKNOWN_IN_BOTH)
    screen.table(
        ("indicator", "moved", "evidence"),
        [
            (
                each.indicator or each.was or "",
                each.move.value,
                without
                if each.moved_without_evidence
                else ", ".join(one.title or withheld for one in each.evidence_added),
            )
            for each in comparison.indicators
            if each.move not in quiet
        ],
    )
    screen.table(
        ("of", "id", "before>", "now>", "compared>", "left out>"),
        [
            (
                each.of, each.id, shown(each.before), shown(each.now), str(each.compared),
                str(each.left_out),
            )
            for each in comparison.figures
            if each.before is not None or each.now is not None
        ],
    )  # fmt: skip
