"""The command that asks which output of a transaction is change."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kancil.bitcoin.change import Named
from kancil.bitcoin.change_combine import COMBINATIONS, combination_of
from kancil.bitcoin.change_views import ChangeView, ask_change
from kancil.bitcoin.heuristic import Answer
from kancil.ground.units import grouped
from kancil.ground.words import render

from .bitcoin import ChainName, look_value, open_chain
from .door import Door

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
) -> None:
    """Each heuristic answers with the output it names, none, or that it cannot tell, and why.
    Change is a guess with a reason: no error rate is known on the real chain. CoinJoins are not
    applicable. See docs/reference/change.md.
    """
    door = Door(context)
    asked = [combination_of(text) for text in combine or [each.name for each in COMBINATIONS]]
    opened = open_chain(door, chain)
    view = ask_change(opened, name, asked)
    value = {"id": view.txid, **_with_words(view)}
    value["notes"] = _notes(view)
    door.show(value, lambda: _show(door, view, value))


def _sentence(why: Any) -> str:
    return render(why.key, **why.params)


def _with_words(view: ChangeView) -> dict[str, Any]:
    """Give the view for JSON, each reason and each member with its sentences."""
    value = view.as_dict()
    if view.not_applicable is not None:
        value["not_applicable"]["sentence"] = _sentence(view.not_applicable)
    value["joins"] = [look_value(look) for look in view.joins]
    for row, vote in zip(value["members"], view.votes, strict=True):
        row["why"]["sentence"] = _sentence(vote.verdict.why)
        row["says"] = render(vote.member.words[0])
        row["error"] = render(vote.member.words[-1])
    for row, one in zip(value["combinations"], view.combined, strict=True):
        row["why"]["sentence"] = _sentence(one.verdict.why)
        out = [vote for vote in one.votes if not vote.is_cast]
        for part, vote in zip(row["abstained"], out, strict=True):
            part["why"]["sentence"] = _sentence(vote.verdict.why)
    return value


def _notes(view: ChangeView) -> list[str]:
    """Give the sentences that must stand beside every answer."""
    if view.not_applicable is not None:
        return [render("note.change-not-applicable", why=view.not_applicable)]
    notes = [render("note.change-guess"), render("note.change-error")]
    unknown = [
        look.heuristic.name
        for look in view.joins
        if look.heuristic.says == "coinjoin" and look.verdict.answer is Answer.UNKNOWN
    ]
    if unknown:
        notes.append(render("note.change-coinjoin-unknown", heuristics=", ".join(unknown)))
    equal = [look for look in view.joins if look.heuristic.says == "equal-outputs"]
    if any(look.verdict.answer is Answer.YES for look in equal):
        notes.append(render("note.change-equal-outputs"))
    if any(vote.member.looks_ahead for vote in view.votes):
        notes.append(render("note.change-looks-ahead", scope=view.scope))
    return notes


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
