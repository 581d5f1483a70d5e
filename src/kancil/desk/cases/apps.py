"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases of the desk."""

    name = "kancil.desk.cases"
    label = "cases"
