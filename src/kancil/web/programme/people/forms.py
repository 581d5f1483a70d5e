"""Forms of people: an organisation, a participant, a registration, a head count."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django import forms

from kancil.desk.assessment.queries.countries import countries
from kancil.desk.people.queries import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.actions.people import OrganisationDraft, ParticipantDraft
from kancil.desk.programme.queries.participants import (
    ORGANISATION_SORTS,
    SORTS,
    OrganisationRow,
    ParticipantRow,
    organisations,
)
from kancil.desk.programme.queries.registrations import SORTS as REGISTRATION_SORTS
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.vocabulary import (
    AgeBand,
    Audience,
    AudienceAge,
    JoinReason,
    OrganisationKind,
    Part,
    Profession,
    RegistrationState,
    Sex,
    named,
)
from kancil.web.assessment.acting import ActForm
from kancil.web.forms import Choices, WordsForm, choose, day, text
from kancil.web.programme.drafts import DraftedForm
from kancil.web.programme.meanwhile import version_read

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
    return [("", words("web.prog-people.any")), *offered(values)]


def known_countries(person: Person, desk: Desk) -> list[tuple[str, str]]:
    """Countries whose people somebody may add: all, or their own."""
    return [(each.code, each.name) for each in countries(person) if desk.sees_people_of(each.code)]


def _organisations(desk: Desk, chosen: str = "") -> Choices:
    """Organisations in use under their country's name, and the one that stands already."""
    by: dict[str, list[tuple[str, str]]] = {}
    for each in organisations(desk):
        if each.ended_on is None or each.id == chosen:
            where = each.country_name or words("web.prog-people.international")
            by.setdefault(where, []).append((each.id, each.name))
    return [("", words("web.prog-people.none")), *sorted(by.items())]


def _sorted_by(sorts: Iterable[str]) -> list[tuple[str, str]]:
    return [(each, words(f"web.prog-people.by-{each}")) for each in sorts]


class PeopleFilter(WordsForm):
    """Which participants are looked for."""

    person_text = text(100, required=False)
    person_country = forms.ChoiceField(choices=(), required=False)
    person_organisation = forms.ChoiceField(choices=(), required=False)
    person_role = forms.ChoiceField(choices=(), required=False)
    person_sort = forms.ChoiceField(choices=(), required=False)

    def __init__(self, *args: Any, person: Person, desk: Desk, **kwargs: Any) -> None:
        """Offer the countries and organisations that the reader sees."""
        super().__init__(*args, **kwargs)
        there = known_countries(person, desk)
        choose(self, "person_country", [("", words("web.prog-people.any")), *there])
        _, *known = _organisations(desk)
        choose(self, "person_organisation", [("", words("web.prog-people.any")), *known])
        choose(self, "person_role", any_of(Profession))
        choose(self, "person_sort", _sorted_by(SORTS))
        if len(there) < 2:
            del self.fields["person_country"]


class OrganisationFilter(WordsForm):
    """Which organisations are looked for."""

    organisation_country = forms.ChoiceField(choices=(), required=False)
    organisation_kind = forms.ChoiceField(choices=(), required=False)
    person_sort = forms.ChoiceField(choices=(), required=False)

    def __init__(self, *args: Any, person: Person, desk: Desk, **kwargs: Any) -> None:
        """Offer the countries that the reader sees, the kinds, and what they are sorted by."""
        super().__init__(*args, **kwargs)
        there = known_countries(person, desk)
        choose(self, "organisation_country", [("", words("web.prog-people.any")), *there])
        choose(self, "organisation_kind", any_of(OrganisationKind))
        choose(self, "person_sort", _sorted_by(ORGANISATION_SORTS))


class OrganisationForm(DraftedForm):
    """An organisation as somebody writes it."""

    act = "organisation"
    organisation_name = text(200)
    organisation_kind = forms.ChoiceField(choices=())
    organisation_country = forms.ChoiceField(choices=(), required=False)
    is_beneficiary = forms.BooleanField(required=False, initial=True)
    is_partner = forms.BooleanField(required=False)
    version = version_read()

    def __init__(self, *args: Any, person: Person, desk: Desk, **kwargs: Any) -> None:
        """Offer kinds and countries."""
        super().__init__(*args, **kwargs)
        kinds = [("", words("web.form.choose")), *offered(OrganisationKind)]
        choose(self, "organisation_kind", kinds)
        none = ("", words("web.prog-people.international"))
        choose(self, "organisation_country", [none, *known_countries(person, desk)])

    def draft(self) -> OrganisationDraft:
        """What was typed."""
        given = self.cleaned_data
        return OrganisationDraft(
            given["organisation_name"],
            OrganisationKind(given["organisation_kind"]),
            given["organisation_country"] or None,
            given["is_beneficiary"],
            given["is_partner"],
        )


def organisation_as_typed(row: OrganisationRow) -> dict[str, Any]:
    """An organisation as its form would have it."""
    return {
        "organisation_name": row.name,
        "organisation_kind": row.kind,
        "organisation_country": row.country,
        "is_beneficiary": row.is_beneficiary,
        "is_partner": row.is_partner,
        "version": row.version,
    }


class ParticipantForm(DraftedForm):
    """A participant as somebody writes them: what is needed to invite and to count."""

    act = "participant"
    past = ("consent_on",)
    participant_name = text(200)
    participant_country = forms.ChoiceField(choices=(), required=False)
    participant_organisation = forms.ChoiceField(choices=(), required=False)
    participant_office = text(200, required=False)
    participant_email = forms.EmailField(max_length=254, required=False)
    participant_role = forms.ChoiceField(choices=())
    participant_sex = forms.ChoiceField(choices=(), initial=Sex.NOT_STATED)
    participant_age = forms.ChoiceField(choices=(), initial=AgeBand.NOT_STATED)
    consent_on = day()
    consent_to = text(500, required=False)
    version = version_read()

    def __init__(self, *args: Any, person: Person, desk: Desk, **kwargs: Any) -> None:
        """Offer what the vocabulary has, and the countries whose people the writer names."""
        super().__init__(*args, **kwargs)
        there = known_countries(person, desk)
        none = [("", words("web.prog-people.international"))] if desk.sees_all_people else []
        choose(self, "participant_country", [*none, *there])
        standing = self.initial.get("participant_organisation", "")
        choose(self, "participant_organisation", _organisations(desk, standing))
        choose(self, "participant_role", [("", words("web.form.choose")), *offered(Profession)])
        choose(self, "participant_sex", offered(Sex))
        child = (CHILD, words("web.prog-people.under-18"))
        choose(self, "participant_age", [*offered(AgeBand), child])
        self.fields["participant_email"].error_messages["invalid"] = words(
            "web.prog-people.no-address"
        )

    def draft(self) -> ParticipantDraft:
        """What was typed."""
        given = self.cleaned_data
        return ParticipantDraft(
            name=given["participant_name"],
            country=given["participant_country"] or None,
            organisation=given["participant_organisation"] or None,
            office=given["participant_office"],
            email=given["participant_email"],
            sex=Sex(given["participant_sex"]),
            age_band=given["participant_age"],
            role=Profession(given["participant_role"]),
            consent_on=given["consent_on"],
            consent_to=given["consent_to"],
        )


def participant_as_typed(row: ParticipantRow) -> dict[str, Any]:
    """A participant as their form would have it."""
    return {
        "participant_name": row.name,
        "participant_country": row.country,
        "participant_organisation": row.organisation,
        "participant_office": row.office,
        "participant_email": row.email,
        "participant_role": row.role,
        "participant_sex": row.sex,
        "participant_age": row.age_band,
        "consent_on": row.consent_on,
        "consent_to": row.consent_to,
        "version": row.version,
    }


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
        choose(self, "person_sort", [("", words("web.prog-people.by-usual")),
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


class EndForm(DraftedForm):
    """From which day on an organisation is offered no more."""

    act = "end"
    organisation_ended_on = day()


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
