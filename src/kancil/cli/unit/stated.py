"""Commands for the transfers that tables of others state."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.bitcoin.chains import ChainName, open_chain
from kancil.cli.errors import TransfersNotRead
from kancil.cli.frame.door import Door
from kancil.cli.frame.skips import skipped_as_dicts
from kancil.custody.roll import Exhibit
from kancil.desk.studies.stated import stated_rows, tables_of_exhibit
from kancil.evidence.tables import column_mapping
from kancil.evidence.tables.column_mapping import read_mapping
from kancil.evidence.tables.exhibit_table import read_table_bytes, table_bytes, table_file
from kancil.evidence.tables.foreign import sniff
from kancil.evidence.tables.suggest import Suggestion, suggest_mapping
from kancil.evidence.tables.transfer_store import TransferRead
from kancil.ground.files import read_file
from kancil.ground.units import btc_text, few, grouped
from kancil.ground.words import render, render_phrase
from kancil.records.transfer import StatedTransfer
from kancil.studies.reported.beside import Joined, join_stated


class Unit(StrEnum):
    """In what a table writes its amounts."""

    WHOLE = column_mapping.WHOLE
    SMALLEST = column_mapping.SMALLEST


ExhibitName = Annotated[str, typer.Argument(metavar="EXHIBIT", help="E1 or an id.")]
FileName = Annotated[
    str | None, typer.Option("--file", help="Which of the exhibit's files, if it has several.")
]
UnitName = Annotated[
    Unit | None,
    typer.Option(
        "--unit",
        help="Unit of amounts and fees: whole coins, or smallest units such as satoshi"
        " or wei. Without it the mapping decides; the default is whole coins.",
    ),
]
_EXHIBIT = re.compile(r"[Ee]\d+|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}")
_SHOWN_ROWS = 40
_SHOWN_UNREAD = 12


def suggest(
    context: typer.Context,
    table: Annotated[str, typer.Argument(metavar="EXHIBIT|FILE", help="E4 or an id, or a file.")],
    file: FileName = None,
    unit: UnitName = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the mapping to this file.")
    ] = None,
) -> None:
    """Suggest how to read a table of transfers: which column is what, and why.

    Nothing is read or recorded. What the table does not say stays null in the mapping: you
    decide it, in the file, before transfers are read. See docs/howto/stated-transfers.md.

        kancil transfers suggest E4 -o mapping.json
    """
    door = Door(context)
    door.can_write(output)
    name, data = _table(door, table, file)
    suggestion = suggest_mapping(sniff(io.BytesIO(data), name))
    suggestion = replace(suggestion, mapping=suggestion.mapping.counted_in(unit))
    mapping = suggestion.mapping.as_dict()
    if output is not None:
        text = json.dumps(mapping, indent=2, ensure_ascii=False) + "\n"
        door.write(output, text.encode("utf-8"))
    value = {
        "asks": [render_phrase(each) for each in suggestion.asks],
        "id": suggestion.mapping.sha256,
        "mapping": mapping,
        "open": list(suggestion.open),
        "reasons": [render_phrase(each) for each in suggestion.reasons],
    }
    door.show(value, lambda: _show_suggestion(door, suggestion, mapping, output))


def _table(door: Door, item: str, name: str | None) -> tuple[str, bytes]:
    """The name and bytes of a table: an exhibit's, or a file's."""
    if _EXHIBIT.fullmatch(item) is not None and not Path(item).exists():
        found = table_file(door.roll.exhibit(item), door.vault, name)
        return found.path, read_table_bytes(found, door.vault)
    return item, table_bytes(Path(item))


def _show_suggestion(
    door: Door, suggestion: Suggestion, mapping: dict[str, Any], output: Path | None
) -> None:
    say = door.screen.say
    for each in suggestion.reasons:
        say("- " + render_phrase(each))
    for each in suggestion.asks:
        say("? " + render_phrase(each))
    if suggestion.open:
        say(render("note.suggest-undecided", parts=", ".join(suggestion.open)))
    if output is None:
        say(json.dumps(mapping, indent=2, ensure_ascii=False))
    else:
        say(render("done.mapping-written", path=str(output)))
    say(render("note.suggest-you-decide"))


def read(
    context: typer.Context,
    exhibit: ExhibitName,
    mapping: Annotated[Path, typer.Option(help="Mapping as JSON, decided by you.")],
    stated_by: Annotated[
        str | None,
        typer.Option(help="Reported by: who made the table, if the mapping does not say."),
    ] = None,
    file: FileName = None,
    unit: UnitName = None,
) -> None:
    """Import reported transfers from an exhibit's table, by a mapping you decided.

    Each transfer is stated by whoever made the table, and proved by nothing in it. Rows that
    cannot be read are left out, counted and named. The mapping is kept in the ledger, so that
    anyone reads the same rows again.

        kancil transfers read E4 --mapping mapping.json --stated-by 'Example Exchange'
    """
    door = Door(context)
    decided = read_mapping(read_file(mapping)).by(stated_by).counted_in(unit)
    by = door.acting()
    found = door.roll.exhibit(exhibit)
    table = table_file(found, door.vault, file)
    from kancil.desk.studies.actions import read_transfers  # once the roll has opened the desk

    with door.screen.progress() as progress:
        done = read_transfers(
            door.ledger,
            door.vault,
            door.workspace,
            exhibit=found,
            file=table,
            mapping=decided,
            by=by,
            progress=progress,
        )
    entry, result = done.entry, done.read
    value = {
        "entry": entry.n,
        "exhibit": found.id,
        "id": f"{table.sha256}-{decided.sha256}",
        "is_new": done.is_new,
        "notes": result.notes,
        "result_sha256": result.result_sha256,
        "rows": result.rows,
        "skipped": skipped_as_dicts(result.skipped),
        "skipped_codes": result.skipped_codes,
        "stated_by": decided.stated_by,
        "unread": list(result.unread),
    }
    door.show(value, lambda: _show_read(door, found, result))


def _show_read(door: Door, exhibit: Exhibit, result: TransferRead) -> None:
    say = door.screen.say
    say(
        render(
            "done.transfers-read",
            exhibit=exhibit.label,
            rows=grouped(result.rows),
            stated_by=result.mapping.stated_by or "",
        )
    )
    for note, count in result.notes.items():
        say("  " + render("note.stated-count", count=count) + " " + render(f"note.stated-{note}"))
    if result.skipped_count:
        door.show_skipped(result.skipped, limit=5)
        if result.skipped_count > len(result.skipped):
            more = result.skipped_count - len(result.skipped)
            say("  " + render("note.skipped-more", count=more))
    if result.unread:
        say(render("note.stated-unread", columns=few(result.unread, _SHOWN_UNREAD)))
    say(render("note.stated-not-proved"))


def join(
    context: typer.Context,
    chain: ChainName,
    exhibit: ExhibitName,
    all_rows: Annotated[bool, typer.Option("--all", help="Print every row.")] = False,
) -> None:
    """Compare reported transfers with the transactions they name, where held.

    A row stays what its publisher states, also where the chain agrees. A transaction that is
    not held may well exist: the chain may be a slice. What differs is shown, not judged.

        kancil transfers join main E4
    """
    door = Door(context)
    found = door.roll.exhibit(exhibit)
    opened = open_chain(door, chain)
    rows = list(join_stated(opened, _stated(door, found)))
    value = [
        {"id": f"{each.transfer.exhibit_sha256}:{each.transfer.row}", **each.as_dict()}
        for each in rows
    ]
    door.show(value, lambda: _show_joined(door, rows, all_rows=all_rows))


def _stated(door: Door, exhibit: Exhibit) -> Iterator[StatedTransfer]:
    """Go through what the exhibit's tables state; raises TransfersNotRead where none was read."""
    tables = tables_of_exhibit(door.ledger, exhibit)
    if not tables:
        raise TransfersNotRead(exhibit=exhibit.label)
    return stated_rows(door.workspace, door.vault, tables)


def _show_joined(door: Door, rows: list[Joined], *, all_rows: bool) -> None:
    counts = Counter(each.state.value for each in rows)
    for state, count in counts.most_common():
        door.screen.say(render("note.join-count", count=count) + " " + render(f"note.join-{state}"))
    shown = rows if all_rows else rows[:_SHOWN_ROWS]
    columns = ("place", "state", "asset", "amount>", "to", "txid", "on the chain")
    door.screen.table(columns, [_joined_cells(each) for each in shown])
    if len(rows) > len(shown):
        door.screen.say(render("note.rows-more", count=len(rows) - len(shown)))
    reasons = dict.fromkeys(reason for each in rows for reason in each.reasons)
    for reason in reasons:
        door.screen.say(f"{reason}: " + render(f"note.join-why-{reason}"))
    door.screen.say(render("note.stated-not-proved"))


def _joined_cells(each: Joined) -> tuple[str, ...]:
    outputs = few([f"{one.n}: {btc_text(one.value_sat)}" for one in each.outputs], 3)
    state = " ".join((each.state.value, *each.reasons))
    transfer = each.transfer
    return (
        transfer.place,
        state,
        transfer.asset,
        transfer.amount,
        transfer.to_address or transfer.to_name or "",
        transfer.txid or "",
        outputs,
    )
