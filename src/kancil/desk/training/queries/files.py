"""Which files this classroom gave out, and of which network their blocks are."""

from __future__ import annotations

from kancil.desk.training.models import AdmittedFile, Attempt
from kancil.training.lab import NETWORK


def is_admitted(sha256: str) -> bool:
    """Whether the manifest of a lab that was given here names a file with this SHA-256 (hex)."""
    return AdmittedFile.objects.filter(sha256=sha256).exists()


def lab_network_of(case: str) -> str:
    """The network of the blocks of an attempt's case; empty for a case of no lab."""
    return NETWORK if Attempt.objects.filter(case_id=case).exists() else ""
