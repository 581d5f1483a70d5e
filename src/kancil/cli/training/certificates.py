"""Commands for certificates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.cli.frame.statuses import with_statuses
from kancil.ground.days import span
from kancil.ground.files import read_file
from kancil.ground.plain import plain
from kancil.ground.words import render, render_phrase
from kancil.training.badges.certificate import achievement_words
from kancil.training.badges.reading import read_certificate
from kancil.training.badges.revocations import read_revocations
from kancil.training.badges.verdict import DO_NOT_RELY, NOT_KNOWN, BadgeVerdict, judge


@with_statuses(NOT_KNOWN=NOT_KNOWN, DO_NOT_RELY=DO_NOT_RELY)
def verify(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="The .credential.json, or the text of the QR code in a file.")
    ],
    key: Annotated[
        str | None,
        typer.Option(help="Fingerprint of the issuer's key, which you have by another channel."),
    ] = None,
    lists: Annotated[
        list[Path] | None,
        typer.Option(
            "--list", help="A list of revoked certificates; of several the newest counts."
        ),
    ] = None,
    identifier: Annotated[
        str | None, typer.Option(help="The holder's staff number, to compare with its hash.")
    ] = None,
) -> None:
    """Check a certificate without a network: who signed it, unchanged, revoked.

    Needs no workspace and no network. Status 0: unchanged, by the key you expect, and on no list
    that you gave. Status {NOT_KNOWN}: unchanged, but by whom it was signed is not known. Status
    {DO_NOT_RELY}: do not rely on it. A certificate states what was marked; it is no qualification
    as an expert witness.

        kancil certificate verify dala.credential.json --key SHA256:… --list 4.kancil-revocations
    """
    door = Door(context, site=None)
    signed = read_certificate(read_file(file), file.name)
    opened = [read_revocations(read_file(each), each.name) for each in lists or ()]
    found = judge(signed, key=key, lists=opened, at=door.now, identifier=identifier)
    door.show(_value(found), lambda: _show(door, found))
    if found.exit_status:
        raise typer.Exit(found.exit_status)


def _value(found: BadgeVerdict) -> dict[str, Any]:
    revocation = found.revocation
    return {
        **plain(found.signed.certificate),
        "answer": render_phrase(found.headline),
        "fingerprint": found.signed.fingerprint,
        "good": found.is_good,
        "identifier_fits": found.identifier_fits,
        "key": found.key.value,
        "list": found.list_number,
        "list_words": render_phrase(found.revoked_as_of),
        "no_expert": render("note.badge-no-expert"),
        "revoked": plain(revocation) if revocation else None,
    }


def _show(door: Door, found: BadgeVerdict) -> None:
    said, signed = found.signed.certificate, found.signed
    say = door.screen.say
    say(render_phrase(found.headline))
    if found.revocation:
        say(render(f"name.revocation-{found.revocation.reason.value}") + ".")
    taken = said.taken
    facts = {
        "holder": said.name,
        "achievement": render_phrase(achievement_words(said)),
        "course": f"{taken.title} ({taken.course} {taken.version})",
        "hours": str(taken.hours),
        "days": span(taken.since, taken.until),
        "issuer": said.issuer,
        "issued": said.issued_at.strftime("%Y-%m-%d %H:%M UTC"),
        "key": signed.fingerprint,
        "id": said.id,
    }
    door.screen.facts((render(f"column.badge-{name}"), value) for name, value in facts.items())
    columns = [render(f"column.marked-{name}") for name in ("what", "title", "on", "percent")]
    rows = [
        (
            render(f"name.marked-{each.kind.value}"), f"{each.title} ({each.version})",
            each.on.isoformat(), "" if each.percent is None else f"{each.percent} %",
        )
        for each in said.marked
    ]  # fmt: skip
    door.screen.table(columns, rows)
    if found.identifier_fits:
        say(render("note.badge-identifier-fits"))
    say(render_phrase(found.revoked_as_of))
    say(render("note.badge-no-expert"))
