"""A whole chain by command: ingested in steps, asked as a slice is, damaged, mended, copied."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.holdings.errors import ChainBroken
from tests.cli.running import Unit
from tests.cli.sample_unit import found

pytestmark = pytest.mark.thorough

NETWORK = ("--network", "regtest")


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "made"
    generate(folder, Wishes(seed=3, transactions=800, patterns={"peel-chain": 30_000}))
    return folder / "blocks"


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory, blocks: Path) -> Unit:
    unit = found(tmp_path_factory.mktemp("whole") / "unit")
    unit.say("case", "new", "Whole", "--legal-basis", "sample")
    unit.say("bitcoin", "ingest", "whole", blocks, *NETWORK, "--whole", "--memory", "1")
    unit.say("bitcoin", "ingest", "slice", blocks, *NETWORK)
    return unit


def chain_of(unit: Unit, name: str) -> Chain:
    return Chain.open(unit.root / "chains" / name)


def without(value: Any, *names: str) -> Any:
    """Take out what must differ: names, ids and times of this run."""
    if isinstance(value, dict):
        return {key: without(one, *names) for key, one in value.items() if key not in names}
    return [without(one, *names) for one in value] if isinstance(value, list) else value


def test_a_whole_chain_answers_as_a_slice_of_the_same_blocks(unit: Unit) -> None:
    chain = chain_of(unit, "slice")
    spent = [
        output
        for output in range(chain.columns.output_count)
        if chain.graph.output_spender[output] >= 0 and chain.address_of(output)
    ]
    output = spent[len(spent) // 2]
    txid, address = chain.txid(chain.graph.tx_of_output(output)), chain.address_of(output)
    for words in (
        ("bitcoin", "block", "{}", "60"),
        ("bitcoin", "tx", "{}", txid),
        ("bitcoin", "address", "{}", str(address)),
        ("bitcoin", "cluster", "{}", str(address), "--all"),
    ):
        answers = [
            without(unit.ask(*(word.replace("{}", name) for word in words)), "chain", "name")
            for name in ("whole", "slice")
        ]
        assert answers[0] == answers[1], words


def test_a_trace_over_a_whole_chain_is_that_over_a_slice(unit: Unit) -> None:
    chain = chain_of(unit, "slice")
    start = chain.outpoint(int(chain.graph.outputs_of(chain.graph.tx_count // 2)[0]))
    traces = [
        unit.ask("bitcoin", "trace", name, start, "--policy", "haircut", "--case", "C1")
        for name in ("whole", "slice")
    ]
    for name in ("holdings", "totals", "steps"):
        assert traces[0].get(name) == traces[1].get(name), name


def test_a_chain_is_checked_damaged_found_and_made_anew(unit: Unit) -> None:
    found_whole = unit.ask("bitcoin", "verify", "whole", "--blocks")
    assert found_whole["unchanged"]
    assert found_whole["consistent"]
    assert found_whole["blocks_proved"] == found_whole["blocks"]
    column = unit.root / "chains" / "whole" / "store" / "output_value.column"
    data = bytearray(column.read_bytes())
    data[4000] ^= 1
    column.write_bytes(data)
    ran = unit.run("bitcoin", "verify", "whole")
    assert ran.status == ChainBroken.exit_status
    assert "output_value" in ran.out
    mended = unit.ask("bitcoin", "verify", "whole", "--repair")
    assert mended["after"]["consistent"]
    assert unit.ask("bitcoin", "verify", "whole", "--blocks")["consistent"]


def test_damaged_clusters_are_found_taken_away_and_made_anew(unit: Unit) -> None:
    chain = chain_of(unit, "whole")
    outputs = range(chain.columns.output_count // 2, chain.columns.output_count)
    address = next(name for each in outputs if (name := chain.address_of(each)))
    asked = unit.ask("bitcoin", "cluster", "whole", str(address))
    kept = unit.root / "chains" / "whole" / "clusters.map"
    assert unit.ask("bitcoin", "verify", "whole")["clusters"] == {"kept": True, "damages": []}

    def damage() -> None:
        data = bytearray(kept.read_bytes())
        data[-3 * 4096] ^= 1
        kept.unlink()
        kept.write_bytes(data)

    damage()
    ran = unit.run("bitcoin", "verify", "whole")
    assert ran.status == ChainBroken.exit_status
    assert "NOT what was written" in ran.out
    assert unit.ask("bitcoin", "verify", "whole", "--repair")["clusters"]["damages"]
    assert not kept.exists()
    assert unit.ask("bitcoin", "verify", "whole")["clusters"]["kept"] is False
    assert unit.ask("bitcoin", "cluster", "whole", str(address)) == asked
    damage()
    ran = unit.run("bitcoin", "cluster", "whole", str(address))
    assert ran.status == 0
    assert ran.err.count("damaged and are computed again") == 1
    assert unit.run("bitcoin", "cluster", "whole", str(address)).err == ""


def test_a_slice_is_refused_with_one_sentence(unit: Unit) -> None:
    told = unit.refused("bitcoin", "verify", "slice")
    assert told["code"] == "chain-not-store"


def test_a_colleague_takes_it_over_with_and_without_blocks(
    unit: Unit, tmp_path: Path, blocks: Path
) -> None:
    other = found(tmp_path / "other")
    theirs = unit.root / "chains" / "whole"
    copied = other.ask("bitcoin", "copy", theirs, "whole")
    assert copied["consistent"]
    assert copied["blocks_not_read"] == copied["blocks"]
    here = tmp_path / "blocks"
    shutil.copytree(blocks, here)
    proved = other.ask("bitcoin", "copy", theirs, "proved", "--blocks", here)
    assert proved["blocks_proved"] == proved["blocks"]
    assert other.refused("bitcoin", "copy", theirs, "whole")["code"] == "file-exists"


def test_a_window_by_command(unit: Unit, blocks: Path) -> None:
    whole = unit.ask("bitcoin", "status", "whole")
    made = unit.ask(
        "bitcoin", "ingest", "window", blocks, *NETWORK, "--from-height", str(whole["blocks"] - 20)
    )
    assert made["held"]["blocks"] == 20
    size = sum(path.stat().st_size for path in blocks.iterdir())
    assert int(made["planned"]["block_bytes"]) == size
    assert size / 3 < int(made["planned"]["column_bytes"]) < size
    assert unit.ask("bitcoin", "status", "window")["unknown_inputs"] > 0


def test_change_is_told_alike(unit: Unit) -> None:
    chain = chain_of(unit, "slice")
    for tx in range(chain.graph.tx_count // 2, chain.graph.tx_count, 97):
        answers = [
            without(unit.ask("bitcoin", "change", name, chain.txid(tx)), "chain", "name")
            for name in ("whole", "slice")
        ]
        assert answers[0] == answers[1]


def test_coins_are_carried_to_where_they_are(unit: Unit) -> None:
    chain = chain_of(unit, "whole")
    start = chain.outpoint(int(chain.graph.outputs_of(chain.graph.tx_count // 3)[0]))
    found = unit.ask("bitcoin", "spread", "whole", start, "--most", "3")
    parts = ("resting", "unspendable", "service", "coinjoin", "fees")
    assert int(found["start_sat"]) == sum(int(found[f"{part}_sat"]) for part in parts)
    assert len(found["places"]) == min(3, found["place_count"])
    assert "no coin is followed in truth" in unit.say("bitcoin", "spread", "whole", start)


def test_patterns_exposure_and_export_are_alike(unit: Unit, tmp_path: Path) -> None:
    chain = chain_of(unit, "slice")
    address = next(
        chain.address_of(output)
        for output in range(chain.columns.output_count // 2, chain.columns.output_count)
        if chain.graph.output_spender[output] >= 0 and chain.address_of(output)
    )
    for words in (("patterns", "{}"), ("exposure", "{}", str(address), "--hops", "3")):
        answers = [
            unit.ask("bitcoin", *(word.replace("{}", name) for word in words))
            for name in ("whole", "slice")
        ]
        assert without(answers[0], "chain", "id") == without(answers[1], "chain", "id"), words
    files = {}
    for name in ("whole", "slice"):
        unit.say("bitcoin", "export", name, tmp_path / name, "--clusters")
        folder = tmp_path / name
        files[name] = {
            path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.parquet")
        }
    assert files["whole"] == files["slice"] != {}
