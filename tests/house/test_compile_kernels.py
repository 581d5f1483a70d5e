"""Compiling kernels at install: what is counted as done, and what is asked for to get there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kancil.bitcoin.coinjoins import balance
from tools import compile_kernels


def kernel(folder: Path) -> Any:
    """What stands for a kernel of a module that has none."""
    return SimpleNamespace(
        py_func=SimpleNamespace(__module__=balance.__name__),
        stats=SimpleNamespace(cache_path=str(folder)),
        __qualname__="sums_0a1b",
    )


def test_a_kernel_is_kept_if_its_file_is_no_older_than_its_module(tmp_path: Path) -> None:
    one = kernel(tmp_path)
    assert not compile_kernels.is_kept(one)
    kept = tmp_path / "balance.sums_0a1b-12.py311.nbi"
    kept.touch()
    assert compile_kernels.is_kept(one)
    os.utime(kept, (0, Path(str(balance.__file__)).stat().st_mtime - 1))
    assert not compile_kernels.is_kept(one)


def test_it_says_how_many_there_are_before_and_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def use(folder: Path) -> Iterator[str]:
        assert folder.is_dir()
        yield "ingest"
        (tmp_path / "balance.sums_0a1b-12.py311.nbi").touch()

    monkeypatch.setattr(compile_kernels, "kernels", lambda: [kernel(tmp_path)])
    monkeypatch.setattr(compile_kernels, "use", use)
    assert compile_kernels.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Compiling kernels, once: 0 of 1 are here"
    assert lines[-1].startswith("1 of 1 kernels are compiled")


def test_every_command_is_asked_of_a_chain_in_memory_and_of_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def run(words: list[str], **_more: Any) -> subprocess.CompletedProcess[str]:
        asked.append(tuple(words[words.index("kancil.cli") + 1 :]))
        return subprocess.CompletedProcess(words, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    assert len(list(compile_kernels.use(tmp_path))) == 2 * len(compile_kernels.COMMANDS) + 5
    chains = [words[2] for words in asked if words[:2] == ("bitcoin", "trace")]
    assert chains == ["part", "whole"]
    assert compile_kernels.BLOCKS.is_file()


def test_a_command_that_fails_ends_it_with_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(words: list[str], **_more: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(words, 7, "", "kancil: no such chain")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(SystemExit, match=r"no such chain"):
        compile_kernels.run(tmp_path, "bitcoin", "status", "part")
