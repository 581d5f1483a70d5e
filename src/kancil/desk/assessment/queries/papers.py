"""What a report of a round is made of: the whole round as it may leave, and what stands around it.

The sight is that of what leaves the site: no interview, and what is withheld is only said to be.
A report shows every reader the same: whose answer something was is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kancil.assessment import legal as craft
from kancil.assessment.export import WholeRound
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.models import PlanItem
from kancil.desk.assessment.queries.board import BodyRow, board_of
from kancil.desk.assessment.queries.countries import countries, enter_country, statuses
from kancil.desk.assessment.queries.leaving import whole_round, withheld_in
from kancil.desk.assessment.queries.legal import SignatureRow, signatures
from kancil.desk.assessment.queries.rounds import RoundView, enter, enter_if_seen, round_of
from kancil.desk.people.models import Person


@dataclass(frozen=True, slots=True)
class ItemReasons:
    """Why an item of the plan stands where it does."""

    state: str
    """Why it was rejected, or what came of it."""
    position: str
    """Why it was moved in the order."""


@dataclass(frozen=True, slots=True)
class RoundPapers:
    """All that a report of a round may say."""

    whole: WholeRound
    view: RoundView
    """Team and respondents too."""
    older_title: str
    """Of the round it is compared with; empty: with none that she sees."""
    is_invented: bool
    """Whether the country is invented, for practice."""
    today: date
    signatures: Mapping[str, SignatureRow]
    """By protocol of provisions: who signed the matrix as it is; missing: it is a draft."""
    packaged: frozenset[str]
    """Instruments whose status came with the packaged data, and nobody here looked at it."""
    reasons: Mapping[str, ItemReasons]
    """By id of an item of the plan."""
    board: tuple[BodyRow, ...]
    withheld: tuple[str, ...]
    """Why each withheld document of this round is; nothing else of it is told."""


def round_papers(
    person: Person, round: str, *, today: date, made_at: datetime, kancil: str
) -> RoundPapers:
    """Gather what a report of a round is made of, for whoever sees the round.

    `today`: by which reviews, steps and meetings are overdue. `kancil`: version of the program.
    Raises RoundNotFound.
    """
    sight = enter(person, round).leaving()
    view = round_of(sight)
    of_country = enter_country(person, sight.country)
    older = enter_if_seen(person, view.row.older)
    known = {each.code: each.is_invented for each in countries(person)}
    whole = whole_round(person, round, today=today, made_at=made_at, kancil=kancil)
    held = withheld_in([sight.round])
    rows = PlanItem.objects.filter(round_id=sight.round)
    return RoundPapers(
        whole=whole,
        view=view,
        older_title=older.title if older else "",
        is_invented=known.get(sight.country, False),
        today=today,
        signatures=_signatures(sight, whole),
        packaged=frozenset(each.instrument for each in statuses(of_country) if each.is_packaged),
        reasons={
            id: ItemReasons(state, position)
            for id, state, position in rows.values_list("id", "state_reason", "position_reason")
        },
        board=tuple(each for each in board_of(of_country, today) if each.ended_on is None),
        withheld=tuple(sorted(held.values_list("withheld", flat=True))),
    )


def _signatures(sight: Sight, whole: WholeRound) -> dict[str, SignatureRow]:
    """Find who signed each matrix just as it is now."""
    found = {}
    for one in whole.protocols:
        if one.matrix is None:
            continue
        sha256 = craft.matrix_sha256(one.matrix)
        signed = [each for each in signatures(sight, one.protocol) if each.matrix_sha256 == sha256]
        if signed and not craft.is_draft(one.matrix, {sha256}):
            found[one.protocol.name] = signed[0]
    return found
