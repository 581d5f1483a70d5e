"""What is counted of change against what is known: recounted plainly, and never called more."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from kancil.bitcoin.change.combine import ALL_AGREE
from kancil.bitcoin.change.heuristic import Fate, Seen
from kancil.bitcoin.change.heuristics import (
    ADDRESS_TYPE,
    HEURISTICS,
    ONE_TIME,
    OPTIMAL_CHANGE,
    REUSE,
    ROUND_AMOUNT,
)
from kancil.bitcoin.clusters.coinjoins import find_coinjoins
from kancil.bitcoin.coinjoins.heuristic import Coin, Shown
from kancil.bitcoin.errors import LabelledSetNotReadable
from kancil.bitcoin.evaluation.change import (
    ChangeEvaluation,
    Judge,
    ingested,
    on_blocks,
    on_generated,
    on_tx0s,
    tx0_roles,
)
from kancil.bitcoin.evaluation.generated_truth import CHANGE, OWN, STRANGER, GeneratedTruth
from kancil.bitcoin.evaluation.labelled import open_labelled
from kancil.bitcoin.evaluation.measure import Called
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.network import MAINNET, REGTEST
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.plain import plain
from tests.bitcoin import regtest
from tests.bitcoin.changing import coin
from tests.bitcoin.made_coinjoins import SAMPLE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made") / "chain"
    generate(made, Wishes(5, 700, {"peel-chain": 50_000}, {"equal-output": 30_000}))
    return made


@pytest.fixture(scope="module")
def evaluation(folder: Path) -> ChangeEvaluation:
    return on_generated(folder, [*HEURISTICS, ALL_AGREE])


def test_the_counts_on_a_generated_chain_are_those_of_the_tables_alone(
    folder: Path, evaluation: ChangeEvaluation
) -> None:
    # Round amounts need nothing but the tables: recounted here without chain, graph or kernel.
    txs = pq.read_table(folder / "truth" / "transactions.parquet").to_pylist()
    outputs: dict[int, list[dict[str, object]]] = {}
    for row in pq.read_table(folder / "truth" / "outputs.parquet").to_pylist():
        outputs.setdefault(row["tx"], []).append(row)
    with ingested([folder / "blocks"], REGTEST) as chain:
        joins = np.flatnonzero(find_coinjoins(chain)).tolist()
        refused = {bytes.fromhex(chain.txid(tx))[::-1] for tx in joins}
    counts: Counter[str] = Counter()
    for tx in txs:
        if tx["role"] == "coinbase" or tx["txid"] in refused:
            continue
        rows = outputs[tx["tx"]]
        able = [row for row in rows if row["role"] != "data"]
        odd = [row for row in able if int(str(row["value_sat"])) % 1_000_000]
        has_change = tx["role"] != "coinjoin" and any(row["role"] == "change" for row in rows)
        named = odd[0] if len(able) > 1 and len(odd) == 1 else None
        if named is None:
            counts["missed" if has_change else "left"] += 1
        elif has_change:
            counts["found" if named["role"] == "change" else "mistaken or own"] += 1
        else:
            counts["other"] += 1
    (one,) = [each for each in evaluation.measures if each.judge == "round-amount"]
    where = one.population
    assert where.refused == len(refused)
    assert (one.found, one.missed, one.left) == (
        counts["found"], counts["missed"], counts["left"],
    )  # fmt: skip
    assert one.mistaken + one.own + one.wrong == counts["mistaken or own"] + counts["other"]
    assert one.untold == 0
    assert (where.transactions, where.counted) == (700, 700 - len(refused))


def test_every_count_adds_up_and_a_simulation_is_called_one(evaluation: ChangeEvaluation) -> None:
    for one in evaluation.measures:
        assert one.named + one.missed + one.left + one.untold == one.population.counted
        assert one.called is Called.SIMULATION
        assert plain(one)["called"] == "simulation"
        assert one.found <= one.with_change
        assert one.right.count + one.strangers.count + one.own == one.named
    reuse = next(each for each in evaluation.measures if each.judge == "reuse")
    assert reuse.found > 0
    assert reuse.mistaken == 0, "the generator gives no payee an address of the payer"


@pytest.mark.parametrize("what", ["truth.json", "blocks", "more blocks", "tables", "schema"])
def test_a_folder_that_is_not_as_its_truth_says_is_refused(
    folder: Path, tmp_path: Path, what: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    truth = copy / "truth.json"
    if what == "truth.json":
        truth.write_text("[]")
    elif what == "blocks":
        block = next((copy / "blocks").iterdir())
        block.write_bytes(block.read_bytes()[:-1] + b"\x01")
    elif what == "more blocks":
        (copy / "blocks" / "blk00009.dat").write_bytes(b"")
    elif what == "tables":
        (copy / "truth" / "outputs.parquet").write_bytes(b"PAR1")
    else:
        told = json.loads(truth.read_text())
        truth.write_text(json.dumps(told | {"schema": 99}))
    with pytest.raises(LabelledSetNotReadable):
        on_generated(copy, [REUSE])


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelledSetNotReadable):
        GeneratedTruth.open(tmp_path)


@pytest.mark.thorough
def test_on_real_blocks_only_what_was_not_chosen_by_the_rule_is_an_error_rate() -> None:
    blocks = ROOT / "sample" / "blocks"
    judges: list[Judge] = [REUSE, ONE_TIME, ADDRESS_TYPE, ROUND_AMOUNT, ALL_AGREE]
    result = on_blocks([blocks / "300025.raw"], judges, MAINNET)
    (where,) = result.populations
    called = {one.judge: one.called for one in result.measures}
    assert called == {
        "reuse": Called.NOTHING, "one-time": Called.NOTHING, "all-agree": Called.NOTHING,
        "address-type": Called.ERROR_RATE, "round-amount": Called.ERROR_RATE,
    }  # fmt: skip
    reuse = result.measures[0]
    assert reuse.found == reuse.with_change == where.counted > 10
    assert where.counted < where.transactions == 460


def test_blocks_of_another_network_are_told_and_not_counted(tmp_path: Path) -> None:
    block = tmp_path / "made.raw"
    block.write_bytes(regtest.mine(regtest.GENESIS_HASH, [regtest.coinbase(1, 1)]).raw)
    result = on_blocks([block], [REUSE], MAINNET)
    assert result.measures == ()
    assert [skip.code for skip in result.skipped] == ["change-blocks"]


# --- Whirlpool's tx0s -----------------------------------------------------------------------------

POOL = 1_000_000
NOTE = Coin(0, ScriptKind.OP_RETURN, b"\x40" + b"x" * 64)


def tx0(*outputs: Coin) -> Shown:
    return Shown("ab" * 32, (coin(9_000_000, 1),), outputs)


def test_of_a_tx0_pieces_are_the_payers_own_and_the_rest_above_the_fee_is_change() -> None:
    pieces = [coin(POOL + 3_000, key) for key in (2, 3)]
    assert tx0_roles(tx0(NOTE, coin(50_000, 4), *pieces, coin(700_000, 5))) == (
        STRANGER, STRANGER, OWN, OWN, CHANGE,
    )  # fmt: skip


def test_where_the_protocol_does_not_tell_fee_from_change_nothing_is_said() -> None:
    pieces = [coin(POOL + 3_000, key) for key in (2, 3)]
    two_small = tx0(NOTE, coin(50_000, 4), coin(40_000, 5), *pieces)
    assert tx0_roles(two_small) is None
    assert tx0_roles(tx0(NOTE, coin(50_000, 4), *pieces)) is None
    assert tx0_roles(tx0(coin(50_000, 4), *pieces, coin(700_000, 5))) is None
    assert tx0_roles(tx0(NOTE, coin(50_000, 4), coin(700_000, 5))) is None


def test_tx0s_are_agreement_and_what_needs_a_chain_cannot_tell() -> None:
    (texts,) = open_labelled([SAMPLE / "SamouraiTx0s.txt"]).sets
    result = on_tx0s(texts, [ONE_TIME, OPTIMAL_CHANGE, ALL_AGREE])
    (where,) = result.populations
    assert 0 < where.counted < where.transactions
    one_time, optimal, _ = result.measures
    assert one_time.untold == where.counted
    assert {one.called for one in result.measures} == {Called.AGREEMENT}
    told = [tx0_roles(shown) for shown in texts.transactions() if isinstance(shown, Shown)]
    assert sum(roles is not None for roles in told) == where.counted
    slowly = 0
    for shown in texts.transactions():
        assert isinstance(shown, Shown)
        roles, said = (
            tx0_roles(shown),
            OPTIMAL_CHANGE.judge(Seen(shown, (Fate(),) * len(shown.outputs))).output,
        )
        slowly += roles is not None and said is not None and roles[said] == STRANGER
    assert optimal.mistaken == slowly
