"""Forms of the plan's items: writing one, and what is done to it from proposal to done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.actions.plans import DECISIONS, ItemDraft
from kancil.desk.assessment.queries.plans import PlanRow
from kancil.ground.words import render as words
from kancil.web.assessment.acting import ActForm
from kancil.web.assessment.site.protocols import said
from kancil.web.forms import choose, day, text


def _picks() -> forms.CheckboxSelectMultiple:
    """A list to tick from, in a box of its own that scrolls."""
    return forms.CheckboxSelectMultiple(attrs={"class": "law-picks"})


class ItemForm(ActForm):
    """An item as somebody writes it; gaps, types and concepts are those of its protocol."""

    act = "item"
    plan_title = text(300)
    plan_assistance = forms.ChoiceField(choices=())
    plan_indicators = forms.MultipleChoiceField(choices=(), widget=_picks())
    plan_concepts = forms.MultipleChoiceField(choices=(), required=False, widget=_picks())
    plan_to_forces = forms.BooleanField(required=False)
    plan_not_forces = text(2000, required=False, lines=2)
    plan_owner = text(200)
    plan_partner = text(200, required=False)
    plan_donor = text(200, required=False)
    plan_begins = day()
    plan_months = forms.IntegerField(min_value=1, max_value=240, initial=6)
    plan_cost = forms.DecimalField(
        required=False, min_value=0, max_digits=14, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    plan_currency = text(3, required=False)
    plan_cost_basis = text(300, required=False)
    plan_success = text(500, lines=2)
    plan_depends = forms.MultipleChoiceField(choices=(), required=False, widget=_picks())

    def __init__(
        self,
        *args: Any,
        protocol: Protocol,
        indicators: Iterable[str],
        others: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        """Offer what the protocol has; `indicators`: those to choose from; `others`: items."""
        super().__init__(*args, **kwargs)
        self._protocol, offered = protocol, list(indicators)
        kinds = [(each.id, said(each.title)) for each in protocol.assistance.values()]
        choose(self, "plan_assistance", [("", words("web.form.choose")), *kinds])
        choose(
            self,
            "plan_indicators",
            [(id, f"{id} · {said(protocol.indicators[id].question)}") for id in offered],
        )
        speak_of = {id for each in offered for id in protocol.indicators[each].concepts}
        concepts = [
            (each.id, said(each.title))
            for each in protocol.concepts.values()
            if each.id in speak_of | set(self.initial.get("plan_concepts", ()))
        ]
        concepts.sort(key=lambda one: one[1].casefold())
        choose(self, "plan_concepts", concepts)
        choose(self, "plan_depends", list(others.items()))
        for name in ("plan_concepts", "plan_depends"):
            if not self._offers(name):
                del self.fields[name]
        self.fields["plan_cost"].error_messages["invalid"] = words("web.acting.no-amount")

    def _offers(self, name: str) -> bool:
        field = self.fields[name]
        return isinstance(field, forms.MultipleChoiceField) and bool(field.choices)

    def clean_plan_currency(self) -> str:
        """Write a currency in capitals."""
        return str(self.cleaned_data["plan_currency"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """Refuse a cost without a currency, and one without how it was reckoned."""
        given = super().clean()
        if given.get("plan_cost") is not None:
            currency = given.get("plan_currency", "")
            if "plan_currency" not in self.errors and not (
                len(currency) == 3 and currency.isascii() and currency.isalpha()
            ):
                self.add_error("plan_currency", words("web.plan.currency-needed"))
            if not given.get("plan_cost_basis"):
                self.add_error("plan_cost_basis", words("web.plan.basis-needed"))
        return given

    def draft(self) -> ItemDraft:
        """What was typed; the cost in hundredths."""
        given = self.cleaned_data
        cost = given["plan_cost"]
        return ItemDraft(
            title=given["plan_title"],
            protocol=self._protocol.name,
            indicators=tuple(given["plan_indicators"]),
            assistance=given["plan_assistance"],
            concepts=tuple(given.get("plan_concepts", ())),
            owner=given["plan_owner"],
            success=given["plan_success"],
            partner=given["plan_partner"],
            donor=given["plan_donor"],
            begins_on=given["plan_begins"],
            months=given["plan_months"],
            cost_minor=None if cost is None else int(cost * 100),
            currency=given["plan_currency"] if cost is not None else "",
            cost_basis=given["plan_cost_basis"],
            to_security_forces=given["plan_to_forces"],
            not_forces_reason=given["plan_not_forces"],
            depends_on=tuple(given.get("plan_depends", ())),
        )


def as_typed(row: PlanRow) -> dict[str, Any]:
    """An item as its form would have it."""
    cost = row.cost_minor
    return {
        "plan_title": row.title,
        "plan_assistance": row.assistance,
        "plan_indicators": list(row.indicators),
        "plan_concepts": list(row.concepts),
        "plan_to_forces": row.to_security_forces,
        "plan_not_forces": row.not_forces_reason,
        "plan_owner": row.owner,
        "plan_partner": row.partner,
        "plan_donor": row.donor,
        "plan_begins": row.begins_on,
        "plan_months": row.months,
        "plan_cost": None if cost is None else f"{cost // 100}.{cost % 100:02d}",
        "plan_currency": row.currency,
        "plan_cost_basis": row.cost_basis,
        "plan_success": row.success,
        "plan_depends": list(row.depends_on),
    }


class ApproveForm(ActForm):
    """Approve an item; nothing is typed."""

    act = "approve"


class RejectForm(ActForm):
    """Why an item is rejected."""

    act = "reject"
    plan_reject_reason = text(2000, lines=2)


class AgainForm(ActForm):
    """Why a rejection or an approval is taken back."""

    act = "again"
    plan_again_reason = text(2000, lines=2)


class DoneForm(ActForm):
    """By what it is seen that an item is done."""

    act = "done"
    plan_outcome = text(2000, lines=2)


class MoveForm(ActForm):
    """Which place an item is to have, and why it stands there."""

    act = "move"
    plan_place = forms.IntegerField(min_value=1, max_value=10_000)
    plan_move_reason = text(500)


class DiligenceForm(ActForm):
    """A Human Rights Due Diligence record: the risk, what is done about it, and who decided."""

    act = "diligence"
    hrdd_risk = text(10_000, lines=3)
    hrdd_mitigation = text(10_000, lines=3)
    hrdd_decision = forms.ChoiceField(choices=())
    hrdd_decided_by = text(200)
    hrdd_review = day(required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the decisions."""
        super().__init__(*args, **kwargs)
        ways = [(each, words(f"web.hrdd.{each}")) for each in DECISIONS]
        choose(self, "hrdd_decision", [("", words("web.form.choose")), *ways])
