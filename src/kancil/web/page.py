"""Pages of the unit: a function with `@page`, which gives its address, its menu, and who may.

A page of a case is answered to members of that case; to everyone else it is as if there were no
such case.
"""

from __future__ import annotations

import sys
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, reverse

from kancil.custody.roll import Roll
from kancil.desk.access.actions import enter_case
from kancil.desk.base.opening import current_workspace
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, find_case
from kancil.desk.people.queries import (
    CASE_ROLES,
    Person,
    Role,
    has_entered,
    is_member,
    may_open,
    session_digest,
)
from kancil.desk.studies.own_chains import reading_as
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.workspace import Site

from . import paging
from .paging import ANYONE, Page
from .steps import case_steps, guide, guided_case
from .unit_desk import unit_desk

__all__ = [  # roles that unit's pages name
    "ACTING", "ADMINISTRATORS", "ANYONE", "DECONFLICTION", "EVERYONE", "HEADS", "PAGES", "page",
    "shell", "url_patterns",
]  # fmt: skip

EVERYONE = CASE_ROLES
DECONFLICTION = frozenset({Role.DECONFLICTION})
ACTING = EVERYONE - {Role.READER}
HEADS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


def _open(request: HttpRequest, person: Person, values: dict[str, Any]) -> None:
    """Find a case for a member, and have the ledger say that the member looked into it."""
    case = find_case(str(values["case"]))
    if case is None or not may_open(person, case.id):
        raise PageNotFound
    values["case"] = request.kancil_case = case  # type: ignore[attr-defined]  # read by the shell
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
    # A trainer looks into every attempt and changes none.
    request.kancil_only_reads = not is_member(person, case.id)  # type: ignore[attr-defined]


def _for_reader(view: paging.View) -> paging.View:
    """Let a view find the blockchains and labels that its reader may see, and no others."""

    @wraps(view)
    def answer(request: HttpRequest, **values: Any) -> HttpResponseBase:
        person = request.user if isinstance(request.user, Person) else None
        with reading_as(person):
            return view(request, **values)

    return answer


_BESIDE_A_CASE = frozenset(("requests_due", "directory", "labels"))
"""Rooms of the site to which work on a case leads: they stand in its menu too."""
SITE = paging.Site({"case": _open}, around=_for_reader)
PAGES, page = SITE.pages, SITE.page


def pages_of(site: Site) -> list[Page]:
    """The pages of a unit's site, or of a classroom's, which has its own besides."""
    return [each for each in PAGES if site.is_training or not _is_classroom_page(each)]


def _is_classroom_page(each: Page) -> bool:
    package = sys.modules[each.view.__module__.rpartition(".")[0]]
    return tuple(getattr(package, "SITES", ())) == (Site.CLASSROOM.value,)


def url_patterns(site: Site) -> list[URLPattern]:
    """The addresses of a site's pages, as `paging.url_patterns` has them."""
    return paging.url_patterns(pages_of(site))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Every template what stands around a page: menus, languages, who is signed in."""
    pages = pages_of(current_workspace().site)
    found = paging.frame(request, pages)
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return found
    case: Case | None = getattr(request, "kancil_case", None)
    at = request.resolver_match.url_name if request.resolver_match else ""
    found["find_url"] = reverse("find")
    if case is not None or at in ("find", "address"):
        found["find_case"] = case_asked(request) if case is None else case.number
    if at not in ("help", "help_term"):
        found["help_url"] = f"{reverse('help')}?page={at}"
    if case is not None:  # its steps and its own menu stand above the page, which has all the width
        rooms = paging.rail(pages, "case", person, {"case": case.number}, request.path)
        beside = [each for each in pages if each.name in _BESIDE_A_CASE]
        around = paging.rail(beside, "site", person, {}, request.path)
        steps = _steps(case, person, request.path)
        return {**found, **steps, "case_rooms": rooms, "site_rooms": around}
    rail = paging.rail(pages, "site", person, {}, request.path)
    return {**found, "rail": rail, "rail_name": Phrase("web.menu.site")}


def case_asked(request: HttpRequest) -> str:
    """The number of the case in which a search began, as digits; empty where it was none.

    Nobody is shown more by it: whoever acts on it looks whether the person is a member.
    """
    number = request.GET.get("case", "")
    return number if number.isascii() and number.isdigit() and len(number) < 10 else ""


def _steps(case: Case, person: Person, path: str) -> dict[str, Any]:
    """The steps of the case that the page is of, and where the reader is in a guided one."""
    desk = unit_desk()
    roll = desk.ledger.folded(Roll)
    found = roll.cases.get(CaseId(case.id))
    if found is None:
        return {}
    is_guided = guided_case(desk.workspace.root) == case.number
    return {
        "steps": case_steps(roll, found, path, acts=person.acts),
        "guide": guide(found, path, acts=person.acts) if is_guided else None,
    }
