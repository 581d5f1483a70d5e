"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Custody of the desk."""

    name = "kancil.desk.custody"
    label = "custody"
