"""Run commands as their user would, in this process; JSON answers are held to the house's rules.

Used by the tests of the doors and of whole trips. A command runs through `kancil.cli.main.main`,
with a standard input that is no terminal and is empty unless bytes are given.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kancil.cli.main import main
from tests.cli.tables import copied_tables
from tests.web.look import start_django

ROOT = Path(__file__).resolve().parent.parent.parent
LARGEST = 2**53 - 1
NEW_DESK = ("init", "restore")
"""Commands that make a desk's tables."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command answered."""

    status: int
    out: str
    err: str


def _text(data: bytes = b"") -> io.TextIOWrapper:
    """A stream as strict about its encoding as a real one."""
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", write_through=True)


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def run(*words: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Ran:
    """Run a command in this process; anything but an exit is a fault and goes up.

    Django is set up once in a process: with the rooms of both sites, else whichever test came first
    would decide what the others can use.
    """
    start_django()
    out, err = _text(), _text()
    with ExitStack() as around:
        if words and words[0] in NEW_DESK:
            around.enter_context(copied_tables())
        patch = around.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.setattr(sys, "stdin", _text(stdin))
        for name, value in (env or {}).items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
    status = ended.value.code
    ran = Ran(
        status if isinstance(status, int) else int(bool(status)), _written(out), _written(err)
    )
    assert "Traceback" not in ran.err, ran.err
    return ran


def spawn(*words: str | Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a command as a process of its own, where a process matters."""
    command = [sys.executable, "-c", "from kancil.cli.main import main; main()"]
    return subprocess.Popen(
        [*command, *(str(word) for word in words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **(env or {})},
        start_new_session=True,
    )


def as_process(*words: str | Path, env: Mapping[str, str] | None = None) -> Ran:
    """Run a command as a process of its own to its end."""
    with spawn(*words, env=env) as child:
        out, err = child.communicate()
    ran = Ran(child.returncode, out.decode("utf-8"), err.decode("utf-8"))
    assert "Traceback" not in ran.err, ran.err
    return ran


@dataclass(frozen=True, slots=True)
class Unit:
    """A workspace and the officer who acts in it."""

    root: Path
    officer: str = "O1"

    def env(self, officer: str | None = None) -> dict[str, str]:
        """The environment that names this workspace and who acts."""
        acting = self.officer if officer is None else officer
        return {"KANCIL_HOME": str(self.root), "KANCIL_OFFICER": acting}

    def run(self, *words: str | Path, stdin: bytes = b"", officer: str | None = None) -> Ran:
        """Run a command here, whatever its status."""
        return run(*words, stdin=stdin, env=self.env(officer))

    def say(self, *words: str | Path, officer: str | None = None) -> str:
        """Run a command that must succeed; give its text."""
        ran = self.run(*words, officer=officer)
        assert ran.status == 0, (words, ran.err)
        return ran.out

    def ask(
        self, *words: str | Path, officer: str | None = None, stdin: bytes = b"", status: int = 0
    ) -> Any:
        """Run a command with --json that must end with `status`; give its answer, checked."""
        ran = self.run(*words, "--json", officer=officer, stdin=stdin)
        assert ran.status == status, (words, ran.status, ran.err)
        return read_json(ran.out)

    def refused(self, *words: str | Path, officer: str | None = None) -> Any:
        """Run a command that must be refused; give what its JSON says of the error.

        The same refusal is made twice, once as text: both say the same sentence and next step.
        """
        text = self.run(*words, officer=officer)
        ran = self.run(*words, "--json", officer=officer)
        error = read_json(ran.out)["error"]
        assert (text.status, text.out) == (ran.status, ""), (words, text)
        assert ran.status == error["status"] != 0
        assert text.err.splitlines()[0].startswith("kancil: ")
        assert len(text.err.strip().splitlines()) >= 2
        assert f"error.{error['code']}" not in text.err, "a sentence lacks its words or a parameter"
        return error

    def process(self, *words: str | Path, env: Mapping[str, str] | None = None) -> Ran:
        """Run a command here as a process of its own."""
        return as_process(*words, env={**self.env(), **(env or {})})

    def spawn(self, *words: str | Path) -> subprocess.Popen[bytes]:
        """Start a command here as a process of its own."""
        return spawn(*words, env=self.env())


def read_json(text: str) -> Any:
    """Parse an answer and hold it to the rules: no float, no large integer, satoshi as text."""
    value = json.loads(text, parse_constant=_refuse)
    _hold(value, "")
    return value


def _refuse(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def _hold(value: Any, place: str) -> None:
    assert not isinstance(value, float), place
    if isinstance(value, int) and not isinstance(value, bool):
        assert abs(value) <= LARGEST, place
        assert not place.endswith(("_sat", "/sat")), f"{place} must be text"
    if isinstance(value, dict):
        for name, item in value.items():
            _hold(item, f"{place}/{name}")
    if isinstance(value, list):
        for item in value:
            _hold(item, place)
