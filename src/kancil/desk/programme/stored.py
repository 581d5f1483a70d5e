"""Which files of the site's store the programme's books name."""

from __future__ import annotations

from .models import Document, DonorReport, IatiFile, ImportBatch


def named_files() -> set[str]:
    """The digests of all files that rows of these books name."""
    found = set(Document.objects.values_list("sha256", flat=True))
    found.update(IatiFile.objects.values_list("sha256", flat=True))
    spending = ImportBatch.objects.filter(kind="spending", undone_at=None)
    found.update(spending.values_list("sha256", flat=True))
    for files in DonorReport.objects.values_list("files", flat=True):
        found.update(files.values())
    return found
