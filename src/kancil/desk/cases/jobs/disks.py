"""Examination of a disk: an exhibit's image goes through the pass as a background job.

Whoever asks again after a stop goes on where the pass was: what was found lies in `triage/`.
"""

from __future__ import annotations

from kancil.custody.roll import Roll
from kancil.desk.cases.doing import CaseDoing
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.triage import triage_exhibit
from kancil.desk.jobs.job import work
from kancil.ground.ids import ExhibitId


@work("examine-disk")
def examine_disk(context: CaseDoing, *, exhibit: str) -> None:
    """Take an exhibit of the case through the pass; the ledger says who looked.

    Raises PageNotFound for an exhibit of another case, and what `triage_exhibit` raises.
    """
    bench, folder = context.bench, context.workspace.triage_dir
    found = bench.ledger.folded(Roll).exhibit(ExhibitId(exhibit))
    if found.case != context.case:
        raise PageNotFound
    outcome = triage_exhibit(
        bench.ledger, bench.vault, folder, found, context.by(), context.progress
    )
    context.once(
        lambda _: outcome,
        lambda made: {
            "examined": found.number, "entries": made.listed.entries,
            "files": len(made.contents), "skipped": len(made.left_out),
        },
    )  # fmt: skip
