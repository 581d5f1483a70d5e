"""The results framework: outcomes, outputs, indicators with counting rules, and figures.

What is written anew stands after what it replaces: a figure was counted under one version of its
indicator, and a report keeps which.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person
from kancil.ground.ids import new_id


class ResultNode(models.Model):
    """An outcome or output of the results framework; its text stands in its newest version."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=8)
    """`impact`, `outcome`, `output`."""
    code = models.CharField(max_length=20, unique=True)
    """Such as `1.2`."""
    position = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """In order."""

        db_table = "result_node"
        ordering: ClassVar = ["position", "code"]


class NodeVersion(models.Model):
    """What an outcome or output says; a newer version stands after."""

    node = models.ForeignKey(ResultNode, models.CASCADE, related_name="versions")
    n = models.PositiveIntegerField()
    statement = models.TextField()
    assumption = models.TextField(blank=True, default="")
    risk = models.TextField(blank=True, default="")
    gender_marker = models.CharField(max_length=2, blank=True, default="")
    """UN gender marker: `0`, `1`, `2a`, `2b`."""
    sdg_targets = models.JSONField(default=list)
    """Targets of the Sustainable Development Goals, such as `16.2`."""
    reason = models.CharField(max_length=500, blank=True, default="")
    """Why it was written anew."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest last."""

        db_table = "result_node_version"
        ordering: ClassVar = ["n"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "n"], name="result_node_version_once")
        ]


class Indicator(models.Model):
    """What is measured of an outcome or output."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    node = models.ForeignKey(ResultNode, models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=20, unique=True)
    """Such as `1.2.a`."""
    position = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """In order."""

        db_table = "indicator"
        ordering: ClassVar = ["position", "code"]


class IndicatorVersion(models.Model):
    """How an indicator is counted, from where to where; a newer version stands after."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="versions")
    n = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    rule = models.JSONField(default=dict)
    """The counting rule, as `programme.counting.rule` writes it."""
    measure = models.CharField(max_length=12, default="unit")
    """`unit`, `percentage`, `qualitative`."""
    baseline = models.CharField(max_length=60, blank=True, default="")
    """A decimal number as text, or words where it is qualitative."""
    baseline_on = models.DateField(null=True)
    target = models.CharField(max_length=60, blank=True, default="")
    target_on = models.DateField(null=True)
    means = models.CharField(max_length=500, blank=True, default="")
    """Means of verification."""
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest last."""

        db_table = "indicator_version"
        ordering: ClassVar = ["n"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "n"], name="indicator_version_once")
        ]


class Figure(models.Model):
    """A number that stands for an indicator in a period, with the records behind it."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    version = models.ForeignKey(IndicatorVersion, models.PROTECT, related_name="figures")
    period_from = models.DateField()
    period_to = models.DateField()
    country = models.ForeignKey(Country, models.PROTECT, null=True, related_name="+")
    """Null: all countries."""
    grant = models.ForeignKey("Grant", models.PROTECT, null=True, related_name="+")
    """Null: whoever paid."""
    value = models.CharField(max_length=60)
    """A decimal number as text, or words where it is qualitative."""
    split = models.JSONField(default=dict)
    """By sex, role, country, age band: `{"sex": {"female": 12, …}, …}`."""
    records = models.JSONField(default=dict)
    """What was counted: record ids by kind (`participations`, `activities`, `head-counts`, …), and
    beside them `doubles`, who counts more than once, `of`, of how many a share is, and
    `without_days`, how many are left out since their days are not recorded."""
    is_entered = models.BooleanField(default=False)
    """By hand, for what is not counted here; `source` says from where."""
    source = models.CharField(max_length=300, blank=True, default="")
    contribution = models.TextField(blank=True, default="")
    """To what else the change is owed: contribution, not attribution."""
    older = models.ForeignKey("self", models.PROTECT, null=True, related_name="newer")
    """The figure that this one corrects."""
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By period, the newest correction last."""

        db_table = "result_figure"
        ordering: ClassVar = ["period_from", "at"]
