"""Codes as the ledger writes them, and the grant and activity that bear them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kancil.desk.programme.models import Activity, Grant

_AT_ONCE = 500
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


def _ids(model: type[Grant | Activity], name: str, codes: set[str]) -> dict[str, str]:
    wanted = sorted(codes - {""})
    found: dict[str, str] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        some = model._default_manager.filter(**{f"{name}__in": wanted[at : at + _AT_ONCE]})
        found.update(some.values_list(name, "id"))
    return found
