"""The truth: it fits the blocks row by row, and says what only the maker can know."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from kancil.bitcoin.generator.form import KINDS, Form
from kancil.bitcoin.generator.generate import Wishes
from kancil.bitcoin.generator.truth import TABLES
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.script import address_of_script, classify
from tests.bitcoin.generator.reading import Made, make
from tests.house.survey import DOCS

LIFE = {"payment", "sweep", "batch", "sale", "entry"}


def form_of(name: str) -> Form:
    return Form[name.upper()]


def test_the_transactions_are_those_of_the_blocks(made: Made) -> None:
    rows = made.tables["transactions"]
    assert [row["txid"] for row in rows] == [tx.txid for tx in made.txs]
    assert [row["height"] for row in rows] == [made.height[tx.txid] for tx in made.txs]
    assert [row["tx"] for row in rows] == list(range(len(rows)))
    for row in rows:
        if row["role"] != "coinbase":
            assert made.step(row["tx"], "").fee == row["fee_sat"]


def test_the_outputs_are_those_of_the_blocks(made: Made) -> None:
    values = {
        (n, place): value
        for n, tx in enumerate(made.txs)
        for place, (value, _) in enumerate(tx.outputs)
    }
    assert {place: row["value_sat"] for place, row in made.outputs.items()} == values
    assert len(made.tables["outputs"]) == len(values) == made.truth["counts"]["outputs"]


def test_every_address_has_one_owner_and_the_script_that_is_told(made: Made) -> None:
    told = {row["address"]: row for row in made.tables["addresses"]}
    assert len(told) == len(made.tables["addresses"])
    seen = set()
    for (tx, n), row in made.outputs.items():
        script = made.txs[tx].outputs[n][1]
        if row["address"] is None:
            assert row["owner"] is None
            assert tx == 0 or script[0] == 0x6A
            continue
        address = told[row["address"]]
        form = form_of(address["form"])
        kind, _ = classify(script)
        assert address["owner"] == row["owner"]
        assert kind == KINDS[form]
        told_text = encode_address(KINDS[form], address["program"], REGTEST)
        assert told_text == address_of_script(script, REGTEST)
        assert address["program"] in script
        seen.add(row["address"])
    assert seen == set(told)
    assert len({row["program"] for row in told.values()}) == len(told)


def test_change_goes_back_to_whoever_paid(made: Made) -> None:
    changes = 0
    for row in made.tables["transactions"]:
        if row["role"] not in LIFE:
            continue
        step = made.step(row["tx"], "")
        payers = {piece.owner for piece in step.inputs}
        assert len(payers) == 1
        for piece in step.outputs:
            assert (piece.role == "change") <= (piece.owner in payers)
            changes += piece.role == "change"
    assert changes > 500


def test_there_are_wallets_of_every_kind_and_change_of_every_way(made: Made) -> None:
    wallets = Counter(row["wallet"] for row in made.tables["owners"] if row["role"] == "user")
    assert len(wallets) == 9
    forms = {row["form"] for row in made.tables["addresses"]}
    assert {"pkh", "nested", "wpkh", "wsh", "tr", "pk", "shared"} <= forms
    versions = {(tx.version, tx.locktime > 0) for tx in made.txs[1:]}
    assert {(1, False), (2, False), (2, True)} <= versions
    reused = Counter(row["address"] for row in made.tables["outputs"] if row["address"] is not None)
    assert sum(count > 1 for count in reused.values()) > 50


def test_services_and_miners_live_beside_users(made: Made) -> None:
    roles = Counter(row["role"] for row in made.tables["transactions"])
    assert min(roles[role] for role in LIFE) > 20
    assert roles["coinbase"] == made.truth["counts"]["blocks"]
    data = [tx for tx in made.txs if any(script[:2] == b"\x6a\x20" for _, script in tx.outputs)]
    assert data


def test_a_planted_transaction_belongs_to_one_instance_in_both_tables(made: Made) -> None:
    told = {
        row["tx"]: row["plant"] for row in made.tables["transactions"] if row["plant"] is not None
    }
    steps = {row["tx"]: row["plant"] for row in made.tables["plant_transactions"]}
    assert told == steps
    assert len(made.tables["plant_transactions"]) == len(steps)
    assert {row["txid"] for row in made.tables["plant_transactions"]} == {
        made.txs[tx].txid for tx in steps
    }
    counts = Counter(steps.values())
    for row in made.tables["plants"]:
        assert counts[row["plant"]] == row["transactions"] > 0
        assert row["first_height"] <= row["last_height"]


def test_owners_of_planted_addresses_are_those_of_the_addresses(made: Made) -> None:
    owners = {row["address"]: row["owner"] for row in made.tables["addresses"]}
    for row in made.tables["plant_addresses"]:
        assert owners.get(row["address"], row["owner"]) == row["owner"]
        assert row["owner"] in made.owner_role


def test_no_planted_actor_holds_coins_of_another_instance(made: Made) -> None:
    held: dict[int, set[int | None]] = {}
    planted = {row["tx"]: row["plant"] for row in made.tables["transactions"]}
    for row in made.tables["outputs"]:
        if row["owner"] is not None and ": " in made.owner_role[row["owner"]]:
            held.setdefault(row["owner"], set()).add(planted[row["tx"]])
    assert held
    assert all(len(plants) == 1 and None not in plants for plants in held.values())


def test_the_digest_of_a_table_follows_from_its_values(tmp_path: Path) -> None:
    made = make(tmp_path / "made", Wishes(seed=6, transactions=60, patterns={"fan-in": 100_000}))
    for told in made.truth["tables"]:
        table = pq.read_table(made.folder / "truth" / told["name"])
        columns = []
        for column in table.columns:
            digest = hashlib.sha256()
            values = column.to_pylist()
            if str(column.type).startswith("dictionary"):
                values = column.combine_chunks().indices.to_pylist()
            if all(isinstance(value, int | None) for value in values):
                for value in values:
                    number = -1 if value is None else int(value)
                    digest.update(number.to_bytes(8, "little", signed=True))
            else:
                raw = [v.encode() if isinstance(v, str) else v for v in values]
                for value in raw:
                    length = 0 if value is None else len(value)
                    digest.update(length.to_bytes(8, "little"))
                digest.update(b"".join(value for value in raw if value is not None))
            columns.append(digest.digest())
        assert told["content_sha256"] == hashlib.sha256(b"".join(columns)).hexdigest(), told["name"]
        assert told["rows"] == table.num_rows


def test_every_table_and_column_stands_in_the_docs() -> None:
    page = (DOCS / "reference" / "generated-chains.md").read_text(encoding="utf-8")
    for table, schema in TABLES.items():
        (row,) = re.findall(rf"^\| `{table}\.parquet` .*$", page, re.MULTILINE)
        for field in schema:
            assert f"`{field.name}`" in row, f"{table}.{field.name}"
