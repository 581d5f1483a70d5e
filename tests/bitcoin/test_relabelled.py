"""A label import keeps the clusters that were made, unless the guard would decide otherwise."""

from __future__ import annotations

import random
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from kancil.bitcoin.clusters import store as cluster_store
from kancil.bitcoin.clusters.clusters import Clusters, build_clusters
from kancil.bitcoin.clusters.relabelled import NEWER, is_doubtful
from kancil.bitcoin.clusters.store import kept_clusters, open_clusters, standing_clusters
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.network import REGTEST
from tests.bitcoin.test_clusters import Ledger, address, index_of, labelled

KEYS = 12
_TOLD = ("told", "halts")


def same(one: Clusters, other: Clusters) -> bool:
    """Whether two are alike in all that an answer rests on; the numbers of owners may differ."""
    names = [each.name for each in fields(Clusters) if each.name not in _TOLD]
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def ledger_of(rng: random.Random) -> Ledger:
    ledger = Ledger(KEYS, coins=8)
    for _ in range(rng.randint(3, 9)):
        ledger.spend(*rng.sample(range(KEYS), 2))
    return ledger


def further(folder: Path, owners: dict[int, str]) -> LabelIndex:
    """Import more labels beside those of before; all of them together."""
    number = len(list(folder.glob("table-*")))
    table = folder / f"table-{number}.csv"
    lines = [f"{address(key)},{name},exchange" for key, name in owners.items()]
    table.write_text("address,label,category\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return index_of(table, folder / "labels")


@pytest.mark.parametrize("seed", range(12))
def test_kept_clusters_are_those_that_would_be_made_or_are_in_doubt(
    tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    chain = ledger_of(rng).chain(tmp_path)
    names = ("One", "Other", "Third")
    first = labelled(tmp_path / "made", {k: rng.choice(names) for k in rng.sample(range(KEYS), 3)})
    large = rng.choice((2, 3))
    open_clusters(chain, first, large=large)
    for _ in range(3):
        more = {k: rng.choice(names) for k in rng.sample(range(KEYS), 2)}
        labels = further(tmp_path / "made", more)
        today = build_clusters(chain, labels, large=large)
        kept = kept_clusters(chain, labels, large=large)
        standing = standing_clusters(chain, labels, large=large)
        assert standing is not None, "a label import takes no clusters away"
        if kept is not None:
            assert same(kept, today)
            assert not is_doubtful(kept)
        else:
            assert is_doubtful(standing)
            assert standing.told[NEWER]["doubtful"]


def test_a_label_that_the_guard_need_not_ask_keeps_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(6)
    ledger.spend(0, 1)
    chain = ledger.chain(tmp_path)
    open_clusters(chain, labelled(tmp_path / "made", {0: "One"}), large=2)

    def refuse(*_: object, **__: object) -> Clusters:
        raise AssertionError("made again, though the guard would decide alike")

    monkeypatch.setattr(cluster_store, "build_clusters", refuse)
    labels = further(tmp_path / "made", {1: "One", 4: "Other"})
    kept = open_clusters(chain, labels, large=2)
    assert len(kept.labelled) == 3, "what is labelled now is told"
    assert kept.told[NEWER] == {"addresses": 2, "doubtful": []}


def test_a_label_that_names_a_second_owner_in_a_large_cluster_is_doubt_until_made_anew(
    tmp_path: Path,
) -> None:
    ledger = Ledger(6)
    for pair in ((0, 1), (2, 3), (1, 2)):
        ledger.spend(*pair)
    chain = ledger.chain(tmp_path)
    open_clusters(chain, labelled(tmp_path / "made", {0: "One"}), large=2)
    labels = further(tmp_path / "made", {3: "Other"})
    assert kept_clusters(chain, labels, large=2) is None
    standing = standing_clusters(chain, labels, large=2)
    assert standing is not None
    assert is_doubtful(standing)
    made = open_clusters(chain, labels, large=2)
    assert not is_doubtful(made)
    assert len(made.halts) == 1, "the guard stops what would join two owners"
    again = kept_clusters(chain, labels, large=2)
    assert again is not None
    assert same(again, made)


def test_an_import_that_is_gone_is_made_anew(tmp_path: Path) -> None:
    ledger = Ledger(4)
    ledger.spend(0, 1)
    chain = ledger.chain(tmp_path)
    labels = labelled(tmp_path / "made", {0: "One"})
    open_clusters(chain, labels)
    assert standing_clusters(chain, LabelIndex([], REGTEST)) is None
