"""A password of one's own: not the one-time one, not one's names, not one letter twelve times."""

from __future__ import annotations

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.site import Site, site_of

FIRST = "abcde-fghij-kmnpq-rstuv"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit for all tests of this file."""
    served = site_of(copied(sample, tmp_path_factory.mktemp("passwords")))
    person = served.people["officer"]
    person.name = "Dara Chanthavong"
    person.save()
    return served


@pytest.fixture(autouse=True)
def _nothing_tried() -> None:
    """Begin each test as a minute later: how often a password may be changed is not the test."""
    from django.core.cache import cache

    cache.clear()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        (FIRST, "This is your current password"),
        ("a" * 12, "different characters"),
        (" " * 12, "different characters"),
        ("ab" * 8, "different characters"),
        ("officerofficer", "too much like your name"),
        ("OFFICER officer", "too much like your name"),
        ("DaraChanthavongDaraChanthavong", "too much like your name"),
        ("dara chanthavong 1", "too much like your name"),
        ("elevenchars", "at least 12 characters"),
        ("q1w2e3r4t5y6", "one of the first that attackers try"),
        ("passwordpassword", "not a short word repeated"),
        ("Password Password Password", "not a short word repeated"),
        ("wetsocks7wetsocks7", "not a short word repeated"),
        ("!!Password2026", "nor a common one with digits"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_and_the_form_stays(
    site: Site, password: str, said: str
) -> None:
    person = site.people["officer"]
    person.set_password(FIRST)
    person.must_change_password = True
    person.save()
    client = site.client("officer")
    given = {"oldpassword": FIRST, "password1": password, "password2": password}
    answer = client.post("/account/password/", given)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    person.refresh_from_db()
    assert person.must_change_password
    assert person.check_password(FIRST)


@pytest.mark.parametrize("password", ["seven horses in the rain", "ຄຳສັບທີ່ບໍ່ກ່ຽວກັນ ຫົກ"])
def test_a_few_words_that_do_not_belong_together_are_taken(site: Site, password: str) -> None:
    person = site.people["officer"]
    person.set_password(FIRST)
    person.save()
    given = {"oldpassword": FIRST, "password1": password, "password2": password}
    assert site.client("officer").post("/account/password/", given).status_code == 302
    person.refresh_from_db()
    assert person.check_password(password)
