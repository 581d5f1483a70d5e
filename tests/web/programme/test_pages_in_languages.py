"""A page that is offered in a language says nearly all it says in this language.

Whether a page is offered is counted from the rooms of words that are said to stand on it
(`kancil.ground.offered`). Here is counted what each page did say.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable

import pytest

from kancil.ground import words
from kancil.ground.offered import LEAST_PERCENT
from tests.web.programme.pages import address, pages
from tests.web.programme.served import ProgrammeSite
from tools.build_words import LOCALES, gather

WHO = ("lea", "olga", "ada", "don")
"""The first of these who has a page looks at it."""
AWAITING = {"iati_stated", "law_split", "report_text", "study_publish"}
"""Pages with many sentences that are newer than the last work on languages, and English until the
next one; their surfaces as a whole have their words."""


class Heard:
    """A catalogue that keeps the keys it was asked for."""

    def __init__(self, inner: gettext.NullTranslations, keys: set[str]) -> None:
        self._inner, self._keys = inner, keys

    def gettext(self, key: str) -> str:
        """Answer as the catalogue does."""
        said = self._inner.gettext(key)
        if said != key:
            self._keys.add(key)
        return said


def hearing(language: str, keys: set[str]) -> Callable[[str], object]:
    """Catalogues of which the one of a language keeps what it was asked for."""
    real = words._catalogue
    return lambda name: Heard(real(name), keys) if name == language else real(name)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("language", "least"), [("ar", 100), ("es", 100), ("id", 50), ("km", 8), ("vi", 50)]
)
def test_an_offered_page_of_the_programme_speaks_its_language(
    programme: ProgrammeSite, monkeypatch: pytest.MonkeyPatch, language: str, least: int
) -> None:
    """`least`: so many pages are offered, at least."""
    keys: set[str] = set()
    for name in WHO:
        programme.people[name].language = language
        programme.people[name].save()
    clients = [programme.client(name) for name in WHO]
    monkeypatch.setattr(words, "_catalogue", hearing(language, keys))
    own = gather(LOCALES / language)[0].keys()
    offered, mixed, begins = 0, {}, f'<html lang="{language}"'.encode()
    for page in (each for each in pages() if "GET" in each.methods):
        for client in clients:
            keys.clear()
            answer = client.get(address(page, programme))
            if answer.status_code == 200 and begins in getattr(answer, "content", b""):
                offered += 1
                assert b".;" not in answer.content, (
                    page.name
                )  # sentences strung as if they were none
                left = keys - own
                if len(left) * 100 > len(keys) * (100 - LEAST_PERCENT):
                    mixed[page.name] = sorted(left)
                break
    assert offered >= least
    mixed = {name: left for name, left in mixed.items() if name not in AWAITING}
    assert mixed == {}, "\n".join(f"{name}: {keys}" for name, keys in mixed.items())
