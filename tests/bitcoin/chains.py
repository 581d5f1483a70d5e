"""Chains made for tests, ingested in this process so that many can be made quickly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from kancil.bitcoin.chain import ingest as ingest_room
from kancil.bitcoin.chain import ingest_child
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import IngestReport
from kancil.bitcoin.holdings.sources import SourcePath
from kancil.bitcoin.network import REGTEST, Network


def ingest_here(
    chain_dir: Path,
    sources: Sequence[SourcePath | Path],
    *,
    network: Network = REGTEST,
    spent: Sequence[SourcePath | Path] = (),
) -> IngestReport:
    """Ingest as ever, but without the child process."""

    def run(request: dict[str, Any], *_rest: Any) -> dict[str, Any]:
        return ingest_child.run(request, lambda _message: None)

    with mock.patch.object(ingest_room, "_in_child", run):
        return ingest_room.ingest(chain_dir, sources, network=network, spent=spent)


def chain_of(folder: Path, files: dict[str, bytes], **more: Any) -> Chain:
    """Write files, ingest them in this order into a new chain, and open it."""
    paths = []
    for name, data in files.items():
        path = folder / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        paths.append(path)
    ingest_here(folder / "chains" / "test", paths, **more)
    return Chain.open(folder / "chains" / "test")
