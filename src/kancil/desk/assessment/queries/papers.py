"""What a report of a round is made of: the whole round as it may leave, and what stands around it.

The sight is that of what leaves the site: no interview, and what is withheld is only said to be.
Whose answer something was is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from kancil.assessment.export import WholeRound
from kancil.assessment.protocol import Shape
from kancil.assessment.voice import CommentSaid
from kancil.desk.assessment.kept_protocols import of_shape
from kancil.desk.assessment.queries.countries import countries, enter_country, packaged_in
from kancil.desk.assessment.queries.leaving import whole_round, withheld_in
from kancil.desk.assessment.queries.narratives import TextRow, texts
from kancil.desk.assessment.queries.rounds import RoundRow, enter, enter_if_seen, round_of
from kancil.desk.assessment.queries.sign_offs import stood_of
from kancil.desk.assessment.queries.texts import ComparedCounts, compared_counts
from kancil.desk.base.opening import current_workspace
from kancil.desk.people.models import Person


@dataclass(frozen=True, slots=True)
class RoundPapers:
    """All that a report of a round may say."""

    whole: WholeRound
    row: RoundRow
    older_title: str
    """Of the round it is compared with; empty: with none that the person sees."""
    is_invented: bool
    """Whether the country is invented, for practice."""
    today: date
    zone: tzinfo
    """Of the workspace: a moment's day is that of its clocks."""
    packaged: frozenset[str]
    """Instruments whose status came with the packaged data, and nobody here looked at it."""
    withheld: tuple[str, ...]
    """Why each withheld document of this round is; nothing else of it is told."""
    texts: Mapping[tuple[str, str], TextRow] = field(default_factory=dict)
    """What the team wrote, by section and kind."""
    compared: Mapping[str, ComparedCounts] = field(default_factory=dict)
    """How many provisions of each protocol of law lawyers compared with the official texts."""
    stood_sha256: str = ""
    """Digest of all that an official would sign off, as it stands now; empty: not computed."""

    @property
    def comments(self) -> tuple[CommentSaid, ...]:
        """What the country says of answers and texts, the older first."""
        return tuple(each for each in self.whole.comments if each.of_country)

    def text(self, section: str, kind: str = "narrative") -> str:
        """What the team wrote there; empty: nothing."""
        found = self.texts.get((section, kind))
        return found.text if found else ""

    def day_of(self, moment: datetime) -> date:
        """The day on which something was, where the workspace is."""
        return moment.astimezone(self.zone).date()


def round_papers(
    person: Person, round: str, *, today: date, made_at: datetime, kancil: str
) -> RoundPapers:
    """Gather what a report of a round is made of, for whoever sees the round.

    `today`: by which reviews, steps and meetings are overdue. `kancil`: version of the program.
    Raises RoundNotFound, AnswerFirst.
    """
    sight = enter(person, round)
    row = round_of(sight).row
    older = enter_if_seen(person, row.older)
    known = {each.code: each.is_invented for each in countries(person)}
    return RoundPapers(
        whole=whole_round(person, round, today=today, made_at=made_at, kancil=kancil),
        row=row,
        older_title=older.title if older else "",
        is_invented=known.get(sight.country, False),
        today=today,
        zone=current_workspace().zone,
        packaged=packaged_in(enter_country(person, sight.country)),
        withheld=tuple(sorted(withheld_in([sight.round]).values_list("withheld", flat=True))),
        texts=texts(sight.leaving()),
        compared={each.name: compared_counts(each) for each in of_shape(sight, Shape.PROVISIONS)},
        stood_sha256=stood_of(sight.round),
    )
