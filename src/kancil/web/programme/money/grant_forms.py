"""Forms of a grant: its agreement, an instalment, a line of its budget."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from kancil.desk.programme.actions.budgets import BudgetDraft
from kancil.desk.programme.actions.grants import GrantDraft
from kancil.desk.programme.queries.grants import GrantPage
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.money.amount import read_minor
from kancil.programme.vocabulary import ActivityKind, BudgetClass
from kancil.records.described import named
from kancil.web.drafts import DraftedForm
from kancil.web.forms import choose, day, text
from kancil.web.meanwhile import version_read

Choices = list[tuple[str, str]]


def amount_field(*, required: bool = True) -> forms.CharField:
    """An amount as it is typed; the act's own currency says how it is read."""
    box = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.CharField(max_length=40, required=required, widget=box)


def currency_field(*, required: bool = True) -> forms.CharField:
    """A currency of ISO 4217."""
    return forms.CharField(min_length=3, max_length=3, required=required)


def classes() -> Choices:
    """The budget classes with their names."""
    return [(each.value, render_phrase(named(each))) for each in BudgetClass]


class GrantForm(DraftedForm):
    """A grant as its agreement says it."""

    act = "grant"
    options = (
        "money_countries", "money_outputs", "money_kinds", "money_earmark", "money_excluded",
        "money_support", "money_months",
        "money_within",
    )  # fmt: skip
    options_key = "web.money.terms"
    money_reference = text(60)
    money_title = text(300)
    money_donor = forms.ChoiceField(choices=())
    money_amount = amount_field()
    money_currency = currency_field()
    money_begins = day(required=True)
    money_ends = day(required=True)
    money_audit = day(required=True)
    money_earmark = text(2000, required=False, lines=3)
    money_countries = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    money_outputs = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    money_kinds = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    money_excluded = text(2000, required=False, lines=2)
    money_support = forms.DecimalField(
        min_value=0, max_value=100, decimal_places=2, initial=Decimal(0)
    )
    money_months = forms.IntegerField(min_value=1, max_value=60, initial=12)
    money_within = forms.IntegerField(min_value=0, max_value=1000, initial=90)
    version = version_read()

    def __init__(
        self, *args: Any, donors: Choices, countries: Choices, outputs: Choices, **kwargs: Any
    ) -> None:
        """Offer donors, countries and outputs."""
        super().__init__(*args, **kwargs)
        choose(self, "money_donor", [("", words("web.form.choose")), *donors])
        for name, known in (("money_countries", countries), ("money_outputs", outputs)):
            choose(self, name, known)
            if not known:
                del self.fields[name]
        kinds = [(each.value, render_phrase(named(each))) for each in ActivityKind]
        choose(self, "money_kinds", kinds)

    def draft(self) -> GrantDraft:
        """What was typed; raises AmountNotUsable, CurrencyUnknown."""
        given = self.cleaned_data
        currency = given["money_currency"].upper()
        return GrantDraft(
            donor=given["money_donor"],
            reference=given["money_reference"],
            title=given["money_title"],
            amount_minor=read_minor(given["money_amount"], currency),
            currency=currency,
            begins_on=given["money_begins"],
            ends_on=given["money_ends"],
            audit_until=given["money_audit"],
            support_bp=int(given["money_support"] * 100),
            earmark=given["money_earmark"],
            countries=given.get("money_countries", ()),
            outputs=given.get("money_outputs", ()),
            kinds=given["money_kinds"],
            excluded=given["money_excluded"],
            reports_every_months=given["money_months"],
            report_within_days=given["money_within"],
        )


def typed_grant(one: GrantPage) -> dict[str, Any]:
    """A grant as its form shows it."""
    return {
        "money_reference": one.row.reference,
        "money_title": one.row.title,
        "money_donor": one.row.donor_id,
        "money_amount": str(one.row.given.amount),
        "money_currency": one.row.given.currency,
        "money_begins": one.row.begins_on,
        "money_ends": one.row.ends_on,
        "money_audit": one.audit_until,
        "money_earmark": one.earmark,
        "money_countries": list(one.countries),
        "money_outputs": list(one.output_ids),
        "money_kinds": list(one.kinds),
        "money_excluded": one.excluded,
        "money_support": Decimal(one.support_bp) / 100,
        "money_months": one.reports_every_months,
        "money_within": one.report_within_days,
    }


class ReceiptForm(DraftedForm):
    """An instalment that came in."""

    act = "receipt"
    past = ("money_received",)
    money_received = day(required=True)
    money_amount = amount_field()
    money_voucher = text(120, required=False)


class LineForm(DraftedForm):
    """A line of a grant's budget; `money_line`: the one whose place it takes."""

    act = "line"
    money_class = forms.ChoiceField(choices=())
    money_amount = amount_field()
    money_from = day(required=True)
    money_to = day(required=True)
    money_activity = text(60, required=False)
    money_what = text(200, required=False)
    money_line = forms.ChoiceField(choices=(), required=False)

    def __init__(self, *args: Any, lines: Choices, **kwargs: Any) -> None:
        """Offer the classes, and the lines whose place it may take."""
        super().__init__(*args, **kwargs)
        choose(self, "money_class", [("", words("web.form.choose")), *classes()])
        choose(self, "money_line", [("", words("web.money.new-line")), *lines])
        if not lines:
            del self.fields["money_line"]

    def draft(self, grant: str, currency: str, activity: str) -> BudgetDraft:
        """What was typed, of a grant; raises AmountNotUsable."""
        given = self.cleaned_data
        return BudgetDraft(
            budget_class=given["money_class"],
            amount_minor=read_minor(given["money_amount"], currency),
            currency=currency,
            period_from=given["money_from"],
            period_to=given["money_to"],
            grant=grant,
            activity=activity,
            what=given["money_what"],
        )
