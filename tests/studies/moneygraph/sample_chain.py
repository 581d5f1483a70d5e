"""The sample's real blocks and labels as an open chain, and small chains made for tests."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.labels import read_label_file, read_labels
from kancil.bitcoin.labels.store import store_import
from kancil.bitcoin.network import MAINNET, REGTEST
from kancil.studies.labels_used import LabelsUsed, load_labels
from tests.bitcoin.chains import chain_of, ingest_here
from tests.bitcoin.regtest import (
    GENESIS_HASH,
    SUBSIDY_SAT,
    Tx,
    block_file,
    coinbase,
    grow,
    mine,
    p2pkh,
    pay,
)
from tests.cli.sample_unit import BLOCKS, LABELS, block_files

FETCHED = Given(fetched_on=date(2024, 9, 27))
FAN = 3_000
"""Outputs of the transaction that pays many."""


@cache
def folder() -> Path:
    """A folder that lasts as long as the tests run."""
    return Path(_kept().name)


@cache
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="kancil-graph-")


@cache
def sample_chain() -> Chain:
    """Ingest the sample's blocks."""
    spent = [BLOCKS / "300025.spent-outputs.raw"]
    ingest_here(folder() / "main", block_files(), network=MAINNET, spent=spent)
    return Chain.open(folder() / "main")


@cache
def sample_labels() -> LabelsUsed:
    """Import the sample's labels."""
    target = folder() / "labels"
    target.mkdir()
    for path in sorted(LABELS.iterdir()):
        store_import(target, read_label_file(path, FETCHED))
    return load_labels(target, sample_chain())


@cache
def fan_chain() -> tuple[Chain, Tx]:
    """Make a transaction of three thousand outputs, two of which are spent on."""
    (begin,) = grow(GENESIS_HASH, 1, 1)
    coins = begin.txs[0]
    values = [1_000 + 37 * number for number in range(FAN - 1)]
    rest = SUBSIDY_SAT - sum(values)
    outputs = [(value, p2pkh(100 + number)) for number, value in enumerate(values)]
    fan = Tx(((coins.txid, 0),), (*outputs, (rest, p2pkh(1))))
    onwards = [pay(fan, 5, (values[5] - 10, 7)), pay(fan, FAN - 1, (rest - 500, 8))]
    second = mine(begin.hash, [coinbase(2, 9), fan, *onwards], time=1_300_001_200)
    chain = chain_of(folder() / "fan", {"blk00000.dat": block_file([begin, second])})
    return chain, fan


def no_labels(chain: Chain) -> LabelsUsed:
    """A chain's labels where none were imported."""
    return load_labels(folder() / "nothing-here", chain)


def labels_of(chain: Chain, where: Path, rows: list[tuple[str, str, str, str]]) -> LabelsUsed:
    """Import made-up labels: address, label, publisher, category."""
    text = io.StringIO()
    csv.writer(text).writerows([("address", "label", "publisher", "category"), *rows])
    file = LabelFile("labels.csv", text.getvalue().encode())
    where.mkdir(parents=True, exist_ok=True)
    store_import(where, read_labels(file, FETCHED, REGTEST))
    return load_labels(where, chain)
