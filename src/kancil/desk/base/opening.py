"""Open a workspace's desk: set Django up for it, and bring its tables up to this version.

One process serves one workspace. Opening again, or another one, begins with a new connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, OperationalError, connections

from kancil.ground.disk import look_at
from kancil.ground.errors import (
    DeskBusy,
    DeskNotReadable,
    DiskFull,
    KancilError,
    LedgerOnNetworkShare,
    WorkspaceNotFound,
)
from kancil.ground.workspace import Workspace

from .settings import settings_for

_current: Workspace | None = None


def current_workspace() -> Workspace:
    """Give the workspace whose desk this process has opened last."""
    if _current is None:
        raise WorkspaceNotFound(path="")
    return _current


def open_desk(workspace: Workspace, database_url: str | None = None) -> None:
    """Set Django up for this workspace.

    Raises DatabaseUrlWrong, LedgerOnNetworkShare (SQLite's locks are not reliable there).
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
    _current = workspace


def _point_to(workspace: Workspace, database_url: str | None) -> None:
    fresh = settings_for(workspace, database_url)
    close_desk()
    settings.SECRET_KEY = fresh["SECRET_KEY"]
    settings.DATABASES = fresh["DATABASES"]
    connections.settings = connections.configure_settings(fresh["DATABASES"])


def close_desk() -> None:
    """Let go of the database."""
    connections.close_all()
    for alias in list(connections):
        if connections.all(initialized_only=True):
            del connections[alias]


def bring_up_to_date() -> None:
    """Make the tables, or change them to what this version needs; raises what `told` raises."""
    with told():
        call_command("migrate", interactive=False, verbosity=0, stdout=StringIO())


@contextmanager
def told() -> Iterator[None]:
    """Translate what a database raises into DiskFull, DeskBusy or DeskNotReadable."""
    try:
        yield
    except IntegrityError:
        raise
    except OperationalError as error:
        raise _ours(error) from error
    except DatabaseError as error:
        raise DeskNotReadable(why=str(error)[:160]) from error


def _ours(error: OperationalError) -> KancilError:
    text = str(error).lower()
    if "disk is full" in text or "no space left" in text:
        return DiskFull(path=str(connections.settings["default"]["NAME"]))
    if "locked" in text or "timeout" in text:
        return DeskBusy()
    return DeskNotReadable(why=str(error)[:160])
