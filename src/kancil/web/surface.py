"""Which surface a page is, and whether it is offered in the language that its reader has chosen.

A room of the site is a surface (`kancil.ground.offered`); a module of it may be one of its own.
What allauth brings belongs to the accounts. A page of a room that is no surface is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache

from django.http import HttpRequest

from kancil.ground.offered import SURFACES, counted, is_offered
from kancil.ground.phrase import Phrase
from kancil.ground.words import languages, speak, spoken

_PACKAGE = "kancil."
_OF_ALLAUTH = "web.people"


@cache
def surface_of(module: str) -> str | None:
    """The surface of a module of pages; None: of none."""
    if module.startswith("allauth."):
        return _OF_ALLAUTH
    name = module.removeprefix(_PACKAGE)
    fitting = [each for each in SURFACES if name == each or name.startswith(f"{each}.")]
    return max(fitting, key=len, default=None)


def speak_as_offered(request: HttpRequest, view: Callable[..., object]) -> None:
    """Speak English on a page that is not offered in the chosen language, and have it say so."""
    surface, language = surface_of(view.__module__), spoken()
    if surface is None or is_offered(language, surface):
        return
    request.kancil_not_in = (language, surface)  # type: ignore[attr-defined]  # read by the frame
    speak("en")


def chosen_language(request: HttpRequest) -> str:
    """The language that the reader has chosen, whether or not this page is offered in it."""
    language, _ = getattr(request, "kancil_not_in", (spoken(), ""))
    return str(language)


def said_of_language(request: HttpRequest, name: Callable[[str], str]) -> Phrase | None:
    """What the top of a page says that is not offered in the chosen language; None: it is.

    `name`: gives a language's own name.
    """
    language, surface = getattr(request, "kancil_not_in", ("", ""))
    if not surface:
        return None
    have, of = counted(language, surface)
    key = "web.language.not-begun" if have * 10 < of else "web.language.not-finished"
    return Phrase(key, {"name": name(language), "have": have, "of": of})


def languages_of(modules: Iterable[str], chosen: str) -> list[tuple[str, int, int]]:
    """The languages in which any of a site's pages is offered: on how many of them, of how many.

    `modules`: of the pages, one for each. The `chosen` language is among them, so that whoever
    chose it sees so.
    """
    pages = Counter(surface for each in modules if (surface := surface_of(each)) is not None)
    found = []
    for language in languages():
        have = sum(count for each, count in pages.items() if is_offered(language, each))
        if have or language == chosen:
            found.append((language, have, pages.total()))
    return found
