"""The promise of an operation: a function with `@operation`, which says where it is and who may.

Before the function is called it is settled who asks, by the token alone; that a case is one of
theirs (to everybody else it is as if it were not there); that their role and the token allow the
act. Only then is the request read, and only then does the ledger say that they looked into the
case.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, get_type_hints

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja.responses import Status
from ninja.security import HttpBearer

from kancil.custody.acting import ActingOfficer
from kancil.desk.access.actions import enter_case
from kancil.desk.access.server import server_for
from kancil.desk.base.opening import told
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, find_case
from kancil.desk.jobs.job import Asked
from kancil.desk.people.actions import token_was_used
from kancil.desk.people.queries import (
    Person,
    Role,
    Token,
    find_token,
    has_entered,
    is_member,
    may_open,
    session_digest,
)
from kancil.desk.studies.own_chains import reading_as
from kancil.ground import clock
from kancil.ground.ids import CaseId
from kancil.ground.words import languages, speak
from kancil.web.errors import PageNotAllowed, TokenNeeded, TokenReadOnly
from kancil.web.problem import STATUSES, Problem
from kancil.web.unit_desk import UnitDesk, unit_desk

AUTHENTICATED_BY = "token"
"""What entries signed by the server for such a person state."""
MOST_BYTES = 1_000_000
"""Bytes of a request's body, where the operation says nothing else."""
_CASE_NAME = re.compile(r"[0-9A-Za-z-]{1,36}")

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and with which token."""

    person: Person
    token: Token
    desk: UnitDesk

    def server(self) -> ActingOfficer:
        """Let the server sign for whoever asks."""
        return server_for(self.desk.ledger, self.desk.keys, self.person, AUTHENTICATED_BY)

    def asks_for(self, case: Case) -> Asked:
        """For background work who asks for it, and for which case."""
        return Asked(self.person, AUTHENTICATED_BY, CaseId(case.id))

    def looks_into(self, case: Case) -> None:
        """Record that the person looks into a case: once a day of the unit for each token."""
        day = clock.now().astimezone(self.desk.workspace.zone).date()
        session = session_digest(f"token {self.token.id} {day.isoformat()}")
        if not has_entered(self.person, case.id, session):
            enter_case(
                self.desk.ledger,
                case=CaseId(case.id),
                person=self.person,
                session=session,
                by=self.server(),
            )


@dataclass(frozen=True)
class Operation:
    """One operation of the API."""

    method: str
    address: str
    """Below `/api/v1`, with names in braces."""
    view: View
    may: frozenset[Role]
    of_case: bool
    gives: Any
    status: int
    most_bytes: int
    media_type: str = "application/zip"
    """Of a file that it gives."""
    sample: Mapping[str, Any] = field(default_factory=dict)
    """Values for the address, and a body under `body`, with which the permission test asks."""

    @property
    def name(self) -> str:
        """Its name in the OpenAPI."""
        return self.view.__name__

    @property
    def writes(self) -> bool:
        """Whether a token that only reads is refused."""
        return self.method != "GET"

    @property
    def answers(self) -> dict[Any, Any]:
        """What it may answer, for ninja: by status."""
        return {self.status: self.gives, frozenset(STATUSES): Problem}


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    address: str,
    *,
    may: frozenset[Role],
    gives: Any = None,
    of_case: bool = False,
    status: int = 200,
    most_bytes: int = MOST_BYTES,
    media_type: str = "application/zip",
    sample: Mapping[str, Any] | None = None,
) -> Callable[[View], View]:
    """Make a function an operation: it is given an `Asker`, the case it is about, and what it asks.

    `gives`: the schema of its answer; None for a file, of `media_type`.
    """

    def register(view: View) -> View:
        made = Operation(
            method,
            address,
            view,
            may,
            of_case,
            gives,
            status,
            most_bytes,
            media_type,
            sample or {},
        )
        OPERATIONS.append(made)
        return view

    return register


class BearerToken(HttpBearer):
    """Settle who asks, and whether they may, before anything of the request is read."""

    def __init__(self, asked: Operation) -> None:
        """Guard one operation."""
        super().__init__()
        self.asked = asked

    def authenticate(self, request: HttpRequest, token: str) -> Asker:
        """Who asks; raises TokenNeeded, PageNotFound, PageNotAllowed, TokenReadOnly."""
        with told():
            found = find_token(token)
            if found is None:
                raise TokenNeeded
            person = found.person
            unit = unit_desk().workspace.unit
            speak(person.language if person.language in languages() else unit.language)
            if self.asked.of_case:
                case = _case_of(request, person)
                if self.asked.writes and not is_member(person, case.id):
                    raise PageNotAllowed
            if person.role not in self.asked.may:
                raise PageNotAllowed
            if self.asked.writes and not found.may_write:
                raise TokenReadOnly
            token_was_used(found)
        return Asker(person, found, unit_desk())


def _case_of(request: HttpRequest, person: Person) -> Case:
    """Find the case that an address names, for whoever may see it; raises PageNotFound."""
    match = request.resolver_match
    name = "" if match is None else str(match.kwargs.get("case", ""))
    found = find_case(name) if _CASE_NAME.fullmatch(name) else None
    if found is None or not may_open(person, found.id):
        raise PageNotFound
    return found


def for_ninja(asked: Operation) -> View:
    """The function that ninja calls: the case's name in place of the case.

    Its signature is the operation's own with types read, since ninja makes the OpenAPI from it.
    """
    view = asked.view

    def answer(request: HttpRequest, **values: Any) -> HttpResponseBase | Any:
        asker: Asker = request.auth  # type: ignore[attr-defined]  # set by ninja
        with told(), reading_as(asker.person):
            if asked.of_case:
                case = values["case"] = _case_of(request, asker.person)
                asker.looks_into(case)
            given = view(asker, **values)
        return given if isinstance(given, HttpResponseBase) else Status(asked.status, given)

    hints = get_type_hints(view, include_extras=True)
    first, *others = inspect.signature(view).parameters.values()
    answer.__name__, answer.__doc__, answer.__module__ = view.__name__, view.__doc__, __name__
    answer.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            first.replace(name="request", annotation=HttpRequest),
            *(each.replace(annotation=_read_as(hints[each.name])) for each in others),
        ]
    )
    return answer


def _read_as(hint: Any) -> Any:
    return Annotated[str, "case"] if hint is Case else hint
