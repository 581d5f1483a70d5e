"""The command that serves a workspace's site: the unit's, or the programme's."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kancil.cli.errors import PortTaken
from kancil.cli.frame.desk import database_url
from kancil.cli.frame.door import Door
from kancil.cli.programme.door import require_desk
from kancil.custody.roll import Roll
from kancil.desk.base.opening import open_desk
from kancil.desk.studies.errors import OptionMissing
from kancil.ground.clock import now
from kancil.ground.errors import KancilError, OptionNotUsable
from kancil.ground.files import write_durably
from kancil.ground.phrase import Phrase
from kancil.ground.words import render

from .jobs import MOST_WORKERS, Workers

if TYPE_CHECKING:
    from cheroot import wsgi

    from kancil.desk.custody.store import DeskLedger
    from kancil.web.reach import Reach
    from kancil.web.tls import Tls

LOOPBACK = "127.0.0.1"
_EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 (asked for by --classroom, and under TLS alone)


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port; 0: any that is free.")] = 8000,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address of this machine to serve on.")
    ] = LOOPBACK,
    name: Annotated[
        list[str] | None,
        typer.Option(help="Host name that browsers use; the first one is printed."),
    ] = None,
    tls_certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certificate and those above it, PEM.")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its private key, PEM, not for all to read.")
    ] = None,
    own_certificate: Annotated[
        bool, typer.Option("--own-certificate", help="Make one, under an authority of the unit's.")
    ] = False,
    classroom: Annotated[
        bool,
        typer.Option(
            "--classroom",
            help="Serve a room by its own network: on every address, under an own certificate.",
        ),
    ] = False,
    behind_proxy: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="Proxy that does TLS; only it is answered."),
    ] = None,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Only make the server's key and the administrator.")
    ] = False,
    workers: Annotated[
        int, typer.Option(help="Workers for background jobs; 0 if `kancil work` runs elsewhere.")
    ] = 1,
) -> None:
    """Serve the unit's site to browsers on this machine, or to a network under TLS.

    Only this machine can reach it, unless --host names another address: then TLS is needed.
    The first time in a unit, an administrator is made for the acting officer, and their one-time
    password is printed once; a programme's was printed when it began. A worker that
    ends is started again, and all end with the server. Told to end
    (Ctrl-C, SIGTERM), it lets requests end first; told twice, it ends at once. How large, slow and
    many requests may be, of one address and of all, stands in docs/reference/serving.md. With
    --classroom and --name a classroom is served to the laptops of a room without internet; /ca/
    hands out the certificate that they are to trust, /join/ lets trainees make their accounts.

        kancil serve --port 8000
    """
    door = Door(context, site=None)
    if classroom:
        _require_classroom(door)
        own_certificate = own_certificate or tls_certificate is None
        host = _EVERY_ADDRESS if host == LOOPBACK else host
    if not 0 <= port < 65536:
        raise OptionNotUsable(option="--port", value=str(port), why=Phrase("why.port"))
    if not 0 <= workers <= MOST_WORKERS:
        why = Phrase("why.workers", {"most": MOST_WORKERS})
        raise OptionNotUsable(option="--workers", value=str(workers), why=why)
    begin = _open_site(door)
    from kancil.web.reach import reach_of

    tls = _tls(door, name or [], tls_certificate, tls_key, own=own_certificate)
    reach = reach_of(host, port, name or [], tls, behind_proxy or [])
    running = None if prepare else _listening(reach)
    first = begin()
    url = reach.url(port if running is None else running.bind_addr[1])
    value = {"id": door.workspace.unit.id, "url": url, "administrator": first}
    said = [render("done.first-administrator", **first)] if first else []
    said.append(render("done.prepared" if prepare else "done.serving", url=url))
    if tls is not None:
        value["certificate_sha256"] = tls.fingerprint
        said.append(_of_certificate(tls))
    if tls is not None and own_certificate:
        authority = _authority(door, tls)
        value["authority"] = authority
        said.append(render("done.own-certificate", **authority))
    if classroom:
        said.append(_for_the_board(door, url))
    told = Ending() if running is not None else None
    door.show(value, "\n".join(said))
    sys.stdout.flush()
    if running is not None and told is not None:
        _serve_until_told(door, running, workers, told)


def _require_classroom(door: Door) -> None:
    """Refuse a site that holds real work; raises OptionNotUsable."""
    if not door.workspace.site.is_training:
        why = Phrase("why.classroom-alone")
        raise OptionNotUsable(option="--classroom", value=str(door.workspace.root), why=why)


def _open_site(door: Door) -> Callable[[], dict[str, str] | None]:
    """Open the desk of either site; gives what makes its first administrator once it can serve.

    Raises WorkspaceNotFound, FileNotReadable, LedgerFileBroken.
    """
    if not door.workspace.site.holds_cases:
        require_desk(door)
        open_desk(door.workspace, database_url())
        return lambda: None
    _ = door.ledger
    return lambda: begin_site(door)


def _tls(
    door: Door, names: list[str], certificate: Path | None, key: Path | None, *, own: bool
) -> Tls | None:
    """Read the certificate that is to be served under, or make the unit's own."""
    from kancil.custody.site_certificate import site_certificate, site_password
    from kancil.web.reach import site_name
    from kancil.web.tls import read_tls

    if (certificate is None) != (key is None) or (own and certificate):
        why = Phrase("why.tls-pair")
        raise OptionNotUsable(option="--tls-certificate", value=str(certificate), why=why)
    if own and not names:
        raise OptionMissing(option="--name")
    if own:
        made = site_certificate(door.keys, [site_name(one) for one in names], at=now())
        return read_tls(made, made, at=now(), password=site_password(door.keys))
    if certificate is None or key is None:
        return None
    return read_tls(certificate, key, at=now())


def _of_certificate(tls: Tls) -> str:
    return render(
        "done.certificate",
        names=", ".join(tls.names),
        date=tls.ends_at.date().isoformat(),
        fingerprint=tls.fingerprint,
    )


def _for_the_board(door: Door, url: str) -> str:
    """Where laptops go, and the authority's fingerprint as the page there writes it."""
    from kancil.custody.site_certificate import AUTHORITY_FILE, spoken_fingerprint

    path = door.workspace.root / AUTHORITY_FILE
    if not path.is_file():
        return render("done.classroom", url=url)
    told = spoken_fingerprint(path.read_bytes())
    return render("done.classroom-own", url=url, fingerprint=told)


def _authority(door: Door, tls: Tls) -> dict[str, str]:
    """Lay out the authority's certificate to be carried to other machines."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    from kancil.custody.site_certificate import AUTHORITY_FILE, site_authority

    authority = site_authority(tls.certificate)
    path = door.workspace.root / AUTHORITY_FILE
    write_durably(path, authority.public_bytes(Encoding.PEM))
    return {"path": str(path), "fingerprint": authority.fingerprint(SHA256()).hex()}


def _listening(reach: Reach) -> wsgi.Server:
    """Take the port, before a password is made or a worker started; raises PortTaken."""
    from kancil.web.serving import server

    running = server(reach)
    try:
        running.prepare()
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL or "Cannot assign" in str(error):
            why = Phrase("why.host-not-here")
            raise OptionNotUsable(option="--host", value=reach.host, why=why) from error
        raise PortTaken(port=reach.port) from error
    return running


class Ending:
    """Word that the server is to end, from a signal or from a thread.

    A signal may reach another thread than the one that waits, or that one just before it waits:
    only what the interpreter writes into a pipe is heard in every case (`signal.set_wakeup_fd`).
    """

    def __init__(self) -> None:
        """Listen for SIGTERM and Ctrl-C; the same a second time ends the process at once.

        The handlers are ours, since a shell may have had Ctrl-C ignored for what it started.
        """
        self._heard, self._said = os.pipe()
        os.set_blocking(self._said, False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _frame: signal.signal(number, signal.SIG_DFL))
        signal.set_wakeup_fd(self._said, warn_on_full_buffer=False)

    def say(self) -> None:
        """Say it from a thread."""
        os.write(self._said, b"\0")

    def wait(self) -> None:
        """Wait until it is said."""
        os.read(self._heard, 1)


def _serve_until_told(door: Door, running: wsgi.Server, workers: int, told: Ending) -> None:
    """Serve until told to end; then let requests end, and workers give their tasks back."""

    def answer() -> None:
        try:
            running.serve()
        finally:
            told.say()

    if door.workspace.site.holds_cases:
        threading.Thread(target=_fold, args=(door.ledger,), name="first fold", daemon=True).start()
    with Workers(door.workspace.root, workers):
        answering = threading.Thread(target=answer, name="serve")
        answering.start()
        told.wait()
        running.stop()
        answering.join()


def _fold(ledger: DeskLedger) -> None:
    """Fold a long ledger while the first pages are answered already; acts wait for it."""
    try:
        ledger.folded(Roll)
    except KancilError as error:
        # Pages can be read; whoever acts is told the same.
        sys.stderr.write(render(f"error.{error.code}.sentence", **error.params) + "\n")
    finally:
        ledger.close()


def begin_site(door: Door) -> dict[str, str] | None:
    """Give the unit a server that can sign and an administrator who can sign in, once.

    Gives the administrator's `name` and one-time `password`; None if there was one.
    """
    ledger = door.ledger
    from kancil.desk.access.actions import admit_person
    from kancil.desk.access.server import ensure_server
    from kancil.desk.cases.queries import has_server
    from kancil.desk.people.queries import Role, has_administrator

    if has_server() and has_administrator():
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
    _, password = admit_person(
        ledger, username="admin", name=officer.name, role=Role.ADMINISTRATOR, by=by
    )
    return {"name": "admin", "password": password}
