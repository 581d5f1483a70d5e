"""Verifying: good ledgers, every rule, and attackers without and with keys.

The attackers' runs print their seed; `KANCIL_SEED` repeats one.
"""

from __future__ import annotations

import os
import random

import pytest

from kancil.custody import officers, unit
from kancil.custody.checkpoint import Checkpoint, make_checkpoint, make_head, read_checkpoint
from kancil.custody.entry import Draft, read_entry
from kancil.custody.kinds import KINDS
from kancil.custody.store import Head
from kancil.custody.verdict import LedgerVerdict
from kancil.custody.verify import verify_entries, verify_ledger
from kancil.ground import clock
from kancil.ground.signing import fingerprint
from tests.custody import forge
from tests.custody.sample import Sample, make_sample, new_signer


@pytest.fixture
def sample() -> Sample:
    return make_sample()


@pytest.fixture
def seed() -> int:
    found = int(os.environ.get("KANCIL_SEED") or random.SystemRandom().randrange(2**32))
    print(f"KANCIL_SEED={found}")  # noqa: T201
    return found


def checkpoint_of(sample: Sample, head: Head | None = None) -> Checkpoint:
    head = sample.ledger.head() if head is None else head
    return read_checkpoint(make_checkpoint(head, sample.unit, sample.unit_signer, clock.now()))


def codes(verdict: LedgerVerdict) -> set[str]:
    return {problem.code for problem in verdict.problems}


def not_checked(verdict: LedgerVerdict) -> set[str]:
    return {note.code for note in verdict.not_checked}


def test_without_a_checkpoint_the_answer_is_consistent_not_anchored(sample: Sample) -> None:
    verdict = verify_ledger(sample.ledger)
    assert (verdict.state, verdict.size) == ("consistent, not anchored", 9)
    assert not_checked(verdict) == {"not-anchored", "unit-key-not-compared"}
    assert verdict.root == sample.ledger.head().root
    assert verdict.unit_key == fingerprint(sample.unit_signer.public_raw)


def test_with_a_checkpoint_and_the_units_key_all_is_checked(sample: Sample) -> None:
    key = fingerprint(sample.unit_signer.public_raw)
    verdict = verify_ledger(sample.ledger, unit_key=key, against=checkpoint_of(sample))
    assert (verdict.state, verdict.anchored_size) == ("anchored", 9)
    assert verdict.not_checked == []


def test_entries_after_the_checkpoint_are_told_as_not_fixed(sample: Sample) -> None:
    held = checkpoint_of(sample)
    unit.record_backup(sample.ledger, sha256="a" * 64, by=sample.anna)
    verdict = verify_ledger(sample.ledger, against=held)
    assert (verdict.state, verdict.anchored_size) == ("anchored", 9)
    assert "later-entries" in not_checked(verdict)


def test_a_cut_end_is_seen_only_against_a_checkpoint(sample: Sample) -> None:
    held, lines = checkpoint_of(sample), sample.lines()
    for size in range(1, 9):
        assert verify_entries(lines[:size]).state == "consistent, not anchored"
        assert codes(verify_entries(lines[:size], against=held)) == {"ledger-cut"}


@pytest.mark.thorough
def test_ten_thousand_changes_without_keys_are_all_found(
    sample: Sample,
    seed: int,
) -> None:
    rng = random.Random(seed)
    lines, held = sample.lines(), checkpoint_of(sample)
    other = make_sample().lines()
    stranger = new_signer()
    cuts = 0
    for number in range(10_000):
        if number % 10 == 0:  # cut the end: consistent alone, caught against the checkpoint
            changed = lines[: rng.randrange(1, len(lines))]
            expected = "consistent, not anchored"
            cuts += 1
        else:
            changed = forge.keyless(rng, lines, other, stranger)
            expected = "broken"
        verdict = verify_entries(changed)
        assert verdict.state == expected, (number, verdict.problems)
        assert verdict.is_broken == bool(verdict.problems)
        if number % 10 < 2:
            assert verify_entries(changed, against=held).state == "broken", number
    assert cuts == 1000


def test_a_thousand_deeds_with_an_officers_key_are_judged_as_the_table_says(
    sample: Sample, seed: int
) -> None:
    rng = random.Random(seed)
    lines, held, thief = sample.lines(), checkpoint_of(sample), sample.boun
    for number in range(1000):
        deed = number % 5
        if deed == 0:  # appended false entries are signed: never caught
            changed, alone, against = forge.append_own(rng, lines, thief), False, False
        elif deed == 1:
            changed, alone, against = forge.resign_own(rng, lines, thief), True, True
        elif deed == 2:
            changed = forge.impersonate(rng, lines, thief, sample.anna.id)
            alone = against = True
        elif deed == 3:
            changed, alone, against = forge.resign_tail(rng, lines, thief, True), True, True
        else:  # a whole tail in the thief's own name: caught only against the checkpoint
            changed, alone, against = forge.resign_tail(rng, lines, thief, False), False, True
        assert verify_entries(changed).is_broken == alone, (number, deed)
        verdict = verify_entries(changed, against=held)
        assert verdict.is_broken == against, (number, deed, verdict.problems)
        assert verdict.is_broken or verdict.state == "anchored"


def test_a_ledger_written_anew_with_all_keys_is_caught_only_by_a_checkpoint(
    sample: Sample,
) -> None:
    signers = {
        fingerprint(signer.public_raw): signer
        for signer in (sample.unit_signer, sample.anna.signer, sample.boun.signer)
    }
    changed: list[bytes] = []
    links: dict[str, tuple[int, str]] = {}
    for line in sample.lines():
        statement = forge.statement_of(line)
        statement["body"]["note"] = "never happened"
        if changed:
            statement["prev"] = read_entry(changed[-1]).hash.hex()
        for name in ("case", "exhibit"):
            if statement[name] is not None:
                n, prev = links.get(statement[name]["id"], (0, "0" * 64))
                statement[name] |= {"n": n + 1, "prev": prev}
        changed.append(forge.sign(statement, signers[statement["key"]]))
        forge._note_links(links, changed[-1])
    assert verify_entries(changed).state == "consistent, not anchored"
    assert codes(verify_entries(changed, against=checkpoint_of(sample))) == {"ledger-forked"}


def test_two_ledgers_shown_to_two_people_differ_against_a_checkpoint(sample: Sample) -> None:
    lines = sample.lines()
    fork = forge.append_own(random.Random(1), lines[:-1], sample.anna)
    assert verify_entries(fork).state == "consistent, not anchored"
    verdict = verify_entries(fork[:9], against=checkpoint_of(sample))
    assert codes(verdict) == {"ledger-forked"}


def test_checkpoints_of_others_are_refused(sample: Sample) -> None:
    lines = sample.lines()
    other = make_sample()
    assert codes(verify_entries(lines, against=checkpoint_of(other))) == {
        "checkpoint-of-other-unit"
    }
    false = make_checkpoint(sample.ledger.head(), sample.unit, sample.anna.signer, clock.now())
    assert codes(verify_entries(lines, against=read_checkpoint(false))) == {"checkpoint-not-signed"}
    head = make_head(
        "case", sample.case, 1, bytes(32), within=checkpoint_of(sample), signer=sample.unit_signer
    )
    assert codes(verify_entries(lines, against=read_checkpoint(head))) == {
        "checkpoint-of-other-unit"
    }
    assert codes(verify_entries(lines, unit_key="SHA256:x")) == {"unit-key-differs"}


def test_an_empty_ledger_is_no_ledger() -> None:
    assert codes(verify_entries([])) == {"ledger-empty"}


def test_kinds_that_are_not_known_are_told_and_only_linked(sample: Sample) -> None:
    draft = Draft("exhibit.scanned", {"x": 1}, sample.anna.id, sample.case, sample.phone)
    sample.ledger.append(draft, sample.anna.signer)
    verdict = verify_ledger(sample.ledger)
    assert not verdict.is_broken
    assert "kinds-not-known" in not_checked(verdict)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft("unit.founded", {"public_key": "x"}), "founded-again"),
        (Draft("case.opened", {}), "kind-out-of-place"),
        (Draft("exhibit.stored", {}), "kind-out-of-place"),
    ],
)
def test_entries_out_of_place_are_found(sample: Sample, draft: Draft, code: str) -> None:
    officer = None if draft.kind == "unit.founded" else sample.anna.id
    signer = sample.unit_signer if officer is None else sample.anna.signer
    sample.ledger.append(Draft(draft.kind, draft.body, officer), signer)
    assert codes(verify_ledger(sample.ledger)) == {code}


def test_a_key_is_active_only_between_its_beginning_and_its_end(sample: Sample) -> None:
    boun_key = fingerprint(sample.boun.signer.public_raw)
    disk = Draft("unit.disk-stated", {"encrypted": "no"}, sample.boun.id)
    sample.ledger.append(disk, sample.boun.signer)
    officers.revoke_key(
        sample.ledger, officer=sample.boun.id, revoked=boun_key, cause="lost", reason="bag",
        by=sample.anna,
    )  # fmt: skip
    assert not verify_ledger(sample.ledger).is_broken
    sample.ledger.append(disk, sample.boun.signer)
    assert codes(verify_ledger(sample.ledger)) == {"key-not-active"}


def test_a_retired_officer_signs_nothing_more(sample: Sample) -> None:
    officers.retire_officer(sample.ledger, officer=sample.boun.id, reason="moved", by=sample.anna)
    disk = Draft("unit.disk-stated", {"encrypted": "no"}, sample.boun.id)
    sample.ledger.append(disk, sample.boun.signer)
    assert codes(verify_ledger(sample.ledger)) == {"key-not-active"}


@pytest.mark.parametrize("kind", ["unit.disk-stated", "officer.added", "key.rotated"])
def test_the_units_key_signs_only_what_it_may(sample: Sample, kind: str) -> None:
    body = {"officer": sample.anna.id, "replaces": fingerprint(sample.anna.signer.public_raw)}
    sample.ledger.append(Draft(kind, body, sample.anna.id), sample.unit_signer)
    assert codes(verify_ledger(sample.ledger)) == {"unit-key-may-not"}


def test_many_problems_are_counted_and_some_listed(sample: Sample) -> None:
    first, rest = sample.lines()[0], sample.lines()[1:]
    verdict = verify_entries([first, *(rest[:2] * 100)])
    assert verdict.problem_count > 100
    assert len(verdict.problems) == 100


def test_signed_statements_of_any_shape_are_judged_without_a_crash(
    sample: Sample, seed: int
) -> None:
    rng = random.Random(seed)
    odd: list[object] = [
        None,
        0,
        -1,
        7,
        "",
        "x",
        [],
        {},
        [[]],
        {"id": 3},
        True,
        "\ud7ff",
        2**53 - 1,
    ]
    lines = sample.lines()
    signers = [sample.anna.signer, sample.boun.signer, sample.unit_signer]
    for _ in range(1500):
        i = rng.randrange(len(lines))
        statement = forge.statement_of(lines[i])
        place = statement if rng.random() < 0.4 else statement["body"]
        name = rng.choice(sorted(place) or ["x"])
        place[name] = rng.choice(odd)
        if rng.random() < 0.3:
            statement["kind"] = rng.choice(sorted(KINDS))
        changed = [*lines[:i], forge.sign(statement, rng.choice(signers)), *lines[i + 1 :]]
        verdict = verify_entries(changed)
        assert verdict.is_broken or changed == lines or i == len(lines) - 1
