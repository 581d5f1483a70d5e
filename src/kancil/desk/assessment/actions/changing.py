"""How an act begins: a transaction that holds the round or country, and the person's sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import attrgetter

from kancil.desk.assessment.access import CountrySight, Sight
from kancil.desk.assessment.errors import ActNotYours, RoundClosed
from kancil.desk.assessment.models import Country, Round
from kancil.desk.assessment.queries.countries import enter_country
from kancil.desk.assessment.queries.rounds import enter
from kancil.desk.base.opening import one_change
from kancil.desk.people.models import Person


@contextmanager
def changing(by: Person, round: str) -> Iterator[Sight]:
    """Hold a round while something in it is decided and written; others wait.

    Raises RoundNotFound, DeskBusy, DiskFull.
    """
    with one_change():
        held = Round.objects.select_for_update(no_key=True).filter(id=round[:36])
        held.values_list("pk").first()
        yield enter(by, round)


@contextmanager
def changing_country(
    by: Person, code: str, may: Callable[[CountrySight], bool] = attrgetter("may_write")
) -> Iterator[CountrySight]:
    """Hold a country while something in its books is written, by whoever may.

    Raises CountryNotFound, ActNotYours, DeskBusy, DiskFull.
    """
    with one_change():
        held = Country.objects.select_for_update(no_key=True).filter(code=code[:3])
        held.values_list("pk").first()
        sight = enter_country(by, code)
        if not may(sight):
            raise ActNotYours(name=by.name)
        yield sight


def require_open(sight: Sight) -> None:
    """Refuse a round that is closed."""
    if not sight.is_open:
        raise RoundClosed(title=sight.title)
