"""A programme's workspaces, whose commands run in one process of their own.

A process serves one kind of site, and other tests of this one serve the unit's. What this process
spares, the child spares too. It reads one command a line, as JSON, and answers with one line:
status, what was said, and what went wrong.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.running import ROOT, Ran, read_json
from tests.nursery import is_begun

PLACE = ("--name", "Kasa", "--region", "Practice", "--invented")
_CHILD = """
import json, os, sys
import tests.conftest
from tests.cli.running import run
from tests.nursery import Nursery
if sys.argv[1] == "warm":
    Nursery().begin()
out = os.fdopen(os.dup(1), "w")
for line in sys.stdin:
    asked = json.loads(line)
    ran = run(*asked["words"], env=asked["env"])
    out.write(json.dumps([ran.status, ran.out, ran.err]) + chr(10))
    out.flush()
"""


class Programme:
    """The process in which commands of programmes run, and which of them ran."""

    def __init__(self, folder: Path = ROOT) -> None:
        """Start it in a folder; `close` ends it."""
        self.ran: set[str] = set()
        self._child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, "warm" if is_begun() else ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        )

    def run(self, words: list[str], env: dict[str, str]) -> Ran:
        """Run one command."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps({"words": words, "env": env}) + "\n")
        self._child.stdin.flush()
        answer = self._child.stdout.readline()
        assert answer, f"the process ended at {words}"
        self.ran |= {" ".join(words[:count]) for count in (2, 3)}
        return Ran(*json.loads(answer))

    def close(self) -> None:
        """End the process."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.close()
        self._child.wait(10)
        self._child.stdout.close()


@dataclass(frozen=True, slots=True)
class Desk:
    """One workspace of a programme."""

    programme: Programme
    root: Path

    def run(self, who: str, *words: str | Path) -> Ran:
        """Run a command here as somebody."""
        env = {"KANCIL_HOME": str(self.root), "KANCIL_OFFICER": who}
        return self.programme.run([str(word) for word in words], env)

    def ask(self, who: str, *words: str | Path) -> Any:
        """Run a command under `assess` that must succeed; give its answer, held to the rules."""
        ran = self.run(who, "assess", *words, "--json")
        assert ran.status == 0, (words, ran.err)
        return read_json(ran.out)

    def say(self, who: str, *words: str | Path) -> str:
        """Run a command under `assess` that must succeed; give its text."""
        ran = self.run(who, "assess", *words)
        assert ran.status == 0, (words, ran.err)
        return ran.out

    def refused(self, who: str, *words: str | Path) -> str:
        """Run a command under `assess` that must be refused; give the error's code."""
        ran = self.run(who, "assess", *words, "--json")
        error = read_json(ran.out)["error"]
        assert ran.status == error["status"] != 0
        assert f"error.{error['code']}" not in ran.err
        return str(error["code"])


def founded(desk: Desk, people: dict[str, str]) -> Desk:
    ran = desk.run(
        "", "init", desk.root, "--site", "programme", "--name", "Programme", "--officer", "Ada",
        "--username", "ada",
    )  # fmt: skip
    assert ran.status == 0, ran.err
    desk.ask("ada", "country", "add", "XKA", *PLACE)
    for name, role in people.items():
        given = role in ("focal-point", "ministry", "donor-reader")
        country = ("--country", "XKA") if given else ()
        words = ("person", "add", name, "--name", name.title(), "--role", role, *country)
        made = desk.ask("ada", *words)
        assert re.fullmatch(r"(\w{5}-){3}\w{5}", made["password"])
    return desk
