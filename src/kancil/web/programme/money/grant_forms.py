"""Forms of a grant: its agreement, an instalment, a line of its budget."""

from __future__ import annotations

from typing import Any

from django import forms

from kancil.ground.words import render as words
from kancil.programme.funding import BudgetInput, GrantInput, ReceiptInput
from kancil.web.described import DescribedForm
from kancil.web.forms import Choices, choose


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


class LineForm(DescribedForm):
    """A line of a grant's budget; `money_line`: the one whose place it takes."""

    act = "line"
    given = BudgetInput
    money_line = forms.ChoiceField(choices=(), required=False)

    def __init__(self, *args: Any, lines: Choices, **kwargs: Any) -> None:
        """Offer the lines whose place it may take."""
        super().__init__(*args, **kwargs)
        choose(self, "money_line", [("", words("web.money.new-line")), *lines])
        if not lines:
            del self.fields["money_line"]
