"""The room's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People of the desk."""

    name = "kancil.desk.people"
    label = "people"
