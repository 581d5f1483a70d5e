"""Signing in cannot be ground down: codes, names in any spelling, and strangers who lock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.codes import code_now
from tests.web.signing import PASSWORD, with_key
from tests.web.site import Site, site_of

if TYPE_CHECKING:
    from django.test import Client

WRONG = "wrong wrong wrong"
STRANGER, OWN = "192.0.2.7", "192.0.2.8"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit for all tests of this file."""
    served = site_of(copied(sample, tmp_path_factory.mktemp("sign-in")))
    for name in ("officer", "examiner"):
        with_key(served, name)
    return served


@pytest.fixture(autouse=True)
def _nothing_tried(site: Site) -> Iterator[None]:
    """Begin each test with nothing counted and no second factor."""
    from allauth.mfa.models import Authenticator
    from axes.models import AccessAttempt, AccessFailureLog, AccessLog
    from django.core.cache import cache

    cache.clear()
    for rows in (AccessAttempt, AccessFailureLog, AccessLog, Authenticator):
        rows.objects.all().delete()
    yield
    cache.clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """What moves the time on, for allauth and for axes."""
    from axes.handlers import proxy
    from django.utils import timezone

    begin, passed = timezone.now(), [0.0]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + passed[0])
    monkeypatch.setattr(proxy, "now", lambda: begin + timedelta(seconds=passed[0]))

    def later(seconds: float) -> None:
        passed[0] += seconds

    return later


def browser(address: str = OWN) -> Client:
    from django.test import Client

    return Client(headers={"host": "localhost"}, REMOTE_ADDR=address)


def enter(client: Client, name: str, password: str) -> Any:
    return client.post("/sign-in/", {"login": name, "password": password})


def factor(site: Site, name: str) -> tuple[str, list[str]]:
    """Give somebody codes; gives their secret and the recovery codes."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    TOTP.activate(site.people[name], secret)
    return secret, RecoveryCodes.activate(site.people[name]).get_unused_codes()


def code(secret: str) -> str:
    return code_now(secret)


def wrong_codes(secret: str, count: int) -> Iterator[str]:
    """Codes that fit at no time near now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    now = int(time.time()) // 30
    right = {format_hotp_value(hotp_value(secret, now + step)) for step in range(-3, 4)}
    found = (f"{number:06}" for number in range(10**6) if f"{number:06}" not in right)
    return (next(found) for _ in range(count))


def outcomes(name: str | None = None) -> list[str]:
    from kancil.desk.people.queries import sign_ins

    return [each.outcome for each in sign_ins(before=None, most=200, username=name)]


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_after_120_wrong_codes_the_right_one_does_not_sign_in(
    site: Site, clock: Callable[[float], None]
) -> None:
    secret, recovery = factor(site, "officer")
    client = browser()
    assert enter(client, "officer", PASSWORD).headers["Location"].startswith("/sign-in/code/")
    for wrong in wrong_codes(secret, 120):
        client.post("/sign-in/code/", {"code": wrong})
    assert outcomes("officer").count("factor-wrong") == 4
    assert outcomes("officer").count("factor-locked") == 1
    for right in (code(secret), recovery[0]):
        answer = client.post("/sign-in/code/", {"code": right})
        assert "Too many tries" in answer.content.decode()
        assert not is_in(client)
    clock(15 * 60 + 1)
    again = browser()
    enter(again, "officer", PASSWORD)
    assert again.post("/sign-in/code/", {"code": code(secret)}).status_code == 302
    assert is_in(again)


def test_codes_are_limited_by_person_whatever_session_or_address_they_come_from(
    site: Site,
) -> None:
    secret, recovery = factor(site, "officer")
    for number, wrong in enumerate(wrong_codes(secret, 5)):
        client = browser(f"192.0.2.{100 + number}")
        enter(client, "officer", PASSWORD)
        client.post("/sign-in/code/", {"code": wrong})
    last = browser()
    enter(last, "officer", PASSWORD)
    last.post("/sign-in/code/", {"code": recovery[0]})
    assert not is_in(last)


def test_each_wrong_code_is_shown_to_the_administrator(site: Site) -> None:
    secret, _ = factor(site, "officer")
    client = browser()
    enter(client, "officer", PASSWORD)
    for wrong in wrong_codes(secret, 5):
        client.post("/sign-in/code/", {"code": wrong})
    for where in ("/audit/sign-ins/", f"/people/{site.people['officer'].pk}/"):
        page = site.client("administrator").get(where).content.decode()
        assert page.count("wrong second factor") == 5
        assert page.count("wrong second factor, and locked") == 1
        assert OWN in page


def test_confirming_who_is_there_is_limited_in_the_same_way(site: Site) -> None:
    secret, _ = factor(site, "officer")
    client = site.client("officer")
    for wrong in wrong_codes(secret, 6):
        client.post("/account/confirm/code/?next=/", {"code": wrong})
    assert outcomes("officer").count("factor-wrong") == 4
    assert outcomes("officer").count("factor-locked") == 1
    answer = client.post("/account/confirm/code/?next=/", {"code": code(secret)})
    assert answer.status_code != 302
    other = browser()
    enter(other, "officer", PASSWORD)
    other.post("/sign-in/code/", {"code": code(secret)})
    assert not is_in(other)


def test_a_wrong_passkey_counts_and_is_logged(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.webauthn.internal import auth

    def refuse(*_: object) -> None:
        raise get_adapter().validation_error("incorrect_code")

    monkeypatch.setattr(auth, "parse_authentication_response", lambda _: None)
    monkeypatch.setattr(auth, "complete_authentication", refuse)
    _, recovery = factor(site, "officer")
    client = browser()
    enter(client, "officer", PASSWORD)
    for _ in range(6):
        client.post("/sign-in/code/", {"credential": '{"id": "x"}'})
    assert outcomes("officer").count("factor-wrong") == 4
    assert outcomes("officer").count("factor-locked") == 1
    client.post("/sign-in/code/", {"code": recovery[0]})
    assert not is_in(client)


@pytest.mark.parametrize(
    "path",
    ["/account/confirm/?next=/", "/account/password/", "/cases/1/money/1/finding/"],
)
def test_a_password_asked_for_again_is_counted_as_at_sign_in(site: Site, path: str) -> None:
    client = site.client("officer")
    for _ in range(5):
        given = {"password": WRONG, "oldpassword": WRONG, "password1": "x", "password2": "x"}
        given |= {"sign_in_password": WRONG, "passphrase": "x", "row": "1"}
        client.post(path, given)
    assert outcomes("officer").count("wrong") == 4
    assert outcomes("officer").count("locked") == 1
    assert enter(browser("127.0.0.1"), "officer", PASSWORD).status_code == 429


SPELLINGS = (
    "officer",
    "OFFICER",
    "Officer",
    " officer ",
    "\uff4f\uff46ficer",
    "off\u200bicer",
    "oFFicer",
)


def test_no_spelling_of_a_name_is_counted_apart_and_the_audit_names_the_account(
    site: Site,
) -> None:
    client = browser()
    for spelling in SPELLINGS:
        enter(client, spelling, WRONG)
    assert outcomes("officer").count("wrong") == 4
    for spelling in SPELLINGS:
        assert enter(client, spelling, PASSWORD).status_code == 429
    page = site.client("administrator").get("/audit/sign-ins/").content.decode()
    assert "a name without an account" not in page


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_whoever_writes_their_name_differently_is_let_in_and_named_as_the_account(
    site: Site, spelling: str
) -> None:
    client = browser()
    assert enter(client, spelling, PASSWORD).status_code == 302
    assert is_in(client)
    assert outcomes("officer") == ["in"]


def test_a_stranger_locks_the_name_at_the_strangers_address_alone(site: Site) -> None:
    stranger = browser(STRANGER)
    assert [enter(stranger, "officer", WRONG).status_code for _ in range(6)][-1] == 429
    assert enter(stranger, "officer", PASSWORD).status_code == 429
    assert enter(browser(), "officer", PASSWORD).status_code == 302


def test_trying_while_it_is_locked_does_not_keep_it_locked(
    site: Site, clock: Callable[[float], None]
) -> None:
    stranger = browser(STRANGER)
    for _ in range(5):
        enter(stranger, "officer", WRONG)
    for _ in range(14):
        clock(60)
        assert enter(stranger, "officer", WRONG).status_code == 429
    clock(61)
    assert enter(stranger, "officer", PASSWORD).status_code == 302


def test_a_name_tried_from_many_addresses_is_locked_but_not_where_its_owner_signs_in(
    site: Site, clock: Callable[[float], None]
) -> None:
    assert enter(browser(), "officer", PASSWORD).status_code == 302
    for number in range(50):
        enter(browser(f"198.51.100.{number // 5}"), "officer", WRONG)
    assert enter(browser("203.0.113.1"), "officer", PASSWORD).status_code == 429
    assert enter(browser(), "officer", PASSWORD).status_code == 302
    assert enter(browser("203.0.113.1"), "examiner", PASSWORD).status_code == 302
    clock(15 * 60 + 1)
    assert enter(browser("203.0.113.1"), "officer", PASSWORD).status_code == 302


def test_their_own_sign_in_gives_a_stranger_elsewhere_no_new_tries(site: Site) -> None:
    stranger = browser(STRANGER)
    for _ in range(5):
        enter(stranger, "officer", WRONG)
    assert enter(browser(), "officer", PASSWORD).status_code == 302
    assert enter(stranger, "officer", WRONG).status_code == 429


def test_of_many_failures_the_newest_are_kept(
    site: Site, monkeypatch: pytest.MonkeyPatch, clock: Callable[[float], None]
) -> None:
    from axes.models import AccessFailureLog

    from kancil.web.people import lockout

    monkeypatch.setattr(lockout, "_LOGGED", 3)
    for _ in range(4):
        clock(1)
        enter(browser(), "officer", WRONG)
    kept = AccessFailureLog.objects.filter(username="officer").order_by("attempt_time")
    assert kept.count() == 3
    clock(1)
    enter(browser(), "officer", WRONG)
    assert [row.locked_out for row in kept.all()] == [False, False, True]
