"""Spark over an export gives exactly the local answers: two workers on loopback, real processes.

    make spark-test

Skipped where PySpark or Java is not installed; the default set has neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kancil.bitcoin.export.check import Checked, check_export
from kancil.bitcoin.export.manifest import File, Manifest
from kancil.bitcoin.export.rows import Bounds
from kancil.bitcoin.export.schema import SCHEMAS
from kancil.bitcoin.export.spark.clusters import find_clusters
from kancil.bitcoin.export.spark.exposure import find_exposure
from kancil.bitcoin.export.spark.session import java_path, rows_of, spark_session
from kancil.bitcoin.export.spark.shapes import count_shapes
from tests.bitcoin.export.plain import (
    parts_of,
    plain_clusters,
    plain_exposure,
    plain_shapes,
    read_table,
    scripts_of,
)
from tests.bitcoin.export.worlds import Tried, export

MASTER = "local-cluster[2,1,1024]"
"""Two workers of one core and 1,024 MB, each a process of its own."""
WORLDS = ("made_world", "real_world")

pytestmark = [
    pytest.mark.skipif(
        find_spec("pyspark") is None,
        reason="PySpark is not installed here, so Spark was NOT tried: make spark-test",
    ),
    pytest.mark.skipif(
        java_path() is None,
        reason="Java is not installed here, so Spark was NOT tried: apt-get install"
        " openjdk-17-jre-headless",
    ),
]


@dataclass(frozen=True)
class Answers:
    """What Spark answered of one world, and the rows that it wrote."""

    tried: Tried
    clusters: dict[str, Any]
    exposure: dict[str, Any]
    shapes: dict[str, Any]
    folder: Path


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark_session(MASTER, shuffle_parts=3) as started:
        yield started


@pytest.fixture(scope="module", params=WORLDS)
def answers(
    request: pytest.FixtureRequest, session: Any, tmp_path_factory: pytest.TempPathFactory
) -> Answers:
    tried: Tried = request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp("spark")
    checked = check_export(tried.folder)
    return Answers(
        tried,
        find_clusters(session, checked, folder / "clusters"),
        find_exposure(session, checked, folder / "exposure"),
        count_shapes(session, checked, folder / "shapes"),
        folder,
    )


def test_two_workers_took_part(session: Any) -> None:
    told = rows_of(session, "SELECT sum(id) AS total FROM range(0, 1000, 1, 4)")
    assert told == [{"total": 499_500}]
    workers = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size()
    assert workers == 3, "the driver and two executors"


def test_clusters_are_the_local_partition(answers: Answers) -> None:
    tried = answers.tried
    rows = read_table(answers.folder, "clusters")
    parts = parts_of(rows, scripts_of(tried.folder))
    assert parts == plain_clusters(tried.txs, tried.aside)
    made = tried.world.clusters
    joined = {frozenset(made.members_of(int(first)).tolist()) for first in made.member}
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row["cluster_id"], set()).add(row["address_id"])
    assert {frozenset(part) for part in found.values() if len(part) > 1} == joined
    assert all(row["cluster_size"] == len(found[row["cluster_id"]]) for row in rows)
    assert {min(part) for part in found.values()} == set(found)


def test_the_answer_tells_what_was_found_and_compared(answers: Answers) -> None:
    told, made = answers.clusters, answers.tried.world.clusters
    assert told["differing_from_local"] == 0
    assert told["clusters"] == made.cluster_count > 10
    assert told["joined"] == len(made.member)
    assert told["addresses"] == made.address_count == told["joined"] + told["alone"]
    sizes = [row["cluster_size"] for row in told["largest"]]
    assert sizes == sorted(sizes, reverse=True)
    aside = {row["reason"]: row["transactions"] for row in told["set_aside"]}
    assert sum(aside.values()) == len(
        {tx.row for tx in answers.tried.txs if len(set(tx.inputs) - {None}) > 1}
        & answers.tried.aside
    )
    assert (told["heuristic_finding"], told["one_owner_proved"]) == (True, False)


def test_direct_exposure_is_that_of_plain_integers(answers: Answers) -> None:
    tried = answers.tried
    scripts = scripts_of(tried.folder)
    found = {
        (row["side"], scripts[row["address_id"]], row["term"]): (
            row["transactions"], row["sat"], row["rounded_down"],
        )
        for row in read_table(answers.folder, "exposure")
    }  # fmt: skip
    expected = plain_exposure(tried.world, tried.txs, tried.aside)
    assert found == expected
    for row in answers.exposure["by_term"]:
        mine = [value for key, value in expected.items() if key[::2] == (row["side"], row["term"])]
        assert (row["addresses"], int(row["sat"])) == (len(mine), sum(value[1] for value in mine))


def test_shapes_by_month_are_those_of_plain_counting(answers: Answers) -> None:
    expected = plain_shapes(answers.tried.txs)
    names = ("transactions", "fan_in", "fan_out", "equal_outputs")
    for rows in (answers.shapes["months"], read_table(answers.folder, "shapes")):
        assert {row["month"]: tuple(row[name] for name in names) for row in rows} == expected


def test_the_made_chain_tries_every_answer(made_world: Tried) -> None:
    """An equality of nothing with nothing would show nothing."""
    exposed = plain_exposure(made_world.world, made_world.txs, made_world.aside)
    assert {side for side, _, _ in exposed} == {"sent", "received"}
    assert sum(value[2] for value in exposed.values()) > 10
    counts = plain_shapes(made_world.txs).values()
    assert all(sum(row[place] for row in counts) > 0 for place in range(4))


def test_a_chain_of_merges_as_long_as_it_gets_is_one_cluster(session: Any, tmp_path: Path) -> None:
    """A path of addresses with shuffled numbers: what alternating stars need most rounds for."""
    count = 200
    name = [(number * 77) % 211 for number in range(count)]
    pairs = [(tx, name[tx + side]) for tx in range(count - 1) for side in (0, 1)]
    tables: dict[str, dict[str, list[Any]]] = {
        "inputs": {"tx_n": [tx for tx, _ in pairs], "address_id": [each for _, each in pairs]},
        "transactions": {"tx_n": list(range(count - 1)), "set_aside": [None] * (count - 1)},
        "addresses": {"address_id": list(name)},
    }
    tables["transactions"]["set_aside"][100] = "made for a test"
    files = []
    for table, columns in tables.items():
        rows = len(next(iter(columns.values())))
        arrays = [
            pa.array(columns.get(each.name, [None] * rows), each.type) for each in SCHEMAS[table]
        ]
        (tmp_path / table).mkdir()
        path = f"{table}/part-00000000-00000999.parquet"
        pq.write_table(pa.table(arrays, names=SCHEMAS[table].names), tmp_path / path)
        files.append(File(table, path, 0, 999, rows, 0, "0" * 64, "0" * 64))
    about = {"whole": True, "methods": {"clusters": {"coinjoins_excluded_by": None}}}
    told = find_clusters(session, Checked(tmp_path, Manifest(about, tuple(files)), ""))
    assert told["clusters"] == 2
    assert sorted(row["cluster_size"] for row in told["largest"]) == [99, 101]
    assert told["differing_from_local"] is None
    assert 1 < told["rounds"] < 12


def test_a_range_of_heights_has_the_clusters_of_its_own_rows(
    made_world: Tried, session: Any, tmp_path: Path
) -> None:
    export(made_world.world, tmp_path / "part", Bounds(105, 130))
    told = find_clusters(session, check_export(tmp_path / "part"), tmp_path / "found" / "clusters")
    inside = [tx for tx in made_world.txs if 105 <= (tx.view.height or 0) <= 130]
    rows = read_table(tmp_path / "found", "clusters")
    parts = parts_of(rows, scripts_of(tmp_path / "part"))
    assert parts == plain_clusters(inside, made_world.aside)
    assert told["differing_from_local"] is None
