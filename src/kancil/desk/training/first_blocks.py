"""The first real blocks as a blockchain of the classroom, which every case reads.

The block files are copied into the workspace, so that the blockchain can be built anew wherever
Kancil is installed by then.
"""

from __future__ import annotations

from kancil.bitcoin.chain.ingest import IngestReport, ingest
from kancil.bitcoin.holdings.sources import SourcePath
from kancil.bitcoin.network import MAINNET
from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.store import LedgerStore
from kancil.custody.unit import record_chain
from kancil.desk.studies.chains import chain_folder
from kancil.ground.files import write_durably
from kancil.ground.progress import SILENT, Progress
from kancil.ground.workspace import Workspace
from kancil.training.first_blocks import CHAIN, first_blocks

from .folders import first_blocks_folder


def read_first_blocks(workspace: Workspace, progress: Progress = SILENT) -> IngestReport:
    """Read the blocks into their blockchain; done twice, nothing is added.

    Raises FirstBlocksChanged, and what `ingest` raises.
    """
    folder, sources = first_blocks_folder(workspace), list[SourcePath]()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, data in first_blocks():
        write_durably(folder / name, data)
        sources.append(SourcePath(folder / name, name))
    chain = chain_folder(workspace, CHAIN)
    return ingest(chain, sources, network=MAINNET, progress=progress)


def record_first_blocks(ledger: LedgerStore, report: IngestReport, by: ActingOfficer) -> Entry:
    """Write into the ledger what was read."""
    return record_chain(
        ledger, chain=report.chain, network=report.network, sources=list(report.inputs),
        blocks=report.held["blocks"], transactions=report.held["transactions"],
        skipped=len(report.skipped), by=by,
    )  # fmt: skip
