"""Jobs over chains, labels, studies and reported transfers; importing it makes them known."""

from __future__ import annotations

from .chains import ingest
from .clusters import make_clusters
from .labels import import_labels
from .reported_transfers import read_transfers, try_transfers
from .studies import check_study, run_study
from .traces import run_trace

JOBS = (
    check_study, import_labels, ingest, make_clusters, read_transfers, run_study, run_trace,
    try_transfers,
)  # fmt: skip
