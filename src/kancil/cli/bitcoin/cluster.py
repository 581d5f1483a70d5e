"""The command that tells which addresses are spent together, and what holds them together."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kancil.bitcoin.clusters.notes import notes_of
from kancil.bitcoin.clusters.views import ask_cluster, name_of
from kancil.bitcoin.labels.index import LabelIndex
from kancil.cli.frame.door import Door
from kancil.cli.frame.study import record_study
from kancil.ground.plain import plain
from kancil.ground.units import grouped
from kancil.ground.words import render, render_phrase
from kancil.studies.cluster.study import CLUSTER

from .chains import ChainName, clusters_of, label_as_dict, open_chain

SHOWN_ROWS = 40


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
    """Addresses that one transaction spends from are taken to be one owner's (multi-input
    heuristic). That is a finding of a heuristic: one owner is not proved, and no error rate is
    known. What looks like a CoinJoin, or may be one, joins nothing and is told. The first question
    makes the clusters of the whole chain and keeps them beside it.
    """
    door = Door(context)
    opened = open_chain(door, chain)
    if case is not None:
        given = {
            "address": address, "between": between, "chain": chain,
            "coinjoins_join": coinjoins_join, "unsure_join": unsure_join,
            "without": list(without or ()),
        }  # fmt: skip
        record_study(door, CLUSTER, given, case, all_rows=whole)
        return
    labels = LabelIndex.load(door.workspace.labels_dir, opened.network)
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
    door.show(value, lambda: _show(door, value, None if whole else SHOWN_ROWS))


def _say_heuristic(look: dict[str, Any] | None) -> None:
    """Put the sentences of a heuristic beside its codes."""
    if look is not None:
        look["why"]["sentence"] = render(look["why"]["key"], **look["why"]["params"])
        look["error"] = render(look["error"])


def _aside(row: dict[str, Any]) -> str:
    """Say why a transaction was set aside: by a heuristic with its reason, or by the guard."""
    look = row["heuristic"]
    if look is None:
        return render("note.cluster-aside", txid=row["txid"], reason=row["reason"])
    return render(
        f"note.cluster-aside-{look['says']}",
        txid=row["txid"],
        heuristic=look["heuristic"],
        version=look["version"],
        rule=look["rule"],
        why=look["why"]["sentence"],
    )


def _place(row: dict[str, Any]) -> tuple[str, str]:
    height = "?" if row["height"] is None else grouped(row["height"])
    return height, row["time"] or "?"


def _show(door: Door, value: dict[str, Any], most: int | None) -> None:
    screen = door.screen
    title = "note.cluster-title" if value["size"] > 1 else "note.cluster-alone"
    screen.title(render(title, count=value["size"]))
    facts = [(render("name.address"), name_of(value["address"]))]
    for name in ("first", "last"):
        height, time = _place(value[name])
        facts.append((render(f"name.cluster-{name}"), f"{height}, {time}, {value[name]['txid']}"))
    facts.append((render("name.cluster-spent-together"), grouped(value["spent_together"])))
    if value["coins"] is not None:
        coins = value["coins"]
        facts.append((render("name.cluster-transactions"), grouped(coins["transactions"])))
        for name in ("received", "no-spend-seen"):
            sat = grouped(int(coins[f"{name.replace('-', '_')}_sat"]))
            facts.append((render(f"name.cluster-{name}"), f"{sat} satoshi"))
    screen.facts(facts)
    members = value["members"][:most]
    screen.table(
        (render("name.address"), render("name.cluster-script")),
        [(name_of(member), member["script"]) for member in members],
    )
    _say_more(door, value["size"] - len(members))
    for label in value["labels"]:
        screen.say(f"{label['address']}: " + render("note.label-says", **label))
    _show_held_by(door, value, most)
    if value["without"] is not None:
        _show_without(door, value["without"], most)
    if value["between"] is not None:
        _show_between(door, value)
    for row in value["set_aside"][:most]:
        screen.say(_aside(row))
    _say_more(door, value["set_aside_total"] - len(value["set_aside"][:most]))
    for note in value["notes"]:
        screen.say(note)


def _say_more(door: Door, count: int) -> None:
    if count > 0:
        door.screen.say(render("note.more-rows", count=count))


def _show_held_by(door: Door, value: dict[str, Any], most: int | None) -> None:
    shown = value["held_by"][:most]
    if not shown:
        return
    door.screen.say(render("note.cluster-held-by"))
    door.screen.table(
        (
            render("name.transaction"), render("name.cluster-height") + ">",
            render("name.cluster-time"), render("name.address"), render("name.cluster-joined-to"),
        ),
        [
            (row["txid"], *_place(row), row["address"], ", ".join(row["joined_to"]))
            for row in shown
        ],
    )  # fmt: skip
    _say_more(door, value["held_by_total"] - len(shown))


def _show_without(door: Door, without: dict[str, Any], most: int | None) -> None:
    screen = door.screen
    for row in without["transactions"]:
        if not row["spends_from_this_cluster"]:
            screen.say(render("note.cluster-holds-nothing", txid=row["txid"]))
    if not without["splits"]:
        screen.say(render("note.cluster-holds-without"))
        return
    screen.say(render("note.cluster-splits", count=without["part_count"]))
    shown = without["parts"][:most]
    screen.table(
        (
            render("name.cluster-part") + ">", render("name.cluster-size") + ">",
            render("name.cluster-address"), render("name.cluster-owners"),
        ),
        [
            (
                ("▸ " if part["has_asked_address"] else "") + str(part["part"]),
                grouped(part["size"]),
                name_of(part["members"][0]),
                ", ".join(part["owners"]) or "-",
            )
            for part in shown
        ],
    )  # fmt: skip
    _say_more(door, without["part_count"] - len(shown))


def _show_between(door: Door, value: dict[str, Any]) -> None:
    between, screen = value["between"], door.screen
    other = name_of(between["other"])
    if not between["together"]:
        screen.say(render("note.cluster-not-together", other=other))
        return
    screen.say(render("note.cluster-way", other=other, count=len(between["steps"])))
    screen.table(
        (
            render("name.from"), render("name.transaction"), render("name.cluster-height") + ">",
            render("name.cluster-time"), render("name.to"),
        ),
        [(row["from"], row["txid"], *_place(row), row["to"]) for row in between["steps"]],
    )  # fmt: skip
