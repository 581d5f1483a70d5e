"""Commands for the directory of offices and keepers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.signing import fingerprint as fingerprint_of
from kancil.ground.words import render, render_phrase
from kancil.legal.directory.errors import DirectoryFileTooLarge
from kancil.legal.directory.office import Kind, Listing
from kancil.legal.directory.shipped import rules_for
from kancil.legal.directory.signed import MAX_BYTES, open_offices
from kancil.legal.directory.told import answer, listing_table

OfficeId = Annotated[str, typer.Argument(metavar="OFFICE", help="Its id, as the list shows it.")]
How = Annotated[str, typer.Option(help="How you found it right: whom you called, what you read.")]
On = Annotated[str | None, typer.Option("--on", help="The day, 2026-03-09; else today.")]
Note = Annotated[str, typer.Option(help="What else is to be known.")]


def list_offices(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Words of a name, service or note.")] = "",
    kind: Annotated[Kind | None, typer.Option(help="Offices of this kind alone.")] = None,
    country: Annotated[str, typer.Option(help="Offices of this country alone: LA, TH …")] = "",
) -> None:
    """List offices and keepers to which a request may go, and which of them are verified.

    What comes with Kancil, other units' directories and your own, as one. An entry that your
    unit did not verify in the last 180 days is verified before first use.

        kancil directory list --kind central-authority --country PH
    """
    door = Door(context)
    ledger = door.ledger
    from kancil.desk.directory.queries import offices  # once the roll has opened the desk

    found = offices(ledger, door.workspace, kind=kind, country=country.upper(), text=text)
    table = listing_table(found, _today(door))
    shown = ("id", "name", "kind", "country", "channel", "standing")
    places = [
        place
        for place, each in enumerate(table.columns)
        if each.name.removeprefix("office_") in shown
    ]

    def show() -> None:
        door.screen.table(
            [render_phrase(table.columns[place].heading) for place in places],
            [[_words(table.columns[place].shown(row[place])) for place in places]
             for row in table.rows],
        )  # fmt: skip
        door.screen.say(render("note.office-count", count=len(found)))

    door.show([{"id": row["office_id"], **row} for row in table.as_rows()], show)


def _words(cell: Any) -> str:
    return render_phrase(cell) if isinstance(cell, Phrase) else str(cell)


def show_office(context: typer.Context, office: OfficeId) -> None:
    """Show one office: its channel, its source, and what others state of it.

    How a request reaches it, who says so and when, and what others state of it.

        kancil directory show google
    """
    door = Door(context)
    ledger = door.ledger
    from kancil.desk.directory.queries import office_named

    found = office_named(ledger, door.workspace, office)
    said = [render_phrase(each) for each in answer(found, _today(door))]
    advice = [render(f"name.rule-{each.id}") for each in rules_for(found.office.kind)]
    stated = plain(found)
    value = {**stated.pop("office"), **stated, "answer": said, "rules": advice,
             "standing": found.standing(_today(door)).value}  # fmt: skip
    door.show(value, lambda: _show_office(door, found, said, advice))


def _show_office(door: Door, found: Listing, said: list[str], advice: list[str]) -> None:
    for each in said:
        door.screen.say(each)
    told = plain(found.office)
    facts = [(name, each) for name, each in told.items() if each not in (None, "", [])]
    door.screen.facts(
        (name.replace("_", " "), ", ".join(each) if isinstance(each, list) else str(each))
        for name, each in facts
    )
    for other in found.others:
        who = other.by or render(f"name.origin-{other.origin}")
        way = " ".join(render_phrase(each) for each in answer(other, _today(door))[:1])
        door.screen.say(f"{who}: {way}")
    for each in advice:
        door.screen.say("- " + each)


def import_directory(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Another unit's signed directory.")],
    fingerprint: Annotated[
        str, typer.Option(help="Of the unit's key, as you got it by another road.")
    ] = "",
    compared_how: Annotated[str, typer.Option(help="How you got and compared it.")] = "",
) -> None:
    """Import another unit's signed directory.

    A key is compared once; the ledger keeps how. An older file than the one held is refused, the
    same file changes nothing, and what your own unit verified is never overwritten.

        kancil directory import unit.kancil-directory
    """
    door = Door(context)
    ledger = door.ledger
    from kancil.desk.directory import actions

    by, data = door.acting(), _bytes_of(file)
    done = actions.import_directory(
        ledger, door.workspace, data, file.name, by=by, typed=fingerprint,
        compared_how=compared_how,
    )  # fmt: skip
    found = done.file
    value = {
        "as_of": found.as_of.isoformat(),
        "entries": len(found.offices),
        "fingerprint": found.fingerprint,
        "id": found.sha256,
        "is_new": done.is_new,
        "unit": plain(found.unit),
        "version": found.version,
    }
    key = "done.directory-imported" if done.is_new else "done.directory-known"
    entries = len(found.offices)
    door.show(value, render(key, unit=found.unit.name, version=found.version, entries=entries))


def export_directory(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
) -> None:
    """Export what your unit verified as a signed file for other units.

    What your unit verified, corrected or added, signed by the unit's key. No officer is named in
    it. Give the fingerprint to the other unit by another road.

        kancil directory export -o unit.kancil-directory
    """
    door = Door(context)
    door.can_write(output)
    ledger = door.ledger
    from kancil.desk.directory import actions

    signer = door.keys.unit_signer()
    made = actions.export_directory(ledger, door.workspace, signer)
    door.write(output, made.data)
    key = fingerprint_of(signer.public_raw)
    value = {"as_of": made.as_of.isoformat(), "entries": made.entries, "fingerprint": key,
             "id": sha256_hex(made.data), "path": str(output),
             "version": made.version}  # fmt: skip
    told = render("done.directory-exported", path=str(output), entries=made.entries, key=key)
    door.show(value, told)


def verify_office(
    context: typer.Context,
    office: OfficeId,
    how: How,
    on: On = None,
    note: Note = "",
    corrected: Annotated[
        Path | None, typer.Option(help="The entry as it is right, in YAML or JSON.")
    ] = None,
) -> None:
    """Record that you found an entry right, or what is right instead.

    The ledger keeps the entry whole, the day and how you found it right. With --corrected what
    stands in the file counts from now on; its id and kind stay.

        kancil directory verify google --how 'signed in to the portal'
    """
    door = Door(context)
    by, ledger = door.acting(), door.ledger
    from kancil.desk.directory import actions
    from kancil.desk.directory.errors import OfficeChangesKind
    from kancil.desk.directory.queries import office_named

    found = office_named(ledger, door.workspace, office)
    right = None if corrected is None else open_offices(_bytes_of(corrected), corrected.name)
    if right is not None and len(right) != 1:
        raise OfficeChangesKind(office=found.office.id)
    entry = actions.verify_office(
        ledger, door.workspace, listing=found, on=_day(door, on),
        how=door.needed(how, "--how"), note=note, by=by, corrected=right[0] if right else None,
    )  # fmt: skip
    value = {"entry": entry.n, "id": found.office.id, "what": entry.body["what"]}
    door.show(value, render(f"done.office-{entry.body['what']}", name=entry.body["office"]["name"]))


def add_offices(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="One office, or a list of them: YAML or JSON.")],
    how: How,
    on: On = None,
    note: Note = "",
) -> None:
    """Add offices that the directory does not have, from a file.

    The form of the file is in docs/formats/directory.md. Public offices and companies alone: an
    address at a free-mail domain is refused, and then none of the file is added.

        kancil directory add offices.yaml --how 'letter of the ministry, 3 March'
    """
    door = Door(context)
    by, ledger = door.acting(), door.ledger
    from kancil.desk.directory import actions

    right = open_offices(_bytes_of(file), file.name)
    entries = actions.add_offices(
        ledger, door.workspace, right, on=_day(door, on), how=door.needed(how, "--how"),
        note=note, by=by,
    )  # fmt: skip
    value = [{"entry": entry.n, "id": entry.body["office"]["id"]} for entry in entries]
    names = ", ".join(each.name for each in right)
    door.show(value, render("done.office-added", name=names))


def _bytes_of(path: Path) -> bytes:
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        raise DirectoryFileTooLarge(path=path.name, megabytes=MAX_BYTES // 1_000_000)
    return read_file(path)


def _today(door: Door) -> date:
    return door.now.astimezone(door.workspace.zone).date()


def _day(door: Door, text: str | None) -> date:
    if text is None:
        return _today(door)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise OptionNotUsable(option="--on", value=text[:40], why="2026-03-09") from error
