"""Which benchmarks are run: a room's by its name, a row by its own."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest

from benchmarks import run
from tools.tree import ROOT


def room(name: str, *rows: str) -> ModuleType:
    module = ModuleType(f"benchmarks.{name}")
    module.NAMES = rows  # type: ignore[attr-defined]
    module.rows = lambda machine: [{"name": row} for row in rows]  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ("", ["desk-append", "desk-first-fold", "upload", "upload-memory"]),
        ("desk", ["desk-append", "desk-first-fold"]),
        ("desk-append", ["desk-append"]),
        ("upload", ["upload", "upload-memory"]),
    ],
)
def test_only_names_a_room_or_a_row(
    only: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = [room("desk", "desk-append", "desk-first-fold"),
             room("upload", "upload", "upload-memory")]  # fmt: skip
    monkeypatch.setattr(run, "modules", lambda _only="": iter(rooms))
    kept: list[dict[str, Any]] = []
    run.collect(only, {}, kept)
    assert [row["name"] for row in kept] == expected


def test_a_name_that_is_neither_is_answered_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "modules", lambda _only="": iter([room("desk", "desk-append")]))
    with pytest.raises(SystemExit, match=r"desk: desk-append"):
        run.collect("dsk", {}, [])


def test_a_room_of_the_desk_is_found_by_a_process_of_its_own() -> None:
    asked = "from benchmarks.run import modules; print(next(modules('desk')).NAMES)"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False,
                         cwd=ROOT)  # fmt: skip
    assert "desk-append" in ran.stdout, ran.stderr[-2000:]
