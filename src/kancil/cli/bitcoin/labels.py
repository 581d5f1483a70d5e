"""Commands for labels on addresses."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.store import (
    PackedImport,
    StoredImport,
    read_import,
    refuse_own_name,
    store_packed,
)
from kancil.bitcoin.network import network_named
from kancil.cli.frame.door import Door
from kancil.cli.frame.skips import skipped_as_dicts
from kancil.custody.unit import record_labels
from kancil.ground.clock import now
from kancil.ground.errors import OptionNotUsable
from kancil.ground.ids import new_id
from kancil.ground.phrase import Phrase
from kancil.ground.words import render

from .chains import label_as_dict


def import_labels(
    context: typer.Context,
    file: Annotated[
        list[Path], typer.Argument(help="OFAC lists, GraphSense TagPack YAML, or CSV.")
    ],
    fetched_on: Annotated[
        str | None, typer.Option(help="Day on which you got the file, 2026-03-09.")
    ] = None,
    publisher: Annotated[str, typer.Option(help="Publisher, if the file does not say.")] = "",
    law: Annotated[str, typer.Option(help="Law that a listing is based on.")] = "",
    licence: Annotated[str, typer.Option(help="Licence of the file.")] = "",
    source: Annotated[str, typer.Option(help="Where it was obtained.")] = "",
    network: Annotated[str, typer.Option(help="Network of the addresses.")] = "mainnet",
) -> None:
    """Import lists of labelled addresses; each is its publisher's allegation.

    A label is what its publisher says, not a finding. A list without listing dates does not
    show that an address was listed when it was paid. Labels of other coins are kept and counted
    apart; rows that cannot be used are left out and counted. See docs/reference/labels.md.

        kancil labels import sanctioned_addresses_XBT.txt --fetched-on 2024-09-27
    """
    door = Door(context)
    by = door.acting()
    given = Given(
        fetched_on=_day(fetched_on),
        publisher=publisher,
        law=law,
        licence=licence,
        source=source,
    )
    network_named(network)
    results: list[tuple[PackedImport, StoredImport]] = []
    ids = [new_id() for _ in file]
    with door.screen.progress() as progress:
        reads = [
            read_import(path, given, network, import_id, progress=progress)
            for path, import_id in zip(file, ids, strict=True)
        ]
    for read in reads:
        refuse_own_name(read.publishers, door.workspace.unit.name)
    for read, import_id in zip(reads, ids, strict=True):
        stored = store_packed(door.workspace.labels_dir, read, import_id)
        results.append((read, stored))
        if stored.is_new:
            record_labels(
                door.ledger,
                sha256=read.file_sha256,
                publisher=", ".join(read.publishers),
                law=", ".join(read.laws) or None,
                labels=read.label_count,
                skipped=read.skipped_count,
                fetched_on=given.fetched_on,
                by=by,
            )
    value = [_value(read, stored) for read, stored in results]

    def text() -> None:
        for read, stored in results:
            door.screen.say(
                render(
                    "done.labels-import" if stored.is_new else "done.labels-known",
                    file=read.file_name,
                    count=read.bitcoin_count,
                    others=read.label_count - read.bitcoin_count,
                    services=read.service_count,
                    publisher=", ".join(read.publishers)[:200],
                )
            )
            door.show_skipped(read.skipped, limit=3)
        door.screen.say(render("note.label-allegation"))

    door.show(value, text)


def find_labels(
    context: typer.Context,
    value: Annotated[str, typer.Argument(help="Address of any chain, or a part of a name.")],
    most: Annotated[int, typer.Option(min=1, max=100_000, help="Labels found by name.")] = 50,
) -> None:
    """Find what imported labels say of an address, or labels by name.

    Each label is what its publisher says, with its day and the list that it stands in. A mistyped
    address is answered with which part of it is wrong.

        kancil labels find 1JoktQJhCzuCQkt3GnQ8Xddcq4mUgNyXEa
    """
    door = Door(context)
    asked = door.needed(value, "VALUE").strip()
    door.ledger.head()
    from kancil.desk.studies.queries import labels_found

    found = [
        {"id": listed.id, "address": label.address, "list": listed.file_name, "place": label.place,
         "chain": f"{label.currency} {listed.network}" if label.kind else label.currency,
         **label_as_dict(label)}
        for label, listed in labels_found(door.workspace, asked, most + 1)
    ]  # fmt: skip

    def text() -> None:
        if not found:
            door.screen.say(render("note.no-labels"))
            return
        names = ("label", "address", "chain", "publisher", "listed_on", "list")
        columns = ("label", "address", "chain", "publisher", "listed", "source")
        door.screen.table(
            [render(f"web.column.{name}") for name in columns],
            [[row[name] for name in names] for row in found[:most]],
        )
        if len(found) > most:
            door.screen.say(render("web.search.more", most=most))
        door.screen.say(render("note.label-allegation"))

    door.show({"id": asked, "labels": found[:most], "is_whole": len(found) <= most}, text)


def _value(read: PackedImport, stored: StoredImport) -> dict[str, Any]:
    return {
        "id": stored.id,
        "file": read.file_name,
        "sha256": read.file_sha256,
        "is_new": stored.is_new,
        "labels": read.label_count,
        "bitcoin": read.bitcoin_count,
        "services": read.service_count,
        "currencies": read.currencies,
        "publishers": list(read.publishers),
        "laws": list(read.laws),
        "conflicts": read.conflict_count,
        "skipped": skipped_as_dicts(read.skipped),
    }


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
        if day > now().date() + timedelta(days=1):
            raise OptionNotUsable(option="--fetched-on", value=text, why=Phrase("note.not-yet"))
        return day
    except ValueError as error:
        raise OptionNotUsable(option="--fetched-on", value=text[:40], why="2026-03-09") from error
