"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The classroom's books."""

    name = "kancil.desk.training"
    label = "training"

    def ready(self) -> None:
        """Let a classroom take in its labs' files alone, and say of which network they are."""
        from kancil.desk.cases.admitting import admit_by
        from kancil.desk.studies.own_chains import networks_by

        from .queries.files import is_admitted, lab_network_of

        admit_by(is_admitted)
        networks_by(lab_network_of)
