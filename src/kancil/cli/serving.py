"""The command that serves the unit's site."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from kancil.ground.errors import OptionNotUsable, PortTaken
from kancil.ground.phrase import Phrase
from kancil.ground.words import render

from .door import Door
from .working import MOST_WORKERS, Workers

if TYPE_CHECKING:
    from cheroot import wsgi


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8000,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Only make the server's key and the administrator.")
    ] = False,
    workers: Annotated[
        int, typer.Option(help="Workers for background work; 0 if `kancil work` runs elsewhere.")
    ] = 1,
) -> None:
    """Only this machine can reach it. The first time, an administrator is made for the acting
    officer, and her one-time password is printed once. A worker that ends is started again, and
    all end with the server.
    """
    door = Door(context)
    if not 0 < port < 65536:
        raise OptionNotUsable(option="--port", value=str(port), why=Phrase("why.port"))
    if not 0 <= workers <= MOST_WORKERS:
        why = Phrase("why.workers", {"most": MOST_WORKERS})
        raise OptionNotUsable(option="--workers", value=str(workers), why=why)
    running = None if prepare else _listening(door, port)
    first = begin_site(door)
    url = f"http://localhost:{port}"
    value = {"id": door.workspace.unit.id, "url": url, "administrator": first}
    text = render("done.prepared" if prepare else "done.serving", url=url)
    if first:
        text = render("done.first-administrator", **first) + "\n" + text
    door.show(value, text)
    sys.stdout.flush()
    if running is None:
        return
    with Workers(door.workspace.root, workers):
        try:
            running.serve()
        except KeyboardInterrupt:
            running.stop()


def _listening(door: Door, port: int) -> wsgi.Server:
    """Take the port, before a password is made or a worker started; raises PortTaken."""
    _ = door.ledger  # the desk is open from here on
    from kancil.web.serving import server

    running = server(port)
    try:
        running.prepare()
    except OSError as error:
        raise PortTaken(port=port) from error
    return running


def begin_site(door: Door) -> dict[str, str] | None:
    """Give the unit a server that can sign and an administrator who can sign in, once.

    Gives the administrator's `name` and one-time `password`; None if there was one.
    """
    ledger = door.ledger
    from kancil.desk.people.actions import add_person
    from kancil.desk.people.queries import Role, has_administrator
    from kancil.desk.people.server import ensure_server, server_officer

    if server_officer(door.roll) is not None and has_administrator():
        return None
    by = door.acting()
    ensure_server(
        ledger,
        door.keys,
        name=render("name.server", unit=door.workspace.unit.name),
        vouched_how=render("note.server-key"),
        by=by,
    )
    if has_administrator():
        return None
    officer = door.roll.officer(by.id)
    _, password = add_person(username="admin", name=officer.name, role=Role.ADMINISTRATOR)
    return {"name": "admin", "password": password}
