"""The plan of an import: what is written, what is refused, what looks like something known.

A dry run shows the plan and a take writes it, so that the two never differ. Nothing that looks
known is taken for it by itself: a person says of each row, or of all, what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models import Model

from kancil.desk.people.models import Person
from kancil.desk.programme.matching import AT_ONCE
from kancil.desk.programme.models import ImportBatch
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.programme.registration.registrant import RefusedRow

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person said of rows that look known."""

    same: frozenset[int] = frozenset()
    """Numbers of rows that are what they look like."""
    others: bool = False
    """Whether all others of them are taken as new."""


UNDECIDED = Decisions()


@dataclass(frozen=True, slots=True)
class Twin:
    """A row that looks like something in the books."""

    row: int
    known: str
    """Id of what it looks like."""
    name: str
    """What that is called, as the page shows it; of people never kept."""
    written: str
    """What the row is called in the file."""
    why: Phrase


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom, as part of which batch, and under which decisions a plan is made."""

    by: Person
    batch: ImportBatch
    decisions: Decisions
    today: date
    all_attended: bool = False
    progress: Progress = SILENT

    @classmethod
    def of(
        cls, by: Person, batch: ImportBatch, decisions: Decisions, today: date,
        progress: Progress = SILENT,
    ) -> Asked:  # fmt: skip
        """With what was said of the whole file when its columns were mapped."""
        attended = bool(batch.mapping.get("all_attended"))
        return cls(by, batch, decisions, today, attended, progress)

    def counted(self, rows: Sequence[_Item]) -> Iterator[_Item]:
        """Rows one by one; each is told once it is planned."""
        self.progress.start(len(rows), "rows", "progress.import-plan")
        for each in rows:
            yield each
            self.progress.advance(1)
        self.progress.finish()


@dataclass(slots=True)
class Plan:
    """What becomes of each row."""

    add: list[Model] = field(default_factory=list)
    """New rows of the books; those that others name come first."""
    places: list[Model] = field(default_factory=list)
    """Rows that name some of the first."""
    taken: int = 0
    """Rows of the file."""
    refused: list[RefusedRow] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)
    """Those that were not decided: they are left out."""
    known: int = 0
    """Of those taken: people who are in the books already."""
    waiting: int = 0
    """Of those taken: registrations beyond the places."""
    no_organisation: int = 0
    """Of those taken: people whose organisation is not in the books."""

    def refuse(self, row: int, why: str | Phrase) -> None:
        """Leave a row out, with a reason."""
        phrase = why if isinstance(why, Phrase) else Phrase(f"why.import-{why}")
        self.refused.append(RefusedRow(row, phrase))


def or_why(make: Callable[[], _Item]) -> _Item | Phrase:
    """What an act would make of a row, or why it refuses to."""
    try:
        return make()
    except KancilError as error:
        return Phrase(f"error.{error.code}.sentence", error.params)


def written(rows: Iterable[Model]) -> None:
    """Write rows, kind by kind, in their order."""
    by_kind: dict[type[Model], list[Model]] = {}
    for each in rows:
        by_kind.setdefault(type(each), []).append(each)
    for kind, some in by_kind.items():
        kind._default_manager.bulk_create(some, batch_size=AT_ONCE)
