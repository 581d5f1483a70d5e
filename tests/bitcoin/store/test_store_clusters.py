"""Clusters of a store: those of a slice, also where nothing but one array stands in memory."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest as ingest_slice
from kancil.bitcoin.clusters import clusters as cluster_rows
from kancil.bitcoin.clusters.clusters import Clusters, build_clusters
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins
from kancil.bitcoin.holdings.scratch import Scratch
from tests.bitcoin.store.making import REGTEST, grow


def test_clusters_of_a_store_are_those_of_a_slice_wherever_they_stand(
    tmp_path: Path, blocks_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_rows, "_CHUNK", 100)  # several parts of transactions
    store_dir, slice_dir = tmp_path / "chains" / "whole", tmp_path / "chains" / "slice"
    grow(store_dir, blocks_dir)
    ingest_slice(slice_dir, [blocks_dir], network=REGTEST)
    one = build_clusters(Chain.open(slice_dir), None, exclude_coinjoins())
    assert one.cluster_count > 10
    assert len(one.aside_tx)
    whole = Chain.open(store_dir)
    before = sorted(path.name for path in store_dir.iterdir())
    for scratch in (None, Scratch(store_dir, memory_bytes=0)):
        other = build_clusters(whole, None, exclude_coinjoins(), scratch=scratch)
        assert other.told == one.told
        for each in fields(Clusters):
            if each.name != "told":
                left, right = getattr(one, each.name), getattr(other, each.name)
                assert left.dtype == right.dtype, each.name
                assert np.array_equal(left, right), each.name
    assert sorted(path.name for path in store_dir.iterdir()) == before, "nothing is left behind"
