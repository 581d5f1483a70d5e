"""Requests found by what their reader reads out on the telephone: number, reference, check code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from kancil.custody.entry import Entry
from kancil.desk.cases.queries import case_numbers
from kancil.desk.requests.queries import Request, read_version, requests_of
from kancil.ground.errors import KancilError
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, link, table, tag
from kancil.web.parts import Cell
from kancil.web.unit_desk import unit_desk

_CODE = re.compile(r"[0-9a-f]{16}")
_NUMBER = re.compile(r"(?i:R|[A-Z]{2}-C([0-9]{1,9})-R)([0-9]{1,9})")
"""A short number, and the reference that a letter has unless its officer changes it."""


@dataclass(frozen=True, slots=True)
class FoundLetter:
    """A request of one of the person's cases."""

    request: Request
    case: int
    """Short number of its case."""
    version: Entry | None = None
    """The version whose check code it is; None where it was found otherwise."""

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("request", kwargs={"case": self.case, "number": self.request.history.number})

    @property
    def is_replaced(self) -> bool:
        """Whether the check code is of a version that a later one replaced."""
        return self.version is not None and self.version is not self.request.versions[-1]


def letters_called(asked: str, mine: Sequence[str]) -> list[FoundLetter]:
    """Requests of these cases by number, or by the check code of any version of their letter."""
    code = "".join(asked.split()).lower()
    is_code, number = _CODE.fullmatch(code) is not None, _NUMBER.fullmatch(asked)
    if not (is_code or number):
        return []
    found = []
    for case, each in _requests(mine):
        if number and str(each.history.number) == number[2] and number[1] in (None, str(case)):
            found.append(FoundLetter(each, case))
        for entry in each.versions if is_code else ():
            if str(entry.body["sha256"]).startswith(code):
                found.append(FoundLetter(each, case, entry))
    return found


def letters_with_reference(asked: str, mine: Sequence[str]) -> list[FoundLetter]:
    """Requests whose newest letter has this very reference, which an officer may choose."""
    return [
        FoundLetter(each, case)
        for case, each in _requests(mine)
        if _reference(each).casefold() == asked.casefold()
    ]


def _requests(mine: Sequence[str]) -> list[tuple[int, Request]]:
    numbers = case_numbers(set(mine))
    found = requests_of(unit_desk().ledger, *(CaseId(each) for each in mine))
    return [(numbers[each.history.case], each) for each in found]


def _reference(request: Request) -> str:
    """The reference of the newest version; empty where it cannot be read, and of what came in."""
    if not request.versions:
        return ""
    try:
        return read_version(unit_desk().workspace, request).reference
    except KancilError:  # its own page says what is wrong with the file
        return ""


def letter_table(rows: Sequence[FoundLetter]) -> Section:
    """Show requests; a check code of a version that was replaced says so."""
    return table(
        "web.search.requests",
        ("request", "case", "kind", "state"),
        [
            (
                link(each.url, each.request.label),
                f"C{each.case}",
                Phrase(f"name.request-{each.request.kind}"),
                _state(each),
            )
            for each in rows
        ],
    )


def _state(each: FoundLetter) -> Cell:
    if each.is_replaced:
        return tag("warn", "web.search.request-replaced")
    return tag("plain", f"name.request-state-{each.request.state}")
