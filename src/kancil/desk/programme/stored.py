"""Which files of the site's store the programme's books name."""

from __future__ import annotations

from kancil.desk.programme.imports.batches import KEPT_FILES
from kancil.desk.programme.models import Document, DonorReport, IatiFile, ImportBatch


def named_files() -> set[str]:
    """The digests of all files that rows of these books name."""
    found = set(Document.objects.values_list("sha256", flat=True))
    found.update(IatiFile.objects.values_list("sha256", flat=True))
    # A list of people is kept while it waits, and no longer: who was on it may be forgotten.
    waiting = ImportBatch.objects.filter(kind__in=KEPT_FILES, rows=0, undone_at=None)
    found.update(waiting.values_list("sha256", flat=True))
    spending = ImportBatch.objects.filter(kind="spending", undone_at=None)
    found.update(spending.values_list("sha256", flat=True))
    for files in DonorReport.objects.values_list("files", flat=True):
        found.update(files.values())
    return found
