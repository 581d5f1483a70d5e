"""The steps of a case, by role: what is done, where one is, what is next; and the guided case.

Who acts goes from the legal basis to the bundle, and asks keepers and States where the case needs
it; who reads asks what was found, how, and checks it.
What is done is what the ledger says is there: a step can be gone to in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import reverse

from kancil.custody.cases import basis_ended_on
from kancil.custody.roll import Case, Roll
from kancil.ground.clock import now
from kancil.ground.phrase import Phrase

MARK = "guided-case"
"""File of the desk that names the guided case of a sample workspace by its number."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One step: its page, the parts of an address that belong to it, and when it is done."""

    name: str
    page: str
    parts: frozenset[str]
    is_done: Callable[[Roll, Case], bool]
    guided: tuple[str, dict[str, int]] | None = None
    """Page and values to which the guided case goes, where it is not the step's own."""
    guide: str = ""
    """Name of what the guided case says there, `web.guide.<name>-text`; empty: the step's."""
    is_needed: bool = True
    """False: a case is whole without it too, and it is never the next step."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the bar shows it."""

    number: int
    name: Phrase
    url: str
    state: str
    """`done`, `over` (a legal basis that ended), `next` or `open`."""
    is_here: bool

    @property
    def said(self) -> Phrase:
        """Its state in a word."""
        return Phrase(f"web.step-is.{self.state}")


@dataclass(frozen=True, slots=True)
class Guide:
    """Where one is in the guided case, and where it goes on."""

    number: int
    count: int
    name: Phrase
    text: Phrase
    next_url: str
    next_name: Phrase | None


_OFFICER = (
    _Kind(
        "basis", "overview", frozenset(("", "basis", "people", "custody")), lambda *_: True,
        guide="open",
    ),
    _Kind(
        "evidence", "exhibits", frozenset(("exhibits", "intake", "seize", "uploads")),
        lambda _, case: bool(case.exhibits), ("exhibit", {"exhibit": 1}), "exhibit",
    ),
    _Kind(
        "money", "money", frozenset(("money", "studies", "patterns", "watch", "canvas", "views")),
        lambda _, case: bool(case.traces or case.studies), ("trace", {"trace": 1}),
    ),
    _Kind(
        "findings", "findings", frozenset(("findings",)), lambda _, case: bool(case.findings),
        ("finding_new", {"trace": 1}), "finding",
    ),
    _Kind(
        "requests", "requests", frozenset(("requests",)),
        lambda roll, case: any(one.case == case.id for one in roll.requests.values()),
        is_needed=False,
    ),
    _Kind("report", "report", frozenset(("report",)), lambda _, case: bool(case.reports)),
    _Kind("bundle", "bundle", frozenset(("bundle",)), lambda _, case: bool(case.bundles)),
)  # fmt: skip
_CHECK = _Kind("check", "case_check", frozenset(("check",)), lambda *_: False)
_READER = (
    _Kind("found", "findings", frozenset(("findings", "")), lambda _, case: bool(case.findings)),
    _Kind(
        "how", "money", frozenset(("money", "studies", "canvas", "exhibits", "custody")),
        lambda _, case: bool(case.traces or case.studies), ("trace", {"trace": 1}),
    ),
    _CHECK,
)  # fmt: skip


def case_steps(roll: Roll, case: Case, path: str, *, acts: bool) -> list[Step]:
    """The steps of a case for who acts in it, or else reads it; `path`: of the page."""
    kinds = _OFFICER if acts else _READER
    here = _here(kinds, case.number, path)
    done = [each.is_done(roll, case) for each in kinds]
    needed = [place for place, each in enumerate(kinds) if each.is_needed]
    furthest = max((place for place in needed if done[place]), default=-1)
    undone = [place for place in needed if not done[place]]
    following = next((place for place in undone if place > furthest), min(undone, default=None))
    is_over = basis_ended_on(roll, case, now()) is not None
    steps = []
    for place, each in enumerate(kinds):
        state = "done" if done[place] else "next" if place == following else "open"
        if not acts:
            state = "open"  # there is nothing for a reader to do
        elif each.name == "basis" and is_over:
            state = "over"
        url = reverse(each.page, kwargs={"case": case.number})
        name = Phrase(f"web.step.{each.name}")
        steps.append(Step(place + 1, name, url, state, place == here))
    return steps


def guided_case(root: Path) -> int | None:
    """The number of a workspace's guided case; None where there is none."""
    mark = root / "desk" / MARK
    text = mark.read_text("ascii", "replace").strip() if mark.is_file() else ""
    return int(text) if text.isdigit() and len(text) < 9 else None


def guide(case: Case, path: str, *, acts: bool) -> Guide | None:
    """Where one is in the guided case; None on a page that belongs to no step of it."""
    kinds = (*_OFFICER, _CHECK) if acts else _READER
    here = _here(kinds, case.number, path)
    if here is None:
        return None
    after = kinds[here + 1] if here + 1 < len(kinds) else None
    kind = kinds[here]
    return Guide(
        here + 1,
        len(kinds),
        Phrase(f"web.step.{kind.name}"),
        Phrase(f"web.guide.{kind.guide or kind.name}-text"),
        "" if after is None else _guided_url(case, after),
        None if after is None else Phrase(f"web.step.{after.name}"),
    )


def guide_begins(number: int, *, acts: bool) -> str:
    """Where the guided case begins."""
    kind = (_OFFICER if acts else _READER)[0]
    return reverse(kind.page, kwargs={"case": number})


def _guided_url(case: Case, kind: _Kind) -> str:
    page, values = kind.guided or (kind.page, {})
    given: dict[str, Any] = {"case": case.number, **values}
    return reverse(page, kwargs=given)


def _here(kinds: Sequence[_Kind], number: int, path: str) -> int | None:
    """Which step an address belongs to; None for none of them."""
    below = path.removeprefix(reverse("overview", kwargs={"case": number}))
    parts = below.split("/")
    part = None if below == path else "findings" if {"finding", "select"} & {*parts} else parts[0]
    return next((place for place, each in enumerate(kinds) if part in each.parts), None)
