"""A generated chain read back from its files alone: blocks by the slow parser, truth by Arrow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from kancil.bitcoin.generator.generate import Wishes, generate
from tests.bitcoin.regtest import MAGIC
from tests.bitcoin.slow_parser import SlowBlock, SlowTx, find_records, read_block

PATTERNS = {
    "peel-chain": 30_000, "fan-in": 30_000, "fan-out": 20_000, "gather-scatter": 30_000,
    "scatter-gather": 30_000, "layering": 30_000, "structuring": 20_000, "pass-through": 20_000,
    "dormant-burst": 20_000, "mixer": 20_000, "service-hopping": 20_000,
    "donation-campaign": 20_000,
}  # fmt: skip
COINJOINS = {
    "whirlpool": 30_000, "wasabi-1": 3_000, "wasabi-2": 3_000, "joinmarket": 5_000,
    "equal-output": 5_000,
}  # fmt: skip
WISHES = Wishes(seed=11, transactions=3_000, patterns=PATTERNS, coinjoins=COINJOINS)


@dataclass(frozen=True)
class Piece:
    """One input or output with what is true of it."""

    tx: int
    n: int
    value: int
    address: int
    owner: int
    role: str


@dataclass(frozen=True)
class Step:
    """One transaction of a planted instance."""

    tx: int
    role: str
    inputs: list[Piece]
    outputs: list[Piece]
    height: int
    fee: int


@dataclass(frozen=True)
class Instance:
    """One planted instance."""

    plant: int
    name: str
    is_complete: bool
    facts: dict[str, int]
    steps: list[Step]
    roles: dict[int, str]
    """Role of each address."""

    def by_role(self, role: str) -> list[Step]:
        return [step for step in self.steps if step.role == role]


class Made:
    """All that a generated folder says."""

    def __init__(self, folder: Path) -> None:
        """Read it."""
        self.folder = folder
        self.truth: dict[str, Any] = json.loads((folder / "truth.json").read_bytes())
        self.tables = {
            path.stem: pq.read_table(path).to_pylist() for path in (folder / "truth").iterdir()
        }
        self.blocks = blocks_of(folder)
        self.txs: list[SlowTx] = [tx for block in self.blocks for tx in block.txs]
        self.number = {tx.txid: n for n, tx in enumerate(self.txs)}
        self.height = {tx.txid: n for n, block in enumerate(self.blocks) for tx in block.txs}
        self.outputs = {(row["tx"], row["n"]): row for row in self.tables["outputs"]}
        self._forms: dict[int, str] = {}
        self.owner_role = {row["owner"]: row["role"] for row in self.tables["owners"]}

    def paid(self, tx: int, n: int) -> Piece:
        row = self.outputs[tx, n]
        owner = -1 if row["owner"] is None else row["owner"]
        address = -1 if row["address"] is None else row["address"]
        return Piece(tx, n, row["value_sat"], address, owner, row["role"])

    def form(self, piece: Piece) -> str:
        """The form of the address that an output pays."""
        if not self._forms:
            self._forms.update((row["address"], row["form"]) for row in self.tables["addresses"])
        return self._forms[piece.address]

    def step(self, tx: int, role: str) -> Step:
        read = self.txs[tx]
        inputs = [self.paid(self.number[prev], n) for prev, n, _, _ in read.inputs]
        outputs = [self.paid(tx, n) for n in range(len(read.outputs))]
        fee = sum(one.value for one in inputs) - sum(one.value for one in outputs)
        return Step(tx, role, inputs, outputs, self.height[read.txid], fee)

    def instances(self, name: str) -> list[Instance]:
        """The complete instances of one pattern; at least one."""
        found = []
        for row in self.tables["plants"]:
            if row["name"] != name:
                continue
            plant = row["plant"]
            steps = [
                self.step(one["tx"], one["role"])
                for one in self.tables["plant_transactions"]
                if one["plant"] == plant
            ]
            roles = {
                one["address"]: one["role"]
                for one in self.tables["plant_addresses"]
                if one["plant"] == plant
            }
            facts = json.loads(row["facts"])
            found.append(Instance(plant, name, row["complete"], facts, steps, roles))
        complete = [one for one in found if one.is_complete]
        assert complete, f"no complete instance of {name}"
        return complete


def blocks_of(folder: Path) -> list[SlowBlock]:
    """Read all blocks of a generated folder."""
    blocks = []
    for path in sorted((folder / "blocks").iterdir()):
        data = path.read_bytes()
        spans, gaps = find_records(data, MAGIC)
        assert not gaps
        blocks += [read_block(data, start, size) for start, size in spans]
    return blocks


def make(folder: Path, wishes: Wishes) -> Made:
    """Generate a chain and read it back."""
    generate(folder, wishes)
    return Made(folder)
