"""Clusters of made chains and of real blocks: what joins, what holds together, what splits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NotInChain
from kancil.bitcoin.clusters.clusters import Clusters, Excluding, Exclusions, build_clusters
from kancil.bitcoin.clusters.views import ClusterView, ask_cluster
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.labels import read_label_file
from kancil.bitcoin.labels.store import load_imports, store_import
from kancil.bitcoin.network import MAINNET, REGTEST
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.script import script_of
from kancil.ground.errors import OptionNotUsable
from tests.bitcoin import regtest
from tests.bitcoin.chains import chain_of, ingest_here
from tests.bitcoin.regtest import SUBSIDY_SAT, Tx, coinbase, mine
from tests.bitcoin.slow_clusters import join_slowly

EMPTY = LabelIndex([], REGTEST)
KEY = b"\x02" + b"\x11" * 32
SHARE = SUBSIDY_SAT // 100


class Ledger:
    """A chain that grows: keys by number, coins that a key can spend, blocks of one payment."""

    def __init__(self, keys: int, coins: int = 4) -> None:
        first = coinbase(1, 9_999)
        self.spread = Tx(
            ((first.txid, 0),),
            tuple((SHARE, regtest.p2pkh(key)) for key in range(keys) for _ in range(coins)),
        )
        self.coins, self.next = coins, dict.fromkeys(range(keys), 0)
        self.blocks = [mine(regtest.GENESIS_HASH, [first])]
        self.add(self.spread)

    def add(self, *txs: Tx) -> None:
        height = len(self.blocks) + 1
        made = [coinbase(height, 10_000 + height), *txs]
        self.blocks.append(mine(self.blocks[-1].hash, made, time=1_300_000_000 + 600 * height))

    def spend(self, *keys: int, pays: int = 999) -> Tx:
        """Spend a coin of each of these keys in one transaction, in a block of its own."""
        inputs = []
        for key in keys:
            inputs.append((self.spread.txid, self.coins * key + self.next[key]))
            self.next[key] += 1
        tx = Tx(tuple(inputs), ((SHARE * len(keys), regtest.p2pkh(pays)),))
        self.add(tx)
        return tx

    def chain(self, folder: Path) -> Chain:
        return chain_of(folder, {"blk00000.dat": regtest.block_file(self.blocks)})


def address(key: int) -> str:
    from kancil.bitcoin.script.address import encode_address

    text = encode_address(ScriptKind.P2PKH, key.to_bytes(20, "big"), REGTEST)
    assert text is not None
    return text


def ask(chain: Chain, key: int, clusters: Clusters | None = None, **more: Any) -> ClusterView:
    made = build_clusters(chain) if clusters is None else clusters
    return ask_cluster(chain, made, EMPTY, address(key), **more)


def keys_of(members: Sequence[dict[str, Any]]) -> set[str]:
    return {member["address"] for member in members}


def addresses(*keys: int) -> set[str]:
    return {address(key) for key in keys}


# --- what joins -----------------------------------------------------------------------------------


def test_addresses_spent_together_are_joined_and_so_are_theirs(tmp_path: Path) -> None:
    ledger = Ledger(6)
    one, other = ledger.spend(0, 1), ledger.spend(1, 2)
    ledger.spend(3)
    view = ask(ledger.chain(tmp_path), 2)
    assert keys_of(view.members) == addresses(0, 1, 2)
    assert [row["txid"] for row in view.held_by] == [one.shown, other.shown]
    assert [(row["address"], row["joined_to"]) for row in view.held_by] == [
        (address(0), [address(1)]),
        (address(1), [address(2)]),
    ]
    assert (view.first["txid"], view.last["txid"]) == (ledger.spread.shown, other.shown)
    assert view.first["height"] == 2
    assert not view.one_owner_proved
    assert view.method["known_error"] == "no known error rate"


def test_who_spends_alone_stands_alone(tmp_path: Path) -> None:
    ledger = Ledger(3)
    ledger.spend(0)
    view = ask(ledger.chain(tmp_path), 0)
    assert (view.size, view.held_by, view.spent_together) == (1, (), 0)
    assert ask(ledger.chain(tmp_path / "other"), 2).size == 1


def test_payer_and_payee_are_not_joined(tmp_path: Path) -> None:
    ledger = Ledger(3)
    ledger.spend(0, 1, pays=2)
    assert keys_of(ask(ledger.chain(tmp_path), 0).members) == addresses(0, 1)


def test_a_key_paid_directly_is_another_address_than_its_hash(tmp_path: Path) -> None:
    ledger = Ledger(2)
    bare = script_of(ScriptKind.P2PK, KEY)
    assert bare is not None
    paid = Tx(((ledger.spread.txid, 0),), ((SHARE, bare),))
    ledger.add(paid)
    joined = Tx(((paid.txid, 0), (ledger.spread.txid, 4)), ((2 * SHARE, regtest.p2pkh(9)),))
    ledger.add(joined)
    chain = ledger.chain(tmp_path)
    view = ask_cluster(chain, build_clusters(chain), EMPTY, KEY.hex())
    assert view.address["address"] is None
    assert view.scripts == {"p2pk": 1, "p2pkh": 1}
    assert view.address["same_key_as"] != [address(1)]
    with pytest.raises(NotInChain):
        ask_cluster(chain, build_clusters(chain), EMPTY, view.address["same_key_as"][0])


def test_what_anybody_can_spend_joins_nobody(tmp_path: Path) -> None:
    ledger = Ledger(3)
    anchor = bytes.fromhex("51024e73")
    paid = Tx(((ledger.spread.txid, 0),), ((SHARE // 2, anchor), (SHARE // 2, anchor)))
    ledger.add(paid)
    for number in (0, 1):
        inputs = ((paid.txid, number), (ledger.spread.txid, 4 * (number + 1)))
        ledger.add(Tx(inputs, ((SHARE, regtest.p2pkh(9)),)))
    chain = ledger.chain(tmp_path)
    assert ask(chain, 1).size == 1
    with pytest.raises(OptionNotUsable):
        ask_cluster(chain, build_clusters(chain), EMPTY, "bcrt1pfeesnyr2tx")


def test_a_stale_block_joins_nothing(tmp_path: Path) -> None:
    ledger = Ledger(3)
    parent = ledger.blocks[-1]
    ledger.spend(0, 1)
    stale = ledger.blocks.pop()
    chain = chain_of(
        tmp_path,
        {
            "a.dat": regtest.block_file([*ledger.blocks, stale]),
            "b.dat": regtest.block_file(regtest.grow(parent.hash, len(ledger.blocks) + 1, 3)),
        },
    )
    assert ask(chain, 0).size == 1


def test_an_address_that_is_not_held_is_said_to_be_outside(tmp_path: Path) -> None:
    with pytest.raises(NotInChain):
        ask(Ledger(2).chain(tmp_path), 77)


def test_inputs_that_are_not_held_are_counted_as_unknown(tmp_path: Path) -> None:
    ledger = Ledger(3)
    elsewhere = (bytes([7]) * 32, 0)
    inputs = ((ledger.spread.txid, 0), elsewhere, (ledger.spread.txid, 4))
    ledger.add(Tx(inputs, ((SHARE, regtest.p2pkh(9)),)))
    view = ask(ledger.chain(tmp_path), 0)
    assert view.size == 2
    assert view.not_known["inputs_not_held"] == 1
    assert view.not_known["inputs_not_held_in_chain"] == 1


# --- doubts ---------------------------------------------------------------------------------------


def test_a_doubted_transaction_taken_out_splits_what_it_alone_held(tmp_path: Path) -> None:
    ledger = Ledger(6)
    ledger.spend(0, 1)
    bridge = ledger.spend(1, 2)
    ledger.spend(2, 3)
    chain = ledger.chain(tmp_path)
    found = ask(chain, 3, without=[bridge.shown], between=address(0))
    assert found.without is not None
    assert found.without["splits"]
    assert [keys_of(part["members"]) for part in found.without["parts"]] == [
        addresses(0, 1),
        addresses(2, 3),
    ]
    assert [part["has_asked_address"] for part in found.without["parts"]] == [False, True]
    assert found.between is not None
    assert found.between["steps"] is None
    assert not found.between["together"]


def test_another_transaction_may_hold_the_same_two_together(tmp_path: Path) -> None:
    """The tree names only the first; the tree alone would wrongly say that they split."""
    ledger = Ledger(3)
    first, second = ledger.spend(0, 1), ledger.spend(1, 0)
    chain = ledger.chain(tmp_path)
    view = ask(chain, 0, without=[first.shown], between=address(1))
    assert [row["txid"] for row in view.held_by] == [first.shown]
    assert view.without is not None
    assert not view.without["splits"]
    assert view.between is not None
    assert [step["txid"] for step in view.between["steps"]] == [second.shown]
    both = ask(chain, 0, without=[first.shown, second.shown])
    assert both.without is not None
    assert both.without["part_count"] == 2


def test_a_transaction_of_others_holds_nothing_here(tmp_path: Path) -> None:
    ledger = Ledger(4)
    ledger.spend(0, 1)
    others = ledger.spend(2, 3)
    chain = ledger.chain(tmp_path)
    view = ask(chain, 0, without=[others.shown])
    assert view.without is not None
    assert [row["spends_from_this_cluster"] for row in view.without["transactions"]] == [False]
    assert not view.without["splits"]
    with pytest.raises(NotInChain):
        ask(chain, 0, without=["ab" * 32])


def test_the_way_between_two_addresses_is_walkable(tmp_path: Path) -> None:
    ledger = Ledger(6)
    txs = [ledger.spend(0, 1, 2), ledger.spend(2, 3), ledger.spend(3, 4, 5)]
    chain = ledger.chain(tmp_path)
    view = ask(chain, 1, between=address(5))
    assert view.between is not None
    steps = view.between["steps"]
    assert [step["txid"] for step in steps] == [tx.shown for tx in txs]
    assert (steps[0]["from"], steps[-1]["to"]) == (address(1), address(5))
    assert all(one["to"] == other["from"] for one, other in pairwise(steps))
    own = ask(chain, 1, between=address(1))
    assert own.between is not None
    assert (own.between["together"], own.between["steps"]) == (True, [])


spends_of = st.lists(
    st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True), min_size=1, max_size=6
)


@settings(max_examples=25)
@given(spends_of, st.data())
def test_clusters_and_splits_are_the_twin_s(
    tmp_path_factory: pytest.TempPathFactory, spends: list[list[int]], data: st.DataObject
) -> None:
    ledger = Ledger(6, coins=7)
    txs = [ledger.spend(*keys) for keys in spends]
    chain = ledger.chain(tmp_path_factory.mktemp("made"))
    asked, doubted = data.draw(st.integers(0, 5)), data.draw(st.integers(0, len(txs) - 1))
    parts, _ = join_slowly(spends, 6)
    mine = next(part for part in parts if asked in part)
    view = ask(chain, asked, without=[txs[doubted].shown])
    assert keys_of(view.members) == addresses(*mine)
    left = [keys for number, keys in enumerate(spends) if number != doubted]
    expected = [addresses(*part) for part in join_slowly(left, 6)[0] if part <= mine]
    assert view.without is not None
    found = [keys_of(part["members"]) for part in view.without["parts"]]
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))
    assert [len(part) for part in found] == sorted(map(len, found), reverse=True)
    for key in mine:
        way = ask(chain, asked, between=address(key)).between
        assert way is not None
        assert way["together"]
        for step in way["steps"]:
            spent = spends[[tx.shown for tx in txs].index(step["txid"])]
            assert {step["from"], step["to"]} <= addresses(*spent)


# --- exclusions and the guard ---------------------------------------------------------------------


def excluding(chain: Chain, *txs: Tx) -> Excluding:
    excluded = np.zeros(chain.columns.tx_count, np.bool_)
    excluded[[chain.tx_row(tx.shown) for tx in txs]] = True
    reason = np.where(excluded, 1, 0).astype(np.uint8)
    found = Exclusions(excluded, reason, ("other", "equal-outputs"))
    return Excluding("made 1", lambda _chain: found)


def test_an_excluded_transaction_joins_nothing_and_is_told(tmp_path: Path) -> None:
    ledger = Ledger(4)
    mix = ledger.spend(0, 1, 2)
    ledger.spend(0, 3)
    chain = ledger.chain(tmp_path)
    clusters = build_clusters(chain, excluding=excluding(chain, mix))
    view = ask(chain, 0, clusters)
    assert keys_of(view.members) == addresses(0, 3)
    assert [(row["txid"], row["reason"]) for row in view.set_aside] == [
        (mix.shown, "equal-outputs")
    ]
    assert (view.coinjoins["excluded_by"], view.coinjoins["excluded"]) == ("made 1", 1)
    assert ask(chain, 1, clusters).set_aside_total == 1, "also of one that stands alone"
    assert ask(chain, 0).coinjoins["excluded_by"] is None


def labelled(folder: Path, owners: dict[int, str]) -> LabelIndex:
    folder.mkdir(parents=True)
    table = folder / "labels.csv"
    lines = [f"{address(key)},{owner},exchange" for key, owner in owners.items()]
    table.write_text("address,label,category\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return index_of(table, folder / "labels")


def index_of(table: Path, labels_dir: Path) -> LabelIndex:
    from kancil.bitcoin.labels.label import Given

    store_import(labels_dir, read_label_file(table, Given(publisher="Tests"), network=REGTEST))
    return LabelIndex(load_imports(labels_dir), REGTEST)


def test_the_guard_stops_two_large_labelled_clusters_and_tells(tmp_path: Path) -> None:
    ledger = Ledger(6)
    ledger.spend(0, 1)
    ledger.spend(2, 3)
    bridge = ledger.spend(1, 2, 4)
    chain = ledger.chain(tmp_path)
    labels = labelled(tmp_path / "made", {0: "One", 3: "Other"})
    clusters = build_clusters(chain, labels, large=2)
    view = ask_cluster(chain, clusters, labels, address(0))
    assert keys_of(view.members) == addresses(0, 1)
    assert [(row["txid"], row["owners"], row["sizes"]) for row in view.stopped] == [
        (bridge.shown, ["one", "other"], [2, 2])
    ]
    assert [row["reason"] for row in view.set_aside] == ["guard"]
    assert ask(chain, 4, clusters).size == 1, "it joins nothing, not the third one either"
    assert [name for name, _ in view.labels] == [address(0)]
    small = build_clusters(chain, labels, large=3)
    mixed = ask_cluster(chain, small, labels, address(0))
    assert (mixed.size, mixed.owners, mixed.stopped) == (5, ("one", "other"), ())


def test_the_guard_lets_clusters_of_one_owner_become_one(tmp_path: Path) -> None:
    ledger = Ledger(4)
    ledger.spend(0, 1)
    ledger.spend(2, 3)
    ledger.spend(1, 2)
    labels = labelled(tmp_path / "made", {0: "One", 3: "ONE"})
    clusters = build_clusters(ledger.chain(tmp_path), labels, large=2)
    assert (clusters.cluster_count, len(clusters.halts)) == (1, 0)


# --- real blocks ----------------------------------------------------------------------------------


def test_real_blocks_give_the_twin_s_clusters(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Twelve mainnet blocks; 300025 with what it spends, so that its inputs' scripts are stated."""
    folder = shared_data / "bitcoin" / "blocks" / "mainnet"
    chain_dir = tmp_path_factory.mktemp("real") / "chains" / "real"
    ingest_here(chain_dir, [folder], network=MAINNET, spent=[folder / "300025.spent-outputs.raw"])
    chain = Chain.open(chain_dir)
    clusters = build_clusters(chain)
    scripts: dict[tuple[str, str], int] = {}
    groups: list[list[int]] = []
    order = np.argsort(chain.graph.tx_rank, kind="stable").tolist()
    for tx in [row for row in order if chain.graph.tx_rank[row] >= 0]:
        named = [
            (one.script, one.address or ",".join(one.same_key_as))
            for one in chain.tx_at(tx).inputs
            if one.status != "coinbase"
            and one.script in {"p2pk", "p2pkh", "p2sh", "p2wpkh", "p2wsh", "p2tr", "multisig"}
        ]
        if len(set(named)) > 1:
            groups.append([scripts.setdefault(key, len(scripts)) for key in named])
    parts, merges = join_slowly(groups, len(scripts))
    together = sorted(len(part) for part in parts if len(part) > 1)
    assert len(groups) == len(clusters.tx) > 200
    assert sorted(np.diff(clusters.member_start).tolist()) == together
    assert len(clusters.merge_tx) == len(merges) == sum(together) - len(together)
