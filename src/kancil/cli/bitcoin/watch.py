"""Commands for watch lists: what is watched, and what touched it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.bitcoin.clusters.views import METHOD
from kancil.bitcoin.labels.index import LabelIndex
from kancil.cli.frame.door import Door
from kancil.custody.roll import Case
from kancil.ground.errors import OptionNotUsable
from kancil.ground.ids import CaseId, OfficerId
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.units import grouped
from kancil.ground.words import render

from .chains import ChainName, clusters_of, open_chain
from .touched import show_cuts, show_touches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kancil.bitcoin.chain.chain import Chain
    from kancil.bitcoin.clusters.clusters import Clusters
    from kancil.desk.studies.watched import WatchRead

OfCase = Annotated[
    str | None,
    typer.Option("--case", help="Of this case, C1 or an id; without it, the unit's own."),
]


def _case(door: Door, name: str | None) -> Case | None:
    """Find the case that is meant, and open the desk on the way."""
    roll = door.roll
    return None if name is None else roll.case(name)


def _of(case: Case | None) -> CaseId | None:
    """Whose watches are meant: a case's, or the unit's own."""
    return None if case is None else case.id


def _clusters(door: Door, chain: Chain) -> Clusters:
    """The clusters of a chain, made anew where blocks or labels have changed."""
    labels = LabelIndex.load(door.workspace.labels_dir, chain.network, chain.name)
    with door.screen.progress() as progress:
        return clusters_of(door, chain, labels, progress=progress)


def add(
    context: typer.Context,
    chain: ChainName,
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="Bitcoin address, or a public key in hex (P2PK)."),
    ],
    reason: Annotated[str, typer.Option(help="Why it is watched.")] = "",
    legal_basis: Annotated[str, typer.Option(help="What allows it: order, warrant, article.")] = "",
    cluster: Annotated[
        bool,
        typer.Option("--cluster", help="Watch its whole multi-input cluster: a heuristic's word."),
    ] = False,
    case: OfCase = None,
) -> None:
    """Watch an address, or its cluster, and be notified when new blocks touch it.

    What the chain holds now is not reported, only what comes. A watch of a case is reported
    to whoever asks for that case, and to nobody else. See docs/reference/watch-lists.md.

        kancil bitcoin watch add main 1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d --case C1 --reason 'named
        in the report' --legal-basis 'order 12/2026'
    """
    door = Door(context)
    by = door.acting()
    found = _case(door, case)
    from kancil.desk.studies.watching import Wanted, add_watch  # once the desk is open

    opened = open_chain(door, chain)
    clusters = _clusters(door, opened) if cluster else None
    wanted = Wanted(address, reason, legal_basis, _of(found))
    watch = add_watch(door.ledger, opened, wanted, by=by.id, clusters=clusters)

    def text() -> None:
        told = {"watch": watch.label, "address": watch.address, "chain": watch.chain}
        door.screen.say(render("done.watch-added", count=watch.addresses, **told))
        if watch.is_cluster:
            door.screen.say(render("note.watch-cluster", **METHOD))

    door.show(_watch_value(door, watch, found), text)


def list_watches(
    context: typer.Context,
    chain: ChainName,
    case: OfCase = None,
    ended: Annotated[
        bool, typer.Option("--ended", help="Also those that have ended: who ended them, and why.")
    ] = False,
) -> None:
    """List what is watched: for the unit, or for one case.

    Each with its reason, legal basis, who began it and since when. What one case watches stands
    in no other list.

        kancil bitcoin watch list main --case C1
    """
    door = Door(context)
    found = _case(door, case)
    from kancil.desk.studies.watched import ended_watches, watches

    of = _of(found)
    rows = watches(of, chain)
    over = ended_watches(of, chain)[0] if ended else []
    value = [_watch_value(door, row, found) for row in (*rows, *over)]

    def text() -> None:
        _show_watches(door, value[: len(rows)])
        show_cuts(door, rows)
        if over:
            _show_ended(door, value[len(rows) :])

    door.show(value, text)


def remove(
    context: typer.Context,
    chain: ChainName,
    watch: Annotated[str, typer.Argument(metavar="WATCH", help="Its number, W1.")],
    why: Annotated[str, typer.Option(help="Why it ends.")] = "",
    case: OfCase = None,
) -> None:
    """End a watch; what was found stays.

    Nothing is reported for it any more. It is kept, with what was found and why it ended.

        kancil bitcoin watch remove main W1 --why 'the order has ended'
    """
    door = Door(context)
    by = door.acting()
    found = _case(door, case)
    from kancil.desk.studies.watching import end_watch

    number = watch.lstrip("Ww")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        not_here = Phrase("why.watch-not-here")
        raise OptionNotUsable(option="WATCH", value=watch[:40], why=not_here)
    of = _of(found)
    ended = end_watch(chain, int(number), case=of, why=why, by=by.id)
    said = render("done.watch-ended", watch=ended.label)
    door.show(_watch_value(door, ended, found), said)


def check(
    context: typer.Context,
    chain: ChainName,
    case: OfCase = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Also list what was reported before.")
    ] = False,
) -> None:
    """Report what touched the watches since the last check, each transaction once.

    New transactions, and those whose block has left the chain, each reported once and kept.
    Clusters are computed again first; addresses they gained are watched from now on.

        kancil bitcoin watch check main --case C1
    """
    door = Door(context)
    found = _case(door, case)
    from kancil.desk.studies.watched import all_found, watches
    from kancil.desk.studies.watching import grow_clusters, look, tell

    opened = open_chain(door, chain)
    look(opened)
    of = _of(found)
    rows = watches(of, chain)
    grown: dict[str, int] = {}
    if any(row.is_cluster for row in rows):
        clusters = _clusters(door, opened)
        mine = {row.label for row in rows}
        grown = {
            name: count for name, count in grow_clusters(opened, clusters).items() if name in mine
        }
        rows = watches(of, chain)
    before = all_found(chain, of) if whole else []
    fresh = tell(chain, of)
    told = before if whole else fresh
    value = {
        "id": chain,
        "case": None if found is None else found.label,
        "watches": len(rows),
        "transactions": plain(told),
        "clusters_grown": grown,
        "cut": [_cut(row) for row in rows if row.cuts],
        "scope": opened.scope,
    }
    door.show(value, lambda: _show_check(door, value, rows))


def _watch_value(door: Door, watch: WatchRead, case: Case | None) -> dict[str, Any]:
    told = plain(watch)
    for name in ("by", "ended_by"):
        who = told[name]
        officer = None if who is None else door.roll.officers.get(OfficerId(who))
        told[name] = who if officer is None else officer.label
        told[f"{name}_name"] = who if officer is None else officer.name
    return {**told, "case": None if case is None else case.label}


def _show_watches(door: Door, rows: list[dict[str, Any]]) -> None:
    if not rows:
        door.screen.say(render("note.watch-none"))
        return
    door.screen.table(
        (
            render("name.watch"), render("name.address"), render("name.watch-addresses") + ">",
            render("name.watch-reason"), render("name.watch-basis"), render("name.watch-by"),
            render("name.watch-since"), render("name.watch-waiting") + ">",
        ),
        [
            (
                row["id"], row["address"], grouped(row["addresses"]), row["reason"],
                row["legal_basis"], row["by_name"], row["since"], grouped(row["not_told"]),
            )
            for row in rows
        ],
    )  # fmt: skip
    if any(row["is_cluster"] for row in rows):
        door.screen.say(render("note.watch-cluster", **METHOD))


def _show_ended(door: Door, rows: list[dict[str, Any]]) -> None:
    names = ("watch", "address", "watch-reason", "watch-by", "watch-since", "watch-ended",
             "watch-ended-by", "watch-ended-why")  # fmt: skip
    door.screen.title(render("note.watch-ended"))
    door.screen.table(
        [render(f"name.{name}") for name in names],
        [
            (
                row["id"], row["address"], row["reason"], row["by_name"], row["since"],
                row["ended_at"], row["ended_by_name"], row["ended_why"],
            )
            for row in rows
        ],
    )  # fmt: skip


def _cut(row: WatchRead) -> dict[str, Any]:
    told = plain(row)
    names = ("id", "addresses", "cluster_addresses_not_all_watched", "too_wide_to_look")
    return {name: told[name] for name in names}


def _show_check(door: Door, value: dict[str, Any], rows: Sequence[WatchRead]) -> None:
    for name, count in value["clusters_grown"].items():
        door.screen.say(render("note.watch-grown", watch=name, count=count))
    if not value["watches"]:
        door.screen.say(render("note.watch-none"))
    elif not value["transactions"]:
        door.screen.say(render("note.watch-nothing"))
    else:
        show_touches(door, value["transactions"])
    show_cuts(door, rows)
    door.screen.say(render("note.watch-scope", scope=value["scope"]))
