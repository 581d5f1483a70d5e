"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class SelectorsConfig(AppConfig):
    """The index of selectors."""

    name = "kancil.desk.selectors"
    label = "selectors"
