"""The key of a person on this machine, under which their files of answers are signed.

It is sealed with the workspace's secret, and its private half never leaves `keys/people/`.
"""

from __future__ import annotations

from pathlib import Path

from kancil.custody.keys import KeyRing, create_key, fingerprint_of, open_key
from kancil.desk.people.models import Person
from kancil.ground.errors import FileExists
from kancil.ground.files import translated
from kancil.ground.signing import Signer


def own_key(keys: KeyRing, person: Person) -> Signer:
    """Unlock a person's own key on this machine; it is made the first time.

    Raises KeyNotFound, KeyLocked, KeyFileExposed, DiskFull.
    """
    path = _path(keys, person)
    if not path.is_file():
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            return create_key(path, keys.secret())
        except FileExists:
            pass  # made at this moment, by another window of the same person
        except OSError as error:
            raise translated(error, path) from error
    return open_key(path, keys.secret())


def own_fingerprint(keys: KeyRing, person: Person) -> str | None:
    """The fingerprint of a person's key on this machine; None: there is none here yet."""
    path = _path(keys, person)
    return fingerprint_of(path) if path.is_file() else None


def _path(keys: KeyRing, person: Person) -> Path:
    return keys.folder / "people" / f"{person.pk}.pem"
