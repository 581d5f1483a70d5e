"""How an act begins: a transaction that holds what it changes, and the person's sight of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.models import Model

from kancil.desk.assessment.models import Act
from kancil.desk.base.opening import one_change
from kancil.desk.people.models import Person
from kancil.desk.programme.access import ActivitySight, Desk, GrantSight
from kancil.desk.programme.entering import desk_of, enter_activity, enter_grant, require
from kancil.desk.programme.errors import ChangedMeanwhile
from kancil.desk.programme.models import Activity, Grant


@contextmanager
def changing_books(by: Person, *, money: bool = False) -> Iterator[Desk]:
    """Begin an act on the books at large, by whoever may write; `money`: who keeps money may too.

    Raises ActNotYours, DeskBusy, DiskFull.
    """
    with one_change():
        desk = desk_of(by)
        require(desk.may_keep_money if money else desk.may_write, desk)
        yield desk


@contextmanager
def changing_activity(by: Person, activity: str) -> Iterator[ActivitySight]:
    """Hold an activity while something of it is decided and written; others wait.

    Raises ActivityNotFound, DeskBusy, DiskFull. Who may do what is the act's own to ask.
    """
    with one_change():
        hold(Activity, activity)
        yield enter_activity(by, activity)


@contextmanager
def changing_grant(by: Person, grant: str) -> Iterator[GrantSight]:
    """Hold a grant in the same way; raises GrantNotFound, ActNotYours, DeskBusy, DiskFull."""
    with one_change():
        hold(Grant, grant)
        sight = enter_grant(by, grant)
        require(sight.may_keep, sight.desk)
        yield sight


def hold(model: type[Model], id: str | int) -> None:
    """Hold a row until the transaction ends; an id that is none holds nothing."""
    pk = id[:36] if isinstance(id, str) else id
    held = model._default_manager.select_for_update(no_key=True).filter(pk=pk)
    held.values_list("pk").first()


def require_version(stands: int, seen: int, by_name: str) -> None:
    """Refuse a change to something that was changed since it was opened; raises ChangedMeanwhile.

    `by_name`: who changed it.
    """
    if stands != seen:
        raise ChangedMeanwhile(name=by_name)


def require_seen(row: Any, seen: int, kinds: Sequence[str], about: str = "") -> None:
    """Refuse a change to a row that was written since it was opened; raises ChangedMeanwhile.

    `kinds`, `about` (else the row's id): of the lines of record that say who wrote it; none of
    them: who added it.
    """
    if row.version == seen:
        return
    acts = Act.objects.filter(kind__in=kinds, about=about or str(row.pk)).select_related("person")
    last = acts.order_by("-id").first()
    require_version(row.version, seen, last.person.name if last and last.person else row.by.name)
