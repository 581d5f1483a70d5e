"""The lab `donation-campaign`: the same bytes for a seed, and a key that chain and papers bear."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.training.lab import LANGUAGES, Knobs
from kancil.training.labs.donation_campaign import (
    ACCOUNTS,
    CHANNELS,
    DEPOSITS,
    DESIGNATION,
    LISTING,
    NOTE,
    WITHDRAWALS,
)
from kancil.training.marking.rules import named_set
from kancil.training.plot.campaign import DUST_SAT, EARLY, LATER
from tests.training.chain_read import Tx, check_path, read_chain, spent
from tests.training.made_labs import Folder, lab_named, make, rows

LAB = lab_named("donation-campaign")
# Of seed 7 and SMALL, on any machine. It changes only with the lab's version or the generator's.
SHA256 = "f2dc88da95be982278ffb5b8cb31a97e103cd7e5b38d1c52e5ee91938fd7bd49"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?:[+-]\d\d:\d\d|:00Z)")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return make(LAB, tmp_path_factory.mktemp("lab") / "one", 7)


def test_the_same_seed_makes_the_same_bytes(made: Folder, tmp_path: Path) -> None:
    again = make(LAB, tmp_path / "two", 7)
    assert made.digests == again.digests
    assert made.sha256 == SHA256
    assert made.made == again.made


@dataclass(frozen=True, slots=True)
class Read:
    """What is in a lab's files, read by other code than the lab's."""

    chain: Mapping[str, Tx]
    address: str
    paid: dict[str, tuple[int, int]]
    """Time and satoshi of each payment to the address, by transaction."""
    published: int
    in_force: int


def read(lab: Folder) -> Read:
    chain, address = read_chain(lab), lab.expected("address").value
    paid = {
        txid: (tx.time, value)
        for txid, tx in chain.items()
        for value, to in tx.outputs
        if to == address
    }
    posts = messages(lab)
    at = min(int(post["date_unixtime"]) for _, post in posts if address in post["text"])
    (moment,) = _MOMENT.findall(lab.texts[DESIGNATION])
    return Read(chain, address, paid, at, int(datetime.fromisoformat(moment).timestamp()))


def messages(lab: Folder) -> list[tuple[str, dict[str, Any]]]:
    chats = json.loads(lab.texts[CHANNELS])["chats"]["list"]
    return [(chat["name"], message) for chat in chats for message in chat["messages"]]


def check_key(lab: Folder) -> None:
    """What the key says is what the files say."""
    seen = read(lab)
    times = {txid: at for txid, (at, _) in seen.paid.items()}
    assert len(seen.paid) == EARLY + LATER + 1
    before = sorted(txid for txid, at in times.items() if at < seen.published)
    after = sorted(txid for txid, at in times.items() if at >= seen.in_force)
    assert lab.expected("before").value == before
    assert lab.expected("after").value == after
    assert len(before) == EARLY
    assert len(after) >= 3
    between = [value for at, value in seen.paid.values() if seen.published <= at < seen.in_force]
    assert len(between) >= 3
    assert Decimal(lab.expected("between").value) * 10**8 == sum(between)
    published = datetime.fromisoformat(lab.expected("published").value)
    assert int(published.timestamp()) == seen.published
    check_cash_out(lab, seen)
    check_donor(lab, seen)
    check_innocent(lab)


def check_cash_out(lab: Folder, seen: Read) -> None:
    """The path begins where the gifts are spent, and ends at the account's deposit."""
    path = lab.expected("path").value
    check_path(seen.chain, path)
    sources = [address for _, address in spent(seen.chain, path[0])]
    assert set(sources) == {seen.address}
    assert len(sources) == EARLY + LATER - 1
    (holder,) = lab.expected("account").value
    (address,) = [r["BTC deposit address"] for r in rows(lab, ACCOUNTS) if r["Account"] == holder]
    assert address in [to for _, to in seen.chain[path[-1]].outputs]
    last, credit, post = lab.expected("finding").value["pointers"]
    assert last == path[-1]
    row = rows(lab, DEPOSITS)[int(credit.rpartition(":")[2]) - 2]
    assert (row["TXID"], row["Account"], row["Address"]) == (last, holder, address)
    named = lab.texts[CHANNELS].splitlines()[int(post.rpartition(":")[2]) - 1]
    assert seen.address in named


def check_donor(lab: Folder, seen: Read) -> None:
    """The customer's withdrawal is a gift before the designation, and stands where the key says."""
    txid, pointer = lab.expected("donor").value["pointers"]
    row = rows(lab, WITHDRAWALS)[int(pointer.rpartition(":")[2]) - 2]
    assert (row["TXID"], row["Address"]) == (txid, seen.address)
    assert row["Account"] in lab.expected("account").accusations
    at, value = seen.paid[txid]
    assert Decimal(row["Amount"]) * 10**8 == value
    assert seen.published < at < seen.in_force
    booked = datetime.fromisoformat(row["Time"] + row["Clock"])
    assert booked.timestamp() < at


def check_innocent(lab: Folder) -> None:
    """Nobody is right and innocent at once, and everybody who is wronged stands in the files."""
    account = lab.expected("account")
    known = {row["Account"] for row in rows(lab, ACCOUNTS)}
    assert set(account.accusations) <= known - set(account.value)
    assert len(account.accusations) >= 2
    (kitchen,) = lab.expected("address").accusations
    assert kitchen != lab.expected("address").value
    first = next(post for _, post in messages(lab) if kitchen in post["text"])
    assert first["from"] in lab.texts[ACCOUNTS]


def test_the_key_is_what_blocks_channels_and_papers_say(made: Folder) -> None:
    check_key(made)


def test_the_dust_is_a_payment_that_a_university_explains(made: Folder) -> None:
    seen = read(made)
    (dust,) = [txid for txid, (_, value) in seen.paid.items() if value == DUST_SAT]
    assert dust in made.texts[NOTE]
    assert dust in made.expected("after").value


def test_the_regional_listing_is_later_than_the_designation(made: Folder) -> None:
    (moment,) = _MOMENT.findall(made.texts[LISTING])
    assert datetime.fromisoformat(moment).timestamp() > read(made).in_force


def test_the_group_passed_on_a_charitys_call_before_its_own_appeal(made: Folder) -> None:
    (kitchen,) = made.expected("address").accusations
    posts = messages(made)
    names = [name for name, post in posts if kitchen in post["text"]]
    own = [name for name, post in posts if made.expected("address").value in post["text"]]
    assert names[0] != own[0]
    assert names[1:] == own[:1]
    assert len(own) == 2


def test_naming_an_innocent_donor_costs_more_than_naming_nobody(made: Folder) -> None:
    (asked,) = [each for each in made.made.questions if each.id == "account"]
    expected = made.expected("account")
    donor = rows(made, WITHDRAWALS)[
        int(made.expected("donor").value["pointers"][1].rpartition(":")[2]) - 2
    ]["Account"]
    assert named_set(asked, expected, expected.value).earned_hundredths == 1_000
    assert named_set(asked, expected, []).earned_hundredths == 0
    assert named_set(asked, expected, [*expected.value, donor]).earned_hundredths == -1_000


@pytest.mark.thorough
@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 2**64 - 1),
    st.builds(
        Knobs, hops=st.integers(2, 12), decoys=st.integers(0, 8), missing=st.integers(0, 4),
        noise=st.integers(200, 2_000), language=st.sampled_from(LANGUAGES),
    ),
)  # fmt: skip
def test_the_key_holds_for_any_seed_and_knobs(seed: int, knobs: Knobs) -> None:
    with TemporaryDirectory(prefix="tcourt-") as place:
        lab = make(LAB, Path(place) / "lab", seed, knobs)
        check_key(lab)
        assert len(lab.expected("path").value) == knobs.hops


@pytest.mark.thorough
def test_deposits_that_the_return_lacks_are_named_in_the_key(tmp_path: Path) -> None:
    lab = make(LAB, tmp_path / "lab", 7, Knobs(hops=3, decoys=1, noise=250, missing=3))
    named = {row["BTC deposit address"] for row in rows(lab, ACCOUNTS)}
    booked = {(row["TXID"], row["Address"]) for row in rows(lab, DEPOSITS)}
    shown = {
        (txid, to) for txid, tx in read_chain(lab).items() for _, to in tx.outputs if to in named
    }
    told = [each for each in lab.made.timeline if each.words.key.endswith("left-out")]
    assert shown - booked == {(each.evidence[0], each.words.params["address"]) for each in told}
    assert len(told) == 3


@pytest.mark.thorough
def test_a_lab_of_usual_size_is_the_same_twice(tmp_path: Path) -> None:
    one = make(LAB, tmp_path / "one", 2**64 - 1, Knobs())
    assert one.digests != make(LAB, tmp_path / "other", 2**64 - 2, Knobs()).digests
    assert one.digests == make(LAB, tmp_path / "two", 2**64 - 1, Knobs()).digests
    check_key(one)
