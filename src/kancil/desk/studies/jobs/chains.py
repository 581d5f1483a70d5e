"""Ingest: the block files of a case's exhibits are read into a chain.

Outside the database the chain's folder changes: all of an ingest or nothing of it, and the same
files again add nothing. A worker that dies between folder and ledger entry leaves the task to the
next one, which reads the same files and writes the entry; the ledger then has it once. What the new
blocks touch of the watch lists is kept in the desk before that, and twice is as once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import IngestReport
from kancil.bitcoin.chain.ingest import ingest as ingest_sources
from kancil.bitcoin.holdings.sources import SourcePath
from kancil.bitcoin.network import network_named
from kancil.custody.entry import Entry
from kancil.custody.errors import ExhibitNotFound
from kancil.custody.roll import Roll
from kancil.custody.unit import record_chain
from kancil.desk.cases.doing import CaseDoing
from kancil.desk.jobs.job import work
from kancil.desk.jobs.skips import kept_skips
from kancil.desk.studies.chains import chain_folder, exhibit_sources
from kancil.desk.studies.own_chains import require_ingest
from kancil.desk.studies.watching import look


@work("ingest")
def ingest(
    context: CaseDoing,
    *,
    chain: str,
    exhibits: list[str],
    spent: list[str] | None = None,
    network: str = "mainnet",
) -> None:
    """Read exhibits of the case into a chain; `spent`: exhibits that hold spent outputs.

    Raises ChainNameWrong, ExhibitNotFound for one of another case, what `require_ingest` raises,
    and what ingesting raises.
    """
    known = network_named(network)
    require_ingest(
        context.workspace, chain, network, case=context.case, person=context.hold.task.asked_by
    )
    folder = chain_folder(context.workspace, chain)
    report = ingest_sources(
        folder,
        list(_sources(context, exhibits)),
        network=known,
        spent=list(_sources(context, spent or [])),
        progress=context.progress,
    )
    look(Chain.open(folder))
    context.once(
        lambda by: record_chain(
            context.bench.ledger,
            chain=chain,
            network=known.name,
            sources=list(report.inputs),
            blocks=report.held.get("blocks", 0),
            transactions=report.held.get("transactions", 0),
            skipped=len(report.skipped),
            by=by,
        ),
        lambda entry: _told(report, entry),
    )


def _sources(context: CaseDoing, names: list[str]) -> Iterator[SourcePath]:
    roll = context.bench.ledger.folded(Roll)
    for name in names:
        exhibit = roll.exhibit(name)
        if exhibit.case != context.case:
            raise ExhibitNotFound(name=name[:40])
        yield from exhibit_sources(exhibit, context.bench.vault)


def _told(report: IngestReport, entry: Entry) -> dict[str, Any]:
    return {
        "chain": report.chain,
        "blocks": report.held.get("blocks", 0),
        "transactions": report.held.get("transactions", 0),
        "new_blocks": report.added.get("blocks", 0),
        "entry": entry.n,
        **kept_skips(report.skipped),
    }
