"""The lab `ransom-payment`: the same bytes for a seed, and a key that its own chain bears out."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.training.lab import LANGUAGES, Knobs
from kancil.training.labs.ransom_payment import ACCOUNTS, DEPOSITS, STATEMENT
from tests.training.chain_read import check_path, read_chain, shares_of, spent
from tests.training.made_labs import Folder, lab_named, made_once, make, rows

LAB = lab_named("ransom-payment")
# Of seed 7 and SMALL, on any machine. It changes only with the lab's version or the generator's.
SHA256 = "2dbedff998074048bc2144dd6769cfed71055b70b2ccb5f207558d11c6796018"


@pytest.fixture(scope="module")
def made() -> Folder:
    return made_once(LAB.name)


def test_the_same_seed_makes_the_same_bytes(made: Folder, tmp_path: Path) -> None:
    again = make(LAB, tmp_path / "two", 7)
    assert made.digests == again.digests
    assert made.sha256 == SHA256
    assert made.made == again.made


def check_key(lab: Folder) -> None:
    """What the key says is what the files say."""
    chain = read_chain(lab)
    path = lab.expected("path").value
    check_path(chain, path)
    paid, end = lab.expected("payment-address").value, lab.expected("deposit-address").value
    ((start, value),) = [
        (n, value) for n, (value, address) in enumerate(chain[path[0]].outputs) if address == paid
    ]
    assert Decimal(lab.expected("payment-amount").value) * 10**8 == value
    at = datetime.fromisoformat(lab.expected("payment-time").value)
    assert int(at.timestamp()) == chain[path[0]].time
    ((place, received),) = [
        (n, value) for n, (value, address) in enumerate(chain[path[-1]].outputs) if address == end
    ]
    told = shares_of(chain, path, start)
    for policy in ("haircut", "fifo"):
        expected = int(Decimal(lab.expected(policy).value) * 10**8)
        assert abs(told[policy][place] - expected) <= len(path), policy
        assert 0 < expected <= received
    check_linked(lab)
    check_account(lab, path[-1], end)


def check_linked(lab: Folder) -> None:
    """The three addresses were spent together, two by two, and with no other."""
    chain, linked = read_chain(lab), set(lab.expected("linked").value)
    together = [
        {address for _, address in spent(chain, txid)}
        for txid, tx in chain.items()
        if tx.inputs[0][0] in chain and linked & {address for _, address in spent(chain, txid)}
    ]
    assert set().union(*together) == linked
    assert len(linked) == 3


def check_account(lab: Folder, txid: str, address: str) -> None:
    """The return gives the deposit address to the account of the key, and to no innocent one."""
    holders = [
        row["Account"] for row in rows(lab, ACCOUNTS) if row["BTC deposit address"] == address
    ]
    expected = lab.expected("account")
    assert holders == expected.value
    assert not set(holders) & set(expected.accusations)
    assert set(expected.accusations) <= {row["Account"] for row in rows(lab, ACCOUNTS)}
    pointers = lab.expected("finding").value["pointers"]
    line = int(pointers[1].rpartition(":")[2])
    row = rows(lab, DEPOSITS)[line - 2]
    assert (row["TXID"], row["Address"], [row["Account"]]) == (txid, address, holders)
    assert pointers[0] == txid


def test_the_key_is_what_the_blocks_and_the_return_say(made: Folder) -> None:
    check_key(made)


def test_the_statement_adds_up_and_gives_the_cost(made: Folder) -> None:
    booked = rows(made, STATEMENT)
    for before, row in pairwise(booked):
        change = Decimal(row["Credit"] or 0) - Decimal(row["Debit"] or 0)
        assert Decimal(before["Balance"]) + change == Decimal(row["Balance"]) > 0
    broker = [row for row in booked if row["Counterparty"]]
    cost = sum(Decimal(row["Debit"] or 0) - Decimal(row["Credit"] or 0) for row in broker)
    assert cost == Decimal(made.expected("cost").value)
    assert len(broker) == 2


@pytest.mark.thorough
def test_records_that_are_left_out_are_named_in_the_key(tmp_path: Path) -> None:
    lab = make(LAB, tmp_path / "lab", 7, Knobs(hops=3, decoys=1, noise=250, missing=3))
    booked = rows(lab, STATEMENT)
    gaps = [
        (Decimal(before["Balance"]) + Decimal(row["Credit"] or 0) - Decimal(row["Debit"] or 0))
        - Decimal(row["Balance"])
        for before, row in pairwise(booked)
    ]
    named = [each for each in lab.made.timeline if each.words.key.endswith("left-out")]
    assert sorted(-gap for gap in gaps if gap) == sorted(
        Decimal(str(each.words.params["amount"])) for each in named
    )
    assert len(named) == 3


def test_the_chats_withdraw_the_first_address_they_name(made: Folder) -> None:
    talk = json.loads(made.texts["chats.json"])["chats"]["list"][1]["messages"]
    texts = " ".join(message["text"] for message in talk)
    assert made.expected("payment-address").value in talk[3]["text"]
    assert made.expected("payment-amount").value in texts
    for message in talk:
        local = datetime.fromisoformat(message["date"] + "+08:00")
        assert int(local.timestamp()) == int(message["date_unixtime"])


@pytest.mark.thorough
@settings(max_examples=15)
@given(
    st.integers(0, 2**64 - 1),
    st.builds(
        Knobs, hops=st.integers(2, 12), decoys=st.integers(0, 8), missing=st.integers(0, 4),
        noise=st.integers(200, 2_000), language=st.sampled_from(LANGUAGES),
    ),
)  # fmt: skip
def test_the_key_holds_for_any_seed_and_knobs(seed: int, knobs: Knobs) -> None:
    with TemporaryDirectory(prefix="tlabs-") as place:
        lab = make(LAB, Path(place) / "lab", seed, knobs)
        check_key(lab)
        assert len(lab.expected("path").value) == knobs.hops


@pytest.mark.thorough
def test_a_lab_of_usual_size_is_the_same_twice(tmp_path: Path) -> None:
    one = make(LAB, tmp_path / "one", 2**64 - 1, Knobs())
    assert one.digests != make(LAB, tmp_path / "other", 2**64 - 2, Knobs()).digests
    assert one.digests == make(LAB, tmp_path / "two", 2**64 - 1, Knobs()).digests
    check_key(one)
