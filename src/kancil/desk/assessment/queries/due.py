"""What is late or due for a person: comments, terms, sign-offs, periods, plans, roads, boards.

Only what they can act on. In a dozen queries, however many rounds there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Subquery

from kancil.assessment.planning.plan import ItemState
from kancil.desk.assessment.access import Sight, country_sight_of, sees_all_rounds, sight_of
from kancil.desk.assessment.models import (
    Body,
    Comment,
    CommentTerm,
    DueDiligence,
    PlanItem,
    RoadStep,
    Round,
    SignOff,
    TeamMember,
)
from kancil.desk.assessment.queries.countries import given_countries
from kancil.desk.assessment.queries.sign_offs import sign_off_of
from kancil.desk.people.models import Person
from kancil.ground.days import months_after
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import render
from kancil.legal.calendar_file import Entry, calendar_file

_AT = time(9)
"""When a day stands in a calendar."""
_ENDED = (ItemState.REJECTED.value, ItemState.DONE.value)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that a person has to see to."""

    id: str
    """Of the thing; of a round where it is the round itself."""
    kind: str
    """The words are `name.assess-due-<kind>`."""
    day: date | None
    """None: now, and no day was named."""
    subject: str
    """Other people's words; empty: the kind says it all."""
    title: str
    """Of the round; code of the activity, reference of the grant."""
    is_late: bool
    country: str = ""
    country_name: str = ""
    round: str = ""
    """Its id; empty: it is of the country's board, of an activity or of a grant."""
    activity: str = ""
    grant: str = ""
    stage: str = ""
    """Of a step of a road map; the words are `web.road.<stage>`."""


@dataclass(frozen=True, slots=True)
class _Rounds:
    """The rounds that a person sees, open or closed, and what they may do in each."""

    rows: Mapping[str, Round]
    seen: Mapping[str, Sight]
    today: date

    def where(self, allowed: Callable[[Sight], bool]) -> list[str]:
        return [id for id, sight in self.seen.items() if allowed(sight)]

    def due(
        self, kind: str, id: str, day: date | None, of: Round | Body, subject: str = "",
        stage: str = "",
    ) -> Due:  # fmt: skip
        is_late = day is not None and day < self.today
        round, title = (of.id, of.title) if isinstance(of, Round) else ("", "")
        country = of.country
        return Due(
            id, kind, day, subject, title, is_late, country.code, country.shown_name, round,
            stage=stage,
        )  # fmt: skip


def due_of(person: Person, today: date, until: date = date.max) -> list[Due]:
    """List what is late or due by a day, the latest first; what has no day stands with today's."""
    given = given_countries(person)
    team = {each.round_id: each for each in TeamMember.objects.filter(person=person)}
    rows = {row.id: row for row in Round.objects.select_related("country")}
    seen = {
        id: sight
        for id, row in rows.items()
        if (sight := sight_of(person, row, [team[id]] if id in team else [], given)) is not None
    }
    mine = _Rounds(rows, seen, today)
    sources = (_of_rounds(mine), _of_plans(mine), _steps(mine), _boards(person, given, mine))
    found = [each for source in sources for each in source if each.day is None or each.day <= until]
    return sorted(found, key=lambda each: (each.day or today, each.country, each.id, each.kind))


def _of_rounds(mine: _Rounds) -> Iterator[Due]:
    """Of open rounds: period, term, sign-off, and comments that wait."""
    is_open = mine.where(lambda sight: sight.is_open)
    terms = dict(
        CommentTerm.objects.filter(round__in=is_open, is_latest=True).values_list("round", "due_on")
    )
    found = Comment.objects.filter(round__in=is_open, replies=None).order_by()
    unanswered = dict(found.values_list("round").annotate(count=Count("id")))
    signed = set(SignOff.objects.filter(round__in=is_open).values_list("round", flat=True))
    for id in is_open:
        row, sight, count = mine.rows[id], mine.seen[id], unanswered.get(id, 0)
        if row.period_to < mine.today and (sight.is_lead or sight.is_officer):
            yield mine.due("period", id, row.period_to, row)
        if count and sight.may_reply:
            yield mine.due("comments", id, None, row, str(count))
        kind = _word(sight, id in signed, count, terms.get(id), mine.today)
        if kind:
            yield mine.due(kind, id, terms.get(id), row)


def _word(sight: Sight, has_signed: bool, count: int, term: date | None, today: date) -> str:
    """What the country's word asks of a person; empty: nothing."""
    if has_signed and (sight.is_focal or sight.is_lead):
        signed = sign_off_of(sight)
        if signed is not None and signed.counts:
            return "close" if sight.is_lead and not count else ""
        return "sign-off" if sight.is_focal else ""
    if term is None:
        return ""
    if term >= today:
        return "term" if sight.of_country or sight.is_lead else ""
    return "sign-off" if sight.is_focal else "term-over" if sight.is_lead else ""


def _of_plans(mine: _Rounds) -> Iterator[Due]:
    """Items that end, and reviews of their due diligence."""
    newest = DueDiligence.objects.filter(item=OuterRef("pk")).order_by("-at", "-id")
    found = PlanItem.objects.filter(round__in=mine.where(lambda sight: sight.may_plan))
    found = found.exclude(state__in=_ENDED).annotate(on=Subquery(newest.values("review_on")[:1]))
    for row in found:
        if row.on is not None:
            yield mine.due("review", row.id, row.on, mine.rows[row.round_id], row.title)
        ends = months_after(row.begins_on, row.months) if row.begins_on else None
        if ends is not None and row.state == ItemState.APPROVED:
            yield mine.due("plan", row.id, ends, mine.rows[row.round_id], row.title)


def _steps(mine: _Rounds) -> Iterator[Due]:
    found = RoadStep.objects.filter(
        round__in=mine.where(lambda sight: sight.may_map_road), done_on=None
    )
    for row in found.exclude(due_on=None):
        of = mine.rows[row.round_id]
        yield mine.due("road", row.id, row.due_on, of, row.subject, stage=row.stage)


def _boards(person: Person, given: Collection[str], mine: _Rounds) -> Iterator[Due]:
    """Matters and meetings of the bodies that a person keeps."""
    bodies = Body.objects.filter(ended_on=None).select_related("country")
    if not sees_all_rounds(person):
        parts: dict[str, list[str]] = {code: [] for code in given}
        for each in mine.seen.values():
            parts.setdefault(each.country, []).extend([each.part] if each.part else [])
        kept = [
            code
            for code, part in parts.items()
            if (sight := country_sight_of(person, code, part, given)) and sight.may_keep_board
        ]
        bodies = bodies.filter(country__in=kept)
    for body in bodies.prefetch_related("matters"):
        if body.meets_every_months and body.last_met_on:
            again = months_after(body.last_met_on, body.meets_every_months)
            if again is not None:
                yield mine.due("meeting", body.id, again, body, body.name)
        for matter in body.matters.all():
            if matter.closed_on is None and matter.due_on is not None:
                yield mine.due("matter", matter.id, matter.due_on, body, matter.title)


def due_words(due: Due) -> Phrase:
    """What there is to do, without whose and where."""
    params: dict[str, Param] = {"subject": due.subject}
    if due.stage:
        params["stage"] = Phrase(f"web.road.{due.stage}")
    return Phrase(f"name.assess-due-{due.kind}", params)


def due_calendar(due: Sequence[Due], today: date, zone: ZoneInfo, made_at: datetime) -> bytes:
    """The same as a calendar file; what is late, or has no day, stands on today.

    It holds kinds, countries, titles of rounds, codes of activities and references of grants, and
    none of what else people wrote.
    """
    return calendar_file(
        [
            Entry(
                f"{each.kind} {each.id}",
                datetime.combine(max(each.day or today, today), _AT, zone),
                render(
                    "name.assess-due-entry",
                    what=Phrase(f"name.assess-due-kind-{each.kind}"),
                    place=", ".join(one for one in (each.country, each.title) if one),
                    day=each.day.isoformat() if each.day else today.isoformat(),
                ),
            )
            for each in due
        ],
        made_at,
    )
