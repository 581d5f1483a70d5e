"""Legal matrix and road, gaps and plan, board and releases, rounds compared: on the desk."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kancil.assessment.answer import Kind
from kancil.assessment.comparing import Move
from kancil.assessment.errors import IndicatorNotFound, ProtocolNotFound, ProtocolNotReadable
from kancil.assessment.law.matrix import InstrumentStatus
from kancil.assessment.planning.costs import CostLine
from kancil.assessment.planning.plan import Choice, Feasibility, ItemState
from kancil.desk.assessment.actions import legal, plans
from kancil.desk.assessment.actions.answers import agree
from kancil.desk.assessment.actions.board import BodyInput, add_body, add_matter, record_meeting
from kancil.desk.assessment.actions.evidence import File, use_extract, withhold_evidence
from kancil.desk.assessment.actions.releases import (
    record_release,
    release_figures,
    withdraw_release,
)
from kancil.desk.assessment.actions.rounds import Member, open_round, set_team
from kancil.desk.assessment.actions.site import add_country, add_protocol_file
from kancil.desk.assessment.errors import (
    ActNotYours,
    AlreadyWithdrawn,
    CountryKnown,
    LeadMissing,
    MatrixMoved,
    PartNotFitting,
    PlanItemBlocked,
    PlanItemState,
    ProtocolAltered,
    RecordNotFound,
)
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.models import Answer, Part, RoadStep
from kancil.desk.assessment.queries.answers import (
    bounds_of,
    compare_rounds,
    profile_of,
    settled,
)
from kancil.desk.assessment.queries.board import board_of
from kancil.desk.assessment.queries.countries import enter_country, statuses
from kancil.desk.assessment.queries.evidence import evidence
from kancil.desk.assessment.queries.legal import legal_matrix, open_signature, road
from kancil.desk.assessment.queries.plans import plan_of, shortfall_of
from kancil.desk.assessment.queries.releases import open_released, regional, released_to
from kancil.desk.assessment.queries.rounds import enter
from kancil.desk.assessment.stored import named_files, store_of
from kancil.ground.days import months_after
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase
from kancil.records.described import read
from kancil.records.errors import FieldNotUsable, ReasonMissing
from tests.assessment.samples import guide_text
from tests.desk.assessment.programme import (
    GUIDE,
    HERE,
    TEAM,
    THERE,
    TODAY,
    Programme,
    a_round,
    packaged,
    programme,
    said,
)
from tests.desk.assessment.test_acts import DRAFT, EXTRACT
from tests.desk.desks import Desk

LEGAL, THREAT, CAPABILITY = "legal-2026.4", "threat-2026.1", "capability-2026.2"

BRIEF = b"%PDF-1.7\na brief\n%%EOF\n"


def fill(made: Programme, name: str, protocol: str, value: int = 2) -> None:
    """Answer all that is on an ordered scale, quickly, with one item of evidence each."""
    item = made.document(name)
    asked = protocol_in(made.sight("lea"), protocol)
    rows = [
        Answer(
            round_id=made.round, protocol=protocol, indicator=each.id, author=made[name],
            given={"kind": "value", "value": value, "reason": ""}, confidence="low",
            at=made["lea"].added_at,
        )
        for each in asked.indicators.values()
    ]  # fmt: skip
    Answer.objects.bulk_create(rows)
    through = Answer.evidence.through
    through.objects.bulk_create(through(answer_id=row.id, evidenceitem_id=item) for row in rows)


def test_a_whole_round_is_read_in_few_queries(desk: Desk) -> None:
    made = programme(CAPABILITY, LEGAL)
    for name in ("ann", "bo", "lea"):
        for protocol in (CAPABILITY, LEGAL):
            fill(made, name, protocol)
    sight = made.sight("lea")
    settled(sight, LEGAL)
    for count, ask in (
        (4, lambda: settled(sight, LEGAL)),
        (4, lambda: profile_of(sight, CAPABILITY)),
        (7, lambda: legal_matrix(sight, LEGAL)),
        (4, lambda: enter(made["ann"], made.round)),
        (7, lambda: shortfall_of(sight, CAPABILITY).gaps),
    ):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ask()
        assert len(asked) <= count, [each["sql"][:90] for each in asked]
    assert len(settled(sight, LEGAL)) > 140


def test_a_signed_matrix_is_draft_again_when_it_changes(desk: Desk) -> None:
    made = programme(LEGAL)
    asked = protocol_in(made.sight("lea"), LEGAL)
    name, provision = next(
        (name, each) for name, each in asked.indicators.items() if each.scale and each.article
    )
    value = asked.scales[provision.scale or ""].values[-1].value
    extract = legal.add_extract(by=made["ann"], country=HERE, extract=EXTRACT)
    item = use_extract(by=made["ann"], round=made.round, extract=extract, grade="a")
    made.give("ann", name, value, protocol=LEGAL, evidence=(item,), comment="Not in the matrix")
    sight = made.sight("lea")
    matrix = legal_matrix(sight, LEGAL)
    row = next(each for each in matrix.value["rows"] if each["indicator"] == name)
    assert (row["given"]["value"], row["extracts"]) == (value, [extract])
    assert matrix.is_draft
    assert "Not in the matrix" not in repr(matrix.value)
    assert legal_matrix(made.sight("fay"), LEGAL).sha256 == matrix.sha256
    sign: dict[str, Any] = {
        "by": made["lea"], "round": made.round, "protocol": LEGAL, "lawyer": "L",
        "admitted": "Bar, since 2009", "matrix_sha256": matrix.sha256,
        "signed_on": date(2026, 5, 2),
    }  # fmt: skip
    with pytest.raises(FieldNotUsable) as refused:
        legal.sign_matrix(**{**sign, "signed_on": date(9999, 1, 1)})
    assert refused.value.params["why"] == Phrase("why.value-future")
    store = store_of(desk.workspace)
    file = File(store, io.BytesIO(b"signed on paper"), "signed.pdf")
    legal.sign_matrix(**sign, file=file)
    signed = legal_matrix(sight, LEGAL).signature
    assert signed is not None
    assert signed.signed_on == date(2026, 5, 2)
    assert signed.sha256 == hashlib.sha256(b"signed on paper").hexdigest()
    assert signed.sha256 in named_files()
    row, stream = open_signature(sight, store, signed.id)
    with stream:
        assert (row.file_name, stream.read()) == ("signed.pdf", b"signed on paper")
    with pytest.raises(ActNotYours):
        open_signature(made.sight("fay"), store, signed.id)
    seen = legal_matrix(made.sight("fay"), LEGAL).signature
    assert seen is not None
    assert (seen.recorded_by, seen.file_name, seen.sha256) == ("", "", signed.sha256)
    instrument = next(iter(asked.instruments))
    status = InstrumentStatus(instrument, TODAY, "Depositary", consent="acceded")
    legal.set_status(by=made["ann"], country=HERE, status=status)
    after = legal_matrix(sight, LEGAL)
    assert after.is_draft
    assert [each.lawyer for each in after.earlier] == ["L"]
    with pytest.raises(MatrixMoved):
        legal.sign_matrix(**sign)
    with pytest.raises(FieldNotUsable):
        legal.sign_matrix(**{**sign, "protocol": GUIDE})


def test_a_grade_that_names_a_lawyer_needs_the_name(sqlite_desk: Desk) -> None:
    made = programme(LEGAL)
    extract = legal.add_extract(by=made["ann"], country=HERE, extract=EXTRACT)
    about: dict[str, Any] = {"by": made["ann"], "round": made.round, "extract": extract}
    with pytest.raises(FieldNotUsable):
        use_extract(**about, grade="b", lawyer=" ")
    items = {use_extract(**about, grade="b", lawyer=name) for name in ("Rosa Rime", "Ben Bo")}
    assert len(items) == 2
    assert use_extract(**about, grade="b", lawyer="Rosa Rime") in items
    shown = [row.item.reference for row in evidence(made.sight("fay"))]
    assert sum("confirmed by a lawyer: Rosa Rime" in each for each in shown) == 1
    assert use_extract(**about, grade="a", lawyer="Rosa Rime")


def test_a_piece_of_law_cannot_be_withheld(sqlite_desk: Desk) -> None:
    made = programme(LEGAL)
    extract = legal.add_extract(by=made["ann"], country=HERE, extract=EXTRACT)
    item = use_extract(by=made["ann"], round=made.round, extract=extract, grade="a")
    about: dict[str, Any] = {"by": made["ann"], "round": made.round}
    with pytest.raises(FieldNotUsable) as refused:
        withhold_evidence(**about, evidence=item, reason="In confidence")
    assert refused.value.params["why"] == Phrase("why.value-law-public")
    withhold_evidence(**about, evidence=made.document("ann"), reason="In confidence")


def test_the_newest_status_is_that_of_the_latest_day(sqlite_desk: Desk) -> None:
    made = programme()
    for day, consent in ((date(2026, 1, 1), "none"), (date(2026, 5, 1), "ratified"),
                         (date(2026, 3, 1), "none")):  # fmt: skip
        status = InstrumentStatus("budapest", day, "Treaty Office", consent=consent)
        legal.set_status(by=made["ann"], country=HERE, status=status, is_packaged=day.month == 1)
    sight = enter_country(made["fay"], HERE)
    (now,) = statuses(sight)
    assert (now.consent, now.is_packaged) == ("ratified", False)
    assert len(statuses(sight, with_older=True)) == 3
    wrong = InstrumentStatus("budapest", TODAY, "Treaty Office", consent="perhaps")
    with pytest.raises(FieldNotUsable):
        legal.set_status(by=made["ann"], country=HERE, status=wrong)


def test_a_road_has_its_steps_in_order(sqlite_desk: Desk) -> None:
    made = programme()
    stages = (RoadStep.Stage.BILL, RoadStep.Stage.ADOPTION, RoadStep.Stage.POLICY)
    ids = [
        legal.add_step(
            by=made["ann"], round=made.round,
            step=legal.Step("Convention", stage, "Ministry", due_on=date(2026, 5, 1)),
        )
        for stage in stages
    ]  # fmt: skip
    legal.move_step(by=made["ann"], round=made.round, id=ids[2], position=0)
    legal.finish_step(by=made["ann"], round=made.round, id=ids[2], done_on=date(2026, 4, 1))
    steps = road(made.sight("fay"))
    assert [each.stage for each in steps] == ["policy", "bill", "adoption"]
    assert [each.is_late(TODAY) for each in steps] == [False, True, True]
    with pytest.raises(RecordNotFound):
        legal.finish_step(by=made["ann"], round=made.round, id="x", done_on=None)


def test_threats_and_wishes_order_the_gaps(sqlite_desk: Desk) -> None:
    made = programme(CAPABILITY, THREAT)
    threats = protocol_in(made.sight("lea"), THREAT)
    asked = protocol_in(made.sight("lea"), CAPABILITY)
    threat, concept = next(
        (each, concept)
        for each in threats.indicators.values()
        for concept in each.concepts
        if any(concept in one.concepts for one in asked.indicators.values())
    )
    grave = {"prevalence": said(5), "impact": said(4)}
    made.give("ann", threat.id, 0, protocol=THREAT, parts=grave)
    needed = next(each.id for each in asked.indicators.values() if concept in each.concepts)
    made.give("ann", needed, 0, protocol=CAPABILITY)
    found = {each.indicator: each for each in shortfall_of(made.sight("fay"), CAPABILITY).gaps}
    assert threat.id in found[needed].threats
    about: dict[str, Any] = {"round": made.round, "protocol": CAPABILITY, "indicator": needed}
    with pytest.raises(ReasonMissing):
        plans.set_choice(by=made["fay"], choice=Choice.REJECTED, **about)
    plans.set_choice(by=made["fay"], choice=Choice.REJECTED, reason="Own means", **about)
    plans.set_target(by=made["lea"], target=2, feasibility=Feasibility.READY, **about)
    last = shortfall_of(made.sight("lea"), CAPABILITY).gaps[-1]
    assert (last.indicator, last.target, last.wish.reason) == (needed, 2, "Own means")
    with pytest.raises(FieldNotUsable):
        plans.set_target(by=made["lea"], target=99, feasibility=Feasibility.READY, **about)
    with pytest.raises(IndicatorNotFound):
        plans.set_choice(by=made["fay"], choice=Choice.FIRST, **{**about, "indicator": "Q"})


def test_an_item_is_approved_only_when_nothing_stands_in_its_way(desk: Desk) -> None:
    made = programme()
    made.give("ann", "L2", 0)  # critical, and so low that intrusive help waits
    inside: dict[str, Any] = {"round": made.round}
    oversight = replace(
        DRAFT, title="Oversight", indicators=("L2",), concepts=("oversight",),
        to_security_forces=False,
    )  # fmt: skip
    first = plans.add_item(by=made["lea"], draft=oversight, **inside)
    tools = replace(DRAFT, title="Laboratory", assistance="laboratory", depends_on=(first,))
    second = plans.add_item(by=made["lea"], draft=tools, **inside)
    approve: dict[str, Any] = {"by": made["olga"], "today": TODAY, **inside}
    with pytest.raises(PlanItemBlocked) as error:
        plans.approve_item(item=second, **approve)
    assert error.value.params["count"] == 4
    keys = [each.key for each in plan_of(made.sight("fay"), TODAY)[1].obstacles]
    assert keys == [
        "why.plan-no-due-diligence", "why.plan-intrusive-blocked", "why.plan-intrusive-until",
        "why.plan-depends",
    ]  # fmt: skip
    plans.approve_item(item=first, **approve)
    record: dict[str, Any] = {
        "by": made["lea"], "item": second, "risk": "R", "mitigation": "M", "decided_by": "Head",
        **inside,
    }  # fmt: skip
    plans.add_due_diligence(decision="refuse", review_on=date(2027, 1, 1), **record)
    with pytest.raises(PlanItemBlocked):
        plans.approve_item(item=second, **approve)
    plans.add_due_diligence(decision="proceed", review_on=TODAY, **record)
    plans.approve_item(item=second, **approve)
    states = [each.state for each in plan_of(made.sight("lea"), TODAY)]
    assert states == [ItemState.APPROVED, ItemState.APPROVED]
    with pytest.raises(PlanItemState):
        plans.approve_item(item=second, **approve)
    plans.add_due_diligence(decision="refuse", review_on=date(2027, 1, 1), **record)
    shown = plan_of(made.sight("lea"), TODAY)[1]
    assert (shown.state, len(shown.diligence)) == (ItemState.PROPOSED, 3)
    with pytest.raises(PlanItemState):
        plans.finish_item(by=made["lea"], item=second, **inside)


def test_an_item_costs_the_sum_of_its_lines_which_an_edit_replaces(sqlite_desk: Desk) -> None:
    made = programme()
    inside: dict[str, Any] = {"by": made["lea"], "round": made.round}
    lines = (
        CostLine("Trainers", "day", 120_050, Decimal(10)),
        CostLine("Rooms", "day", 30_000, Decimal("2.5")),
    )
    plain = replace(DRAFT, to_security_forces=False, not_forces_reason="For the courts alone")
    results: dict[str, Any] = {
        "output": "40 trained",
        "outcome": "They examine",
        "impact": "Fewer errors",
    }
    one = plans.add_item(draft=replace(plain, lines=lines, **results), **inside)
    (row,) = plan_of(made.sight("fay"), TODAY)
    assert row.lines == lines
    assert (row.cost_minor, row.currency) == (1_275_500, DRAFT.currency)
    assert (row.output, row.outcome, row.impact) == ("40 trained", "They examine", "Fewer errors")
    plans.edit_item(item=one, draft=replace(plain, lines=lines[:1]), **inside)
    (row,) = plan_of(made.sight("lea"), TODAY)
    assert (row.lines, row.cost_minor, row.output) == (lines[:1], 1_200_500, "")
    plans.edit_item(item=one, draft=plain, **inside)
    (row,) = plan_of(made.sight("lea"), TODAY)
    assert (row.lines, row.cost_minor) == ((), DRAFT.cost_minor)


def test_an_item_that_cannot_be_is_refused_and_an_edited_one_is_proposed_again(
    sqlite_desk: Desk,
) -> None:
    made = programme()
    inside: dict[str, Any] = {"by": made["lea"], "round": made.round}
    plain = replace(DRAFT, to_security_forces=False, not_forces_reason="For the courts alone")
    refusals: list[tuple[dict[str, Any], type[KancilError]]] = [
        ({"indicators": ("Q",)}, IndicatorNotFound),
        ({"assistance": "tanks"}, FieldNotUsable),
        ({"concepts": ("x",)}, FieldNotUsable),
        ({"currency": "usd"}, FieldNotUsable),
        ({"cost_minor": -1}, FieldNotUsable),
        ({"months": -1}, FieldNotUsable),
        ({"cost_minor": 2**70}, FieldNotUsable),
        ({"currency": "XXX"}, FieldNotUsable),
        ({"lines": (CostLine("Rooms", "day", 1, Decimal(-1)),)}, FieldNotUsable),
        ({"lines": (CostLine("Rooms", "day", -1, Decimal(1)),)}, FieldNotUsable),
        ({"lines": (CostLine(" ", "day", 1, Decimal(1)),)}, FieldNotUsable),
        ({"lines": (CostLine("Rooms", "day", 2**62, Decimal(9)),)}, FieldNotUsable),
        ({"output": "x" * 501}, FieldNotUsable),
        ({"title": " "}, FieldNotUsable),
        ({"title": "x" * 301}, FieldNotUsable),
        ({"depends_on": ("x",)}, RecordNotFound),
    ]
    for wrong, kind in refusals:
        with pytest.raises(kind):
            plans.add_item(draft=replace(plain, **wrong), **inside)
    one = plans.add_item(draft=plain, **inside)
    two = plans.add_item(draft=replace(plain, title="Second", depends_on=(one,)), **inside)
    with pytest.raises(FieldNotUsable):
        plans.edit_item(item=one, draft=replace(plain, depends_on=(two,)), **inside)
    plans.approve_item(by=made["olga"], round=made.round, item=one, today=TODAY)
    plans.edit_item(item=one, draft=replace(plain, months=9), **inside)
    plans.move_item(item=two, position=0, reason="It is ready", **inside)
    first, second = plan_of(made.sight("lea"), TODAY)
    assert (first.id, first.position_reason) == (two, "It is ready")
    assert (second.state, second.months) == (ItemState.PROPOSED, 9)
    plans.reject_item(by=made["fay"], round=made.round, item=one, reason="Own means")
    with pytest.raises(PlanItemState):
        plans.edit_item(item=one, draft=plain, **inside)


def test_a_board_tells_who_should_have_met_and_what_is_late(sqlite_desk: Desk) -> None:
    made = programme()
    said = {"name": "Council", "sector": "policy", "responsible": "Cabinet"}
    given = read(BodyInput, {**said, "meets_every_months": 3}, today=TODAY)
    body = add_body(by=made["ann"], country=HERE, given=given)
    sight = enter_country(made["fay"], HERE)
    assert board_of(sight, TODAY)[0].next_due_on is None
    for day in (date(2026, 1, 31), date(2025, 1, 1)):
        record_meeting(by=made["ann"], country=HERE, body=body, met_on=day)
    add_matter(
        by=made["ann"], country=HERE, body=body, title="Law", owner="O", due_on=date(2026, 5, 1)
    )
    (row,) = board_of(sight, TODAY)
    assert (row.last_met_on, row.next_due_on) == (date(2026, 1, 31), date(2026, 4, 30))
    assert (row.is_late, row.matters[0].is_late) == (True, True)
    assert months_after(date(9999, 12, 1), 1) is None
    for wrong in ({"meets_every_months": 0}, {"sector": "law-enforcement"}, {"name": " "}):
        with pytest.raises(FieldNotUsable):
            read(BodyInput, {**said, **wrong}, today=TODAY)


def test_a_region_is_compared_by_what_its_countries_released_alone(desk: Desk) -> None:
    made = programme()
    store = store_of(desk.workspace)
    for name in ("ann", "bo"):
        for indicator in ("P1", "P3", "P4"):
            made.give(name, indicator, 2)
    by_whom: dict[str, Any] = {"official": "Minister M", "office": "Ministry", "released_on": TODAY}
    by_whom["consent"] = "Letter 12"
    given: dict[str, Any] = {"by": made["fay"], "round": made.round, "store": store, **by_whom}
    first = release_figures(protocols=[GUIDE], **given)
    figures = profile_of(made.sight("olga"), GUIDE)
    (row,) = regional(made["don"], GUIDE)
    shown = {(each["of"], each["id"]): each["percent"] for each in row.figures[GUIDE]["figures"]}
    assert shown["area", "people"] == "66.7"
    assert set(shown) == {(each.of, each.id) for each in figures.figures}
    assert "P1" not in repr(row.figures), "no indicator, no answer"
    made.give("ann", "P1", 0)
    assert regional(made["don"], GUIDE) == [row], "it stays as it was released"
    file = File(store, io.BytesIO(BRIEF), "brief.pdf")
    brief = record_release(by=made["fay"], round=made.round, document="brief", file=file, **by_whom)
    listed = released_to(made["don"])
    assert {each.document for each in listed} == {"brief", "comparison"}
    with open_released(made["don"], store, brief)[1] as stream:
        assert stream.read() == BRIEF
    with pytest.raises(RecordNotFound):
        open_released(made["far"], store, brief)
    withdraw_release(by=made["fay"], round=made.round, release=first, reason="An error")
    assert regional(made["olga"]) == []
    with pytest.raises(AlreadyWithdrawn):
        withdraw_release(by=made["fay"], round=made.round, release=first, reason="Again")
    with pytest.raises(FieldNotUsable):
        record_release(by=made["fay"], round=made.round, document="all", file=file, **by_whom)
    days = ({"released_on": date(2026, 2, 28)}, {"released_on": date(2999, 1, 1)})
    for wrong in days:
        with pytest.raises(FieldNotUsable):
            release_figures(protocols=[GUIDE], **{**given, **wrong})
    for content in (b"Two pages", b"%PDF-1.7", b"PK\x03\x04"):
        file = File(store, io.BytesIO(content), "brief.pdf")
        with pytest.raises(FieldNotUsable):
            record_release(by=made["fay"], round=made.round, document="brief", file=file, **by_whom)


def test_a_second_round_is_compared_and_tells_what_evidence_moved_it(sqlite_desk: Desk) -> None:
    made = programme()
    made.give("ann", "P1", 1, evidence=(made.document("ann", "Old decree"),))
    made.give("ann", "P3", Kind.NOT_KNOWN)
    made.closed()
    round = a_round(made["olga"], HERE, [GUIDE], older=made.round)
    members = [Member(made[name].pk, part) for name, part in TEAM.items()]
    set_team(by=made["olga"], round=round, members=members)
    later = Programme(made.people, round)
    held = later.interview("ann")
    later.give("ann", "P1", 3, evidence=(held.evidence,))
    later.give("ann", "P3", 1)
    later.give("bo", "P3", 2)
    for name, kind, title in (("ann", "interview", "SECRET-GROUP"), ("rex", "interview", ""),
                              ("fay", None, "")):  # fmt: skip
        found = compare_rounds(later.sight(name), made.sight(name), GUIDE)
        assert found is not None
        moved = {each.indicator: each for each in found.indicators}["P1"]
        assert moved.move is Move.UP
        added = [(each.kind, each.title) for each in moved.evidence_added]
        assert added == ([(kind, title)] if kind else [])
        assert moved.moved_without_evidence is (kind is None), "to the country there are none"
    (bound, *_) = bounds_of(later.sight("ann"), GUIDE)
    assert bound.disputed == ("P3",)


def test_a_round_that_cannot_be_is_refused_by_name(sqlite_desk: Desk) -> None:
    made = programme()
    olga = made["olga"]
    with pytest.raises(CountryKnown):
        add_country(by=olga, code=HERE, name="N", region="R", is_invented=True)
    for code, invented in (("xka", True), ("XK", True), ("ABC", True), ("XAB", False)):
        with pytest.raises(FieldNotUsable):
            add_country(by=olga, code=code, name="N", region="R", is_invented=invented)
    with pytest.raises(ProtocolNotReadable):
        add_protocol_file(by=olga, name="broken-2026.1", text="schema: kancil-protocol/1\n")
    with pytest.raises(ProtocolAltered):
        add_protocol_file(by=olga, name=GUIDE, text=guide_text() + "\n")
    assert add_protocol_file(by=olga, name=GUIDE, text=guide_text()).name == GUIDE
    with pytest.raises(ProtocolNotFound):
        a_round(olga, HERE, ["no-such-2026.1"])
    with pytest.raises(FieldNotUsable):
        a_round(olga, HERE, [])
    with pytest.raises(FieldNotUsable):
        a_round(olga, THERE, [GUIDE], older=made.round)
    with pytest.raises(FieldNotUsable):
        open_round(
            by=olga, country=HERE, title="T", period_from=TODAY, period_to=date(2026, 1, 1),
            protocols=[GUIDE],
        )  # fmt: skip
    lead = Member(made["lea"].pk, Part.LEAD)
    for members, kind in [
        ([], LeadMissing),
        ([lead, Member(made["rex"].pk, Part.ASSESSOR)], PartNotFitting),
        ([lead, Member(made["fay"].pk, Part.REVIEWER)], PartNotFitting),
        ([Member(made["ann"].pk, Part.LEAD)], PartNotFitting),
        ([replace(lead, areas=(f"{GUIDE}:moon",))], FieldNotUsable),
        ([lead, replace(lead, part=Part.ASSESSOR)], FieldNotUsable),
    ]:
        with pytest.raises(kind):
            set_team(by=olga, round=made.round, members=members)
    assert packaged(LEGAL)


def test_what_was_agreed_by_the_lead_says_so(sqlite_desk: Desk) -> None:
    made = programme()
    id = made.give("ann", "P1", 2)
    agree(by=made["lea"], round=made.round, protocol=GUIDE, indicator="P1", answer=id, note="Alone")
    now = settled(made.sight("rex"), GUIDE)["P1"]
    assert (now.outcome.value, now.note) == ("agreed", "Alone")


def test_a_round_asks_only_the_instruments_chosen_for_it(sqlite_desk: Desk) -> None:
    made = programme(LEGAL)
    given: dict[str, Any] = {
        "by": made["olga"], "country": HERE, "title": "Of two", "protocols": [LEGAL],
        "period_from": date(2026, 3, 1), "period_to": date(2026, 5, 31),
    }  # fmt: skip
    round = open_round(**given, instruments=["untoc", "budapest"])
    asked = protocol_in(enter(made["olga"], round), LEGAL)
    assert set(asked.instruments) == {"budapest", "untoc"}
    whole = protocol_in(made.sight("olga"), LEGAL)
    assert "asean_mlat" in whole.instruments, "another round is asked all"
    view = legal_matrix(enter(made["olga"], round), LEGAL)
    assert {row.indicator.split(".")[0] for row in view.matrix.rows} == {"budapest", "untoc"}
    with pytest.raises(FieldNotUsable):
        open_round(**given, instruments=["treaty-of-nowhere"])
