"""Organisations and participants: who may, who sees names, and two rows of one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kancil.desk.assessment.errors import ActNotYours, RecordNotFound
from kancil.desk.assessment.models import Act, Country
from kancil.desk.people.models import Person
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.errors import (
    ActivityNotFound,
    ChangedMeanwhile,
    NotOnePerson,
    OrganisationKnown,
)
from kancil.desk.programme.models import (
    HeadCount,
    ImportBatch,
    Organisation,
    Participant,
    Participation,
)
from kancil.desk.programme.people import alike, forgetting, organisations, participants
from kancil.desk.programme.people.alike import joined_to, suggested_for, suggestions
from kancil.desk.programme.people.organisations import ORGANISATIONS
from kancil.desk.programme.people.participants import PARTICIPANTS, took_part
from kancil.desk.programme.taking_part import registering as registrations
from kancil.desk.programme.taking_part import registration_files
from kancil.desk.programme.taking_part.registrations import taking_part
from kancil.programme.errors import ChildNotRegistered
from kancil.programme.people import (
    OrganisationEnd,
    OrganisationInput,
    OrganisationSearch,
    ParticipantInput,
    ParticipantSearch,
)
from kancil.programme.vocabulary import Audience, JoinReason, OrganisationKind, RegistrationState
from kancil.records.errors import FieldNotUsable
from tests.desk.desks import Desk
from tests.desk.programme.people_rows import BEFORE, Books, books

UNIT = OrganisationInput(name="Cybercrime Unit", kind=OrganisationKind.POLICE, country="XKA")
SCENE = ParticipantInput(name="Scene", country="XKA")
LINE = b'{"name": "Form Filler", "country": "XKA"}\n'


@pytest.fixture
def made(desk: Desk) -> Books:
    return books()


def test_an_organisation_is_added_once_changed_and_ended(made: Books) -> None:
    olga = made["olga"]
    unit = organisations.add_organisation(by=olga, given=UNIT).id
    with pytest.raises(OrganisationKnown):
        organisations.add_organisation(
            by=olga,
            given=OrganisationInput(
                name="CYBERCRIME  unit", kind=OrganisationKind.POLICE, country="XKA"
            ),
        )
    there = OrganisationInput(
        name="Cybercrime Unit", kind=OrganisationKind.POLICE, country="XBO", is_partner=True
    )
    organisations.add_organisation(by=olga, given=there)
    organisations.change_organisation(by=olga, on=unit, version=1, given=UNIT)
    organisations.end_organisation(
        by=olga, on=unit, given=OrganisationEnd(ended_on=date(2026, 5, 1))
    )
    assert _countries(olga) == ["XKA", "XBO"]
    assert list(ORGANISATIONS.choices(desk_of(olga))) == [Country.objects.get(code="XBO").name]
    assert _countries(made["fay"]) == ["XKA"]
    with pytest.raises(RecordNotFound):
        ORGANISATIONS.row(desk_of(made["far"]), unit)


def test_a_focal_point_names_people_of_their_own_country_alone(made: Books) -> None:
    made.add("Sok Dara", by="fay")
    for country in ("XBO", None):
        with pytest.raises(ActNotYours):
            made.add("Other", by="fay", country=country)  # type: ignore[arg-type]
    other = made.add("Bola Person", country="XBO")
    with pytest.raises(RecordNotFound):
        PARTICIPANTS.row(desk_of(made["fay"]), other)
    assert _found(made["fay"]) == ["Sok Dara"]
    for name in ("fin", "don", "mia", "lea", "rex", "ada"):
        with pytest.raises(ActNotYours):
            _found(made[name])
        with pytest.raises(ActNotYours):
            made.add("X", by=name)


def test_people_are_found_whatever_the_case_in_any_script(made: Books) -> None:
    for name in ("Élodie DURAND", "សុខ ដារា", "Ołga Żak"):
        made.add(name)
    made.add("Mail", email="Some.One@Example.org")
    wanted = {"élodie": 1, "ELODIE": 0, "ដារា": 1, "żak": 1, "some.one@example": 1, "zzz": 0}
    for text, count in wanted.items():
        assert len(_found(made["olga"], text)) == count, text


@pytest.mark.parametrize("age", ["under-18", "10-17", "under-10", "17", "child"])
def test_a_child_is_never_a_row(made: Books, age: str) -> None:
    with pytest.raises(ChildNotRegistered):
        made.add("Young", age_band=age)
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    "given",
    [{"email": "nobody"}, {"age_band": "300"}, {"consent_to": "Lists"}, {"name": " \u200b"},
     {"name": "x" * 201}],
)  # fmt: skip
def test_what_is_not_usable_is_refused(made: Books, given: dict[str, Any]) -> None:
    with pytest.raises(FieldNotUsable):
        made.add(**{"name": "Somebody", **given})


def test_the_machine_suggests_and_an_officer_joins_two_rows_of_one_person(made: Books) -> None:
    olga, desk = made["olga"], desk_of(made["olga"])
    one = made.add("Sok Dara", email="dara@example.org")
    same = made.add("Dara Sok", email="dara@example.org")
    named = made.add("SOK DARA")
    made.add("Sok Dara", country="XBO")
    assert {(each.other.id, each.because) for each in suggested_for(desk, one)} == {
        (same, JoinReason.EMAIL), (named, JoinReason.NAME),
    }  # fmt: skip
    assert {(each.one.id, each.other.id) for each in suggestions(desk)} == {
        (one, same), (one, named),
    }  # fmt: skip
    for id in (one, same):
        registrations.register(by=olga, activity=made.activity, participant=id)
    assert taking_part(made.sight("olga")).total == 2
    alike.join_participants(by=olga, participant=same, stands=one, because=JoinReason.EMAIL)
    assert taking_part(made.sight("olga")).total == 1, "counts take both for one"
    assert len(took_part(desk, one)) == 2
    ((id, because),) = [(each.id, each.because) for each in joined_to(desk, one)]
    assert (id, because) == (same, "email")
    with pytest.raises(RecordNotFound):
        PARTICIPANTS.row(desk, same)
    with pytest.raises(NotOnePerson):
        alike.join_participants(by=olga, participant=one, stands=one, because=JoinReason.KNOWN)
    alike.separate_participant(by=olga, participant=same)
    assert taking_part(made.sight("olga")).total == 2


def test_the_second_of_two_who_write_a_participant_is_told_who_was_first(made: Books) -> None:
    sok, olga, fay = _sok(made), made["olga"], made["fay"]
    before = PARTICIPANTS.row(desk_of(olga), sok)
    draft = ParticipantInput(name=before.name, country="XKA", office="Head of the unit")
    participants.change_participant(by=fay, on=sok, version=before.version, given=draft)
    late = ParticipantInput(name="Another name", country="XKA")
    with pytest.raises(ChangedMeanwhile) as refused:
        participants.change_participant(by=olga, on=sok, version=before.version, given=late)
    assert refused.value.params == {"name": fay.name}
    stands = PARTICIPANTS.row(desk_of(olga), sok)
    assert (stands.name, stands.office) == (before.name, "Head of the unit")
    participants.change_participant(by=olga, on=sok, version=stands.version, given=late)
    assert PARTICIPANTS.row(desk_of(olga), sok).name == "Another name"


def test_the_second_of_two_who_write_an_organisation_is_told_who_was_first(made: Books) -> None:
    olga = made["olga"]
    unit = organisations.add_organisation(by=olga, given=UNIT).id
    ours = OrganisationInput(
        name="Cybercrime Division", kind=OrganisationKind.POLICE, country="XKA"
    )
    organisations.change_organisation(by=olga, on=unit, version=1, given=ours)
    with pytest.raises(ChangedMeanwhile) as refused:
        organisations.change_organisation(by=olga, on=unit, version=1, given=UNIT)
    assert refused.value.params == {"name": olga.name}
    row = ORGANISATIONS.row(desk_of(olga), unit)
    assert (row.name, row.version) == ("Cybercrime Division", 2)


def test_no_line_of_record_names_a_person(made: Books) -> None:
    olga = made["olga"]
    id = made.add("Secret Name", email="secret@example.org", office="Secret Office")
    registrations.register(by=olga, activity=made.activity, participant=id)
    forgetting.forget_participant(by=olga, participant=id, asked_on=BEFORE)
    for act in Act.objects.all():
        assert "ecret" not in f"{act.about} {act.details}"


def _countries(by: Person) -> list[str | None]:
    rows = ORGANISATIONS.found(desk_of(by), OrganisationSearch())
    return [each.country_id for each in rows]


def _found(by: Person, text: str = "") -> list[str]:
    rows = PARTICIPANTS.found(desk_of(by), ParticipantSearch(name_or_email=text))
    return [each.name for each in rows]


Scene = tuple[Callable[..., Any], str, set[str], Callable[[Books], dict[str, Any]]]
OFFICER, NAMING = {"olga"}, {"olga", "fay"}


def _sok(made: Books) -> int:
    found = Participant.objects.filter(name="Scene").first()
    return found.pk if found else made.add("Scene")


def _registered(made: Books) -> int:
    found = Participation.objects.filter(participant_id=_sok(made)).first()
    if found is None:
        registrations.register(by=made["olga"], activity=made.activity, participant=_sok(made))
        return _registered(made)
    return found.pk


def _batch(made: Books) -> str:
    return str(ImportBatch.objects.get(undone_at=None).id)


def _count(made: Books) -> dict[str, Any]:
    return {"activity": made.activity, "count": 7, "counted_on": BEFORE, "how": "By teachers"}


def _organisation(made: Books) -> str:
    return Organisation.objects.order_by("name")[0].id


SCENES: list[Scene] = [
    (organisations.add_organisation, "olga", OFFICER, lambda m: {"given": UNIT}),
    (organisations.change_organisation, "olga", OFFICER,
     lambda m: {"on": _organisation(m), "version": 1, "given": UNIT}),
    (organisations.end_organisation, "olga", OFFICER,
     lambda m: {"on": _organisation(m), "given": OrganisationEnd(ended_on=BEFORE)}),
    (participants.add_participant, "fay", NAMING, lambda m: {"given": SCENE}),
    (participants.change_participant, "fay", NAMING,
     lambda m: {"on": _sok(m), "version": 1,
                "given": SCENE.model_copy(update={"office": "Head"})}),
    (registrations.register, "fay", NAMING,
     lambda m: {"activity": m.activity, "participant": _sok(m)}),
    (registrations.register_new, "fay", NAMING,
     lambda m: {"activity": m.activity, "given": ParticipantInput(name="Twin", country="XKA")}),
    (registrations.set_state, "olga", OFFICER,
     lambda m: {"activity": m.activity, "registrations": [_registered(m)],
                "state": RegistrationState.CONFIRMED}),
    (registrations.set_state, "fay", NAMING,
     lambda m: {"activity": m.activity, "registrations": [_registered(m)],
                "state": RegistrationState.WITHDRAWN}),
    (registrations.add_head_count, "fay", NAMING,
     lambda m: {**_count(m), "series": "School 7", "country": "XKA", "who": Audience.CHILDREN}),
    (registrations.correct_head_count, "fay", NAMING,
     lambda m: {**_count(m), "head_count": _head_count()}),
    (registration_files.import_registrations, "olga", OFFICER,
     lambda m: {"activity": m.activity, "data": LINE, "file_name": "f.jsonl"}),
    (registration_files.undo_registrations, "olga", OFFICER, lambda m: {"batch": _batch(m)}),
    (alike.join_participants, "olga", OFFICER,
     lambda m: {"participant": _twin(), "stands": _sok(m), "because": JoinReason.KNOWN}),
    (alike.separate_participant, "olga", OFFICER, lambda m: {"participant": _twin()}),
    (forgetting.forget_participant, "olga", OFFICER, lambda m: {"participant": _sok(m)}),
]  # fmt: skip


def _head_count() -> str:
    return str(HeadCount.objects.get(replaced_at=None).id)


def _twin() -> int:
    return Participant.objects.get(name="Twin").pk


def test_every_act_asks_who_and_writes_one_line_of_record(made: Books) -> None:
    refusals = (ActNotYours, ActivityNotFound, RecordNotFound)
    for act, by, may, call in SCENES:
        for other in sorted(set(made.people) - may):
            with pytest.raises(refusals):
                act(by=made[other], **call(made))
        given = call(made)
        before = Act.objects.count()
        act(by=made[by], **given)
        assert Act.objects.count() == before + 1, act
        written = Act.objects.latest("id")
        assert written.person_id == made[by].pk
    with pytest.raises(ActNotYours):
        forgetting.forget_due(by=made["fay"])
    assert forgetting.forget_due(by=made["olga"], today=BEFORE) == 0
