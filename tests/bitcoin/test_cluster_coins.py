"""The coins of a cluster, and parts of its lists: as one gets them address by address."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters import coins as cluster_coins
from kancil.bitcoin.clusters import views as cluster_views
from kancil.bitcoin.clusters.clusters import build_clusters
from kancil.bitcoin.clusters.views import held_by_part, members_part
from tests.bitcoin.test_clusters import SHARE, Ledger, address, ask

KEYS = 6


def slow_coins(chain: Chain, names: list[str]) -> dict[str, Any]:
    """Add up what the page of each address shows."""
    txs: set[str] = set()
    outputs = received = unspent = 0
    for name in names:
        view = chain.address(name)
        for deposit in view.deposits:
            outputs += 1
            received += deposit.value_sat
            txs.add(deposit.outpoint.partition(":")[0])
            if deposit.spent_by is None:
                unspent += deposit.value_sat
            else:
                txs.add(deposit.spent_by["txid"])
    return {
        "transactions": len(txs),
        "outputs": outputs,
        "received_sat": str(received),
        "no_spend_seen_sat": str(unspent),
        "stated_spends": 0,
    }


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, KEYS - 1), min_size=1, max_size=3, unique=True), max_size=4)
)
def test_the_coins_of_a_cluster_are_those_of_its_addresses(spends: list[list[int]]) -> None:
    ledger = Ledger(KEYS)
    for keys in spends:
        ledger.spend(*keys, pays=keys[0])
    with tempfile.TemporaryDirectory() as folder:
        chain = ledger.chain(Path(folder))
        clusters = build_clusters(chain)
        for key in range(KEYS):
            view = ask(chain, key, clusters)
            names = [member["address"] for member in view.members]
            assert view.coins == slow_coins(chain, names)


def test_a_worked_example(tmp_path: Path) -> None:
    ledger = Ledger(3)
    ledger.spend(0, 1, pays=0)
    view = ask(ledger.chain(tmp_path), 1)
    assert view.coins == {
        "transactions": 2,  # the one that spread the coins, and the one that spent two of them
        "outputs": 9,
        "received_sat": str(10 * SHARE),
        "no_spend_seen_sat": str(8 * SHARE),
        "stated_spends": 0,
    }


@pytest.mark.parametrize("most", [1, 8])
def test_what_is_too_much_to_count_is_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    ledger = Ledger(3)
    ledger.spend(0, 1, pays=0)
    monkeypatch.setattr(cluster_coins, "MOST_COUNTED", most)
    monkeypatch.setattr(cluster_views, "MOST_COUNTED", most)
    assert ask(ledger.chain(tmp_path), 1).coins is None


def test_parts_of_the_lists_are_the_whole_lists(tmp_path: Path) -> None:
    ledger = Ledger(7)
    for key in range(6):
        ledger.spend(key, key + 1)
    chain = ledger.chain(tmp_path)
    clusters = build_clusters(chain)
    view = ask(chain, 0, clusters)
    for part, rows in ((members_part, view.members), (held_by_part, view.held_by)):
        got: list[Any] = []
        while len(got) < len(rows):
            found = part(chain, clusters, address(3), len(got), 2)
            assert found.total == len(rows)
            assert 0 < len(found.rows) <= 2
            got += found.rows
        assert tuple(got) == rows
        assert part(chain, clusters, address(3), len(rows), 2).rows == ()
