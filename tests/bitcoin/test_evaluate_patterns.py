"""Findings against planted instances: what is counted, and what the counts may be called."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kancil.bitcoin.errors import LabelledSetNotReadable
from kancil.bitcoin.evaluation.labelled import Truth
from kancil.bitcoin.evaluation.measure import Called
from kancil.bitcoin.evaluation.patterns import Generated, Plant, measure_patterns, open_generated
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.laundering.patterns import PATTERNS
from kancil.bitcoin.laundering.patterns.fan_in import FAN_IN
from kancil.bitcoin.laundering.patterns.peel_chain import PEEL_CHAIN
from kancil.ground.plain import plain
from tests.bitcoin.tiny_chain import ground, payers, tx


def test_measures_are_called_a_simulation_and_add_up(generated: Generated) -> None:
    for each in measure_patterns([generated], PATTERNS):
        assert (each.truth, each.called) == (Truth.GENERATED, Called.SIMULATION)
        planted = [one for one in generated.plants if one.name in dict(each.kinds)]
        assert each.planted == len(planted) == sum(count for _, count in each.kinds.values())
        assert each.found == sum(count for count, _ in each.kinds.values())
        assert each.planted - each.found == len(each.missed)
        assert 0 <= each.elsewhere <= each.false <= each.findings
        assert each.all_txs == generated.ground.chain.columns.tx_count
        assert plain(each)["found"]["interval"] == "clopper-pearson"


def test_an_instance_is_found_by_half_of_its_transactions_and_a_stranger_is_false() -> None:
    gathered = [*payers(5, 1), tx([(5 + n, 0) for n in range(5)], [(7, 5_000)], 30)]
    own = frozenset(range(5, 11))

    def made(plant: frozenset[int], touched: frozenset[int]) -> Generated:
        plants = (Plant(0, "fan-in", plant, plant, None),)
        return Generated("tiny", "", ground(gathered), plants, 0, touched)

    (right,) = measure_patterns([made(own, own)], [FAN_IN])
    assert (right.found, right.planted, right.findings, right.false) == (1, 1, 1, 0)
    few = frozenset({9, 0, 1, 2})
    (wrong,) = measure_patterns([made(few, few | {10})], [FAN_IN])
    assert (wrong.found, wrong.false, wrong.elsewhere) == (0, 1, 1)
    assert wrong.missed == ("tiny: 0",)
    (both,) = measure_patterns([made(own, own), made(few, few)], [FAN_IN])
    assert (both.found, both.planted, both.findings, both.false) == (1, 2, 2, 1)


def test_a_stricter_definition_finds_no_more(generated: Generated) -> None:
    (loose,) = measure_patterns([generated], [PEEL_CHAIN], {"least-links": 3})
    (strict,) = measure_patterns([generated], [PEEL_CHAIN], {"least-links": 12})
    assert strict.found <= loose.found
    assert strict.findings < loose.findings


def test_a_folder_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    made = tmp_path / "made"
    generate(made, Wishes(seed=3, transactions=300, patterns={"fan-in": 30_000}, coinjoins={}))
    other = tmp_path / "other"
    generate(other, Wishes(seed=4, transactions=300, patterns={"fan-in": 30_000}, coinjoins={}))
    shutil.copy(other / "truth" / "transactions.parquet", made / "truth")
    with pytest.raises(LabelledSetNotReadable):
        open_generated(made, tmp_path / "chain")
    (made / "truth.json").write_text("{}")
    with pytest.raises(LabelledSetNotReadable):
        open_generated(made, tmp_path / "again")


def test_a_truth_of_which_a_part_is_not_as_told_is_refused(tmp_path: Path) -> None:
    made = tmp_path / "made"
    generate(made, Wishes(seed=3, transactions=300, patterns={"fan-in": 30_000}, coinjoins={}))
    path = made / "truth" / "plants.parquet"
    plants = pq.read_table(path)
    assert plants.num_rows > 0
    facts = plants.schema.get_field_index("facts")
    for number, told in enumerate(("{", "[]")):
        column = pa.array([told] * plants.num_rows, pa.string())
        pq.write_table(plants.set_column(facts, "facts", column), path)
        with pytest.raises(LabelledSetNotReadable):
            open_generated(made, tmp_path / f"facts-{number}")
    more = {**plants.to_pylist()[0], "plant": plants.num_rows}
    pq.write_table(
        pa.concat_tables([plants, pa.Table.from_pylist([more], schema=plants.schema)]), path
    )
    with pytest.raises(LabelledSetNotReadable):
        open_generated(made, tmp_path / "idle")
    pq.write_table(plants, path)
    block = made / "blocks" / "blk00000.dat"
    block.write_bytes(block.read_bytes() + b"x")
    with pytest.raises(LabelledSetNotReadable):
        open_generated(made, tmp_path / "blocks")
