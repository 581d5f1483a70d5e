"""What leaves the site: one person's answers for a file, and a whole round for its export."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from kancil.assessment import exchange
from kancil.assessment.exchange import Audience, Carried, Parcel, RoundNamed
from kancil.assessment.export import (
    BodySaid,
    MatterSaid,
    MemberSaid,
    OneProtocol,
    Planned,
    ReleaseSaid,
    RoundSaid,
    SignatureSaid,
    WholeRound,
)
from kancil.assessment.law import matrix as legal
from kancil.assessment.law.road import Stage, Step, roads
from kancil.assessment.planning.plan import DueDiligence, Item, Threat
from kancil.assessment.protocol import Protocol, Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.errors import AnswerFirst
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.models import Answer, EvidenceItem
from kancil.desk.assessment.queries.answers import (
    bounds_in,
    compare_in,
    everything,
    profile_in,
)
from kancil.desk.assessment.queries.board import BodyRow, board_of
from kancil.desk.assessment.queries.comments import comments
from kancil.desk.assessment.queries.countries import (
    ExtractRow,
    enter_country,
    extracts,
)
from kancil.desk.assessment.queries.legal import matrix_in, road
from kancil.desk.assessment.queries.plans import PlanRow, gaps_in, plan_of, threats_of
from kancil.desk.assessment.queries.releases import releases_of
from kancil.desk.assessment.queries.rounds import enter, enter_if_seen, require, round_of
from kancil.desk.assessment.queries.sign_offs import voice_of
from kancil.desk.assessment.rows import INTERVIEW, answers_where, masked
from kancil.desk.people.models import Person
from kancil.ground.filled import filled


def parcel_of(person: Person, round: str, audience: Audience, made_at: datetime) -> Parcel:
    """Put a person's own answers of a round together for a file, those written over too.

    What the audience may not have is left out and counted. Raises RoundNotFound, ActNotYours.
    """
    sight = enter(person, round)
    require(sight.may_answer, sight)
    asked = protocols_in(sight)
    over = {
        id: (protocol, follows, tuple(also))
        for id, protocol, follows, also in Answer.objects.filter(
            round_id=sight.round, author=person
        ).values_list("id", "protocol", "follows_id", "also")
    }
    carried = [
        Carried(over[each.id][0], each, over[each.id][1], over[each.id][2])
        for each in answers_where(sight, author_id=person.pk)
    ]
    law = extracts(enter_country(person, sight.country))
    withheld = EvidenceItem.objects.filter(round_id=sight.round).exclude(withheld="")
    return exchange.pack(
        carried,
        by=str(person.pk),
        author=person.name,
        audience=audience,
        round=RoundNamed(sight.round, sight.country, sight.title),
        protocols=asked,
        made_at=made_at,
        extracts=[_extract(each) for each in law],
        withheld=set(withheld.values_list("id", flat=True)),
    )


def whole_round(
    person: Person, round: str, *, today: date, made_at: datetime, kancil: str
) -> WholeRound:
    """All of a round as it may leave the site: no interview, and nothing that is withheld.

    `today`: by which reviews, steps and meetings are overdue. `kancil`: version of the program. The
    round is compared with its older one, where the person sees that too. Raises RoundNotFound,
    AnswerFirst (it would show what others gave to a question that the person still has to answer
    alone).
    """
    sight = enter(person, round).leaving()
    about = round_of(sight)
    view = about.row
    before = enter_if_seen(person, view.older)
    older = before.leaving() if before else None
    rounds = [sight.round, *([older.round] if older else [])]
    held = list(withheld_in(rounds).values_list("id", "withheld", "round_id"))
    reasons = {masked(id): reason for id, reason, _ in held}
    threats = threats_of(sight)
    voice = voice_of(sight)
    return WholeRound(
        round=filled(RoundSaid, view),
        made_at=made_at,
        kancil=kancil,
        protocols=[_one(sight, older, each, threats) for each in protocols_in(sight)],
        plan=[_planned(each) for each in plan_of(sight, today)],
        roads=roads(
            [
                filled(
                    Step, each, stage=Stage(each.stage), instrument=each.instrument or None,
                    position=place,
                )
                for place, each in enumerate(road(sight))
            ],
            today,
        ),
        withheld=reasons,
        withheld_before=[masked(id) for id, _, of in held if of != sight.round],
        team=[MemberSaid(each.name, each.part.value) for each in about.team],
        respondents=about.respondents,
        board=[_body(each) for each in board_of(enter_country(person, sight.country), today)],
        releases=[
            filled(ReleaseSaid, each, withdrawn=each.withdrawn_reason)
            for each in releases_of(sight)
        ],
        comments=comments(sight),
        term=voice.due_on,
        sign_off=voice.sign_off,
        closed_as=voice.closed_as,
    )  # fmt: skip


def withheld_in(rounds: Collection[str]) -> QuerySet[EvidenceItem]:
    """Find the items of rounds of which it is told that they are withheld, and why: no interview.

    One that somebody withheld is still an interview: the reason would tell that there was one.
    """
    found = EvidenceItem.objects.filter(round_id__in=rounds).exclude(withheld="")
    return found.exclude(kind=INTERVIEW)


def _body(row: BodyRow) -> BodySaid:
    return filled(BodySaid, row, matters=tuple(filled(MatterSaid, each) for each in row.matters))


def _one(
    sight: Sight, older: Sight | None, asked: Protocol, threats: Sequence[Threat]
) -> OneProtocol:
    _, standing = everything(sight, asked.name)
    if hidden := standing.hidden_from(sight):
        raise AnswerFirst(name=min(hidden))
    view = None
    if asked.shape is Shape.PROVISIONS:
        view = matrix_in(sight, asked, standing, is_digested=False)
    signed = view.signature if view else None
    return OneProtocol(
        protocol=asked,
        settled=standing.seen_by(sight),
        profile=profile_in(sight, asked, standing) if asked.scoring else None,
        bounds=bounds_in(sight, asked, standing) if asked.scoring and sight.sees_answers else (),
        gaps=gaps_in(sight, asked, standing, threats) if asked.scoring else (),
        comparison=compare_in(sight, asked, standing, older) if older else None,
        matrix=view.matrix if view else None,
        signed=filled(SignatureSaid, signed) if signed else None,
    )


def _extract(row: ExtractRow) -> legal.Extract:
    return filled(legal.Extract, row)


def _planned(row: PlanRow) -> Planned:
    return filled(Planned, row, item=filled(Item, row, due_diligence=_diligence(row)))


def _diligence(row: PlanRow) -> DueDiligence | None:
    newest: Sequence[DueDiligence] = [
        DueDiligence(
            each.risk, each.mitigation, each.decision, each.decided_by, each.review_on.isoformat()
        )
        for each in row.diligence[:1]
    ]
    return newest[0] if newest else None
