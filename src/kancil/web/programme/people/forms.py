"""Forms of people: an organisation, a participant, a registration, a head count."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django import forms

from kancil.desk.assessment.queries.countries import countries
from kancil.desk.people.queries import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.taking_part.registrations import SORTS as REGISTRATION_SORTS
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.people import OrganisationEnd, ParticipantInput
from kancil.programme.vocabulary import (
    Audience,
    AudienceAge,
    JoinReason,
    Part,
    RegistrationState,
    Sex,
)
from kancil.records.described import named
from kancil.web.acting import ActForm
from kancil.web.described import DescribedForm
from kancil.web.drafts import DraftedForm
from kancil.web.forms import Choices, WordsForm, choose, day, text

CHILD = "under-18"
"""An age that the form offers so that it can say what to do instead."""
STATES = (
    RegistrationState.CONFIRMED, RegistrationState.REGISTERED, RegistrationState.WAITING,
    RegistrationState.DECLINED, RegistrationState.WITHDRAWN,
)  # fmt: skip


def offered(values: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Values of the vocabulary with their words."""
    return [(each.value, render_phrase(named(each))) for each in values]


def any_of(values: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """The same below *any*."""
    return [("", words("field.any")), *offered(values)]


def known_countries(person: Person, desk: Desk) -> list[tuple[str, str]]:
    """Countries whose people somebody may add: all, or their own."""
    return [(each.code, each.name) for each in countries(person) if desk.sees_people_of(each.code)]


def _sorted_by(sorts: Iterable[str]) -> list[tuple[str, str]]:
    return [(each, words(f"sort.{each}")) for each in sorts]


class EndForm(DescribedForm):
    """From which day on an organisation is offered no more."""

    act = "end"
    given = OrganisationEnd


class ParticipantForm(DescribedForm):
    """A participant as somebody writes them: what is needed to invite and to count."""

    act = "participant"
    given = ParticipantInput

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        """Offer an age that lets the form say what to do instead, and countries that are theirs."""
        super().__init__(*args, desk=desk, **kwargs)
        ages, countries = self.fields["age_band"], self.fields["country"]
        ages.choices = [*ages.choices, (CHILD, words("web.prog-people.under-18"))]  # type: ignore[attr-defined]
        if not desk.sees_all_people:
            _, *countries.choices = countries.choices  # type: ignore[attr-defined]


class RegisterForm(ParticipantForm):
    """Somebody new, registered at once."""

    act = "register-new"
    registration_part = forms.ChoiceField(choices=(), initial=Part.PARTICIPANT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the parts that somebody may have."""
        super().__init__(*args, **kwargs)
        choose(self, "registration_part", offered(Part))


class KnownFinder(WordsForm):
    """A name of somebody who is in the books."""

    known = text(100, required=False)


class KnownForm(WordsForm):
    """As what somebody who is known registers."""

    known_part = forms.ChoiceField(choices=(), initial=Part.PARTICIPANT)
    known_state = forms.ChoiceField(choices=(), initial=RegistrationState.REGISTERED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the parts, and whether they come already or are invited."""
        super().__init__(*args, **kwargs)
        choose(self, "known_part", offered(Part))
        first = (RegistrationState.REGISTERED, RegistrationState.INVITED)
        choose(self, "known_state", offered(first))


class StateForm(WordsForm):
    """To which state ticked registrations are brought."""

    new_state = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        """Offer what this person decides."""
        super().__init__(*args, **kwargs)
        own = (STATES[1], *STATES[3:])
        states = STATES if desk.may_write else own
        choose(self, "new_state", [("", words("web.form.choose")), *offered(states)])


class RegistrationFilter(WordsForm):
    """Which registrations are looked for."""

    person_text = text(100, required=False)
    in_state = forms.ChoiceField(choices=(), required=False)
    person_sort = forms.ChoiceField(choices=(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the states and what they are sorted by."""
        super().__init__(*args, **kwargs)
        choose(self, "in_state", any_of(RegistrationState))
        choose(self, "person_sort", [("", words("sort.usual")),
                                     *_sorted_by(REGISTRATION_SORTS)])  # fmt: skip

    def wanted(self) -> dict[str, str]:
        """What was asked for, by the names of the queries; nothing where it cannot be read."""
        if not (self.is_bound and self.is_valid()):
            return {}
        given = self.cleaned_data
        return {"state": given["in_state"], "text": given["person_text"],
                "sort": given["person_sort"]}  # fmt: skip


class JoinForm(ActForm):
    """Which row is the same person, and why."""

    act = "join"
    join_with = forms.IntegerField(min_value=1, max_value=2**62)
    join_reason = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the reasons."""
        super().__init__(*args, **kwargs)
        choose(self, "join_reason", [("", words("web.form.choose")), *offered(JoinReason)])


class ForgetForm(ActForm):
    """That somebody asked to be forgotten."""

    act = "forget"
    past = ("forget_asked_on",)
    forget_asked_on = day(required=True)
    forget_sure = forms.BooleanField()


class HeadCountForm(DraftedForm):
    """People who were counted, not listed."""

    act = "count"
    past = ("counted_on",)
    count_series = text(120)
    count_country = forms.ChoiceField(choices=())
    count_who = forms.ChoiceField(choices=())
    count_sex = forms.ChoiceField(choices=(), initial=Sex.NOT_STATED)
    count_age = forms.ChoiceField(choices=(), initial=AudienceAge.NOT_STATED)
    count_number = forms.IntegerField(min_value=0, max_value=10_000_000)
    counted_on = day(required=True)
    counted_how = text(300)

    def __init__(self, *args: Any, person: Person, desk: Desk, **kwargs: Any) -> None:
        """Offer groups, and the countries whose people the writer counts."""
        super().__init__(*args, **kwargs)
        there = [("", words("web.form.choose")), *known_countries(person, desk)]
        choose(self, "count_country", there)
        choose(self, "count_who", [("", words("web.form.choose")), *offered(Audience)])
        choose(self, "count_sex", offered(Sex))
        choose(self, "count_age", offered(AudienceAge))


class CorrectForm(DraftedForm):
    """A corrected count in the place of one that stands."""

    act = "correct"
    past = ("correct_on",)
    correct_which = forms.ChoiceField(choices=())
    correct_number = forms.IntegerField(min_value=0, max_value=10_000_000)
    correct_on = day(required=True)
    correct_how = text(300)

    def __init__(self, *args: Any, standing: Choices, **kwargs: Any) -> None:
        """Offer the counts that this person may correct."""
        super().__init__(*args, **kwargs)
        choose(self, "correct_which", [("", words("web.form.choose")), *standing])


class FileForm(ActForm):
    """A file of registrations."""

    act = "file"
    registrations_file = forms.FileField(max_length=200)
