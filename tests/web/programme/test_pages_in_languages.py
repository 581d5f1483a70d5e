"""A page of the programme speaks the chosen language exactly where its surface is offered in it.

Whether a surface is offered is counted from the rooms of words that are said to stand on it
(`kancil.ground.offered`). How many surfaces a language has changes with every English sentence, so
no test here counts on it: what is offered is asked, or made whole by the test.
"""

from __future__ import annotations

import gettext
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from django.urls import resolve

from kancil.ground import offered, words
from kancil.ground.offered import SURFACES, is_offered
from kancil.web.surface import surface_of
from tests.web.programme.pages import address, pages
from tests.web.programme.served import ProgrammeSite
from tools.build_words import english_rooms

WHO = ("lea", "olga", "ada", "don")
"""The first of these who has a page looks at it."""
LEAST_PAGES = 100
"""So many pages each of these tests looks at, so that none passes by looking at nothing."""
BORROWED = {
    "round_reports": ("reports_assessment",), "region_report": ("reports_assessment",),
    "legal_matrix": ("reports_assessment",), "country_programme": ("reports_donor",),
    "report_text": ("reported",), "help": ("web_prog_*",), "tokens": ("api", "web_people"),
    **dict.fromkeys(
        ("people", "person", "person_new", "second_factors", "audit_sign_ins"),
        ("web_people", "web_pages", "programme_vocabulary"),
    ),
}  # fmt: skip
"""Pages that show many words of other rooms than those of their surface, and which."""


class Heard:
    """A catalogue that keeps the keys it was asked for."""

    def __init__(self, inner: gettext.NullTranslations, keys: set[str]) -> None:
        self._inner, self._keys = inner, keys

    def gettext(self, key: str) -> str:
        """Answer as the catalogue does."""
        sentence = self._inner.gettext(key)
        if sentence != key:
            self._keys.add(key)
        return sentence


def hearing(language: str, keys: set[str]) -> Callable[[str], object]:
    """Catalogues of which the one of a language keeps what it was asked for."""
    real = words._catalogue
    return lambda name: Heard(real(name), keys) if name == language else real(name)


def looked_at(
    programme: ProgrammeSite, language: str, keys: set[str] | None = None
) -> Iterator[tuple[str, str, Any]]:
    """Name, surface and answer of each page; `keys` holds what was asked for on this page alone."""
    for name in WHO:
        programme.people[name].language = language
        programme.people[name].save()
    clients = [programme.client(name) for name in WHO]
    for page in (each for each in pages() if "GET" in each.methods):
        where = address(page, programme)
        surface = surface_of(resolve(where).func.__module__)
        for client in clients:
            if keys is not None:
                keys.clear()
            answer = client.get(where)
            if answer.status_code == 200 and b"<html lang=" in getattr(answer, "content", b""):
                assert surface is not None, page.name
                yield page.name, surface, answer
                break


def speaks(answer: Any, language: str) -> bool:
    return f'<html lang="{language}"'.encode() in answer.content


@pytest.mark.thorough
@pytest.mark.parametrize("language", [each for each in words.languages() if each != "en"])
def test_a_page_speaks_the_chosen_language_exactly_where_it_is_offered(
    programme: ProgrammeSite, language: str
) -> None:
    count = 0
    for name, surface, answer in looked_at(programme, language):
        count += 1
        assert speaks(answer, language if is_offered(language, surface) else "en"), name
        assert b".;" not in answer.content, name  # sentences strung as if they were none
    assert count >= LEAST_PAGES


@pytest.mark.thorough
@pytest.mark.parametrize(("have", "spoken"), [(100, "ar"), (94, "en")])
def test_every_page_speaks_a_language_that_has_all_words_and_none_one_that_has_too_few(
    programme: ProgrammeSite, monkeypatch: pytest.MonkeyPatch, have: int, spoken: str
) -> None:
    counts = dict.fromkeys(offered.coverage("en"), (have, 100))
    monkeypatch.setattr(offered, "coverage", lambda _: counts)
    count = 0
    for name, _, answer in looked_at(programme, "ar"):
        count += 1
        assert speaks(answer, spoken), name
        assert b".;" not in answer.content, name
    assert count >= LEAST_PAGES


@pytest.mark.thorough
def test_what_a_page_says_stands_in_the_rooms_that_are_counted_for_it(
    programme: ProgrammeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it is offered by the count of other words, and half of it is English.

    What stands on every tenth page and more is the frame, its menus and lists, and not the page's.
    """
    keys: set[str] = set()
    monkeypatch.setattr(words, "_catalogue", hearing("en", keys))
    heard = {name: (surface, set(keys)) for name, surface, _ in looked_at(programme, "en", keys)}
    assert len(heard) >= LEAST_PAGES
    room_of = {key: room for room, its in english_rooms().items() for key in its}
    on_pages = Counter(key for _, its in heard.values() for key in its)
    frame = {key for key, count in on_pages.items() if count * 10 > len(heard)}
    strange = {}
    for name, (surface, its) in heard.items():
        rooms = (*SURFACES[surface], *BORROWED.get(name, ()))
        others = {
            room_of[key]: key for key in its - frame
            if not any(fnmatchcase(room_of[key], each) for each in rooms)
        }  # fmt: skip
        if sum(room_of[key] in others for key in its - frame) * 10 > len(its):
            strange[name] = others
    assert strange == {}
    assert set(BORROWED) <= set(heard)
