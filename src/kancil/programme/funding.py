"""What is said of donors, grants, budgets and rates: typed, searched for, imported."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator, model_validator

from kancil.ground.days import months_after
from kancil.programme.money.amount import digits_of, read_minor
from kancil.programme.vocabulary import ActivityKind, BudgetClass, DonorType
from kancil.records.described import Amount, Called, Input, Line, Lines, Of, Past
from kancil.records.errors import NotSo


def _currency(code: str) -> str:
    """Raises CurrencyUnknown."""
    digits_of(code.upper())
    return code.upper()


Currency = Annotated[str, Line(3), AfterValidator(_currency)]
"""Of ISO 4217."""


class DonorInput(Input):
    """A donor as somebody writes it."""

    name: Annotated[str, Line(200), Field(examples=["Ministry of Norland"])]
    """Its name."""
    country_code: Annotated[str, Line(2), Field(examples=["XN"])] = ""
    """Two letters of ISO 3166, such as AU."""
    iati_ref: Annotated[str, Line(80), Field(examples=["XN-5"])] = ""
    """Its IATI identifier, such as AU-5."""
    iati_type: DonorType = DonorType.GOVERNMENT
    """Code of IATI's list OrganisationType."""

    @field_validator("country_code")
    @classmethod
    def _country(cls, value: str) -> str:
        if value and not (len(value) == 2 and value.isalpha()):
            raise NotSo("not-usable")
        return value.upper()


class DonorSearch(Input):
    """Which donors are looked for."""

    iati_type: DonorType | None = None
    sort: str | None = None


class GrantInput(Input):
    """A grant as its agreement says it."""

    reference: Annotated[str, Line(60), Called("ledger_code")]
    """Its code in the organisation's ledger."""
    title: Annotated[str, Line(300)]
    """As the agreement has it."""
    donor: Annotated[str, Of("donor")]
    """Name of the donor, or its id."""
    amount: Annotated[str, Amount()]
    """Such as 1250000.00."""
    currency: Currency
    """Three letters, such as USD."""
    begins_on: date
    """First day, 2026-01-01."""
    ends_on: date
    """Last day."""
    audit_until: date
    """Until when its records are kept."""
    earmark: Annotated[str, Lines(2000, rows=3)] = ""
    """For what it is given, in the agreement's words."""
    countries: Annotated[tuple[str, ...], Of("country"), Called("for_countries")] = ()
    """Country that it is given for; else all."""
    outputs: Annotated[tuple[str, ...], Of("output")] = ()
    """Output that it is given for, by its code or id; else all."""
    kinds: tuple[ActivityKind, ...] = ()
    """Kind of activity that it is given for; else all."""
    excluded: Annotated[str, Lines(2000, rows=2)] = ""
    """What it does not pay, in the agreement's words."""
    support_percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)] = Decimal(0)
    """Programme support costs, of what is spent directly."""
    reports_every_months: Annotated[int, Field(ge=1, le=60)] = 12
    """Months between reports."""
    report_within_days: Annotated[int, Field(ge=0, le=1000)] = 90
    """Days for a report after its period."""

    @property
    def minor(self) -> int:
        """The amount in the currency's smallest unit; raises AmountNotUsable."""
        return read_minor(self.amount, self.currency)

    @model_validator(mode="after")
    def _agrees(self) -> GrantInput:
        if self.minor <= 0:
            raise NotSo("amount: not-usable")
        if self.ends_on < self.begins_on:
            raise NotSo("ends_on: not-usable")
        if self.audit_until < self.ends_on:
            raise NotSo("audit_until: not-usable")
        return self


class ReceiptInput(Input):
    """An instalment of a grant that came in, or one that was paid back (less than nothing)."""

    received_on: Annotated[date, Past()]
    """Day, 2026-01-01."""
    amount: Annotated[str, Amount()]
    """In the grant's currency."""
    reference: Annotated[str, Line(120), Called("voucher")] = ""
    """Of the voucher in the organisation's ledger."""


class RateTableInput(Input):
    """A table of rates of exchange: whose, and of which day."""

    source: Annotated[str, Line(300), Called("rate_source")]
    """Whose table it is."""
    base: Currency
    """One unit of it is so many of each currency."""
    valid_from: date
    """From which day it is valid."""
    rates: Annotated[str, Lines(5000)] = ""
    """A currency and its rate on each line, as printed; empty where a file has them."""

    @field_validator("rates")
    @classmethod
    def _in_pairs(cls, value: str) -> str:
        if any(len(each.split()) != 2 for each in value.splitlines() if each.strip()):
            raise NotSo("rate-line")
        return value

    @property
    def per_base(self) -> dict[str, str]:
        """Units of each currency for one of the base."""
        pairs = (each.split() for each in self.rates.splitlines() if each.strip())
        return {currency.upper(): rate for currency, rate in pairs}


class RateTableSearch(Input):
    """Which tables of rates are looked for."""

    base: Annotated[str, Line(3), AfterValidator(str.upper)] = ""
    """Three letters, such as USD."""
    sort: str | None = None


class BudgetInput(Input):
    """A budgeted amount of a grant, or of a grant for an activity."""

    budget_class: BudgetClass
    amount: Annotated[str, Amount()]
    """In the grant's currency."""
    period_from: date
    period_to: Annotated[date, Called("period_until")]
    """At most a year after."""
    activity_code: Annotated[str, Line(60)] = ""
    what: Annotated[str, Line(200)] = ""

    @model_validator(mode="after")
    def _at_most_a_year(self) -> BudgetInput:
        last = (months_after(self.period_from, 12) or date.max) - timedelta(days=1)
        if not self.period_from <= self.period_to <= last:
            raise NotSo("period_to: not-usable")
        return self
