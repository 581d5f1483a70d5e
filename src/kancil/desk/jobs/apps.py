"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Background work of the desk."""

    name = "kancil.desk.jobs"
    label = "work"
