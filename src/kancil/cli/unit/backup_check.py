"""Who signed a backup, and whether it holds, checked without restoring it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from kancil.cli.frame.door import Door
from kancil.custody.errors import LedgerBroken
from kancil.custody.verdict import LedgerVerdict
from kancil.custody.verify import verify_entries
from kancil.evidence.age import Identity
from kancil.evidence.backup import ENTRIES_NAME, Restored, check_backup, copied_entries
from kancil.evidence.errors import BackupSignerUnknown
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.reports.casework.bundle.checker.verdict import EXIT_NOT_CONFIRMED


def require_key(source: Path, found: Restored, key: str | None) -> None:
    """Refuse a backup that another key signed than was expected; raises BackupSignerUnknown."""
    if key is not None and found.signed_by != key:
        raise BackupSignerUnknown(path=str(source), fingerprint=found.signed_by or "-")


def require_signer(source: Path, found: Restored, verdict: LedgerVerdict) -> None:
    """Refuse a backup that was signed with no key that is good where its ledger ends."""
    if found.signed_by is None:
        return
    span = verdict.keys.spans.get(found.signed_by)
    if span is None or not span.is_active(verdict.size + 1):
        raise BackupSignerUnknown(path=str(source), fingerprint=found.signed_by)


def require_whole(verdict: LedgerVerdict) -> None:
    """Raise LedgerBroken for the first thing that is wrong."""
    if verdict.problems:
        first = verdict.problems[0]
        raise LedgerBroken(n=first.n, problem=Phrase(f"problem.{first.code}", first.params))


def verify_backup(
    door: Door, path: Path, *, key: str | None, identities: Sequence[Identity]
) -> int:
    """Check a backup file without restoring it, and answer; gives the status.

    Raises BackupNotReadable, BackupBroken, BackupSignerUnknown, LedgerBroken.
    """
    with tempfile.TemporaryDirectory(prefix="kancil-") as folder:
        books = Path(folder)
        with door.screen.progress() as progress:
            found = check_backup(path, books, identities=identities, progress=progress)
        require_key(path, found, key)
        holder = None
        if (books / ENTRIES_NAME).is_file():
            verdict = verify_entries(copied_entries(books))
            require_whole(verdict)
            require_signer(path, found, verdict)
            holder = found.signed_by and verdict.keys.spans[found.signed_by].holder
    is_known = found.signed_by is not None and (holder is not None or key is not None)
    answer = "unsigned" if found.signed_by is None else "known" if is_known else "stranger"
    value = {
        "id": found.list_sha256,
        "path": str(path),
        "files": found.files,
        "size_bytes": str(found.size_bytes),
        "signed_by": found.signed_by,
        "holder": holder,
        "answer": answer,
    }
    words = render(
        f"note.backup-answer-{answer}", path=path.name, files=found.files, key=found.signed_by or ""
    )
    door.show(value, words)
    return 0 if is_known else EXIT_NOT_CONFIRMED
