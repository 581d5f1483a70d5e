"""The promise of background work: a plain function with a name, which takes JSON parameters.

    @work("ingest")
    def ingest(context: CaseDoing, *, chain: str, exhibits: list[str]) -> None: ...

    ingest.by(Asked(person, "password", case)).enqueue(chain="main", exhibits=[...])

It is a task of Django's tasks interface (`django_tasks` until Django 6 has it), so `enqueue` and
`get_result` are that interface's. What the interface lacks is said by `Doing`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec, TypeVar

from django_tasks.base import Task

from kancil.desk.people.models import Person
from kancil.ground.ids import CaseId

from .doing import Doing
from .errors import WorkUnknown

P = ParamSpec("P")
T = TypeVar("T")
D = TypeVar("D", bound=Doing[Any])


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for work, and for what it is."""

    person: Person
    authenticated_by: str
    """How the site recognised whoever asks."""
    case: CaseId | None = None
    id: str | None = None
    """Id the task is to have, where something was laid ready for it; asked twice, it is one."""
    is_one: bool = False
    """Whether the same, asked for again by them before it has ended, is the same task."""


@dataclass(frozen=True, kw_only=True)
class Work(Task[P, T]):
    """A task with a name that lasts, which somebody asks for."""

    called: str = ""
    """What rows and pages name it by; a function may be renamed, this may not."""
    asked: Asked | None = None

    @property
    def name(self) -> str:
        """The name that lasts."""
        return self.called

    def by(self, asked: Asked) -> Work[P, T]:
        """Who asks; `enqueue` follows."""
        return replace(self, asked=asked)


WORKS: dict[str, Work[..., None]] = {}
"""All work there is, by name; the `jobs` of each room of the desk fill it."""


def work(name: str) -> Callable[[Callable[Concatenate[D, P], None]], Work[P, None]]:
    """Make a function work that can be asked for under this name."""

    def register(function: Callable[Concatenate[D, P], None]) -> Work[P, None]:
        made: Work[P, None] = Work(func=function, called=name, takes_context=True)  # type: ignore[arg-type]  # the context is given by the worker
        WORKS[name] = made
        return made

    return register


def work_named(name: str) -> Work[..., None]:
    """The work of that name; raises WorkUnknown."""
    if name not in WORKS:
        raise WorkUnknown(name=name[:60])
    return WORKS[name]
