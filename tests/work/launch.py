"""`kancil` with the works for tests known too: a worker in a process of its own."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

from kancil.cli.main import main
from kancil.cli.workspace import jobs as working

ROOT = Path(__file__).resolve().parents[2]


def load() -> None:
    """Make the real works and the toys known."""
    importlib.import_module("kancil.desk.cases.jobs")
    importlib.import_module("kancil.desk.studies.jobs")
    importlib.import_module("tests.work.toys")


def worker(root: Path, *, lease: int = 2, database_url: str = "") -> subprocess.Popen[bytes]:
    """Start a worker of a workspace."""
    command = [sys.executable, "-m", "tests.work.launch", "--workspace", str(root)]
    return subprocess.Popen(
        [*command, "work", "--lease", str(lease)],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "DATABASE_URL": database_url,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    working.load_works = load
    main()
