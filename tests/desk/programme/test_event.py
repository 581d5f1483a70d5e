"""Marks taken, refused with a reason, counted once and withdrawn; devices; evaluations."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from kancil.desk.assessment.errors import ActNotYours
from kancil.desk.assessment.models import Act
from kancil.desk.people.models import Person
from kancil.desk.programme.due import OfActivity, activities_due
from kancil.desk.programme.entering import desk_of, enter_activity
from kancil.desk.programme.errors import (
    ActivityNotFound,
    DayOutsideActivity,
    DeviceNotFound,
    DeviceRevoked,
    EvaluationNotDue,
    NobodyRegistered,
)
from kancil.desk.programme.models import EventDevice, Funding, Mark
from kancil.desk.programme.taking_part.attendance import (
    attendance_of,
    attendees,
    devices_of,
    is_decided,
    marks_of,
    sealed_of,
)
from kancil.desk.programme.taking_part.evaluating import enter_sheets
from kancil.desk.programme.taking_part.evaluations import (
    EvaluationDue,
    evaluations_due,
    evaluations_of,
)
from kancil.desk.programme.taking_part.marking import (
    decide_marks,
    import_marks,
    mark_present,
    prepare_device,
    revoke_device,
    take_upload,
    withdraw_marks,
)
from kancil.desk.programme.taking_part.registrations import taking_part
from kancil.programme.attendance.marks import Refusal
from kancil.programme.attendance.sealed import Sealed, unseal
from kancil.programme.errors import EvaluationNotUsable, MarksNotReadable, MarksNotSigned
from kancil.programme.vocabulary import Moment
from tests.desk.assessment.programme import Programme, programme
from tests.desk.desks import Desk
from tests.desk.programme.event_stage import FIRST, NAMES, NOON, Training, a_mark, training, upload
from tests.desk.programme.report_books import donor, grant, with_finance


@pytest.fixture
def made(desk: Desk) -> tuple[Programme, Training]:
    found = programme()
    return found, training(found["olga"])


Made = tuple[Programme, Training]
NEXT = (FIRST + timedelta(days=1)).isoformat()


def device(made: Made, name: str = "Lea's telephone", activity: str = "") -> str:
    people, room = made
    return prepare_device(
        by=people["olga"], activity=activity or room.id, name=name, at=NOON, pin="2345-6789"
    ).id


def open_again(device: str) -> None:
    """Let the hours of a device of the past run on."""
    later = EventDevice.objects.get(id=device).expires_at + timedelta(days=100_000)
    EventDevice.objects.filter(id=device).update(expires_at=later)


def test_a_device_holds_names_and_badges_under_its_pin_alone(made: Made) -> None:
    _, room = made
    id = device(made)
    row = EventDevice.objects.get(id=id)
    assert not any(name in row.sealed for name in NAMES)
    found = unseal("2345 6789", Sealed(**json.loads(row.sealed)))
    assert {each["name"] for each in found["people"]} == set(NAMES)
    assert {each["badge"] for each in found["people"]} == {each.badge for each in room.rows}
    assert found["days"] == ["2026-03-09", "2026-03-10", "2026-03-11"]
    assert found["key"] == row.key_hex
    assert row.expires_at - row.prepared_at == timedelta(hours=48)
    assert "pin" not in json.dumps(list(Act.objects.values_list("details", flat=True)))


def test_a_sealed_list_is_gone_once_the_device_has_sent_or_its_hours_ended(made: Made) -> None:
    id = device(made)
    with pytest.raises(DeviceNotFound):
        sealed_of(id)
    open_again(id)
    assert json.loads(sealed_of(id))["device"] == id
    take_upload(upload(id, []))
    with pytest.raises(DeviceNotFound):
        sealed_of(id)


def test_two_phones_that_mark_one_person_count_one_day(made: Made) -> None:
    people, room = made
    first, second = device(made), device(made, "Bo's")
    mark = a_mark(room.badge(0))
    taken = take_upload(upload(first, [mark, a_mark(room.badge(1)), mark]))
    assert (taken.taken, taken.again, taken.refused) == (2, 1, ())
    assert take_upload(upload(second, [a_mark(room.badge(0), how="name")])).taken == 1
    assert room.attended()[:3] == [1, 1, 0]
    assert Mark.objects.filter(participation=room.rows[0]).count() == 2
    again = take_upload(upload(first, [mark, a_mark(room.badge(0))]))
    assert (again.taken, again.again) == (0, 2), "a replay changes nothing"
    take_upload(upload(first, [a_mark(room.badge(0), day=NEXT)]))
    assert room.attended()[0] == 2
    counts = attendance_of(enter_activity(people["fay"], room.id))
    assert (counts.registered, counts.attended) == (6, 2)
    assert [(each.day, each.attended) for each in counts.by_day] == [
        (FIRST, 2), (date(2026, 3, 10), 1),
    ]  # fmt: skip


def test_each_mark_that_is_not_taken_has_its_reason(made: Made) -> None:
    people, room = made
    other = training(people["olga"], code="2026-XKA-002", names=["Of another activity"])
    id = device(made)
    room.rows[5].state = "withdrawn"
    room.rows[5].save()
    late = NOON + timedelta(hours=49)
    wrong: dict[Refusal, list[Any]] = {
        Refusal.NOT_REGISTERED: [a_mark(other.badge(0)), a_mark(room.badge(5))],
        Refusal.DAY_OUTSIDE: [a_mark(room.badge(0), day="2026-03-12")],
        Refusal.EXPIRED: [a_mark(room.badge(0), at=late.isoformat(), day="2026-03-11")],
        Refusal.BEFORE: [a_mark(room.badge(0), at="2026-03-08T00:00:00Z")],
        Refusal.DAY_APART: [a_mark(room.badge(0), day="2026-03-11")],
        Refusal.NOT_READABLE: [
            7, {}, a_mark(room.badge(0), id="1"), a_mark(room.badge(0), how="desk"),
            a_mark(room.badge(0), day="tomorrow"), a_mark(room.badge(0), at="2026-03-09T05:00:00"),
            a_mark(room.badge(0), day=None), a_mark("' OR 1=1"),
        ],
    }  # fmt: skip
    for why, marks in wrong.items():
        taken = take_upload(upload(id, [*marks, a_mark(room.badge(1))]))
        assert [each.why for each in taken.refused] == [why] * len(marks)
    assert room.attended() == [0, 1, 0, 0, 0, 0]
    details = Act.objects.filter(kind="attendance.uploaded").latest("pk").details
    assert details["refused"] == {"not-readable": 8}


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{", b"[" * 100_000, b"x" * 1_000_001, b'{"format": "kancil-marks"}',
        b'{"format": "kancil-marks", "number": 1, "device": 3, "payload": "", "hmac": ""}',
        b'{"format":"kancil-marks","number":1,"device":"../../x","payload":"","hmac":""}',
    ],
)  # fmt: skip
def test_what_holds_no_marks_is_refused_whole(data: bytes, desk: Desk) -> None:
    with pytest.raises(MarksNotReadable):
        take_upload(data)


def test_an_upload_that_the_device_did_not_sign_changes_nothing(made: Made) -> None:
    _, room = made
    id = device(made)
    mark = [a_mark(room.badge(0))]
    with pytest.raises(MarksNotSigned):
        take_upload(upload(id, mark, key=bytes(32)))
    changed = json.loads(upload(id, mark))
    changed["payload"] = changed["payload"].replace("2026-03-09", "2026-03-10")
    with pytest.raises(MarksNotSigned):
        take_upload(json.dumps(changed).encode())
    with pytest.raises(DeviceNotFound):
        take_upload(upload("01a00000-0000-7000-8000-000000000000", mark, key=bytes(32)))
    other = device(made, "other")
    stolen = json.loads(upload(id, mark))
    with pytest.raises(MarksNotSigned):
        take_upload(json.dumps({**stolen, "device": other}).encode())
    assert not Mark.objects.exists()


def test_ten_thousand_marks_at_once_are_refused_and_five_thousand_are_taken(made: Made) -> None:
    people, _ = made
    room = training(people["olga"], code="2026-XKA-900", names=[f"P{n}" for n in range(40)])
    id = device((people, room))
    many = [{"badge": room.badge(n % 40)} for n in range(10_000)]
    with pytest.raises(MarksNotReadable):
        take_upload(upload(id, many))
    taken = take_upload(upload(id, many[:4_000] + [a_mark(each.badge) for each in room.rows]))
    assert (taken.taken, len(taken.refused)) == (40, 4_000)


def test_a_revoked_device_sends_in_vain_and_its_earlier_marks_wait_for_a_decision(
    made: Made,
) -> None:
    people, room = made
    lost, kept = device(made, "lost"), device(made, "kept")
    for id in (lost, kept):
        take_upload(upload(id, [a_mark(room.badge(0))]))
    take_upload(upload(lost, [a_mark(room.badge(1))]))
    revoke_device(by=people["olga"], activity=room.id, device=lost, reason="left in a taxi")
    with pytest.raises(DeviceRevoked):
        take_upload(upload(lost, [a_mark(room.badge(2))]))
    assert not is_decided(lost)
    assert room.attended()[:3] == [1, 1, 0], "until somebody decides"
    count = decide_marks(
        by=people["olga"], activity=room.id, device=lost, withdraw=True, reason="not on the sheet"
    )
    assert (count, is_decided(lost)) == (2, True)
    assert room.attended()[:3] == [1, 0, 0], "the other device's mark stands"
    sight = enter_activity(people["olga"], room.id)
    assert [each.marks for each in devices_of(sight) if each.id == lost] == [0]
    assert {each.withdrawn_reason for each in marks_of(sight, device=lost)} == {"not on the sheet"}


def test_the_sheet_is_typed_in_once_and_corrected_with_a_reason(made: Made) -> None:
    people, room = made
    about: dict[str, Any] = {"by": people["olga"], "activity": room.id}
    chosen = [each.pk for each in room.rows[:3]]
    assert mark_present(**about, day=FIRST, participations=chosen) == 3
    assert mark_present(**about, day=FIRST, participations=[*chosen, room.rows[4].pk]) == 1
    with pytest.raises(DayOutsideActivity):
        mark_present(**about, day=date(2026, 3, 12), participations=chosen)
    sight = enter_activity(people["olga"], room.id)
    wrong = [each.id for each in marks_of(sight) if each.participation == room.rows[0].pk]
    assert withdraw_marks(**about, marks=wrong, reason="signed for a colleague") == 1
    assert room.attended() == [0, 1, 1, 0, 1, 0]
    assert not room.rows[0].attended
    assert [each.name for each in attendees(sight) if each.days] == sorted(
        [NAMES[1], NAMES[2], NAMES[4]], key=str.casefold
    )


def test_a_file_is_imported_for_its_own_activity_alone(made: Made) -> None:
    people, room = made
    other = training(people["olga"], code="2026-XKA-002", names=["Elsewhere"])
    data = upload(device(made), [a_mark(room.badge(0))])
    with pytest.raises(DeviceNotFound):
        import_marks(by=people["olga"], activity=other.id, data=data)
    assert import_marks(by=people["olga"], activity=room.id, data=data).taken == 1
    assert Mark.objects.get().by == people["olga"]


def test_only_the_officer_marks_and_whoever_is_elsewhere_finds_nothing(made: Made) -> None:
    people, room = made
    for name, error in (("fay", ActNotYours), ("lea", ActNotYours), ("far", ActivityNotFound),
                        ("ada", ActivityNotFound), ("don", ActivityNotFound)):  # fmt: skip
        about: dict[str, Any] = {"by": people[name], "activity": room.id}
        calls = (
            lambda about=about: prepare_device(**about, name="x"),
            lambda about=about: mark_present(**about, day=FIRST, participations=[]),
            lambda about=about: withdraw_marks(**about, marks=[], reason="x"),
            lambda about=about: enter_sheets(**about, moment=Moment.AT_ONCE, sheets=[]),
        )
        for call in calls:
            with pytest.raises(error):
                call()
    with pytest.raises(ActNotYours):
        attendees(enter_activity(people["fay"], room.id))
    empty = training(people["olga"], code="2026-XKA-003", names=[])
    with pytest.raises(NobodyRegistered):
        prepare_device(by=people["olga"], activity=empty.id, name="x")


def test_who_asked_to_be_forgotten_is_on_no_list(made: Made) -> None:
    people, room = made
    mark_present(by=people["olga"], activity=room.id, day=FIRST, participations=[room.rows[1].pk])
    for number, field in ((0, "forgotten_at"), (1, "restricted_at")):
        person = room.rows[number].participant
        setattr(person, field, NOON)
        person.save()
    sight = enter_activity(people["olga"], room.id)
    assert {each.name for each in attendees(sight)} == set(NAMES[2:])
    assert [each.name for each in marks_of(sight)] == [""], "and the mark counts on"
    assert attendance_of(sight).attended == 1


def sheet(useful: int, **more: object) -> dict[str, object]:
    return {"answers": {"useful": useful, "will-use": "certainly", **more}}


def test_fewer_than_five_sheets_tell_nothing_and_five_tell_their_mean(made: Made) -> None:
    people, room = made
    about: dict[str, Any] = {
        "by": people["olga"],
        "activity": room.id,
        "moment": Moment.AT_ONCE,
        "today": FIRST,
    }
    sight = enter_activity(people["olga"], room.id)
    enter_sheets(**about, sheets=[sheet(4), sheet(5), sheet(3), sheet(4, best="The lab")])
    at_once = evaluations_of(sight)[0].summary
    assert (at_once.sheets, at_once.questions, at_once.rate) == (None, (), None)
    mark_present(by=people["olga"], activity=room.id, day=FIRST,
                 participations=[each.pk for each in room.rows])  # fmt: skip
    enter_sheets(**about, sheets=[sheet(5)])
    at_once = evaluations_of(sight)[0].summary
    told = {each.question.id: each for each in at_once.questions}
    assert (at_once.sheets, at_once.asked) == (5, 6)
    assert told["useful"].mean == "4.2"
    assert dict(told["will-use"].counts) == {"certainly": 5, "perhaps": 0, "no": 0}
    assert (told["best"].answered, told["best"].texts) == (None, ()), "one of five wrote something"


@pytest.mark.parametrize("name", ["fay", "mia", "lea", "ann", "fin", "don"])
def test_no_two_readings_from_outside_tell_what_one_sheet_says(made: Made, name: str) -> None:
    people, room = made
    olga = people["olga"]
    with_finance(people.people)
    paid_by = grant(donor("Aid of Northland", people["don"], olga), "NOR-1", "USD", olga)
    Funding.objects.create(activity_id=room.id, grant=paid_by, share_bp=10_000)
    mark_present(by=olga, activity=room.id, day=FIRST, participations=[room.rows[0].pk])
    sight = enter_activity(people[name], room.id)
    readings = []
    for n in range(11):
        own = {"answers": {"useful": 1 + n % 5, **({"will-use": "no"} if n % 2 else {})}}
        enter_sheets(by=olga, activity=room.id, moment=Moment.AT_ONCE, today=FIRST, sheets=[own])
        readings.append(evaluations_of(sight)[0].summary)
    assert readings[3].questions == ()
    assert readings[4] == readings[5] == readings[8] != readings[9]
    at_five, at_ten = ({each.question.id: each for each in readings[n].questions} for n in (4, 9))
    assert (at_five["useful"].answered, at_five["useful"].mean) == (5, "3.0")
    assert (at_five["useful"].counts, at_five["useful"].texts) == ((), ())
    assert at_five["will-use"].answered is None, "two answered"
    assert dict(at_ten["will-use"].counts) == {"certainly": 0, "perhaps": 0, "no": 5}
    assert (readings[10].sheets, readings[10].asked) == (10, None)
    assert evaluations_of(enter_activity(olga, room.id))[0].summary.sheets == 11


@pytest.mark.parametrize("name", ["lea", "ann", "fin", "don"])
def test_each_figure_of_attendance_follows_one_rule(made: Made, name: str) -> None:
    people, room = made
    olga = people["olga"]
    with_finance(people.people)
    paid_by = grant(donor("Aid of Northland", people["don"], olga), "NOR-1", "USD", olga)
    Funding.objects.create(activity_id=room.id, grant=paid_by, share_bp=10_000)
    came = [each.pk for each in room.rows]
    mark_present(by=olga, activity=room.id, day=FIRST, participations=came[:5])
    sight = enter_activity(people[name], room.id)
    counts = attendance_of(sight)
    assert taking_part(sight).attended is None, "one of six did not come"
    assert (counts.registered, counts.attended) == (6, None)
    assert [each.attended for each in counts.by_day] == [None]
    mark_present(by=olga, activity=room.id, day=FIRST, participations=came[5:])
    counts = attendance_of(sight)
    assert (counts.attended, counts.attended) == (6, taking_part(sight).attended)
    assert attendance_of(enter_activity(olga, room.id)).attended == 6


def test_a_sheet_that_does_not_fit_is_refused_and_all_with_it(made: Made) -> None:
    people, room = made
    about: dict[str, Any] = {
        "by": people["olga"],
        "activity": room.id,
        "moment": Moment.AT_ONCE,
        "today": FIRST,
    }
    unfit: tuple[Any, ...] = (
        {"answers": {"useful": 6}}, {"answers": {"name": "Dara"}}, {"answers": {}}, [],
        {"answers": {"useful": True}}, {"id": "x", "answers": {"useful": 1}},
    )  # fmt: skip
    for wrong in unfit:
        with pytest.raises(EvaluationNotUsable):
            enter_sheets(**about, sheets=[sheet(4), wrong])
    assert evaluations_of(enter_activity(people["olga"], room.id))[0].summary.sheets == 0
    with pytest.raises(EvaluationNotDue):
        enter_sheets(**{**about, "moment": Moment.AFTER_3}, sheets=[sheet(4)])


def test_sheets_from_the_door_come_once_and_bear_no_time(made: Made) -> None:
    people, room = made
    id = device(made)
    one = {"id": "0b5f0c1e-8a52-4c8e-9d27-6d1f0f2f7a01", **sheet(5)}
    for _ in range(2):
        taken = take_upload(upload(id, [], sheets=[one, {"answers": {"useful": 9}}]))
    assert taken.sheets == 0
    assert evaluations_of(enter_activity(people["olga"], room.id))[0].summary.sheets is None


def asked_by(person: Person, day: date) -> list[EvaluationDue]:
    return evaluations_due(desk_of(person), day, day)


def test_evaluations_are_due_on_their_day_until_a_sheet_is_there(made: Made) -> None:
    people, room = made
    olga = desk_of(people["olga"])
    assert asked_by(people["olga"], date(2026, 3, 20)) == [], "nobody was there"
    mark_present(by=people["olga"], activity=room.id, day=FIRST,
                 participations=[room.rows[0].pk])  # fmt: skip
    assert [each.moment for each in asked_by(people["olga"], date(2026, 3, 20))] == [Moment.AT_ONCE]
    told = {
        each.kind: each.day for each in activities_due(olga, date(2026, 3, 2), date(2026, 3, 20), 8)
    }
    assert told[OfActivity.EVALUATION] == date(2026, 3, 11), "told before its day"
    enter_sheets(by=people["olga"], activity=room.id, moment=Moment.AT_ONCE, sheets=[sheet(5)],
                 today=FIRST)  # fmt: skip
    assert asked_by(people["olga"], date(2026, 6, 10)) == []
    assert [each.due_on for each in asked_by(people["olga"], date(2026, 6, 11))] == [
        date(2026, 6, 11)
    ]
    assert asked_by(people["fay"], date(2026, 6, 11)) == []
