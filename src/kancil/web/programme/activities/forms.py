"""Forms of activities: writing one, its state, its funding, its due diligence."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from kancil.assessment.country import regions
from kancil.desk.programme.activities.activities import Options
from kancil.desk.programme.activities.draft import ActivityDraft
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.activity import DECISIONS, WHOLE_BP, percent
from kancil.programme.vocabulary import ActivityKind
from kancil.records.described import named
from kancil.web.acting import ActForm
from kancil.web.assessment.plan.cost_fields import SearchPicks, is_again
from kancil.web.drafts import DraftedForm
from kancil.web.forms import Suggested, choose, day, listed, text
from kancil.web.meanwhile import version_read

_MARKERS = ("0", "1", "2a", "2b")
BEGINS = "activity_"


class ActivityForm(DraftedForm):
    """An activity as somebody writes it: short, with what is rarer folded."""

    act = "activity"
    begins = BEGINS
    activity_kind = forms.ChoiceField(choices=())
    activity_title = text(300)
    activity_purpose = text(20_000, required=False, lines=4)
    activity_countries = forms.MultipleChoiceField(choices=(), required=False, widget=SearchPicks)
    activity_begins_on = day(required=True)
    activity_ends_on = day(required=True)
    activity_place = text(200, required=False)
    activity_is_online = forms.BooleanField(required=False)
    activity_to_security_forces = forms.BooleanField(required=False)
    activity_region = forms.CharField(max_length=40, required=False, widget=Suggested())
    activity_code = text(60, required=False)
    activity_officer = forms.ChoiceField(choices=(), required=False)
    activity_counterpart = text(300, required=False)
    activity_output = forms.ChoiceField(choices=(), required=False)
    activity_gender_marker = forms.ChoiceField(choices=(), required=False)
    activity_sdg_targets = text(200, required=False)
    activity_plan_items = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    activity_version = version_read()
    options = (
        "activity_region", "activity_code", "activity_officer", "activity_counterpart",
        "activity_output", "activity_gender_marker", "activity_sdg_targets",
        "activity_plan_items",
    )  # fmt: skip

    def __init__(
        self, *args: Any, offered: Options, items: Mapping[str, str], **kwargs: Any
    ) -> None:
        """Offer what there is; `items`: of plans, that it answers or may."""
        super().__init__(*args, **kwargs)
        none = ("", words("web.form.choose"))
        kinds = [(each.value, render_phrase(named(each))) for each in ActivityKind]
        choose(self, "activity_kind", [none, *kinds])
        choose(self, "activity_countries", list(offered.countries.items()))
        choose(self, "activity_officer", [none, *offered.officers.items()])
        choose(self, "activity_output", [none, *offered.outputs.items()])
        markers = [(each, words(f"web.activity.gender-{each}")) for each in _MARKERS]
        choose(self, "activity_gender_marker", [none, *markers])
        choose(self, "activity_plan_items", list(items.items()))
        self.fields["activity_region"].widget.values = [each.name for each in regions()]
        for name, found in (("activity_output", offered.outputs), ("activity_plan_items", items)):
            if not found:
                del self.fields[name]

    @property
    def is_ready(self) -> bool:
        """Whether it was sent to be kept, and can be read."""
        return not is_again(self.data) and super().is_ready

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        given = super().clean()
        begins, ends = given.get("activity_begins_on"), given.get("activity_ends_on")
        if begins and ends and ends < begins:
            self.add_error("activity_ends_on", words("why.value-order"))
        return given

    def draft(self) -> ActivityDraft:
        """What was typed."""
        given = self.by_name()
        given.pop("version")
        return ActivityDraft(
            **given | {
                "countries": tuple(given["countries"]),
                "officer": int(given["officer"]) if given["officer"] else None,
                "plan_items": tuple(given.get("plan_items", ())),
                "sdg_targets": tuple(" ".join(listed(given["sdg_targets"])).split()),
            }
        )  # fmt: skip


def as_typed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a draft, by name, as the form has them."""
    found = {f"{BEGINS}{name}": value for name, value in given.items()}
    targets = found.get(f"{BEGINS}sdg_targets")
    if targets is not None:
        found[f"{BEGINS}sdg_targets"] = ", ".join(targets)
    return found


class ReasonForm(DraftedForm):
    """Why an activity is postponed."""

    act = "postpone"
    state_reason = text(500, lines=2)


class CancelForm(ReasonForm):
    """Why an activity is cancelled."""

    act = "cancel"


class AgainForm(DraftedForm):
    """The new days of an activity."""

    act = "again"
    again_begins_on = day(required=True)
    again_ends_on = day(required=True)


class ConfirmForm(ActForm):
    """Nothing is typed."""

    act = "confirm"


class DoneForm(ActForm):
    """Nothing is typed."""

    act = "done"


class FundingForm(DraftedForm):
    """The share that each grant pays, in percent; an empty one pays nothing."""

    act = "funding"
    funding_override = text(500, required=False, lines=2)

    def __init__(
        self, *args: Any, grants: Mapping[str, str], shares: Mapping[str, int], **kwargs: Any
    ) -> None:
        """A field a grant, with what it pays now."""
        super().__init__(*args, **kwargs)
        self._grants = list(grants)
        for number, (id, name) in enumerate(grants.items()):
            self.fields[f"share_{number}"] = forms.DecimalField(
                min_value=0, max_value=100, decimal_places=2, required=False, label=name,
                initial=percent(shares[id]) if shares.get(id) else None,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
                error_messages={"invalid": words("web.acting.no-number")},
            )  # fmt: skip
        self.order_fields([each for each in self.fields if each != "funding_override"])

    def clean(self) -> dict[str, Any]:
        """Refuse more than 100 percent."""
        given = super().clean()
        if sum(self._shares(given).values()) > WHOLE_BP:
            self.add_error(None, words("web.activity.over-whole"))
        return given

    def _shares(self, given: Mapping[str, Any]) -> dict[str, int]:
        return {
            id: int(given[f"share_{number}"] * Decimal(100))
            for number, id in enumerate(self._grants)
            if given.get(f"share_{number}")
        }

    def shares_bp(self) -> dict[str, int]:
        """In hundredths of a percent, by grant."""
        return self._shares(self.cleaned_data)


class WeighForm(DraftedForm):
    """Human Rights Due Diligence of an activity; the words are those of a plan's item."""

    act = "weigh"
    begins = "hrdd_"
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
