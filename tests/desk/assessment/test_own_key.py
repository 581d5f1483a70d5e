"""A person's own key on this machine: made once, whoever asks for it at the same moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.custody.keys import create_key
from kancil.desk.assessment import own_key as room
from kancil.desk.assessment.own_key import own_fingerprint, own_key
from kancil.desk.people.models import Role
from kancil.ground.signing import Signer, fingerprint
from tests.desk.assessment.programme import person
from tests.desk.desks import Desk


def test_a_key_is_made_the_first_time_and_opened_from_then_on(sqlite_desk: Desk) -> None:
    ann = person("ann", Role.ASSESSOR)
    assert own_fingerprint(sqlite_desk.keys, ann) is None
    first = own_key(sqlite_desk.keys, ann)
    assert own_key(sqlite_desk.keys, ann).public_raw == first.public_raw
    assert own_fingerprint(sqlite_desk.keys, ann) == fingerprint(first.public_raw)


def test_a_key_that_another_window_makes_at_the_same_moment_is_the_one(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = person("ann", Role.ASSESSOR)
    others: list[Signer] = []

    def second(path: Path, secret: bytes | str) -> Signer:
        others.append(create_key(path, secret))
        return create_key(path, secret)

    monkeypatch.setattr(room, "create_key", second)
    assert own_key(sqlite_desk.keys, ann).public_raw == others[0].public_raw
