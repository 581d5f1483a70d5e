"""Every page of the programme leads to the part of the help page that explains it."""

from __future__ import annotations

import re

import pytest

from kancil.ground.words import has
from kancil.web.programme_help import TOPICS, topic_of
from tests.web.programme.served import ProgrammeSite


@pytest.mark.parametrize(
    ("module", "topic"),
    [
        ("kancil.web.assessment.rounds.question", "questions"),
        ("kancil.web.assessment.rounds.rounds", "rounds"),
        ("kancil.web.assessment.rounds.not_written_yet", "rounds"),
        ("kancil.web.assessment.law.matrix", "law"),
        ("kancil.web.assessment.countries.region", "region"),
        ("kancil.web.assessment.site.record", "site"),
        ("kancil.web.packages.pages", "site"),
        ("allauth.mfa.base.views", "account"),
    ],
)
def test_a_page_belongs_to_a_topic_by_where_it_is_written(module: str, topic: str) -> None:
    assert topic_of(module) == topic
    assert topic in TOPICS


def test_each_page_of_a_menu_leads_to_a_part_that_has_words(programme: ProgrammeSite) -> None:
    from django.urls import reverse

    from kancil.web.programme_page import PAGES

    client = programme.client("olga")
    told = client.get("/help/").content.decode()
    assert [each for each in TOPICS if f'id="{each}"' not in told] == []
    assert [each for each in TOPICS if told.count(f'id="{each}"') > 1] == []
    assert not re.search(r"help\.programme-", told)
    assert all(has(f"help.programme-{each}.text-2", "en") for each in TOPICS)
    for name in ("countries", "round", "evidence"):
        given = {"round": programme.second} if name != "countries" else {}
        found = next(each for each in PAGES if each.name == name)
        page = client.get(reverse(name, kwargs=given)).content.decode()
        assert f'href="/help/#{topic_of(found.view.__module__)}"' in page
    assert programme.client(None).get("/help/").status_code == 302
