"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class PackagesConfig(AppConfig):
    """Received packages of the programme's site."""

    name = "kancil.desk.packages"
    label = "packages"
