"""Who there is, who may see which case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from axes.models import AccessFailureLog, AccessLog
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from kancil.ground import clock
from kancil.ground.folding import folded

from .models import (
    CASE_ROLES,
    PROGRAMME_ROLES,
    ROLES_OF,
    TRAINING_ROLES,
    UNIT_ROLES,
    CaseOpening,
    KeyTry,
    Membership,
    Person,
    Role,
    Token,
)

__all__ = [  # rows, to be read
    "CASE_ROLES", "PROGRAMME_ROLES", "ROLES_OF", "TRAINING_ROLES", "UNIT_ROLES", "Membership",
    "Person", "Role", "Token",
]  # fmt: skip


def may_open(person: Person, case_id: str) -> bool:
    """Whether the person may see the case: as a member, or as a trainer of the classroom."""
    return person.role == Role.TRAINER or is_member(person, case_id)


def is_member(person: Person, case_id: str) -> bool:
    """Whether the person belongs to the case."""
    return Membership.objects.filter(person=person, case_id=case_id).exists()


def case_ids_of(person: Person) -> list[str]:
    """List the ids of the cases a person belongs to."""
    return list(Membership.objects.filter(person=person).values_list("case_id", flat=True))


def members_of(case_id: str) -> list[Membership]:
    """List the members of a case by name."""
    found = Membership.objects.filter(case_id=case_id).select_related("person")
    return list(found.order_by("person__name"))


def people() -> list[Person]:
    """List all accounts by name."""
    return list(Person.objects.all())


def find_person(username: str) -> Person | None:
    """Find an active account by its user name."""
    return Person.objects.filter(username=username, is_active=True).first()


def account_of(officer: str) -> Person | None:
    """The account that stands for an officer and may be a member of cases; at most one does."""
    return Person.objects.filter(officer=officer, is_active=True, role__in=CASE_ROLES).first()


def account_named(typed: str) -> str:
    """User name of the account that is meant by what was typed at sign-in.

    Letter case, compatibility forms and spaces make no other account. What names no account comes
    back folded.
    """
    meant = _as_name(typed)
    names = Person.objects.values_list("username", flat=True)
    if names.filter(username=typed).exists():
        return typed
    return next((name for name in names if _as_name(name) == meant), meant)


def _as_name(text: str) -> str:
    return folded(" ".join(text.split()))


def person_of_officer(officer: str) -> Person | None:
    """Find the account of an officer."""
    return Person.objects.filter(officer=officer).first()


def has_administrator() -> bool:
    """Whether anybody can add accounts."""
    return Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists()


def session_digest(session_key: str) -> str:
    """What stands for a session in the books: a digest, for its key is a secret."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def has_entered(person: Person, case_id: str, session: str) -> bool:
    """Whether the ledger has it that this person looked into the case since signing in."""
    found = CaseOpening.objects.filter(person=person, case_id=case_id, session=session)
    return found.exists()


def person_at(number: int) -> Person | None:
    """Find an account, ended or not, by its number."""
    return Person.objects.filter(pk=number).first()


def other_administrators(person: Person) -> bool:
    """Whether somebody else can keep accounts."""
    others = Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=person.pk)
    return others.exists()


def factors_of(person: Person) -> list[str]:
    """List the kinds of second factor a person has: `totp`, `webauthn`, once each.

    Recovery codes stand in for one that is lost and are none themselves.
    """
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found = Authenticator.objects.filter(user=person, type__in=kinds)
    return sorted(set(found.values_list("type", flat=True)))


def factors_by_person() -> dict[int, list[str]]:
    """Kinds of second factor as `factors_of` gives them, of everybody who has one, by account."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found: dict[int, list[str]] = {}
    rows = Authenticator.objects.filter(type__in=kinds).values_list("user_id", "type")
    for person, kind in rows.distinct().order_by("type"):
        found.setdefault(person, []).append(kind)
    return found


def lacks_second_factor(person: Person) -> bool:
    """Whether the person must set a second factor up before they can do anything."""
    return person.needs_second_factor and not factors_of(person)


def session_keys_of(person: Person) -> list[str]:
    """The stored keys of a person's sessions that have not ended: digests (`sessions`)."""
    running = Session.objects.filter(expire_date__gt=timezone.now())
    return [
        session.session_key
        for session in running.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]


FACTOR_PATHS = ("/code/", "/passkey/")
"""How the addresses end at which a second factor is shown."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody signed in, or tried to."""

    at: datetime
    username: str | None
    """None for a name that no account has: it may be a password in the wrong field."""
    address: str
    browser: str
    outcome: str
    """`in`, `wrong` or `locked`; the words are `web.sign-in-outcome.<value>`.

    Of a second factor `factor-wrong` or `factor-locked`, of a key `key-wrong` or `key-locked`.
    """
    out_at: datetime | None
    """When the person signed out, if they did."""
    key_of: str | None = None
    """The officer whose key it was, for a passphrase that opened none."""


def sign_ins(*, before: datetime | None, most: int, username: str | None = None) -> list[SignIn]:
    """List sign-ins, failures and wrong passphrases, the newest first, of all or of one account."""
    came = AccessLog.objects.order_by("-attempt_time")
    failed = AccessFailureLog.objects.order_by("-attempt_time")
    tried = KeyTry.objects.select_related("person")
    if before is not None:
        came = came.filter(attempt_time__lt=before)
        failed = failed.filter(attempt_time__lt=before)
        tried = tried.filter(tried_at__lt=before)
    if username is not None:
        came, failed = came.filter(username=username), failed.filter(username=username)
        tried = tried.filter(person__username=username)
    known = set(Person.objects.values_list("username", flat=True))
    found = [*_came(came[:most]), *_failed(failed[:most], known), *_tried(tried[:most])]
    return sorted(found, key=lambda each: each.at, reverse=True)[:most]


def _came(rows: list[AccessLog]) -> Iterator[SignIn]:
    for row in rows:
        yield SignIn(
            row.attempt_time, row.username, row.ip_address or "", row.user_agent, "in",
            row.logout_time,
        )  # fmt: skip


def _failed(rows: list[AccessFailureLog], known: set[str]) -> Iterator[SignIn]:
    for row in rows:
        name = row.username if row.username in known else None
        outcome = "locked" if row.locked_out else "wrong"
        if row.path_info.endswith(FACTOR_PATHS):
            outcome = f"factor-{outcome}"
        yield SignIn(row.attempt_time, name, row.ip_address or "", row.user_agent, outcome, None)


def _tried(rows: QuerySet[KeyTry]) -> Iterator[SignIn]:
    for row in rows:
        outcome = "key-locked" if row.locked else "key-wrong"
        yield SignIn(row.tried_at, row.person.username, "", "", outcome, None, row.officer)


def token_digest(text: str) -> str:
    """What a token is found by; it has 256 random bits, so that no salt is needed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def tokens_of(person: Person) -> list[Token]:
    """List a person's tokens, the newest first, those that have ended too."""
    return list(Token.objects.filter(person=person))


def find_token(text: str) -> Token | None:
    """Find a token that is good now, of somebody who could do something on the site.

    Their account is in use, has a password of their own, and a second factor where one is required.
    """
    found = (
        Token.objects.select_related("person")
        .filter(
            sha256=token_digest(text),
            ended_at=None,
            expires_at__gt=clock.now(),
            person__is_active=True,
            person__must_change_password=False,
        )
        .first()
    )
    return None if found is None or lacks_second_factor(found.person) else found


def is_good(token: Token) -> bool:
    """Whether a token has neither ended nor expired."""
    return token.ended_at is None and token.expires_at > clock.now()
