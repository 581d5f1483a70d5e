"""Kernels are compiled once: what is kept is found, and a new process takes it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kancil.bitcoin.compiled import kept as kept_kernels
from kancil.bitcoin.compiled import memory
from kancil.bitcoin.compiled.kept import must_compile

USE = """
import numpy as np
from kancil.bitcoin.clusters import kernels
answer = np.empty(2, np.int64)
kernels.groups_at(np.array([0, 2, 5]), np.array([1, 4]), answer)
stats = kernels.groups_at.stats
print(answer.tolist(), sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""


def test_without_kept_kernels_they_must_be_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert must_compile()
    kept = tmp_path / "blocks_0a1b" / "kernels.parse_0a1b2c-7.py311.nbi"
    kept.parent.mkdir()
    kept.touch()
    assert not must_compile()
    os.utime(kept, (0, kept_kernels._INGEST.stat().st_mtime - 1))
    assert must_compile(), "older than the text that it was made from"


def test_kept_kernels_are_looked_for_where_numba_puts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(kept_kernels, "_INGEST", Path(memory.__file__))
    assert must_compile()
    (tmp_path / "numba" / "compiled_0a1b").mkdir(parents=True)
    (tmp_path / "numba" / "compiled_0a1b" / "memory.one-1.py311.nbi").touch()
    assert not must_compile()


def test_what_one_process_compiled_the_next_one_takes(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    said = [
        subprocess.run(
            [sys.executable, "-c", USE], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert said == ["[0, 1] 0 1", "[0, 1] 1 0"]
