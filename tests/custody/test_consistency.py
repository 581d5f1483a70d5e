"""A later checkpoint is shown to have grown from an earlier one, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kancil.custody.checkpoint import Checkpoint, make_checkpoint, read_checkpoint
from kancil.custody.consistency import prove_consistency, read_consistency
from kancil.custody.errors import CheckpointNotReadable, LedgerDiffersFromCheckpoint
from kancil.custody.merkle import root_of
from kancil.custody.store import Head
from kancil.ground import canonical
from kancil.ground.ids import new_id
from tests.custody.sample import Sample, make_sample


@pytest.fixture
def sample() -> Sample:
    return make_sample()


def at(sample: Sample, size: int, root: bytes | None = None) -> Checkpoint:
    hashes = sample.ledger.hashes(size)
    head = Head(size, hashes[-1], root_of(hashes) if root is None else root)
    unit = sample.ledger.read(1)
    return read_checkpoint(make_checkpoint(head, unit.unit, sample.unit_signer, unit.at))


def test_a_proof_leads_from_every_checkpoint_to_every_later_one(sample: Sample) -> None:
    size = sample.ledger.head().size
    assert size > 4
    for later in range(1, size + 1):
        for earlier in range(1, later + 1):
            old, new = at(sample, earlier), at(sample, later)
            proof = read_consistency(prove_consistency(sample.ledger, old, new) + b"\n")
            assert proof.leads(old, new)
            assert not proof.leads(at(sample, earlier, b"x" * 32), new)
            assert not proof.leads(old, at(sample, later, b"x" * 32))


def test_a_proof_is_of_two_checkpoints_of_this_ledger(sample: Sample) -> None:
    size = sample.ledger.head().size
    proof = read_consistency(prove_consistency(sample.ledger, at(sample, 3), at(sample, size)))
    assert not proof.leads(at(sample, 4), at(sample, size))
    stated_otherwise = (
        replace(proof, unit=new_id()),
        replace(proof, old_size=4),
        replace(proof, new_size=size + 1),
    )
    assert not any(each.leads(at(sample, 3), at(sample, size)) for each in stated_otherwise)
    for old, new in (
        (at(sample, 3), at(sample, 2)),
        (at(sample, 3, b"x" * 32), at(sample, size)),
        (at(sample, 3), at(sample, size, b"x" * 32)),
    ):
        with pytest.raises(LedgerDiffersFromCheckpoint):
            prove_consistency(sample.ledger, old, new)


@pytest.mark.parametrize(
    "changes",
    [{"from": 0}, {"to": "5"}, {"unit": "x"}, {"path": ["ab"]}, {"path": 1}, {"more": 1},
     {"format": "kancil-consistency/2"}],
)  # fmt: skip
def test_what_is_no_proof_is_not_read(sample: Sample, changes: dict[str, object]) -> None:
    data = prove_consistency(sample.ledger, at(sample, 2), at(sample, 3))
    with pytest.raises(CheckpointNotReadable):
        read_consistency(canonical.dumps(json.loads(data) | changes))
    with pytest.raises(CheckpointNotReadable):
        read_consistency(data[:-1])
