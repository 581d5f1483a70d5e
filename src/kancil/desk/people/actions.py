"""Accounts and memberships: the only writers of the people's tables."""

from __future__ import annotations

import secrets

from kancil.custody import access
from kancil.custody.acting import ActingOfficer
from kancil.custody.keys import KeyRing
from kancil.custody.officers import add_officer
from kancil.custody.store import LedgerStore
from kancil.desk.custody.store import one_transaction
from kancil.ground.errors import (
    AccountNameTaken,
    MemberAlready,
    PersonNotFound,
    TextNotStorable,
)
from kancil.ground.ids import CaseId, OfficerId, new_id

from .models import CaseOpening, Membership, Person, Role
from .queries import find_person, has_entered, is_member, person_of_officer

_PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 (letters, no secret)
_PASSWORD_GROUPS, _GROUP = 4, 5


def one_time_password() -> str:
    """Make a password that can be read aloud: 20 letters and digits, 99 bits, in four groups."""
    groups = (
        "".join(secrets.choice(_PASSWORD_LETTERS) for _ in range(_GROUP))
        for _ in range(_PASSWORD_GROUPS)
    )
    return "-".join(groups)


def add_person(
    *, username: str, name: str, role: Role, officer: OfficerId | None = None
) -> tuple[Person, str]:
    """Add an account with a one-time password, which is given once and stored as a hash.

    Raises AccountNameTaken, TextNotStorable.
    """
    if "\x00" in username + name:
        raise TextNotStorable
    password = one_time_password()
    person = Person(username=username, name=name, role=role, officer=officer)
    person.set_password(password)  # slow by intent, so before the lock
    with one_transaction():
        if Person.objects.filter(username__iexact=username).exists():
            raise AccountNameTaken(name=username[:60])
        known = None if officer is None else person_of_officer(officer)
        if known is not None:
            raise AccountNameTaken(name=known.username)
        person.save()
    return person, password


def give_new_password(person: Person) -> str:
    """Give a one-time password in place of one that was forgotten."""
    password = one_time_password()
    person.set_password(password)
    person.must_change_password = True
    with one_transaction():
        person.save(update_fields=["password", "must_change_password"])
    return password


def password_was_changed(person: Person) -> None:
    """Take note that the person now has a password of her own."""
    Person.objects.filter(pk=person.pk).update(must_change_password=False)


def make_own_key(
    ledger: LedgerStore,
    keys: KeyRing,
    *,
    person: Person,
    passphrase: str,
    vouched_how: str,
    by: ActingOfficer,
) -> OfficerId:
    """Make a person an officer of the ledger with a key under her own passphrase.

    `by`: who vouches, the server on her behalf. Raises PassphraseTooShort.
    """
    officer = OfficerId(new_id())
    signer = keys.create_officer(officer, passphrase)
    try:
        with one_transaction():
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
    """Give a person access to a case, entry and row in one.

    Raises PersonNotFound, MemberAlready.
    """
    person = find_person(username)
    if person is None:
        raise PersonNotFound(name=username[:60])
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


def choose_language(person: Person, language: str) -> None:
    """Remember the language a person reads."""
    Person.objects.filter(pk=person.pk).update(language=language)
