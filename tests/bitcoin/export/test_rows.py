"""Each row of an export is what the chain answers of it, one transaction at a time."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kancil.bitcoin.export.rows import Bounds, RowMaker, expand, plan_parts
from kancil.bitcoin.export.schema import SCHEMAS
from kancil.bitcoin.exposure.marks import terms_of
from tests.bitcoin.export.plain import (
    Script,
    parts_of,
    plain_clusters,
    plain_terms,
    read_table,
    scripts_of,
)
from tests.bitcoin.export.worlds import ROOT, Tried, export

WORLDS = ("made_world", "real_world")


@pytest.fixture(params=WORLDS)
def tried(request: pytest.FixtureRequest) -> Tried:
    found: Tried = request.getfixturevalue(request.param)
    return found


def test_every_transaction_is_there_once_as_the_chain_tells_it(tried: Tried) -> None:
    rows = {row["tx_n"]: row for row in read_table(tried.folder, "transactions")}
    assert len(rows) == len(tried.txs) == tried.exported.manifest.about["rows"]["transactions"]
    chain = tried.world.chain
    for tx in tried.txs:
        row, view = rows[tx.row], tx.view
        assert row["txid"].hex() == view.txid
        assert (row["height"], row["time_s"], row["position"]) == (
            view.height, view.time, view.index,
        )  # fmt: skip
        assert (row["height_unknown"] is None) == (view.height is not None)
        assert (row["time_unknown"] is None) == (view.time is not None)
        assert row["is_coinbase"] == tx.is_coinbase
        assert row["fee_sat"] == view.fee_sat
        assert row["input_sat"] == tx.input_sat
        assert row["output_sat"] == sum(one.value_sat for one in view.outputs)
        assert (row["input_count"], row["output_count"]) == (len(view.inputs), len(view.outputs))
        assert (row["version"], row["locktime"], row["size_bytes"]) == (
            view.version, view.locktime, view.size_bytes,
        )  # fmt: skip
        unknown = "coinbase" if tx.is_coinbase else "input value not known"
        assert row["input_unknown"] == (None if tx.input_sat is not None else unknown)
        assert row["chain_order"] == int(chain.graph.tx_rank[tx.row])


def test_every_input_and_output_is_there_as_the_chain_tells_it(tried: Tried) -> None:
    scripts = scripts_of(tried.folder)
    inputs = {(row["tx_n"], row["n"]): row for row in read_table(tried.folder, "inputs")}
    outputs = {(row["tx_n"], row["n"]): row for row in read_table(tried.folder, "outputs")}
    assert len(inputs) == sum(len(tx.inputs) for tx in tried.txs)
    assert len(outputs) == sum(len(tx.outputs) for tx in tried.txs)
    place = {(row["tx_n"], row["n"]): row["output_n"] for row in outputs.values()}
    tx_of = {tx.view.txid: tx.row for tx in tried.txs}
    for tx in tried.txs:
        for one, script in zip(tx.view.inputs, tx.inputs, strict=True):
            row = inputs[tx.row, one.n]
            is_new = one.status == "coinbase"
            assert row["value_sat"] == (None if is_new else one.value_sat)
            assert row["script"] == one.script
            assert (None if row["address_id"] is None else scripts[row["address_id"]]) == script
            assert (row["address_id"] is None) == (row["address_unknown"] is not None)
            assert (row["value_sat"] is None) == (row["value_unknown"] is not None)
            source = None
            if row["previous_txid"] is not None:
                source = f"{row['previous_txid'].hex()}:{row['previous_n']}"
            assert source == one.source
            assert row["by_spent_file"] == (one.value_source == "spent-outputs file")
            if one.status == "known":
                assert (
                    row["output_n"] == place[tx_of[row["previous_txid"].hex()], row["previous_n"]]
                )
            else:
                missing = "coinbase" if is_new else "source not held"
                assert (row["output_n"], row["source_unknown"]) == (None, missing)
        for told, script in zip(tx.view.outputs, tx.outputs, strict=True):
            row = outputs[tx.row, told.n]
            assert (row["value_sat"], row["script"]) == (told.value_sat, told.script)
            assert (None if row["address_id"] is None else scripts[row["address_id"]]) == script
            assert (row["address_id"] is None) == (row["address_unknown"] is not None)


def test_every_block_is_there_as_the_chain_tells_it(tried: Tried) -> None:
    chain = tried.world.chain
    rows = read_table(tried.folder, "blocks")
    assert len(rows) == chain.status().blocks_in_chain
    for row in rows:
        view = chain.block_at(row["block_n"])
        assert row["block_hash"].hex() == view.hash
        assert row["previous_hash"].hex() == view.previous
        assert (row["height"], row["height_source"]) == (view.height, view.height_source)
        assert (row["time_s"], row["tx_count"]) == (view.time, view.tx_count)


def test_every_address_has_its_text_and_stands_once(tried: Tried) -> None:
    rows = read_table(tried.folder, "addresses")
    used = {script for tx in tried.txs for script in (*tx.inputs, *tx.outputs) if script}
    found: list[Script] = [(row["script"], row["payload"].hex()) for row in rows]
    assert len(found) == len(set(found))
    assert set(found) == used
    texts = {
        script: one.address
        for tx in tried.txs
        for one, script in zip(tx.view.outputs, tx.outputs, strict=True)
        if script
    }
    for row, script in zip(rows, found, strict=True):
        assert row["address"] == texts.get(script, row["address"])
        assert (row["address"] is None) == (row["script"] in {"p2pk", "multisig"})
        assert (row["address"] is None) == (row["address_unknown"] is not None)


def test_clusters_and_what_is_set_aside_are_the_local_ones(tried: Tried) -> None:
    rows = read_table(tried.folder, "clusters")
    parts = parts_of(rows, scripts_of(tried.folder))
    assert parts == plain_clusters(tried.txs, tried.aside)
    sizes = {row["cluster_id"]: row["cluster_size"] for row in rows}
    assert sorted(sizes.values()) == sorted(len(part) for part in parts)
    assert all(row["cluster_id"] <= row["address_id"] for row in rows)
    told = {row["tx_n"]: row["set_aside"] for row in read_table(tried.folder, "transactions")}
    wide = {tx.row for tx in tried.txs if len(set(tx.inputs) - {None}) > 1}
    halted = set(tried.world.clusters.halts[:, 0].tolist())
    for row, reason in told.items():
        expected = "guard" if row in halted else "made for a test"
        assert reason == (expected if row in tried.aside & wide else None)


def test_the_made_chain_holds_what_it_is_meant_to_try(made_world: Tried) -> None:
    assert len(made_world.world.clusters.halts) > 0
    assert len(made_world.world.excluded) > 5
    assert len({file.path for file in made_world.exported.manifest.files_of("outputs")}) > 3


def test_the_real_chain_holds_what_it_is_meant_to_try(real_world: Tried) -> None:
    manifest = real_world.exported.manifest
    assert "transactions/part-no-height.parquet" in {file.path for file in manifest.files}
    rows = read_table(real_world.folder, "transactions")
    assert sum(row["block_unknown"] == "block not held" for row in rows) > 3
    inputs = read_table(real_world.folder, "inputs")
    assert {row["value_unknown"] for row in inputs} == {None, "coinbase", "source not held"}
    assert sum(row["by_spent_file"] for row in inputs) > 100
    reasons = {row["address_unknown"] for row in read_table(real_world.folder, "outputs")}
    assert {None, "no owner in script"} <= reasons


def test_labels_of_exported_addresses_are_there_with_each_term(tried: Tried) -> None:
    scripts = scripts_of(tried.folder)
    rows = read_table(tried.folder, "labels")
    terms: dict[Script, set[str]] = {}
    for row in rows:
        terms.setdefault(scripts[row["address_id"]], set()).add(row["term"])
        assert (row["listed_on"] is None) == (row["listed_unknown"] is not None)
    held = set(scripts.values())
    assert rows
    assert terms == {key: each for key, each in plain_terms(tried.world).items() if key in held}
    every = tried.world.labels.all_labels()
    here = len({row["label_n"] for row in rows})
    left = tried.exported.manifest.about["left_out"]["labels_of_other_addresses"]
    assert here + left == len(every)
    assert {term for label in every for term in terms_of(label)} >= {row["term"] for row in rows}


def test_slices_of_any_size_give_the_same_rows(made_world: Tried) -> None:
    world = made_world.world
    (part, *_) = plan_parts(world.chain, Bounds(), width=10**6)
    whole = _joined(world, part, 1 << 30)
    for rows in (1, 97):
        pieces = _joined(world, part, rows)
        for name, table in whole.items():
            keys = [table.schema.names[0], *(["n"] if name == "inputs" else [])]
            order = [(key, "ascending") for key in keys]
            assert pieces[name].sort_by(order).equals(table.sort_by(order)), name


def _joined(world: object, part: object, rows: int) -> dict[str, pa.Table]:
    maker = RowMaker(world.chain, world.clusters, with_clusters=True)  # type: ignore[attr-defined]
    slices = list(maker.slices(part, rows))  # type: ignore[arg-type]
    assert rows > 100 or len(slices) > 3
    return {name: pa.concat_tables([each[name] for each in slices]) for name in slices[0]}


def test_expanding_ranges_is_what_python_does() -> None:
    first, after = np.array([3, 5, 5, 0]), np.array([5, 5, 9, 1])
    assert expand(first, after).tolist() == [3, 4, 5, 6, 7, 8, 0]


def test_parts_are_height_ranges_that_do_not_overlap(made_world: Tried) -> None:
    parts = plan_parts(made_world.world.chain, Bounds(), width=40)
    for one, other in pairwise(parts):
        assert one.until_height is not None
        assert other.from_height is not None
        assert one.until_height < other.from_height
    assert all(part.from_height % 40 == 0 for part in parts if part.from_height is not None)


def test_a_range_holds_its_heights_and_the_addresses_it_needs(
    made_world: Tried, tmp_path: Path
) -> None:
    done = export(made_world.world, tmp_path / "part", Bounds(50, 90))
    rows = read_table(tmp_path / "part", "transactions")
    wanted = {tx.row for tx in made_world.txs if 50 <= (tx.view.height or 0) <= 90}
    assert {row["tx_n"] for row in rows} == wanted
    scripts = scripts_of(tmp_path / "part")
    used = {
        row["address_id"]
        for name in ("inputs", "outputs")
        for row in read_table(tmp_path / "part", name)
    }
    assert set(scripts) == used - {None}
    assert not done.manifest.about["whole"]
    assert [file.path for file in done.manifest.files_of("blocks")] == [
        "blocks/part-00000050-00000079.parquet",
        "blocks/part-00000080-00000090.parquet",
    ]


def test_the_page_names_every_column_with_its_type() -> None:
    """`docs/formats/chain-parquet.md` is normative; the code must be what it says."""
    page = (ROOT / "docs" / "formats" / "chain-parquet.md").read_text(encoding="utf-8")
    told: dict[str, list[tuple[str, str, bool]]] = {}
    for section in re.split(r"^### ", page, flags=re.MULTILINE)[1:]:
        name = section.split("\n", 1)[0].strip().strip("`")
        found = re.findall(r"^\| `(\w+)` \| ([\w() ]+?) \| (yes|no) \|", section, re.MULTILINE)
        told[name] = [(column, kind, null == "yes") for column, kind, null in found]
    names = {"fixed_size_binary[32]": "binary(32)", "date32[day]": "date32"}
    assert told == {
        name: [
            (each.name, names.get(str(each.type), str(each.type)), each.nullable) for each in kinds
        ]
        for name, kinds in SCHEMAS.items()
    }


def test_files_have_the_schema_of_the_page(tried: Tried) -> None:
    for file in tried.exported.manifest.files:
        assert pq.read_schema(tried.folder / file.path).equals(SCHEMAS[file.table]), file.path
