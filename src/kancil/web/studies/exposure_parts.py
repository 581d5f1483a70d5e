"""The tables of exposure: amounts by category, each opened to its transactions, and the rest.

From the answer that the command gives as well. The table of terrorist financing stands apart, and
what is merely alleged stands apart from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kancil.bitcoin.exposure.answer import exposure_notes
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.web.cells import Section, folded, note, number, rows_left, table
from kancil.web.parts import Cell, Several

from .chain_cells import address_cell, bounds_cell, time_cell, tx_cell
from .labels_said import category_tag

SHOWN_ROWS = 100
"""Rows of one table; what is left out is counted and said."""
WAY_SHOWN = 6
_AMOUNTS = ("direct", "indirect", "total")
_COLUMNS = ("exposure-direct>", "exposure-indirect>", "exposure-together>", "exposure-by-cluster>",
            "outputs>")  # fmt: skip
_WAS_LISTED = ("before", "on-the-day")
_ENDS = frozenset(
    {
        "exposed", "kept", "fees", "counted-once", "hops", "service", "coinjoin", "no-spend-seen",
        "unspendable", "unknown-source", "newly-issued",
    }
)  # fmt: skip


def own_labels(value: dict[str, Any]) -> list[Section]:
    """The labels of the subject itself, which are no exposure."""
    if not value["own_labels"]:
        return []
    columns = ("address", "publisher", "label", "category", "law", "listed")
    rows = [
        (
            each["address"],
            each["publisher"],
            each["label"],
            category_tag(each["category"] or each["label"], law=each["law"]),
            each["law"] or Phrase("note.not-stated"),
            each["listed_on"] or Phrase("note.no-listed-on"),
        )
        for each in value["own_labels"][:SHOWN_ROWS]
    ]
    found = table("web.exposure.own", columns, rows)
    return [found, *rows_left(len(rows), len(value["own_labels"]))]


def notes_sections(value: dict[str, Any]) -> list[Section]:
    """The sentences that must stand beside every exposure, but the first, which is above."""
    return [
        {**note("info", one.key), "text": one}
        for one in exposure_notes(value)
        if one.key != "note.exposure-sense"
    ]


def side_sections(chain: str, side: dict[str, Any]) -> list[Section]:
    """Show one side: by category, opened; where all coins ended; terrorist financing apart."""
    name = side["side"]
    found: list[Section] = []
    if side["rows"]:
        found.append(_categories(f"web.exposure.{name}-categories", side["categories"]))
        found += _opened(chain, side)
        turned = side["reversed_order"]
        if turned is not None and turned["categories"] != side["categories"]:
            found.append(_categories(f"web.exposure.{name}-reversed", turned["categories"]))
    else:
        found.append(note("info", f"web.exposure.{name}-none"))
    found += _parts(chain, side)
    found += _terrorism(chain, name, side["terrorist_financing"], "counted")
    if side["terrorism_allegations"] is not None:
        found += _terrorism(chain, name, side["terrorism_allegations"], "alleged")
    return found


def _amounts(row: dict[str, Any]) -> list[Cell]:
    cells = [bounds_cell(row[f"{name}_lower_sat"], row[f"{name}_upper_sat"]) for name in _AMOUNTS]
    by_cluster = bounds_cell(row["by_cluster_lower_sat"], row["by_cluster_upper_sat"])
    return [*cells, by_cluster, number(row["outputs"])]


def _categories(key: str, rows: Sequence[dict[str, Any]]) -> Section:
    shown = [(" + ".join(row["categories"]), *_amounts(row)) for row in rows]
    return table(key, ("exposure-category", *_COLUMNS), shown)


def _opened(chain: str, side: dict[str, Any]) -> list[Section]:
    """Open the amount of each category to the outputs and transactions behind it."""
    found: list[Section] = []
    for category in side["categories"]:
        rows = [row for row in side["rows"] if row["categories"] == category["categories"]]
        told = {"category": " + ".join(category["categories"]), "count": grouped(len(rows))}
        found += _rows(chain, f"web.exposure.{side['side']}-rows", rows, **told)
    return found


def _rows(chain: str, key: str, rows: Sequence[dict[str, Any]], **told: str) -> list[Section]:
    columns = ("amount>", "exposure-direct>", "address", "transaction", "block-time", "way",
               "says")  # fmt: skip
    shown = [_row(chain, row) for row in rows[:SHOWN_ROWS]]
    return [folded(key, columns, shown, **told), *rows_left(len(shown), len(rows))]


def _row(chain: str, row: dict[str, Any]) -> tuple[Cell, ...]:
    whole: Cell = bounds_cell(row["lower_sat"], row["upper_sat"])
    if row["reason"]:
        whole = Several([whole, Phrase(f"note.bounds-{row['reason']}")])
    return (
        whole,
        bounds_cell(row["direct_lower_sat"], row["direct_upper_sat"]),
        address_cell(chain, row["address"], row["outpoint"]),
        tx_cell(chain, row["txid"]),
        time_cell(row["time"]),
        _way(chain, row["way"]),
        Several([cell for label in row["labels"] for cell in _said(label)]),
    )


def _way(chain: str, way: Sequence[str]) -> Cell:
    """Show the transactions from the subject to an output, the middle of a long way counted."""
    cells: list[Cell] = [tx_cell(chain, txid) for txid in way[: WAY_SHOWN - 1]]
    if len(way) > WAY_SHOWN:
        cells.append(Phrase("web.exposure.way-more", {"count": len(way) - WAY_SHOWN}))
    cells += [tx_cell(chain, txid) for txid in way[WAY_SHOWN - 1 :][-1:]]
    return Several(cells)


def _said(label: dict[str, Any]) -> list[Cell]:
    """A label: whose it is, by what act, when listed, and how it reaches the output."""
    unstated = Phrase("note.not-stated")
    told = {
        "label": label["label"],
        "category": label["category"] or unstated,
        "publisher": label["publisher"],
        "law": label["law"] or unstated,
        "listed_on": label["listed_on"] or Phrase("note.label-listing-date-unknown"),
        "fetched_on": label["fetched_on"] or unstated,
        "source": label["source"] or unstated,
    }
    cells: list[Cell] = [
        Phrase("note.label-says", told),
        Phrase(f"note.authority-{label['authority']}", {"law": label["law"] or "-"}),
        Phrase(f"note.exposure-listed-{label['listed']}", {"day": label["listed_on"] or "-"}),
    ]
    if label["reach"] == "cluster":
        cells.append(Phrase("note.exposure-by-cluster", {"address": label["labelled_address"]}))
    return cells


# --- where all coins ended ------------------------------------------------------------------------


def _parts(chain: str, side: dict[str, Any]) -> list[Section]:
    name = side["side"]
    if not side["within"]["adds_up"]:
        return [note("warn", "note.poison-no-sum")]
    columns = ("exposure-part", "exposure-end", "amount>")
    far = table(f"web.exposure.{name}-parts", columns, _part_rows(side["within"]))
    near = folded(f"web.exposure.{name}-near", columns, _part_rows(side["one_transaction"]))
    return [far, near, *_not_exposed(chain, side)]


def _part_rows(parts: dict[str, Any]) -> list[tuple[Cell, ...]]:
    """The ends and their sum, so that the lines add up to all."""
    rows: list[tuple[Cell, ...]] = [
        (
            Phrase(f"name.exposure-{each['group']}"),
            _end(each["end"]),
            bounds_cell(each["lower_sat"], each["upper_sat"]),
        )
        for each in sorted(parts["ends"], key=lambda each: str(each["group"]))
        if each["upper_sat"] != "0"
    ]
    if parts["undetermined_sat"] != "0":
        open_sat = parts["undetermined_sat"]
        rows.append((Phrase("name.undetermined"), "", bounds_cell(open_sat, open_sat)))
    all_sat = parts["all_sat"]
    rows.append((Phrase("name.exposure-all"), "", bounds_cell(all_sat, all_sat)))
    return rows


def _end(end: str) -> Cell:
    return Phrase(f"note.exposure-end-{end}") if end in _ENDS else end


def _not_exposed(chain: str, side: dict[str, Any]) -> list[Section]:
    """Open the amounts that met no label: where each ended."""
    rows = side["not_exposed"]
    if not rows:
        return []
    columns = ("amount>", "exposure-end", "address", "transaction", "block-time", "hop>")
    shown = [
        (
            bounds_cell(row["lower_sat"], row["upper_sat"]),
            _ended(row),
            address_cell(chain, row["address"], row["outpoint"]),
            tx_cell(chain, row["txid"]),
            time_cell(row["time"]),
            number(row["hop"]),
        )
        for row in rows[:SHOWN_ROWS]
    ]
    told = {"count": grouped(len(rows))}
    key = f"web.exposure.{side['side']}-not-exposed"
    return [folded(key, columns, shown, **told), *rows_left(len(shown), len(rows))]


def _ended(row: dict[str, Any]) -> Cell:
    if row["end"] != "coinjoin":
        return _end(row["end"])
    return Several([_end(row["end"]), row["heuristic"]])


# --- terrorist financing --------------------------------------------------------------------------


def _terrorism(chain: str, side: str, found: dict[str, Any], which: str) -> list[Section]:
    """Show what met addresses listed for terrorism, or what is merely alleged: never in one."""
    heading = f"web.exposure.{side}-terrorism-{which}"
    if not found["rows"]:
        return [note("info", f"{heading}-none")]
    rows = [
        (Phrase(f"name.listed-{row['listed']}"), *_amounts(row))
        for row in found["by_time"]
        if row["outputs"]
    ]
    was_listed = any(row["outputs"] for row in found["by_time"] if row["listed"] in _WAS_LISTED)
    level = "danger" if which == "counted" and was_listed else "warn"
    listed = table(heading, ("exposure-listed", *_COLUMNS), rows)
    opened = _rows(chain, f"{heading}-rows", found["rows"], count=grouped(len(found["rows"])))
    return [note(level, f"note.terrorism-{which}"), listed, *opened]
