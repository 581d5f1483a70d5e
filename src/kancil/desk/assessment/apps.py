"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Assessments of the desk."""

    name = "kancil.desk.assessment"
    label = "assessment"
