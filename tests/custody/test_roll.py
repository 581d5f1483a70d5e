"""The roll: folded from the entries and from nothing else."""

from __future__ import annotations

import pytest

from kancil.custody.entry import Draft
from kancil.custody.errors import ExhibitNotFound, LedgerBroken
from kancil.custody.roll import Roll
from kancil.ground.plain import plain
from kancil.ground.words import render
from tests.custody.sample import CONTENT, make_sample


def test_a_roll_folded_at_once_is_the_one_continued_step_by_step() -> None:
    sample = make_sample()
    roll = Roll.of(sample.ledger.entries())
    assert roll == sample.ledger.folded(Roll)
    assert roll.size == 9


def test_everything_is_found_by_id_and_by_short_number() -> None:
    sample = make_sample()
    roll = sample.ledger.folded(Roll)
    case = roll.case(sample.case)
    assert case is roll.case("C1") is roll.case("c1") is roll.case("1")
    assert case.exhibits == [sample.phone, sample.file]
    phone, file = roll.exhibit("E1"), roll.exhibit(sample.file)
    assert (phone.label, phone.title, phone.seal, phone.holder) == (
        "E1", "Phone", "S-001", sample.anna.id,
    )  # fmt: skip
    assert (file.label, file.contents) == ("E2", [plain(CONTENT)])
    assert phone.basis == case.bases[0].id
    assert [event.n for event in phone.events] == [6, 8, 9]
    assert roll.live_contents() == [(file, plain(CONTENT))]
    assert roll.trace("T1") is roll.finding("F1") is None
    with pytest.raises(ExhibitNotFound):
        roll.exhibit("C1")


def test_a_signed_entry_without_its_words_is_a_broken_ledger() -> None:
    sample = make_sample()
    draft = Draft("exhibit.added", {"number": 3}, sample.anna.id, sample.case, sample.file)
    sample.ledger.append(draft, sample.anna.signer)
    with pytest.raises(LedgerBroken) as caught:
        sample.ledger.folded(Roll)
    assert caught.value.params["n"] == 10
    said = render("error.ledger-broken.sentence", **caught.value.params)
    assert said.startswith(
        "The ledger is broken at entry 10: The entry lacks what an entry of the kind "
        "exhibit.added must say (KeyError("
    )
