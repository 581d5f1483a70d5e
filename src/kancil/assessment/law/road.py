"""The road of a law or a treaty: policy, bill, committee, adoption, deposit, entry into force.

Steps come as people set them, with owner and dates; what is next, what is late and what was done
out of turn is found here. Nothing is added: a road without a bill has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    """The stages in their order; not every road has all of them."""

    POLICY = "policy"
    BILL = "bill"
    COMMITTEE = "committee"
    ADOPTION = "adoption"
    DEPOSIT = "deposit"
    """Of the instrument of ratification or accession, with the depositary."""
    ENTRY_INTO_FORCE = "entry-into-force"

    @property
    def place(self) -> int:
        """Where it stands in the order, from 0."""
        return list(Stage).index(self)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a road."""

    id: str
    subject: str
    """The instrument or the law."""
    stage: Stage
    owner: str
    due_on: date | None = None
    done_on: date | None = None
    note: str = ""
    instrument: str | None = None
    """Of the protocol, where the road leads to one."""
    position: int = 0
    """Among steps of one stage: a bill may go to two committees."""


@dataclass(frozen=True, slots=True)
class Road:
    """All steps of one subject, in order, and how far they are."""

    subject: str
    steps: tuple[Step, ...]
    next: Step | None
    """First that is not done; None: all are."""
    overdue: tuple[Step, ...]
    """Not done, though they were due before today."""
    out_of_turn: tuple[Step, ...]
    """Done while one before them is not, or dated before it: look whether a date is wrong."""

    @property
    def is_complete(self) -> bool:
        """Whether every step is done; this is not yet to say that the law is in force."""
        return self.next is None

    @property
    def is_in_force(self) -> bool:
        """Whether its entry into force is a step and is done."""
        return any(
            each.stage is Stage.ENTRY_INTO_FORCE and each.done_on is not None for each in self.steps
        )


def roads(steps: Iterable[Step], today: date) -> list[Road]:
    """Gather steps into roads, in the order in which their subjects first come."""
    by_subject: dict[str, list[Step]] = {}
    for step in steps:
        by_subject.setdefault(step.subject, []).append(step)
    return [_road(subject, own, today) for subject, own in by_subject.items()]


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Put steps in the order of their stages; within one by position, then as they came."""
    return sorted(steps, key=lambda step: (step.stage.place, step.position))


def _road(subject: str, steps: Iterable[Step], today: date) -> Road:
    ordered = in_order(steps)
    pending = [step for step in ordered if step.done_on is None]
    return Road(
        subject,
        tuple(ordered),
        next=pending[0] if pending else None,
        overdue=tuple(step for step in pending if step.due_on is not None and step.due_on < today),
        out_of_turn=tuple(
            step for number, step in enumerate(ordered) if _is_early(step, ordered[:number])
        ),
    )


def _is_early(step: Step, before: Iterable[Step]) -> bool:
    """Whether a step is done before one of an earlier stage is."""
    done_on = step.done_on
    return done_on is not None and any(
        each.stage is not step.stage and (each.done_on is None or each.done_on > done_on)
        for each in before
    )
