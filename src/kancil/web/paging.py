"""What pages are on either site: their record, their addresses, their guard, and their frame.

A `Site` keeps its own list of pages and says with `Opened` what an address names: a case, a round.
There is no page without a declared permission, since addresses are made from the pages alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from kancil.desk.base.opening import current_workspace, told
from kancil.desk.people.queries import Person, Role, lacks_second_factor
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase
from kancil.ground.reviewers import is_signed_off

from .errors import PageNotAllowed
from .guard import error_page, wrong_method
from .parts import Place
from .signed_in import person_of
from .surface import chosen_language, languages_of, said_of_language

View = Callable[..., HttpResponseBase]
Opened = Callable[[HttpRequest, Person, dict[str, Any]], None]
"""Puts what the address names in place of its name; raises NotFound for whoever may not know."""

ANYONE: frozenset[Role] | None = None
"""Also those who are not signed in."""
FORM_BYTES = 2_500_000
"""Of a form whose page declares no more, from whoever is signed in."""
FILE_FORM_BYTES = 105_000_000
"""Of a form with a document: a little more than the programme's site lets a file have."""


@dataclass(frozen=True)
class Page:
    """One page of a site."""

    address: str
    name: str
    """Name for `reverse`, and the key of its title: `web.room.<name>`."""
    view: View
    may: frozenset[Role] | None
    of: str | None
    """What the page is of: a `case`, `country` or `round`, named in its address."""
    methods: tuple[str, ...]
    menu: str = ""
    """`site`, `person`, or what the page is of: the rail in which it stands."""
    order: int = 0
    sample: Mapping[str, Any] = field(default_factory=dict)
    """Values for the address with which the permission test visits it."""
    within: str = ""
    """Page of a menu at which the reader is while here; empty: as the address says."""

    def is_for(self, person: Person) -> bool:
        """Whether a person may have the page at all."""
        return self.may is None or person.role in self.may


def unchanged(view: View) -> View:
    """A view as it is."""
    return view


def brought(
    address: str, name: str, view: View, *, may: frozenset[Role] | None, menu: str = ""
) -> Page:
    """The page of a view that another package brings, under its own name."""
    return Page(address, name, view, may, None, ("GET", "POST"), menu)


@dataclass(frozen=True)
class Site:
    """The pages of a site: a function becomes one with `page`."""

    opened: Mapping[str, Opened]
    """How what a page is `of` is put in place of its name, and who may know of it."""
    pages: list[Page] = field(default_factory=list)
    around: Callable[[View], View] = unchanged
    """What stands round each view, behind the guard."""

    def page(
        self,
        address: str,
        name: str,
        *,
        may: frozenset[Role] | None,
        of: str | None = None,
        methods: Sequence[str] = ("GET",),
        menu: str = "",
        order: int = 0,
        sample: Mapping[str, Any] | None = None,
        within: str = "",
        body_bytes: int = FORM_BYTES,
    ) -> Callable[[View], View]:
        """Make a view a page, behind the guard; what is given stands as in `Page`.

        `body_bytes`: the largest body that it takes from those who may have it.
        """

        def register(view: View) -> View:
            taken = tuple(methods)
            answer = guarded(self.around(view), may, taken, self.opened[of] if of else None)
            answer.body_bytes = body_bytes  # type: ignore[attr-defined]  # read by `receiving`
            self.pages.append(
                Page(address, name, answer, may, of, taken, menu, order, sample or {}, within)
            )
            return answer

        return register

    def url_patterns(self) -> list[URLPattern]:
        """The addresses of all of its pages."""
        return url_patterns(self.pages)


def url_patterns(pages: Iterable[Page]) -> list[URLPattern]:
    """The addresses of pages, in whatever order their rooms were imported.

    Where two fit, the one with a word in that place goes before the one with a value.
    """
    return [
        path(each.address, each.view, name=each.name) for each in sorted(pages, key=_words_first)
    ]


def _words_first(each: Page) -> list[int]:
    parts = each.address.split("/")
    return [0 if "<" not in part else 2 if part.startswith("<str:") else 1 for part in parts]


def guarded(
    view: View, may: frozenset[Role] | None, methods: tuple[str, ...], opened: Opened | None
) -> View:
    """Put the guard before a view: its methods, who is signed in, what is opened, which role."""

    @wraps(view)
    def answer(request: HttpRequest, **values: Any) -> HttpResponseBase:
        if request.method not in (*methods, "HEAD" if "GET" in methods else ""):
            return wrong_method(request, methods)
        if may is None:
            return view(request, **values)
        if not request.user.is_authenticated:
            return to_sign_in(request)
        person = person_of(request)
        if person.must_change_password:
            return redirect(reverse("account_change_password"))
        if lacks_second_factor(person):
            return redirect(reverse("mfa_index"))
        try:
            with told():
                if opened is not None:
                    opened(request, person, values)
                if person.role not in may:
                    raise PageNotAllowed
                return view(request, **values)
        except KancilError as error:
            return error_page(request, error)

    answer.may = may  # type: ignore[attr-defined]  # read by `receiving`
    return answer


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send whoever is not signed in there."""
    if "HX-Request" in request.headers:
        # A part asked for by a page whose session is over: the page itself is to sign in.
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())


LANGUAGE_NAMES = {
    "ar": "العربية",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "id": "Bahasa Indonesia",
    "km": "ខ្មែរ",
    "lo": "ລາວ",
    "my": "မြန်မာ",
    "th": "ไทย",
    "vi": "Tiếng Việt",
}


def language_name(code: str) -> str:
    """A language's own name."""
    return LANGUAGE_NAMES.get(code, code)


def frame(request: HttpRequest, pages: Sequence[Page]) -> dict[str, Any]:
    """What stands around every page: which site, languages, who is signed in, the menu."""
    signed_in = getattr(request, "user", None)
    workspace, chosen = current_workspace(), chosen_language(request)
    found: dict[str, Any] = {
        "unit": workspace.unit,
        "site": str(workspace.site),
        "site_name": Phrase(f"web.site.{workspace.site}"),
        "is_training": workspace.site.is_training,
        "home_url": "/",
        "theme": request.COOKIES.get("kancil_theme", ""),
        "languages": [
            {
                "code": code,
                "name": language_name(code),
                "current": code == chosen,
                "reviewed": is_signed_off(code),
                "have": have,
                "of": of,
            }
            for code, have, of in languages_of([each.view.__module__ for each in pages], chosen)
        ],
        "language_url": reverse("language"),
        "language_name": language_name(chosen),
        "not_in_language": said_of_language(request, language_name),
    }
    if not isinstance(signed_in, Person):
        return found
    return {
        **found,
        "person": {
            "id": signed_in.pk,
            "name": signed_in.name,
            "role": Phrase(f"web.role.{signed_in.role}"),
        },
        "acts": signed_in.acts,
        "sign_out_url": reverse("account_logout"),
        "menu": [
            {"url": reverse(each.name), "name": _room(each)}
            for each in sorted(pages, key=lambda one: one.order)
            if each.menu == "person" and each.is_for(signed_in)
        ],
    }


def _room(each: Page) -> Phrase:
    return Phrase("web.room." + each.name.replace("_", "-"))


def rail(
    pages: Iterable[Page], menu: str, person: Person, given: Mapping[str, Any], path: str
) -> list[Place]:
    """The rail: the pages of a menu that this person may see.

    `given`: values for their addresses.

    The reader is at the page whose address is the longest beginning of `path`; at the first one,
    of which every address is a part, only if `path` is that very address.
    """
    shown = sorted(
        (each for each in pages if each.menu == menu and each.is_for(person)),
        key=lambda each: each.order,
    )
    urls = [reverse(each.name, kwargs=dict(given)) for each in shown]
    above = [url for url in urls[1:] if path.startswith(url)]
    here = max(above, key=len, default=path)
    return [
        Place(_room(each), url, current=url == here) for each, url in zip(shown, urls, strict=True)
    ]
