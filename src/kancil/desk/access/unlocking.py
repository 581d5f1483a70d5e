"""Opening an officer's key with a passphrase typed on the site: so many tries, then a wait.

A try is counted before it is made, in a transaction of its own under the head lock, so that many
at once, in several processes, on either database, are no more than one after the other.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.db.models import QuerySet

from kancil.custody.errors import KeyLocked
from kancil.custody.keys import KeyRing
from kancil.desk.base.errors import KeyTriesSpent
from kancil.desk.custody.store import one_transaction
from kancil.desk.people.models import KeyTry, Person
from kancil.ground import clock
from kancil.ground.ids import OfficerId
from kancil.ground.phrase import Phrase
from kancil.ground.signing import Signer

ACCOUNT_TRIES = 5
"""Wrong passphrases that one account may type within `WINDOW`, whosever key it is."""
KEY_TRIES = 10
"""Wrong passphrases for one key within `WINDOW`, from all accounts.

More than `ACCOUNT_TRIES`, so that no colleague alone can keep an officer from their own key.
"""
WINDOW = timedelta(minutes=15)
"""How long a wrong passphrase counts."""


def unlock_key(keys: KeyRing, *, officer: OfficerId, passphrase: str, person: Person) -> Signer:
    """Open an officer's key for whoever is signed in.

    A passphrase that opens it takes back the person's own wrong ones for this key; those of others,
    or for another key, still count. Raises KeyTriesSpent without trying, KeyLocked, KeyNotFound.
    """
    tried = _count_try(officer, person)
    try:
        signer = keys.officer_signer(officer, passphrase)
    except KeyLocked:
        raise
    except BaseException:
        tried.delete()  # no passphrase was tried: there is no such file, or others may read it
        raise
    with one_transaction():
        tried.delete()
        KeyTry.objects.filter(person=person, officer=officer).update(counts=False)
    return signer


def _count_try(officer: OfficerId, person: Person) -> KeyTry:
    now = clock.now()
    recent = KeyTry.objects.filter(counts=True, tried_at__gt=now - WINDOW)
    of_account, of_key = recent.filter(person=person), recent.filter(officer=officer)
    with one_transaction():
        left = min(
            _left(of_account, ACCOUNT_TRIES, "account", now), _left(of_key, KEY_TRIES, "key", now)
        )
        return KeyTry.objects.create(person=person, officer=officer, tried_at=now, locked=left == 1)


def _left(tries: QuerySet[KeyTry], most: int, where: str, now: datetime) -> int:
    """How many tries are left; raises KeyTriesSpent, which says when the next one is free."""
    counted = list(tries.values_list("tried_at", flat=True)[:most])
    if len(counted) == most:
        minutes = math.ceil((counted[-1] + WINDOW - now) / timedelta(minutes=1))
        raise KeyTriesSpent(where=Phrase(f"why.key-tries-{where}"), minutes=max(1, minutes))
    return most - len(counted)
