"""The command that tells how much of an address's or cluster's coins met which labels."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kancil.bitcoin.exposure.answer import HOPS, SIDES, Question, answer_exposure, exposure_notes
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.tracing.trace import policy_named
from kancil.cli.frame.door import Door
from kancil.cli.frame.study import record_study
from kancil.ground.errors import OptionNotUsable
from kancil.ground.units import MAX_MONEY_SAT, grouped
from kancil.ground.words import render, render_phrase
from kancil.studies.exposure.study import EXPOSURE

from .chains import ChainName, clusters_of, open_chain

SHOWN_ROWS = 40


def exposure(
    context: typer.Context,
    chain: ChainName,
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="Bitcoin address, or a public key in hex (P2PK)."),
    ],
    cluster: Annotated[
        bool, typer.Option("--cluster", help="Ask about its whole multi-input cluster.")
    ] = False,
    direction: Annotated[str, typer.Option(help="sent, received or both.")] = "both",
    policy: Annotated[str, typer.Option(help="haircut, poison, fifo or lifo.")] = "haircut",
    hops: Annotated[int, typer.Option(help="Maximum transactions away.")] = HOPS,
    labels_reach_clusters: Annotated[
        bool,
        typer.Option(
            "--labels-reach-clusters",
            help="Apply a label to the whole cluster of its address: a heuristic step.",
        ),
    ] = False,
    also_allegations: Annotated[
        bool,
        typer.Option(
            "--also-allegations",
            help="Also show, in a separate table, mere allegations of financing terrorism.",
        ),
    ] = False,
    case: Annotated[
        str | None, typer.Option(help="Record the study in this case: C1 or an id.")
    ] = None,
    all_rows: Annotated[bool, typer.Option("--all", help="Print every row.")] = False,
) -> None:
    """Direct is one transaction away, indirect is further, within --hops. Each coin counts once,
    at the first label it meets; what is exposed, unlabelled and not followed is all. A label is
    its publisher's allegation. Terrorist financing counts only UN or national designations and
    court findings, and says whether they came before the payment. See docs/reference/exposure.md.
    """
    door = Door(context)
    policy_named(policy)
    sides = SIDES.get(direction)
    if sides is None:
        raise OptionNotUsable(option="--direction", value=direction[:40], why=", ".join(SIDES))
    opened = open_chain(door, chain)
    if case is not None:
        given = {
            "address": address, "also_allegations": also_allegations, "chain": chain,
            "cluster": cluster, "direction": direction, "hops": hops,
            "labels_reach_clusters": labels_reach_clusters, "policy": policy,
        }  # fmt: skip
        record_study(door, EXPOSURE, given, case, all_rows=all_rows)
        return
    labels = LabelIndex.load(door.workspace.labels_dir, opened.network)
    with door.screen.progress() as progress:
        question = Question(
            address, cluster, sides, policy, hops, labels_reach_clusters, also_allegations, progress
        )
        clusters = None
        if question.needs_clusters:
            clusters = clusters_of(door, opened, labels, progress=progress)
        value = answer_exposure(opened, labels, question, clusters)
    value["notes"] = [render_phrase(note) for note in exposure_notes(value)]
    door.show(value, lambda: _show(door, value, all_rows=all_rows))


# --- for a person ---------------------------------------------------------------------------------


def _show(door: Door, value: dict[str, Any], *, all_rows: bool) -> None:
    screen = door.screen
    title = "note.exposure-title-cluster" if value["is_cluster"] else "note.exposure-title"
    screen.title(
        render(
            title,
            address=value["id"],
            count=value["addresses"],
            policy=value["policy"],
            hops=value["hops"],
        )
    )
    for label in value["own_labels"]:
        said = render("note.label-says", **_said(label))
        screen.say(render("note.exposure-own", address=label["address"], said=said))
    for side in value["sides"]:
        screen.title(render(f"note.exposure-{side['side']}"))
        _show_parts(door, side["one_transaction"], "note.exposure-near")
        _show_parts(door, side["within"], "note.exposure-far")
        _show_side(door, side, all_rows=all_rows)
        _show_terrorism(door, side["terrorist_financing"], "counted", all_rows=all_rows)
        if side["terrorism_allegations"] is not None:
            _show_terrorism(door, side["terrorism_allegations"], "alleged", all_rows=all_rows)
    for note in value["notes"]:
        screen.say(note)


def _amount(row: dict[str, Any], prefix: str = "") -> str:
    if row[f"{prefix}lower_sat"] is None:
        return render("note.not-summed")
    lower, upper = int(row[f"{prefix}lower_sat"]), int(row[f"{prefix}upper_sat"])
    if upper >= MAX_MONEY_SAT:
        return render("note.up-to-all", lower=grouped(lower))
    return grouped(lower) if lower == upper else f"{grouped(lower)} – {grouped(upper)}"


def _show_parts(door: Door, parts: dict[str, Any], title: str) -> None:
    """Print where all coins ended, so that the lines add up to all."""
    screen = door.screen
    screen.say(render(title))
    if not parts["adds_up"]:
        screen.say(render("note.poison-no-sum"))
        return
    rows = [
        (render(f"name.exposure-{each['group']}"), _end(each["end"]), _amount(each))
        for each in sorted(parts["ends"], key=lambda each: str(each["group"]))
        if each["upper_sat"] != "0"
    ]
    if parts["undetermined_sat"] != "0":
        open_sat = grouped(int(parts["undetermined_sat"]))
        rows.append((render("name.undetermined"), "", open_sat))
    rows.append((render("name.exposure-all"), "", grouped(int(parts["all_sat"]))))
    screen.table((render("name.exposure-part"), render("name.exposure-end"), "Satoshi>"), rows)


_ENDS = frozenset(
    {
        "exposed", "kept", "fees", "counted-once", "hops", "service", "coinjoin", "no-spend-seen",
        "unspendable", "unknown-source", "newly-issued",
    }
)  # fmt: skip


def _end(end: str) -> str:
    """Give the words for an end; a limit of the trace that has none here is named."""
    return render(f"note.exposure-end-{end}") if end in _ENDS else end


def _show_categories(door: Door, rows: list[dict[str, Any]]) -> None:
    told = [(" + ".join(row["categories"]), row) for row in rows]
    _show_amounts(door, "name.exposure-categories", told)


def _show_amounts(door: Door, of: str, rows: list[tuple[str, dict[str, Any]]]) -> None:
    """Print a table of amounts; `of`: key of the first column, in which each row has its word."""
    door.screen.table(
        (
            render(of), render("name.exposure-direct") + ">",
            render("name.exposure-indirect") + ">", render("name.exposure-together") + ">",
            render("name.exposure-by-cluster") + ">", render("name.exposure-outputs") + ">",
        ),
        [
            (
                word, _amount(row, "direct_"), _amount(row, "indirect_"), _amount(row, "total_"),
                _amount(row, "by_cluster_"), grouped(row["outputs"]),
            )
            for word, row in rows
        ],
    )  # fmt: skip


def _show_side(door: Door, side: dict[str, Any], *, all_rows: bool) -> None:
    if not side["rows"]:
        door.screen.say(render("note.exposure-none"))
        return
    _show_categories(door, side["categories"])
    turned = side["reversed_order"]
    if turned is not None and turned["categories"] != side["categories"]:
        door.screen.say(render("note.exposure-reversed"))
        _show_categories(door, turned["categories"])
    _show_rows(door, side["rows"], all_rows=all_rows)


def _show_rows(door: Door, rows: list[dict[str, Any]], *, all_rows: bool) -> None:
    """Print each amount with its transaction, its way, and what each label says and since when."""
    screen = door.screen
    shown = rows if all_rows else rows[:SHOWN_ROWS]
    for row in shown:
        screen.say(
            render(
                "note.exposure-row",
                amount=_amount(row),
                direct=_amount(row, "direct_"),
                address=row["address"] or row["outpoint"],
                outpoint=row["outpoint"],
                txid=row["txid"],
                hop=row["hop"],
                time=row["time"] or "?",
                way=" > ".join(row["way"]),
            )
        )
        for label in row["labels"]:
            screen.say("  " + _label(label))
        if row["reason"]:
            screen.say("  " + render(f"note.bounds-{row['reason']}"))
    if len(rows) > len(shown):
        screen.say(render("note.more-rows", count=len(rows) - len(shown)))


def _label(label: dict[str, Any]) -> str:
    said = [
        render("note.label-says", **_said(label)),
        render(f"note.authority-{label['authority']}", law=label["law"] or "-"),
        render(f"note.exposure-listed-{label['listed']}", day=label["listed_on"] or "-"),
    ]
    if label["reach"] == "cluster":
        said.append(render("note.exposure-by-cluster", address=label["labelled_address"]))
    return " ".join(said)


def _said(label: dict[str, Any]) -> dict[str, str]:
    """Give a label's fields as the sentence about it wants them."""
    unstated = render("note.not-stated")
    return {
        "label": label["label"],
        "category": label["category"] or unstated,
        "publisher": label["publisher"],
        "law": label["law"] or unstated,
        "listed_on": label["listed_on"] or render("note.label-listing-date-unknown"),
        "fetched_on": label["fetched_on"] or unstated,
        "source": label["source"] or unstated,
    }


def _show_terrorism(door: Door, found: dict[str, Any], which: str, *, all_rows: bool) -> None:
    """Print the table of terrorist financing, or that of allegations, never both in one."""
    screen = door.screen
    screen.say(render(f"note.terrorism-{which}"))
    if not found["rows"]:
        screen.say(render(f"note.terrorism-{which}-none"))
        return
    told = [
        (render(f"name.listed-{row['listed']}"), row) for row in found["by_time"] if row["outputs"]
    ]
    _show_amounts(door, "name.exposure-listed", told)
    _show_rows(door, found["rows"], all_rows=all_rows)
