"""Sightings of selectors as rows: derived from recorded results, and made anew from them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Sighting(models.Model):
    """A selector that a table of a recorded study names."""

    kind = models.TextField()
    value = models.TextField()
    """In the normal form of its kind."""
    case_id = models.TextField()
    """Id of the case: whoever may not see it is not told of the sighting."""
    study_id = models.TextField()
    """Id of the recorded study, or trace."""
    table = models.TextField()
    row = models.BigIntegerField()
    """The first row that names it, from 1."""
    rows = models.BigIntegerField()

    class Meta:
        """In the order of the index."""

        db_table = "sighting"
        indexes: ClassVar = [
            models.Index(fields=["value", "case_id"], name="sighting_value"),
            models.Index(fields=["study_id"], name="sighting_study"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study_id", "table", "kind", "value"], name="sighting_once"
            )
        ]


class Indexed(models.Model):
    """A recorded study whose sightings are in the index, be there any or none."""

    study_id = models.TextField(primary_key=True)

    class Meta:
        """By study."""

        db_table = "sighting_indexed"
