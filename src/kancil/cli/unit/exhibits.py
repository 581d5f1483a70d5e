"""Commands for exhibits: from seizure to disposal."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.cli.frame.skips import skipped_as_dicts
from kancil.custody import exhibits
from kancil.custody.cases import require_basis
from kancil.custody.entry import Entry
from kancil.custody.errors import ReceiptWrong
from kancil.custody.roll import Exhibit
from kancil.desk.cases.admitting import require_admitted, take_in
from kancil.desk.handling.actions import limit_exhibit, limitation_at_intake
from kancil.desk.studies.errors import OptionMissing
from kancil.evidence.intake import STANDARD_INPUT, Intake
from kancil.ground.clock import from_person, to_text
from kancil.ground.digests import digest_stream
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import translated
from kancil.ground.ids import ExhibitId
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.units import bytes_text
from kancil.ground.words import render
from kancil.web.errors import ReceiverNotConfirmed

from .slips import SlipOption, hand_out_slip

CaseName = Annotated[str, typer.Argument(metavar="CASE", help="C1 or an id.")]
ExhibitName = Annotated[str, typer.Argument(metavar="EXHIBIT", help="E1 or an id.")]
Place = Annotated[str, typer.Option(help="Where, in words.")]
Seal = Annotated[str | None, typer.Option(help="Number of the seal.")]


def seize(
    context: typer.Context,
    case: CaseName,
    title: Annotated[str, typer.Argument(help="What it is, in a few words.")],
    place: Place,
    seized_from: Annotated[
        str | None, typer.Option("--from", help="From whom it was seized.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="When; in the unit's zone if none is named. Default: now.")
    ] = None,
    seized_by: Annotated[
        str | None, typer.Option(help="Officer who seized it; default: who acts.")
    ] = None,
    make: Annotated[str | None, typer.Option(help="Maker.")] = None,
    model: Annotated[str | None, typer.Option(help="Model.")] = None,
    serial: Annotated[str | None, typer.Option(help="Serial number or IMEI.")] = None,
    seal: Seal = None,
    photograph: Annotated[
        list[Path] | None, typer.Option(help="Photograph of it; repeat for more.")
    ] = None,
    slip: SlipOption = None,
) -> None:
    """Record a seized physical item, and print its checkpoint slip.

    Photographs go to the vault as an exhibit of their own; their digests stand in the entry.

        kancil exhibit seize C1 'Phone' --place 'Vientiane' --from 'Mr A' --seal S-001
    """
    door = Door(context)
    door.needed(title, "TITLE")
    door.can_write(slip)
    by = door.acting()
    found = door.roll.case(case)
    moment = _past(door, at)
    if photograph:
        # They are taken in after the seizure is recorded; what would be refused is refused now.
        require_basis(door.roll, found)
    digests = tuple(_digest(path) for path in photograph or [])
    for path, digest in zip(photograph or [], digests, strict=True):
        require_admitted(digest, path.name)
    entry = exhibits.seize_exhibit(
        door.ledger,
        case=found.id,
        title=title,
        item=exhibits.Item(title, make, model, serial, seal, digests),
        place=place,
        seized_at=moment,
        seized_from=seized_from,
        seized_by=door.roll.officer(seized_by).id if seized_by else by.id,
        by=by,
    )
    label = f"E{entry.body['number']}"
    if photograph:
        _admit(door, found.id, photograph, render("note.photographs", label=label), by, None)
    checkpoint = hand_out_slip(door, render("slip.seizure", label=label, title=title), slip)
    value = {
        "id": entry.exhibit_id,
        "label": label,
        "title": title,
        "seized_at": to_text(moment),
        "photographs": list(digests),
        "entry": entry.n,
        "checkpoint": checkpoint.as_dict(),
    }

    def text() -> None:
        door.screen.say(render("done.exhibit-seize", label=label, title=title))
        checkpoint.show(door)

    door.show(value, text)


def _past(door: Door, text: str | None) -> datetime:
    """Read when something happened, which cannot be later than now; None is now."""
    if text is None:
        return door.now
    moment = from_person(text, door.workspace.zone)
    if moment > door.now:
        raise OptionNotUsable(option="--at", value=text[:40], why=Phrase("note.not-yet"))
    return moment


def _shown(path: Path | str) -> str:
    """Write a path as text; bytes that are not UTF-8 as a backslash and hex, as in listings."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def add(
    context: typer.Context,
    case: CaseName,
    source: Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.")],
    title: Annotated[str | None, typer.Option(help="What it is, in a few words.")] = None,
    stated_source: Annotated[
        str | None, typer.Option("--source", help="Where it comes from, in words.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Add the bytes to this exhibit, E1 or an id.")
    ] = None,
    in_place: Annotated[
        bool,
        typer.Option("--in-place", help="Leave the files where they are; record digests only."),
    ] = False,
    handling: Annotated[
        str | None, typer.Option(help="Handling code it came under; see exhibit limit.")
    ] = None,
    office: Annotated[str, typer.Option(help="Office that asks for the handling code.")] = "",
) -> None:
    """Add files, folders or standard input as an exhibit.

    One pass: size, SHA-256, SHA-1 and MD5 while the bytes go to the vault. Links, devices and
    unreadable files are left out, counted and named. Killed half-way, the next intake cleans up.

        kancil exhibit add C1 blocks/ --title 'Blocks 0 to 299'
    """
    door = Door(context)
    by = door.acting()
    found = door.roll.case(case)
    known = door.roll.exhibit(to) if to else None
    if known and known.case != found.id:
        raise OptionNotUsable(option="--to", value=known.label, why=Phrase("note.other-case"))
    named = title or (known.title if known else ", ".join(map(_shown, source)))
    sources: list[Path | str] = [
        item if item == STANDARD_INPUT else Path(item).absolute() for item in source
    ]
    with door.screen.progress() as progress, door.intake():
        intake = take_in(
            door.vault,
            sources,
            in_place=in_place,
            standard_input=sys.stdin.buffer,
            progress=progress,
        )
        from kancil.desk.custody.store import one_transaction  # once the roll has opened the desk

        with one_transaction():
            entry = exhibits.add_exhibit(
                door.ledger,
                case=found.id,
                title=named,
                content=_content(intake),
                source=stated_source or ", ".join(map(_shown, sources)),
                by=by,
                exhibit=known.id if known else None,
            )
            limitation = limitation_at_intake(handling or "", office)
            if limitation is not None:
                added = ExhibitId(str(entry.exhibit_id))
                limit_exhibit(door.ledger, exhibit=added, limitation=limitation, by=by)
    _show_intake(door, entry, named, intake)


def _admit(
    door: Door, case: Any, paths: list[Path], title: str, by: Any, exhibit: ExhibitId | None
) -> Entry:
    """Take further files in as an exhibit of their own."""
    with door.intake():
        intake = take_in(door.vault, [path.absolute() for path in paths])
        return exhibits.add_exhibit(
            door.ledger,
            case=case,
            title=title,
            content=_content(intake),
            source=", ".join(map(_shown, paths)),
            by=by,
            exhibit=exhibit,
        )


def _content(intake: Intake) -> exhibits.Content:
    stated = intake.content()
    return exhibits.Content(**{**stated, "size_bytes": int(stated["size_bytes"])})


def _show_intake(door: Door, entry: Entry, title: str, intake: Intake) -> None:
    label = door.roll.exhibits[ExhibitId(str(entry.exhibit_id))].label
    value = {
        "id": entry.exhibit_id,
        "label": label,
        "title": title,
        "content": intake.content(),
        "files": plain(intake.files),
        "skipped": skipped_as_dicts(intake.skipped),
        "entry": entry.n,
    }

    def text() -> None:
        door.screen.say(
            render(
                "done.exhibit-add",
                label=label,
                title=title,
                files=len(intake.files),
                size=bytes_text(intake.size_bytes),
            )
        )
        if len(intake.files) == 1:
            digests = intake.files[0].digests
            door.screen.facts(
                [("SHA-256", digests.sha256), ("SHA-1", digests.sha1), ("MD5", digests.md5)]
            )
        else:
            door.screen.facts([("SHA-256 of the listing", intake.listing_sha256)])
        door.show_skipped(intake.skipped)

    door.show(value, text)


def list_exhibits(
    context: typer.Context,
    case: Annotated[str | None, typer.Argument(help="C1 or an id; all cases if not given.")] = None,
) -> None:
    """List exhibits with digests, holder and state.

    Each exhibit with its state, its holder and its digests.

        kancil exhibit list C1
    """
    door = Door(context)
    chosen = door.roll.case(case).id if case else None
    rows = [
        _row(door, exhibit)
        for exhibit in door.roll.exhibits.values()
        if chosen is None or exhibit.case == chosen
    ]

    def text() -> None:
        if not rows:
            door.screen.say(render("note.no-exhibits"))
            return
        door.screen.table(
            ("Exhibit", "Title", "State", "Holder", "Files>", "Size>", "SHA-256 (or of listing)"),
            [
                (
                    row["label"],
                    row["title"],
                    row["status"],
                    row["holder_name"],
                    str(row["files"]),
                    bytes_text(int(row["size_bytes"])),
                    row["sha256"] or row["listing_sha256"] or "-",
                )
                for row in rows
            ],
        )

    door.show(rows, text)


def _row(door: Door, exhibit: Exhibit) -> dict[str, Any]:
    contents = exhibit.contents
    single = contents[0] if len(contents) == 1 else None
    holder = door.roll.officers.get(exhibit.holder) if exhibit.holder else None  # type: ignore[call-overload]
    return {
        "id": exhibit.id,
        "label": exhibit.label,
        "case": exhibit.case,
        "title": exhibit.title,
        "status": exhibit.status,
        "holder": exhibit.holder,
        "holder_name": holder.name if holder else (exhibit.holder or "-"),
        "seal": exhibit.seal,
        "files": sum(content["files"] for content in contents),
        "size_bytes": str(sum(int(content["size_bytes"]) for content in contents)),
        "sha256": single["sha256"] if single else None,
        "listing_sha256": single["listing_sha256"] if single else None,
        "in_place": any(content["in_place"] for content in contents),
        "events": [
            {"n": event.n, "kind": event.kind, "at": to_text(event.at), "officer": event.officer}
            for event in exhibit.events
        ],
    }


TAKEN_BACK = "taken-back"
_LEAVING = ("deposited", "returned")
EVENTS = ("sealed", "stored", "opened", *_LEAVING, TAKEN_BACK)


def record(
    context: typer.Context,
    exhibit: ExhibitName,
    event: Annotated[
        str, typer.Argument(help="sealed, stored, opened, deposited, returned or taken-back.")
    ],
    place: Place,
    seal: Seal = None,
    reason: Annotated[str | None, typer.Option(help="Why, in words.")] = None,
    to: Annotated[
        str | None, typer.Option(help="Court or person, for deposited and returned.")
    ] = None,
    receipt: Annotated[
        Path | None, typer.Option(help="Scan of the receipt signed on paper, for taken-back.")
    ] = None,
) -> None:
    """Record that an exhibit was sealed, stored, opened, deposited, returned or taken back.

    Opening needs a reason; depositing and returning need to whom; sealing needs the seal.
    What a court or anybody else outside holds is taken back by whoever acts, who holds it from
    then on; it needs the paper that the other signed. Storing it alone changes no holder.

        kancil exhibit record E1 stored --place 'Shelf 4' --seal S-001
    """
    door = Door(context)
    found = door.roll.exhibit(exhibit)
    if event == TAKEN_BACK:
        _show_event(door, found, _taken_back(door, found, place, seal, receipt, reason or to))
        return
    if receipt is not None:
        raise OptionNotUsable(option="--receipt", value=str(receipt), why=TAKEN_BACK)
    by = door.acting()
    ledger = door.ledger
    if event == "sealed":
        number = _needed(seal, "--seal")
        entry = exhibits.seal_exhibit(ledger, exhibit=found.id, seal=number, place=place, by=by)
    elif event == "stored":
        entry = exhibits.store_exhibit(
            ledger, exhibit=found.id, place=place, seal=seal, reason=reason, by=by
        )
    elif event == "opened":
        why = _needed(reason, "--reason")
        entry = exhibits.open_exhibit(
            ledger, exhibit=found.id, place=place, seal=seal, reason=why, by=by
        )
    elif event in _LEAVING:
        act = exhibits.deposit_exhibit if event == "deposited" else exhibits.return_exhibit
        receiver = _needed(to, "--to")
        entry = act(
            ledger, exhibit=found.id, to=receiver, place=place, seal=seal, reason=reason, by=by
        )
    else:
        raise OptionNotUsable(option="EVENT", value=event, why=", ".join(EVENTS))
    _show_event(door, found, entry)


def _taken_back(
    door: Door,
    exhibit: Exhibit,
    place: str,
    seal: str | None,
    receipt: Path | None,
    unused: str | None,
) -> Entry:
    """Record that whoever acts took an exhibit back from who outside holds it, on a signed paper.

    It is the hand-over that the site records; its entry has no reason and names no third.
    """
    if unused is not None:
        raise OptionNotUsable(option="--reason, --to", value=unused, why=", ".join(_LEAVING))
    if receipt is None:
        raise OptionMissing(option="--receipt")
    if exhibit.holder is None or exhibit.holder in door.roll.officers:
        raise ReceiptWrong(why=Phrase("why.held-by-an-officer"))
    by = door.acting()
    from kancil.desk.cases.actions import hand_over_on_paper  # once the roll has opened the desk

    return hand_over_on_paper(
        door.ledger,
        exhibit=exhibit.id,
        giver=exhibit.holder,
        to=by.id,
        to_kind="officer",
        place=place,
        seal=seal,
        document_sha256=_digest(receipt),
        by=by,
    )


def _needed(value: str | None, option: str) -> str:
    if value is None:
        raise OptionMissing(option=option)
    return value


def _show_event(door: Door, exhibit: Exhibit, entry: Entry) -> None:
    value = {"id": exhibit.id, "label": exhibit.label, "kind": entry.kind, "entry": entry.n}
    kind = entry.kind.removeprefix("exhibit.")
    door.show(value, render("done.exhibit-event", label=exhibit.label, kind=kind, n=entry.n))


def acquire(
    context: typer.Context,
    exhibit: ExhibitName,
    source: Annotated[list[Path], typer.Argument(help="Files or folders that were acquired.")],
    tool: Annotated[str, typer.Option(help="Tool that copied them.")],
    tool_version: Annotated[str, typer.Option(help="Its version.")],
    write_blocker: Annotated[str | None, typer.Option(help="Write blocker, or none.")] = None,
    source_digest: Annotated[
        str | None, typer.Option(help="Digest that the tool stated of the source.")
    ] = None,
) -> None:
    """Add the bytes acquired from a seized item, with the tool that was used.

    The bytes go to the vault under the seized item, with how they were copied.

        kancil exhibit acquire E1 phone.tar --tool 'Tool' --tool-version 1.2 --write-blocker none
    """
    door = Door(context)
    found = door.roll.exhibit(exhibit)
    by = door.acting()
    with door.screen.progress() as progress, door.intake():
        intake = take_in(door.vault, [path.absolute() for path in source], progress=progress)
        entry = exhibits.acquire_exhibit(
            door.ledger,
            exhibit=found.id,
            content=_content(intake),
            tool=tool,
            tool_version=tool_version,
            write_blocker=write_blocker,
            source_digest=source_digest,
            by=by,
        )
    _show_intake(door, entry, found.title, intake)


def transfer(
    context: typer.Context,
    exhibit: ExhibitName,
    to: Annotated[str, typer.Option(help="Officer (O2), or a name outside the unit.")],
    place: Place,
    to_kind: Annotated[str, typer.Option(help="officer, person, court or laboratory.")] = "officer",
    seal: Seal = None,
    receipt: Annotated[
        Path | None, typer.Option(help="Scan of the receipt signed on paper, for others.")
    ] = None,
    present: Annotated[
        str | None,
        typer.Option(help="How the receiving officer agreed, if their key has no passphrase."),
    ] = None,
) -> None:
    """Hand an exhibit over: released by one officer, received by another, both sign.

    An officer receives with their own key: its passphrase is asked. A key without a passphrase
    opens for anyone at this machine, so --present must say how they agreed, and is recorded. Anyone
    outside the unit signs a paper, whose scan's digest is recorded.

        kancil exhibit transfer E1 --to O2 --place 'Laboratory'
    """
    door = Door(context)
    found = door.roll.exhibit(exhibit)
    by = door.acting()
    if to_kind == "officer":
        receiver = door.unlock(to)
        named: str = receiver.id
        if present is None and not door.has_passphrase(receiver.id):
            # The key opens for anyone at this machine: the receiver's own yes must be stated.
            raise ReceiverNotConfirmed(name=door.roll.officers[receiver.id].name)
        signed = exhibits.make_receipt(
            unit=door.workspace.unit.id,
            exhibit=found.id,
            giver=by.id,
            to=receiver.id,
            place=place,
            seal=seal,
            at=door.now,
            signer=receiver.signer,
        )
    else:
        named = to
        if receipt is None:
            raise OptionMissing(option="--receipt")
        signed = exhibits.paper_receipt(_digest(receipt))
    entry = exhibits.transfer_exhibit(
        door.ledger,
        exhibit=found.id,
        to=named,
        to_kind=to_kind,
        place=place,
        seal=seal,
        receipt=signed,
        presence=present,
        by=by,
    )
    _show_event(door, found, entry)


def dispose(
    context: typer.Context,
    exhibit: ExhibitName,
    authority: Annotated[str, typer.Option(help="Who ordered it.")],
    on: Annotated[str, typer.Option("--date", help="Date of the order, 2026-03-09.")],
    number: Annotated[str | None, typer.Option(help="Number of the order.")] = None,
    document: Annotated[Path | None, typer.Option(help="The order itself, as a file.")] = None,
) -> None:
    """Remove an exhibit's bytes under an order; digests and history stay.

    Bytes that another exhibit needs too stay. The ledger keeps digests, listing and history;
    verification goes on passing.

        kancil exhibit dispose E1 --authority 'Court' --number 9/2026 --date 2026-03-09
    """
    door = Door(context)
    found = door.roll.exhibit(exhibit)
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        raise OptionNotUsable(option="--date", value=on, why="2026-03-09") from error
    order = exhibits.DisposalOrder(authority, number, day, _digest(document) if document else None)
    by = door.acting()
    from kancil.desk.cases.actions import dispose_exhibit  # once the roll has opened the desk

    entry, removed = dispose_exhibit(door.ledger, door.vault, exhibit=found.id, order=order, by=by)
    value = {"id": found.id, "label": found.label, "removed": removed, "entry": entry.n}
    door.show(value, render("done.exhibit-dispose", label=found.label, files=len(removed)))


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return digest_stream(file).sha256
    except OSError as error:
        raise translated(error, path) from error
