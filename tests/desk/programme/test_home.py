"""Home of the desk: what comes, what is late once for each activity, and where, as each sees it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from kancil.desk.assessment.queries.due import due_calendar
from kancil.desk.programme.activities.activities import seen_by
from kancil.desk.programme.activities.delegations import add_delegation
from kancil.desk.programme.activities.equipment import add_handover
from kancil.desk.programme.activities.follow_up import add_follow_up
from kancil.desk.programme.due import UNMATCHED, OfActivity, activities_due, all_due
from kancil.desk.programme.entering import desk_of, enter_activity
from kancil.desk.programme.errors import ActivityNotFound
from kancil.desk.programme.home import by_country, coming
from kancil.desk.programme.models import Grant, SpendingLine
from kancil.desk.programme.taking_part.registrations import form_of
from kancil.ground import clock
from tests.desk.desks import Desk
from tests.desk.programme.books import FIRST, HERE, LAST, THERE, Books, books
from tests.desk.programme.report_books import spent

BEFORE, AFTER = FIRST - timedelta(days=10), LAST + timedelta(days=1)


@pytest.fixture
def made(desk: Desk) -> Books:
    return books(countries=(HERE, THERE))


def test_what_begins_soon_or_is_under_way_comes_and_nothing_else(made: Books) -> None:
    olga = desk_of(made["olga"])
    later = made.add(begins_on=date(2027, 9, 1), ends_on=date(2027, 9, 2), code="LATER")
    assert [each.id for each in coming(olga, BEFORE, 8)] == [made.activity]
    assert [each.id for each in coming(olga, FIRST, 8)] == [made.activity]
    assert coming(olga, AFTER, 8) == []
    assert [each.id for each in coming(olga, date(2027, 8, 1), 8)] == [later]


def test_each_kind_of_due_stands_once_for_an_activity_and_for_whoever_sees_to_it(
    made: Books,
) -> None:
    olga, activity = made["olga"], made.activity
    for country in (HERE, THERE):
        add_delegation(
            by=olga, activity=activity, country=country, places=2, head="Ministry",
            invited_on=BEFORE - timedelta(days=30), answer_by=BEFORE - timedelta(days=2),
        )  # fmt: skip
    (answer,) = activities_due(desk_of(olga), BEFORE, BEFORE, 8)
    assert (answer.kind, answer.day) == (OfActivity.ANSWER, BEFORE - timedelta(days=2))
    assert [each.kind for each in activities_due(desk_of(olga), BEFORE, FIRST, 8)] == [
        OfActivity.ANSWER, OfActivity.BEGIN,
    ], "planned, and not confirmed"  # fmt: skip
    ahead = {each.kind: each for each in all_due(olga, BEFORE) if each.activity == activity}
    assert ahead.keys() == {"activity-answer", "activity-begin"}
    assert not ahead["activity-begin"].is_late
    for what in ("Name a desk", "Fill the desk"):
        add_follow_up(by=olga, activity=activity, what=what, owner="Head", due_on=LAST)
    add_handover(
        by=olga, activity=activity, organisation=made.organisation, what="Laptop", quantity=2,
        handed_on=FIRST, received_by="Head of the unit", today=AFTER,
    )  # fmt: skip
    there = LAST + timedelta(days=400)
    found = activities_due(desk_of(olga), there, there, 8)
    assert [each.kind for each in found] == [
        OfActivity.REPORT, OfActivity.FOLLOW_UP, OfActivity.FOLLOW_UP, OfActivity.USE,
    ]  # fmt: skip
    told = [each for each in all_due(olga, there) if each.activity == activity]
    assert {each.kind for each in told} == {
        "activity-report", "activity-follow-up", "activity-use",
    }  # fmt: skip
    assert {each.subject for each in told} >= {"Name a desk", "Fill the desk"}
    assert all(each.is_late and each.day for each in told)
    calendar = due_calendar(told, there, ZoneInfo("UTC"), clock.now()).decode()
    assert calendar.count("SUMMARY:Check of equipment (2027-SEA-001") == 1
    uids = re.findall(r"UID:(.*)", calendar)
    assert len(set(uids)) == len(uids) == len(told)
    assert all(
        activities_due(desk_of(made[name]), AFTER, AFTER, 8) == [] for name in ("fin", "fay", "don")
    )
    of_money = {each.kind for each in all_due(made["fin"], AFTER)}
    assert of_money <= {"donor-report"}, "finance is told of no activity"
    assert all_due(made["don"], AFTER) == []


def test_lines_that_no_grant_has_are_due_for_who_keeps_money(made: Books) -> None:
    fin = made["fin"]
    assert [each.kind for each in all_due(fin, FIRST) if each.kind == UNMATCHED] == []
    grant = Grant.objects.get(id=made.grants["Norland"])
    file = spent(grant, 700, made["olga"])
    SpendingLine.objects.update(grant=None, activity=None)
    (due,) = [each for each in all_due(fin, FIRST) if each.kind == UNMATCHED]
    assert (due.id, due.subject, due.day, due.is_late) == (
        file.batch_id, "1", date(2025, 12, 31), True,
    )  # fmt: skip
    assert UNMATCHED not in {each.kind for each in all_due(made["fay"], FIRST)}


def test_who_speaks_for_an_invited_country_finds_the_activity_and_the_form_offers_it(
    made: Books,
) -> None:
    activity = made.add(title="Another", countries=(HERE,))
    with pytest.raises(ActivityNotFound):
        enter_activity(made["far"], activity)
    add_delegation(
        by=made["olga"], activity=activity, country=THERE, places=3, invited_on=FIRST,
        answer_by=LAST,
    )  # fmt: skip
    assert enter_activity(made["far"], activity).activity == activity
    assert activity in set(seen_by(desk_of(made["far"])).values_list("id", flat=True))
    offered = [code for code, _ in form_of(made.sight("olga", activity)).countries]
    assert set(offered) == {HERE, THERE}


def test_a_countrys_side_is_told_of_its_own_country_alone(made: Books) -> None:
    year = date(2027, 1, 1)
    assert [each.code for each in by_country(desk_of(made["olga"]), year)] == [THERE, HERE]
    (own,) = by_country(desk_of(made["fay"]), year)
    assert (own.code, own.coming, own.done) == (HERE, 1, 0)
    assert by_country(desk_of(made["ada"]), year) == []
