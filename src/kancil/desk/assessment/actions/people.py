"""Accounts of a programme's site: plain ones, since it has no ledger; the site's record names them.

The one-time password is given once and kept as a hash.
"""

from __future__ import annotations

from collections.abc import Collection

from kancil.desk.assessment.access import may_keep_site
from kancil.desk.assessment.keeping import keep, one_change, record, unusable
from kancil.desk.people.models import PROGRAMME_ROLES, Person, Role
from kancil.desk.people.one_time import one_time_password
from kancil.ground.errors import AccountNameTaken, ActNotYours
from kancil.ground.folding import folded

from .site import set_focal_countries


def admit_first(*, username: str, name: str, role: Role) -> tuple[Person, str]:
    """Add the account by which a new site begins; gives its one-time password.

    Raises AccountNameTaken (there are accounts already), FieldNotUsable, TextNotStorable.
    """
    person, password = _account(username, name, role)
    with one_change():
        known = Person.objects.values_list("username", flat=True).first()
        if known is not None:
            raise AccountNameTaken(name=known[:60])
        keep(person, "username", "name")
        record("person.added", by=person, about=person.username, role=role.value)
    return person, password


def admit_person(
    *, by: Person, username: str, name: str, role: Role, countries: Collection[str] = ()
) -> tuple[Person, str]:
    """Add an account, and for a focal point or donor reader her countries; gives its password.

    Only an administrator adds another one. Raises AccountNameTaken, FieldNotUsable, PartNotFitting
    (countries for another role), CountryNotFound, TextNotStorable, ActNotYours.
    """
    if not may_keep_site(by) or (role is Role.ADMINISTRATOR and by.role != Role.ADMINISTRATOR):
        raise ActNotYours(name=by.name)
    person, password = _account(username, name, role)
    with one_change():
        names = Person.objects.values_list("username", flat=True)
        if folded(username) in map(folded, names):
            raise AccountNameTaken(name=username[:60])
        keep(person, "username", "name")
        record("person.added", by=by, about=person.username, role=role.value)
        if countries:
            set_focal_countries(by=by, person=person.pk, countries=countries)
    return person, password


def _account(username: str, name: str, role: Role) -> tuple[Person, str]:
    if role not in PROGRAMME_ROLES:
        raise unusable("part", "unknown", value=role.value)
    password = one_time_password()
    person = Person(username=username.strip(), name=name.strip(), role=role)
    person.set_password(password)  # slow by intent, so before the lock
    return person, password
