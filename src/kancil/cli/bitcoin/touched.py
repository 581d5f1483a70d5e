"""What new blocks touch of the watch lists: looked for after an ingest, shown by commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.watch import MOST_TOUCHES
from kancil.cli.frame.door import Door
from kancil.ground.errors import KancilError
from kancil.ground.plain import plain
from kancil.ground.units import grouped
from kancil.ground.words import render, render_phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kancil.desk.studies.watched import WatchRead

SHOWN_ROWS = 40


def show_touches(door: Door, rows: list[dict[str, Any]]) -> None:
    """Print transactions that touch what is watched."""
    door.screen.table(
        (
            render("name.watch"), render("name.address"), render("name.cluster-height") + ">",
            render("name.cluster-time"), render("name.watch-in") + ">",
            render("name.watch-out") + ">", render("name.transaction"), render("name.watch-change"),
        ),
        [
            (
                row["watch"], row["address"],
                "?" if row["height"] is None else grouped(row["height"]), row["time"] or "?",
                grouped(int(row["in_sat"])), grouped(int(row["out_sat"])), row["txid"],
                render(f"name.touch-{row['change']}"),
            )
            for row in rows
        ],
    )  # fmt: skip


def show_cuts(door: Door, rows: Iterable[WatchRead]) -> None:
    """Print what of these watches is not watched, or not any more."""
    for row in rows:
        for cut in row.cuts:
            door.screen.say(render_phrase(cut))


def after_ingest(door: Door, chain: Chain) -> dict[str, Any]:
    """Look what the new blocks touch. The unit's watches are told, of a case only how many.

    The ingest is done by now: what goes wrong here is told and undoes nothing.
    """
    from kancil.desk.studies.watched import too_wide_watches
    from kancil.desk.studies.watching import look, split_by_case

    try:
        changed = look(chain)
        cut = too_wide_watches(chain.name)
    except KancilError as error:
        sentence = render(f"error.{error.code}.sentence", **error.params)
        return {
            "transactions": [],
            "cases": [],
            "too_wide": [],
            "cases_too_wide": [],
            "not_looked": sentence,
        }
    own, others = split_by_case(changed)
    labels = {str(case.id): case.label for case in door.roll.cases.values()}
    wide = {row.case_id for row in cut if row.case_id is not None}
    return {
        "transactions": plain(own),
        "cases": [
            {"case": labels.get(case, case), "transactions": count}
            for case, count in sorted(others.items())
        ],
        "too_wide": [row.label for row in cut if row.case_id is None],
        "cases_too_wide": [labels.get(case, case) for case in sorted(wide)],
        "not_looked": None,
    }


def show_after_ingest(door: Door, value: dict[str, Any]) -> None:
    """Print what `after_ingest` found."""
    if value["not_looked"] is not None:
        door.screen.say(render("note.watch-not-looked", why=value["not_looked"]))
    rows = value["transactions"]
    if rows:
        door.screen.say(render("note.watch-touched", count=len(rows)))
        show_touches(door, rows[:SHOWN_ROWS])
        if len(rows) > SHOWN_ROWS:
            door.screen.say(render("note.more-rows", count=len(rows) - SHOWN_ROWS))
    for each in value["cases"]:
        told = {"case": each["case"], "count": each["transactions"]}
        door.screen.say(render("note.watch-touched-case", **told))
    for name in value["too_wide"]:
        door.screen.say(render("note.watch-too-wide", watch=name, most=grouped(MOST_TOUCHES)))
    for case in value["cases_too_wide"]:
        door.screen.say(render("note.watch-too-wide-case", case=case))
