"""What is said of donors, grants, budgets and rates: typed, searched for, imported."""

from __future__ import annotations

from typing import Annotated

from pydantic import field_validator

from kancil.programme.vocabulary import DonorType
from kancil.records.described import Input, Line
from kancil.records.errors import NotSo


class DonorInput(Input):
    """A donor as somebody writes it."""

    name: Annotated[str, Line(200)]
    """Its name."""
    country_code: Annotated[str, Line(2)] = ""
    """Two letters of ISO 3166, such as AU."""
    iati_ref: Annotated[str, Line(80)] = ""
    """Its IATI identifier, such as AU-5."""
    iati_type: DonorType = DonorType.GOVERNMENT
    """Code of IATI's list OrganisationType."""

    @field_validator("country_code")
    @classmethod
    def _country(cls, value: str) -> str:
        if value and not (len(value) == 2 and value.isalpha()):
            raise NotSo("not-usable")
        return value.upper()


class DonorSearch(Input):
    """Which donors are looked for."""

    iati_type: DonorType | None = None
    sort: str | None = None
