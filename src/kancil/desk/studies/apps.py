"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class StudiesConfig(AppConfig):
    """Studies of the desk."""

    name = "kancil.desk.studies"
    label = "studies"
