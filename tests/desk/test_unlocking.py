"""Passphrases tried on the site, on each database: so many for an account and for a key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from kancil.custody.errors import KeyLocked, KeyNotFound
from kancil.desk.access.unlocking import ACCOUNT_TRIES, KEY_TRIES, WINDOW, unlock_key
from kancil.desk.base.errors import KeyTriesSpent
from kancil.desk.people.actions import add_person
from kancil.desk.people.models import KeyTry, Person, Role
from kancil.desk.people.queries import sign_ins
from kancil.ground import clock
from kancil.ground.ids import OfficerId, new_id
from tests.desk.desks import Desk
from tests.desk.test_locks import in_words

RIGHT, WRONG = "a passphrase of her own", "not this one at all"
BEGUN = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


class Still:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = BEGUN


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Still:
    still = Still()
    monkeypatch.setattr(clock, "now", lambda: still.now)
    return still


def somebody(name: str) -> Person:
    person, _ = add_person(username=name, name=name, role=Role.OFFICER)
    return person


def a_key(desk: Desk) -> OfficerId:
    officer = OfficerId(new_id())
    desk.keys.create_officer(officer, RIGHT)
    return officer


def tries(desk: Desk, person: Person, officer: OfficerId, passphrase: str) -> str:
    try:
        unlock_key(desk.keys, officer=officer, passphrase=passphrase, person=person)
    except (KeyLocked, KeyTriesSpent) as error:
        in_words(error)
        return error.code
    return "open"


@pytest.fixture
def wrong_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let deriving a key take little time, where only the counting is looked at."""
    monkeypatch.setattr("kancil.custody.keys.PASSPHRASE_ROUNDS", 70_000)


@pytest.mark.usefixtures("wrong_is_quick")
def test_an_account_has_so_many_tries_whosever_key_it_is(desk: Desk, time: Still) -> None:
    dara, mine, others = somebody("dara"), a_key(desk), a_key(desk)
    for n in range(ACCOUNT_TRIES):
        time.now += timedelta(minutes=1)
        assert tries(desk, dara, others if n else mine, WRONG) == "key-locked"
    assert tries(desk, dara, mine, RIGHT) == "key-tries-spent", "the right one is not tried either"
    with pytest.raises(KeyTriesSpent) as error:
        unlock_key(desk.keys, officer=mine, passphrase=RIGHT, person=dara)
    assert error.value.params["minutes"] == 11
    assert "from your account. Wait 11 min" in in_words(error.value)
    assert tries(desk, somebody("kham"), others, RIGHT) == "open", "nobody else is locked out"
    time.now = BEGUN + timedelta(minutes=1) + WINDOW
    assert tries(desk, dara, mine, RIGHT) == "open"


@pytest.mark.usefixtures("wrong_is_quick")
def test_a_key_has_so_many_tries_whoever_is_signed_in(desk: Desk, time: Still) -> None:
    key, owner = a_key(desk), somebody("owner")
    for n in range(KEY_TRIES):
        person = Person.objects.filter(username=f"p{n // 4}").first() or somebody(f"p{n // 4}")
        assert tries(desk, person, key, WRONG) == "key-locked"
        if n + 1 == ACCOUNT_TRIES:
            assert tries(desk, owner, key, RIGHT) == "open", "a colleague cannot keep them out"
    with pytest.raises(KeyTriesSpent) as error:
        unlock_key(desk.keys, officer=key, passphrase=RIGHT, person=owner)
    assert "for this officer's key" in in_words(error.value)
    time.now += WINDOW
    assert tries(desk, owner, key, RIGHT) == "open"


@pytest.mark.usefixtures("wrong_is_quick")
def test_a_right_one_takes_back_their_own_wrong_ones_for_this_key_alone(desk: Desk) -> None:
    dara, mine, others = somebody("dara"), a_key(desk), a_key(desk)
    for _ in range(3):
        for _ in range(ACCOUNT_TRIES - 1):
            assert tries(desk, dara, mine, WRONG) == "key-locked"
        assert tries(desk, dara, mine, RIGHT) == "open"
    for _ in range(ACCOUNT_TRIES - 1):
        assert tries(desk, dara, others, WRONG) == "key-locked"
        assert tries(desk, dara, mine, RIGHT) == "open"
    assert tries(desk, dara, others, WRONG) == "key-locked"
    assert tries(desk, dara, others, WRONG) == "key-tries-spent", "own key resets nothing here"


def test_many_at_once_are_no_more_tries_than_one_after_the_other(desk: Desk) -> None:
    dara, key = somebody("dara"), a_key(desk)

    def one(_: int) -> str:
        try:
            return tries(desk, dara, key, WRONG)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(12)))
    assert answers.count("key-locked") == ACCOUNT_TRIES
    assert answers.count("key-tries-spent") == 12 - ACCOUNT_TRIES


def test_a_key_that_is_not_there_is_no_try(desk: Desk) -> None:
    dara = somebody("dara")
    for _ in range(ACCOUNT_TRIES + 1):
        with pytest.raises(KeyNotFound):
            unlock_key(desk.keys, officer=OfficerId(""), passphrase=WRONG, person=dara)
    assert not KeyTry.objects.exists()


@pytest.mark.usefixtures("wrong_is_quick")
def test_each_wrong_one_is_listed_among_the_sign_ins(desk: Desk, time: Still) -> None:
    dara, key = somebody("dara"), a_key(desk)
    for _ in range(ACCOUNT_TRIES + 2):
        time.now += timedelta(seconds=1)
        tries(desk, dara, key, WRONG)
    found = sign_ins(before=None, most=20)
    assert [each.outcome for each in found] == ["key-locked", *["key-wrong"] * (ACCOUNT_TRIES - 1)]
    assert {(each.username, each.key_of) for each in found} == {("dara", key)}
    assert len(sign_ins(before=found[1].at, most=20, username="dara")) == ACCOUNT_TRIES - 2
    assert sign_ins(before=None, most=20, username="kham") == []
