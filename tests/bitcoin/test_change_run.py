"""Change over whole chains: the kernels say what the members' `judge` says, one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.change import run as change_run
from kancil.bitcoin.change.combine import COMBINATIONS
from kancil.bitcoin.change.heuristic import Named
from kancil.bitcoin.change.heuristics import HEURISTICS, ONE_TIME, OPTIMAL_CHANGE, REUSE
from kancil.bitcoin.change.run import NONE, NOT_ASKED, UNKNOWN, WAIT_BLOCKS, Sweep, change_of
from kancil.bitcoin.change.seen import Reader
from kancil.bitcoin.clusters.clusters import build_clusters
from kancil.bitcoin.clusters.coinjoins import find_coinjoins
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.network import MAINNET
from tests.bitcoin import regtest
from tests.bitcoin.chains import chain_of, ingest_here
from tests.bitcoin.changing import HeadedTx
from tests.examples import examples

ROOT = Path(__file__).parents[2]

CODES = {Named.NONE: NONE, Named.UNKNOWN: UNKNOWN}


def assert_the_same(chain: Chain, excluded: np.ndarray | None) -> dict[str, np.ndarray]:
    """Hold each kernel against `judge`; gives the answers."""
    count = chain.columns.tx_count
    over = Sweep(chain, excluded)
    reader = Reader(chain, np.zeros(count, bool) if excluded is None else excluded)
    answers = {}
    asked: list[Any] = [*HEURISTICS, *COMBINATIONS]
    for judge in asked:
        answers[judge.name] = np.empty(count, np.int64)
        judge.sweep(over, 0, count, answers[judge.name])
    for tx in range(count):
        one = reader.seen_at(tx)
        out = chain.graph.tx_rank[tx] < 0 or not one.shown.inputs
        out = out or (excluded is not None and bool(excluded[tx]))
        start = int(chain.graph.tx_output_start[tx])
        for judge in asked:
            verdict = judge.judge(one)
            verdict = getattr(verdict, "verdict", verdict)
            wanted = CODES.get(verdict.answer, start + (verdict.output or 0))
            assert answers[judge.name][tx] == (NOT_ASKED if out else wanted), (judge.name, tx)
    return answers


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    folder = tmp_path_factory.mktemp("made")
    coinjoins = {"whirlpool": 30_000, "equal-output": 20_000}
    generate(folder / "g", Wishes(9, 1_200, {"peel-chain": 60_000}, coinjoins))
    ingest_here(folder / "chains" / "test", [folder / "g" / "blocks"])
    return Chain.open(folder / "chains" / "test")


@pytest.mark.thorough
def test_kernels_and_judges_agree_on_a_generated_chain(made: Chain) -> None:
    excluded = find_coinjoins(made)
    assert excluded.any()
    answers = assert_the_same(made, excluded)
    for name, answer in answers.items():
        assert (answer >= 0).any(), name
        assert (answer[excluded] == NOT_ASKED).all()


def test_a_range_gives_the_same_as_the_whole_and_ids_of_clusters_do(made: Chain) -> None:
    count = made.columns.tx_count
    whole = change_of(made, 0, count, ONE_TIME)
    assert np.array_equal(change_of(made, 500, 900, ONE_TIME), whole[500:900])
    kept = Sweep(made, None, build_clusters(made).of_row)
    assert np.array_equal(kept.change_of(0, count, ONE_TIME), whole)


@dataclass(frozen=True)
class Counting:
    """A member that counts how often it is swept over each row."""

    member: Any
    rows: list[int]

    def sweep(self, over: Sweep, first: int, last: int, answer: Any) -> None:
        self.rows.extend(range(first, last))
        self.member.sweep(over, first, last, answer)


def test_several_are_answered_in_one_pass_in_which_each_member_is_swept_once(
    made: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = made.columns.tx_count
    over = Sweep(made, find_coinjoins(made))
    judges: list[Any] = [*HEURISTICS, *COMBINATIONS]
    expected = [over.change_of(0, count, each) for each in judges]
    counting: dict[str, Any] = {each.name: Counting(each, []) for each in HEURISTICS}
    combined = [
        replace(each, members=tuple(counting[member.name] for member in each.members))
        for each in COMBINATIONS
    ]
    monkeypatch.setattr(change_run, "_CHUNK", 257)
    parts = list(over.each_part(0, count, [*counting.values(), *combined]))
    assert [(first, last) for first, last, _ in parts] == [
        (first, min(first + 257, count)) for first in range(0, count, 257)
    ]
    for place, wanted in enumerate(expected):
        found = np.concatenate([answers[place] for _, _, answers in parts])
        assert np.array_equal(found, wanted)
    for each in counting.values():
        assert each.rows == list(range(count)), each.member.name


def test_near_the_last_block_it_is_not_known_whether_an_address_is_paid_again(made: Chain) -> None:
    answer = change_of(made, 0, made.columns.tx_count, ONE_TIME)
    block = made.columns.tx_block
    edge = made.columns.block_count - WAIT_BLOCKS
    assert not (answer[block >= edge] >= 0).any()
    assert (answer[block < edge] >= 0).any()
    assert not (answer[block < edge] == UNKNOWN).any()


def test_kernels_and_judges_agree_on_a_real_block_with_stated_outputs(tmp_path: Path) -> None:
    blocks = ROOT / "sample" / "blocks"
    (raw,) = blocks.glob("300025.raw*")
    spent = blocks / "300025.spent-outputs.raw"
    ingest_here(tmp_path / "chains" / "test", [raw], network=MAINNET, spent=[spent])
    chain = Chain.open(tmp_path / "chains" / "test")
    answers = assert_the_same(chain, None)
    assert (answers["reuse"] >= 0).any()
    assert (answers["optimal-change"] >= 0).any()
    assert not (answers["one-time"] >= 0).any()  # no earlier block is held


SCRIPTS = tuple(
    [regtest.p2pkh(key) for key in range(4)]
    + [b"\x00\x14" + bytes([key]) * 20 for key in range(4)]
    + [b"\x51\x20" + bytes([key]) * 32 for key in range(2)]
    + [b"\x6a\x02hi", b"\x52\x02ab", b"\x51"]
)


@st.composite
def payments(draw: st.DrawFn) -> list[HeadedTx]:
    """Make a handful of transactions that spend each other's outputs, of scripts few enough."""
    seed = regtest.coinbase(1, 7)
    free: list[tuple[bytes, int, int]] = []
    many = tuple((regtest.SUBSIDY_SAT // 16, draw(st.sampled_from(SCRIPTS[:10]))) for _ in range(6))
    txs = [HeadedTx(((seed.txid, 0),), many)]
    free += [(txs[0].txid, n, value) for n, (value, _) in enumerate(many)]
    for _ in range(draw(st.integers(1, 9))):
        if not free:
            break
        taken = [free.pop(draw(st.integers(0, len(free) - 1)))
                 for _ in range(min(len(free), draw(st.sampled_from((1, 1, 2, 3)))))]  # fmt: skip
        rest = sum(value for _, _, value in taken)
        outputs = []
        for _ in range(draw(st.sampled_from((1, 2, 2, 2, 3)))):
            step = draw(st.sampled_from((1, 1_000_000)))
            value = min(rest, draw(st.integers(0, 300)) * step)
            rest -= value
            outputs.append((value, draw(st.sampled_from(SCRIPTS))))
        if draw(st.booleans()) and rest > 1:
            outputs.append((rest - draw(st.sampled_from((0, 1))), draw(st.sampled_from(SCRIPTS))))
        tx = HeadedTx(
            tuple((txid, n) for txid, n, _ in taken), tuple(outputs),
            version=draw(st.sampled_from((1, 2))), locktime=draw(st.sampled_from((0, 0, 1))),
            sequence=draw(st.sampled_from((0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD))),
        )  # fmt: skip
        txs.append(tx)
        free += [
            (tx.txid, n, value)
            for n, (value, script) in enumerate(outputs)
            if script in SCRIPTS[:10]
        ]
    return txs


@given(txs=payments(), hidden=st.sets(st.integers(1, 9)), marks=st.lists(st.booleans()))
@examples(30)
def test_kernels_and_judges_agree_on_any_chain_with_gaps(
    tmp_path_factory: pytest.TempPathFactory,
    txs: list[HeadedTx],
    hidden: set[int],
    marks: list[bool],
) -> None:
    first = regtest.coinbase(1, 7)
    blocks = [regtest.mine(regtest.GENESIS_HASH, [first])]
    for height, tx in enumerate(txs, 2):
        head = regtest.coinbase(height, height)
        blocks.append(regtest.mine(blocks[-1].hash, [head, tx], time=1_300_000_000 + 600 * height))
    held = [block for height, block in enumerate(blocks) if height not in hidden]
    chain = chain_of(tmp_path_factory.mktemp("any"), {"blk": regtest.block_file(held)})
    count = chain.columns.tx_count
    excluded = np.array((marks * count + [False] * count)[:count], np.bool_)
    assert_the_same(chain, excluded)


def test_a_chain_without_transactions_to_ask_gives_no_answer(tmp_path: Path) -> None:
    block = regtest.mine(regtest.GENESIS_HASH, [regtest.coinbase(1, 1)])
    chain = chain_of(tmp_path, {"blk": regtest.block_file([block])})
    for member in (REUSE, ONE_TIME, OPTIMAL_CHANGE):
        assert change_of(chain, 0, 1, member).tolist() == [NOT_ASKED]
        assert change_of(chain, 0, 0, member).tolist() == []
