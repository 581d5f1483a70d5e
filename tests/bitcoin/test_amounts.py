"""Transactions that pay out what they cannot have are not in the chain, and are named."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kancil.bitcoin.blocks.columns import Columns, empty
from kancil.bitcoin.chain.amounts_open import NotCompared, right_in
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import IngestReport, ingest
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.amounts import Allowed, AmountState, allowed_at, judged
from kancil.bitcoin.holdings.store_record import StoreRecord
from kancil.bitcoin.network import MAINNET, REGTEST
from kancil.bitcoin.store.errors import AmountsNotPossible
from kancil.ground.errors import KancilError
from kancil.ground.units import MAX_MONEY_SAT
from kancil.ground.words import render, render_phrase
from tests.bitcoin.regtest import (
    GENESIS_HASH,
    SUBSIDY_SAT,
    Block,
    Tx,
    block_file,
    coinbase,
    mine,
    p2pkh,
    pay,
)
from tests.bitcoin.store.making import grow as grow_store
from tests.bitcoin.store.making import raws, write_blocks

MUCH = 10_000 * SUBSIDY_SAT
FIRST = coinbase(1, 1)
FAIR = pay(FIRST, 0, (SUBSIDY_SAT - 1_000, 2))
OVER = pay(FIRST, 0, (SUBSIDY_SAT + 1_000_000_000, 2))


def chain_of(*bodies: list[Tx], previous: bytes = GENESIS_HASH, first: int = 1) -> list[Block]:
    blocks: list[Block] = []
    for height, txs in enumerate(bodies, first):
        blocks.append(mine(previous, txs, time=1_300_000_000 + 600 * height))
        previous = blocks[-1].hash
    return blocks


def read(folder: Path, blocks: list[Block], *, genesis: bool = True) -> IngestReport:
    path = folder / "blk00000.dat"
    write_blocks(path, raws(blocks, with_genesis=genesis))
    return ingest(folder / "chain", [path], network=REGTEST)


WRONG = {
    "overspent": ([coinbase(2, 5), OVER], "amounts-wrong", OVER),
    "reward": ([bad := coinbase(2, 5, MUCH)], "reward-wrong", bad),
    "one-too-much": (
        [one := coinbase(2, 5, SUBSIDY_SAT + 1_001), FAIR], "reward-wrong", one,
    ),
    "more-than-there-is": (
        [coinbase(2, 5), more := Tx(((FIRST.txid, 0),), ((MAX_MONEY_SAT, p2pkh(1)),) * 2)],
        "amounts-wrong", more,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_block_with_amounts_that_cannot_be_is_set_aside_and_its_transaction_named(
    tmp_path: Path, name: str
) -> None:
    body, reason, wrong = WRONG[name]
    blocks = chain_of([FIRST], body, [coinbase(3, 6)])
    report = read(tmp_path, blocks)
    (skip,) = report.skipped
    assert (skip.code, skip.params) == (
        f"block-aside-{reason}", {"name": blocks[1].shown, "txid": wrong.shown},
    )  # fmt: skip
    assert wrong.shown in render(f"skip.{skip.code}", **skip.params)
    assert (report.held["blocks"], report.added["blocks_set_aside"]) == (3, 1)
    assert report.added["blocks"] == 3
    chain = Chain.open(tmp_path / "chain")
    assert chain.status().set_aside == ({"hash": blocks[1].shown, "reason": reason},)
    for name in (blocks[1].shown, "2"):
        view = chain.block(name)
        assert (view.state, view.held, view.set_aside) == ("set aside", "set aside", reason)
    assert [chain.block(block.shown).state for block in (blocks[0], blocks[2])] == ["in chain"] * 2
    with pytest.raises(KancilError):
        chain.tx(wrong.shown)
    again = ingest(tmp_path / "chain", [tmp_path / "blk00000.dat"], network=REGTEST)
    assert (again.added["blocks"], again.held["blocks"]) == (0, 3)
    assert [one.code for one in again.skipped] == [skip.code]


def test_a_block_held_before_is_set_aside_when_the_output_it_overspends_comes(
    tmp_path: Path,
) -> None:
    blocks = chain_of([FIRST], [coinbase(2, 5), OVER])
    report = read(tmp_path, blocks[1:], genesis=False)
    assert report.skipped == ()
    assert Chain.open(tmp_path / "chain").tx(OVER.shown).not_checked[2:] == (
        "amounts of 1 of 1 transactions",
    )
    report = read(tmp_path, blocks)
    assert [skip.params["txid"] for skip in report.skipped] == [OVER.shown]
    assert report.held["blocks"] == 2


def test_a_loose_transaction_that_overspends_is_left_out(tmp_path: Path) -> None:
    files = {"blk00000.dat": block_file(chain_of([FIRST])), "a": OVER.raw, "b": FAIR.raw}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    paths = [tmp_path / name for name in files]
    report = ingest(tmp_path / "chain", paths, network=REGTEST)
    (skip,) = report.skipped
    assert (skip.code, Path(skip.place).name) == ("transaction-amounts-wrong", "a")
    assert OVER.shown in render(f"skip.{skip.code}", **skip.params)
    chain = Chain.open(tmp_path / "chain")
    assert chain.tx(FAIR.shown).fee_sat == 1_000
    assert chain.status().loose_transactions == report.added["loose_transactions"] == 1


def test_rewards_that_the_rules_allow_stay_and_what_is_not_known_is_counted(
    tmp_path: Path,
) -> None:
    less = coinbase(2, 5, 10)
    most = coinbase(3, 6, SUBSIDY_SAT + 1_000)
    unknown = Tx(((b"\x09" * 32, 0),), ((MUCH, p2pkh(3)),))
    fees = coinbase(4, 7, MUCH)
    report = read(tmp_path, chain_of([FIRST], [less], [most, FAIR], [fees, unknown]))
    assert report.skipped == ()
    chain = Chain.open(tmp_path / "chain")
    assert chain.not_checked == ("scripts", "signatures", "amounts of 2 of 7 transactions")
    assert chain.block("3").not_checked == chain.tx(most.shown).not_checked
    assert chain.block("3").not_checked == ("scripts", "signatures")
    assert chain.block("4").not_checked[-1] == "amounts of 2 of 2 transactions"
    assert chain.tx(fees.shown).not_checked[-1] == "amounts of 1 of 1 transactions"


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("memory_bytes", [1, 2 * 10**9])
def test_a_whole_chain_refuses_such_a_block_and_names_the_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, memory_bytes: int
) -> None:
    monkeypatch.setattr("kancil.bitcoin.store.ingest.LEAST_PIECE_BYTES", 1)
    body, _, wrong = WRONG[name]
    path = write_blocks(tmp_path / "blk00000.dat", raws(chain_of([FIRST], body)))
    with pytest.raises(AmountsNotPossible) as caught:
        grow_store(tmp_path / "chain", path, memory_bytes=memory_bytes)
    params = dict(caught.value.params)
    assert (params["txid"], params["height"]) == (wrong.shown, 2)
    reason = render_phrase(params.pop("reason"))  # type: ignore[arg-type]
    sentence = render(f"error.{caught.value.code}.sentence", **params, reason=reason)
    assert wrong.shown in sentence
    assert reason in sentence


def test_a_whole_chain_says_what_an_older_version_did_not_compare(tmp_path: Path) -> None:
    blocks = chain_of([FIRST], [coinbase(2, 5), FAIR])
    path = write_blocks(tmp_path / "blk00000.dat", raws(blocks))
    grow_store(tmp_path / "chain", path)
    assert Chain.open(tmp_path / "chain").not_checked == ("scripts", "signatures")
    kept = chain_store.read_record(tmp_path / "chain")
    assert kept.store is not None
    record = kept.store.as_dict()
    for one in record["ranges"]:
        del one["amounts"]
    older = StoreRecord.read(record, "")
    chain_store.write_record(tmp_path / "chain", replace(kept, store=older))
    chain = Chain.open(tmp_path / "chain")
    assert chain.not_checked[-1] == "amounts of 4 of 4 transactions"
    assert chain.tx(FAIR.shown).not_checked[-1] == "amounts of 1 of 1 transactions"


def test_what_was_not_compared_is_counted_once() -> None:
    found = NotCompared(np.array([1, 5, 9]), ((4, 7),))
    assert [found.count(*span) for span in ((0, 10), (0, 2), (5, 6), (6, 9), (7, 9))] == [
        5, 1, 1, 1, 0,
    ]  # fmt: skip


def test_new_coins_follow_the_height_where_it_is_known_and_the_first_reward_where_not() -> None:
    allowed = allowed_at(np.array([0, 209_999, 210_000, -1, 6_930_000]), MAINNET)
    halves = [SUBSIDY_SAT, SUBSIDY_SAT, SUBSIDY_SAT // 2, SUBSIDY_SAT, 0]
    assert allowed.subsidy.tolist() == halves
    assert allowed.is_exact.tolist() == [True, True, True, False, True]


# --- the kernel and its plain twin ----------------------------------------------------------------


def plain(rows: Columns, values: list[int], allowed: Allowed) -> list[int]:
    answer = []
    starts = rows.block_tx_start.tolist()
    blocks = [range(*span) for span in pairwise(starts)]
    paid = [
        rows.output_value[rows.tx_output_start[tx] : rows.tx_output_start[tx + 1]].tolist()
        for tx in range(len(rows.tx_input_start) - 1)
    ]
    taken = [
        values[rows.tx_input_start[tx] : rows.tx_input_start[tx + 1]]
        for tx in range(len(rows.tx_input_start) - 1)
    ]
    for tx in range(len(rows.tx_input_start) - 1):
        block = next((number for number, one in enumerate(blocks) if tx in one), -1)
        if min([0, *paid[tx]]) < 0 or sum(paid[tx]) > MAX_MONEY_SAT:
            state = AmountState.RANGE
        elif block < 0 or tx != blocks[block][0]:
            is_open = min([0, *taken[tx]]) < 0
            fits = sum(paid[tx]) <= sum(taken[tx])
            state = AmountState.NOT_KNOWN if is_open else AmountState(0 if fits else 2)
        else:
            others = blocks[block][1:]
            sums = [(sum(paid[one]), taken[one]) for one in others]
            is_known = all(
                min([0, *coins, *paid[one]]) >= 0 and out <= min(sum(coins), MAX_MONEY_SAT)
                for one, (out, coins) in zip(others, sums, strict=True)
            )
            most = int(allowed.subsidy[block]) + sum(sum(coins) - out for out, coins in sums)
            is_exact = bool(allowed.is_exact[block])
            state = AmountState.RIGHT if is_known and is_exact else AmountState.NOT_KNOWN
            if is_known and sum(paid[tx]) > most:
                state = AmountState.REWARD
        answer.append(int(state))
    return answer


@pytest.mark.parametrize("seed", range(60))
def test_verdicts_are_those_of_a_plain_twin(seed: int) -> None:
    chance = random.Random(seed)
    txs = chance.randint(1, 12)
    inputs = [chance.randint(0, 3) for _ in range(txs)]
    outputs = [chance.randint(0, 3) for _ in range(txs)]
    starts = sorted({0, *(chance.randint(1, txs) for _ in range(3))})
    some = [0, 1, 2, 5, 8, MAX_MONEY_SAT, MAX_MONEY_SAT + 1, -1]
    rows = replace(
        empty(),
        block_tx_start=np.array(starts),
        tx_id=np.zeros((txs, 32), np.uint8),
        tx_input_start=np.cumsum([0, *inputs]),
        tx_output_start=np.cumsum([0, *outputs]),
        output_value=np.array([chance.choice(some) for _ in range(sum(outputs))], np.int64),
    )
    values = [chance.choice([-1, 0, 3, 10, MAX_MONEY_SAT]) for _ in range(sum(inputs))]
    blocks = len(starts) - 1
    allowed = Allowed(
        np.array([chance.randint(0, 6) for _ in range(blocks)], np.int64),
        np.array([chance.random() < 0.7 for _ in range(blocks)], np.bool_),
    )
    found = judged(rows, rows.block_tx_start, np.array(values, np.int64), allowed)
    assert found.tolist() == plain(rows, values, allowed)
    is_right = right_in(rows, np.array(values, np.int64), allowed)
    assert is_right.tolist() == [one == AmountState.RIGHT for one in found.tolist()]
