"""CoinJoin heuristics on planted rounds: as a plain walk counts, and as the page says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from kancil.bitcoin.coinjoins.heuristic import Answer
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS, WHIRLPOOL
from kancil.bitcoin.coinjoins.verdicts import shown_at
from kancil.bitcoin.errors import LabelledSetNotReadable
from kancil.bitcoin.evaluation.change import ingested
from kancil.bitcoin.evaluation.coinjoins import KINDS, OWN, Planted, on_planted, planted_in
from kancil.bitcoin.evaluation.generated_truth import GeneratedTruth
from kancil.bitcoin.evaluation.labelled import Truth
from kancil.bitcoin.evaluation.measure import Called, Counts
from kancil.bitcoin.generator.coinjoins import COINJOINS
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.ground.plain import plain
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
    measures = {measure.heuristic: measure for measure in on_planted(planted, HEURISTICS).measures}
    for heuristic in HEURISTICS:
        own = [name for name, of in OWN.items() if of == heuristic.name]
        cells = {(False, False): 0, (False, True): 0, (True, False): 0, (True, True): 0}
        differ = set()
        fired: Counter[tuple[str, bool]] = Counter()
        unsure = {True: 0, False: 0}
        for row, one in shown.items():
            kind = KINDS[int(planted.kind[row])]
            is_of = kind in own
            is_join = kind not in ("ordinary life", "planted patterns", "whirlpool: tx0")
            if heuristic.name == "equal-output" and is_join and not is_of:
                continue
            verdict = heuristic.judge(one)
            says = verdict.answer is Answer.YES
            fired[verdict.rule, is_of] += verdict.is_fired
            unsure[is_of] += verdict.answer is Answer.UNSURE
            cells[is_of, says] += 1
            if is_of is not says:
                differ.add(one.txid)
        measure = measures[heuristic.name]
        expected = Counts(
            cells[True, True], cells[True, False], cells[False, True], cells[False, False],
            unsure[True], unsure[False],
        )  # fmt: skip
        assert measure.labelled == measure.uncontested == expected
        assert not measure.contested
        for rule in measure.by_rule:
            found, wrong = fired[rule.rule, True], fired[rule.rule, False]
            assert (rule.labelled.found, rule.labelled.wrong) == (found, wrong)
            assert rule.labelled.recall.of == expected.recall.of
            assert rule.labelled.wrongly_called.of == expected.wrongly_called.of
            assert rule.elsewhere == measure.rules.get(rule.rule, 0) - found - wrong
        assert {each.txid for each in measure.disagreements} == differ
        assert (measure.truth, measure.called) == (Truth.GENERATED, Called.SIMULATION)
        assert measure.untold == 0
        assert expected.recall.of > 0, "rounds of every protocol are planted"
        assert sum(part.count for part in measure.positives) == measure.labelled.recall.of
        assert sum(part.called for part in measure.negatives) == measure.labelled.wrong
        assert plain(measure)["base_rate"]["population"] == "generated chain"


def test_a_protocol_is_what_any_of_its_heuristics_calls(planted: Planted) -> None:
    found = {each.protocol: each for each in on_planted(planted, HEURISTICS).protocols}
    assert set(found) == {heuristic.protocol for heuristic in HEURISTICS}
    for protocol, measure in found.items():
        mine = [heuristic for heuristic in HEURISTICS if heuristic.protocol == protocol]
        names = {heuristic.name for heuristic in mine}
        cells = {(is_of, says): 0 for is_of in (False, True) for says in (False, True)}
        unsure = {True: 0, False: 0}
        for row in np.flatnonzero(planted.kind >= 0).tolist():
            kind = KINDS[int(planted.kind[row])]
            is_of = OWN.get(kind) in names
            is_join = kind not in ("ordinary life", "planted patterns", "whirlpool: tx0")
            if protocol == "equal-output" and is_join and not is_of:
                continue
            shown = shown_at(planted.chain, row)
            said = {heuristic.judge(shown).answer for heuristic in mine}
            says = Answer.YES in said
            unsure[is_of] += Answer.UNSURE in said and not says
            cells[is_of, says] += 1
        assert measure.labelled == Counts(
            cells[True, True], cells[True, False], cells[False, True], cells[False, False],
            unsure[True], unsure[False],
        )  # fmt: skip
        assert (measure.called, measure.contested) == (Called.SIMULATION, 0)
        assert plain(measure)["goal_met"] is None, "the goal is not asked of a simulation"
    assert found["whirlpool"].heuristics == (("whirlpool", "2"), ("whirlpool-tx0", "1"))
    some = on_planted(planted, [WHIRLPOOL]).protocols
    assert some == (), "a protocol is not measured by one of its heuristics"


def test_a_truth_that_speaks_of_another_chain_is_refused(folder: Path, planted: Planted) -> None:
    other = folder.parent / "other"
    generate(other, Wishes(seed=1, transactions=40))
    with pytest.raises(LabelledSetNotReadable):
        planted_in(GeneratedTruth.open(other), planted.chain)


def test_the_page_is_made_from_the_simulation() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(evaluated()) == text, "run: python -m tools.build_rounds"
