"""Works: what runs behind the pages. Each reads its parameters, calls one action, tells what came.

A work stands above the reports, since it may run what they run, and below the doors, which ask for
it. Importing this room makes all work known (Django must be set up); the promise is
`kancil.desk.jobs.job`.
"""

from __future__ import annotations

from .chains import ingest
from .clusters import make_clusters
from .folders import admit_folder
from .labels import import_labels
from .stated import read_transfers, try_transfers
from .traces import run_trace
from .uploads import admit_upload

WORKS = (
    admit_folder,
    admit_upload,
    import_labels,
    ingest,
    make_clusters,
    read_transfers,
    run_trace,
    try_transfers,
)
"""All work there is."""
