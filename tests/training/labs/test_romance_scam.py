"""The lab `romance-scam`: the same bytes for a seed, and amounts that are conserved to the cent."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.ground.base58 import decode_check
from kancil.training.lab import LANGUAGES, Knobs
from kancil.training.labs.romance_scam import (
    CHATS,
    DEPOSITS,
    MULE_STATEMENT,
    SECOND_ACCOUNTS,
    TOKENS,
    VICTIM_STATEMENTS,
    WITHDRAWALS,
)
from kancil.training.plot.scam import USDT_CONTRACT, VICTIMS
from kancil.training.plot.voice import voice_of
from tests.training.made_labs import Folder, lab_named, made_once, make, rows

LAB = lab_named("romance-scam")
# Of seed 7 and SMALL, on any machine. It changes only with the lab's version.
SHA256 = "ee76066c09474861e3092ab971b1e20118d89c867ffac7c456b491d1b9ca93d8"
HELD = "USDT (TRC20) deposit address"


@pytest.fixture(scope="module")
def made() -> Folder:
    return made_once(LAB.name)


def test_the_same_seed_makes_the_same_bytes(made: Folder, tmp_path: Path) -> None:
    again = make(LAB, tmp_path / "two", 7)
    assert made.digests == again.digests
    assert made.sha256 == SHA256
    assert made.made == again.made


def check_banks(lab: Folder) -> None:
    """Each payment of a victim stands in both statements, and the sum is the key's."""
    (mule,) = lab.expected("mule-account").value
    paid = [
        row for row in rows(lab, MULE_STATEMENT)
        if row["Counterparty Account"] in lab.expected("victims").value
    ]  # fmt: skip
    assert len(paid) == VICTIMS == len(lab.expected("victims").value)
    assert sum(Decimal(row["Credit"]) for row in paid) == Decimal(lab.expected("total").value)
    for name in VICTIM_STATEMENTS:
        (sent,) = [row for row in rows(lab, name) if row["Counterparty Account"]]
        assert sent["Counterparty Account"] == mule
        assert [sent["Debit"]] == [
            row["Credit"] for row in paid if row["Counterparty Account"] == sent["Account"]
        ]
    for row in paid:
        assert row["Credit"] in lab.texts[CHATS]


def check_tokens(lab: Folder) -> None:
    """USDT are conserved from the withdrawals to the deposit, less the side branches."""
    wallet = lab.expected("wallet").value
    real = [row for row in rows(lab, TOKENS) if row["tokenAddress"] == USDT_CONTRACT]
    out = [row for row in rows(lab, WITHDRAWALS) if row["Address"] == wallet]
    assert sum(Decimal(row["Amount"]) for row in out) == Decimal(lab.expected("bought").value)
    by_txid = {row["Tx Hash"]: row for row in real}
    path = [by_txid[txid] for txid in lab.expected("path").value]
    left = Decimal(lab.expected("bought").value)
    for before, after in pairwise(path):
        assert before["to"] == after["from"]
        assert before["blockTime(UTC)"] < after["blockTime(UTC)"]
        left -= sum(
            Decimal(row["value"]) for row in real
            if row["from"] == after["from"] and row is not after
        )  # fmt: skip
        assert Decimal(after["value"]) == left > 0
    assert path[-1]["value"] == lab.expected("arrived").value
    assert path[-1]["to"] == lab.expected("deposit-address").value
    held = {row[HELD]: row["Account"] for row in rows(lab, SECOND_ACCOUNTS)}
    assert [held[path[-1]["to"]]] == lab.expected("account").value
    assert not set(lab.expected("account").value) & set(lab.expected("account").accusations)
    assert not {row["to"] for row in path[:-1]} & set(held)


def test_the_key_is_what_the_tables_say(made: Folder) -> None:
    check_banks(made)
    check_tokens(made)


def test_the_pointer_leads_to_the_line_of_the_deposit(made: Folder) -> None:
    txid, place = made.expected("finding").value["pointers"]
    row = rows(made, TOKENS)[int(place.rpartition(":")[2]) - 2]
    assert (row["Tx Hash"], row["to"]) == (txid, made.expected("deposit-address").value)
    line = made.texts[TOKENS].splitlines()[int(place.rpartition(":")[2]) - 1]
    assert line.startswith(txid)


def test_money_of_the_shop_is_apart_from_that_of_victims(made: Folder) -> None:
    (shop,) = made.expected("mule-account").accusations
    assert shop not in made.expected("victims").value
    (row,) = [each for each in rows(made, MULE_STATEMENT) if each["Counterparty Account"] == shop]
    assert row["Credit"] not in made.texts[CHATS]
    spent = [each["Address"] for each in rows(made, WITHDRAWALS)]
    assert len(set(spent)) == 2


def test_one_moment_is_written_on_three_clocks(made: Folder) -> None:
    exported = {row["Tx Hash"]: row for row in rows(made, TOKENS)}
    for row in rows(made, WITHDRAWALS):
        at = datetime.fromisoformat(f"{row['Time']}{row['Clock']}")
        seen = exported[row["TXID"]]
        assert at == datetime.fromisoformat(seen["blockTime(UTC)"] + "+00:00")
        assert at == datetime.fromisoformat(seen["blockTime(UTC+8)"] + "+08:00")
    first = datetime.fromisoformat(made.expected("first-payment").value)
    assert first < datetime.fromisoformat(
        rows(made, DEPOSITS)[0]["Time"] + rows(made, DEPOSITS)[0]["Clock"]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_zone_that_the_story_names_has_the_offset_of_the_files(language: str) -> None:
    voice = voice_of(language)
    named = datetime(2026, 3, 9, tzinfo=ZoneInfo(voice.zone)).utcoffset()
    assert named is not None
    assert named.total_seconds() == 60 * voice.offset_minutes


def test_addresses_are_well_formed_and_only_the_token_is_real(made: Folder) -> None:
    for row in rows(made, TOKENS):
        for address in (row["from"], row["to"], row["tokenAddress"]):
            body = decode_check(address)
            assert body is not None
            assert (len(body), body[0]) == (21, 0x41)
    others = {row["tokenAddress"] for row in rows(made, TOKENS)} - {USDT_CONTRACT}
    assert len(others) == 1


def test_the_chats_name_account_and_wallet(made: Folder) -> None:
    chats = json.loads(made.texts[CHATS])["chats"]["list"]
    love, orders = (" ".join(m["text"] for m in chat["messages"]) for chat in chats[1:])
    assert made.expected("mule-account").value[0] in love
    assert made.expected("wallet").value in orders


@pytest.mark.thorough
@settings(max_examples=60)
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
        check_banks(lab)
        check_tokens(lab)
        assert len(lab.expected("path").value) == knobs.hops
