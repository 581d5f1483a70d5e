"""Activities: who may do what, two editors, states, funding, and who sees which."""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any
from unittest.mock import patch

import pytest

from kancil.desk.assessment.actions.evidence import File
from kancil.desk.assessment.errors import ActNotYours, RecordNotFound
from kancil.desk.assessment.models import Act, Country, DueDiligence, PlanItem
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.tables import table_lines
from kancil.desk.programme.activities import activities as queries
from kancil.desk.programme.activities import (
    agenda,
    delegations,
    documents,
    equipment,
    follow_up,
    mentoring,
)
from kancil.desk.programme.activities import planning as activities
from kancil.desk.programme.activities.draft import as_draft
from kancil.desk.programme.activities.facets import (
    agenda_of,
    delegations_of,
    documents_of,
    handovers_of,
    open_document,
    placements_of,
    report_of,
)
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.errors import (
    ActivityBlocked,
    ActivityNotFound,
    ActivityStateFixed,
    ChangedMeanwhile,
    CodeTaken,
)
from kancil.desk.programme.models import Activity, Document
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.programme.money.amount import Money
from kancil.programme.vocabulary import ActivityState
from kancil.records.errors import FieldNotUsable, ReasonMissing
from tests.desk.assessment.programme import GUIDE, a_round
from tests.desk.desks import Desk
from tests.desk.programme.books import DRAFT, FIRST, HERE, LAST, THERE, Books, books

WRITES = {"olga"}
MONEY = {"olga", "fin"}
ANSWERS = {"olga", "fay"}
LATER = date(2028, 1, 10)
OTHERS = ("ada", "lea", "ann", "rex", "fay", "far", "mia", "don", "dan", "out", "fin", "olga")


@dataclass(frozen=True)
class Scene:
    """One act: who may, its arguments but `by`, and under which name its answer is kept."""

    act: Callable[..., Any]
    may: set[str]
    call: Callable[[Books], dict[str, Any]]
    keep: str = ""


def of(found: Books, **given: Any) -> dict[str, Any]:
    return {"activity": found.activity, **given}


def store(found: Books) -> Vault:
    from kancil.desk.base.opening import current_workspace

    return store_of(current_workspace())


SCENES = [
    Scene(activities.add_activity, WRITES, lambda _: {"draft": DRAFT}),
    Scene(activities.edit_activity, WRITES,
          lambda s: of(s, draft=replace(DRAFT, title="Tracing anew"), version=1)),
    Scene(activities.set_funding, MONEY,
          lambda s: of(s, shares_bp={s.grants["Norland"]: 6000, s.grants["Sudland"]: 4000})),
    Scene(activities.add_diligence, WRITES,
          lambda s: of(s, risk="R", mitigation="M", decision="proceed", decided_by="Head",
                       review_on=LATER)),
    Scene(agenda.add_session, WRITES,
          lambda s: of(s, day=FIRST, title="Opening", begins=time(9), ends=time(10)), "session"),
    Scene(agenda.add_session, WRITES, lambda s: of(s, day=FIRST, title="Exercise"), "second"),
    Scene(agenda.remove_sessions, WRITES, lambda s: of(s, sessions=[s.kept["second"]])),
    Scene(delegations.add_delegation, WRITES,
          lambda s: of(s, country=HERE, places=3, invited_on=FIRST, answer_by=LAST), "delegation"),
    Scene(delegations.answer_delegation, ANSWERS,
          lambda s: of(s, delegation=s.kept["delegation"], answer="accepted", head="Ministry")),
    Scene(documents.add_document, WRITES,
          lambda s: of(s, kind="material", title="Slides",
                       file=File(store(s), io.BytesIO(b"slides"), "slides.pdf")), "document"),
    Scene(documents.set_document_public, WRITES,
          lambda s: of(s, document=s.kept["document"], is_public=True)),
    Scene(mentoring.add_placement, WRITES,
          lambda s: of(s, mentor=s.mentor, organisation=s.organisation, begins_on=FIRST,
                       ends_on=LAST, aims=["Triage in a day", " "]), "placement"),
    Scene(mentoring.add_visit, WRITES,
          lambda s: of(s, placement=s.kept["placement"], visited_on=FIRST, log="Looked on",
                       progress=["some"], today=LATER)),
    Scene(equipment.add_handover, WRITES,
          lambda s: of(s, organisation=s.organisation, what="Laptops", quantity=5,
                       handed_on=FIRST, received_by="Head of unit", worth="7500.50",
                       currency="USD", today=LATER), "handover"),
    Scene(equipment.add_check, WRITES,
          lambda s: of(s, handover=s.kept["handover"], months=6, checked_on=date(2027, 9, 2),
                       in_use=4, today=LATER)),
    Scene(follow_up.add_follow_up, WRITES,
          lambda s: of(s, what="Train the next ten", owner="Academy", due_on=LATER), "follow"),
    Scene(follow_up.close_follow_up, WRITES,
          lambda s: of(s, follow_up=s.kept["follow"], done_on=LAST, outcome="Done", today=LATER)),
    Scene(activities.postpone_activity, WRITES, lambda s: of(s, reason="Floods")),
    Scene(activities.plan_again, WRITES,
          lambda s: of(s, begins_on=date(2027, 5, 3), ends_on=date(2027, 5, 6))),
    Scene(activities.confirm_activity, WRITES, lambda s: of(s, today=FIRST)),
    Scene(activities.write_report, WRITES, lambda s: of(s, report="It was held", version=2)),
    Scene(activities.finish_activity, WRITES, lambda s: of(s, today=LATER)),
    Scene(documents.withdraw_document, WRITES, lambda s: of(s, document=s.kept["document"])),
]  # fmt: skip
"""In the order of an activity's life."""


def test_every_act_asks_who_and_is_recorded_with_what_it_changes(desk: Desk, kind: str) -> None:
    found = books()
    for scene in SCENES:
        name = scene.act.__name__
        before = list(table_lines()) if kind == "sqlite" else []
        for other in set(OTHERS) - scene.may:
            with pytest.raises((ActNotYours, ActivityNotFound, RecordNotFound)):
                scene.act(by=found[other], **scene.call(found))
        if kind == "sqlite":  # a fault while the act is written down leaves nothing of it
            with patch.object(Act, "save", side_effect=MemoryError), pytest.raises(MemoryError):
                scene.act(by=found["olga"], **scene.call(found))
            assert list(table_lines()) == before, name
        last = Act.objects.latest("id")
        given = scene.act(by=found["olga"], **scene.call(found))
        written = list(Act.objects.filter(id__gt=last.id))
        assert [row.person_id for row in written] == [found["olga"].pk], name
        if scene.keep:
            found.kept[scene.keep] = given
    assert Activity.objects.get(id=found.activity).state == "done"
    assert [each.day for each in agenda_of(found.sight("olga"))] == [date(2027, 5, 3)]


def test_every_act_of_these_rooms_has_a_scene() -> None:
    rooms = (activities, agenda, delegations, documents, equipment, follow_up, mentoring)
    acts = {
        each
        for room in rooms
        for name, each in vars(importlib.import_module(room.__name__)).items()
        if getattr(each, "__module__", "") == room.__name__
        and "by" in getattr(each, "__annotations__", {})
        and not name.startswith("_")
    }
    acts.discard(activities.writing)
    assert acts - {scene.act for scene in SCENES} == {activities.cancel_activity}


def test_two_editors_of_different_fields_both_keep_what_they_wrote(desk: Desk) -> None:
    found = books()
    about: dict[str, Any] = {"by": found["olga"], "activity": found.activity, "version": 1}
    activities.edit_activity(**about, draft=replace(DRAFT, place="Bola", code="A-1"))
    activities.edit_activity(**about, draft=replace(DRAFT, title="Tracing coins"))
    row = Activity.objects.get(id=found.activity)
    assert (row.place, row.title, row.code, row.version) == ("Bola", "Tracing coins", "A-1", 3)


def test_two_editors_of_one_field_see_each_other(desk: Desk) -> None:
    found = books()
    about: dict[str, Any] = {"by": found["olga"], "activity": found.activity}
    mine = replace(DRAFT, title="Mine", countries=(THERE,))
    activities.edit_activity(**about, draft=replace(DRAFT, title="Theirs"), version=1)
    with pytest.raises(ChangedMeanwhile) as refused:
        activities.edit_activity(**about, draft=mine, version=1)
    assert refused.value.params["name"] == "Olga"
    stands = as_draft(Activity.objects.get(id=found.activity))
    assert (stands.title, stands.countries) == ("Theirs", (HERE,))
    given: dict[str, Any] = {"title": "Mine", "countries": [THERE], "place": DRAFT.place}
    beside = queries.compared(found.sight("olga"), given, 1)
    assert (beside.name, beside.both, beside.now["title"]) == ("Olga", ("title",), "Theirs")
    assert set(beside.mine) == {"title", "countries"}
    activities.edit_activity(**about, draft=mine, version=2)  # they have seen it, and insist
    assert as_draft(Activity.objects.get(id=found.activity)).title == "Mine"


def test_both_who_write_the_same_agree(desk: Desk) -> None:
    found = books()
    for _ in range(2):
        activities.edit_activity(by=found["olga"], activity=found.activity, version=1,
                                 draft=replace(DRAFT, title="The same"))  # fmt: skip
    assert Activity.objects.get(id=found.activity).version == 2


def test_a_report_is_not_lost_to_an_edit_of_the_plan(desk: Desk) -> None:
    found = books(kind="conference")
    about: dict[str, Any] = {"by": found["olga"], "activity": found.activity, "version": 1}
    activities.edit_activity(**about, draft=replace(DRAFT, kind="conference", place="Bola"))
    activities.write_report(**about, report="Held\r\nwell", outcome_statement="Agreed")
    with pytest.raises(ChangedMeanwhile):
        activities.write_report(**about, report="Another")
    row = Activity.objects.get(id=found.activity)
    assert (row.report, row.outcome_statement, row.place) == ("Held\nwell", "Agreed", "Bola")


def test_a_donor_reads_a_report_once_the_activity_is_done(desk: Desk) -> None:
    found = books()
    about: dict[str, Any] = {"by": found["olga"], "activity": found.activity}
    activities.set_funding(**about, shares_bp={found.grants["Norland"]: 10_000})
    agenda.add_session(**about, day=FIRST, title="Opening")
    activities.confirm_activity(**about, today=FIRST)
    activities.write_report(**about, report="Held", version=1)
    assert report_of(found.sight("fay")).report == "Held"
    assert report_of(found.sight("don")).report == ""
    activities.finish_activity(**about, today=LATER)
    assert report_of(found.sight("don")).report == "Held"
    whole = queries.activity_whole(found["don"], found.sight("don"))
    assert (whole.report, whole.diligence, whole.needs) == ("Held", (), ())


def needed(found: Books, country: str, round: str) -> PlanItem:
    """An item of a country's plan with its due diligence."""
    olga = found["olga"]
    item = PlanItem.objects.create(
        round_id=round, title=f"Need of {country}", protocol=GUIDE, assistance="training",
        owner="Police", success="It works", by=olga, at=clock.now(),
    )  # fmt: skip
    DueDiligence.objects.create(
        item=item, risk=f"Risk in {country}", mitigation="M", decision="proceed",
        decided_by="Head", review_on=LATER, by=olga, at=clock.now(),
    )  # fmt: skip
    return item


@pytest.mark.parametrize(
    ("name", "sees"),
    [("mia", [HERE]), ("fay", [HERE]), ("far", [THERE]), ("lea", [HERE]), ("olga", [HERE, THERE]),
     ("don", []), ("fin", [])],
)  # fmt: skip
def test_a_shared_activity_shows_no_country_the_needs_of_another(
    desk: Desk, name: str, sees: list[str]
) -> None:
    found = books(countries=(HERE, THERE))
    olga = found["olga"]
    other = a_round(olga, THERE, [GUIDE])
    items = [needed(found, HERE, found.made.round), needed(found, THERE, other)]
    Activity.objects.get(id=found.activity).plan_items.set(items)
    activities.set_funding(
        by=olga, activity=found.activity, shares_bp={found.grants["Norland"]: 10_000}
    )
    activities.add_diligence(
        by=olga, activity=found.activity, risk="Risk in both", mitigation="M", decision="proceed",
        decided_by="Head", review_on=LATER,
    )  # fmt: skip
    whole = queries.activity_whole(found[name], found.sight(name))
    assert [each.title for each in whole.needs] == [f"Need of {each}" for each in sees]
    own = ["Risk in both"] if name == "olga" else []
    assert {each.risk for each in whole.diligence} == {*own, *(f"Risk in {c}" for c in sees)}
    if name == "mia":
        Activity.objects.get(id=found.activity).countries.set(Country.objects.filter(code=HERE))
        whole = queries.activity_whole(found[name], found.sight(name))
        assert {each.risk for each in whole.diligence} == {"Risk in both", f"Risk in {HERE}"}


def test_an_activity_is_confirmed_only_when_nothing_is_missing(desk: Desk) -> None:
    found = books(to_security_forces=True)
    about: dict[str, Any] = {"by": found["olga"], "activity": found.activity}
    with pytest.raises(ActivityBlocked) as refused:
        activities.confirm_activity(**about, today=FIRST)
    assert refused.value.params["count"] == 3
    lacks = queries.missing(found.sight("fin"), FIRST)[ActivityState.CONFIRMED]
    assert [each.key.rpartition(".")[2] for each in lacks] == ["funding", "diligence", "agenda"]
    assert queries.missing(found.sight("fay"), FIRST) == {}
    agenda.add_session(**about, day=FIRST, title="Opening")
    activities.set_funding(**about, shares_bp={found.grants["Norland"]: 10_000})
    refusing: dict[str, Any] = {
        "risk": "R",
        "mitigation": "M",
        "decided_by": "Head",
        "review_on": LATER,
    }
    activities.add_diligence(**about, **refusing, decision="refuse")
    with pytest.raises(ActivityBlocked):
        activities.confirm_activity(**about, today=FIRST)
    activities.add_diligence(**about, **refusing, decision="proceed-with-conditions")
    activities.confirm_activity(**about, today=FIRST)
    with pytest.raises(ActivityBlocked):
        activities.finish_activity(**about, today=FIRST)
    with pytest.raises(ActivityStateFixed):
        activities.confirm_activity(**about, today=FIRST)


def test_what_is_postponed_or_cancelled_leaves_the_calendar_with_its_reason(desk: Desk) -> None:
    found = books()
    about: dict[str, Any] = {"by": found["olga"], "activity": found.activity}
    sees = desk_of(found["olga"])
    assert len(queries.calendar(sees, FIRST, LAST)) == 1
    with pytest.raises(ReasonMissing):
        activities.postpone_activity(**about, reason=" ")
    agenda.add_session(**about, day=LAST, title="Closing")
    activities.postpone_activity(**about, reason="Floods")
    assert queries.calendar(sees, FIRST, LAST) == []
    assert len(queries.calendar(sees, FIRST, LAST, with_off=True)) == 1
    with pytest.raises(FieldNotUsable):
        activities.plan_again(**about, begins_on=LAST, ends_on=FIRST)
    activities.plan_again(**about, begins_on=date(2027, 6, 1), ends_on=date(2027, 6, 4))
    assert [each.day for each in agenda_of(found.sight("olga"))] == [date(2027, 6, 4)]
    activities.cancel_activity(**about, reason="No funds")
    row = Activity.objects.get(id=found.activity)
    assert (row.state, row.state_reason) == ("cancelled", "No funds")
    with pytest.raises(ActivityStateFixed):
        activities.postpone_activity(**about, reason="Later")


def test_the_list_has_what_each_person_may_see_and_no_more(desk: Desk) -> None:
    found = books()
    other = found.add(code="B-2", countries=(THERE,), title="Elsewhere")
    activities.set_funding(by=found["fin"], activity=found.activity,
                           shares_bp={found.grants["Norland"]: 10_000})  # fmt: skip
    seen = {}
    for name in OTHERS:
        sees = desk_of(found[name])
        seen[name] = {each.id for each in queries.Activities(sees)}
        for row in Activity.objects.all():  # the list and the one place of permissions agree
            countries = row.countries.values_list("code", flat=True)
            donors = row.funding.values_list("grant__donor_id", flat=True)
            assert (row.id in seen[name]) is sees.sees_activity(list(countries), list(donors))
    both, here = {found.activity, other}, {found.activity}
    assert seen == {
        "ada": set(), "olga": both, "fin": both, "lea": here, "ann": here, "rex": here,
        "fay": here, "mia": here, "far": {other}, "don": here, "dan": set(), "out": set(),
    }  # fmt: skip


def test_who_pays_is_told_to_each_as_far_as_it_is_theirs(desk: Desk) -> None:
    found = books()
    activities.set_funding(
        by=found["fin"], activity=found.activity,
        shares_bp={found.grants["Norland"]: 6000, found.grants["Sudland"]: 4000},
    )  # fmt: skip
    paid = {}
    for name in ("olga", "fin", "fay", "don", "dan"):
        (row,) = queries.Activities(desk_of(found[name]))
        paid[name] = [(each.donor, each.share_bp) for each in row.payers]
    whole: list[tuple[str, int | None]] = [("Norland", 6000), ("Sudland", 4000)]
    assert paid["olga"] == paid["fin"] == whole
    assert paid["fay"] == [("Norland", None), ("Sudland", None)]
    assert (paid["don"], paid["dan"]) == (whole[:1], whole[1:])


def test_a_list_is_filtered_sorted_and_sliced_by_the_database(desk: Desk) -> None:
    found = books()
    for number in range(5):
        day = date(2028, 1, 1 + number)
        found.add(title=f"Workshop {number}", kind="workshop", place="Hall", begins_on=day,
                  ends_on=day)  # fmt: skip
    sees = desk_of(found["olga"])

    def titles(**wanted: Any) -> list[str]:
        given = {"sort": "begins", **wanted}
        return [each.title for each in queries.Activities(sees, queries.Wanted(**given))]

    assert len(queries.Activities(sees)) == 6
    assert titles(kind="workshop", sort="latest")[:2] == ["Workshop 4", "Workshop 3"]
    assert titles(text="hall", since=date(2028, 1, 4)) == ["Workshop 3", "Workshop 4"]
    assert titles(until=LAST) == titles(country=HERE, kind="training") == ["Tracing"]
    assert titles(country=THERE) == titles(state="done") == titles(grant="none") == []
    found_codes = [each.code for each in queries.Activities(sees)[1:3]]
    assert found_codes == ["2028-SEA-004", "2028-SEA-003"]


def test_a_code_is_the_next_of_its_year_and_region_and_never_given_twice(desk: Desk) -> None:
    found = books()
    assert Activity.objects.get(id=found.activity).code == "2027-SEA-001"
    assert Activity.objects.get(id=found.add()).code == "2027-SEA-002"
    assert Activity.objects.get(id=found.add(region="")).code == "2027-GLO-001"
    with pytest.raises(CodeTaken):
        found.add(code="2027-SEA-001")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "party"}, {"ends_on": date(2027, 2, 28)}, {"title": " "}, {"countries": ("XXX",)},
        {"gender_marker": "3"}, {"sdg_targets": ("18.1",)}, {"output": "none"}, {"officer": 10**6},
        {"plan_items": ("none",)}, {"title": "x" * 301},
    ],
)  # fmt: skip
def test_a_draft_that_cannot_stand_changes_nothing(sqlite_desk: Desk, wrong: Any) -> None:
    found = books()
    before = list(table_lines())
    with pytest.raises(FieldNotUsable):
        found.add(**wrong)
    assert list(table_lines()) == before


def test_funding_is_never_more_than_the_whole_nor_of_a_grant_that_is_over(desk: Desk) -> None:
    found = books()
    north, south = found.grants.values()
    for shares in ({north: 6000, south: 4001}, {north: -1}, {"none": 100}):
        with pytest.raises(FieldNotUsable):
            activities.set_funding(by=found["fin"], activity=found.activity, shares_bp=shares)
    late = found.add(begins_on=date(2029, 1, 1), ends_on=date(2029, 1, 2))
    with pytest.raises(FieldNotUsable):
        activities.set_funding(by=found["fin"], activity=late, shares_bp={north: 10_000})
    about: dict[str, Any] = {"by": found["fin"], "activity": found.activity}
    activities.set_funding(**about, shares_bp={north: 6000, south: 4000})
    activities.set_funding(**about, shares_bp={north: 0, south: 10_000})
    assert queries.shares_of(found.sight("fin")) == {south: 10_000}
    assert queries.shares_of(found.sight("fay")) == {}


def test_bad_input_of_parts_is_refused(desk: Desk) -> None:
    found = books()
    about: dict[str, Any] = {"by": found["olga"], "activity": found.activity}
    with pytest.raises(FieldNotUsable):
        agenda.add_session(**about, day=date(2027, 3, 5), title="After the end")
    with pytest.raises(FieldNotUsable):
        agenda.add_session(**about, day=FIRST, title="Back", begins=time(10), ends=time(9))
    wrong: dict[str, Any]
    for wrong in ({}, {"country": HERE, "organisation": found.organisation}, {"country": "XXX"},
                  {"country": HERE, "places": 0}):  # fmt: skip
        with pytest.raises(FieldNotUsable):
            delegations.add_delegation(**about, **wrong)
    placed: dict[str, Any] = {
        "mentor": found.mentor, "organisation": found.organisation, "begins_on": FIRST,
        "ends_on": LAST,
    }  # fmt: skip
    with pytest.raises(FieldNotUsable):
        mentoring.add_placement(**about, **placed, aims=[" "])
    placement = mentoring.add_placement(**about, **placed, aims=["One", "Two"])
    with pytest.raises(FieldNotUsable):
        mentoring.add_visit(**about, placement=placement, visited_on=FIRST, log="L",
                            progress=["some"], today=LATER)  # fmt: skip
    handed: dict[str, Any] = {"organisation": found.organisation, "what": "Laptops", "quantity": 2,
              "received_by": "Head"}  # fmt: skip
    with pytest.raises(FieldNotUsable):
        equipment.add_handover(**about, **handed, handed_on=LATER, today=FIRST)
    handover = equipment.add_handover(**about, **handed, handed_on=FIRST, today=LATER)
    for wrong in ({"in_use": 3}, {"months": 7}, {"checked_on": date(2026, 1, 1)}):
        given: dict[str, Any] = {"months": 6, "checked_on": LAST, "in_use": 1, **wrong}
        with pytest.raises(FieldNotUsable):
            equipment.add_check(**about, handover=handover, today=LATER, **given)


def test_parts_are_shown_to_each_as_far_as_it_is_theirs(desk: Desk) -> None:
    found = books(kind="conference", countries=(HERE, THERE))
    about: dict[str, Any] = {"by": found["olga"], "activity": found.activity}
    activities.set_funding(**about, shares_bp={found.grants["Norland"]: 10_000})
    for country in (HERE, THERE):
        delegations.add_delegation(**about, country=country)
    delegations.add_delegation(**about, organisation=found.organisation)
    documents.add_document(**about, kind="paper", title="Draft",
                           file=File(store(found), io.BytesIO(b"draft"), "draft.pdf"))  # fmt: skip
    public = documents.add_document(
        **about, kind="outcome", title="Statement", is_public=True,
        file=File(store(found), io.BytesIO(b"statement"), "statement.pdf"),
    )  # fmt: skip
    mentoring.add_placement(**about, mentor=found.mentor, organisation=found.organisation,
                            begins_on=FIRST, ends_on=LAST, aims=["One"])  # fmt: skip
    equipment.add_handover(**about, organisation=found.organisation, what="Laptops", quantity=1,
                           handed_on=FIRST, received_by="Head", worth="10.50", currency="USD",
                           today=LATER)  # fmt: skip
    counted = {}
    for name in ("olga", "fin", "fay", "far", "don", "rex"):
        sight = found.sight(name)
        (placed,), (handed,) = placements_of(sight), handovers_of(sight)
        counted[name] = (len(delegations_of(sight)), len(documents_of(sight)),
                         bool(placed.mentor), handed.worth_minor)  # fmt: skip
    assert counted == {
        "olga": (3, 2, True, 1050), "fin": (3, 1, False, 1050), "fay": (1, 2, False, 1050),
        "far": (1, 2, False, 1050), "don": (0, 1, False, None), "rex": (1, 2, False, None),
    }  # fmt: skip
    assert str(Money("USD", 1050)) == "USD\u00a010.50"
    row, stream = open_document(found.sight("don"), store(found), public)
    with stream:
        assert (row.file_name, stream.read()) == ("statement.pdf", b"statement")
    secret = Document.objects.get(title="Draft").id
    with pytest.raises(RecordNotFound):
        open_document(found.sight("don"), store(found), secret)
    with pytest.raises(RecordNotFound):
        delegations.answer_delegation(
            by=found["far"], activity=found.activity, answer="accepted",
            delegation=delegations_of(found.sight("fay"))[0].pk,
        )  # fmt: skip


def test_checks_of_use_are_due_6_and_12_months_after_the_handover(desk: Desk) -> None:
    found = books(kind="equipment")
    about: dict[str, Any] = {"by": found["olga"], "activity": found.activity, "today": LATER}
    handover = equipment.add_handover(**about, organisation=found.organisation, what="Laptops",
                                      quantity=4, handed_on=date(2027, 8, 31),
                                      received_by="Head")  # fmt: skip
    for in_use in (4, 3):
        equipment.add_check(**about, handover=handover, months=6, checked_on=LATER, in_use=in_use)
    (row,) = handovers_of(found.sight("olga"))
    six, twelve = row.checks
    assert (six.due_on, six.in_use) == (date(2028, 2, 29), 3)  # a later check stands after
    assert (twelve.due_on, twelve.checked_on) == (date(2028, 8, 31), None)


def test_a_code_that_somebody_takes_at_this_moment_is_refused(desk: Desk) -> None:
    found = books()
    with (
        patch("kancil.desk.programme.activities.planning.next_code", return_value="2027-SEA-001"),
        patch("django.db.models.query.QuerySet.exists", return_value=False),
        pytest.raises(CodeTaken),
    ):
        found.add(countries=())
    assert Activity.objects.count() == 1
