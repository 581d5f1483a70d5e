"""What of the accounts of a backup opens nothing after it was restored.

A backup comes from outside, and no ledger states a password: whoever could write the file could
have put one in. So none of them works, and whoever restores is handed new ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session

from kancil.desk.base.opening import one_change

from .actions import give_new_password
from .models import Person, Role, Token


def void_passwords(keepers: Sequence[Person] = (), *, keep_passkeys: bool) -> dict[str, str]:
    """End every password, sign-in and token; gives one-time passwords, by user name.

    They are for `keepers`, else the administrators; where neither can sign in, for every account
    in use. `keep_passkeys`: whether the rows came under a signature that was expected; else
    passkeys, which sign in by themselves, are removed.
    """
    with one_change():
        Person.objects.update(password=make_password(None))
        Session.objects.all().delete()
        Token.objects.all().delete()
        if not keep_passkeys:
            Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).delete()
        active = Person.objects.filter(is_active=True)
        chosen = list(keepers) or list(active.filter(role=Role.ADMINISTRATOR)) or list(active)
        return {person.username: give_new_password(person) for person in chosen}
