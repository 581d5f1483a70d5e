"""What cases have in common: for whoever may tell their officers, and for these officers.

One who looks learns that two cases name one selector, and nothing else of either; an officer who is
notified learns that some other case does, and whom to speak with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from kancil.custody.acting import ActingOfficer
from kancil.custody.store import LedgerStore
from kancil.custody.unit import record_deconfliction_notice, record_deconfliction_view
from kancil.desk.custody.store import one_transaction
from kancil.desk.people.models import Person
from kancil.ground.clock import now
from kancil.ground.digests import sha256_hex
from kancil.records.selector import Selector

from .models import Notice, Origin, Sighting

_MOST = 2000
"""Shared selectors that are listed."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A selector that two cases or more name."""

    selector: Selector
    cases: tuple[str, ...]
    """Ids, sorted."""
    notified_at: datetime | None
    """When the members of all these cases were notified; None: of one they were not."""
    tables: frozenset[int] = frozenset()
    """Numbers of the entries of tables of transfers that name it."""


def shared_selectors() -> list[Shared]:
    """What several cases name, the one that most cases name first."""
    pairs = (
        Sighting.objects.values("kind", "value")
        .annotate(cases=Count("case_id", distinct=True))
        .filter(cases__gt=1)
        .order_by("-cases", "kind", "value")
    )[:_MOST]
    notices: defaultdict[Selector, dict[str, datetime]] = defaultdict(dict)
    for notice in Notice.objects.all():
        notices[Selector(notice.kind, notice.value)][notice.case_id] = notice.at
    return [_shared(Selector(row["kind"], row["value"]), notices) for row in pairs]


def _shared(selector: Selector, notices: dict[Selector, dict[str, datetime]]) -> Shared:
    rows = Sighting.objects.filter(kind=selector.kind, value=selector.value)
    cases = tuple(sorted(set(rows.values_list("case_id", flat=True))))
    told = [notices[selector].get(case) for case in cases]
    at = None if None in told else max((each for each in told if each is not None), default=None)
    sources = rows.filter(origin=Origin.TRANSFERS).values_list("source", flat=True)
    return Shared(selector, cases, at, frozenset(int(each) for each in sources))


def look(ledger: LedgerStore, *, person: Person, by: ActingOfficer) -> list[Shared]:
    """What cases have in common; that it was looked at is recorded first."""
    found = shared_selectors()
    record_deconfliction_view(ledger, account=person.username, shared=len(found), by=by)
    return found


def notify(ledger: LedgerStore, shared: Shared, *, person: Person, by: ActingOfficer) -> None:
    """Notify the members of all cases that name a selector, entry and rows in one."""
    selector, at = shared.selector, now()
    with one_transaction():
        record_deconfliction_notice(
            ledger,
            account=person.username,
            kind=selector.kind,
            value_sha256=sha256_hex(selector.value.encode("utf-8")),
            cases=list(shared.cases),
            by=by,
        )
        for case in shared.cases:
            Notice.objects.update_or_create(
                kind=selector.kind,
                value=selector.value,
                case_id=case,
                defaults={"by": person.name, "at": at},
            )


def notices_of(cases: Sequence[str]) -> list[Notice]:
    """List what the members of these cases are notified of, the newest first."""
    return list(Notice.objects.filter(case_id__in=cases))
