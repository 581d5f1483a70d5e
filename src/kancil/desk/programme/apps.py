"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """The programme's desk."""

    name = "kancil.desk.programme"
    label = "programme"

    def ready(self) -> None:
        """Load the registers, and let the store know which of its files these books name."""
        from kancil.desk.assessment.stored import NAMING
        from kancil.desk.programme import registers  # noqa: F401  # a field names one by its name alone
        from kancil.desk.programme.stored import named_files

        if named_files not in NAMING:
            NAMING.append(named_files)
