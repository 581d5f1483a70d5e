"""Readers and a writer of a store: who waits for whom, how long, and what a killed one leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.chain import held as chain_held
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.store import files
from kancil.bitcoin.store.errors import ChainBeingChanged, ChainBeingRead
from tests.bitcoin.store.making import grow, line, raws, trunk, write_blocks

_HOLDS = """
import sys, time
from pathlib import Path
from kancil.bitcoin.store import files
with files.unread(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def chain_dir(tmp_path: Path) -> Path:
    """A store of eight blocks; the next file beside it is a longer branch."""
    base = trunk(5)
    blocks = tmp_path / "blocks"
    write_blocks(blocks / "blk00000.dat", raws(base + line(base[-1].hash, 6, 2, salt=b"a")))
    grow(tmp_path / "main", blocks)
    longer = line(base[-1].hash, 6, 4, salt=b"bb")
    write_blocks(blocks / "blk00001.dat", raws(longer, with_genesis=False))
    return tmp_path / "main"


def test_a_reader_is_refused_while_a_writer_holds_the_store(
    chain_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "READER_PATIENCE_SECONDS", 0.0)
    with files.unread(chain_dir):
        with pytest.raises(ChainBeingChanged) as refused:
            Chain.open(chain_dir)
        assert refused.value.params == {"path": str(chain_dir)}
    assert Chain.open(chain_dir).last_height == 7


def test_a_reader_waits_for_a_writer_that_is_soon_done(
    chain_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as writing:
        writing.enter_context(files.unread(chain_dir))
        waited = []

        def let_go(seconds: float) -> None:
            waited.append(seconds)
            writing.close()

        monkeypatch.setattr(files, "sleep", let_go)
        assert Chain.open(chain_dir).last_height == 7
        assert len(waited) == 1


def test_what_a_reader_read_before_they_had_the_lock_does_not_count(
    chain_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    class Late(files.Reading):
        def __init__(self, folder: Path) -> None:
            taken.append(grow(folder, folder.parent / "blocks")["added"]["blocks_taken_back"])
            super().__init__(folder)

    monkeypatch.setattr(chain_held, "Reading", Late)
    chain = Chain.open(chain_dir)
    assert (taken, chain.last_height) == ([2], 9)
    ids = chain.columns.tx_id
    assert [chain.tx_rows(bytes(ids[row])) for row in range(len(ids))] == [
        [row] for row in range(len(ids))
    ]


def test_a_killed_writer_leaves_nothing_that_lasts(
    chain_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "READER_PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.0)
    command = [sys.executable, "-c", _HOLDS, str(chain_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"held\n"
        assert files.is_wanted(chain_dir)
        with pytest.raises(ChainBeingChanged):
            Chain.open(chain_dir)
        writer.send_signal(signal.SIGKILL)
    assert (chain_dir / ".wanted").exists(), "the writer could not clear it away"
    assert not files.is_wanted(chain_dir)
    assert Chain.open(chain_dir).last_height == 7
    with files.unread(chain_dir):
        assert files.is_wanted(chain_dir)
    assert not (chain_dir / ".wanted").exists()


def test_a_file_that_nobody_has_locked_asks_for_nothing_whatever_its_time(chain_dir: Path) -> None:
    wanted = chain_dir / ".wanted"
    wanted.touch()
    for time in (0, 4_000_000_000):
        os.utime(wanted, (time, time))
        assert not files.is_wanted(chain_dir)


def test_a_writer_asks_for_the_store_for_as_long_as_they_have_it(
    chain_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.0)
    chain: Any = Chain.open(chain_dir)
    seen = []
    real = files._hold

    def look(*how: Any) -> None:
        seen.append(files.is_wanted(chain_dir))
        real(*how)

    monkeypatch.setattr(files, "_hold", look)
    with pytest.raises(ChainBeingRead), files.unread(chain_dir):
        pytest.fail("somebody has the store open")
    assert seen == [False, True], "first a writer asks, then waits"
    assert chain.last_height == 7
    assert not files.is_wanted(chain_dir)
    del chain
    with files.unread(chain_dir):
        os.utime(chain_dir / ".wanted", (0, 0))
        assert files.is_wanted(chain_dir), "however long the writer takes"
