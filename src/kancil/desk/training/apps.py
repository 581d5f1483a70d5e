"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The classroom's books."""

    name = "kancil.desk.training"
    label = "training"
