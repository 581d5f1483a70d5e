"""People of the sample's site who have keys and second factors, as tests need them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kancil.ground.ids import CaseId
from tests.web.site import Site

if TYPE_CHECKING:
    from django.test import Client

PASSPHRASE = "a passphrase of her own 7"
PASSWORD = "seven horses in the rain"


def with_key(site: Site, name: str) -> None:
    """Make a person of the site an officer with an own key, and give them a password."""
    from kancil.custody.keys import KeyRing
    from kancil.desk.access.actions import make_own_key
    from kancil.desk.access.server import server_for

    person = site.people[name]
    person.set_password(PASSWORD)
    person.save()
    keys = KeyRing(site.workspace.keys_dir)
    by = server_for(site.ledger, keys, person, "password")
    make_own_key(site.ledger, keys, person=person, passphrase=PASSPHRASE, vouched_how="test", by=by)


def confirm(client: Client) -> None:
    """Show who is there, by password, as the page asks; how often that may be is not the test."""
    from django.core.cache import cache

    cache.clear()
    answer = client.post("/account/confirm/?next=/", {"password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()


def forget_confirming(client: Client, *, minutes: int = 60) -> None:
    """Let minutes pass after it was shown who is there; an hour is longer than any of it holds."""
    session = client.session
    for record in session.get("account_authentication_methods", []):
        record["at"] = time.time() - 60 * minutes
    session.save()


def case_of(site: Site) -> CaseId:
    """The id of case 1."""
    return site.case("C1")
