"""A verdict says by which key, and revoked as of which list; it never says more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kancil.ground.signing import Signer
from kancil.training.badges.certificate import hashed_identifier
from kancil.training.badges.errors import (
    BadgeTooLarge,
    RevocationsNotReadable,
    RevocationsOfAnother,
)
from kancil.training.badges.revocations import (
    MAX_BYTES,
    OpenedRevocations,
    Revocation,
    RevocationReason,
    Revocations,
    newest,
    read_revocations,
    write_revocations,
)
from kancil.training.badges.verdict import BadgeVerdict, judge
from tests.training.badges.samples import AT, BOX, ID, OTHER, signed

NOW = AT + timedelta(days=9)
FINGERPRINT = signed().fingerprint
LOST = Revocation(ID, date(2026, 12, 1), RevocationReason.MISTAKE)


def revocations(number: int, *revoked: Revocation, by: Signer = BOX) -> OpenedRevocations:
    made = Revocations("Training centre (invented)", number, AT + timedelta(number), revoked)
    return read_revocations(write_revocations(made, by), f"list-{number}")


def judged(*lists: OpenedRevocations, key: str | None = FINGERPRINT) -> BadgeVerdict:
    return judge(signed(), key=key, lists=lists, at=NOW)


def test_unchanged_and_by_the_expected_key_is_good() -> None:
    found = judged()
    assert (found.is_good, found.exit_status) == (True, 0)
    assert found.headline.key == "note.badge-good"
    assert found.revoked_as_of.key == "note.badge-no-list"


def test_without_a_fingerprint_nobody_says_who_signed_it() -> None:
    found = judged(key=None)
    assert (found.is_good, found.exit_status) == (False, 28)
    assert found.headline.params == {"key": FINGERPRINT}


def test_another_key_than_the_expected_one_is_not_to_be_relied_on() -> None:
    found = judged(key="SHA256:" + "A" * 43)
    assert found.exit_status == 12
    assert found.headline.key == "note.badge-key-other"


def test_a_revoked_certificate_is_not_to_be_relied_on() -> None:
    found = judged(revocations(1, LOST))
    assert (found.exit_status, found.revocation) == (12, LOST)
    assert found.headline.params == {"on": "2026-12-01"}


def test_the_newest_list_is_named_whatever_the_order() -> None:
    older, newer = revocations(1), revocations(2)
    for lists in ((older, newer), (newer, older)):
        assert judged(*lists).revoked_as_of.params == {"number": 2, "on": "2026-11-29"}
    assert newest(()) is None


def test_what_was_revoked_stays_revoked() -> None:
    assert judged(revocations(1, LOST), revocations(2)).exit_status == 12


def test_a_list_by_another_key_says_nothing() -> None:
    with pytest.raises(RevocationsOfAnother):
        judged(revocations(1, LOST, by=OTHER))


def test_a_certificate_of_the_future_is_doubted() -> None:
    found = judge(signed(), key=FINGERPRINT, lists=(), at=AT - timedelta(seconds=1))
    assert found.exit_status == 28
    assert found.headline.key == "note.badge-future"


def test_an_identifier_is_compared_where_one_is_asked() -> None:
    mine = signed(identifier=hashed_identifier("STAFF-2031"))
    right = judge(mine, key=FINGERPRINT, lists=(), at=NOW, identifier="STAFF-2031")
    wrong = judge(mine, key=FINGERPRINT, lists=(), at=NOW, identifier="STAFF-2032")
    assert (right.identifier_fits, right.exit_status) == (True, 0)
    assert (wrong.identifier_fits, wrong.exit_status) == (False, 12)
    none = judge(signed(), key=FINGERPRINT, lists=(), at=NOW, identifier="STAFF-2031")
    assert none.identifier_fits is None


def test_a_changed_list_is_refused() -> None:
    made = Revocations("Box", 1, datetime(2026, 12, 1, tzinfo=UTC), (LOST,))
    data = write_revocations(made, BOX)
    for bad in (data.replace(b"mistake", b"fraud"), data[:-9], b"{}", b""):
        with pytest.raises(RevocationsNotReadable):
            read_revocations(bad, "bad")
    with pytest.raises(BadgeTooLarge):
        read_revocations(b"x" * (MAX_BYTES + 1), "bad")


@pytest.mark.parametrize(
    "wrong", [Revocations("Box", 0, AT, ()), Revocations("Box", 1, AT, (LOST, LOST))]
)
def test_a_list_without_order_is_refused(wrong: Revocations) -> None:
    with pytest.raises(RevocationsNotReadable):
        read_revocations(write_revocations(wrong, BOX), "wrong")
