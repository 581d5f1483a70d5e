"""Which files this classroom gave out."""

from __future__ import annotations

from kancil.desk.training.models import AdmittedFile


def is_admitted(sha256: str) -> bool:
    """Whether the manifest of a lab that was given here names a file with this SHA-256 (hex)."""
    return AdmittedFile.objects.filter(sha256=sha256).exists()
