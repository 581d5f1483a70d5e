"""The tables of a new desk: made once in a process, and copied after that.

Making them in an empty SQLite file takes a second, and each `init` and `restore` does so. Whatever
has a table already, and PostgreSQL, is migrated for real.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from kancil.desk.base import opening

_MADE: list[sqlite3.Connection] = []
"""The tables, once they were made, in memory."""


@contextmanager
def copied_tables() -> Iterator[None]:
    """Copy the tables of a new desk for the length of the block."""
    migrate = opening._migrate

    def copy() -> None:
        connection = connections["default"]
        connection.ensure_connection()
        raw = connection.connection
        if not isinstance(raw, sqlite3.Connection) or _has_tables(raw):
            migrate()
        elif _MADE:
            with connection.wrap_database_errors:
                _MADE[0].backup(raw)
        else:
            migrate()
            kept = sqlite3.connect(":memory:", check_same_thread=False)
            raw.backup(kept)
            _MADE.append(kept)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_migrate", copy)
        yield


def _has_tables(raw: sqlite3.Connection) -> bool:
    (count,) = raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(count)
