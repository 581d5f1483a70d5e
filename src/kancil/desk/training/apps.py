"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The classroom's books."""

    name = "kancil.desk.training"
    label = "training"

    def ready(self) -> None:
        """Let a classroom take in the files of its labs, and no others."""
        from kancil.desk.cases.admitting import admit_by

        from .queries.files import is_admitted

        admit_by(is_admitted)
