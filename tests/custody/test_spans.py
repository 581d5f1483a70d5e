"""Key spans: the rules of the format's section "Keys", one by one."""

from __future__ import annotations

from typing import Any

import pytest

from kancil.custody.spans import KeySpans, read_public_key, write_public_key
from kancil.ground.ids import new_id
from kancil.ground.signing import fingerprint
from tests.custody.sample import new_signer

UNIT, ANNA, BOUN = (new_signer().public_raw for _ in range(3))
A, B = new_id(), new_id()


def statement(n: int, kind: str, officer: str | None, key: bytes, /, **body: Any) -> dict[str, Any]:
    return {"n": n, "kind": kind, "officer": officer, "key": fingerprint(key), "body": body}


def added(n: int, officer: str, key: bytes, by: str, signed: bytes) -> dict[str, Any]:
    return statement(
        n, "officer.added", by, signed, officer=officer, public_key=write_public_key(key)
    )


@pytest.fixture
def keys() -> KeySpans:
    found = KeySpans()
    for item in (
        statement(1, "unit.founded", None, UNIT, public_key=write_public_key(UNIT)),
        added(2, A, ANNA, A, UNIT),
        added(3, B, BOUN, A, ANNA),
    ):
        # Entry 1 makes the very key that signs it active; all others are judged before they act.
        assert item["n"] == 1 or found.judge(item) == []
        assert found.take(item) == []
        assert item["n"] != 1 or found.judge(item) == []
    return found


def test_a_key_signs_from_the_entry_after_the_one_that_names_it(keys: KeySpans) -> None:
    assert keys.judge(statement(3, "backup.made", B, BOUN)) == ["key-not-active"]
    assert keys.judge(statement(4, "backup.made", B, BOUN)) == []


def test_an_officer_signs_only_in_their_own_name(keys: KeySpans) -> None:
    assert keys.judge(statement(4, "backup.made", A, BOUN)) == ["key-of-another-officer"]
    assert keys.judge(statement(4, "backup.made", None, BOUN)) == ["officer-missing"]
    stranger = new_signer().public_raw
    assert keys.judge(statement(4, "backup.made", A, stranger)) == ["key-unknown"]


def test_the_units_key_signs_backups_in_a_known_officers_name(keys: KeySpans) -> None:
    assert keys.judge(statement(4, "workspace.upgraded", A, UNIT)) == []
    assert keys.judge(statement(4, "workspace.upgraded", new_id(), UNIT)) == ["unit-key-may-not"]
    assert keys.judge(added(4, new_id(), BOUN, A, UNIT)) == ["unit-key-may-not"]


def test_a_rotation_in_ones_own_name_is_signed_by_the_key_it_ends(keys: KeySpans) -> None:
    new = write_public_key(new_signer().public_raw)
    own = statement(4, "key.rotated", B, BOUN, officer=B, public_key=new, replaces="SHA256:x")
    assert keys.judge(own) == ["rotation-not-by-old-key"]
    assert keys.take(own) == ["ended-key-unknown"]
    other = statement(
        4, "key.rotated", A, ANNA, officer=B, public_key=new, replaces=fingerprint(ANNA)
    )
    assert keys.take(other) == ["ended-key-unknown"]


def test_the_units_key_helps_only_the_one_officer_who_serves(keys: KeySpans) -> None:
    new = write_public_key(new_signer().public_raw)
    body = {"officer": A, "public_key": new, "replaces": fingerprint(ANNA)}
    assert keys.judge(statement(4, "key.rotated", A, UNIT, **body)) == ["unit-key-may-not"]
    assert keys.take(statement(4, "officer.retired", A, ANNA, officer=B)) == []
    assert keys.judge(statement(5, "key.rotated", A, UNIT, **body)) == []
    assert keys.judge(statement(5, "key.revoked", A, UNIT, officer=A)) == []
    assert keys.take(statement(5, "officer.retired", A, ANNA, officer=B)) == ["officer-not-serving"]


def test_no_key_and_no_officer_comes_twice(keys: KeySpans) -> None:
    assert keys.take(added(4, B, new_signer().public_raw, A, ANNA)) == ["officer-doubled"]
    assert keys.take(added(4, new_id(), UNIT, A, ANNA)) == ["public-key-doubled"]
    bad = statement(4, "officer.added", A, ANNA, officer=new_id(), public_key="x")
    assert keys.take(bad) == ["public-key-not-readable"]


def test_a_public_key_is_read_only_in_its_one_form() -> None:
    text = write_public_key(UNIT)
    assert read_public_key(text) == UNIT
    for other in (text[:-1], text + "\n", text.replace("=", ""), "", None, 3, text[:-2] + "B="):
        assert read_public_key(other) is None or other == text
