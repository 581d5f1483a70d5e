"""How things stood in a round: what a release keeps of the day on which it was recorded.

Figures and documents outlive the round as it was. What a reader must know of them (that the round
was open, that a protocol is a proposal, that a legal matrix was a draft) is kept with the release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kancil.assessment.answer import Outcome
from kancil.assessment.method import asked_of
from kancil.assessment.protocol import Shape, Standing
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.models import Round
from kancil.desk.assessment.queries.answers import everything
from kancil.desk.assessment.queries.legal import matrix_in
from kancil.desk.base.opening import day_of
from kancil.ground import clock
from kancil.ground.plain import plain

SIGNED, DRAFT = "signed", "draft"


@dataclass(frozen=True, slots=True)
class ProtocolStood:
    """How far a round was with one protocol."""

    standing: str
    """`proposal` or `reviewed`."""
    asked: int
    agreed: int
    alone: int
    """Answered by one assessor."""
    disputed: int
    matrix: str
    """`signed` or `draft`; empty: the protocol has no legal matrix."""

    @property
    def is_proposal(self) -> bool:
        """Whether nobody has reviewed the protocol yet."""
        return self.standing == Standing.PROPOSAL

    @property
    def open(self) -> int:
        """Count the questions that nobody had answered."""
        return self.asked - self.agreed - self.alone - self.disputed


@dataclass(frozen=True, slots=True)
class Stood:
    """How a round stood on a day."""

    on: date
    is_open: bool
    opened_on: date
    closed_on: date | None
    is_invented: bool
    protocols: Mapping[str, ProtocolStood]

    @property
    def has_draft_matrix(self) -> bool:
        """Whether a legal matrix was signed by no lawyer as it was."""
        return any(each.matrix == DRAFT for each in self.protocols.values())


def stood_now(sight: Sight, protocols: Iterable[str]) -> Stood:
    """How a round stands now, with these of its protocols. Raises ProtocolNotInRound."""
    row = Round.objects.select_related("country").get(id=sight.round)
    return Stood(
        on=day_of(clock.now()),
        is_open=row.closed_at is None,
        opened_on=day_of(row.opened_at),
        closed_on=day_of(row.closed_at) if row.closed_at else None,
        is_invented=row.country.is_invented,
        protocols={name: _protocol(sight, name) for name in sorted(set(protocols))},
    )


def _protocol(sight: Sight, name: str) -> ProtocolStood:
    asked, standing = everything(sight, name)
    settled = standing.settled
    wanted = asked_of(asked, settled)
    counted = Counter(now.outcome for each in wanted if (now := settled.get(each.id)))
    matrix = ""
    if asked.shape is Shape.PROVISIONS:
        view = matrix_in(sight.leaving(), asked, standing, is_digested=False)
        matrix = DRAFT if view.is_draft else SIGNED
    return ProtocolStood(
        asked.standing.value,
        len(wanted),
        counted[Outcome.AGREED],
        counted[Outcome.ALONE],
        counted[Outcome.DISPUTED],
        matrix,
    )


def stood_json(stood: Stood) -> dict[str, Any]:
    """What stood, as a release keeps it."""
    return {
        "closed_on": plain(stood.closed_on),
        "invented": stood.is_invented,
        "on": stood.on.isoformat(),
        "opened_on": stood.opened_on.isoformat(),
        "protocols": {
            name: {**plain(each), "matrix": each.matrix or None}
            for name, each in stood.protocols.items()
        },
        "round": "open" if stood.is_open else "closed",
    }


def stood_in(kept: Mapping[str, Any]) -> Stood | None:
    """Read what a release keeps; None: an older one, which kept nothing of this."""
    if not kept:
        return None
    return Stood(
        on=date.fromisoformat(kept["on"]),
        is_open=kept["round"] == "open",
        opened_on=date.fromisoformat(kept["opened_on"]),
        closed_on=date.fromisoformat(kept["closed_on"]) if kept["closed_on"] else None,
        is_invented=kept["invented"],
        protocols={
            name: ProtocolStood(
                each["standing"], each["asked"], each["agreed"], each["alone"], each["disputed"],
                each["matrix"] or "",
            )
            for name, each in kept["protocols"].items()
        },
    )  # fmt: skip
