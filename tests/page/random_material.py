"""Random bundles on regtest, whose tables Kancil's trace computes, for the page to compute again.

Blocks are mined here (regtest asks for one bit of work), so that paths, headers and work are real.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, fields, replace
from typing import Any

from kancil.bitcoin.blocks.merkle_proof import sha256d
from kancil.bitcoin.network import network_named
from kancil.bitcoin.script.script import address_of_script
from kancil.reports.casework.bundle.analyse import (
    coinjoin_members,
    table_members,
    write_analysis,
    write_labels,
)
from kancil.reports.casework.bundle.answers import answer_all
from kancil.reports.casework.bundle.material import (
    CitedBlock,
    CitedTransaction,
    Held,
    Material,
    Others,
    proof_members,
    shown,
    tells_stops,
)
from kancil.reports.casework.bundle.rawtx import read_transaction
from kancil.studies.trace.cited import CitedCoinjoin, CitedLabel
from kancil.studies.trace.question import NamedStart, TraceQuestion
from tests.page.pick_proofs import merkle_path
from tests.reports.called import STOPS

NETWORK = network_named("regtest")
BITS = bytes.fromhex("ffff7f20")
POLICIES = ("poison", "haircut", "fifo", "lifo")
ADDRESSES = [b"\x76\xa9\x14" + bytes([n]) * 20 + b"\x88\xac" for n in range(6)]
OTHERS = [b"\x6a\x02hi", b"\x00\x14" + b"\x07" * 20, b"\x51\x20" + b"\x09" * 32, b"\x51",
          b"\xa9\x14" + b"\x05" * 20 + b"\x87"]  # fmt: skip


@dataclass
class Tx:
    """One transaction while the random chain grows."""

    raw: bytes
    values: list[int]
    unknown: list[int] = field(default_factory=list)
    stated: dict[int, int] = field(default_factory=dict)

    @property
    def txid(self) -> bytes:
        return sha256d(self.raw)


class Chain:
    """A random slice: a few runs of blocks, some inputs of unknown source, some loose."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.unspent: list[tuple[bytes, int, int]] = []
        self.spent: set[tuple[bytes, int]] = set()
        self.blocks: list[CitedBlock] = []
        self.headers = b""
        self.cited: list[tuple[Tx, dict[str, Any]]] = []
        self.scale = self.dice.choice([12, 5_000, 50 * 10**8])
        self.time = 1_600_000_000
        for run in range(self.dice.randint(1, 3)):
            self._grow_run(run)
        if self.dice.random() < 0.3:
            last = self.dice.randint(0, 2)
            place = {"block": None, "index": None, "path": (), "coinbase_txid": None,
                     "coinbase_path": (), "run": (last - 1, last)}  # fmt: skip
            self.cited.append((self._spend(), place))

    def _grow_run(self, run: int) -> None:
        prev = self.dice.randbytes(32)
        for _ in range(self.dice.randint(1, 4)):
            txs = [self._coinbase()]
            for _ in range(self.dice.randint(1, 4)):
                txs.append(self._spend())
            prev = self._mine(prev, txs, run)

    def _mine(self, prev: bytes, txs: list[Tx], run: int) -> bytes:
        leaves = [tx.txid for tx in txs]
        root = leaves[0]
        for sibling in merkle_path(0, leaves):
            root = sha256d(root + bytes.fromhex(sibling))
        self.time += self.dice.randint(1, 9000)
        nonce = 0
        while True:
            header = b"\1\0\0\0" + prev + root + self.time.to_bytes(4, "little") + BITS
            header += nonce.to_bytes(4, "little")
            if sha256d(header)[-1] < 0x7F:
                break
            nonce += 1
        block = CitedBlock(shown(sha256d(header)), None, None, len(self.blocks), "own target only")
        self.blocks.append(block)
        self.headers += header
        for index, tx in enumerate(txs):
            place = {
                "block": block.hash, "index": index, "run": (run, run),
                "path": tuple(bytes.fromhex(p) for p in merkle_path(index, leaves)),
                "coinbase_txid": shown(leaves[0]),
                "coinbase_path": tuple(bytes.fromhex(p) for p in merkle_path(0, leaves)),
            }  # fmt: skip
            self.cited.append((tx, place))
        return sha256d(header)

    def _coinbase(self) -> Tx:
        script = self.dice.randbytes(8)
        source = bytes(32) + b"\xff" * 4
        return self._make([(source, script)], self._parts(self.scale))

    def _parts(self, total: int) -> list[int]:
        count = self.dice.randint(1, 4)
        cuts = sorted(self.dice.randint(0, total) for _ in range(count - 1))
        return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]

    def _spend(self) -> Tx:
        dice = self.dice
        sources: list[tuple[bytes, bytes]] = []
        total, unknown, stated = 0, [], {}
        for number in range(dice.randint(1, 3)):
            if self.unspent and dice.random() < 0.85:
                txid, index, value = self.unspent.pop(dice.randrange(len(self.unspent)))
                self.spent.add((txid, index))
                total += value
            else:
                txid, index = dice.randbytes(32), 0
                unknown.append(number)
                if dice.random() < 0.4:
                    stated[number] = dice.randint(0, self.scale)
                    total += stated[number]
            sources.append((txid + index.to_bytes(4, "little"), b""))
        if len(unknown) > len(stated):
            total += dice.randint(0, self.scale)
        fee = dice.choice([0, 0, dice.randint(0, total)])
        tx = self._make(sources, self._parts(total - fee))
        tx.unknown, tx.stated = unknown, stated
        return tx

    def _make(self, sources: list[tuple[bytes, bytes]], values: list[int]) -> Tx:
        raw = b"\1\0\0\0" + bytes([len(sources)])
        for source, script in sources:
            raw += source + bytes([len(script)]) + script + b"\xff" * 4
        raw += bytes([len(values)])
        scripts = []
        for value in values:
            scripts.append(self.dice.choice(ADDRESSES + OTHERS[self.dice.random() < 0.8 :]))
            raw += value.to_bytes(8, "little") + bytes([len(scripts[-1])]) + scripts[-1]
        if len(raw) == 60:
            raw = raw[:4] + b"\1" + raw[5:41] + b"\2hi" + raw[42:]
        tx = Tx(raw + bytes(4), values)
        for index, (value, script) in enumerate(zip(values, scripts, strict=True)):
            if script[:1] != b"\x6a":
                self.unspent.append((tx.txid, index, value))
        return tx

    def question(self) -> TraceQuestion:
        """Ask something at random about the outputs there are."""
        dice = self.dice
        starts = []
        for tx, _ in dice.sample(self.cited, min(len(self.cited), dice.randint(1, 3))):
            index = dice.randrange(len(tx.values))
            share = dice.choice([None, dice.randint(0, tx.values[index])])
            starts.append(NamedStart(f"{shown(tx.txid)}:{index}", share))
        return TraceQuestion(
            starts=tuple(starts),
            policy=dice.choice(POLICIES),
            direction=dice.choice(["forward", "backward"]),
            hops=dice.choice([None, None, 1, 2]),
            min_sat=dice.choice([0, 0, self.scale // 20]),
            pass_services=dice.choice([None, "a reason"]),
            stops_at=dice.choice([None, (), STOPS[:1], STOPS]),
        )

    def coinjoins(self) -> tuple[CitedCoinjoin, ...]:
        """Call some transactions CoinJoins, whatever they look like."""
        dice = self.dice
        txids = sorted({shown(tx.txid) for tx, _ in self.cited if dice.random() < 0.2})
        return tuple(
            CitedCoinjoin(txid, name, version, "form", "why.made", (("count", dice.randint(0, 9)),))
            for txid in txids
            for name, version in STOPS
            if dice.random() < 0.6
        )

    def material(self) -> Material:
        """What a bundle about it holds; coinbases that nothing cites are left in."""
        dice = self.dice
        empty: dict[str, Any] = {
            one.name: False if one.name.startswith("is_") else "" for one in fields(CitedLabel)
        }
        labels = [
            CitedLabel(**{
                **empty, "address": address_of_script(script, NETWORK) or "",
                "publisher": "Publisher", "label": f'label, "{n}"', "sha256": "ab" * 32,
                "is_service": dice.random() < 0.4,
            })
            for n, script in enumerate(ADDRESSES) if dice.random() < 0.25
        ]  # fmt: skip
        transactions = tuple(
            CitedTransaction(
                txid=shown(tx.txid), raw=tx.raw, base=tx.raw,
                unknown_inputs=tuple(tx.unknown),
                unspent_outputs=tuple(
                    n for n in range(len(tx.values)) if (tx.txid, n) not in self.spent
                ),
                stated_values=tx.stated, **place,
            )
            for tx, place in self.cited
        )  # fmt: skip
        others = Others(
            unknown_run=dice.choice([-1, -1, 0, 2]), unseen_run=dice.choice([-1, -1, 0, 1]),
            is_loose=dice.random() < 0.1,
        )  # fmt: skip
        held = Held(
            blocks=len(self.blocks), transactions=len(self.cited), runs=1,
            blocks_sha256="ab" * 32, inputs=(), last_block=None, last_height=None, last_time=None,
            others=others,
        )  # fmt: skip
        questions = tuple(self.question().as_dict() for _ in range(3))
        return Material(
            network="regtest", kancil="0.1.0", held=held, blocks=tuple(self.blocks),
            headers=self.headers, transactions=transactions, labels=tuple(sorted(labels)),
            questions=questions,
            coinjoins=self.coinjoins() if tells_stops(questions) else (),
        )  # fmt: skip


def random_analysis(seed: int) -> dict[str, bytes] | None:
    """Everything under analysis/ but what is for eyes; None where Kancil refused to trace."""
    members, problems = analysis_of(Chain(seed).material())
    return None if problems else members


def hiding_sources(seed: int) -> tuple[dict[str, bytes], set[str]]:
    """The same, but as if the maker held every source and showed not all of them."""
    material = Chain(seed).material()
    hiding = tuple(replace(one, unknown_inputs=()) for one in material.transactions)
    return analysis_of(replace(material, transactions=hiding))


def analysis_of(material: Material) -> tuple[dict[str, bytes], set[str]]:
    """What Kancil computes of a material, and the codes of what it finds wrong with it."""
    read = {one.txid: read_transaction(one.raw) for one in material.transactions}
    answers = answer_all(material, read)
    members = proof_members(material)
    members["analysis/analysis.json"] = write_analysis(material)
    members["analysis/labels.csv"] = write_labels(material)
    members |= coinjoin_members(material)
    for answer in answers.answers:
        members |= table_members(answer)
    return members, {problem.code for problem in answers.problems}
