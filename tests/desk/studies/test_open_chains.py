"""Chains that the site keeps open: kept while nobody waits, let go of for a writer."""

from __future__ import annotations

import fcntl
import math
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.store import files
from kancil.bitcoin.store.errors import ChainBeingChanged, ChainBeingRead
from kancil.desk.studies import open_chains
from kancil.desk.studies.open_chains import OpenChains
from tests.bitcoin.store.making import grow, line, raws, trunk, write_blocks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of block files that a store holds; the next file is a longer branch."""
    base = trunk(5)
    blocks = tmp_path / "blocks"
    write_blocks(blocks / "blk00000.dat", raws(base + line(base[-1].hash, 6, 2, salt=b"a")))
    grow(tmp_path / "chains" / "main", blocks)
    longer = line(base[-1].hash, 6, 4, salt=b"bb")
    write_blocks(blocks / "blk00001.dat", raws(longer, with_genesis=False))
    return tmp_path


class Circle:
    """What holds a chain and itself, as answers that are kept may."""

    def __init__(self, chain: Any) -> None:
        self.chain, self.me = chain, self


def test_a_chain_is_kept_with_what_stands_beside_it_until_it_changes(folder: Path) -> None:
    chains, about = OpenChains(), folder / "chains" / "main" / "chain.json"
    chain = chains.get(about)
    assert chains.get(about) is chain
    beside: list[int] = chains.beside(chain, "answers", list)
    assert chains.beside(chain, "answers", list) is beside
    os.utime(about, ns=(1, 1))
    assert chains.get(about) is not chain
    assert chains.beside(chain, "answers", list) is not beside


def test_blocks_are_taken_back_while_a_site_keeps_the_chain(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_chains, "_LOOK_SECONDS", 0.05)
    chains, about = OpenChains(), folder / "chains" / "main" / "chain.json"
    before = chains.get(about).last_height
    chains.beside(chains.get(about), "answers", lambda: Circle(chains.get(about)))
    result = grow(about.parent, folder / "blocks")
    assert result["added"]["blocks_taken_back"] == 2
    assert (before, chains.get(about).last_height) == (7, 9)
    assert chains.get(about) is chains.get(about), "nobody waits any more, so it is kept"


def test_without_letting_go_the_writer_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.3)
    chains, about = OpenChains(), folder / "chains" / "main" / "chain.json"
    chain = chains.get(about)
    with pytest.raises(ChainBeingRead):
        grow(about.parent, folder / "blocks")
    assert chain.last_height == 7


def test_while_a_writer_waits_a_request_gets_a_chain_of_its_own(folder: Path) -> None:
    chains, about = OpenChains(), folder / "chains" / "main" / "chain.json"
    kept = chains.get(about)
    with (about.parent / ".wanted").open("w") as wanted:
        fcntl.flock(wanted, fcntl.LOCK_EX)
        assert files.is_wanted(about.parent)
        assert chains.get(about) is not kept
        assert chains.get(about) is not chains.get(about)
    assert not files.is_wanted(about.parent), "a writer that ended waits no more"
    assert chains.get(about) is chains.get(about)


def test_while_a_writer_holds_a_chain_requests_for_it_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "READER_PATIENCE_SECONDS", 0.0)
    chains, about = OpenChains(), folder / "chains" / "main" / "chain.json"
    with files.unread(about.parent):
        files.mark_rebuilding(about.parent)
        with pytest.raises(ChainBeingChanged):
            chains.get(about)
        (about.parent / files.FOLDER / "rebuilding").unlink()
    assert chains.get(about) is chains.get(about)


def test_another_chain_can_be_had_while_a_request_waits_for_a_writer(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chains, about = OpenChains(), folder / "chains" / "main" / "chain.json"
    grow(folder / "chains" / "other", folder / "blocks")
    other = folder / "chains" / "other" / "chain.json"
    answered: list[int | None] = []

    def ask_meanwhile(_seconds: float) -> None:
        asks = threading.Thread(
            target=lambda: answered.append(chains.get(other).last_height), daemon=True
        )
        asks.start()
        asks.join(60)
        monkeypatch.setattr(files, "monotonic", lambda: math.inf)

    with files.unread(about.parent):
        # The writer comes between the look at whether one waits and the opening.
        monkeypatch.setattr(open_chains, "is_wanted", lambda _folder: False)
        monkeypatch.setattr(files, "sleep", ask_meanwhile)
        with pytest.raises(ChainBeingChanged):
            chains.get(about)
    assert answered == [9]
