"""The command that asks which output of a transaction is change."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kancil.bitcoin.change.combine import COMBINATIONS, combination_of
from kancil.bitcoin.change.heuristic import Named
from kancil.bitcoin.change.views import ChangeView, ask_change
from kancil.cli.frame.door import Door
from kancil.cli.frame.study import record_study
from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.change.study import CHANGE
from kancil.studies.change.values import change_value

from .chains import ChainName, open_chain

SHOWN_ROWS = 40


def change(
    context: typer.Context,
    chain: ChainName,
    name: Annotated[str, typer.Argument(metavar="TXID", help="Transaction id.")],
    combine: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COMBINATION",
            help="all-agree, majority, ordered, or your own: majority:2=one-time,address-type,"
            "reuse (all, majority or first; least votes; members). Repeats; the first answers.",
        ),
    ] = None,
    case: Annotated[
        str | None, typer.Option(help="Record the study in this case: C1 or an id.")
    ] = None,
) -> None:
    """Ask each heuristic which output of a transaction is change, and why.

    Each heuristic answers with the output it names, none, or that it cannot tell, and why.
    Change is a guess with a reason: no error rate is known on the real chain. CoinJoins are not
    applicable. See docs/reference/change.md.

        kancil bitcoin change main TXID
    """
    door = Door(context)
    asked = [combination_of(text) for text in combine or [each.name for each in COMBINATIONS]]
    opened = open_chain(door, chain)
    if case is not None:
        given = {"chain": chain, "combine": [each.name for each in asked], "txid": name}
        record_study(door, CHANGE, given, case)
        return
    view = ask_change(opened, name, asked)
    value = change_value(view)
    door.show(value, lambda: _show(door, view, value))


def _named(row: dict[str, Any]) -> str:
    if row["answer"] == Named.CHANGE:
        return str(row["output"]["n"])
    return render(f"note.change-answer-{row['answer']}")


def _show(door: Door, view: ChangeView, value: dict[str, Any]) -> None:
    screen = door.screen
    screen.facts([(render("name.transaction"), view.txid)])
    screen.table(
        (
            render("name.change-output") + ">", render("name.change-satoshi") + ">",
            render("name.change-address"),
        ),
        [
            (str(each.n), grouped(each.value_sat), each.address or each.script)
            for each in view.outputs[:SHOWN_ROWS]
        ],
    )  # fmt: skip
    if len(view.outputs) > SHOWN_ROWS:
        screen.say(render("note.more-rows", count=len(view.outputs) - SHOWN_ROWS))
    if value["members"]:
        screen.table(
            (
                render("name.change-heuristic"), render("name.change-named"),
                render("name.change-why"),
            ),
            [(row["member"], _named(row), row["why"]["sentence"]) for row in value["members"]],
        )  # fmt: skip
        for row in value["members"]:
            screen.say(f"{row['member']}: {row['error']}")
    for row in value["combinations"]:
        screen.say(
            render(
                "note.change-combination",
                combination=row["combination"],
                answer=_named(row),
                why=row["why"]["sentence"],
                voted=", ".join(row["voted"]) or "-",
                abstained=", ".join(each["member"] for each in row["abstained"]) or "-",
            )
        )
    for note in value["notes"]:
        screen.say(note)
