"""Forms of the plan's items: writing one, and what is done to it from proposal to done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from kancil.assessment.planning.amounts import amount_text
from kancil.assessment.planning.costs import currencies, sum_minor
from kancil.assessment.protocol import Indicator, Protocol
from kancil.desk.assessment.actions.plans import DECISIONS, ItemDraft
from kancil.desk.assessment.queries.plans import PlanRow
from kancil.ground.words import render as words
from kancil.ground.words import spoken
from kancil.web.acting import ActForm
from kancil.web.assessment.site.protocols import said
from kancil.web.forms import choose, day, text
from kancil.web.paging import LANGUAGE_NAMES

from .cost_fields import AmountField, CostLinesField, SearchPicks, is_again, typed_lines


class ItemForm(ActForm):
    """An item as somebody writes it; gaps, types and concepts are those of its protocol."""

    act = "item"
    plan_title = text(300)
    plan_language = forms.ChoiceField(choices=(), required=False)
    plan_assistance = forms.ChoiceField(choices=())
    plan_indicators = forms.MultipleChoiceField(choices=(), widget=SearchPicks)
    plan_concepts = forms.MultipleChoiceField(choices=(), required=False, widget=SearchPicks)
    plan_output = text(500, required=False, lines=2)
    plan_result = text(500, required=False, lines=2)
    plan_impact = text(500, required=False, lines=2)
    plan_success = text(500, lines=2)
    plan_owner = text(200)
    plan_partner = text(200, required=False)
    plan_donor = text(200, required=False)
    plan_begins = day()
    plan_months = forms.IntegerField(min_value=1, max_value=240, initial=6)
    plan_currency = text(3, required=False)
    plan_lines = CostLinesField(required=False)
    plan_cost = AmountField()
    plan_cost_basis = text(300, required=False)
    plan_to_forces = forms.BooleanField(required=False)
    plan_not_forces = text(2000, required=False, lines=2)
    plan_depends = forms.MultipleChoiceField(choices=(), required=False, widget=SearchPicks)

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
        tongues = [("", words("web.narratives.unstated")), *LANGUAGE_NAMES.items()]
        choose(self, "plan_language", tongues)
        self.fields["plan_language"].initial = self.initial.get("plan_language", spoken())
        kinds = [(each.id, said(each.title)) for each in protocol.assistance.values()]
        choose(self, "plan_assistance", [("", words("web.form.choose")), *kinds])
        choose(
            self,
            "plan_indicators",
            [(id, _question(protocol, protocol.indicators[id])) for id in offered],
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

    def full_clean(self) -> None:
        """Check nothing where the form is only to be shown again."""
        if self.is_bound and is_again(self.data):
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    @property
    def is_ready(self) -> bool:
        """Whether it was sent to be kept, and can be read."""
        return not is_again(self.data) and super().is_ready

    def _offers(self, name: str) -> bool:
        field = self.fields[name]
        return isinstance(field, forms.MultipleChoiceField) and bool(field.choices)

    def clean_plan_currency(self) -> str:
        """Write a currency in capitals."""
        return str(self.cleaned_data["plan_currency"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """Refuse a cost without currency or estimate, and one that is not the sum of its lines."""
        given = super().clean()
        cost, lines = given.get("plan_cost"), given.get("plan_lines", ())
        if lines and cost is not None and cost != sum_minor(lines):
            self.add_error("plan_cost", words("web.plan.cost-is-sum"))
        if cost is not None or lines:
            if (
                "plan_currency" not in self.errors
                and given.get("plan_currency") not in currencies()
            ):
                self.add_error("plan_currency", words("web.plan.currency-needed"))
            if not lines and not given.get("plan_cost_basis"):
                self.add_error("plan_cost_basis", words("web.plan.basis-needed"))
        return given

    def draft(self) -> ItemDraft:
        """What was typed; the cost in hundredths."""
        given = self.cleaned_data
        cost, lines = given["plan_cost"], given["plan_lines"]
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
            cost_minor=cost,
            lines=lines,
            currency=given["plan_currency"],
            output=given["plan_output"],
            outcome=given["plan_result"],
            impact=given["plan_impact"],
            language=given["plan_language"],
            cost_basis=given["plan_cost_basis"],
            to_security_forces=given["plan_to_forces"],
            not_forces_reason=given["plan_not_forces"],
            depends_on=tuple(given.get("plan_depends", ())),
        )


def _question(protocol: Protocol, each: Indicator) -> str:
    """A question with the area it stands in, by which it is found too."""
    return f"{said(each.question)} ({said(protocol.areas[each.area].title)})"


def as_typed(row: PlanRow) -> dict[str, Any]:
    """An item as its form would have it."""
    cost = row.cost_minor
    return {
        "plan_title": row.title,
        "plan_language": row.language,
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
        "plan_lines": typed_lines(row.lines),
        "plan_cost": None if cost is None or row.lines else amount_text(cost),
        "plan_output": row.output,
        "plan_result": row.outcome,
        "plan_impact": row.impact,
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
