"""What a report of a round is made of: the whole round as it may leave, and what stands around it.

The sight is that of what leaves the site: no interview, and what is withheld is only said to be.
Whose answer something was is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from typing import Any

from kancil.assessment.export import Planned, WholeRound
from kancil.assessment.narrative import OF_ITEM, Genre, item_of, plan_section
from kancil.assessment.protocol import Shape
from kancil.assessment.voice import CommentSaid
from kancil.desk.assessment.kept_protocols import of_shape
from kancil.desk.assessment.models import PlanItem
from kancil.desk.assessment.queries.countries import countries, enter_country, packaged_in
from kancil.desk.assessment.queries.leaving import whole_round, withheld_in
from kancil.desk.assessment.queries.narratives import TextRow, texts
from kancil.desk.assessment.queries.rounds import RoundRow, enter, enter_if_seen, round_of
from kancil.desk.assessment.queries.sign_offs import stood_of
from kancil.desk.assessment.queries.texts import ComparedCounts, compared_counts
from kancil.desk.base.opening import current_workspace
from kancil.desk.people.models import Person
from kancil.ground.phrase import Phrase
from kancil.ground.words import is_translated, render, spoken

ENGLISH = "en"


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
    texts: Mapping[tuple[str, str, str], TextRow] = field(default_factory=dict)
    """What the team wrote, by section, kind and language."""
    compared: Mapping[str, ComparedCounts] = field(default_factory=dict)
    """How many provisions of each protocol of law lawyers compared with the official texts."""
    plan_languages: Mapping[str, str] = field(default_factory=dict)
    """In which language each item of the plan is written, by id; empty: not stated."""
    own_titles: Mapping[str, str] = field(default_factory=dict)
    """Titles of the plan's items as they were written, by id, where a title bears its language."""
    stood_sha256: str = ""
    """Digest of all that an official would sign off, as it stands now; empty: not computed."""

    @property
    def comments(self) -> tuple[CommentSaid, ...]:
        """What the country says of answers and texts, the older first."""
        return tuple(each for each in self.whole.comments if each.of_country)

    def text(self, section: str, kind: str = "narrative") -> TextRow | None:
        """What the team wrote there: in the spoken language, else in another one."""
        found = {of: row for (at, of_kind, of), row in self.texts.items()
                 if (at, of_kind) == (section, kind)}  # fmt: skip
        ordered = (spoken(), "", ENGLISH, *sorted(found))
        return next((found[each] for each in ordered if each in found), None)

    def in_other_languages(self) -> list[TextRow]:
        """The texts that a paper in the spoken language would print in another one."""
        places = dict.fromkeys(
            (section, kind) for section, kind, _ in self.texts if not item_of(section)
        )
        rows = [self.text(*each) for each in places]
        found = [row for row in rows if row is not None and other_language(row)]
        for each in self.whole.plan:
            if self._in_own_language(each, Genre.TITLE):
                language = self.plan_languages.get(each.item.id, "")
                section = plan_section(each.item.id)
                title = self.own_titles.get(each.item.id, each.title)
                found.append(TextRow("", section, Genre.TITLE.value, language, title, "",
                                     self.whole.made_at, is_latest=True))  # fmt: skip
        return found

    def in_spoken_language(self) -> RoundPapers:
        """With each item of the plan in the spoken language where somebody wrote it so.

        A text that nobody did stands in its own language and says in which: of an item whose title
        does, the title alone.
        """
        plan = [self._translated(each) for each in self.whole.plan]
        own = {each.item.id: each.title for each in self.whole.plan}
        return replace(self, whole=replace(self.whole, plan=plan), own_titles=own)

    def _translated(self, planned: Planned) -> Planned:
        texts: dict[str, Any] = {}
        is_marked = bool(self._in_own_language(planned, Genre.TITLE))
        for genre in OF_ITEM:
            text = getattr(planned, genre.value)
            written = self._of_item(planned, genre)
            if written is not None:
                texts[genre.value] = written.text
            elif text and (genre is Genre.TITLE or not is_marked):
                mark = self._in_own_language(planned, genre)
                texts[genre.value] = render(mark.key, what=text, **mark.params) if mark else text
        return replace(planned, **texts)

    def _of_item(self, planned: Planned, genre: Genre) -> TextRow | None:
        return self.texts.get((plan_section(planned.item.id), genre.value, spoken()))

    def _in_own_language(self, planned: Planned, genre: Genre) -> Phrase | None:
        """That a text stands in its own language in a paper in another one; None: it does not."""
        language = self.plan_languages.get(planned.item.id, "")
        is_spoken = language == spoken() or (not language and spoken() == ENGLISH)
        if is_spoken or self._of_item(planned, genre) is not None:
            return None
        if not language:
            return Phrase("note.stood-unstated")
        known = is_translated(f"name.language-{language}", ENGLISH)
        named = render(f"name.language-{language}") if known else language
        return Phrase("note.stood-language", {"language": named})

    def day_of(self, moment: datetime) -> date:
        """The day on which something was, where the workspace is."""
        return moment.astimezone(self.zone).date()


def other_language(row: TextRow) -> str:
    """A text's language where it is not the spoken one, `und` where it is not known; else empty.

    A text from before languages were kept is taken for English in an English paper alone.
    """
    if row.language == spoken() or (not row.language and spoken() == ENGLISH):
        return ""
    return row.language or "und"


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
        plan_languages=dict(
            PlanItem.objects.filter(round_id=sight.round).values_list("id", "language")
        ),
        stood_sha256=stood_of(sight.round),
    )
