"""The lab `freeze-request`: nothing later than its moment, and a key that its files bear out."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.training.lab import LANGUAGES, Knobs
from kancil.training.labs.freeze_request import (
    ACCOUNTS,
    ACTIVITY,
    MINUTES,
    MULE_STATEMENT,
    ORDERS,
    STATEMENT,
)
from tests.training.chain_read import check_path, read_chain
from tests.training.made_labs import Folder, lab_named, made_once, make, rows

LAB = lab_named("freeze-request")
# Of seed 7 and SMALL, on any machine. It changes only with the lab's version or the generator's.
SHA256 = "3f2190ed09d13fba338a97fe335d7814df19cbb3ea21a3d34777185b968a21c3"


@pytest.fixture(scope="module")
def made() -> Folder:
    return made_once(LAB.name)


def at(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(f"{row['Time']}{row['Clock']}")


def moment_of(lab: Folder) -> datetime:
    return datetime.fromisoformat(str(lab.made.story[0].params["at"]))


def test_the_same_seed_makes_the_same_bytes(made: Folder, tmp_path: Path) -> None:
    again = make(LAB, tmp_path / "two", 7)
    assert made.digests == again.digests
    assert made.sha256 == SHA256
    assert made.made == again.made
    assert made.made.minutes == MINUTES > 0


def check_path_and_account(lab: Folder) -> None:
    """The path leads from the output of the story to the address of the account."""
    txid, _, place = str(lab.made.story[1].params["start"]).partition(":")
    chain, path = read_chain(lab), [txid, *lab.expected("path").value]
    check_path(chain, path)
    assert (txid, int(place)) in chain[path[1]].inputs
    (account,) = lab.expected("account").value
    (holder,) = [row for row in rows(lab, ACCOUNTS) if row["Account"] == account]
    ((value, _),) = [
        out for out in chain[path[-1]].outputs if out[1] == holder["BTC deposit address"]
    ]
    arrived = datetime.fromisoformat(lab.expected("arrived-at").value)
    assert int(arrived.timestamp()) == chain[path[-1]].time
    pointer = lab.expected("request").value["pointers"][1]
    row = rows(lab, ACTIVITY)[int(pointer.rpartition(":")[2]) - 2]
    assert (row["TXID"], row["Account"], row["Type"]) == (path[-1], account, "deposit")
    assert Decimal(row["Amount"]) * 10**8 == value
    assert account not in lab.expected("account").accusations


def check_what_is_there(lab: Folder) -> None:
    """Amounts by what was booked before the moment; the pending withdrawal is the rest."""
    (account,) = lab.expected("account").value
    own = [row for row in rows(lab, ACTIVITY) if row["Account"] == account and row["Coin"] == "BTC"]
    moment = moment_of(lab)
    done = {
        kind: sum(
            Decimal(row["Amount"]) for row in own if row["Type"] == kind and at(row) <= moment
        )
        for kind in ("deposit", "sale", "withdrawal")
    }
    still = Decimal(lab.expected("still-there").value)
    assert done["deposit"] - done["sale"] == still > 0
    assert done["withdrawal"] == 0
    (pending,) = [row for row in own if row["Status"] == "pending"]
    assert Decimal(pending["Amount"]) == still
    assert at(pending) == datetime.fromisoformat(lab.expected("until").value) > moment
    sent = [row for row in rows(lab, STATEMENT) if row["Counterparty"]]
    lost = sum(Decimal(row["Debit"]) for row in sent)
    assert lost == Decimal(lab.expected("lost").value)
    on = [row for row in rows(lab, MULE_STATEMENT) if row["Counterparty"]]
    assert sum(Decimal(row["Credit"] or 0) for row in on) == lost
    passed = sum(Decimal(row["Debit"] or 0) for row in on)
    assert lost - passed == Decimal(lab.expected("at-bank").value) > 0


def check_now(lab: Folder) -> None:
    """No file knows what comes after the moment, but for what is announced."""
    moment = moment_of(lab)
    chain = read_chain(lab)
    assert max(tx.time for tx in chain.values()) <= moment.timestamp()
    assert not [
        row for row in rows(lab, ACTIVITY) if at(row) > moment and row["Status"] != "pending"
    ]
    assert {row["TXID"] for row in rows(lab, ACTIVITY) if row["Type"] == "deposit"} <= set(chain)


def check_orders(lab: Folder) -> None:
    """One order alone is a freeze, to this keeper, in force now."""
    moment, (keeper,) = moment_of(lab), lab.expected("keeper").value
    fit = [
        row["Number"] for row in rows(lab, ORDERS)
        if (row["Act"], row["Addressed to"]) == ("freeze", keeper)
        and datetime.fromisoformat(row["Valid from"]) <= moment
        <= datetime.fromisoformat(row["Valid until"])
    ]  # fmt: skip
    assert fit == lab.expected("order").value
    assert len(rows(lab, ORDERS)) == 4


def check_key(lab: Folder) -> None:
    check_path_and_account(lab)
    check_what_is_there(lab)
    check_now(lab)
    check_orders(lab)


def test_the_key_is_what_the_files_say_at_the_moment(made: Folder) -> None:
    check_key(made)


def test_nobody_bears_the_name_of_another(made: Folder) -> None:
    story = made.made.story[0].params
    names = [row["Name"] for row in rows(made, ACCOUNTS)]
    assert len(set(names)) == len(names)
    assert not {story["victim"], story["mule"]} & set(names)


def test_to_freeze_everything_is_an_accusation(made: Folder) -> None:
    assert {"all", "shop"} == set(made.expected("request").accusations)


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
        assert len(lab.expected("path").value) == knobs.hops - 1  # the first stands in the story
