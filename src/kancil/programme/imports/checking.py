"""A row's fields as what it stands for: a person who registers, a past activity, a budget line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pycountry

from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.programme.registration.registrant import RefusedRow, Registrant, registrant_of
from kancil.programme.vocabulary import ActivityKind, ActivityState, BudgetClass, Part

from .fields import ImportKind, needed
from .reading import Given

_BETWEEN = re.compile(r"[,;/\n\u060c\u061b]")  # the last two: comma and semicolon of Arabic
_MOST_NAMES = 40
_STATES = (ActivityState.PLANNED, ActivityState.DONE, ActivityState.CANCELLED)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody, and for which activity they are on the list."""

    row: int
    person: Registrant
    activity_code: str
    part: Part
    attended: bool | None
    """None: the row does not say."""


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity."""

    row: int
    code: str
    kind: ActivityKind
    title: str
    begins_on: date
    ends_on: date
    countries: tuple[str, ...]
    state: ActivityState | None
    """None: it follows from its days."""
    to_security_forces: bool
    texts: Mapping[str, str]
    """Region, place, purpose, counterpart, report."""


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget line."""

    row: int
    grant_code: str
    activity_code: str
    budget_class: BudgetClass
    amount: str
    currency: str
    """Empty: the grant's."""
    period_from: date
    period_to: date
    what: str


Row = PersonRow | ActivityRow | BudgetRow


@dataclass(frozen=True, slots=True)
class Countries:
    """Codes of the programme's countries by what lists write for them."""

    codes: Mapping[str, str]
    names: tuple[str, ...] = ()

    @property
    def listed(self) -> str:
        """The programme's countries by name, the first forty."""
        more = " …" if len(self.names) > _MOST_NAMES else ""
        return ", ".join(self.names[:_MOST_NAMES]) + more

    @classmethod
    def of(cls, names: Mapping[str, str]) -> Countries:
        """`names`: of the countries, by code."""
        found = {}
        for code, name in names.items():
            known = pycountry.countries.get(alpha_3=code)
            of_iso = (getattr(known, each, "") for each in
                      ("alpha_2", "name", "official_name", "common_name"))  # fmt: skip
            found.update({folded(each): code for each in (code, name, *of_iso) if each})
        return cls(found, tuple(sorted(names.values())))

    def code(self, written: str) -> str:
        """The code of a country; empty where the programme has none that is called so."""
        return self.codes.get(folded(written.strip()), "")


def checked(kind: ImportKind, given: Given, countries: Countries) -> Row | RefusedRow:
    """A row as what it stands for, or refused with all that is wrong in it."""
    faults = list(given.faults.values())
    faults += [
        Phrase("why.import-blank", {"field": each.label})
        for each in needed(kind)
        if not given.values.get(each.name) and each.name not in given.faults
    ]
    if kind is not ImportKind.BUDGETS:
        faults += _of_countries(kind, given, countries)
    if faults:
        return RefusedRow(given.row, together(faults))
    match kind:
        case ImportKind.PARTICIPANTS:
            return _person(given, countries)
        case ImportKind.ACTIVITIES:
            return _activity(given, countries)
        case ImportKind.BUDGETS:
            return _budget(given)


def together(faults: Sequence[Phrase]) -> Phrase:
    """Several reasons as one."""
    whole, *more = faults
    for each in more:
        whole = Phrase("why.import-also", {"first": whole, "more": each})
    return whole


def _of_countries(kind: ImportKind, given: Given, countries: Countries) -> list[Phrase]:
    """The fault of countries that the programme has not, with those it has."""
    name = "country" if kind is ImportKind.PARTICIPANTS else "countries"
    written = given.values.get(name, "")
    each_one = [written] if kind is ImportKind.PARTICIPANTS else _BETWEEN.split(written)
    if all(countries.code(each) for each in each_one if each.strip()):
        return []
    return [Phrase("why.import-countries", {"names": countries.listed})]


def _refused(given: Given, why: str) -> RefusedRow:
    return RefusedRow(given.row, Phrase(f"why.import-{why}"))


def _person(given: Given, countries: Countries) -> PersonRow | RefusedRow:
    values = given.values
    country = countries.code(values["country"])
    found = registrant_of(given.row, {**values, "country": country}, "")
    if isinstance(found, RefusedRow):
        return found
    attended = values.get("attended", "")
    return PersonRow(
        given.row, found, values.get("activity_code", ""),
        Part(values.get("part") or Part.PARTICIPANT), attended == "yes" if attended else None,
    )  # fmt: skip


def _activity(given: Given, countries: Countries) -> ActivityRow | RefusedRow:
    values = given.values
    written = [each for each in _BETWEEN.split(values.get("countries", "")) if each.strip()]
    codes = [countries.code(each) for each in written]
    begins_on = date.fromisoformat(values["begins_on"])
    ends_on = date.fromisoformat(values.get("ends_on") or values["begins_on"])
    if ends_on < begins_on:
        return _refused(given, "order")
    state = values.get("state")
    if state and state not in _STATES:
        return _refused(given, "state")
    texts = {name: values.get(name, "") for name in
             ("region", "place", "purpose", "counterpart", "report")}  # fmt: skip
    return ActivityRow(
        given.row, values.get("code", ""), ActivityKind(values["kind"]), values["title"],
        begins_on, ends_on, tuple(sorted(set(codes))), ActivityState(state) if state else None,
        values.get("to_security_forces") == "yes", texts,
    )  # fmt: skip


def _budget(given: Given) -> BudgetRow | RefusedRow:
    values = given.values
    if not (values.get("grant_code") or values.get("activity_code")):
        return _refused(given, "no-grant")
    return BudgetRow(
        given.row, values.get("grant_code", ""), values.get("activity_code", ""),
        BudgetClass(values["budget_class"]), values["amount"], values.get("currency", "").upper(),
        date.fromisoformat(values["period_from"]), date.fromisoformat(values["period_to"]),
        values.get("what", ""),
    )  # fmt: skip
