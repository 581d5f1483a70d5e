"""Open a workspace's desk: set Django up for it, and bring its tables up to this version.

One process serves one workspace. Opening again, or another one, begins with a new connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from io import StringIO
from time import sleep

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import (
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    ProgrammingError,
    connections,
    transaction,
)

from kancil.custody.errors import LedgerOnNetworkShare, SiteDiffers
from kancil.ground.disk import look_at
from kancil.ground.errors import DiskFull, KancilError, WorkspaceNotFound
from kancil.ground.phrase import Phrase
from kancil.ground.workspace import Workspace

from .errors import DeskBusy, DeskNotReadable, DeskUnreachable, TextNotStorable
from .settings import settings_for

_LATE_SECONDS = 1.0
"""How long a server is given to end what a killed process had sent."""
_LEDGER_TABLE = "ledger_entry"
_current: Workspace | None = None


def current_workspace() -> Workspace:
    """The workspace whose desk this process has opened last."""
    if _current is None:
        raise WorkspaceNotFound(path="")
    return _current


def day_of(moment: datetime) -> date:
    """The day of a moment (aware UTC) in the workspace's zone, as people there call it."""
    return moment.astimezone(current_workspace().zone).date()


def open_desk(workspace: Workspace, database_url: str | None = None) -> None:
    """Set Django up for this workspace.

    Raises DatabaseUrlWrong, LedgerOnNetworkShare (SQLite's locks are not reliable there),
    SiteDiffers.
    """
    global _current  # noqa: PLW0603 (a process has one desk open)
    if database_url is None:
        disk = look_at(workspace.root)
        if disk.is_network:
            raise LedgerOnNetworkShare(path=str(workspace.root), kind=disk.seen)
    if not settings.configured:
        settings.configure(**settings_for(workspace, database_url))
    if not apps.ready:
        django.setup()
    _point_to(workspace, database_url)
    if not workspace.site.holds_cases:
        _refuse_ledger(workspace)
    _current = workspace


def _refuse_ledger(workspace: Workspace) -> None:
    """Refuse a programme's settings over a database in which a unit or a classroom was founded."""
    with told(), connections["default"].cursor() as cursor:
        has_ledger = _LEDGER_TABLE in connections["default"].introspection.table_names(cursor)
        if has_ledger:
            cursor.execute(f"SELECT COUNT(*) FROM {_LEDGER_TABLE}")  # noqa: S608 (our own name)
            has_ledger = cursor.fetchone()[0] > 0
    if has_ledger:
        stated = Phrase(f"name.site-{workspace.site}")
        founded = Phrase("name.site-with-ledger")
        raise SiteDiffers(path=str(workspace.root), stated=stated, founded=founded)


def _point_to(workspace: Workspace, database_url: str | None) -> None:
    fresh = settings_for(workspace, database_url)
    close_desk()
    settings.SECRET_KEY = fresh["SECRET_KEY"]
    settings.DATABASES = fresh["DATABASES"]
    settings.FILE_UPLOAD_TEMP_DIR = fresh["FILE_UPLOAD_TEMP_DIR"]
    connections.settings = connections.configure_settings(fresh["DATABASES"])


def close_desk() -> None:
    """Let go of the database."""
    connections.close_all()
    for alias in list(connections):
        if connections.all(initialized_only=True):
            del connections[alias]


def bring_up_to_date() -> None:
    """Make the tables, or change them to what this version needs; raises what `told` raises.

    All of it or nothing: Django alone would note a change after it was made, and whoever was killed
    between the two could never be brought up to date again. What a killed process had sent last, a
    server may do after this one has looked: then it is looked at once more.
    """
    with told():
        try:
            _migrate()
        except (ProgrammingError, IntegrityError):
            close_desk()
            sleep(_LATE_SECONDS)
            _migrate()


def _migrate() -> None:
    connection = connections["default"]
    with connection.constraint_checks_disabled(), transaction.atomic():
        if connection.introspection.table_names():
            call_command("migrate", interactive=False, verbosity=0, stdout=StringIO())
        else:
            make_tables()


def make_tables() -> None:
    """Make all tables of an empty database as they are now, and note each change as made.

    The changes would come to the same tables, one after the other, in four times as long.
    """
    from django.core.management.sql import emit_post_migrate_signal  # seldom needed, and slow
    from django.db.migrations.executor import MigrationExecutor

    connection = connections["default"]
    executor = MigrationExecutor(connection)
    with connection.schema_editor() as editor:
        for model in executor.loader.project_state().apps.get_models():
            if not model._meta.proxy:
                editor.create_model(model)
    executor.recorder.ensure_schema()
    for name in executor.loader.graph.nodes:
        executor.recorder.record_applied(*name)
    emit_post_migrate_signal(0, interactive=False, db=connection.alias)


@contextmanager
def told() -> Iterator[None]:
    """Translate what a database raises into one error of ours; see `ours`.

    A connection that no longer answers is let go, so that the next call begins with a new one.
    What breaks a rule of the tables (IntegrityError) goes up: only the act knows what it means.
    """
    try:
        yield
    except IntegrityError:
        raise
    except UnicodeDecodeError as error:  # bytes that somebody put where text belongs
        raise DeskNotReadable(why=Phrase("why.desk-row-type")) from error
    except Error as error:
        connection = connections["default"]
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        raise ours(error) from error


@contextmanager
def one_change() -> Iterator[None]:
    """Make what is checked and written one transaction: all of it or nothing.

    Raises DeskBusy, DiskFull, DeskUnreachable.
    """
    with told(), transaction.atomic():
        yield


@contextmanager
def snapshot() -> Iterator[None]:
    """Read the database as it is at one moment, while others write; nothing may be written here."""
    connection = connections["default"]
    if connection.vendor == "postgresql":
        with told(), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    usual = connection.transaction_mode  # type: ignore[attr-defined]  # SQLite's alone
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with told(), transaction.atomic():
            yield
    finally:
        connection.transaction_mode = usual  # type: ignore[attr-defined]


# PostgreSQL, appendix A of its manual; SQLite, https://www.sqlite.org/rescode.html.
_BUSY_STATES = frozenset(("55P03", "40P01", "40001", "57014", "53300"))
_FULL_STATES = frozenset(("53100",))
_NO_ANSWER_STATES = ("08", "57P", "28", "3D", "25006")
_SQLITE_BUSY, _SQLITE_LOCKED, _SQLITE_FULL = 5, 6, 13
_SQLITE_NO_ANSWER = frozenset((3, 8, 10, 14))  # PERM, READONLY, IOERR, CANTOPEN


def ours(error: Error) -> KancilError:
    """Give DeskBusy, DiskFull, DeskUnreachable, TextNotStorable or DeskNotReadable.

    The driver's own number decides, never its words.
    """
    cause = error.__cause__
    why = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
    number = getattr(cause, "sqlite_errorcode", None)
    if number is not None:
        if number & 0xFF in (_SQLITE_BUSY, _SQLITE_LOCKED):
            return DeskBusy()
        if number & 0xFF == _SQLITE_FULL:
            return DiskFull(path=str(connections.settings["default"]["NAME"]))
        if number & 0xFF in _SQLITE_NO_ANSWER:
            return DeskUnreachable(why=why)
        return DeskNotReadable(why=why)
    state = getattr(cause, "sqlstate", None)
    if state in _BUSY_STATES:
        return DeskBusy()
    if state in _FULL_STATES:
        return DiskFull(path=str(connections.settings["default"]["NAME"]))
    if isinstance(error, DataError) and (state is None or state == "22021"):
        return TextNotStorable()
    if isinstance(error, InterfaceError) or (state or "08").startswith(_NO_ANSWER_STATES):
        return DeskUnreachable(why=why)
    return DeskNotReadable(why=why)
