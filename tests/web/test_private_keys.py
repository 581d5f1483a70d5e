"""A private key that is typed anywhere is refused, done nothing with, and repeated nowhere."""

from __future__ import annotations

import json
import logging
from urllib.parse import quote

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.ground.test_private_keys import KEYS, WIF
from tests.web.site import Site, site_of
from tests.web.test_permissions import address, pages

REFUSED = "contains a private key"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit for all tests of this file."""
    return site_of(copied(sample, tmp_path_factory.mktemp("private")))


def everything_kept() -> str:
    """All that the desk's tables hold, as text."""
    from django.apps import apps

    rows = [list(model._default_manager.values_list()) for model in apps.get_models()]
    return repr(rows)


def test_no_page_repeats_a_key_from_its_address_or_a_form(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = site.client("administrator")
    for page in pages():
        if page.name.startswith("api"):
            continue
        for path in (f"{address(page)}?q={WIF}", f"{address(page)}?next=%2Ffind%2F%3Fq%3D{WIF}"):
            answer = client.get(path)
            assert answer.status_code == 400, path
            text = answer.content.decode() + str(answer.headers)
            assert WIF not in text, path
            assert REFUSED in text, path
        answer = client.post(address(page), {"whatever": f"it is {WIF}"})
        if answer.status_code != 405:
            assert answer.status_code == 400, page.name
            assert WIF not in answer.content.decode() + str(answer.headers), page.name
    assert WIF not in everything_kept()
    assert WIF not in caplog.text


@pytest.mark.parametrize("name", [None, "officer"])
@pytest.mark.parametrize(
    "path", ["/{}", "/{}/", "/chains/main/addresses/{}/", "/find/?q={}", "/sign-in/?next=/{}"]
)
def test_a_key_in_an_address_is_not_led_on_to_another_one(
    site: Site, name: str | None, path: str
) -> None:
    for key in KEYS.values():
        answer = site.client(name).get(path.format(quote(key)))
        assert answer.status_code == 400
        text = answer.content.decode() + str(answer.headers)
        assert key not in text
        assert quote(key) not in text
        assert REFUSED in text


def test_nothing_is_done_with_a_form_that_holds_a_key(site: Site) -> None:
    client = site.client("officer")
    before = site.ledger.head().size
    new = {"case_title": "x", "authority": "y", "scope": f"the wallet {WIF} of the suspect"}
    answer = client.post("/cases/new/", new)
    assert answer.status_code == 400
    assert 'data-forgotten="scope"' in answer.content.decode()
    assert site.ledger.head().size == before
    assert WIF not in json.dumps(dict(client.session))


def test_what_was_typed_at_sign_in_is_kept_nowhere(site: Site) -> None:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    answer = client.post("/sign-in/", {"login": WIF, "password": "wrong wrong wrong"})
    assert answer.status_code == 400
    assert WIF not in answer.content.decode()
    assert WIF not in everything_kept()


def test_a_passphrase_is_not_looked_at_since_no_page_shows_it(site: Site) -> None:
    from django.core.cache import cache

    cache.clear()
    answer = site.client("officer").post("/account/confirm/?next=/", {"password": WIF})
    assert answer.status_code == 200
    assert WIF not in answer.content.decode()


def test_the_way_back_is_offered_unless_it_holds_the_key_or_leads_elsewhere(site: Site) -> None:
    client, given = site.client("officer"), {"scope": WIF}
    back = "http://localhost/cases/new/"
    page = client.post("/cases/new/", given, HTTP_REFERER=back).content.decode()
    assert 'href="http://localhost/cases/new/"' in page
    for other in ("https://elsewhere.example/", f"http://localhost/find/?q={WIF}"):
        page = client.post("/cases/new/", given, HTTP_REFERER=other).content.decode()
        assert "Back to the form" not in page
        assert other not in page
