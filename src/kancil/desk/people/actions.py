"""Accounts as they are on either site: the only writers of the people's tables.

What a unit does to an account is an entry of its ledger too: those acts are `desk/access`.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import (
    get_client_http_accept,
    get_client_ip_address,
    get_client_path_info,
    get_client_user_agent,
)
from axes.models import AccessFailureLog
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest

from kancil.desk.base.errors import (
    AccountNameTaken,
    AdministratorNeeded,
    TextNotStorable,
    TokensTooMany,
)
from kancil.desk.base.opening import one_change
from kancil.ground import clock
from kancil.ground.folding import folded
from kancil.ground.ids import OfficerId, new_id

from .models import Person, Role, Token
from .one_time import one_time_password
from .queries import other_administrators, person_of_officer, session_keys_of, token_digest

TOKEN_DAYS = 90
"""How long a token is good for at the most."""
MOST_TOKENS = 20
"""Good tokens that one person may have."""
TOKENS_AN_HOUR = 10
"""Tokens that one person may make within an hour, those that ended since among them."""
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
    has_password: bool = True,
) -> tuple[Person, str]:
    """Add an account with a one-time password, which is given once and stored as a hash.

    `has_password`: False for one that nobody signs in to until a password is set. Raises
    AccountNameTaken, TextNotStorable.
    """
    if "\x00" in username + name:
        raise TextNotStorable
    password = one_time_password() if has_password else ""
    person = Person(
        username=username,
        name=name,
        role=role,
        officer=officer,
        needs_second_factor=needs_second_factor,
    )
    person.set_password(password or None)  # slow by intent, so before the lock
    with one_change():
        if folded(username) in map(folded, Person.objects.values_list("username", flat=True)):
            raise AccountNameTaken(name=username[:60])
        known = None if officer is None else person_of_officer(officer)
        if known is not None:
            raise AccountNameTaken(name=known.username)
        try:
            with transaction.atomic():
                person.save()
        except IntegrityError as error:  # somebody took the name at this moment
            raise AccountNameTaken(name=username[:60]) from error
    return person, password


def give_new_password(person: Person) -> str:
    """A one-time password in place of one that was forgotten; the person's tokens end with it."""
    password = one_time_password()
    person.set_password(password)
    person.must_change_password = True
    with one_change():
        person.save(update_fields=["password", "must_change_password"])
        end_tokens(person)
    return password


def end_tokens(person: Person) -> None:
    """End all tokens of a person."""
    ended = Token.objects.filter(person=person, ended_at=None).update(ended_at=clock.now())
    if ended:
        _access_log.info("%d tokens of %s were ended with the sign-ins", ended, person.username)


def password_was_changed(person: Person) -> None:
    """Take note that the person now has a password of their own."""
    Person.objects.filter(pk=person.pk).update(must_change_password=False)


def keep_an_administrator(person: Person) -> None:
    """Refuse to take the last administrator away; raises AdministratorNeeded."""
    if person.role == Role.ADMINISTRATOR and not other_administrators(person):
        raise AdministratorNeeded(name=person.name)


def end_sessions(person: Person) -> None:
    """End a person's tokens, and their sign-ins in every browser."""
    end_tokens(person)
    Session.objects.filter(session_key__in=session_keys_of(person)).delete()


def choose_language(person: Person, language: str) -> None:
    """Remember the language a person reads."""
    Person.objects.filter(pk=person.pk).update(language=language)


def make_token(*, person: Person, name: str, may_write: bool, days: int) -> tuple[Token, str]:
    """Make a token of 256 random bits, which is given once; only its digest is stored.

    Its name is kept and its making logged. A reader's token never writes. `days`: 1 to
    `TOKEN_DAYS`; more is cut to that. Raises TextNotStorable, TokensTooMany.
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
    with one_change():
        _require_room(person, now)
        token.save(force_insert=True)
    _access_log.info("%s made the token %s", person.username, token.id)
    return token, text


def _require_room(person: Person, now: datetime) -> None:
    """Refuse one more token; whoever makes many at once waits for the person's own row."""
    Person.objects.select_for_update().filter(pk=person.pk).first()
    mine = Token.objects.filter(person=person)
    good = mine.filter(ended_at=None, expires_at__gt=now).count()
    recent = mine.filter(made_at__gt=now - timedelta(hours=1)).count()
    if good >= MOST_TOKENS or recent >= TOKENS_AN_HOUR:
        raise TokensTooMany(most=MOST_TOKENS, within=TOKENS_AN_HOUR)


def end_token(*, person: Person, token_id: str) -> Token | None:
    """End a token of a person's own; None when none of that id is theirs and has not ended."""
    with one_change():
        mine = Token.objects.filter(person=person, id=token_id[:36], ended_at=None)
        token = mine.select_for_update().first()
        if token is not None:
            token.ended_at = clock.now()
            token.save(update_fields=["ended_at"])
            _access_log.info("%s ended the token %s", person.username, token.id)
    return token


def token_was_used(token: Token) -> None:
    """Take note of when a token was used, not more often than once a minute."""
    now = clock.now()
    is_old = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(seconds=_USE_SECONDS))
    known = token.last_used_at
    if known is None or (now - known).total_seconds() > _USE_SECONDS:
        Token.objects.filter(is_old, pk=token.pk).update(last_used_at=now)


def log_wrong_factor(person: Person, request: HttpRequest, *, is_last: bool) -> None:
    """Keep that somebody showed a wrong second factor; what was shown is kept nowhere.

    `is_last`: no more may be shown for a while.
    """
    AccessFailureLog.objects.create(
        username=person.username,
        ip_address=get_client_ip_address(request),
        user_agent=get_client_user_agent(request),
        http_accept=get_client_http_accept(request),
        path_info=get_client_path_info(request),
        attempt_time=clock.now(),
        locked_out=is_last,
    )
    AxesProxyHandler.remove_out_of_limit_failure_logs(username=person.username)
    _access_log.warning("a wrong second factor of %s", person.username)


def drop_factors(person: Person) -> None:
    """Remove a person's second factors, and end their sign-ins."""
    with one_change():
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person)
