"""Forms of a grant: its agreement, an instalment, a line of its budget."""

from __future__ import annotations

from typing import Any

from django import forms

from kancil.desk.programme.actions.budgets import BudgetDraft
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.funding import GrantInput, ReceiptInput
from kancil.programme.money.amount import read_minor
from kancil.programme.vocabulary import BudgetClass
from kancil.records.described import named
from kancil.web.described import DescribedForm
from kancil.web.drafts import DraftedForm
from kancil.web.forms import choose, day, text

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


class GrantForm(DescribedForm):
    """A grant as its agreement says it."""

    act = "grant"
    given = GrantInput
    options = (
        "countries", "outputs", "kinds", "earmark", "excluded", "support_percent",
        "reports_every_months", "report_within_days",
    )  # fmt: skip
    options_key = "web.money.terms"


class ReceiptForm(DescribedForm):
    """An instalment that came in."""

    act = "receipt"
    given = ReceiptInput


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
