"""Jobs over chains, labels, traces and reported transfers; importing it makes them known."""

from __future__ import annotations

from .chains import ingest
from .clusters import make_clusters
from .labels import import_labels
from .reported_transfers import read_transfers, try_transfers
from .traces import run_trace

JOBS = (import_labels, ingest, make_clusters, read_transfers, run_trace, try_transfers)
