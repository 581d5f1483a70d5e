"""The command that carries coins through a whole chain at once."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kancil.bitcoin.chain.starts import AskedStart, resolve_starts
from kancil.bitcoin.exposure.haircut import spread
from kancil.bitcoin.labels.index import LabelIndex
from kancil.cli.frame.door import Door
from kancil.ground.plain import plain
from kancil.ground.units import grouped
from kancil.ground.words import render

from .chains import ChainName, open_chain


def spread_coins(
    context: typer.Context,
    chain: ChainName,
    start: Annotated[
        list[str], typer.Argument(help="TXID:N, a transaction, or an address (all it received).")
    ],
    most: Annotated[int, typer.Option(min=1, help="How many of the largest places to list.")] = 40,
    through_coinjoins: Annotated[
        bool,
        typer.Option("--through-coinjoins", help="Trace on through what looks like a CoinJoin."),
    ] = False,
) -> None:
    """Full-graph haircut: carry coins through a whole chain to where they are now.

    The same amounts as a haircut trace without a limit of hops, for any number of transactions;
    sums and the largest places only. Exact or refused: where sources are not held, ask a trace.
    It is a count over a rule of sharing, not a finding of where anybody's coins went.

        kancil bitcoin spread main TXID:0 --most 100
    """
    door = Door(context)
    opened = open_chain(door, chain)
    asked = [AskedStart(text, None, "") for text in start]
    starts = resolve_starts(opened, asked).starts
    labels = LabelIndex.load(door.workspace.labels_dir, opened.network, opened.name)
    with door.screen.progress() as progress:
        found = spread(
            opened,
            starts,
            labels,
            stops_at_coinjoins=not through_coinjoins,
            most=most,
            progress=progress,
        )
    value: dict[str, Any] = {
        "id": opened.outpoint(starts[0].output),
        "chain": chain,
        "policy": "haircut",
        "stops_at_coinjoins": not through_coinjoins,
        "scope": opened.scope,
        **plain(found),
        "note": _note(through_coinjoins=through_coinjoins),
    }
    door.show(value, lambda: _show(door, chain, value))


def _note(*, through_coinjoins: bool) -> str:
    said = render("note.no" if through_coinjoins else "note.yes")
    return render("note.spread-method", coinjoins=said)


def _show(door: Door, chain: str, value: dict[str, Any]) -> None:
    screen = door.screen
    screen.title(render("note.spread-title", chain=chain))
    reached = f"{grouped(value['transactions'])}; {grouped(value['outputs'])}"
    facts = [(render("name.spread-start"), _sat(value["start_sat"]))]
    facts.append((render("name.spread-reached"), reached))
    facts += [
        (render(f"name.spread-{name}"), _sat(value[f"{name}_sat"]))
        for name in ("resting", "unspendable", "service", "coinjoin", "fees")
    ]
    screen.facts(facts)
    screen.table(
        [render(f"name.spread-{name}") for name in ("traced", "value", "state", "where")],
        [
            (
                _sat(one["traced_sat"]),
                _sat(one["value_sat"]),
                _state(one["state"]),
                one["address"] or one["outpoint"],
            )
            for one in value["places"]
        ],
    )
    more = value["place_count"] - len(value["places"])
    if more > 0:
        screen.say(render("note.spread-more", count=grouped(more)))
    screen.say(value["note"])


def _state(code: str) -> str:
    is_stop = code in ("service", "coinjoin")
    return render(f"name.spread-{code}" if is_stop else f"note.rests-{code}")


def _sat(text: str) -> str:
    return grouped(int(text))
