"""Codes as the ledger writes them, and the grant and activity that bear them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kancil.desk.programme.models import Activity, Grant

_Item = TypeVar("_Item")
AT_ONCE = 500
"""Values in one question: SQLite takes no more than a thousand or so everywhere."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Ids by code; a code that nothing bears is not there."""

    grants: Mapping[str, str]
    activities: Mapping[str, str]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Codes:
        """Look codes of grants and activities up, each once."""
        grants: set[str] = set()
        activities: set[str] = set()
        for grant, activity in pairs:
            grants.add(grant)
            activities.add(activity)
        return cls(_ids(Grant, "reference", grants), _ids(Activity, "code", activities))

    def match(self, grant: str, activity: str) -> tuple[str | None, str | None]:
        """The ids of a grant and an activity by their codes."""
        return self.grants.get(grant), self.activities.get(activity)


def chunks(values: Collection[_Item]) -> Iterator[Sequence[_Item]]:
    """Values, so many at once as a question takes."""
    listed = list(values)
    for at in range(0, len(listed), AT_ONCE):
        yield listed[at : at + AT_ONCE]


def _ids(model: type[Grant | Activity], name: str, codes: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in chunks(sorted(codes - {""})):
        found.update(model._default_manager.filter(**{f"{name}__in": some}).values_list(name, "id"))
    return found
