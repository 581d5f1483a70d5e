"""Every page of the programme, as every role, in one's own round and in others'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.web.programme.pages import address, pages
from tests.web.programme.served import ROLES, ProgrammeSite, copied, opened

pytestmark = pytest.mark.thorough

RAW_KEY = re.compile(
    r"\b(?:web|note|name|error|thing|why|done|report)\.[a-z][a-z0-9]*[.-][a-z0-9.-]+"
)
OF_ROUND = {"lea", "ann", "bo", "rex", "olga", "fay", "mia"}
"""Who sees the round that is under way at all."""
OF_COUNTRY = OF_ROUND | {"don", "ada"}
OF_ACTIVITY = OF_ROUND | {"fin"}
"""Who sees the sample's activity, for which no donor pays."""
OF_GRANT = frozenset[str]()
"""The sample has no grant: test_money_pages.py has one."""


def test_nobody_sees_a_page_without_signing_in(programme: ProgrammeSite) -> None:
    client = programme.client(None)
    for page in pages():
        answer = client.get(address(page, programme))
        if page.may is None:
            assert answer.status_code in (200, 302, 405, 404), page.name
        else:
            assert answer.status_code in (302, 405), page.name
            if answer.status_code == 302:
                assert answer.headers["Location"].startswith("/sign-in/"), page.name


@dataclass(frozen=True)
class Visit:
    """What somebody was answered at a page."""

    name: str
    page: Any
    status: int
    text: str
    """Empty where it is no page for people to read, but a file."""


@pytest.fixture(scope="module")
def visits(
    sample_programme: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Visit]]:
    """What everybody of the programme is answered at every page."""
    with opened(copied(sample_programme, tmp_path_factory.mktemp("visits"))) as programme:
        found = []
        for name in ROLES:
            client = programme.client(name)
            for page in pages():
                if "GET" not in page.methods or (page.may is None and name != "ann"):
                    continue
                answer = client.get(address(page, programme))
                is_read = answer.headers.get("Content-Type", "").startswith("text/html")
                text = answer.getvalue().decode() if is_read else ""
                found.append(Visit(name, page, answer.status_code, text))
        yield found


def test_each_role_gets_exactly_the_pages_it_may_have(visits: list[Visit]) -> None:
    assert len(visits) > 8 * 40
    for each in visits:
        if each.page.may is None:
            continue
        sees = {
            "round": OF_ROUND, "country": OF_COUNTRY, "activity": OF_ACTIVITY, "grant": OF_GRANT,
        }.get(each.page.of, {each.name})  # fmt: skip
        if each.name not in sees:
            wanted: tuple[int, ...] = (404,)
        elif ROLES[each.name] in each.page.may:
            wanted = (200, 302, 403, 404)
        else:
            wanted = (403,)
        assert each.status in wanted, (each.name, each.page.name, each.status)


def test_no_page_shows_a_key_in_place_of_words(visits: list[Visit]) -> None:
    found = {
        (each.name, each.page.name, key) for each in visits for key in RAW_KEY.findall(each.text)
    }
    assert found == set()


def test_what_an_interview_says_is_shown_to_nobody_but_its_author_and_the_lead(
    visits: list[Visit],
) -> None:
    secrets = ("five months for an examination", "Two investigators")
    shown_to = {each.name for each in visits if any(secret in each.text for secret in secrets)}
    assert shown_to == {"ann", "lea"}


def test_a_round_and_a_country_are_none_for_whoever_is_not_of_it(
    programme: ProgrammeSite,
) -> None:
    for name in ("far", "out"):
        client = programme.client(name)
        absent = client.get("/rounds/01a00000-0000-7000-8000-000000000000/")
        assert absent.status_code == 404
        for page in pages():
            if page.of is None:
                continue
            for method in page.methods:
                answer = getattr(client, method.lower())(address(page, programme))
                assert answer.status_code == 404, (name, page.name, method)
        there = client.get(f"/rounds/{programme.second}/")
        assert same(there.content) == same(absent.content), "a round that is there looks like none"


def same(content: bytes) -> str:
    """A page without what every page has anew: tokens, and its own address."""
    text = re.sub(r"/rounds/[0-9a-f-]+/", "", content.decode())
    return re.sub(r"[A-Za-z0-9]{64}", "", text)


def test_whoever_only_reads_changes_nothing(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import Act

    before = Act.objects.count()
    for name in ("rex", "mia", "don"):
        client = programme.client(name)
        for page in pages():
            if "POST" in page.methods and page.may is not None:
                client.post(address(page, programme), {"reason_of_act": "x", "do": "agree"})
    assert Act.objects.count() == before


def test_pages_ask_the_database_a_few_times_however_much_there_is(
    programme: ProgrammeSite,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = {}
    client = programme.client("lea")
    for page in pages():
        if "GET" in page.methods and page.may is not None:
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address(page, programme))
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                counts[page.name] = len(asked)
    assert {name: count for name, count in counts.items() if count > 60} == {}
