"""Registrations within the places, head counts, files of a form host; what others see of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest

from kancil.desk.assessment.errors import ActNotYours, RecordNotFound
from kancil.desk.programme.errors import (
    ActivityCancelled,
    AttendanceStands,
    BatchUsed,
    HeadCountKnown,
    PlacesFull,
    RegisteredAlready,
)
from kancil.desk.programme.models import Activity, ImportBatch, Participant, Participation
from kancil.desk.programme.taking_part.registering import (
    add_head_count,
    correct_head_count,
    register,
    register_new,
    set_state,
)
from kancil.desk.programme.taking_part.registration_files import (
    import_registrations,
    look_at_registrations,
    undo_registrations,
)
from kancil.desk.programme.taking_part.registrations import (
    head_counts,
    import_batches,
    places,
    registrations,
    taking_part,
)
from kancil.programme.errors import RegistrationsNotReadable
from kancil.programme.people import ParticipantInput
from kancil.programme.registration import reading
from kancil.programme.vocabulary import Audience, AudienceAge, Part, RegistrationState, Sex
from kancil.records.errors import FieldNotUsable
from tests.desk.desks import Desk
from tests.desk.programme.people_rows import Books, books

WAITING, REGISTERED = RegistrationState.WAITING, RegistrationState.REGISTERED
CONFIRMED, WITHDRAWN = RegistrationState.CONFIRMED, RegistrationState.WITHDRAWN
DAY = date(2026, 9, 2)


@pytest.fixture
def made(desk: Desk) -> Iterator[Books]:
    with patch.object(reading, "_read", reading._read.here):
        yield books()


def rows(made: Books, state: str = "") -> list[int]:
    return [each.id for each in registrations(made.sight("olga"), state)]


def test_whoever_comes_when_all_places_are_taken_waits_and_moves_up_when_one_is_free(
    made: Books,
) -> None:
    made.delegation(2)
    olga, there = made["olga"], made.activity
    states = [register(by=made["fay"], activity=there, participant=id) for id in made.several(4)]
    assert states == [REGISTERED, REGISTERED, WAITING, WAITING]
    first, second = rows(made, WAITING)
    with pytest.raises(PlacesFull):
        set_state(by=olga, activity=there, registrations=[first], state=CONFIRMED)
    (one, _) = rows(made, REGISTERED)
    set_state(by=made["fay"], activity=there, registrations=[one], state=WITHDRAWN)
    with pytest.raises(PlacesFull):
        set_state(by=olga, activity=there, registrations=[first, second], state=CONFIRMED)
    assert rows(made, WAITING) == [first, second], "all or none"
    set_state(by=olga, activity=there, registrations=[first], state=CONFIRMED)
    (found,) = places(made.sight("olga"))
    assert (found.places, found.coming, found.free, found.waiting) == (2, 2, 0, 1)


def test_a_country_without_places_waits_where_others_have_some_and_speakers_need_none(
    made: Books,
) -> None:
    olga, there = made["olga"], made.activity
    assert register(by=olga, activity=there, participant=made.add("Early")) is REGISTERED
    made.delegation(1)
    outsider = made.add("Outsider", country="XBO")
    assert register(by=olga, activity=there, participant=outsider) is WAITING
    speaker = made.add("Speaker", country="XBO")
    assert register(by=olga, activity=there, participant=speaker, part=Part.SPEAKER) is REGISTERED
    invited = made.add("Invited")
    state = RegistrationState.INVITED
    assert register(by=olga, activity=there, participant=invited, state=state) is state


def test_nobody_registers_twice_or_for_what_was_cancelled(made: Books) -> None:
    olga, there, id = made["olga"], made.activity, made.add("Once")
    register(by=olga, activity=there, participant=id)
    with pytest.raises(RegisteredAlready):
        register(by=olga, activity=there, participant=id)
    with pytest.raises(FieldNotUsable):
        register(by=olga, activity=there, participant=made.add("X"), state=CONFIRMED)
    Activity.objects.update(state="cancelled")
    with pytest.raises(ActivityCancelled):
        register_new(by=olga, activity=there, given=ParticipantInput(name="New", country="XKA"))
    assert not Participant.objects.filter(name="New").exists()


def test_whoever_attended_did_not_withdraw(made: Books) -> None:
    register(by=made["olga"], activity=made.activity, participant=made.add("There"))
    Participation.objects.update(attended=True, days_attended=1)
    with pytest.raises(AttendanceStands):
        set_state(by=made["olga"], activity=made.activity, registrations=rows(made),
                  state=WITHDRAWN)  # fmt: skip


def test_a_focal_point_decides_on_own_people_and_confirms_nobody(made: Books) -> None:
    there = made.activity
    register(by=made["olga"], activity=there, participant=made.add("Other", country="XBO"))
    register(by=made["fay"], activity=there, participant=made.add("Own"))
    seen = [each.name for each in registrations(made.sight("fay"))]
    assert seen == ["Own"]
    with pytest.raises(RecordNotFound):
        set_state(by=made["fay"], activity=there, registrations=rows(made), state=WITHDRAWN)
    with pytest.raises(ActNotYours):
        set_state(by=made["fay"], activity=there, registrations=rows(made), state=CONFIRMED)
    for name in ("fin", "don", "mia", "lea"):
        with pytest.raises(ActNotYours):
            registrations(made.sight(name))


def test_others_see_numbers_and_no_group_under_five(made: Books) -> None:
    ids = made.several(6, Sex.FEMALE) + made.several(7, Sex.MALE) + made.several(2, Sex.OTHER)
    ids.append(made.add("Alone", country="XBO", sex=Sex.MALE))
    for id in ids:
        register(by=made["olga"], activity=made.activity, participant=id)
    whole = taking_part(made.sight("olga"))
    assert (whole.total, whole.by_sex, whole.by_country) == (
        16, {"female": 6, "male": 8, "other": 2}, {"XKA": 15, "XBO": 1},
    )  # fmt: skip
    for name in ("fin", "don", "lea"):
        seen = taking_part(made.sight(name))
        assert seen.total == 16
        assert seen.by_state == {}
        assert (seen.by_sex["other"], seen.by_country["XBO"]) == (None, None)
        hidden = [count for count in seen.by_sex.values() if count is None]
        assert len(hidden) > 1, "the total must not tell the hidden group"
    for name in ("fay", "mia"):
        seen = taking_part(made.sight(name))
        assert (seen.total, seen.by_country, seen.by_sex["other"]) == (15, {"XKA": 15}, 2), (
            "their own people alone, whole: with a total of all they would know the others"
        )
    Participation.objects.filter(participant_id__in=ids[4:]).delete()
    assert taking_part(made.sight("don")).total is None


COUNT: dict[str, Any] = {"series": "School 7, spring", "country": "XKA", "who": Audience.CHILDREN,
         "counted_on": DAY, "how": "By the teachers"}  # fmt: skip


def test_each_group_of_a_series_is_counted_once_and_corrected_with_its_history(
    made: Books,
) -> None:
    fay, there = made["fay"], made.activity
    first = add_head_count(by=fay, activity=there, count=240, sex=Sex.FEMALE, **COUNT)
    again = {**COUNT, "series": " SCHOOL 7, Spring"}
    with pytest.raises(HeadCountKnown):
        add_head_count(by=fay, activity=there, count=240, sex=Sex.FEMALE, **again)
    add_head_count(by=fay, activity=there, count=3, sex=Sex.MALE, **COUNT)
    correct_head_count(by=fay, activity=there, head_count=first, count=238, counted_on=DAY,
                       how="Absent two")  # fmt: skip
    own = head_counts(made.sight("mia"))
    assert sorted(each.count or 0 for each in own.rows) == [3, 238]
    assert ([each.count for each in own.replaced], own.total) == ([240], 241)
    seen = head_counts(made.sight("don"))
    assert ([each.count for each in seen.rows], seen.replaced, seen.total) == (
        [None, None], (), 241,
    )  # fmt: skip
    with pytest.raises(RecordNotFound):
        correct_head_count(by=fay, activity=there, head_count=first, count=1, counted_on=DAY,
                           how="Replaced already")  # fmt: skip


@pytest.mark.parametrize(
    "given", [{"count": -1}, {"count": 10**8}, {"how": " "}, {"series": ""},
              {"age_band": AudienceAge.ADULT},
              {"who": Audience.TEACHERS, "age_band": AudienceAge.TEN_TO_17}],
)  # fmt: skip
def test_a_head_count_that_cannot_be_is_refused(made: Books, given: dict[str, object]) -> None:
    with pytest.raises(FieldNotUsable):
        add_head_count(by=made["olga"], activity=made.activity, **{"count": 7, **COUNT, **given})


def hand_over(*names: str, **more: str) -> bytes:
    return "\n".join(
        json.dumps({"name": name, "country": "XKA", **more}) for name in names
    ).encode()


def test_a_file_is_looked_at_imported_within_the_places_and_undone(made: Books) -> None:
    olga, there = made["olga"], made.activity
    made.delegation(2)
    known = made.add("Known One", email="known@example.org")
    data = hand_over("A", "B", "A") + b"\n" + hand_over("Known One", email="known@example.org")
    data += b'\n{"name": "C", "country": "XZZ"}'
    call: dict[str, Any] = {"by": olga, "activity": there, "data": data, "file_name": "forms.jsonl"}
    look = look_at_registrations(**call)
    assert (look.rows, look.registered, look.waiting, look.known) == (5, 2, 1, 1)
    assert [(each.row, each.why.key.rpartition("-")[2]) for each in look.refused] == [
        (3, "twice"), (5, "unknown"),
    ]  # fmt: skip
    assert (Participation.objects.count(), ImportBatch.objects.count()) == (0, 0)
    done = import_registrations(**call)
    assert (done.registered, done.waiting) == (2, 1)
    (batch,) = import_batches(made.sight("olga"))
    assert (batch.rows, batch.taken, batch.undone_at) == (5, 3, None)
    again = import_registrations(**call)
    assert (again.registered, again.waiting, len(again.refused)) == (0, 0, 5), "all are there"
    assert undo_registrations(by=olga, batch=again.batch) == 0
    assert undo_registrations(by=olga, batch=done.batch) == 3
    assert list(Participant.objects.values_list("pk", flat=True)) == [known]
    with pytest.raises(RecordNotFound):
        undo_registrations(by=olga, batch=done.batch)


def test_an_import_whose_people_came_cannot_be_undone(made: Books) -> None:
    done = import_registrations(
        by=made["olga"], activity=made.activity, data=hand_over("A", "B"), file_name="f"
    )
    Participation.objects.filter(pk=Participation.objects.earliest("pk").pk).update(attended=True)
    with pytest.raises(BatchUsed):
        undo_registrations(by=made["olga"], batch=done.batch)
    assert Participation.objects.count() == 2


def test_a_broken_file_changes_nothing(made: Books) -> None:
    with pytest.raises(RegistrationsNotReadable):
        import_registrations(
            by=made["olga"], activity=made.activity, data=b"PK broken", file_name="f.xlsx"
        )
    assert (ImportBatch.objects.count(), Participant.objects.count()) == (0, 0)
