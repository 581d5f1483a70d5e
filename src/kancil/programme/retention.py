"""How long the data of a person stay who asked to be forgotten.

A grant's agreement lets its auditors ask who was paid for, until a day; until that day the data
are restricted, afterwards they go. Counts stay: sex, work, country and age band name nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def restricted_until(audit_terms: Iterable[date], asked_on: date) -> date | None:
    """Until when data are restricted before they go; None: they go at once.

    `audit_terms`: of the grants that paid for what the person took part in; the last day of a term
    is within it.
    """
    latest = max(audit_terms, default=None)
    return latest if latest is not None and latest >= asked_on else None
