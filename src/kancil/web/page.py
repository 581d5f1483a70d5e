"""Pages: a function with `@page`, which gives its address, its place in the menu, and who may.

There is no page without a declared permission: `urls` are made from the pages alone. A page of a
case is answered to members of that case; to everyone else it is as if there were no such case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from kancil.desk.access.actions import enter_case
from kancil.desk.base.opening import told
from kancil.desk.cases.queries import Case, find_case
from kancil.desk.people.queries import (
    UNIT_ROLES,
    Person,
    Role,
    has_entered,
    is_member,
    lacks_second_factor,
    session_digest,
)
from kancil.ground.errors import KancilError, PageNotAllowed, PageNotFound
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import languages, spoken
from kancil.ground.workspace import Workspace

from .guard import error_page, wrong_method
from .parts import Place
from .unit_desk import person_of, unit_desk

View = Callable[..., HttpResponseBase]

ANYONE: frozenset[Role] | None = None
"""Also those who are not signed in."""
EVERYONE = UNIT_ROLES
ACTING = EVERYONE - {Role.READER}
HEADS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Page:
    """One page of the site."""

    address: str
    name: str
    """Name for `reverse`, and the key of its title: `web.room.<name>`."""
    view: View
    may: frozenset[Role] | None
    of_case: bool
    methods: tuple[str, ...]
    menu: str = ""
    """`site` or `case`: the rail in which it stands."""
    order: int = 0
    sample: Mapping[str, Any] = field(default_factory=dict)
    """Values for the address with which the permission test visits it."""


PAGES: list[Page] = []


def page(
    address: str,
    name: str,
    *,
    may: frozenset[Role] | None,
    of_case: bool = False,
    methods: Sequence[str] = ("GET",),
    menu: str = "",
    order: int = 0,
    sample: Mapping[str, Any] | None = None,
) -> Callable[[View], View]:
    """Make a view a page."""

    def register(view: View) -> View:
        guarded = _guarded(view, may, of_case, tuple(methods))
        PAGES.append(
            Page(address, name, guarded, may, of_case, tuple(methods), menu, order, sample or {})
        )
        return guarded

    return register


def take_over(address: str, name: str, view: View, *, may: frozenset[Role] | None) -> None:
    """Make a page of a view that another package brings, under its own name."""
    PAGES.append(Page(address, name, view, may, False, ("GET", "POST")))


def url_patterns() -> list[URLPattern]:
    """Give the addresses of all pages, in whatever order their rooms were imported.

    Where two fit, the one with a word in that place goes before the one with a value.
    """
    return [
        path(each.address, each.view, name=each.name) for each in sorted(PAGES, key=_words_first)
    ]


def _words_first(each: Page) -> list[int]:
    parts = each.address.split("/")
    return [0 if "<" not in part else 2 if part.startswith("<str:") else 1 for part in parts]


def _guarded(
    view: View, may: frozenset[Role] | None, of_case: bool, methods: tuple[str, ...]
) -> View:
    @wraps(view)
    def answer(request: HttpRequest, **values: Any) -> HttpResponseBase:
        if request.method not in (*methods, "HEAD" if "GET" in methods else ""):
            return wrong_method(request, methods)
        if may is None:
            return view(request, **values)
        if not request.user.is_authenticated and "HX-Request" in request.headers:
            # A part asked for by a page whose session is over: the page itself is to sign in.
            return HttpResponse(status=401, headers={"HX-Refresh": "true"})
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        person = person_of(request)
        if person.must_change_password:
            return redirect(reverse("account_change_password"))
        if lacks_second_factor(person):
            return redirect(reverse("mfa_index"))
        try:
            with told():
                if of_case:
                    values["case"] = _open(request, person, str(values.pop("case")))
                if person.role not in may:
                    raise PageNotAllowed
                return view(request, **values)
        except KancilError as error:
            return error_page(request, error)

    return answer


def _open(request: HttpRequest, person: Person, name: str) -> Case:
    """Find a case for a member, and have the ledger say that she looked into it."""
    case = find_case(name)
    if case is None or not is_member(person, case.id):
        raise PageNotFound
    request.kancil_case = case  # type: ignore[attr-defined]  # read by the shell
    session = session_digest(request.session.session_key or "")
    if not has_entered(person, case.id, session):
        desk = unit_desk()
        enter_case(
            desk.ledger,
            case=CaseId(case.id),
            person=person,
            session=session,
            by=desk.server(request),
        )
    return case


def desk_now() -> Workspace:
    """Give the workspace that is served."""
    return unit_desk().workspace


LANGUAGE_NAMES = {
    "en": "English",
    "id": "Bahasa Indonesia",
    "km": "ខ្មែរ",
    "lo": "ລາວ",
    "my": "မြန်မာ",
    "th": "ไทย",
    "vi": "Tiếng Việt",
}
REVIEWED = frozenset({"en"})
"""Languages that a named reviewer has signed off."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every template what stands around a page: menus, languages, who is signed in."""
    case = getattr(request, "kancil_case", None)
    signed_in = getattr(request, "user", None)
    person = signed_in if isinstance(signed_in, Person) else None
    workspace = desk_now()
    found: dict[str, Any] = {
        "unit": workspace.unit,
        "site": "unit",
        "site_name": Phrase("web.site.unit"),
        "home_url": "/",
        "theme": request.COOKIES.get("kancil_theme", ""),
        "languages": [
            {
                "code": code,
                "name": LANGUAGE_NAMES.get(code, code),
                "current": code == spoken(),
                "reviewed": code in REVIEWED,
            }
            for code in languages()
        ],
        "language_url": reverse("language"),
    }
    if person is None:
        return found
    return {
        **found,
        "person": {
            "id": person.pk,
            "name": person.name,
            "role": Phrase(f"web.role.{person.role}"),
        },
        "acts": person.acts,
        "sign_out_url": reverse("account_logout"),
        "find_url": reverse("find"),
        "rail": _rail("case" if case else "site", person, case, request.path),
        "rail_name": Phrase("web.menu.case" if case else "web.menu.site"),
        "menu": [
            {"url": reverse(each.name), "name": _room(each)}
            for each in PAGES
            if each.menu == "person" and _may(each, person)
        ],
    }


def _room(each: Page) -> Phrase:
    return Phrase("web.room." + each.name.replace("_", "-"))


def _may(each: Page, person: Person) -> bool:
    return each.may is None or person.role in each.may


def _rail(menu: str, person: Person, case: Case | None, path: str) -> list[Place]:
    """Give the rail: the pages of the site, or of the case at hand, that this person may see.

    The reader is at the page whose address is the longest beginning of `path`; at the first one,
    of which every address is a part, only if she is at that very page.
    """
    shown = sorted(
        (each for each in PAGES if each.menu == menu and _may(each, person)),
        key=lambda each: each.order,
    )
    given = {} if case is None else {"case": case.number}
    urls = [reverse(each.name, kwargs=given) for each in shown]
    above = [url for url in urls[1:] if path.startswith(url)]
    here = max(above, key=len, default=path)
    return [
        Place(_room(each), url, current=url == here) for each, url in zip(shown, urls, strict=True)
    ]
