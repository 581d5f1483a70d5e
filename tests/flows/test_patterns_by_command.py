"""A generated chain, its planted laundering found by command, and what is said beside it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.cli.running import Unit, run
from tests.cli.sample_unit import LONG_CHAIN

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    folder = tmp_path_factory.mktemp("patterns")
    made = Unit(folder / "unit")
    words = ("--name", "U", "--country", "LA", "--zone", "Asia/Vientiane", "--officer", "Dara",
             "--disk-exception", "test data only")  # fmt: skip
    assert run("init", made.root, *words).status == 0
    made.ask(
        "bitcoin", "generate", folder / "made", "--seed", "4", "--transactions", "1200",
        "--pattern", "peel-chain=0.05", "--pattern", "fan-in=0.05", "--pattern", "structuring=0.05",
    )  # fmt: skip
    made.say("bitcoin", "ingest", "made", folder / "made" / "blocks", "--network", "regtest")
    return made


def found(answer: Any, name: str) -> Any:
    return next(one for one in answer["patterns"] if one["name"] == name)


def test_planted_peel_chains_are_found_and_stand_with_what_they_do_not_prove(unit: Unit) -> None:
    answer = unit.ask("bitcoin", "patterns", "made", "--pattern", "peel-chain")
    (view,) = answer["patterns"]
    assert view["total"] >= 1
    assert view["indicator"]["checked"] == "no"
    assert "proves nothing" in view["findings"][0]["proves_nothing"]
    assert {step["role"] for step in view["findings"][0]["transactions"]} == {"peel"}
    text = unit.say("bitcoin", "patterns", "made", "--pattern", "peel-chain")
    for words in ("One indicator alone proves nothing", "Innocent makers", "No known error rate",
                  "checked: no", "NOT REAL MONEY"):  # fmt: skip
        assert words in text


def test_around_a_transaction_only_what_it_has_a_part_in_is_told(unit: Unit) -> None:
    view = found(unit.ask("bitcoin", "patterns", "made"), "fan-in")
    collect = view["findings"][0]["at"]
    address = view["findings"][0]["outputs"][0]["address"]
    for subject in (collect, address, view["findings"][0]["outputs"][0]["outpoint"]):
        near = unit.ask("bitcoin", "patterns", "made", subject, "--pattern", "fan-in")
        assert collect in {one["at"] for one in near["patterns"][0]["findings"]}
        assert near["patterns"][0]["total"] <= view["total"]


def test_a_threshold_in_the_currency_of_the_law_needs_prices(unit: Unit, tmp_path: Path) -> None:
    words = ("bitcoin", "patterns", "made", "--pattern", "structuring")
    silent = unit.ask(*words)["patterns"][0]
    assert not silent["total"]
    assert "--threshold" in silent["notes"][0]
    plants = pq.read_table(unit.root.parent / "made" / "truth" / "plants.parquet").to_pylist()
    sat = next(json.loads(one["facts"])["threshold_sat"] for one in plants
               if one["name"] == "structuring")  # fmt: skip
    table = tmp_path / "thb.csv"
    days = [f"2021-01-0{day},1000000.00" for day in range(1, 6)]
    table.write_text("\n".join(["Date,Price", *days]) + "\n")
    baht = ("--threshold", str(Decimal(sat) / 100), "--currency", "thb", "--prices", table)
    priced = unit.ask(*words, *baht)["patterns"][0]
    plain = unit.ask(*words, "--threshold", f"{Decimal(sat) / 10**8:f}", "--currency", "BTC")
    assert priced["total"] >= 1
    assert [one["at"] for one in priced["findings"]] == [
        one["at"] for one in plain["patterns"][0]["findings"]
    ]
    assert "thb.csv" in " ".join(priced["notes"])
    table.write_text("Date,Price\n2020-12-30,1000000.00\n")
    unpriced = unit.ask(*words, *baht)["patterns"][0]
    assert not unpriced["total"]
    assert any("without a price" in note for note in unpriced["notes"])
    assert unit.refused(*words, "--threshold", "100", "--currency", "LAK")
    assert unit.refused(*words, "--threshold", "100")
    assert unit.refused(*words, "--currency", "THB")
    assert unit.refused(*words, "--threshold", "-1", "--currency", "BTC")


def test_bad_words_are_refused_with_a_sentence(unit: Unit) -> None:
    words = ("bitcoin", "patterns", "made")
    assert unit.refused(*words, "--pattern", "smurf")
    assert unit.refused(*words, "--param", "least-links=many")
    assert unit.refused(*words, "--param", "least-links=1")
    assert unit.refused(*words, "--param", "speed=3")
    assert unit.refused(*words, "--most", "0")
    assert unit.refused(*words, "f" * 64)
    assert unit.refused(*words, "f" * 64 + ":0")
    assert unit.refused(*words, "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080")
    assert unit.refused(*words, "no address")


def test_evaluate_measures_generated_chains_and_calls_it_a_simulation(unit: Unit) -> None:
    made = unit.root.parent / "made"
    answer = unit.ask("bitcoin", "evaluate", made, "--pattern", "peel-chain")
    (measure,) = answer["measures"]
    assert (measure["truth"], measure["called"]) == ("generated", "simulation")
    assert measure["found"]["count"] == measure["found"]["of"] >= 1
    text = unit.say("bitcoin", "evaluate", made, "--pattern", "peel-chain")
    assert "not how often it errs on the real chain" in text
    assert unit.refused("bitcoin", "evaluate", made, "no-such-set.txt", "--pattern", "all")
    words = ("--pattern", "all", "--heuristic", "whirlpool")
    assert unit.refused("bitcoin", "evaluate", made, *words)


def test_the_real_chain_of_block_370661_is_one_path_but_for_a_large_payment(sample: Unit) -> None:
    """Its 39th link pays 2 of 7.2 bitcoin, 27 per cent: by the default that is no peel."""
    words = ("bitcoin", "patterns", "main", LONG_CHAIN, "--pattern", "peel-chain")
    (cut,) = sample.ask(*words)["patterns"][0]["findings"]
    (whole,) = sample.ask(*words, "--param", "most-peel=49")["patterns"][0]["findings"]
    assert [len(one["transactions"]) for one in (cut, whole)] == [38, 72]
    assert cut["at"] == whole["at"] == LONG_CHAIN
    assert {step["height"] for step in whole["transactions"]} == {370_661}
    assert cut["why"]["params"]["rest"] == 720_497_349
