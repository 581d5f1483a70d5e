"""Generate a chain: plan a block, write it, keep what is true of it, and so on to the last.

The folder must be new or empty. Block files go to `blocks`, tables of truth to `truth`, both
written as the chain grows; `README.txt` is written first and `truth.json` last: a folder without
`truth.json` was not finished, and says so.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from kancil.bitcoin.blocks.plain_hash import double
from kancil.bitcoin.generator.block_files import BlockFiles
from kancil.bitcoin.generator.chain_plan import (
    BLOCK_SECONDS,
    FIRST_HEIGHT,
    MATURITY,
    MAX_TRANSACTIONS,
    Measures,
    measures_of,
)
from kancil.bitcoin.generator.coinjoins import COINJOINS
from kancil.bitcoin.generator.counter import MAX_SEED, MILLION, STREAM_TIMES, Draw
from kancil.bitcoin.generator.economy import (
    LOST,
    NEXT_ADDRESS,
    PROFILE_NAMES,
    World,
    give_coin,
    new_world,
    with_room,
)
from kancil.bitcoin.generator.form import PK, PKH, WPKH
from kancil.bitcoin.generator.genesis import COINBASE, genesis_block
from kancil.bitcoin.generator.pattern import Pattern
from kancil.bitcoin.generator.patterns import PATTERNS
from kancil.bitcoin.generator.payments import live
from kancil.bitcoin.generator.planter import Planter, Wanted
from kancil.bitcoin.generator.rows import (
    FEES,
    INPUTS,
    MAX_WEIGHT,
    OUTPUTS,
    ROOM_WEIGHT,
    TXS,
    WEIGHT,
    Rows,
    begin_block,
    fill_coinbase,
    new_rows,
)
from kancil.bitcoin.generator.stage import Ground
from kancil.bitcoin.generator.truth import SCHEMA, Truth, write_owners
from kancil.bitcoin.generator.writer import Writer, writer_for
from kancil.bitcoin.network import REGTEST
from kancil.ground.clock import from_unix
from kancil.ground.files import translated, write_durably
from kancil.ground.progress import SILENT, Progress
from kancil.ground.registry import Registry

from .errors import (
    GeneratedFolderNotEmpty,
    GeneratedOutOfRange,
    GeneratedRateWrong,
    GeneratedTooSmall,
)

GENERATOR_VERSION = "2"
"""Version of the whole generator: another one may make other bytes of the same seed."""
DEFAULT_START = datetime(2021, 1, 1, tzinfo=UTC)
MOST_RATE = 900_000
"""Millionths of all transactions that may be planted; the rest is ordinary life."""
_COINS_A_BLOCK = 1 << 17
_LAST_TIME = 2**32 - 1
_MEMBERS: tuple[Pattern, ...] = (*PATTERNS, *COINJOINS)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What chain is wanted."""

    seed: int
    transactions: int
    """Without coinbases."""
    patterns: Mapping[str, int] = field(default_factory=dict)
    """Millionths of all transactions, by the pattern's name."""
    coinjoins: Mapping[str, int] = field(default_factory=dict)
    signed: bool = False
    start: datetime = DEFAULT_START
    """When the first block after the genesis block was made."""
    plots: tuple[Pattern, ...] = ()
    """Stories that are each played once, such as a lab's; they need `most` transactions each."""


def generate(folder: Path, wishes: Wishes, progress: Progress = SILENT) -> dict[str, Any]:
    """Generate a chain into a folder; give what `truth.json` says.

    Raises GeneratedFolderNotEmpty, GeneratedOutOfRange, GeneratedTooSmall, GeneratedRateWrong,
    MemberNotFound, DiskFull, FileNotReadable.
    """
    _check(wishes)
    wanted = _wanted(wishes)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise GeneratedFolderNotEmpty(path=str(folder))
        for name in ("blocks", "truth"):
            (folder / name).mkdir()
    except OSError as error:
        raise translated(error, folder) from error
    write_durably(folder / "README.txt", _readme(wishes))
    progress.start(wishes.transactions, "transactions", "progress.generate")
    making = _Making(folder, wishes, wanted)
    while making.is_unfinished:
        progress.advance(making.add_block())
    told = making.close()
    write_durably(
        folder / "truth.json", json.dumps(told, indent=2, sort_keys=True).encode() + b"\n"
    )
    progress.finish()
    return told


def _wanted(wishes: Wishes) -> list[Wanted]:
    """Find the members by name; raises MemberNotFound, GeneratedRateWrong, GeneratedTooSmall."""
    plots = [Wanted(plot, 0, plot.most, plot.most) for plot in wishes.plots]
    asked: list[Wanted] = []
    for what, members, rates in (
        ("pattern", PATTERNS, wishes.patterns),
        ("coinjoin", COINJOINS, wishes.coinjoins),
    ):
        known: Registry[Any] = Registry(what, members)
        for name, rate in rates.items():
            member: Pattern = known.named(name)
            if not 0 < rate <= MOST_RATE:
                raise GeneratedRateWrong(name=name, most="0.9")
            target = max(member.least, wishes.transactions * rate // MILLION)
            asked.append(Wanted(member, rate, target, target))
    if sum(one.rate for one in asked) > MOST_RATE:
        raise GeneratedRateWrong(name=", ".join(one.member.name for one in asked), most="0.9")
    needed = sum(one.target for one in (*plots, *asked))
    if needed > wishes.transactions:
        raise GeneratedTooSmall(transactions=wishes.transactions, needed=needed)
    # The order of the command line changes nothing.
    order = {member.name: place for place, member in enumerate(_MEMBERS)}
    return [*plots, *sorted(asked, key=lambda one: order[one.member.name])]


def _check(wishes: Wishes) -> None:
    """Refuse what is out of range; raises GeneratedOutOfRange."""
    if not 0 <= wishes.seed <= MAX_SEED:
        raise GeneratedOutOfRange(option="--seed", least="0", most=str(MAX_SEED))
    if not 1 <= wishes.transactions <= MAX_TRANSACTIONS:
        most = str(MAX_TRANSACTIONS)
        raise GeneratedOutOfRange(option="--transactions", least="1", most=most)
    blocks = 2 * FIRST_HEIGHT + 4 * measures_of(wishes.transactions).blocks
    latest = _LAST_TIME - BLOCK_SECONDS * blocks
    if not REGTEST.genesis_time < int(wishes.start.timestamp()) < latest:
        most = from_unix(latest).date().isoformat()
        raise GeneratedOutOfRange(option="--start", least="2011-02-03", most=most)


def _readme(wishes: Wishes) -> bytes:
    return (
        "GENERATED by Kancil: not a real chain. Nobody paid anybody.\n"
        f"Generator {GENERATOR_VERSION}, seed {wishes.seed}, {wishes.transactions} transactions,"
        " network regtest.\n"
        "blocks/ holds its blocks, truth.json and truth/ what is true of it;"
        " without truth.json it was not finished.\n"
    ).encode()


class _Making:
    """A chain while it grows."""

    def __init__(self, folder: Path, wishes: Wishes, wanted: list[Wanted]) -> None:
        """Make wallets, scratch and files; write the genesis block."""
        self._folder, self._wishes = folder, wishes
        self._measures = measures = measures_of(wishes.transactions)
        world = new_world(
            wishes.seed, measures.miners, measures.exchanges, measures.users, 2 * _COINS_A_BLOCK
        )
        self._rows: Rows = new_rows()
        self._writer: Writer = writer_for(wishes.seed, self._rows, signed=wishes.signed)
        self._ids = np.zeros((wishes.transactions + 4096, 32), np.uint8)
        self._ground = Ground(
            wishes.seed, world, self._rows, measures.blocks, _ordinary_owners(measures),
            self._ids, self._writer.script,
        )  # fmt: skip
        self._planter = Planter(self._ground, wishes.transactions, wanted)
        self._files = BlockFiles(folder / "blocks", REGTEST)
        self._truth = Truth(folder / "truth")
        self._times = Draw(wishes.seed, STREAM_TIMES)
        self._ripening: deque[tuple[int, int, int, int, int]] = deque()
        self._height, self._made, self._barren = 0, 0, 0
        self._totals = {"blocks": 1, "transactions": 1, "inputs": 1, "outputs": 1}
        self._where = np.zeros(3, np.int64)
        self._prev = REGTEST.genesis_hash
        self._ids[0] = np.frombuffer(double(COINBASE), np.uint8)
        self._files.add(genesis_block(REGTEST))
        self._truth.add_genesis(self._ids[0], REGTEST.subsidy_sat(0))

    @property
    def is_unfinished(self) -> bool:
        """Whether transactions are still to be made, and somebody can make them."""
        return self._made < self._wishes.transactions and self._barren < 2 * MATURITY

    @property
    def _world(self) -> World:
        return self._ground.world

    def add_block(self) -> int:
        """Plan, write and keep one block; give how many transactions it has but its coinbase."""
        self._height += 1
        rows = self._rows
        self._ground.world = with_room(self._world, _COINS_A_BLOCK)
        begin_block(rows, self._totals["transactions"], self._height)
        self._ripen()
        if self._height >= FIRST_HEIGHT:
            self._plan()
        self._reward()
        made = int(rows.counts[TXS]) - 1
        is_barren = not made and self._height >= FIRST_HEIGHT and self._planter.is_idle
        self._barren = self._barren + 1 if is_barren else 0
        self._made += made
        self._write()
        return made

    def _ripen(self) -> None:
        """The miner the coinbase that can be spent from this block on."""
        if self._height > MATURITY:
            miner, tx, value, address, form = self._ripening.popleft()
            give_coin(self._world, miner, tx, 0, value, address, form)

    def _plan(self) -> None:
        """Plan a block: planted instances act, and ordinary life goes on between them."""
        rows, planter = self._rows, self._planter
        wishes, measures = self._wishes, self._measures
        past = self._height - FIRST_HEIGHT
        is_late = past > 2 * measures.blocks
        elapsed = min(MILLION, past * MILLION // measures.blocks)
        left = wishes.transactions - self._made - planter.reserved
        if not is_late:
            planter.start(self._height, elapsed, left)
        left = wishes.transactions - self._made - (int(rows.counts[TXS]) - 1) - planter.reserved
        if not is_late:
            left -= min(planter.still_wanted, left)
        due = planter.due(self._height)
        # What is left is spread over the blocks to come, up to the last that an instance waits for.
        coming = max(1, max(FIRST_HEIGHT + measures.blocks, planter.furthest) - self._height)
        free = measures.per_block - due - int(rows.counts[TXS]) + 1
        quota = max(0, min(-(-left // coming), free))
        if past == 0 and quota == 0:
            quota = min(1, left)
        while planter.is_due(self._height) and rows.counts[WEIGHT] < MAX_WEIGHT - ROOM_WEIGHT:
            before = min(quota, self._times.below(2 * quota // (due + 1) + 1))
            quota -= live(self._world, rows, before, self._where)
            planter.wake(self._height)
            due = max(1, due - 1)
        live(self._world, rows, quota, self._where)

    def _reward(self) -> None:
        """Pay the block's reward to a miner, to a bare key in the first blocks."""
        state = self._world.state
        miner = self._height % self._measures.miners
        form = PK if self._height < MATURITY // 2 else (WPKH if miner else PKH)
        value = REGTEST.subsidy_sat(self._height) + int(self._rows.counts[FEES])
        address = int(state[NEXT_ADDRESS])
        state[NEXT_ADDRESS] += 1
        fill_coinbase(self._rows, value, address, form, miner)
        self._ripening.append((miner, self._totals["transactions"], value, address, form))

    def _write(self) -> None:
        """Write the block that was planned, and keep what is true of it."""
        rows, counts = self._rows, self._rows.counts
        totals, txs = self._totals, int(counts[TXS])
        if totals["transactions"] + txs > len(self._ids):
            grown = np.zeros((len(self._ids) + max(4096, len(self._ids) // 8) + txs, 32), np.uint8)
            grown[: len(self._ids)] = self._ids
            self._ids = grown
        jitter = self._times.between(-200, 200) if self._height > 1 else 0
        time = int(self._wishes.start.timestamp()) + BLOCK_SECONDS * (self._height - 1) + jitter
        block, self._prev = self._writer.write(self._ids, self._prev, time)
        self._files.add(block)
        self._truth.add_block(rows, self._ids, self._writer.programs)
        self._truth.add_plants(self._planter.take_finished(), self._ids)
        totals["blocks"] += 1
        totals["transactions"] += txs
        totals["inputs"] += int(counts[INPUTS]) + 1
        totals["outputs"] += int(counts[OUTPUTS])

    def close(self) -> dict[str, Any]:
        """End the files; give what is true of the whole."""
        planter, owners = self._planter, self._ground.owners
        planter.close(self._height)
        self._truth.add_plants(planter.take_finished(), self._ids)
        self._files.close()
        wallets = _profiles(self._world, self._measures, len(owners))
        tables = [
            *self._truth.close(), write_owners(self._folder / "truth", owners, wallets),
        ]  # fmt: skip
        wishes = self._wishes
        shares = {
            wanted.member.name: {
                "version": wanted.member.version,
                "asked_per_million": wanted.rate,
                "asked_transactions": wanted.asked,
                "instances": wanted.instances,
                "complete": wanted.complete,
                "transactions": wanted.made,
            }
            for wanted in planter.wanted
        }
        return {
            "schema": SCHEMA,
            "generated": True,
            "notice": "Generated by Kancil: not a real chain. Nobody paid anybody.",
            "generator": GENERATOR_VERSION,
            "network": REGTEST.name,
            "parameters": {
                "seed": str(wishes.seed),
                "transactions": wishes.transactions,
                "patterns_per_million": dict(sorted(wishes.patterns.items())),
                "coinjoins_per_million": dict(sorted(wishes.coinjoins.items())),
                "signed": wishes.signed,
                "start": wishes.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
            "counts": {
                **self._totals,
                "transactions_made": self._made,
                "addresses": int(self._world.state[NEXT_ADDRESS]),
                "owners": len(owners),
                "instances": sum(wanted.instances for wanted in planter.wanted),
            },
            "abandoned_sat": str(int(self._world.state[LOST])),
            "planted": shares,
            "last_block": self._prev[::-1].hex(),
            "files": self._files.files,
            "tables": tables,
        }


def _ordinary_owners(measures: Measures) -> list[str]:
    return (
        ["miner"] * measures.miners + ["exchange"] * measures.exchanges + ["user"] * measures.users
    )


def _profiles(world: World, measures: Measures, owners: int) -> list[str | None]:
    """The wallet software of each miner and user; exchanges and planted actors have none."""
    skipped = measures.miners + 2 * measures.exchanges
    names: list[str | None] = [PROFILE_NAMES[kind] for kind in world.profile[: measures.miners]]
    names += [None] * measures.exchanges
    names += [PROFILE_NAMES[kind] for kind in world.profile[skipped:]]
    return names + [None] * (owners - len(names))


__all__ = ["DEFAULT_START", "GENERATOR_VERSION", "Wishes", "generate"]
