"""Make the bundle that the admissibility lab plants flaws in: `make_lab_bundle.py OUT`.

The lab `ransom-payment` is worked by commands in a classroom's empty workspace, and its trace is
written into a bundle, so that unit, officer and case are exercise. `verify.html` is left out: it
stands in every Kancil. Keys and times are new each time; the file is kept, and made again only
where a later format is to be taught.
"""

from __future__ import annotations

import lzma
import sys
import tempfile
from pathlib import Path

from kancil.cli.main import every_command
from kancil.cli.training.bench import admitted_files, given_of, own_workspace
from kancil.ground.progress import SILENT
from kancil.reports.casework.bundle.archive import read_archive, write_archive
from kancil.reports.casework.bundle.manifest import PAGE
from kancil.training.lab import SMALL
from kancil.training.labs.ransom_payment import RANSOM_PAYMENT
from kancil.training.making import make_with_key
from kancil.training.solvers.ransom_payment import RANSOM_PAYMENT_SOLVER
from kancil.training.solving import CASE

SEED = 7


def make_lab_bundle() -> bytes:
    """The bundle of the lab's traces, without its page, packed by LZMA."""
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name) / "lab", Path(name) / "bundle.zip"
        manifest, _ = make_with_key(RANSOM_PAYMENT, SEED, SMALL, folder, SILENT)
        with (
            given_of(folder) as given,
            own_workspace(every_command()) as bench,
            admitted_files(manifest),
        ):
            RANSOM_PAYMENT_SOLVER.solve(bench, given)
            bench.ask("bundle", CASE, "-o", out, "--purpose", "Exercise")
        archive = read_archive(out.read_bytes())
    members = {name: data for name, data in archive.members.items() if name != PAGE}
    return lzma.compress(write_archive(members), preset=9 | lzma.PRESET_EXTREME)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(make_lab_bundle())
