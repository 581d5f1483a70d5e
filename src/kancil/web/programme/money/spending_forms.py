"""Forms of a ledger's export: what it is, how its columns are read, and lines matched by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from kancil.desk.programme.errors import ActivityNotFound
from kancil.desk.programme.matching import Codes
from kancil.desk.programme.money.spending import LedgerExport
from kancil.ground.words import render as words
from kancil.programme.money.amount import read_minor
from kancil.programme.money.ledger_file import FIELDS, NEEDED, LedgerHead, LedgerMapping
from kancil.programme.money.sheets import DAY_ORDERS
from kancil.programme.vocabulary import BudgetClass
from kancil.web.acting import ActForm
from kancil.web.forms import Choices, choose, day, text

TRY, IMPORT = "try", "import"


def amount_field(*, required: bool = True) -> forms.CharField:
    """An amount as it is typed; the act's own currency says how it is read."""
    box = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.CharField(max_length=40, required=required, widget=box)


class SendForm(ActForm):
    """A file of spending."""

    act = "send"
    money_file = forms.FileField(max_length=200)


class MappingForm(ActForm):
    """What an export is, and which column is what; tried first, then imported."""

    act = TRY
    options: tuple[str, ...] = ("money_days", "money_comma", "money_classes")
    options_key = "web.money.reading"
    money_system = text(120)
    money_from = day(required=True)
    money_to = day(required=True)
    money_currency = forms.CharField(min_length=3, max_length=3)
    money_stated = amount_field(required=False)
    money_days = forms.ChoiceField(choices=())
    money_comma = forms.BooleanField(required=False)
    money_classes = text(5000, required=False, lines=3)

    def __init__(self, *args: Any, head: LedgerHead, known: LedgerMapping, **kwargs: Any) -> None:
        """Offer the file's columns for each field, as they were read last."""
        given = kwargs.pop("initial", None) or {}
        initial = {
            **{f"column_{each}": known.columns.get(each, "") for each in FIELDS},
            "money_days": known.day_order,
            "money_comma": known.decimal_comma,
            "money_classes": "\n".join(f"{one} = {each}" for one, each in known.classes.items()),
            **given,
        }
        super().__init__(*args, initial=initial, **kwargs)
        columns = [(each, each) for each in dict.fromkeys(head.columns) if each]
        for each in FIELDS:
            one = forms.ChoiceField(required=each in NEEDED)
            one.label = words(f"name.ledger-{each.replace('_', '-')}")
            one.error_messages["required"] = words("web.form.required")
            self.fields[f"column_{each}"] = one
            choose(self, f"column_{each}", [("", words("web.money.no-column")), *columns])
        orders = [(one, words(f"web.money-days-{one}")) for one in DAY_ORDERS]
        if not known.day_order:
            self.options = tuple(each for each in self.options if each != "money_days")
            orders.insert(0, ("", words("web.form.choose")))
        choose(self, "money_days", orders)

    @classmethod
    def sent(cls, request: HttpRequest, **given: Any) -> MappingForm:
        """The form as it was sent by either of its buttons, or unsent."""
        is_sent = request.POST.get("do") in (TRY, IMPORT)
        return cls(*((request.POST,) if is_sent else ()), **given)

    def clean_money_classes(self) -> dict[str, str]:
        """Lines such as `7210 = travel`."""
        found: dict[str, str] = {}
        for line in self.cleaned_data["money_classes"].splitlines():
            own, equals, known = (each.strip() for each in line.rpartition("="))
            if not line.strip():
                continue
            if not (own and equals) or known not in set(BudgetClass):
                known_ones = ", ".join(BudgetClass)
                raise forms.ValidationError(words("web.money.class-line", known=known_ones))
            found[own] = known
        return found

    def mapping(self) -> LedgerMapping:
        """How the columns are read."""
        given = self.cleaned_data
        columns = {each: given[f"column_{each}"] for each in FIELDS if given[f"column_{each}"]}
        return LedgerMapping(
            columns, given["money_days"], given["money_comma"], given["money_classes"]
        )

    def export(self) -> LedgerExport:
        """What the export is; raises AmountNotUsable, CurrencyUnknown."""
        given = self.cleaned_data
        currency, stated = given["money_currency"].upper(), given["money_stated"]
        return LedgerExport(
            given["money_system"],
            given["money_from"],
            given["money_to"],
            currency,
            read_minor(stated, currency) if stated else None,
        )


class MatchForm(ActForm):
    """To which grant and activity lines belong."""

    act = "match"
    money_grant = forms.ChoiceField(choices=(), required=False)
    money_activity = text(60, required=False)
    funding_override = text(500, required=False)

    def __init__(self, *args: Any, known: Choices, **kwargs: Any) -> None:
        """Offer the grants."""
        super().__init__(*args, **kwargs)
        choose(self, "money_grant", [("", words("web.money.as-it-is")), *known])

    def chosen(self) -> dict[str, str | None]:
        """Ids of the two; raises ActivityNotFound."""
        given = self.cleaned_data
        code = given["money_activity"].strip()
        activity = Codes.of([("", code)]).activities.get(code)
        if code and activity is None:
            raise ActivityNotFound
        return {"grant": given["money_grant"] or None, "activity": activity}


class CodesForm(ActForm):
    """Match by codes once more."""

    act = "codes"


class UndoForm(ActForm):
    """Undo an import whole, or give up a file that waits."""

    act = "undo"
    money_sure = forms.BooleanField()
