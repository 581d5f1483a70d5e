"""Templates of activities: the files in `templates/`, each its own registration.

A template says what recurs in a programme's calendar: kind, title, purpose, agenda, and when it is
evaluated. The files come with the package and are trusted; their list follows the upcoming
activities that a global programme on cybercrime publishes, and no template names a real event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from kancil.ground.filled import filled_from_plain

from .vocabulary import ActivityKind, Moment

FOLDER = Path(__file__).resolve().parent / "templates"


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a template's agenda."""

    day: int
    """From 1."""
    begins: str
    """`09:00`."""
    ends: str
    title: str
    speaker: str = ""
    """An office; never a name."""

    def on(self, first: date) -> tuple[date, time, time]:
        """Its day and hours, in an activity that begins on `first`."""
        day = first + timedelta(days=self.day - 1)
        return day, time.fromisoformat(self.begins), time.fromisoformat(self.ends)


@dataclass(frozen=True, slots=True)
class Template:
    """An activity as it recurs."""

    kind: ActivityKind
    title: str
    purpose: str
    days: int
    id: str = ""
    """The file's name without its ending."""
    to_security_forces: bool = False
    is_online: bool = False
    agenda: tuple[Session, ...] = ()
    evaluations: tuple[Moment, ...] = ()


@cache
def templates(folder: Path = FOLDER) -> MappingProxyType[str, Template]:
    """All templates by id; raises NotCanonical for one that has a fault."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        one: Template = filled_from_plain(Template, written, is_whole=False)
        found[path.stem] = replace(one, id=path.stem)
    return MappingProxyType(found)


def faults(one: Template) -> Iterator[str]:
    """What is wrong in a template, beyond its form: days and hours that do not fit."""
    if one.days < 1:
        yield "days"
    last: dict[int, time] = {}
    for number, each in enumerate(one.agenda, start=1):
        if not 1 <= each.day <= one.days:
            yield f"agenda {number}: day {each.day}"
        try:
            begins, ends = time.fromisoformat(each.begins), time.fromisoformat(each.ends)
        except ValueError:
            yield f"agenda {number}: hours"
            continue
        if begins >= ends or begins < last.get(each.day, time.min):
            yield f"agenda {number}: hours"
        last[each.day] = ends
