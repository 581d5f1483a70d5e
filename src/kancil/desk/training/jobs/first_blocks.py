"""The first real blocks read behind the pages, once for a classroom."""

from __future__ import annotations

from kancil.desk.cases.doing import CaseDoing
from kancil.desk.jobs.job import work
from kancil.desk.training.first_blocks import read_first_blocks as read
from kancil.desk.training.first_blocks import record_first_blocks


@work("read-first-blocks")
def read_first_blocks(context: CaseDoing) -> None:
    """Read the blocks, and write the entry; a worker that dies between leaves it to the next."""
    report = read(context.workspace, context.progress)
    context.once(
        lambda by: record_first_blocks(context.bench.ledger, report, by),
        lambda _entry: {"chain": report.chain, "blocks": report.held["blocks"]},
    )
