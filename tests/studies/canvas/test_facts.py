"""What the panel tells of a box is what the made chain was made with."""

from __future__ import annotations

import pytest

from kancil.bitcoin.chain.errors import NotInChain
from kancil.studies.canvas.errors import OutpointNotHeld, ViewNotReadable
from kancil.studies.canvas.facts import address_facts, output_facts, transaction_facts
from tests.studies.canvas.made_chain import (
    COIN,
    FIRST,
    JOINT,
    MINED,
    SECOND,
    address_of,
    made_chain,
    made_labels,
)

CHAIN, LABELS = made_chain(), made_labels().index


def test_an_address_has_what_came_what_went_and_what_is_left() -> None:
    told = address_facts(CHAIN, LABELS, address_of(2))
    assert (told.received, told.received_sat) == (1, 20 * COIN)
    assert (told.sent, told.sent_sat, told.balance_sat) == (1, 20 * COIN, 0)
    assert (told.first, told.last) == (1_300_001_200, 1_300_002_400)
    service = address_facts(CHAIN, LABELS, address_of(21))
    assert (service.sent, service.balance_sat) == (0, 29 * COIN)
    assert [label.publisher for label in service.labels] == ["Example Publisher"]
    unknown = address_facts(CHAIN, LABELS, address_of(99))
    assert (unknown.received, unknown.first, unknown.last) == (0, None, None)


def test_a_transaction_has_its_sums_and_its_largest_ends() -> None:
    told = transaction_facts(CHAIN, LABELS, JOINT.shown)
    assert (told.inputs, told.outputs) == (2, 2)
    assert (told.input_sat, told.output_sat) == (20 * COIN + 90_000_000, 20 * COIN)
    assert told.fee_sat == 90_000_000
    assert [one.outpoint for one in told.sources] == [f"{FIRST.shown}:1", f"{SECOND.shown}:1"]
    assert [one.value_sat for one in told.paid] == [15 * COIN, 5 * COIN]
    mined = transaction_facts(CHAIN, LABELS, MINED.shown)
    assert (mined.is_coinbase, mined.input_sat, mined.sources) == (True, None, ())


def test_an_output_says_where_it_was_paid_and_where_it_was_spent() -> None:
    told = output_facts(CHAIN, LABELS, f"{FIRST.shown}:1")
    assert (told.made_by, told.spent_by) == (FIRST.shown, JOINT.shown)
    assert (told.made_at, told.spent_at) == (1_300_001_200, 1_300_002_400)
    resting = output_facts(CHAIN, LABELS, f"{SECOND.shown}:0")
    assert (resting.spent_by, resting.spent_at, resting.is_spendable) == ("", None, True)


def test_what_is_not_held_and_what_is_no_name_are_refused() -> None:
    with pytest.raises(OutpointNotHeld):
        output_facts(CHAIN, LABELS, f"{FIRST.shown}:7")
    with pytest.raises(ViewNotReadable):
        output_facts(CHAIN, LABELS, "x:0")
    with pytest.raises(NotInChain):
        transaction_facts(CHAIN, LABELS, "0" * 64)
