"""Trainees of a pasted list join by their slips; what ended goes on again with a reason."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kancil.desk.people.actions import add_person
from kancil.desk.people.models import Person, Role
from kancil.desk.people.queries import person_at
from kancil.desk.training.actions.classes import (
    class_by_code,
    end_class,
    open_class,
    reopen_attempt,
    reopen_class,
)
from kancil.desk.training.actions.marks import mark_run, release_marks
from kancil.desk.training.actions.slips import (
    ANOTHER,
    MOST_LISTED,
    TWICE,
    add_listed,
    doubts_of,
    new_password_for,
    read_names,
    slips_of,
    use_slip,
)
from kancil.desk.training.actions.work import submit
from kancil.desk.training.errors import (
    ActNeedsReason,
    AttemptSubmitted,
    ClassCertified,
    JoinCodeWrong,
    LabOver,
    ListNotUsable,
    MarksSeen,
    NamesakeUndecided,
    TrainingNotYours,
)
from kancil.desk.training.models import (
    Attempt,
    Enrolment,
    IssuedCertificate,
    JoinSlip,
    Reopening,
    TrainingClass,
)
from kancil.ground import clock
from tests.desk.training.school import PASSWORD, School


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Noy Vong\n\n  Kham  Dao \n", [("Noy Vong", "noy.vong"), ("Kham Dao", "kham.dao")]),
        ("Name\tE-mail\nNoy\tn.vong@police.example\n", [("Noy", "n.vong")]),
        ("Vong, Noy,noy@x.example", [("Vong, Noy", "noy")]),
        ("Vong, Noy", [("Vong, Noy", "vong.noy")]),
        ("Noy\tVong\tnv@x.example", [("Noy Vong", "nv")]),
        ("สมชาย", [("สมชาย", "trainee")]),
        ("José Nuñez", [("José Nuñez", "jose.nunez")]),
        ("only@x.example", [("only", "only")]),
    ],
)
def test_a_list_is_read_as_it_is_pasted(text: str, said: list[tuple[str, str]]) -> None:
    assert [(each.name, each.username) for each in read_names(text)] == said


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), (" \n\n", 1), ("x" * 201, 1), ("Noy\nA\x00b", 2),
     ("\n".join(["Noy"] * (MOST_LISTED + 1)), MOST_LISTED + 1)],
)  # fmt: skip
def test_a_list_that_cannot_be_taken_names_its_line(text: str, line: int) -> None:
    with pytest.raises(ListNotUsable) as error:
        read_names(text)
    assert error.value.params["line"] == line


def listed(school: School, text: str, answer: str = "") -> list[JoinSlip]:
    """Its new slips; `answer` to whoever may be there already."""
    names = read_names(text)
    return add_listed(
        school.ledger, by=school.trainer, acting=school.server(school.trainer),
        authenticated_by="password", training_class=school.training_class,
        listed=names, answers={each.key: answer for each in doubts_of(names)},
    ).slips  # fmt: skip


def test_each_of_a_list_has_an_account_that_opens_by_its_slip_alone_and_once(
    school: School,
) -> None:
    run = school.give()
    made = listed(school, "Noy\nNoy\nsomchai@x.example", ANOTHER)
    assert [each.enrolment.person.username for each in made] == ["noy", "noy2", "somchai"]
    school.work()
    assert run.variants.count() == 3, "a variant for each, before they have joined"
    first = made[0]
    assert first.code is not None
    person = first.enrolment.person
    assert (person.role, person.officer, person.has_usable_password()) == (
        Role.TRAINEE, None, False,
    )  # fmt: skip
    with pytest.raises(ValidationError):
        use_slip(code=first.code, password="short", language="en")
    typed = f"{first.code[:4].lower()}-{first.code[4:]}"
    joined = use_slip(code=typed, password=PASSWORD, language="en")
    assert joined.check_password(PASSWORD)
    for code in (first.code, "ZZZZ9999", ""):
        with pytest.raises(JoinCodeWrong):
            use_slip(code=code, password=PASSWORD, language="en")
    with pytest.raises(JoinCodeWrong):
        class_by_code(made[1].code or "")
    assert [each.pk for each in slips_of(school.training_class, school.trainer)] == [
        each.pk for each in made[1:]
    ]
    end_class(by=school.trainer, training_class=school.training_class)
    with pytest.raises(JoinCodeWrong):
        use_slip(code=made[1].code or "", password=PASSWORD, language="en")


def another_class(school: School, by: Person) -> TrainingClass:
    first = school.training_class
    return open_class(
        by=by, title="Second", begins_on=first.begins_on, ends_on=first.ends_on,
        recipients=[first.recipients],
    )  # fmt: skip


def test_a_name_that_is_there_is_asked_about_and_never_doubled_silently(school: School) -> None:
    listed(school, "Noy Vong\nสมชาย")
    for text in ("noy  VONG", "Nóy Vong", "Somebody\tnoy.vong@x.example", "Kham\nKham"):
        people = Person.objects.count()
        with pytest.raises(NamesakeUndecided):
            listed(school, text)
        assert Person.objects.count() == people, "all of them or none"
    assert not doubts_of(read_names("สมศรี\nKham\nNoy")), "no letters in common, no doubt"
    with pytest.raises(NamesakeUndecided):
        listed(school, "Noy Vong", TWICE)
    assert listed(school, "Noy Vong", ANOTHER)[0].enrolment.person.username == "noy.vong2"
    (twice,) = doubts_of(read_names("Kham\nKham"))
    assert (twice.number, twice.accounts, twice.answers) == (2, (), (TWICE, ANOTHER))
    assert [each.enrolment.person.name for each in listed(school, "Kham\nKham", TWICE)] == ["Kham"]


def test_a_name_is_found_by_name_or_account_once_and_in_the_order_of_the_accounts(
    school: School,
) -> None:
    people = [school.join("noy"), school.join("kham")]
    Person.objects.filter(pk=people[1].pk).update(name="NOY")
    (doubt,) = doubts_of(read_names("noy"))
    assert doubt.accounts == tuple(people)
    assert doubt.answers == (str(people[0].pk), str(people[1].pk), ANOTHER)


def test_one_person_in_two_classes_keeps_one_account_and_gets_no_other_slip(
    school: School,
) -> None:
    (slip,) = listed(school, "Noy")
    noy, first = slip.enrolment.person, school.training_class
    other, _ = add_person(username="other", name="Other", role=Role.TRAINER)
    stranger, own = another_class(school, other), another_class(school, school.trainer)
    for of in (stranger, own):
        school.training_class = of
        assert listed(school, "Noy", str(noy.pk)) == []
        assert listed(school, "Noy", str(noy.pk)) == [], "once more changes nothing"
    assert (noy.enrolments.count(), JoinSlip.objects.count()) == (3, 1)
    assert slips_of(stranger, other) == [], "its holder could take the account over"
    assert slips_of(own, school.trainer) == [slip] == slips_of(first, other)
    end_class(by=school.trainer, training_class=first)
    assert use_slip(code=slip.code or "", password=PASSWORD, language="en") == noy
    assert listed(school, "Noy", str(noy.pk)) == []
    assert Person.objects.get(pk=noy.pk).check_password(PASSWORD)
    with pytest.raises(TrainingNotYours):
        new_password_for(
            school.ledger, by=other, acting=school.server(other), because="forgot it",
            enrolment=noy.enrolments.get(training_class=stranger),
        )  # fmt: skip


def test_a_list_is_taken_whole_or_not_at_all_and_by_trainers_alone(school: School) -> None:
    noy = school.join("noy")
    with pytest.raises(TrainingNotYours):
        add_listed(
            school.ledger, by=noy, acting=school.server(noy), authenticated_by="password",
            training_class=school.training_class, listed=read_names("Kham"),
        )  # fmt: skip
    head = school.ledger.head().size
    with pytest.raises(ListNotUsable):
        listed(school, "Kham\n" + "x" * 201)
    assert (Enrolment.objects.count(), school.ledger.head().size) == (1, head)


def test_a_trainer_gives_a_trainee_another_password_and_the_ledger_has_it(school: School) -> None:
    noy = school.join("noy")
    enrolment = Enrolment.objects.get()
    given = new_password_for(
        school.ledger, by=school.trainer, acting=school.server(school.trainer),
        enrolment=enrolment, because="forgot it",
    )  # fmt: skip
    after = person_at(noy.pk)
    assert after is not None
    assert after.check_password(given)
    assert after.must_change_password
    last = school.ledger.read(school.ledger.head().size)
    assert (last.kind, last.body["change"], last.body["reason"]) == (
        "account.changed", "password", "forgot it",
    )  # fmt: skip
    assert last.body["account"] == "noy"
    with pytest.raises(TrainingNotYours):
        new_password_for(
            school.ledger, by=noy, acting=school.server(noy), enrolment=enrolment, because="x"
        )


def test_what_was_handed_in_goes_on_with_a_reason_until_the_marks_are_seen(
    school: School,
) -> None:
    noy = school.join("noy")
    run = school.give()
    attempt = school.start(run, noy)
    handed = submit(school.ledger, attempt=attempt).submitted_at
    with pytest.raises(AttemptSubmitted):
        school.answer(attempt, "amount", "1")
    again = {"by": school.trainer, "attempt": attempt, "minutes": 30, "now": clock.now()}
    with pytest.raises(ActNeedsReason):
        reopen_attempt(because="", **again)  # type: ignore[arg-type]
    with pytest.raises(TrainingNotYours):
        reopen_attempt(because="x", **{**again, "by": noy})  # type: ignore[arg-type]
    reopen_attempt(because="Pressed it by mistake.", **again)  # type: ignore[arg-type]
    row = Reopening.objects.get()
    assert (row.was_over_at, row.because, row.by) == (
        handed, "Pressed it by mistake.", school.trainer,
    )  # fmt: skip
    school.answer(attempt, "amount", "1")
    submit(school.ledger, attempt=attempt)
    mark_run(school.ledger, school.workspace, run=run, identities=[school.identity],
             by=school.trainer)  # fmt: skip
    release_marks(school.ledger, by=school.trainer, run=run)
    with pytest.raises(MarksSeen):
        reopen_attempt(because="Once more.", **again)  # type: ignore[arg-type]


def test_work_whose_time_ran_out_gets_minutes_from_now(school: School) -> None:
    noy = school.join("noy")
    run = school.give(open_for=62)
    attempt = school.start(run, noy)
    Attempt.objects.update(due_at=clock.now())
    with pytest.raises(LabOver):
        school.answer(attempt, "amount", "1")
    now = clock.now()
    reopen_attempt(by=school.trainer, attempt=attempt, because="Power cut", minutes=30, now=now)
    school.answer(attempt, "amount", "1")
    assert (Attempt.objects.get().due_at - now).total_seconds() == 1800


def test_an_ended_class_goes_on_until_a_certificate_was_issued(school: School) -> None:
    old, of = school.training_class.join_code, school.training_class
    end_class(by=school.trainer, training_class=of)
    with pytest.raises(ActNeedsReason):
        reopen_class(by=school.trainer, training_class=of, because=" ")
    reopen_class(by=school.trainer, training_class=of, because="Ended a day early.")
    of.refresh_from_db()
    assert of.ended_at is None
    assert of.join_code not in (None, old)
    assert Reopening.objects.get().attempt is None
    noy = school.join("noy")
    end_class(by=school.trainer, training_class=of)
    IssuedCertificate.objects.create(
        id="1", enrolment=Enrolment.objects.get(person=noy), credential="{}", issued_by="T",
        issued_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(ClassCertified):
        reopen_class(by=school.trainer, training_class=of, because="Again.")
