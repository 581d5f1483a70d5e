"""How an action of these books begins and is written down, and what else its fields name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from kancil.desk.assessment.errors import CountryNotFound
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Country
from kancil.desk.base.keeping import unusable
from kancil.desk.base.register import Register
from kancil.desk.people.models import Person, Role
from kancil.desk.programme.access import Desk
from kancil.desk.programme.changing import require_seen
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.models import ResultNode

OFFICERS = frozenset({Role.PROGRAMME_OFFICER})
KEEPING_MONEY = OFFICERS | {Role.FINANCE}
NAMING = OFFICERS | {Role.FOCAL_POINT}
"""Who may see participants by name; whose is asked of their desk."""


class ProgrammeBooks:
    """The books of a programme, as `desk.base.action` enters them."""

    def enter(self, by: Person) -> Desk:
        """What a person may do in them."""
        return desk_of(by)

    def permit(self, allowed: bool, desk: Desk) -> None:
        """Refuse whose act this is not; raises ActNotYours."""
        require(allowed, desk)

    def line(self, row: Any, _was: Mapping[str, Any]) -> Mapping[str, Any]:
        """The row's id and country, and no name."""
        return {"country": getattr(row, "country_id", None) or "", "about": str(row.pk)}

    def require_seen(self, row: Any, seen: int, kinds: tuple[str, ...], about: str) -> None:
        """Refuse a change to a row that was written since; raises ChangedMeanwhile."""
        require_seen(row, seen, kinds, about)

    def write_down(self, kind: str, line: Mapping[str, Any], by: Person) -> None:
        """Write the line of record."""
        record(kind, by=by, **line)


BOOKS = ProgrammeBooks()


def _countries(desk: Desk) -> QuerySet[Country]:
    rows = Country.objects.all()
    return rows if desk.sees_all else rows.filter(code__in=desk.countries)


def _outputs(desk: Desk) -> QuerySet[ResultNode]:
    require(desk.sees_framework, desk)
    return ResultNode.objects.filter(kind="output")


COUNTRIES = Register(
    name="country",
    seen=_countries,
    missing=lambda code: CountryNotFound(code=code[:12]),
    named=lambda row: row.shown_name,
)
OUTPUTS = Register(
    name="output",
    seen=_outputs,
    missing=lambda _id: unusable("outputs"),
    code="code",
    named=lambda row: row.code,
    in_use={"ended_at": None},
)
