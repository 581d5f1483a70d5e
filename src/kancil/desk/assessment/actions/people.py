"""Accounts of a programme's site: plain ones, since it has no ledger; the site's record names them.

The one-time password is given once and kept as a hash.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from kancil.desk.assessment.access import may_keep_site
from kancil.desk.assessment.errors import ActNotYours
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.queries.site import FACTOR_RULE, factor_rule
from kancil.desk.base.errors import AccountNameTaken, PersonNotFound
from kancil.desk.base.keeping import keep, reason_for, unusable
from kancil.desk.base.opening import one_change
from kancil.desk.people.actions import (
    drop_factors,
    end_sessions,
    end_token,
    give_new_password,
    keep_an_administrator,
    make_token,
)
from kancil.desk.people.models import PROGRAMME_ROLES, Person, Role, Token
from kancil.desk.people.one_time import one_time_password
from kancil.ground.folding import folded

from .site import set_focal_countries


def admit_first(
    *, username: str, name: str, role: Role, factor_exception: str = ""
) -> tuple[Person, str]:
    """Add the account by which a new site begins; gives its one-time password.

    `factor_exception`: why administrators of this site need no second factor. Raises
    AccountNameTaken (there are accounts already), FieldNotUsable, TextNotStorable.
    """
    person, password = _account(username, name, role)
    with one_change():
        known = Person.objects.values_list("username", flat=True).first()
        if known is not None:
            raise AccountNameTaken(name=known[:60])
        person.needs_second_factor = role is Role.ADMINISTRATOR and not factor_exception
        keep(person, "username", "name")
        record("person.added", by=person, about=person.username, role=role.value)
        if factor_exception:
            record(FACTOR_RULE, by=person, roles=[], exception=factor_exception)
    return person, password


def admit_person(
    *, by: Person, username: str, name: str, role: Role, countries: Collection[str] = ()
) -> tuple[Person, str]:
    """Add an account, with countries for a role that has them; gives its one-time password.

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
        person.needs_second_factor = role in factor_rule().roles
        try:
            with transaction.atomic():
                keep(person, "username", "name")
        except IntegrityError as error:  # somebody took the name at this moment
            raise AccountNameTaken(name=username[:60]) from error
        record("person.added", by=by, about=person.username, role=role.value)
        if countries:
            set_focal_countries(by=by, person=person.pk, countries=countries)
    return person, password


def end_account(*, by: Person, person: int, reason: str) -> None:
    """Let an account sign in no more, and end its sign-ins.

    Raises AdministratorNeeded, PersonNotFound, ReasonMissing, ActNotYours.
    """
    with _changing(by, person) as found:
        keep_an_administrator(found)
        Person.objects.filter(pk=found.pk).update(is_active=False)
        end_sessions(found)
        record("person.ended", by=by, about=found.username, reason=reason_for("account", reason))


def bring_back_account(*, by: Person, person: int, reason: str) -> None:
    """Let an account that was ended sign in again; raises as `end_account` does."""
    with _changing(by, person) as found:
        Person.objects.filter(pk=found.pk).update(is_active=True)
        record("person.back", by=by, about=found.username, reason=reason_for("account", reason))


def renew_account_password(*, by: Person, person: int, reason: str) -> str:
    """A one-time password in place of a forgotten one, and end the account's sign-ins.

    Raises as `end_account` does.
    """
    with _changing(by, person) as found:
        password = give_new_password(found)
        end_sessions(found)
        record("person.password", by=by, about=found.username, reason=reason_for("account", reason))
    return password


def end_account_sign_ins(*, by: Person, person: int, reason: str) -> None:
    """End an account's sign-ins in every browser; raises as `end_account` does."""
    with _changing(by, person) as found:
        end_sessions(found)
        record("person.sign-ins", by=by, about=found.username, reason=reason_for("account", reason))


def remove_account_factors(*, by: Person, person: int, reason: str) -> None:
    """Remove an account's second factors, such as those of a lost telephone; ends its sign-ins.

    Raises as `end_account` does.
    """
    with _changing(by, person) as found:
        drop_factors(found)
        record("person.factors", by=by, about=found.username, reason=reason_for("account", reason))


def grant_own_token(*, by: Person, name: str, may_write: bool, days: int) -> tuple[Token, str]:
    """Make a token for a program of one's own; raises TextNotStorable, TokensTooMany."""
    with one_change():
        token, secret = make_token(person=by, name=name, may_write=may_write, days=days)
        record("person.token-made", by=by, about=by.username, token=token.id,
               may_write=token.may_write)  # fmt: skip
    return token, secret


def end_own_token(*, by: Person, token: str) -> bool:
    """End a token of one's own; False: there is none of that id that has not ended."""
    with one_change():
        ended = end_token(person=by, token_id=token)
        if ended is not None:
            record("person.token-ended", by=by, about=by.username, token=ended.id)
    return ended is not None


def require_second_factor(*, by: Person, roles: Collection[str]) -> None:
    """Let people of these roles, and administrators, do nothing without a second factor.

    An exception that was stated before ends. Raises ActNotYours.
    """
    if not may_keep_site(by):
        raise ActNotYours(name=by.name)
    with one_change():
        record(FACTOR_RULE, by=by, roles=sorted(roles))
        needed = factor_rule().roles
        Person.objects.filter(role__in=needed).update(needs_second_factor=True)
        Person.objects.exclude(role__in=needed).update(needs_second_factor=False)


@contextmanager
def _changing(by: Person, person: int) -> Iterator[Person]:
    """Hold an account, and those of all administrators, so that one of them is always left.

    Only an administrator changes the account of another.
    """
    if not may_keep_site(by):
        raise ActNotYours(name=by.name)
    with one_change():
        held = Person.objects.select_for_update(no_key=True).order_by("pk")
        list(held.filter(role=Role.ADMINISTRATOR).values_list("pk", flat=True))
        found = held.filter(pk=person).first()
        if found is None:
            raise PersonNotFound(name=str(person)[:20])
        if found.role == Role.ADMINISTRATOR and by.role != Role.ADMINISTRATOR:
            raise ActNotYours(name=by.name)
        yield found


def _account(username: str, name: str, role: Role) -> tuple[Person, str]:
    if role not in PROGRAMME_ROLES:
        raise unusable("part", "unknown", value=role.value)
    password = one_time_password()
    person = Person(username=username.strip(), name=name.strip(), role=role)
    person.set_password(password)  # slow by intent, so before the lock
    return person, password
