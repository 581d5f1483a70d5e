"""Forgetting: gone at once or kept for audit, in every place that held the name; counts stay."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kancil.desk.assessment.errors import RecordNotFound
from kancil.desk.base.tables import table_lines
from kancil.desk.programme.activities.facets import placements_of
from kancil.desk.programme.entering import desk_of, enter_activity
from kancil.desk.programme.models import (
    Activity,
    FormDraft,
    Grant,
    ImportBatch,
    Participant,
    Placement,
)
from kancil.desk.programme.people.alike import join_participants
from kancil.desk.programme.people.forgetting import (
    forget_due,
    forget_participant,
    restricted_people,
)
from kancil.desk.programme.people.organisations import add_organisation
from kancil.desk.programme.people.participants import PARTICIPANTS
from kancil.desk.programme.taking_part.registering import register, set_state
from kancil.desk.programme.taking_part.registrations import (
    count_registrations,
    registrations,
    taking_part,
)
from kancil.ground import clock
from kancil.programme.people import ParticipantSearch
from kancil.programme.vocabulary import AgeBand, JoinReason, Part, RegistrationState, Sex
from tests.desk.desks import Desk
from tests.desk.programme.people_rows import AFTER, AUDIT, BEFORE, Books, activity, books, paid
from tests.desk.programme.test_people import UNIT

NAME, MAIL, OFFICE = "Unmistakable Sombody", "unmistakable@example.org", "Oddly Named Office"


@pytest.fixture
def made(desk: Desk) -> Books:
    return books()


def somebody(made: Books) -> int:
    return made.add(
        NAME, email=MAIL, office=OFFICE, sex=Sex.FEMALE, age_band=AgeBand.MIDDLE,
        organisation=add_organisation(by=made["olga"], given=UNIT).id, consent_on=BEFORE,
        consent_to=f"Lists, said {NAME}",
    )  # fmt: skip


def everything() -> str:
    return b"\n".join(table_lines()).decode()


def test_who_took_part_in_nothing_that_was_paid_is_gone_at_once_from_everywhere(
    made: Books,
) -> None:
    id, olga = somebody(made), made["olga"]
    FormDraft.objects.create(person=made["fay"], form="/x", given={"n": [NAME.upper()]},
                             at=clock.now())  # fmt: skip
    kept = FormDraft.objects.create(person=made["fay"], form="/y", given={"n": ["Other"]},
                                    at=clock.now())  # fmt: skip
    ImportBatch.objects.create(
        kind="participants", file_name="f.csv", sha256="0" * 64, by=olga, at=clock.now(),
        refused=[{"row": 2, "why": f"like {MAIL}"}, {"row": 3, "why": "no country"}],
    )  # fmt: skip
    assert forget_participant(by=olga, participant=id, asked_on=BEFORE) is None
    for text in (NAME, MAIL, OFFICE, NAME.upper(), NAME.lower()):
        assert text not in everything()
    assert FormDraft.objects.get() == kept
    assert [each["why"] for each in ImportBatch.objects.get().refused] == ["…", "no country"]
    row = Participant.objects.get(pk=id)
    assert (row.sex, row.age_band, row.country_id) == ("female", "30-44", "XKA")
    assert (row.organisation, row.consent_on, bool(row.forgotten_at)) == (None, None, True)
    with pytest.raises(RecordNotFound):
        forget_participant(by=olga, participant=id, asked_on=BEFORE)


def test_for_whom_a_grant_paid_they_are_restricted_until_its_audit_term_is_over(
    made: Books,
) -> None:
    id, olga = somebody(made), made["olga"]
    register(by=olga, activity=made.activity, participant=id)
    assert forget_participant(by=olga, participant=id, asked_on=BEFORE) == AUDIT
    for name in ("olga", "fay"):
        with pytest.raises(RecordNotFound):
            PARTICIPANTS.row(desk_of(made[name]), id)
        assert not PARTICIPANTS.found(desk_of(made[name]), ParticipantSearch())
        assert registrations(made.sight(name)) == []
    assert taking_part(made.sight("olga")).total == 1
    (kept,) = restricted_people(desk_of(olga))
    assert (kept.name, kept.restricted_until, kept.grants) == (NAME, AUDIT, ("G-1",))
    assert forget_due(by=olga, today=AUDIT) == 0, "the last day of the term is within it"
    assert forget_due(by=olga, today=AFTER) == 1
    assert NAME not in everything()
    assert taking_part(made.sight("olga")).total == 1
    assert restricted_people(desk_of(olga)) == []


def test_a_grant_that_comes_to_pay_later_holds_the_data_longer(made: Books) -> None:
    id, olga = somebody(made), made["olga"]
    register(by=olga, activity=made.activity, participant=id)
    forget_participant(by=olga, participant=id, asked_on=BEFORE)
    later = date(2033, 1, 1)
    paid(Activity.objects.get(), olga, "G-2", later)
    assert forget_due(by=olga, today=AFTER) == 0
    assert restricted_people(desk_of(olga))[0].restricted_until == later
    Grant.objects.update(audit_until=BEFORE)
    assert forget_due(by=olga, today=AFTER) == 0, "the day that was said to the person stands"
    assert forget_due(by=olga, today=date(2033, 1, 2)) == 1


def test_a_place_on_the_waiting_list_cost_nothing_and_a_mentorship_did(made: Books) -> None:
    olga = made["olga"]
    waits, mentor = made.add("Waits"), made.add("Mentor")
    register(by=olga, activity=made.activity, participant=waits, state=RegistrationState.INVITED)
    Placement.objects.create(
        activity_id=made.activity, mentor_id=mentor, begins_on=BEFORE, ends_on=BEFORE, by=olga,
        organisation=add_organisation(by=olga, given=UNIT), at=clock.now(),
    )  # fmt: skip
    assert forget_participant(by=olga, participant=waits, asked_on=BEFORE) is None
    assert [each.mentor for each in placements_of(made.sight("olga"))] == ["Mentor"]
    assert forget_participant(by=olga, participant=mentor, asked_on=BEFORE) == AUDIT
    assert [each.mentor for each in placements_of(made.sight("olga"))] == [""]


def test_all_rows_of_one_person_are_forgotten_together(made: Books) -> None:
    olga = made["olga"]
    one, other = made.add("One Name"), made.add("Other Name")
    register(by=olga, activity=made.activity, participant=other)
    join_participants(by=olga, participant=other, stands=one, because=JoinReason.KNOWN)
    assert forget_participant(by=olga, participant=one, asked_on=BEFORE) == AUDIT
    forget_due(by=olga, today=AFTER)
    held = everything()
    assert [name for name in ("One Name", "Other Name") if name in held] == []


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(list(Sex)),
        st.sampled_from(["XKA", "XBO"]),
        st.sampled_from(list(Part)),
        st.sampled_from([None, "pay", "free"]),
        st.booleans(),
    ),
    max_size=7,
)


@settings(max_examples=5, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(PEOPLE, st.randoms(use_true_random=False))
def test_counts_are_the_same_whoever_is_forgotten(
    sqlite_desk: Desk, rows: list[tuple[Sex, str, Part, str | None, bool]], random: object
) -> None:
    made = _shared(sqlite_desk)
    olga = made["olga"]
    days = dict(zip(("pay", "free"), paid_and_free(made), strict=True))
    ids = []
    for number, (sex, country, part, where, away) in enumerate(rows):
        id = made.add(f"Somebody {number}", country=country, sex=sex)
        ids.append(id)
        if where is not None:
            register(by=olga, activity=days[where], participant=id, part=part)
            if away:
                (row,) = Participant.objects.get(pk=id).participations.all()
                set_state(by=olga, activity=days[where], registrations=[row.pk],
                          state=RegistrationState.WITHDRAWN)  # fmt: skip
    before = [counts(made, each) for each in days.values()]
    expected = Counter(row[3] for row in rows if row[3] and not row[4])
    assert [each[0] for each in before] == [expected["pay"], expected["free"]]
    for id in random.sample(ids, len(ids)):  # type: ignore[attr-defined]
        forget_participant(by=olga, participant=id, asked_on=BEFORE)
        assert [counts(made, each) for each in days.values()] == before
    forget_due(by=olga, today=AFTER)
    assert [counts(made, each) for each in days.values()] == before
    assert not Participant.objects.exclude(name="").exists()


_made: dict[int, Books] = {}


def _shared(desk: Desk) -> Books:
    """The same books for all examples of a test."""
    if id(desk) not in _made:
        _made.clear()
        _made[id(desk)] = books()
    return _made[id(desk)]


def paid_and_free(made: Books) -> tuple[str, str]:
    """Two fresh activities for both countries: one that a grant pays for, one that none does."""
    olga, number = made["olga"], Activity.objects.count()
    first = activity(olga, f"P-{number}", ["XKA", "XBO"])
    paid(first, olga, f"Paid-{number}", AUDIT)
    return first.id, activity(olga, f"F-{number}", ["XKA", "XBO"]).id


def counts(made: Books, id: str) -> tuple[object, ...]:
    found = taking_part(enter_activity(made["olga"], id))
    splits = [dict(found.by_sex), dict(found.by_part), dict(found.by_country)]
    return (found.total, found.attended, json.dumps(splits, sort_keys=True))


def test_a_restricted_person_is_not_counted_among_names(made: Books) -> None:
    id = somebody(made)
    register(by=made["olga"], activity=made.activity, participant=id)
    assert count_registrations(made.sight("fay")) == 1
    forget_participant(by=made["olga"], participant=id, asked_on=BEFORE)
    assert count_registrations(made.sight("fay")) == 0
