"""History files: one exhibit's complete history, sealed entries and all, and no changed byte."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kancil.custody.checkpoint import Checkpoint, make_checkpoint, read_checkpoint
from kancil.custody.errors import HistoryNotReadable
from kancil.custody.history import START, check_history, verify_history, write_history
from kancil.custody.prove import prove_exhibit
from kancil.custody.verdict import ANCHORED, BROKEN
from kancil.ground import clock
from tests.custody.sample import Sample, make_sample


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample()


@pytest.fixture(scope="module")
def checkpoint(sample: Sample) -> Checkpoint:
    head = sample.ledger.head()
    return read_checkpoint(make_checkpoint(head, sample.unit, sample.unit_signer, clock.now()))


def history(sample: Sample, checkpoint: Checkpoint, sealed: frozenset[int]) -> bytes:
    proof = prove_exhibit(
        sample.ledger, exhibit=sample.phone, sealed=sealed, checkpoint=checkpoint,
        unit_signer=sample.unit_signer,
    )  # fmt: skip
    return write_history(proof)


def test_a_history_is_complete_with_an_entry_sealed(sample: Sample, checkpoint: Checkpoint) -> None:
    own = [entry.n for entry in sample.ledger.exhibit_entries(sample.phone)]
    data = history(sample, checkpoint, frozenset(own[-1:]))
    verdict = verify_history(data, against=checkpoint)
    assert data.startswith(START)
    assert (verdict.problems, verdict.state) == ([], ANCHORED)
    assert verdict.complete == [sample.phone]
    assert verdict.sealed == {sample.phone: 1}


def test_a_child_gives_the_same_verdict(
    sample: Sample, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    path = tmp_path / "history.json"
    data = history(sample, checkpoint, frozenset())
    for changed in (data, data.replace(b"exhibit.added", b"exhibit.adder", 1)):
        path.write_bytes(changed)
        there = check_history(path, against=checkpoint, unit_key="00" * 32)
        here = verify_history(changed, against=checkpoint, unit_key="00" * 32)
        assert there == here
    path.write_bytes(data[:100])
    with pytest.raises(HistoryNotReadable):
        check_history(path)


def test_no_changed_byte_of_a_history_passes(sample: Sample, checkpoint: Checkpoint) -> None:
    data = history(sample, checkpoint, frozenset())
    dice = random.Random(11)
    judged = 0
    for _ in range(400):
        changed = bytearray(data)
        changed[dice.randrange(len(data) - 1)] ^= 1 << dice.randrange(8)
        try:
            verdict = verify_history(bytes(changed), against=checkpoint)
        except HistoryNotReadable:
            continue
        judged += 1
        assert verdict.state == BROKEN
    assert judged > 50


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"files":{},"format":"kancil-history/2"}\n',
        b'{"files":[],"format":1}',
        b"\xff",
    ],
)
def test_what_is_no_history_is_one_sentence(data: bytes) -> None:
    with pytest.raises(HistoryNotReadable):
        verify_history(data)


def test_a_cut_history_is_refused(sample: Sample, checkpoint: Checkpoint) -> None:
    data = history(sample, checkpoint, frozenset())
    for length in range(0, len(data) - 1, 97):
        with pytest.raises(HistoryNotReadable):
            verify_history(data[:length])
