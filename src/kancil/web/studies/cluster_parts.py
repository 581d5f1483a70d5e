"""The parts of a cluster's page, from the answer that the command gives as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kancil.bitcoin.clusters.notes import doubts_of
from kancil.bitcoin.clusters.views import name_of
from kancil.ground.phrase import Param, Phrase, from_json
from kancil.ground.units import grouped
from kancil.web.cells import (
    Section,
    amount,
    facts,
    identifier,
    link,
    note,
    number,
    rows_left,
    table,
    tag,
)
from kancil.web.parts import Cell, Several

from .chain_cells import KEY_KINDS, named_cell, time_cell, tx_cell

SHOWN_ROWS = 100
_LOOKS = {
    "coinjoin": "web.cluster.looks-coinjoin",
    "equal-outputs": "web.cluster.looks-equal-outputs",
    "unsure": "web.cluster.looks-unsure",
}
NAMED = 3
"""So many addresses, or labels, are named in one cell."""


def warnings(value: dict[str, Any]) -> list[Section]:
    """Above all else what a cluster is, and what speaks against this one."""
    notes: list[Section] = [note("warn", "web.cluster.sense")]
    for doubt in doubts_of({**value, "labels": ()}):
        notes.append({**note("danger", doubt.key), "text": doubt})
    return notes


def what_facts(chain: str, value: dict[str, Any]) -> list[tuple[str, Cell]]:
    """How large it is, since when, and what is known of its coins."""
    coins, own = value["coins"], value["address"]
    told: list[tuple[str, Cell]] = [
        ("asked-address", member_cell(chain, own)),
        ("cluster-addresses", number(value["size"])),
        ("cluster-labelled", number(value["labelled"])),
        ("script", _scripts(value["scripts"])),
        ("first-seen", _place(chain, value["first"])),
        ("last-seen", _place(chain, value["last"])),
        ("cluster-spent-together", number(value["spent_together"])),
    ]
    if coins is None:
        told.append(("cluster-coins", Phrase("web.cluster.coins-too-many")))
        return told
    told += [
        ("cluster-transactions", number(coins["transactions"])),
        ("received", amount(int(coins["received_sat"]))),
        ("no-spend-seen", amount(int(coins["no_spend_seen_sat"]))),
    ]
    if coins["stated_spends"]:
        told.append(("cluster-stated", number(coins["stated_spends"])))
    return told


def _scripts(counts: dict[str, int]) -> str:
    return ", ".join(f"{kind} {grouped(count)}" for kind, count in counts.items())


def _place(chain: str, row: dict[str, Any]) -> Cell:
    return Several([time_cell(row["time"]), tx_cell(chain, row["txid"])])


def member_cell(chain: str, told: dict[str, Any]) -> Cell:
    """Show an address of a cluster, by a link where a page can be asked about it."""
    if told["address"] or told["script"] not in KEY_KINDS:
        return named_cell(chain, name_of(told))
    url = reverse("cluster", kwargs={"chain": chain, "address": told["keys"][0]})
    return identifier(told["keys"][0], url, short=True)


def members_table(chain: str, rows: Sequence[dict[str, Any]]) -> Section:
    """List addresses of a cluster."""
    shown = [(member_cell(chain, row), row["script"]) for row in rows]
    return table("web.cluster.addresses", ("address", "script"), shown)


def held_by_table(chain: str, address: str, rows: Sequence[dict[str, Any]]) -> Section:
    """List transactions of the merge tree, each with a way to ask what splits without it."""
    here = reverse("cluster", kwargs={"chain": chain, "address": address})

    def out(txid: str) -> Cell:
        return link(f"{here}?{urlencode({'without': txid})}", Phrase("web.cluster.take-out"))

    columns = ("transaction", "height>", "block-time", "address", "joined-to", "what-if")
    shown = [
        (
            tx_cell(chain, row["txid"]),
            number(row["height"]),
            time_cell(row["time"]),
            named_cell(chain, row["address"]),
            _few(chain, row["joined_to"]),
            out(row["txid"]),
        )
        for row in rows
    ]
    return table("web.cluster.held-by", columns, shown)


def _few(chain: str, names: Sequence[str]) -> Cell:
    """Name the first addresses of a list, and count the others."""
    cells: list[Cell] = [named_cell(chain, name) for name in names[:NAMED]]
    if len(names) > NAMED:
        cells.append(Phrase("web.cluster.more-addresses", {"count": len(names) - NAMED}))
    return Several(cells)


# --- taken apart ----------------------------------------------------------------------------------


def holds_sections(chain: str, value: dict[str, Any]) -> list[Section]:
    """Show what splits off without the doubted transactions, and the way to another address."""
    found: list[Section] = []
    if value["without"] is not None:
        found += _without(chain, value["without"])
    if value["between"] is not None:
        found += _between(chain, value["between"])
    return found


def _without(chain: str, without: dict[str, Any]) -> list[Section]:
    notes: list[Section] = [
        note("info", "note.cluster-holds-nothing", txid=row["txid"])
        for row in without["transactions"]
        if not row["spends_from_this_cluster"]
    ]
    taken = ", ".join(row["txid"] for row in without["transactions"])
    if not without["splits"]:
        return [*notes, note("info", "web.cluster.holds-without", taken=taken)]
    notes.append(
        note("warn", "web.cluster.splits", taken=taken, count=grouped(without["part_count"]))
    )
    columns = ("cluster-part", "cluster-addresses>", "one-address", "first-seen", "last-seen",
               "labels")  # fmt: skip
    shown = [_part(chain, part) for part in without["parts"][:SHOWN_ROWS]]
    parts = table("web.cluster.parts", columns, shown)
    return [*notes, parts, *rows_left(len(shown), without["part_count"])]


def _part(chain: str, part: dict[str, Any]) -> tuple[Cell, ...]:
    own: Cell = number(part["part"])
    if part["has_asked_address"]:
        own = tag("now", "web.cluster.own-part", part=part["part"])
    return (
        own,
        number(part["size"]),
        member_cell(chain, part["members"][0]),
        time_cell(part["first"]["time"]),
        time_cell(part["last"]["time"]),
        _labels(part),
    )


def _labels(part: dict[str, Any]) -> Cell:
    """Name the first labels of a part, each its publisher's, and count the others."""
    said = list(dict.fromkeys((each["publisher"], each["label"]) for each in part["labels"]))
    if not said:
        return Phrase("web.labels.none-here")
    cells: list[Cell] = [
        Phrase("web.labels.says", {"publisher": publisher, "label": label})
        for publisher, label in said[:NAMED]
    ]
    if len(said) > NAMED:
        cells.append(Phrase("web.cluster.more-labels", {"count": len(said) - NAMED}))
    return Several(cells)


def _between(chain: str, between: dict[str, Any]) -> list[Section]:
    other = name_of(between["other"])
    if not between["together"]:
        return [note("info", "note.cluster-not-together", other=other)]
    columns = ("from", "transaction", "height>", "block-time", "to")
    rows = [
        (
            named_cell(chain, step["from"]),
            tx_cell(chain, step["txid"]),
            number(step["height"]),
            time_cell(step["time"]),
            named_cell(chain, step["to"]),
        )
        for step in between["steps"]
    ]
    told: dict[str, Param] = {"other": other, "count": len(rows)}
    way = table("web.cluster.way", columns, rows[:SHOWN_ROWS])
    return [
        note("info", "web.cluster.way-long", count=len(rows)),
        {**way, "heading": Phrase("web.cluster.way", told)},
        *rows_left(min(len(rows), SHOWN_ROWS), len(rows)),
    ]


# --- set aside, and the method --------------------------------------------------------------------


def aside_sections(chain: str, value: dict[str, Any]) -> list[Section]:
    """List what spends from it and joins nothing: why, and what is known of the error."""
    rows = value["set_aside"][:SHOWN_ROWS]
    if not rows:
        return [note("info", "web.cluster.none-aside")]
    columns = ("transaction", "height>", "block-time", "looks-like", "why", "known-error")
    shown = [_aside(chain, row) for row in rows]
    listed = table("web.cluster.aside", columns, shown)
    return [listed, *rows_left(len(rows), value["set_aside_total"])]


def _aside(chain: str, row: dict[str, Any]) -> tuple[Cell, ...]:
    look = row["heuristic"]
    begin = (tx_cell(chain, row["txid"]), number(row["height"]), time_cell(row["time"]))
    if look is None:
        return (*begin, Phrase("web.cluster.guard"), Phrase("web.cluster.guard-why"),
                Phrase("web.cluster.guard-error"))  # fmt: skip
    named = {"heuristic": look["heuristic"], "version": look["version"], "rule": look["rule"]}
    why: Cell = Phrase(look["why"]["key"], from_json(look["why"]["params"]))
    if look["in_period"] is False:
        why = Several([why, Phrase("web.cluster.outside-period")])
    return (
        *begin,
        Phrase(_LOOKS[look["says"] if look["answer"] == "yes" else look["answer"]], named),
        why,
        Phrase(look["error"]),
    )


def method_facts(value: dict[str, Any]) -> Section:
    """By which method, from which sources, with what left out and what not known."""
    method, joins, unknown = value["method"], value["coinjoins"], value["not_known"]
    here = unknown["inputs_not_held"] + unknown["inputs_without_address"]
    not_known = {"here": here, "chain": unknown["inputs_not_held_in_chain"],
                 "scope": unknown["scope"]}  # fmt: skip
    untold = {"here": joins["not_told_total"], "chain": joins["not_told_in_chain"]}
    told: list[tuple[str, Cell]] = [
        ("method", f"{method['heuristic']} {method['version']}"),
        ("method-source", "; ".join(method["sources"])),
        ("known-error", Phrase("web.cluster.no-known-error")),
        ("coinjoins", Phrase("note.cluster-coinjoins-out",
                             {"count": joins["excluded"], "method": joins["excluded_by"]})),
        ("coinjoins-unsure", Phrase("note.cluster-coinjoins-unsure", {"count": joins["unsure"]})),
        ("not-told", Phrase("note.cluster-coinjoins-untold", untold)),
        ("change-outputs", Phrase("note.cluster-change-off")),
        ("not-known", Phrase("note.cluster-not-known", not_known)),
    ]  # fmt: skip
    return facts("web.cluster.method", told)
