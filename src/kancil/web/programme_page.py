"""Pages of the programme: a function with `@page`, which gives its address, its menu, and who may.

A page of a country or a round is answered to those who see it; to everyone else it is as if there
were none. What the reader sees there is asked of the desk once, and stands in the page's `sight`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.queries.countries import enter_country
from kancil.desk.assessment.queries.rounds import enter
from kancil.desk.people.queries import PROGRAMME_ROLES, Person, Role
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.entering import enter_activity, enter_grant
from kancil.ground.phrase import Phrase

from . import paging
from .programme_help import topic_of

EVERYONE = PROGRAMME_ROLES
TEAMS = frozenset({Role.TEAM_LEAD, Role.ASSESSOR, Role.REVIEWER, Role.PROGRAMME_OFFICER})
READING = TEAMS | {Role.FOCAL_POINT, Role.MINISTRY}
"""Who may see a round at all; which one is the desk's to say."""
READERS = READING | {Role.DONOR_READER}
"""Who may have what was released."""
COMMENTING = READING - {Role.PROGRAMME_OFFICER}
"""Whose part in a round may let them comment: an assessor may be its reviewer."""
ANSWERING = frozenset({Role.TEAM_LEAD, Role.ASSESSOR})
KEEPERS = frozenset({Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
OFFICERS = frozenset({Role.PROGRAMME_OFFICER})
MONEY = OFFICERS | {Role.FINANCE}
"""Who keeps donors, grants, budgets, rates and spending."""
GIVING = MONEY | {Role.DONOR_READER}
"""Who may see a grant at all; which one is the desk's to say."""
ACTIVE = READERS | {Role.FINANCE}
"""Who may see an activity at all; which one is the desk's to say."""
REGISTERING = OFFICERS | {Role.FOCAL_POINT}
"""Who may see participants by name; whose is the desk's to say."""


def _open_round(request: HttpRequest, person: Person, values: dict[str, Any]) -> None:
    sight = enter(person, str(values.pop("round")))
    values["sight"] = request.kancil_round = sight  # type: ignore[attr-defined]  # for the shell


def _open_country(_request: HttpRequest, person: Person, values: dict[str, Any]) -> None:
    values["sight"] = enter_country(person, str(values.pop("country")))


def _open_activity(request: HttpRequest, person: Person, values: dict[str, Any]) -> None:
    sight = enter_activity(person, str(values.pop("activity")))
    values["sight"] = request.kancil_activity = sight  # type: ignore[attr-defined]


def _open_grant(_request: HttpRequest, person: Person, values: dict[str, Any]) -> None:
    values["sight"] = enter_grant(person, str(values.pop("grant")))


SITE = paging.Site(
    {
        "activity": _open_activity, "country": _open_country, "grant": _open_grant,
        "round": _open_round,
    }
)  # fmt: skip
PAGES, page, url_patterns = SITE.pages, SITE.page, SITE.url_patterns


def shell(request: HttpRequest) -> dict[str, Any]:
    """Every template what stands around a page: menus, languages, who is signed in."""
    found = paging.frame(request, PAGES)
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return found
    at = request.resolver_match.url_name if request.resolver_match else ""
    here = next((each for each in PAGES if each.name == at and at != "help"), None)
    if here is not None:
        found["help_url"] = f"{reverse('help')}#{topic_of(here.view.__module__)}"
    sight: Sight | None = getattr(request, "kancil_round", None)
    activity: ActivitySight | None = getattr(request, "kancil_activity", None)
    menu = "round" if sight else "activity" if activity else "site"
    name = "programme" if menu == "site" else menu
    given = {"round": sight.round} if sight else {}
    if activity:
        given = {"activity": activity.activity}
    return {
        **found,
        "rail": paging.rail(PAGES, menu, person, given, _standing_at(request, given)),
        "rail_name": Phrase(f"web.menu.{name}"),
    }


def _standing_at(request: HttpRequest, given: Mapping[str, str]) -> str:
    """At which page of the menu the reader is."""
    matched = request.resolver_match
    name = matched.url_name if matched else None
    within = next((each.within for each in PAGES if each.name == name), "")
    return reverse(within, kwargs=dict(given)) if within and given else request.path
