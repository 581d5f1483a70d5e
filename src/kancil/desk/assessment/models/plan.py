"""The costed plan of a round, and the board that follows it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .rounds import Country, Round


class GapWish(models.Model):
    """What people set for one gap: target, the country's choice, how soon it can be done."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="wishes")
    protocol = models.CharField(max_length=80)
    indicator = models.CharField(max_length=60)
    target = models.IntegerField(null=True)
    choice = models.PositiveSmallIntegerField(default=1)
    """`assessment.plan.Choice`."""
    reason = models.TextField(blank=True, default="")
    feasibility = models.PositiveSmallIntegerField(default=2)
    """`assessment.plan.Feasibility`."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """One a round and indicator."""

        db_table = "gap_wish"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "protocol", "indicator"], name="gap_wish_once")
        ]


class PlanItem(models.Model):
    """One item of a costed plan."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="plan")
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=12, blank=True, default="")
    """Of the item's texts, `ar`; empty: it was written before languages were kept. Other languages
    are texts of the report (`assessment.narrative.plan_section`)."""
    protocol = models.CharField(max_length=80)
    indicators = models.JSONField(default=list)
    assistance = models.CharField(max_length=40)
    concepts = models.JSONField(default=list)
    owner = models.CharField(max_length=200)
    partner = models.CharField(max_length=200, blank=True, default="")
    donor = models.CharField(max_length=200, blank=True, default="")
    begins_on = models.DateField(null=True)
    months = models.PositiveIntegerField(default=1)
    cost_minor = models.BigIntegerField(null=True)
    """In hundredths of the currency; null: not costed."""
    currency = models.CharField(max_length=3, blank=True, default="")
    cost_basis = models.CharField(max_length=300, blank=True, default="")
    """How the cost was reckoned."""
    success = models.CharField(max_length=500)
    """By what it is seen that it worked."""
    to_security_forces = models.BooleanField(default=False)
    not_forces_reason = models.TextField(blank=True, default="")
    """Why it is no support to police or security forces, where its gaps or its kind look so."""
    state = models.CharField(max_length=10, default="proposed")
    """`assessment.plan.ItemState`."""
    state_reason = models.TextField(blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    position_reason = models.CharField(max_length=500, blank=True, default="")
    """Why it stands elsewhere than suggested."""
    depends_on = models.ManyToManyField("self", symmetrical=False, related_name="needed_by")
    output = models.CharField(max_length=500, blank=True, default="")
    """What the item itself delivers."""
    outcome = models.CharField(max_length=500, blank=True, default="")
    """What the owner does otherwise because of it."""
    impact = models.CharField(max_length=500, blank=True, default="")
    """What changes for people, to which it contributes."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """In order."""

        db_table = "plan_item"
        ordering: ClassVar = ["position", "at", "id"]


class CostLine(models.Model):
    """One line of an item's cost: a rate a unit, by how many; the item's cost is their sum."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="cost_lines")
    what = models.CharField(max_length=200)
    unit = models.CharField(max_length=60)
    rate_minor = models.BigIntegerField()
    """In hundredths of the item's currency."""
    quantity = models.DecimalField(max_digits=12, decimal_places=2)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        """In order."""

        db_table = "cost_line"
        ordering: ClassVar = ["position", "id"]


class DueDiligence(models.Model):
    """A Human Rights Due Diligence record of a plan's item; a newer one stands after."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="diligence")
    risk = models.TextField()
    mitigation = models.TextField()
    decision = models.CharField(max_length=24)
    """`proceed`, `proceed-with-conditions`, `refuse`."""
    decided_by = models.CharField(max_length=200)
    review_on = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "due_diligence"
        ordering: ClassVar = ["-at"]


class Body(models.Model):
    """A body of the cross-government response: who is responsible, and how often it meets."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="bodies")
    name = models.CharField(max_length=200)
    sector = models.CharField(max_length=40)
    responsible = models.CharField(max_length=200)
    """An office, not a person."""
    mandate = models.CharField(max_length=500, blank=True, default="")
    meets_every_months = models.PositiveIntegerField(null=True)
    last_met_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        """By sector and name."""

        db_table = "board_body"
        ordering: ClassVar = ["sector", "name"]


class Matter(models.Model):
    """What is open before a body."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="matters")
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """Open ones first, by date."""

        db_table = "board_matter"
        ordering: ClassVar = ["closed_on", "due_on", "title"]
