"""Money: donors, grants, budgets, dated rates of exchange, and spending from the ledger's export.

Amounts are whole numbers of the currency's smallest unit (ISO 4217: cents of a dollar, yen), in
`…_minor`; `programme.money.amount` writes and reads them. Rates are decimal numbers as text.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models

from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person
from kancil.ground.ids import new_id
from kancil.programme.money.amount import Money

from .imports import ImportBatch


class Donor(models.Model):
    """Who pays: a State's ministry or agency, or an organisation."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    country_code = models.CharField(max_length=2, blank=True, default="")
    iati_ref = models.CharField(max_length=80, blank=True, default="")
    """Identifier in IATI files, such as `AU-5`."""
    iati_type = models.CharField(max_length=2, default="10")
    """Code of IATI's list OrganisationType; 10: a government."""
    version = models.PositiveIntegerField(default=1)
    """Counts how often it was written anew: of two who write at once, the second is told."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By name."""

        db_table = "donor"
        ordering: ClassVar = ["name"]


class DonorSeat(models.Model):
    """A donor whose grants and published reports a donor reader sees."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="donor_seats")
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="seats")

    class Meta:
        """One a person and donor."""

        db_table = "donor_seat"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "donor"], name="donor_seat_once")
        ]


class Grant(models.Model):
    """What a donor gives, for what, until when, and how it is reported."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="grants")
    reference = models.CharField(max_length=60, unique=True)
    """The grant's code in the organisation's ledger."""
    title = models.CharField(max_length=300)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    begins_on = models.DateField()
    ends_on = models.DateField()
    audit_until = models.DateField()
    """Until when records behind its reports are kept."""
    support_bp = models.PositiveIntegerField(default=0)
    """Programme support costs in hundredths of a percent of what is spent directly."""
    earmark = models.TextField(blank=True, default="")
    """For what it is given, in the agreement's words; empty: not earmarked."""
    countries = models.ManyToManyField(Country, related_name="grants")
    """Countries it is given for; none: all."""
    outputs: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "ResultNode", related_name="grants"
    )
    """Outputs it is given for; none: all."""
    kinds = models.JSONField(default=list)
    """Kinds of activities it is given for, of `ActivityKind`; none: all."""
    excluded = models.TextField(blank=True, default="")
    """What it does not pay, in the agreement's words."""
    reports_every_months = models.PositiveIntegerField(default=12)
    report_within_days = models.PositiveIntegerField(default=90)
    """After a period's end."""
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By its beginning, the newest first."""

        db_table = "grant_given"
        ordering: ClassVar = ["-begins_on", "reference"]

    @property
    def amount(self) -> Decimal:
        """With the currency's own places."""
        return Money(self.currency, self.amount_minor).amount

    @property
    def support_percent(self) -> Decimal:
        """Programme support costs, of what is spent directly."""
        return Decimal(self.support_bp) / 100


class Receipt(models.Model):
    """An instalment of a grant that came in."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="receipts")
    received_on = models.DateField()
    amount_minor = models.BigIntegerField()
    """In the grant's currency."""
    reference = models.CharField(max_length=120, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By day."""

        db_table = "grant_receipt"
        ordering: ClassVar = ["received_on", "id"]


class BudgetLine(models.Model):
    """A budgeted amount of a grant, of an activity, or of a grant for an activity."""

    grant = models.ForeignKey(Grant, models.PROTECT, null=True, related_name="budget")
    activity = models.ForeignKey("Activity", models.PROTECT, null=True, related_name="budget")
    budget_class = models.CharField(max_length=24)
    """`programme.vocabulary.BudgetClass`."""
    what = models.CharField(max_length=200, blank=True, default="")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    period_from = models.DateField()
    period_to = models.DateField()
    """At most a year."""
    replaced_at = models.DateTimeField(null=True)
    """When another line took its place: a budget's history stays."""
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By period."""

        db_table = "budget_line"
        ordering: ClassVar = ["period_from", "id"]

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.currency, self.amount_minor)


class RateTable(models.Model):
    """A published table of rates of exchange: whose, of which day."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    source = models.CharField(max_length=300)
    """Such as *UN operational rates of exchange, 1 November 2026*."""
    base = models.CharField(max_length=3)
    valid_from = models.DateField()
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        db_table = "rate_table"
        ordering: ClassVar = ["-valid_from", "-at"]


class Rate(models.Model):
    """How many units of a currency one unit of the table's base is."""

    table = models.ForeignKey(RateTable, models.CASCADE, related_name="rates")
    currency = models.CharField(max_length=3)
    per_base = models.CharField(max_length=40)

    class Meta:
        """One a table and currency."""

        db_table = "rate"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table", "currency"], name="rate_once")
        ]


class SpendingFile(models.Model):
    """An export of the organisation's own ledger, for a period, with the total that it states."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    batch = models.OneToOneField(ImportBatch, models.PROTECT, related_name="spending_file")
    system = models.CharField(max_length=120)
    """The ledger it was exported from."""
    period_from = models.DateField()
    period_to = models.DateField()
    currency = models.CharField(max_length=3)
    stated_minor = models.BigIntegerField(null=True)
    """The total as the ledger states it; null: it was not given, so nothing is reconciled."""

    class Meta:
        """The newest period first."""

        db_table = "spending_file"
        ordering: ClassVar = ["-period_to", "-id"]


class SpendingLine(models.Model):
    """One line of a ledger's export, and the grant and activity it belongs to."""

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(SpendingFile, models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()
    posted_on = models.DateField()
    reference = models.CharField(max_length=120)
    grant_code = models.CharField(max_length=60, blank=True, default="")
    activity_code = models.CharField(max_length=60, blank=True, default="")
    """Both as the ledger writes them."""
    grant = models.ForeignKey(Grant, models.PROTECT, null=True, related_name="spending")
    activity = models.ForeignKey("Activity", models.PROTECT, null=True, related_name="spending")
    matched_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Who matched it by hand; null: by its codes, or not at all."""
    budget_class = models.CharField(max_length=24)
    what = models.CharField(max_length=300, blank=True, default="")
    amount_minor = models.BigIntegerField()
    """In the file's currency; less than nothing: a credit."""

    class Meta:
        """By day."""

        db_table = "spending_line"
        ordering: ClassVar = ["posted_on", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["grant", "file", "posted_on", "budget_class", "amount_minor"],
                name="spending_by_grant",
            ),
            models.Index(fields=["activity"], name="spending_by_activity"),
        ]
