"""A PostgreSQL server of this test run's own: a socket in a folder, no port, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "kancil"


def programs() -> Path | None:
    """Find the newest PostgreSQL of this machine."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    return found[-1] if found else None


def _as_postgres(*words: str | Path) -> None:
    # The server refuses to run as root.
    before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*before, *map(str, words)], check=True, capture_output=True, cwd="/")


@contextmanager
def server() -> Iterator[Path]:
    """Run a server; give the folder of its socket."""
    found = programs()
    assert found is not None, "PostgreSQL is not installed: apt-get install postgresql"
    # A socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="kw", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60"
    try:
        _as_postgres(
            found / "initdb", "-D", folder / "data", "-U", USER, "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        control = (found / "pg_ctl", "-D", folder / "data", "-w", "-t", "30")
        _as_postgres(*control, "-l", folder / "log", "-o", options, "start")
        try:
            yield folder
        finally:
            _as_postgres(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(folder: Path, name: str, *, template: str = "template1") -> str:
    """Make a database as a copy of another one, which is empty at first; give its address."""
    found = programs()
    assert found is not None
    _as_postgres(found / "createdb", "-h", folder, "-U", USER, "-T", template, name)
    return f"postgresql://{USER}@/{name}?host={folder}"
