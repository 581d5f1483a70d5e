"""A slice with a gap; its fetch list is answered from another machine; the gap closes step by step.

Block 181 spends an output of block 170, the first payment between two people, which spends the
coinbase of block 9. Only block 181 is held at first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_COINS, FIRST_PAYMENT, found
from tests.flows.blocks import early_blocks, proof, transactions, txid

pytestmark = pytest.mark.thorough

SPENDER = "a16f3ce4dd5deb92d98ef5cf8afeaf0775ebca408f708b2146c4fb42b41e14be"


def _unit(folder: Path) -> Unit:
    unit = found(folder / "unit")
    unit.say("case", "new", "Gap", "--legal-basis", "sample")
    (folder / "181.raw").write_bytes(early_blocks()[181])
    unit.say("exhibit", "add", "C1", folder / "181.raw")
    unit.say("bitcoin", "ingest", "main", "E1")
    return unit


def _backward(unit: Unit, fetch: Path) -> Any:
    return unit.ask(
        "bitcoin", "trace", "main", f"{SPENDER}:0", "--direction", "backward", "--case", "C1",
        "--fetch-list", fetch,
    )  # fmt: skip


def _states(trace: Any) -> list[tuple[str, str]]:
    return [(row["output"], row["state"]) for row in trace["holdings"]]


def _answer(unit: Unit, exhibit: str, *files: tuple[Path, bytes]) -> Any:
    """Take another machine's answer in as an exhibit, and ingest it."""
    for path, data in files:
        path.write_bytes(data)
    unit.say("exhibit", "add", "C1", *(path for path, _ in files), "--title", "Fetched")
    return unit.ask("bitcoin", "ingest", "main", exhibit)


def test_a_transaction_and_its_proof_close_the_gap(tmp_path: Path) -> None:
    unit = _unit(tmp_path)
    before = _backward(unit, tmp_path / "fetch-1")
    source = f"{FIRST_PAYMENT}:1"
    assert _states(before) == [(source, "unknown-source")]
    assert source in (tmp_path / "fetch-1").read_text("ascii")
    assert unit.ask("bitcoin", "tx", "main", SPENDER)["fee_sat"] is None

    block = early_blocks()[170]
    payment = transactions(block)[1]
    assert txid(payment) == FIRST_PAYMENT
    _answer(
        unit, "E2",
        (tmp_path / "payment.hex", payment.hex().encode() + b"\n"),
        (tmp_path / "proof.hex", proof(block, 0, 1).hex().encode() + b"\n"),
    )  # fmt: skip
    assert unit.ask("bitcoin", "tx", "main", SPENDER)["fee_sat"] == "0"
    fetched = unit.ask("bitcoin", "tx", "main", FIRST_PAYMENT)
    assert fetched["block"] == "00000000d1145790a8694403d4063f323d499e655c83426834d4ce2f8dd4a2ee"

    after = _backward(unit, tmp_path / "fetch-2")
    assert _states(after) == [(FIRST_COINS, "unknown-source")]
    assert FIRST_COINS in (tmp_path / "fetch-2").read_text("ascii")
    assert source not in (tmp_path / "fetch-2").read_text("ascii")

    # The second answer comes as a whole block, and the coins' beginning is reached.
    _answer(unit, "E3", (tmp_path / "9.raw", early_blocks()[9]))
    end = _backward(unit, tmp_path / "fetch-3")
    assert [state for _, state in _states(end)] == ["newly-issued"]
    assert end["totals"]["newly_issued_lower_sat"] == end["totals"]["newly_issued_upper_sat"]
    assert "source " not in (tmp_path / "fetch-3").read_text("ascii")


def test_a_bundle_over_fetched_answers_verifies_and_older_traces_are_not_changed(
    tmp_path: Path,
) -> None:
    unit = _unit(tmp_path)
    old = _backward(unit, tmp_path / "fetch-1")
    block = early_blocks()[170]
    _answer(
        unit, "E2",
        (tmp_path / "payment.raw", transactions(block)[1]),
        (tmp_path / "proof.raw", proof(block, 0, 1)),
    )  # fmt: skip
    new = _backward(unit, tmp_path / "fetch-2")
    assert old["result_sha256"] != new["result_sha256"]
    out = tmp_path / "bundle.zip"
    # The older trace no longer comes out as recorded, and the bundle says so.
    assert unit.refused("bundle", "C1", "-o", out)["code"] == "trace-not-reproduced"
    made = unit.ask("bundle", "C1", "-o", out, "--trace", new["label"])
    assert unit.ask("verify", out, "--key", made["key"])["intact"] is True


def test_a_transaction_without_proof_is_held_but_in_no_block(tmp_path: Path) -> None:
    unit = _unit(tmp_path)
    payment = transactions(early_blocks()[170])[1]
    _answer(unit, "E2", (tmp_path / "payment.raw", payment))
    assert unit.ask("bitcoin", "tx", "main", FIRST_PAYMENT)["block"] is None
    assert unit.ask("bitcoin", "status", "main")["loose_transactions"] == 1


def test_a_proof_of_another_block_proves_nothing(tmp_path: Path) -> None:
    unit = _unit(tmp_path)
    payment = transactions(early_blocks()[170])[1]
    _answer(
        unit, "E2",
        (tmp_path / "payment.raw", payment),
        (tmp_path / "proof.raw", proof(early_blocks()[182], 0, 1)),
    )  # fmt: skip
    assert unit.ask("bitcoin", "tx", "main", FIRST_PAYMENT)["block"] is None


def test_a_proof_whose_header_was_altered_is_left_out(tmp_path: Path) -> None:
    unit = _unit(tmp_path)
    block = bytearray(early_blocks()[170])
    block[76] ^= 1
    forged = proof(bytes(block), 0, 1)
    told = _answer(
        unit, "E2",
        (tmp_path / "payment.raw", transactions(early_blocks()[170])[1]),
        (tmp_path / "proof.raw", forged),
    )  # fmt: skip
    assert told["skipped"]
    assert unit.ask("bitcoin", "tx", "main", FIRST_PAYMENT)["block"] is None


def test_a_transaction_in_no_block_is_never_called_intact(tmp_path: Path) -> None:
    unit = found(tmp_path / "unit")
    unit.say("case", "new", "Loose", "--legal-basis", "sample")
    payment = transactions(early_blocks()[170])[1]
    (tmp_path / "payment.raw").write_bytes(payment)
    unit.say("bitcoin", "ingest", "main", tmp_path / "payment.raw", "--network", "mainnet")
    unit.say("bitcoin", "trace", "main", f"{FIRST_PAYMENT}:0", "--case", "C1", "--why", "sample")
    bundle = tmp_path / "bundle.zip"
    unit.say("bundle", "C1", "-o", bundle)
    answer = unit.run("verify", bundle, "--json")
    assert answer.status == 23
    said = json.loads(answer.out)
    assert (said["intact"], [step for step in said["steps"] if step["problems"]]) == (False, [])
    assert "NOT FULLY CHECKED" in unit.run("verify", bundle).out


@pytest.mark.parametrize("limit", ["--since", "--until"])
def test_a_time_limit_holds_for_a_fetched_transaction_in_its_bundle_too(
    tmp_path: Path, limit: str
) -> None:
    unit = _unit(tmp_path)
    block = early_blocks()[170]
    _answer(
        unit, "E2",
        (tmp_path / "payment.raw", transactions(block)[1]),
        (tmp_path / "payment.proof", proof(block, 1)),
    )  # fmt: skip
    unit.say(
        "bitcoin", "trace", "main", f"{FIRST_PAYMENT}:1", "--case", "C1", "--why", "sample",
        limit, "2009-01-12T05:00:00+00:00",
    )  # fmt: skip
    unit.say(
        "bitcoin", "trace", "main", f"{SPENDER}:0", "--direction", "backward", "--case", "C1",
        "--why", "sample", limit, "2009-01-12T05:00:00+00:00",
    )  # fmt: skip
    bundle = tmp_path / "bundle.zip"
    made = unit.ask("bundle", "C1", "-o", bundle)
    assert "is intact" in unit.say("verify", bundle, "--key", made["key"])
