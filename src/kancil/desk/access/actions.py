"""Who may sign in and see which case, each act with its entry in the ledger, in one transaction."""

from __future__ import annotations

from typing import Any

from kancil.custody import access, accounts
from kancil.custody.acting import ActingOfficer
from kancil.custody.errors import AlreadyRecorded
from kancil.custody.keys import KeyRing
from kancil.custody.officers import add_officer
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.desk.base.errors import MemberAlready, PersonNotFound, RoleHasNoCases
from kancil.desk.custody.store import one_transaction
from kancil.desk.people.actions import (
    add_person,
    drop_factors,
    end_sessions,
    end_token,
    give_new_password,
    keep_an_administrator,
    make_token,
)
from kancil.desk.people.models import CASE_ROLES, CaseOpening, Membership, Person, Role, Token
from kancil.desk.people.queries import find_person, has_entered, is_member
from kancil.ground import clock
from kancil.ground.ids import CaseId, OfficerId, new_id
from kancil.ground.phrase import Phrase


def admit_person(
    ledger: LedgerStore,
    *,
    username: str,
    name: str,
    role: Role,
    officer: OfficerId | None = None,
    by: ActingOfficer,
    has_password: bool = True,
) -> tuple[Person, str]:
    """Add an account, entry and row in one; gives its one-time password, empty without one.

    `officer`: who in the ledger it belongs to. It is a member of the cases that this officer opened
    before, if they still serve, and of no others. Raises AccountNameTaken, TextNotStorable.
    """
    with one_transaction():
        person, password = add_person(
            username=username,
            name=name,
            role=role,
            officer=officer,
            needs_second_factor=role in ledger.folded(Roll).factor_roles,
            has_password=has_password,
        )
        accounts.record_account(
            ledger, account=username, name=name, role=role.value, officer=officer, by=by
        )
        roll = ledger.folded(Roll)
        is_serving = officer in roll.officers and roll.officers[officer].retired_at is None
        if is_serving and role in CASE_ROLES:
            for case in [each.id for each in roll.cases.values() if each.opened_by == officer]:
                add_member(ledger, case=case, username=username, by=by, adder=None)
    return person, password


def change_role(
    ledger: LedgerStore, person: Person, *, role: Role, reason: str, by: ActingOfficer
) -> None:
    """An account another role; raises AdministratorNeeded."""
    with one_transaction():
        if role != Role.ADMINISTRATOR:
            keep_an_administrator(person)
        needs = role in ledger.folded(Roll).factor_roles
        Person.objects.filter(pk=person.pk).update(role=role, needs_second_factor=needs)
        _record(ledger, person, "role", reason, by, role=role)


def end_account(ledger: LedgerStore, person: Person, *, reason: str, by: ActingOfficer) -> None:
    """Let an account sign in no more, and end its sign-ins; raises AdministratorNeeded."""
    with one_transaction():
        keep_an_administrator(person)
        Person.objects.filter(pk=person.pk).update(is_active=False)
        end_sessions(person)
        _record(ledger, person, "ended", reason, by)


def bring_back(ledger: LedgerStore, person: Person, *, reason: str, by: ActingOfficer) -> None:
    """Let an account that was ended sign in again."""
    with one_transaction():
        Person.objects.filter(pk=person.pk).update(is_active=True)
        _record(ledger, person, "brought-back", reason, by)


def renew_password(ledger: LedgerStore, person: Person, *, reason: str, by: ActingOfficer) -> str:
    """A one-time password in place of a forgotten one, and end the account's sign-ins."""
    with one_transaction():
        password = give_new_password(person)
        end_sessions(person)
        _record(ledger, person, "password", reason, by)
    return password


def remove_factors(ledger: LedgerStore, person: Person, *, reason: str, by: ActingOfficer) -> None:
    """Remove an account's second factors, such as those of a lost telephone; ends its sign-ins."""
    with one_transaction():
        drop_factors(person)
        _record(ledger, person, "factors", reason, by)


def end_sign_ins(ledger: LedgerStore, person: Person, *, reason: str, by: ActingOfficer) -> None:
    """End an account's sign-ins in every browser."""
    with one_transaction():
        end_sessions(person)
        _record(ledger, person, "sign-ins", reason, by)


def require_second_factor(ledger: LedgerStore, *, roles: list[Role], by: ActingOfficer) -> None:
    """Let people of these roles, and administrators, do nothing without a second factor."""
    with one_transaction():
        accounts.require_second_factor(ledger, roles=[role.value for role in roles], by=by)
        _need_factor(ledger)


def _record(
    ledger: LedgerStore,
    person: Person,
    change: str,
    reason: str,
    by: ActingOfficer,
    *,
    role: Role | None = None,
    **facts: Any,
) -> None:
    accounts.record_change(
        ledger,
        account=person.username,
        change=change,
        role=str(role or person.role),
        reason=reason,
        by=by,
        **facts,
    )


def _need_factor(ledger: LedgerStore) -> None:
    """Mark each account by what the ledger says of its role."""
    roles = ledger.folded(Roll).factor_roles
    Person.objects.filter(role__in=roles).update(needs_second_factor=True)
    Person.objects.exclude(role__in=roles).update(needs_second_factor=False)


def make_own_key(
    ledger: LedgerStore,
    keys: KeyRing,
    *,
    person: Person,
    passphrase: str,
    vouched_how: str,
    by: ActingOfficer,
) -> OfficerId:
    """Make a person an officer of the ledger with a key under their own passphrase.

    `by`: who vouches, the server on their behalf. Raises PassphraseTooShort, and AlreadyRecorded
    for a person who is an officer by now, by a request that came at the same moment.
    """
    officer = OfficerId(new_id())
    signer = keys.create_officer(officer, passphrase)
    try:
        with one_transaction():
            if Person.objects.filter(pk=person.pk, officer__isnull=False).exists():
                raise AlreadyRecorded(what=Phrase("thing.officer"), name=person.name)
            add_officer(
                ledger,
                officer=officer,
                name=person.name,
                role=person.role,
                public_raw=signer.public_raw,
                vouched_how=vouched_how,
                by=by,
            )
            Person.objects.filter(pk=person.pk).update(officer=officer)
            person.officer = officer
    except BaseException:
        keys.remove_officer(officer)
        raise
    return officer


def add_member(
    ledger: LedgerStore, *, case: CaseId, username: str, by: ActingOfficer, adder: Person | None
) -> Membership:
    """A person access to a case, entry and row in one.

    Raises PersonNotFound, MemberAlready, RoleHasNoCases.
    """
    person = find_person(username)
    if person is None:
        raise PersonNotFound(name=username[:60])
    if person.role not in CASE_ROLES:
        raise RoleHasNoCases(name=person.name)
    with one_transaction():
        if is_member(person, case):
            raise MemberAlready(name=person.name)
        access.add_member(
            ledger,
            case=case,
            account=person.username,
            name=person.name,
            member=None if person.officer is None else OfficerId(person.officer),
            by=by,
        )
        return Membership.objects.create(person=person, case_id=case, added_by=adder)


def remove_member(
    ledger: LedgerStore, *, case: CaseId, username: str, reason: str, by: ActingOfficer
) -> None:
    """End a person's access to a case; raises PersonNotFound."""
    with one_transaction():
        found = Membership.objects.filter(case_id=case, person__username=username)
        if not found.exists():
            raise PersonNotFound(name=username[:60])
        access.remove_member(ledger, case=case, account=username, reason=reason, by=by)
        found.delete()


def enter_case(
    ledger: LedgerStore, *, case: CaseId, person: Person, session: str, by: ActingOfficer
) -> None:
    """Record once for each sign-in that a person looked into a case."""
    with one_transaction():
        if has_entered(person, case, session):
            return
        entry = access.enter_case(ledger, case=case, account=person.username, by=by)
        CaseOpening.objects.create(person=person, case_id=case, session=session, n=entry.n)


def grant_token(
    ledger: LedgerStore, *, person: Person, name: str, may_write: bool, days: int, by: ActingOfficer
) -> tuple[Token, str]:
    """Make a token on the site, entry and row in one.

    Raises TextNotStorable, TokensTooMany.
    """
    with one_transaction():
        made = make_token(person=person, name=name, may_write=may_write, days=days)
        token = made[0]
        stated = {
            "expires_at": clock.to_text(token.expires_at),
            "id": token.id,
            "may_write": token.may_write,
        }
        _record(ledger, person, "token-made", name, by, token=stated)
    return made


def withdraw_token(
    ledger: LedgerStore, *, person: Person, token_id: str, by: ActingOfficer
) -> bool:
    """End a token on the site, entry and row in one; False as `end_token` gives None."""
    with one_transaction():
        token = end_token(person=person, token_id=token_id)
        if token is not None:
            _record(ledger, person, "token-ended", token.name, by, token={"id": token.id})
    return token is not None


def record_factor(
    ledger: LedgerStore,
    person: Person,
    *,
    change: str,
    kind: str,
    number: str,
    by: ActingOfficer,
) -> None:
    """Record that a person set a second factor up or removed it, in the row's own transaction.

    `change`: `factor-added` or `factor-removed`.
    """
    _record(ledger, person, change, kind, by, factor=number)
