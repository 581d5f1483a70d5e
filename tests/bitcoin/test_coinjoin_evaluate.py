"""CoinJoin heuristics on planted rounds: as a plain walk counts, and as the page says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from kancil.bitcoin.change_evaluate import ingested
from kancil.bitcoin.change_truth import GeneratedTruth
from kancil.bitcoin.coinjoin_evaluate import KINDS, OWN, Planted, on_planted, planted_in
from kancil.bitcoin.evaluate import Called
from kancil.bitcoin.generator.coinjoins import COINJOINS
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.heuristic import Answer
from kancil.bitcoin.heuristics import HEURISTICS
from kancil.bitcoin.labelled import Truth
from kancil.bitcoin.looks import shown_at
from kancil.ground.errors import LabelledSetNotReadable
from tools.build_heuristics import PAGE
from tools.build_rounds import evaluated, page

WISHES = Wishes(
    seed=41,
    transactions=1_500,
    patterns={"fan-out": 20_000},
    coinjoins={each.name: 5_000 for each in COINJOINS} | {"whirlpool": 60_000},
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("planted") / "chain"
    generate(made, WISHES)
    return made


@pytest.fixture(scope="module")
def planted(folder: Path) -> Iterator[Planted]:
    truth = GeneratedTruth.open(folder)
    with ingested([truth.blocks], truth.network) as chain:
        yield planted_in(truth, chain)


def test_what_each_transaction_is_comes_from_the_truth(folder: Path, planted: Planted) -> None:
    names = {
        row["plant"]: row["name"]
        for row in pq.read_table(folder / "truth" / "plants.parquet").to_pylist()
    }
    told = {
        row["txid"]: f"{names[row['plant']]}: {row['role']}"
        for row in pq.read_table(folder / "truth" / "plant_transactions.parquet").to_pylist()
    }
    ids = [bytes(one) for one in planted.chain.columns.tx_id]
    for row, number in enumerate(planted.kind.tolist()):
        if number >= 0:
            known = told.get(ids[row], "ordinary life")
            assert KINDS[number] == (known if known in KINDS else "planted patterns")
    blocks = len({row for row, number in enumerate(planted.kind.tolist()) if number < 0})
    assert blocks == GeneratedTruth.open(folder).told["counts"]["blocks"]


def test_a_measure_is_what_a_plain_walk_counts(planted: Planted) -> None:
    shown = {
        row: shown_at(planted.chain, row) for row in np.flatnonzero(planted.kind >= 0).tolist()
    }
    measures = {measure.heuristic: measure for measure in on_planted(planted, HEURISTICS)}
    for heuristic in HEURISTICS:
        own = [name for name, of in OWN.items() if of == heuristic.name]
        cells = {(False, False): 0, (False, True): 0, (True, False): 0, (True, True): 0}
        differ = set()
        for row, one in shown.items():
            kind = KINDS[int(planted.kind[row])]
            is_of = kind in own
            is_join = kind not in ("ordinary life", "planted patterns", "whirlpool: tx0")
            if heuristic.name == "equal-output" and is_join and not is_of:
                continue
            says = heuristic.judge(one).answer is Answer.YES
            cells[is_of, says] += 1
            if is_of is not says:
                differ.add(one.txid)
        measure = measures[heuristic.name]
        assert (measure.found, measure.missed) == (cells[True, True], cells[True, False])
        assert (measure.wrong, measure.left) == (cells[False, True], cells[False, False])
        assert {each.txid for each in measure.disagreements} == differ
        assert (measure.truth, measure.called) == (Truth.GENERATED, Called.SIMULATION)
        assert measure.untold == 0
        assert measure.found + measure.missed > 0, "rounds of every protocol are planted"
        assert sum(part.count for part in measure.positives) == measure.recall.of
        assert sum(part.called for part in measure.negatives) == measure.wrong
        assert measure.as_dict()["base_rate"]["population"] == "generated chain"


def test_a_truth_that_speaks_of_another_chain_is_refused(folder: Path, planted: Planted) -> None:
    other = folder.parent / "other"
    generate(other, Wishes(seed=1, transactions=40))
    with pytest.raises(LabelledSetNotReadable):
        planted_in(GeneratedTruth.open(other), planted.chain)


def test_the_page_is_made_from_the_simulation() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(evaluated()) == text, "run: python -m tools.build_rounds"
