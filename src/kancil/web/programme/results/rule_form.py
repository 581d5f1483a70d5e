"""The form of a counting rule: what is counted, once or each time, of which records, split how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from kancil.desk.programme.results.framework import offered_codes
from kancil.ground.words import render as words
from kancil.programme.counting.rule import (
    DIMENSIONS,
    Counts,
    Dimension,
    Rule,
    Span,
    Times,
    read_rule,
    rule_json,
)
from kancil.programme.vocabulary import (
    ActivityKind,
    ActivityState,
    AgeBand,
    Audience,
    AudienceAge,
    Moment,
    OrganisationKind,
    Part,
    Profession,
    Sex,
)
from kancil.records.described import named
from kancil.web.assessment.plan.cost_fields import SearchPicks, is_again
from kancil.web.drafts import DraftedForm
from kancil.web.forms import listed, text

_CHOSEN: Mapping[Dimension, type[StrEnum]] = {
    Dimension.KIND: ActivityKind, Dimension.PART: Part, Dimension.PROFESSION: Profession,
    Dimension.SEX: Sex, Dimension.AUDIENCE: Audience, Dimension.AGE: AudienceAge,
    Dimension.ORGANISATION: OrganisationKind,
}  # fmt: skip
_OFFERED = (Dimension.COUNTRY, Dimension.OUTPUT, Dimension.GRANT)
"""Conditions whose values are codes that the books have."""
_PLAIN = ("least_attendance", "months", "question", "moment", "protocol", "area", "scale", "rise")


def _several(widget: Any = forms.CheckboxSelectMultiple) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(choices=(), required=False, widget=widget)


def _whole(least: int, most: int, usual: int) -> forms.IntegerField:
    return forms.IntegerField(min_value=least, max_value=most, initial=usual, required=False)


class RuleForm(DraftedForm):
    """A rule, field by field; what its kind cannot mean is refused by the rule itself."""

    rule_counts = forms.ChoiceField(choices=())
    rule_times = forms.ChoiceField(choices=())
    rule_span = forms.ChoiceField(choices=())
    rule_split = _several()
    rule_only_activity_kind = _several()
    rule_only_country = _several(SearchPicks)
    rule_only_part = _several()
    rule_only_sex = _several()
    rule_only_profession = _several()
    rule_only_audience = _several()
    rule_only_age_band = _several()
    rule_only_organisation_kind = _several()
    rule_only_output = _several(SearchPicks)
    rule_only_grant = _several(SearchPicks)
    rule_states = _several()
    rule_least_attendance = _whole(0, 100, 0)
    rule_months = _whole(0, 60, 0)
    rule_question = text(60, required=False)
    rule_answers = text(200, required=False)
    rule_moment = forms.ChoiceField(choices=(), required=False)
    rule_protocol = text(60, required=False)
    rule_area = text(60, required=False)
    rule_scale = text(60, required=False)
    rule_rise = _whole(1, 100, 1)
    options_key = "web.result.rule-options"
    options = (
        "rule_only_country", "rule_only_part", "rule_only_sex", "rule_only_profession",
        "rule_only_audience", "rule_only_age_band", "rule_only_organisation_kind",
        "rule_only_output", "rule_only_grant", "rule_states", "rule_least_attendance",
        "rule_months", "rule_question", "rule_answers", "rule_moment", "rule_protocol",
        "rule_area", "rule_scale", "rule_rise",
    )  # fmt: skip

    def __init__(self, *args: Any, rule: Rule | None = None, **kwargs: Any) -> None:
        """Offer the words of the vocabulary and the codes of the books; `rule`: what stands."""
        super().__init__(*args, **kwargs)
        self._offer(
            "counts", [(each.value, words(f"programme.counting.{each}")) for each in Counts]
        )
        self._offer("times", [(each.value, words(f"web.result.times-{each}")) for each in Times])
        self._offer("span", [(each.value, words(f"web.result.span-{each}")) for each in Span])
        splits = sorted({each for kind in DIMENSIONS.values() for each in kind})
        self._offer("split", [(each.value, words(f"programme.counting.dimension-{each}"))
                              for each in splits])  # fmt: skip
        self._offer("states", _names(ActivityState))
        self._offer("moment", [("", words("web.result.any-moment")), *_names(Moment)])
        for dimension, kind in _CHOSEN.items():
            self._offer(f"only-{dimension}", _names(kind))
        ages = dict([*_names(AgeBand), *_names(AudienceAge)])
        self._offer(f"only-{Dimension.AGE}", list(ages.items()))
        codes = offered_codes()
        for dimension in _OFFERED:
            self._offer(f"only-{dimension}", list(codes[dimension].items()))
        if rule is not None:
            self.initial.update(_typed(rule))

    def full_clean(self) -> None:
        """Check nothing where a search in long lists was asked for."""
        if self.is_bound and is_again(self.data):
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    @property
    def is_ready(self) -> bool:
        """Whether it was sent to be kept, and can be read."""
        return not is_again(self.data) and super().is_ready

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[f"rule_{name.replace('-', '_')}"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    def rule(self) -> Rule:
        """The rule that was typed; raises RuleNotUsable."""
        given = self.cleaned_data
        written: dict[str, Any] = {
            "counts": given["rule_counts"],
            "times": given["rule_times"],
            "span": given["rule_span"],
            "split": given["rule_split"],
            "only": {
                each.value: values
                for each in (*_CHOSEN, *_OFFERED)
                if (values := given[f"rule_only_{each.replace('-', '_')}"])
            },
            "answers": listed(given["rule_answers"]),
        }
        if given["rule_states"]:
            written["states"] = given["rule_states"]
        for name in _PLAIN:
            if given[f"rule_{name}"] not in ("", None):
                written[name] = given[f"rule_{name}"]
        return read_rule(written)


def _names(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(each.value, words(named(each).key)) for each in kind]


def _typed(rule: Rule) -> dict[str, Any]:
    """A rule as the form's fields have it."""
    written = rule_json(rule)
    found: dict[str, Any] = {
        "rule_counts": rule.counts.value,
        "rule_times": rule.times.value,
        "rule_span": rule.span.value,
        "rule_split": [each.value for each in rule.split],
        "rule_states": [each.value for each in rule.states],
        "rule_answers": ", ".join(rule.answers),
    }
    for each, values in rule.only.items():
        found[f"rule_only_{each.replace('-', '_')}"] = list(values)
    return found | {f"rule_{name}": written[name] for name in _PLAIN if name in written}
