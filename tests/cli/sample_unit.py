"""A unit with the sample's real blocks: built once a run, copied for whoever changes it.

Blocks 0-599, 370661, 574200 and 300025 with what it spends (sample/SOURCES.md), the labels beside
them, two serving officers and a retired one, three cases with a trace each.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from kancil.bitcoin.clusters import store as cluster_store
from tests.cli.real_payments import FIRST_COINS as FIRST_COINS
from tests.cli.real_payments import FIRST_PAYMENT as FIRST_PAYMENT
from tests.cli.real_payments import LISTED_PAYMENT as LISTED_PAYMENT
from tests.cli.real_payments import LONG_CHAIN as LONG_CHAIN
from tests.cli.real_payments import PAID_ADDRESS as PAID_ADDRESS
from tests.cli.running import ROOT, Unit, run

BLOCKS = ROOT / "sample" / "blocks"
LABELS = ROOT / "sample" / "labels"

BASIS = "Training exercise on public blocks; no real case"


def found(root: Path, name: str = "Sample Unit", officer: str = "Dara") -> Unit:
    """Make an empty workspace."""
    exception = "sample data only"
    ran = run(
        "init", root, "--name", name, "--country", "LA", "--zone", "Asia/Vientiane",
        "--officer", officer, "--disk-exception", exception,
    )  # fmt: skip
    assert ran.status == 0, ran.err
    return Unit(root)


def block_files() -> list[Path]:
    """List the sample's block files."""
    return [path for path in sorted(BLOCKS.iterdir()) if "spent" not in path.name]


def fill(unit: Unit) -> None:
    """Take the blocks in, ingest them, import the labels."""
    unit.say("case", "new", "The first payment", "--legal-basis", BASIS)
    unit.say("exhibit", "add", "C1", *block_files(), "--title", "Blocks")
    unit.say("exhibit", "add", "C1", BLOCKS / "300025.spent-outputs.raw", "--title", "Spent")
    unit.say("bitcoin", "ingest", "main", "E1", "--spent", "E2")
    unit.say("labels", "import", *sorted(LABELS.iterdir()), "--fetched-on", "2024-09-27")


def built(folder: Path) -> Unit:
    """Build the sample unit in a folder."""
    unit = found(folder / "unit")
    fill(unit)
    unit.say("officer", "add", "Boun Souk", "--vouch", "known for years", "--role", "custodian")
    unit.say("officer", "add", "Kham", "--vouch", "known for years")
    unit.say("officer", "retire", "O3", "--reason", "moved")
    unit.say("case", "new", "Seventy-one hops", "--legal-basis", BASIS)
    unit.say("case", "new", "A listed address was paid", "--legal-basis", BASIS)
    trace = ("bitcoin", "trace", "main")
    unit.say(*trace, FIRST_COINS, "--case", "C1", "--why", "sample")
    unit.say(*trace, LONG_CHAIN, "--case", "C2", "--why", "sample")
    unit.say(*trace, LISTED_PAYMENT, "--direction", "backward", "--case", "C3", "--why", "sample")
    return unit


def copied(unit: Unit, folder: Path) -> Unit:
    """Copy a unit into a folder, to be changed there."""
    root = folder / "unit"
    # Clusters are a cache that a question of another test may have made.
    shutil.copytree(unit.root, root, ignore=shutil.ignore_patterns(cluster_store.NAME))
    return Unit(root, unit.officer)
