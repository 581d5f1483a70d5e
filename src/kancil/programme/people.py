"""What is said of organisations and participants: typed, searched for, imported."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from kancil.programme.ages import is_child, is_email
from kancil.programme.errors import ChildNotRegistered
from kancil.programme.vocabulary import AgeBand, OrganisationKind, Profession, Sex
from kancil.records.described import Chosen, Input, Line, Of, Past
from kancil.records.errors import NotSo


class OrganisationInput(Input):
    """An organisation as somebody writes it."""

    name: Annotated[str, Line(200), Field(examples=["Cybercrime Unit"])]
    """Its name."""
    kind: OrganisationKind
    country: Annotated[str | None, Of("country"), Field(examples=["KHM"])] = None
    """Three letters, KHM; without one it is regional or international."""
    is_beneficiary: bool = True
    """It is helped."""
    is_partner: bool = False
    """It is a partner."""


class OrganisationEnd(Input):
    """From which day on an organisation is offered no more; None: it is offered."""

    ended_on: date | None = None


class OrganisationSearch(Input):
    """Which organisations are looked for."""

    country: Annotated[str | None, Of("country")] = None
    """Three letters, KHM."""
    kind: OrganisationKind | None = None
    sort: str | None = None


class ParticipantInput(Input):
    """A participant as somebody writes them; no more than is needed to invite and to count."""

    name: Annotated[str, Line(200)]
    """An adult's name."""
    country: Annotated[str | None, Of("country")] = None
    """Three letters, KHM."""
    organisation: Annotated[str | None, Of("organisation")] = None
    """Id of an organisation."""
    office: Annotated[str, Line(200)] = ""
    """Office or rank."""
    email: Annotated[str, Line(254)] = ""
    """At work."""
    role: Annotated[Profession, Chosen()] = Profession.OTHER
    sex: Sex = Sex.NOT_STATED
    age_band: AgeBand = AgeBand.NOT_STATED
    consent_on: Annotated[date | None, Past()] = None
    """Day of their consent."""
    consent_to: Annotated[str, Line(500)] = ""
    """To what, and how it was given."""

    @field_validator("email")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not is_email(value):
            raise NotSo("no-address")
        return value.lower()

    @field_validator("age_band", mode="before")
    @classmethod
    def _adult(cls, value: object) -> object:
        """Raises ChildNotRegistered: children are head counts alone."""
        if is_child(str(value)):
            raise ChildNotRegistered
        return value

    @model_validator(mode="after")
    def _dated(self) -> ParticipantInput:
        if self.consent_to and self.consent_on is None:
            raise NotSo("consent_on: blank")
        return self


class ParticipantSearch(Input):
    """Which participants are looked for."""

    name_or_email: Annotated[str, Line(100)] = ""
    """Part of a name or an e-mail address, whatever the case of its letters."""
    country: Annotated[str | None, Of("country")] = None
    """Three letters, KHM."""
    organisation: Annotated[str | None, Of("organisation")] = None
    """Id of an organisation."""
    role: Profession | None = None
    sort: str | None = None
