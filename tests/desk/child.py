"""A process of its own on a desk: `python -m tests.desk.child OFFICER KEY COUNT`.

The desk is named by KANCIL_HOME and DATABASE_URL. It appends COUNT entries and prints the number of
each once it is durable.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kancil.cli.frame.desk import desk_ledger
from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import from_text
from kancil.custody.cases import open_case
from kancil.desk.base.errors import DeskBusy
from kancil.ground.ids import OfficerId
from kancil.ground.signing import MemorySigner
from kancil.ground.workspace import open_workspace


def main() -> None:
    """Open case after case."""
    officer, key, count = sys.argv[1:4]
    ledger = desk_ledger(open_workspace(Path(os.environ["KANCIL_HOME"])))
    signer = MemorySigner(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key)))
    by = ActingOfficer(OfficerId(officer), signer)
    for _ in range(int(count)):
        entry = None
        while entry is None:  # whoever is told that the desk is busy tries again
            with suppress(DeskBusy):
                entry = open_case(ledger, title="Case", basis=from_text("Court"), by=by)
        print(entry.n, flush=True)  # noqa: T201  # the parent reads it


if __name__ == "__main__":
    main()
