"""What leaves the site: one person's answers for a file, and a whole round for its export."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from kancil.assessment import exchange, legal
from kancil.assessment.exchange import Audience, Carried, Parcel, RoundNamed
from kancil.assessment.export import (
    BodySaid,
    MatterSaid,
    MemberSaid,
    OneProtocol,
    Planned,
    ReleaseSaid,
    RespondentSaid,
    RoundSaid,
    SignatureSaid,
    WholeRound,
)
from kancil.assessment.plan import DueDiligence, Item, Threat
from kancil.assessment.protocol import Protocol, Shape
from kancil.assessment.road import Stage, Step, roads
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
from kancil.desk.assessment.queries.countries import (
    ExtractRow,
    enter_country,
    extracts,
)
from kancil.desk.assessment.queries.legal import matrix_in, road
from kancil.desk.assessment.queries.plans import PlanRow, gaps_in, plan_of, threats_of
from kancil.desk.assessment.queries.releases import releases_of
from kancil.desk.assessment.queries.rounds import enter, enter_if_seen, require, round_of
from kancil.desk.assessment.rows import INTERVIEW, answers_where, masked
from kancil.desk.people.models import Person


def parcel_of(person: Person, round: str, audience: Audience, made_at: datetime) -> Parcel:
    """Put a person's own answers of a round together for a file, those she wrote over too.

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
    """Give all of a round as it may leave the site: no interview, and nothing that is withheld.

    `today`: by which reviews, steps and meetings are overdue. `kancil`: version of the program. The
    round is compared with its older one, where she sees that too. Raises RoundNotFound, AnswerFirst
    (she would see in it what others gave to a question that she still has to answer by herself).
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
    return WholeRound(
        round=RoundSaid(
            view.id, view.country, view.title, view.period_from, view.period_to, view.scope
        ),
        made_at=made_at,
        kancil=kancil,
        protocols=[_one(sight, older, each, threats) for each in protocols_in(sight)],
        plan=[_planned(each) for each in plan_of(sight, today)],
        roads=roads(
            [
                Step(
                    each.id, each.subject, Stage(each.stage), each.owner, each.due_on,
                    each.done_on, each.note, each.instrument or None, place,
                )
                for place, each in enumerate(road(sight))
            ],
            today,
        ),
        withheld=reasons,
        withheld_before=[masked(id) for id, _, of in held if of != sight.round],
        team=[MemberSaid(each.name, each.part.value) for each in about.team],
        respondents=[
            RespondentSaid(each.organisation, each.sector, each.office)
            for each in about.respondents
        ],
        board=[_body(each) for each in board_of(enter_country(person, sight.country), today)],
        releases=[
            ReleaseSaid(
                each.document, each.official, each.office, each.released_on, each.sha256,
                each.withdrawn_reason,
            )
            for each in releases_of(sight)
        ],
    )  # fmt: skip


def withheld_in(rounds: Collection[str]) -> QuerySet[EvidenceItem]:
    """Find the items of rounds of which it is told that they are withheld, and why: no interview.

    One that somebody withheld is still an interview: the reason would tell that there was one.
    """
    found = EvidenceItem.objects.filter(round_id__in=rounds).exclude(withheld="")
    return found.exclude(kind=INTERVIEW)


def _body(row: BodyRow) -> BodySaid:
    return BodySaid(
        row.name,
        row.sector,
        row.responsible,
        row.mandate,
        row.meets_every_months,
        row.last_met_on,
        row.ended_on,
        row.next_due_on,
        row.is_late,
        tuple(
            MatterSaid(
                each.title, each.owner, each.due_on, each.closed_on, each.outcome, each.is_late
            )
            for each in row.matters
        ),
    )


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
        signed=SignatureSaid(
            signed.lawyer,
            signed.admitted,
            signed.at,
            signed.signed_on,
            signed.recorded_by,
            signed.sha256,
        )
        if signed
        else None,
    )


def _extract(row: ExtractRow) -> legal.Extract:
    return legal.Extract(
        row.id, row.law, row.citation, row.article, row.text, row.language, row.translation,
        row.translated_by, row.in_force_on, row.source, row.sha256,
    )  # fmt: skip


def _planned(row: PlanRow) -> Planned:
    return Planned(
        item=Item(
            row.id, row.indicators, row.assistance, row.concepts, row.to_security_forces,
            row.state, row.depends_on, _diligence(row), row.not_forces_reason,
        ),
        title=row.title,
        owner=row.owner,
        partner=row.partner,
        donor=row.donor,
        begins_on=row.begins_on,
        months=row.months,
        cost_minor=row.cost_minor,
        currency=row.currency,
        cost_basis=row.cost_basis,
        success=row.success,
        obstacles=row.obstacles,
        state_reason=row.state_reason,
        position_reason=row.position_reason,
        decided_by=row.decided_by,
        decided_for_country=row.decided_for_country,
        decided_at=row.decided_at,
        too_early_for=row.too_early_for,
    )  # fmt: skip


def _diligence(row: PlanRow) -> DueDiligence | None:
    newest: Sequence[DueDiligence] = [
        DueDiligence(
            each.risk, each.mitigation, each.decision, each.decided_by, each.review_on.isoformat()
        )
        for each in row.diligence[:1]
    ]
    return newest[0] if newest else None
