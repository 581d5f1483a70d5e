"""The ten questions of `docs/howto/ask-with-duckdb.md`, run as they stand, answered as Kancil does.

Skipped where DuckDB is not installed; the dev set has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.clusters.views import ask_cluster
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin import regtest
from tests.bitcoin.chains import chain_of
from tests.bitcoin.export.plain import (
    PlainTx,
    plain_exposure,
    plain_shapes,
    plain_terms,
    plain_txs,
    scripts_of,
    world_of,
    write_labels,
)
from tests.bitcoin.export.worlds import ROOT, Tried, export

pytestmark = pytest.mark.thorough

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed here (make develop)")
PAGE = (ROOT / "docs" / "howto" / "ask-with-duckdb.md").read_text(encoding="utf-8")
QUESTIONS = dict(re.findall(r"^## (\d+)\. .*?```sql\n(.*?);\n```", PAGE, re.MULTILINE | re.DOTALL))
VIEWS = re.search(r"```sql\n(CREATE VIEW.*?)```", PAGE, re.DOTALL)
WORLDS = ("made_world", pytest.param("real_world", marks=pytest.mark.thorough))


class Asking:
    """One export, opened by DuckDB where it lies."""

    def __init__(self, tried: Tried) -> None:
        self.tried, self.chain = tried, tried.world.chain
        self.base = duckdb.connect(config={"threads": 2, "memory_limit": "500MB"})
        assert VIEWS is not None
        self.base.execute(VIEWS[1].replace("FROM '", f"FROM '{tried.folder}/"))

    def ask(self, number: int, **more: Any) -> list[dict[str, Any]]:
        """Run a question of the page; give its rows by name."""
        done = self.base.execute(QUESTIONS[str(number)], more)
        names = [column[0] for column in done.description]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]

    def addresses(self) -> list[str]:
        """Some addresses: those paid most often, those labelled, and some others."""
        counts: dict[str, int] = {}
        for tx in self.tried.txs:
            for one in tx.view.outputs:
                if one.address and one.script not in {"p2a", "witness_future"}:
                    counts[one.address] = counts.get(one.address, 0) + 1
        often = sorted(counts, key=lambda text: (-counts[text], text))
        spent = {one.address for tx in self.tried.txs for one in tx.view.inputs if one.address}
        return [*often[:6], *often[-3:], *sorted(spent & set(counts))[:6]]


@pytest.fixture(scope="module", params=WORLDS)
def asking(request: pytest.FixtureRequest) -> Iterator[Asking]:
    asked = Asking(request.getfixturevalue(request.param))
    yield asked
    asked.base.close()


def test_the_page_asks_ten_questions() -> None:
    assert list(QUESTIONS) == [str(number) for number in range(1, 11)]


def test_what_an_address_received_and_what_is_not_spent(asking: Asking) -> None:
    for text in asking.addresses():
        view = asking.chain.address(text)
        found = [(f"{row['txid']}:{row['n']}", row["value_sat"], row["height"])
                 for row in asking.ask(1, address=text)]  # fmt: skip
        assert found == [(one.outpoint, one.value_sat, one.height) for one in view.deposits]
        left = [f"{row['txid']}:{row['n']}" for row in asking.ask(2, address=text)]
        assert left == [one.outpoint for one in view.deposits if one.spent_by is None]


def test_where_an_address_sent(asking: Asking) -> None:
    seen = 0
    for text in asking.addresses():
        expected = [
            (tx.view.txid, one.n, one.value_sat, one.address, one.script)
            for tx in sorted(asking.tried.txs, key=_rank(asking))
            if any(each.address == text for each in tx.view.inputs)
            for one in tx.view.outputs
        ]
        found = [
            (row["txid"], row["n"], row["value_sat"], row["address"], row["script"])
            for row in asking.ask(3, address=text)
        ]
        hidden = {"p2a", "witness_future"}  # which have an address and no address id
        assert found == [
            (*row[:3], None if row[4] in hidden else row[3], row[4]) for row in expected
        ]
        seen += len(found)
    assert seen > 10


def _rank(asking: Asking) -> Any:
    return lambda tx: int(asking.chain.graph.tx_rank[tx.row])


def test_clusters_and_their_labels(asking: Asking) -> None:
    world, sizes, labels = asking.tried.world, 0, 0
    for text in asking.addresses():
        view = ask_cluster(world.chain, world.clusters, world.labels, text, whole=True)
        found = asking.ask(4, address=text)
        told = [(member["address"], member["script"]) for member in view.members]
        assert [(row["address"], row["script"]) for row in found] == told
        rows = asking.ask(5, address=text)
        assert sorted((row["address"], row["label"], row["listed_on"]) for row in rows) == sorted(
            (name, label.label, label.listed_on) for name, label in view.labels
        )
        sizes, labels = max(sizes, view.size), labels + len(rows)
    assert sizes > 2
    if world.chain.network.name == "regtest":
        assert labels > 0


def test_payments_to_a_category(asking: Asking) -> None:
    terms = plain_terms(asking.tried.world)
    held = {script for tx in asking.tried.txs for script in tx.outputs if script in terms}
    for category in sorted({term for script in held for term in terms[script]}):
        sums = {
            tx.view.txid: _paid(tx, terms, category)
            for tx in sorted(asking.tried.txs, key=_rank(asking))
        }
        least = sorted(sums.values())[-3]
        expected = [(txid, sat) for txid, sat in sums.items() if sat >= max(least, 1)]
        found = asking.ask(6, category=category, least_sat=max(least, 1))
        assert [(row["txid"], row["paid_sat"]) for row in found] == expected
        assert found


def _paid(tx: PlainTx, terms: dict[Any, set[str]], category: str) -> int:
    pairs = zip(tx.view.outputs, tx.outputs, strict=True)
    return sum(one.value_sat for one, script in pairs if category in terms.get(script, ()))


def test_direct_exposure_is_that_of_plain_integers(asking: Asking) -> None:
    tried = asking.tried
    expected = plain_exposure(tried.world, tried.txs, tried.aside)
    scripts = scripts_of(tried.folder)
    terms = {term for side, _, term in expected if side == "sent"}
    assert terms or tried.world.chain.network.name == "mainnet"
    for category in sorted(terms | {"no such category"}):
        found = {
            scripts[row["address_id"]]: (row["transactions"], row["sat"], row["rounded_down"])
            for row in asking.ask(7, category=category)
        }
        assert found == {
            script: value
            for (side, script, term), value in expected.items()
            if (side, term) == ("sent", category)
        }


def test_the_worked_example_of_the_page(tmp_path: Path) -> None:
    """`docs/reference/spark.md`: 30,000 of 100,000 satoshi, then of 100,001; 50,000 paid."""
    for total, expected in ((100_000, (1, 15_000, 0)), (100_001, (1, 14_999, 1))):
        folder = tmp_path / str(total)
        first = regtest.coinbase(1, 1)
        spread = regtest.Tx(
            ((first.txid, 0),), ((30_000, regtest.p2pkh(1)), (total - 30_000, regtest.p2pkh(2)))
        )
        paid = regtest.Tx(
            ((spread.txid, 0), (spread.txid, 1)),
            ((50_000, regtest.p2pkh(3)), (40_000, regtest.p2pkh(4))),
        )
        block = regtest.mine(regtest.GENESIS_HASH, [first, spread, paid])
        chain = chain_of(folder, {"blk00000.dat": regtest.block_file([block])})
        text = encode_address(ScriptKind.P2PKH, (3).to_bytes(20, "big"), chain.network)
        table = write_labels(folder / "labels.csv", [(str(text), "Made", "exchange")])
        world = world_of(chain, folder, [table])
        asked = Asking(Tried(world, folder / "export", export(world, folder / "export")))
        scripts = scripts_of(folder / "export")
        found = {
            scripts[row["address_id"]]: (row["transactions"], row["sat"], row["rounded_down"])
            for row in asked.ask(7, category="exchange")
        }
        payer = ("p2pkh", (1).to_bytes(20, "big").hex())
        assert found[payer] == expected
        plain = plain_exposure(world, plain_txs(chain), ())
        assert plain["sent", payer, "exchange"] == expected


def test_a_transaction_looks_as_the_chain_tells_it(asking: Asking) -> None:
    for tx in asking.tried.txs[:: max(1, len(asking.tried.txs) // 25)]:
        found = asking.ask(8, txid=tx.view.txid)
        told: list[tuple[Any, ...]] = [
            ("in", one.n, None if tx.is_coinbase else one.value_sat, one.script)
            for one in tx.view.inputs
        ]
        told += [("out", one.n, one.value_sat, one.script) for one in tx.view.outputs]
        assert [(*tuple(row.values())[:3], row["script"]) for row in found] == told
        assert all(
            (row["why"] is None) == (row["value_sat"] is not None)
            for row in found
            if row["side"] == "in"
        )


def test_shapes_by_month(asking: Asking) -> None:
    names = ("transactions", "fan_in", "fan_out", "equal_outputs")
    found = {row["month"]: tuple(row[name] for name in names) for row in asking.ask(9)}
    assert found == plain_shapes(asking.tried.txs)


def test_what_is_not_known(asking: Asking) -> None:
    inputs = [one for tx in asking.tried.txs for one in tx.view.inputs]
    (found,) = asking.ask(10)
    assert found == {
        "inputs": len(inputs),
        "source_not_held": sum(one.status == "unknown" for one in inputs),
        "value_not_known": sum(one.value_sat is None for one in inputs if one.status != "coinbase"),
        "by_spent_file": sum(one.value_source == "spent-outputs file" for one in inputs),
    }
    assert found["source_not_held"] == asking.chain.status().unknown_inputs
