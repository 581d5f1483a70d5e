"""Proofs of a part of the ledger: what a stranger is shown, and every way to bend it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kancil.custody import unit
from kancil.custody.checkpoint import Checkpoint, make_checkpoint, make_head, read_checkpoint
from kancil.custody.errors import EntryNotReadable, LedgerDiffersFromCheckpoint
from kancil.custody.merkle import root_of
from kancil.custody.prove import (
    CustodyProof,
    export_ledger,
    key_numbers,
    prove_case,
    prove_exhibit,
    read_lines,
)
from kancil.custody.shown import verify_shown
from kancil.custody.verdict import ShownVerdict
from kancil.custody.verify import verify_entries
from kancil.ground import canonical, clock
from kancil.ground.errors import FileExists
from kancil.ground.signing import fingerprint
from tests.custody import forge
from tests.custody.sample import Sample, make_sample, new_signer


@pytest.fixture
def sample() -> Sample:
    return make_sample()


def checkpoint_of(sample: Sample) -> Checkpoint:
    note = make_checkpoint(sample.ledger.head(), sample.unit, sample.unit_signer, clock.now())
    return read_checkpoint(note)


def case_proof(sample: Sample, sealed: frozenset[int] = frozenset()) -> CustodyProof:
    return prove_case(
        sample.ledger, case=sample.case, exhibits=[sample.phone, sample.file], sealed=sealed,
        checkpoint=checkpoint_of(sample), unit_signer=sample.unit_signer,
    )  # fmt: skip


def check(proof: CustodyProof, **more: Any) -> ShownVerdict:
    return verify_shown(
        list(read_lines(proof.entries)),
        json.loads(proof.proofs),
        read_checkpoint(proof.checkpoint),
        [read_checkpoint(head) for head in proof.heads.values()],
        **more,
    )


def codes(verdict: ShownVerdict) -> set[str]:
    return {problem.code for problem in verdict.problems}


def test_a_cases_whole_history_is_complete(sample: Sample) -> None:
    verdict = check(case_proof(sample))
    assert (verdict.state, verdict.problems, verdict.sealed) == ("consistent, not anchored", [], {})
    assert sorted(verdict.complete) == sorted([sample.case, sample.phone, sample.file])
    assert verdict.shown == 8  # all but the statement on the disk
    key = fingerprint(sample.unit_signer.public_raw)
    anchored = check(case_proof(sample), unit_key=key, against=checkpoint_of(sample))
    assert (anchored.state, anchored.anchored_size) == ("anchored", 9)
    assert {note.code for note in anchored.not_checked} == {"keys-from-shown-entries"}


def test_sealed_entries_are_counted_and_the_history_stays_complete(sample: Sample) -> None:
    verdict = check(case_proof(sample, sealed=frozenset({8, 5})))
    assert verdict.problems == []
    assert verdict.sealed == {"case": 2, sample.phone: 1}
    assert sample.phone in verdict.complete


def test_one_exhibits_history_stands_alone(sample: Sample) -> None:
    proof = prove_exhibit(
        sample.ledger, exhibit=sample.phone, sealed=frozenset({9}),
        checkpoint=checkpoint_of(sample), unit_signer=sample.unit_signer,
    )  # fmt: skip
    verdict = check(proof)
    assert verdict.problems == []
    assert (verdict.complete, verdict.sealed) == ([sample.phone], {sample.phone: 1})
    assert set(proof.files()) == {
        "checkpoint.txt", "entries.jsonl", "proofs.json", f"heads/{sample.phone}.txt",
    }  # fmt: skip


def test_the_beginning_may_be_proved_after_the_ledger_has_grown(sample: Sample) -> None:
    held = checkpoint_of(sample)
    unit.record_backup(sample.ledger, sha256="a" * 64, by=sample.anna)
    proof = prove_exhibit(
        sample.ledger, exhibit=sample.phone, checkpoint=held, unit_signer=sample.unit_signer
    )
    assert check(proof, against=held).state == "anchored"
    later = check(case_proof(sample), against=held)
    assert (later.state, later.anchored_size) == ("anchored", held.size)


def test_a_checkpoint_of_another_ledger_is_not_proved_from_this_one(sample: Sample) -> None:
    held = checkpoint_of(sample)
    false = make_checkpoint(
        type(sample.ledger.head())(9, bytes(32), bytes(32)), sample.unit, sample.unit_signer,
        clock.now(),
    )  # fmt: skip
    with pytest.raises(LedgerDiffersFromCheckpoint):
        prove_exhibit(
            sample.ledger, exhibit=sample.phone, checkpoint=read_checkpoint(false),
            unit_signer=sample.unit_signer,
        )  # fmt: skip
    forked = check(case_proof(sample), against=read_checkpoint(false))
    assert codes(forked) == {"ledger-forked"}
    assert held.size == 9


Bend = Callable[[Sample, list[bytes], dict[str, Any], list[Checkpoint]], None]


def _drop_from_list(sample: Sample, _e: list[bytes], proofs: dict[str, Any], _h: object) -> None:
    proofs["exhibits"][sample.phone].pop()


def _swap_in_list(sample: Sample, _e: list[bytes], proofs: dict[str, Any], _h: object) -> None:
    proofs["case"].reverse()


def _drop_exhibit(sample: Sample, _e: list[bytes], proofs: dict[str, Any], _h: object) -> None:
    del proofs["exhibits"][sample.phone]


def _drop_head(_s: Sample, _e: object, _p: object, heads: list[Checkpoint]) -> None:
    heads.pop()


def _double_head(_s: Sample, _e: object, _p: object, heads: list[Checkpoint]) -> None:
    heads.append(heads[0])


def _break_path(_s: Sample, _e: object, proofs: dict[str, Any], _h: object) -> None:
    proofs["entries"][3]["path"][0] = "0" * 64


def _change_entry(_s: Sample, entries: list[bytes], _p: object, _h: object) -> None:
    entries[4] = entries[4].replace(b"Anna", b"Xnna").replace(b"Vientiane", b"Vientiaxe")
    entries[3] = entries[3].replace(b"Court", b"Kourt")


def _double_entry(_s: Sample, entries: list[bytes], _p: object, _h: object) -> None:
    entries.insert(3, entries[3])


def _swap_entries(_s: Sample, entries: list[bytes], _p: object, _h: object) -> None:
    entries[5], entries[6] = entries[6], entries[5]


def _hide_founding(_s: Sample, entries: list[bytes], _p: object, _h: object) -> None:
    del entries[0]


def _own_entry(sample: Sample, entries: list[bytes], _p: object, _h: object) -> None:
    entries[:] = forge.append_own(random.Random(1), entries, sample.anna)


def _other_size(_s: Sample, _e: object, proofs: dict[str, Any], _h: object) -> None:
    proofs["size"] -= 1


def _more_keys(_s: Sample, _e: object, proofs: dict[str, Any], _h: object) -> None:
    proofs["more"] = 1


def _false_head(
    sample: Sample, _e: object, proofs: dict[str, Any], heads: list[Checkpoint]
) -> None:
    """A shorter list with a head to match it, signed by an officer instead of the unit."""
    hashes = proofs["exhibits"][sample.phone]
    hashes.pop()
    root = root_of(map(bytes.fromhex, hashes))
    place = next(i for i, head in enumerate(heads) if head.subject == sample.phone)
    heads[place] = read_checkpoint(
        make_head(
            "exhibit",
            sample.phone,
            len(hashes),
            root,
            within=checkpoint_of(sample),
            signer=new_signer(),
        )
    )


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        (_drop_from_list, "history-not-complete"),
        (_swap_in_list, "list-not-proved"),
        (_drop_exhibit, "heads-differ-from-lists"),
        (_drop_head, "heads-differ-from-lists"),
        (_double_head, "head-doubled"),
        (_break_path, "path-wrong"),
        (_change_entry, "hash-not-proved"),
        (_double_entry, "order-wrong"),
        (_swap_entries, "order-wrong"),
        (_hide_founding, "founding-not-shown"),
        (_own_entry, "hash-not-proved"),
        (_other_size, "proofs-of-other-checkpoint"),
        (_more_keys, "proofs-not-readable"),
        (_false_head, "head-not-of-checkpoint"),
    ],
)
def test_what_was_bent_is_found(sample: Sample, bend: Bend, code: str) -> None:
    proof = case_proof(sample)
    entries = list(read_lines(proof.entries))
    proofs = json.loads(proof.proofs)
    heads = [read_checkpoint(head) for head in proof.heads.values()]
    bend(sample, entries, proofs, heads)
    verdict = verify_shown(entries, proofs, read_checkpoint(proof.checkpoint), heads)
    assert verdict.state == "broken"
    assert code in codes(verdict)


def test_random_damage_to_entries_or_proofs_is_found(sample: Sample) -> None:
    rng = random.Random(20260309)
    proof = case_proof(sample)
    entries = list(read_lines(proof.entries))
    proofs = json.loads(proof.proofs)
    heads = [read_checkpoint(head) for head in proof.heads.values()]
    checkpoint = read_checkpoint(proof.checkpoint)
    for _ in range(300):
        changed = forge.flip(rng, entries)
        assert verify_shown(changed, proofs, checkpoint, heads).is_broken
        text = bytearray(proof.proofs)
        place = rng.randrange(len(text))
        text[place] = rng.choice(b"0123456789abcdef")
        try:
            bent = canonical.loads(bytes(text))
        except Exception:  # noqa: BLE001 (no JSON any more: the bundle refuses it before)
            continue
        assert bent == proofs or verify_shown(entries, bent, checkpoint, heads).is_broken


def test_entries_that_name_keys_are_always_shown(sample: Sample) -> None:
    assert key_numbers(sample.ledger) == {1, 2, 4}
    assert key_numbers(sample.ledger, 3) == {1, 2}


def test_the_export_is_the_ledger_line_by_line(sample: Sample, tmp_path: Path) -> None:
    out = tmp_path / "out" / "ledger.jsonl"
    assert export_ledger(sample.ledger, out) == 9
    assert list(read_lines(out.read_bytes())) == sample.lines()
    assert not verify_entries(read_lines(out.read_bytes())).is_broken
    with pytest.raises(FileExists):
        export_ledger(sample.ledger, out)
    with pytest.raises(EntryNotReadable):
        list(read_lines(out.read_bytes()[:-1]))
