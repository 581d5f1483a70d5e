"""The command that tells which addresses are spent together, and what holds them together."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kancil.bitcoin.clusters.notes import notes_of
from kancil.bitcoin.clusters.views import ask_cluster
from kancil.bitcoin.labels.index import LabelIndex
from kancil.cli.frame.door import Door
from kancil.cli.frame.study import record_study, show_answer
from kancil.desk.studies.material import material_of
from kancil.ground.plain import plain
from kancil.ground.words import render, render_phrase
from kancil.studies.cluster.study import CLUSTER

from .chains import ChainName, clusters_of, label_as_dict, open_chain


def cluster(
    context: typer.Context,
    chain: ChainName,
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="Bitcoin address, or a public key in hex (P2PK)."),
    ],
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="TXID", help="Exclude this transaction: what splits? Repeats."),
    ] = None,
    between: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Show the linking transactions to this address."),
    ] = None,
    coinjoins_join: Annotated[
        bool,
        typer.Option(
            "--coinjoins-join", help="Do not search for CoinJoins: they join as others do."
        ),
    ] = False,
    unsure_join: Annotated[
        bool,
        typer.Option(
            "--unsure-join",
            help="Let transactions join that a heuristic is unsure of; else they join nothing.",
        ),
    ] = False,
    case: Annotated[
        str | None, typer.Option(help="Record the study in this case: C1 or an id.")
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="List everything.")] = False,
) -> None:
    """Show which addresses are spent together with one, and the linking transactions.

    Addresses that one transaction spends from are taken to be one owner's (multi-input
    heuristic). That is a finding of a heuristic: one owner is not proved, and no error rate is
    known. What looks like a CoinJoin, or may be one, joins nothing and is told. The first question
    makes the clusters of the whole chain and keeps them beside it.

        kancil bitcoin cluster main 1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d
    """
    door = Door(context)
    opened = open_chain(door, chain)
    given = {
        "address": address, "between": between, "chain": chain, "coinjoins_join": coinjoins_join,
        "unsure_join": unsure_join, "without": list(without or ()),
    }  # fmt: skip
    if case is not None:
        record_study(door, CLUSTER, given, case, all_rows=whole)
        return
    labels = LabelIndex.load(door.workspace.labels_dir, opened.network, opened.name)
    with door.screen.progress() as progress:
        clusters = clusters_of(
            door,
            opened,
            labels,
            progress=progress,
            coinjoins_join=coinjoins_join,
            unsure_join=unsure_join,
        )
    view = ask_cluster(
        opened, clusters, labels, address, without=without or (), between=between, whole=whole
    )
    value = {"id": address.strip(), **plain(view)}
    value["labels"] = [{"address": name, **label_as_dict(label)} for name, label in view.labels]
    value["notes"] = [render_phrase(note) for note in notes_of(value)]
    for row in value["set_aside"]:
        _say_heuristic(row["heuristic"])
    result = CLUSTER.result(view, CLUSTER.ask(material_of(door.workspace), given))
    door.show(value, lambda: show_answer(door, CLUSTER, result, all_rows=whole))


def _say_heuristic(look: dict[str, Any] | None) -> None:
    """Put the sentences of a heuristic beside its codes."""
    if look is not None:
        look["why"]["sentence"] = render(look["why"]["key"], **look["why"]["params"])
        look["error"] = render(look["error"])
