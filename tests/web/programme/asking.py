"""Sending a form as a person does, reading what is shown after, and showing who is there."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import TYPE_CHECKING, Any

from tests.web.programme.served import PASSWORD, ProgrammeSite

if TYPE_CHECKING:
    from django.test import Client


def shown(site: ProgrammeSite, who: str, url: str, status: int = 200) -> str:
    """What a person is shown at an address, without its markup."""
    answer = site.client(who).get(url)
    assert answer.status_code == status, (who, url, answer.status_code)
    return plain(answer.content.decode())


def sent(site: ProgrammeSite, who: str, url: str, given: dict[str, Any], status: int = 200) -> str:
    """Send a form and follow to where it leads; gives what is shown there."""
    answer = site.client(who).post(url, given, follow=True)
    text = plain(answer.content.decode())
    assert answer.status_code == status, (who, url, answer.status_code, text)
    return text


def confirm(client: Client) -> None:
    """Show who is there, by password, as a page that signs asks."""
    from django.core.cache import cache

    cache.clear()
    answer = client.post("/account/confirm/?next=/", {"password": PASSWORD})
    assert answer.status_code == 302


def plain(page: str) -> str:
    """The words of a page."""
    body = page.partition("<main")[2] or page
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body)))


def words_of(answer: Any) -> str:
    """The words of a page's main part, blanks drawn together."""
    text = answer.content.decode()
    main = text[text.index("<main") : text.index("</main>")]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def confirmed(programme: ProgrammeSite, name: str) -> Client:
    """A browser in which somebody has just confirmed who they are."""
    client = programme.client(name)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(programme.people[name].pk)
    session.save()
    return client
