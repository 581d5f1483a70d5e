"""Tokens for programs on each database: made once, good for a while, ended for good."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from kancil.desk.base.errors import TextNotStorable, TokensTooMany
from kancil.desk.base.tables import table_lines
from kancil.desk.people.actions import (
    MOST_TOKENS,
    TOKEN_DAYS,
    TOKENS_AN_HOUR,
    add_person,
    end_token,
    give_new_password,
    make_token,
    password_was_changed,
    token_was_used,
)
from kancil.desk.people.models import Person, Role, Token
from kancil.desk.people.queries import find_token, tokens_of
from kancil.ground import clock

pytestmark = pytest.mark.usefixtures("desk")
BEGUN = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def an_officer(name: str, role: Role = Role.OFFICER) -> Person:
    person, _ = add_person(username=name, name=name, role=role)
    password_was_changed(person)
    return person


def test_a_token_is_good_from_when_it_is_made_to_when_it_expires(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = BEGUN
    monkeypatch.setattr(clock, "now", lambda: moment)
    person = an_officer("dara")
    token, text = make_token(person=person, name="export", may_write=True, days=500)
    assert token.sha256 == hashlib.sha256(text.encode()).hexdigest()
    moment = BEGUN + timedelta(days=TOKEN_DAYS) - timedelta(seconds=1)
    found = find_token(text)
    assert found is not None
    assert (found.person, found.may_write) == (person, True)
    moment = BEGUN + timedelta(days=TOKEN_DAYS)
    assert find_token(text) is None


def test_wrong_tokens_find_nobody() -> None:
    _, text = make_token(person=an_officer("dara"), name="export", may_write=True, days=1)
    for wrong in ("", text[:-1], text + " ", text.upper(), "\x00", "\ud800", "x" * 100_000):
        assert find_token(wrong) is None


def test_a_token_ends_by_its_owner_alone_and_by_a_new_password() -> None:
    dara, kham = an_officer("dara"), an_officer("kham")
    token, text = make_token(person=dara, name="export", may_write=False, days=9)
    assert not end_token(person=kham, token_id=token.id)
    assert find_token(text) is not None
    assert end_token(person=dara, token_id=token.id)
    assert find_token(text) is None
    assert not end_token(person=dara, token_id=token.id)
    _, second = make_token(person=dara, name="second", may_write=False, days=9)
    give_new_password(dara)
    password_was_changed(dara)
    assert find_token(second) is None
    assert len(tokens_of(dara)) == 2
    assert all(each.ended_at for each in tokens_of(dara))


def test_a_reader_has_no_token_that_writes_and_a_name_no_nul() -> None:
    reader = an_officer("reader", Role.READER)
    assert not make_token(person=reader, name="export", may_write=True, days=1)[0].may_write
    with pytest.raises(TextNotStorable):
        make_token(person=reader, name="a\x00b", may_write=False, days=1)
    assert Token.objects.count() == 1


def test_tokens_are_few_and_not_made_by_the_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = BEGUN
    monkeypatch.setattr(clock, "now", lambda: moment)
    dara, kham = an_officer("dara"), an_officer("kham")

    def make(person: Person = dara) -> Token:
        return make_token(person=person, name="export", may_write=False, days=90)[0]

    ended = [make() for _ in range(TOKENS_AN_HOUR)]
    assert end_token(person=dara, token_id=ended[0].id)
    with pytest.raises(TokensTooMany):
        make()
    make(kham)
    for _ in range(MOST_TOKENS - TOKENS_AN_HOUR + 1):
        moment += timedelta(hours=1)
        make()
    moment += timedelta(hours=1)
    with pytest.raises(TokensTooMany):
        make()
    assert end_token(person=dara, token_id=ended[1].id)
    make()


def test_when_a_token_was_used_is_kept_to_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = BEGUN
    monkeypatch.setattr(clock, "now", lambda: moment)
    _, text = make_token(person=an_officer("dara"), name="export", may_write=False, days=1)
    kept = []
    for seconds in (0, 30, 59, 61, 100):
        moment = BEGUN + timedelta(seconds=seconds)
        found = find_token(text)
        assert found is not None
        token_was_used(found)
        kept.append((Token.objects.get().last_used_at or BEGUN) - BEGUN)
    assert [each.total_seconds() for each in kept] == [0, 0, 0, 61, 61]


def test_a_backup_holds_no_token() -> None:
    token, text = make_token(person=an_officer("dara"), name="export", may_write=True, days=1)
    lines = b"\n".join(table_lines())
    assert b"dara" in lines
    assert token.sha256.encode() not in lines
    assert text.encode() not in lines
