"""The chains that exports are tried on, and what is plainly true of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.export.rows import Bounds
from kancil.bitcoin.export.write import Exported, export_chain
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.network import MAINNET
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin.chains import ingest_here
from tests.bitcoin.export.plain import PlainTx, World, plain_txs, world_of, write_labels

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SAMPLE = ROOT / "sample"
DATA = ROOT / "tests" / "data" / "bitcoin"
LOOSE = (DATA / "blocks", DATA / "transactions.txt")
"""Three more blocks and a list of transactions that come without theirs."""
PATTERNS = {"fan-in": 60_000, "fan-out": 60_000, "mixer": 40_000, "donation-campaign": 40_000}
COINJOINS = {"whirlpool": 30_000, "equal-output": 20_000}
WISHES = Wishes(seed=23, transactions=1_200, patterns=PATTERNS, coinjoins=COINJOINS)
CATEGORIES = ("exchange", "ransomware", "darknet market", "")


@dataclass(frozen=True)
class Tried:
    """A world, the folder of its export, and its transactions told plainly."""

    world: World
    folder: Path
    exported: Exported

    @cached_property
    def txs(self) -> list[PlainTx]:
        return plain_txs(self.world.chain)

    @cached_property
    def aside(self) -> frozenset[int]:
        """Transactions that join nothing: those excluded, and those that the guard stopped."""
        return self.world.excluded | frozenset(self.world.clusters.halts[:, 0].tolist())


def _tried(world: World, folder: Path, width: int) -> Tried:
    done = export(world, folder, width=width)
    return Tried(world, folder, done)


def export(
    world: World, folder: Path, bounds: Bounds | None = None, *, width: int = 40
) -> Exported:
    """Write a world with its clusters."""
    return export_chain(
        world.chain, world.clusters, world.labels, folder, bounds, with_clusters=True, width=width
    )


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """A generated chain; every 20th address labelled, so that the guard stops something, too."""
    folder = tmp_path_factory.mktemp("export-made")
    generate(folder / "generated", WISHES)
    ingest_here(folder / "chains" / "made", [folder / "generated" / "blocks"])
    chain = Chain.open(folder / "chains" / "made")
    rows = []
    for number, output in enumerate(range(0, chain.columns.output_count, 20)):
        kind, payload = chain.columns.script_at(output)
        text = encode_address(kind, payload, chain.network)
        if text is not None and kind is not ScriptKind.P2A:
            category = CATEGORIES[number % len(CATEGORIES)]
            rows.append((text, f"Made {number % 7}", category))
    table = write_labels(folder / "labels.csv", rows)
    world = world_of(chain, folder, [table], every=25, large=3)
    return _tried(world, folder / "export", 40)


@pytest.fixture(scope="session")
def real_world(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """Real blocks, one with its spent outputs, published labels, and loose transactions."""
    folder = tmp_path_factory.mktemp("export-real")
    blocks = SAMPLE / "blocks"
    spent = [blocks / "300025.spent-outputs.raw"]
    ingest_here(folder / "chains" / "real", [blocks, *LOOSE], network=MAINNET, spent=spent)
    chain = Chain.open(folder / "chains" / "real")
    tables = sorted((SAMPLE / "labels").iterdir())
    return _tried(world_of(chain, folder, tables), folder / "export", 1_000)
