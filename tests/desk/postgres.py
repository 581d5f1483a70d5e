"""A PostgreSQL of the tests' own: one cluster a session, on a socket in a folder, no port.

PostgreSQL refuses to run as root, so that root becomes `postgres` for it. Where it is not
installed, tests say what to install; in CI they fail.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest

INSTALLED = Path("/usr/lib/postgresql")
SETTINGS = "-c listen_addresses='' -c max_connections=60"
QUICK = " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
"""For tests, whose machine does not lose power."""
WANTED = "PostgreSQL is not installed, so the desk on it is NOT tested: apt-get install postgresql"


@dataclass
class Cluster:
    """A running cluster."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, name: str) -> str:
        """A database's address, as DATABASE_URL has it."""
        return f"postgresql://kancil@/{name}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """Make a database, a copy of another one; gives its name."""
        name = f"desk{next(self._numbers)}"
        self.say(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def say(self, command: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """Run one command as the cluster's owner; gives its rows."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(command)
            return list(cursor.fetchall()) if cursor.description else []


def binaries() -> Path | None:
    """Find the newest PostgreSQL that is installed."""
    found = sorted(INSTALLED.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def running(settings: str = SETTINGS + QUICK) -> Iterator[Cluster]:
    """Start a cluster, and end it."""
    programs = binaries()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail(WANTED)
        pytest.skip(WANTED)
    # The path of a socket is short, and `postgres` must reach it.
    folder = Path(tempfile.mkdtemp(prefix="kpg-", dir="/tmp"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    try:
        _run(
            programs / "initdb", "-D", folder / "data", "-U", "kancil", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        control = (programs / "pg_ctl", "-D", folder / "data", "-w", "-t", "60")
        log = folder / "log"
        _run(*control, "-l", log, "-o", f"-k {folder} {settings}", "start")
        try:
            yield Cluster(folder)
        finally:
            _run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/", check=False
    )
    assert done.returncode == 0, (words, done.stderr)
