"""Writing files of activities one by one, each held against the schema and the standard ruleset.

A few hundred activities at a time are checked as a document of their own: no rule of the standard
but that identifiers stand once looks beyond one activity, and that is held here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from lxml import etree

from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.programme.errors import IatiNotValid

from .activity import IatiActivity
from .binding import written
from .check import VERSION, faults_of
from .fault import Fault

AT_ONCE = 250
"""Activities that are held in memory and checked together."""


def write_activities(
    out: BinaryIO,
    activities: Iterable[IatiActivity],
    at: datetime,
    *,
    progress: Progress = SILENT,
) -> int:
    """How many were written, of version 2.03; `at`: aware, the moment of the file.

    Raises IatiNotValid at the first activity that would not be valid; what is written by then is
    no file.
    """
    seen: set[str] = set()
    attributes = {"version": VERSION, "generated-datetime": at.isoformat()}
    with etree.xmlfile(out, encoding="UTF-8") as file:
        file.write_declaration()
        with file.element("iati-activities", attributes):
            for some in _by_hundreds(activities):
                root = etree.Element("iati-activities", attributes)
                root.extend(written("iati-activity", each) for each in some)
                _require_valid(some, root, at, seen)
                for each in list(root):
                    each.tail = None
                    file.write("\n", each, pretty_print=True)
                progress.advance(len(some))
    return len(seen)


def _by_hundreds(activities: Iterable[IatiActivity]) -> Iterator[list[IatiActivity]]:
    left = iter(activities)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _require_valid(some: list[IatiActivity], root: Any, at: datetime, seen: set[str]) -> None:
    for each in some:
        if each.identifier in seen:
            raise IatiNotValid(activity=each.identifier, fault=Phrase("problem.iati-twice"))
        seen.add(each.identifier)
    for fault in faults_of(root, at):
        raise IatiNotValid(activity=_owner(some, fault), fault=fault.phrase)


def _owner(some: list[IatiActivity], fault: Fault) -> str:
    return fault.activity or (some[0].identifier if some else "")
