"""Accounts and memberships: the only writers of the people's tables."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import Q

from kancil.custody import access, accounts
from kancil.custody.acting import ActingOfficer
from kancil.custody.keys import KeyRing
from kancil.custody.officers import add_officer
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.desk.custody.store import one_transaction
from kancil.ground import clock
from kancil.ground.errors import (
    AccountNameTaken,
    AdministratorNeeded,
    MemberAlready,
    PersonNotFound,
    TextNotStorable,
)
from kancil.ground.folding import folded
from kancil.ground.ids import CaseId, OfficerId, new_id

from .models import CaseOpening, Membership, Person, Role, Token
from .one_time import one_time_password
from .queries import (
    find_person,
    has_entered,
    is_member,
    other_administrators,
    person_of_officer,
    session_keys_of,
    token_digest,
)

TOKEN_DAYS = 90
"""How long a token is good for at the most."""
_TOKEN_MARK, _TOKEN_BYTES = "kancil_", 32
_USE_SECONDS = 60
"""How exactly it is kept when a token was last used."""
_access_log = logging.getLogger("kancil.access")


def add_person(
    *,
    username: str,
    name: str,
    role: Role,
    officer: OfficerId | None = None,
    needs_second_factor: bool = False,
) -> tuple[Person, str]:
    """Add an account with a one-time password, which is given once and stored as a hash.

    Raises AccountNameTaken, TextNotStorable.
    """
    if "\x00" in username + name:
        raise TextNotStorable
    password = one_time_password()
    person = Person(
        username=username,
        name=name,
        role=role,
        officer=officer,
        needs_second_factor=needs_second_factor,
    )
    person.set_password(password)  # slow by intent, so before the lock
    with one_transaction():
        if folded(username) in map(folded, Person.objects.values_list("username", flat=True)):
            raise AccountNameTaken(name=username[:60])
        known = None if officer is None else person_of_officer(officer)
        if known is not None:
            raise AccountNameTaken(name=known.username)
        person.save()
    return person, password


def give_new_password(person: Person) -> str:
    """Give a one-time password in place of one that was forgotten; her tokens end with it."""
    password = one_time_password()
    person.set_password(password)
    person.must_change_password = True
    with one_transaction():
        person.save(update_fields=["password", "must_change_password"])
        _end_tokens(person)
    return password


def _end_tokens(person: Person) -> None:
    ended = Token.objects.filter(person=person, ended_at=None).update(ended_at=clock.now())
    if ended:
        _access_log.info("%d tokens of %s were ended with her sign-ins", ended, person.username)


def password_was_changed(person: Person) -> None:
    """Take note that the person now has a password of her own."""
    Person.objects.filter(pk=person.pk).update(must_change_password=False)


def admit_person(
    ledger: LedgerStore,
    *,
    username: str,
    name: str,
    role: Role,
    officer: OfficerId | None = None,
    by: ActingOfficer,
) -> tuple[Person, str]:
    """Add an account, entry and row in one; gives its one-time password.

    `officer`: who in the ledger it belongs to. Raises AccountNameTaken, TextNotStorable.
    """
    with one_transaction():
        person, password = add_person(
            username=username,
            name=name,
            role=role,
            officer=officer,
            needs_second_factor=role in ledger.folded(Roll).factor_roles,
        )
        accounts.record_account(
            ledger, account=username, name=name, role=role.value, officer=officer, by=by
        )
    return person, password


def change_role(
    ledger: LedgerStore, person: Person, *, role: Role, reason: str, by: ActingOfficer
) -> None:
    """Give an account another role; raises AdministratorNeeded."""
    with one_transaction():
        if role != Role.ADMINISTRATOR:
            _keep_an_administrator(person)
        Person.objects.filter(pk=person.pk).update(role=role)
        _record(ledger, person, "role", reason, by, role=role)
        _need_factor(ledger)


def end_account(ledger: LedgerStore, person: Person, *, reason: str, by: ActingOfficer) -> None:
    """Let an account sign in no more, and end its sign-ins; raises AdministratorNeeded."""
    with one_transaction():
        _keep_an_administrator(person)
        Person.objects.filter(pk=person.pk).update(is_active=False)
        _end_sessions(person)
        _record(ledger, person, "ended", reason, by)


def bring_back(ledger: LedgerStore, person: Person, *, reason: str, by: ActingOfficer) -> None:
    """Let an account that was ended sign in again."""
    with one_transaction():
        Person.objects.filter(pk=person.pk).update(is_active=True)
        _record(ledger, person, "brought-back", reason, by)


def renew_password(ledger: LedgerStore, person: Person, *, reason: str, by: ActingOfficer) -> str:
    """Give a one-time password in place of a forgotten one, and end the account's sign-ins."""
    with one_transaction():
        password = give_new_password(person)
        _end_sessions(person)
        _record(ledger, person, "password", reason, by)
    return password


def remove_factors(ledger: LedgerStore, person: Person, *, reason: str, by: ActingOfficer) -> None:
    """Remove an account's second factors, such as those of a lost telephone; ends its sign-ins."""
    with one_transaction():
        Authenticator.objects.filter(user=person).delete()
        _end_sessions(person)
        _record(ledger, person, "factors", reason, by)


def end_sign_ins(ledger: LedgerStore, person: Person, *, reason: str, by: ActingOfficer) -> None:
    """End an account's sign-ins in every browser."""
    with one_transaction():
        _end_sessions(person)
        _record(ledger, person, "sign-ins", reason, by)


def require_second_factor(ledger: LedgerStore, *, roles: list[Role], by: ActingOfficer) -> None:
    """Let people of exactly these roles do nothing on the site without a second factor."""
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
) -> None:
    accounts.record_change(
        ledger,
        account=person.username,
        change=change,
        role=str(role or person.role),
        reason=reason,
        by=by,
    )


def _keep_an_administrator(person: Person) -> None:
    if person.role == Role.ADMINISTRATOR and not other_administrators(person):
        raise AdministratorNeeded(name=person.name)


def _need_factor(ledger: LedgerStore) -> None:
    """Mark each account by what the ledger says of its role."""
    roles = ledger.folded(Roll).factor_roles
    Person.objects.filter(role__in=roles).update(needs_second_factor=True)
    Person.objects.exclude(role__in=roles).update(needs_second_factor=False)


def _end_sessions(person: Person) -> None:
    """End a person's sign-ins in every browser, and her tokens."""
    _end_tokens(person)
    Session.objects.filter(session_key__in=session_keys_of(person)).delete()


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


def make_token(*, person: Person, name: str, may_write: bool, days: int) -> tuple[Token, str]:
    """Make a token of 256 random bits, which is given once; only its digest is stored.

    Its name is kept and its making logged. A reader's token never writes. `days`: 1 to
    `TOKEN_DAYS`; more is cut to that. Raises TextNotStorable.
    """
    if "\x00" in name:
        raise TextNotStorable
    text = _TOKEN_MARK + secrets.token_urlsafe(_TOKEN_BYTES)
    now = clock.now()
    token = Token(
        id=new_id(),
        person=person,
        name=name,
        sha256=token_digest(text),
        may_write=may_write and person.acts,
        made_at=now,
        expires_at=now + timedelta(days=min(max(days, 1), TOKEN_DAYS)),
    )
    with one_transaction():
        token.save(force_insert=True)
    _access_log.info("%s made the token %s", person.username, token.id)
    return token, text


def grant_token(
    ledger: LedgerStore, *, person: Person, name: str, may_write: bool, days: int, by: ActingOfficer
) -> tuple[Token, str]:
    """Make a token on the site, entry and row in one; raises TextNotStorable."""
    with one_transaction():
        made = make_token(person=person, name=name, may_write=may_write, days=days)
        _record(ledger, person, "token-made", name, by)
    return made


def end_token(*, person: Person, token_id: str) -> Token | None:
    """End a token of a person's own; None when she has none of that id that has not ended."""
    with one_transaction():
        mine = Token.objects.filter(person=person, id=token_id[:36], ended_at=None)
        token = mine.select_for_update().first()
        if token is not None:
            token.ended_at = clock.now()
            token.save(update_fields=["ended_at"])
            _access_log.info("%s ended the token %s", person.username, token.id)
    return token


def withdraw_token(
    ledger: LedgerStore, *, person: Person, token_id: str, by: ActingOfficer
) -> bool:
    """End a token on the site, entry and row in one; False as `end_token` gives None."""
    with one_transaction():
        token = end_token(person=person, token_id=token_id)
        if token is not None:
            _record(ledger, person, "token-ended", token.name, by)
    return token is not None


def token_was_used(token: Token) -> None:
    """Take note of when a token was used, not more often than once a minute."""
    now = clock.now()
    is_old = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(seconds=_USE_SECONDS))
    known = token.last_used_at
    if known is None or (now - known).total_seconds() > _USE_SECONDS:
        Token.objects.filter(is_old, pk=token.pk).update(last_used_at=now)
