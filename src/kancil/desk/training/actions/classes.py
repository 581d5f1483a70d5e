"""Acts of classes: opened, joined, ended."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db.models import ProtectedError

from kancil.custody.keys import KeyRing
from kancil.desk.access.actions import admit_person
from kancil.desk.access.server import server_for
from kancil.desk.base.opening import current_workspace, one_change
from kancil.desk.cases.index import open_ledger
from kancil.desk.custody.store import one_transaction
from kancil.desk.jobs.job import Asked
from kancil.desk.people.models import Person, Role
from kancil.desk.training.access import require_trainer
from kancil.desk.training.errors import (
    ActNeedsReason,
    ClassCertified,
    ClassDaysBackwards,
    ClassEnded,
    EnrolledAlready,
    JoinCodeWrong,
    MarksSeen,
    TraineeHasWork,
)
from kancil.desk.training.jobs.making import make_variants
from kancil.desk.training.models import (
    AdmittedFile,
    Attempt,
    ClassState,
    Enrolment,
    IssuedCertificate,
    JoinSlip,
    LabRun,
    Reopening,
    Sitting,
    TrainingClass,
    Variant,
)
from kancil.evidence.age import read_recipients
from kancil.ground import clock

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of join codes: no letter or digit that is read as another one."""
CODE_LENGTH = 8
PASS_PERCENT = 60
"""Our own choice, as the courses that come with Kancil have it; a trainer states another."""
BY_CODE = "join code"
"""How the site recognised whoever joins: what the entry of their account states."""


def open_class(
    *,
    by: Person,
    title: str,
    begins_on: date,
    ends_on: date,
    recipients: Sequence[str],
    course: str = "",
    pass_percent: int = PASS_PERCENT,
) -> TrainingClass:
    """Open a class with a new join code; `by` is its first trainer.

    `pass_percent`: the pass mark where no course states one.
    `recipients`: `age1…`, of whoever will open the keys of its labs. Raises ClassDaysBackwards,
    OptionNotUsable, TrainingNotYours.
    """
    require_trainer(by)
    if ends_on < begins_on:
        raise ClassDaysBackwards(since=begins_on.isoformat(), until=ends_on.isoformat())
    lines = [each.strip() for each in recipients if each.strip()]
    read_recipients([each if each.startswith("age1") else "age1" for each in lines], "recipient")
    with one_change():
        made = TrainingClass.objects.create(
            title=title, course=course, join_code=fresh_code(), begins_on=begins_on,
            ends_on=ends_on, pass_percent=pass_percent, recipients="\n".join(lines),
            opened_by=by, opened_at=clock.now(),
        )  # fmt: skip
        made.trainers.add(by)
    return made


def fresh_code() -> str:
    """A code that no class and no slip has; with 31^8 of them it is free at the first try."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        is_class = TrainingClass.objects.filter(join_code=code).exists()
        if not is_class and not JoinSlip.objects.filter(code=code).exists():
            return code


def typed_code(text: str) -> str:
    """A join code as it is meant, without spaces and hyphens, in capitals."""
    return "".join(each for each in text.upper() if each.isalnum())


def renew_code(*, by: Person, training_class: TrainingClass) -> str:
    """A new join code in place of one that got about; raises ClassEnded, TrainingNotYours."""
    require_trainer(by)
    with one_change():
        row = _locked(training_class)
        row.join_code = fresh_code()
        row.save(update_fields=["join_code"])
    return row.join_code


def class_by_code(code: str) -> TrainingClass:
    """The open class of a join code, as it was typed; raises JoinCodeWrong."""
    meant = typed_code(code)
    found = None
    if len(meant) == CODE_LENGTH:
        found = TrainingClass.objects.filter(join_code=meant, state=ClassState.OPEN).first()
    if found is None:
        raise JoinCodeWrong
    return found


def join_class(*, code: str, username: str, name: str, password: str, language: str) -> Person:
    """Make an account with the role of a trainee for whoever knows a class's join code.

    The account and its entry are signed by the server on behalf of the account itself. Raises
    JoinCodeWrong, AccountNameTaken, TextNotStorable, KeyNotActive (no server serves), and Django's
    ValidationError for a password that is not strong enough.
    """
    joined = class_by_code(code)
    validate_password(password, Person(username=username, name=name))
    workspace = current_workspace()
    ledger, keys = open_ledger(workspace), KeyRing(workspace.keys_dir)
    newcomer = Person(username=username, name=name)
    newcomer.set_password(password)  # slow by intent, so before the lock
    with one_transaction():
        by = server_for(ledger, keys, newcomer, BY_CODE)
        person, _ = admit_person(ledger, username=username, name=name, role=Role.TRAINEE, by=by)
        person.password, person.must_change_password = newcomer.password, False
        person.language = language
        person.save(update_fields=["password", "must_change_password", "language"])
        enrol(joined, person, BY_CODE)
    return person


def enrol(training_class: TrainingClass, person: Person, authenticated_by: str) -> Enrolment:
    """Put a person into a class, and have variants made of the labs that it was given.

    `authenticated_by`: how the site recognised the person. Raises ClassEnded, EnrolledAlready.
    """
    with one_change():
        row = _locked(training_class)
        if Enrolment.objects.filter(training_class=row, person=person).exists():
            raise EnrolledAlready(title=row.title)
        now = clock.now()
        made = Enrolment.objects.create(training_class=row, person=person, joined_at=now)
        for run in LabRun.objects.filter(training_class=row, closes_at__gt=now):
            make_variants.by(Asked(person, authenticated_by)).enqueue(run=run.id)
    return made


def remove_trainee(*, by: Person, enrolment: Enrolment) -> None:
    """Take somebody out of a class in which they did nothing, as who joined it twice.

    The account stays, and can join again. Raises ClassEnded, TraineeHasWork, TrainingNotYours.
    """
    require_trainer(by)
    try:
        with one_change():
            of = _locked(enrolment.training_class)
            if Sitting.objects.filter(test__training_class=of, person=enrolment.person).exists():
                raise TraineeHasWork
            JoinSlip.objects.filter(enrolment=enrolment).delete()
            AdmittedFile.objects.filter(variant__enrolment=enrolment).delete()
            Variant.objects.filter(enrolment=enrolment).delete()
            enrolment.delete()
    except ProtectedError as error:
        raise TraineeHasWork from error


def end_class(*, by: Person, training_class: TrainingClass) -> None:
    """End a class: nobody joins it, and its labs are over. Raises ClassEnded, TrainingNotYours."""
    require_trainer(by)
    with one_change():
        row = _locked(training_class)
        now = clock.now()
        row.state, row.join_code, row.ended_by, row.ended_at = ClassState.ENDED, None, by, now
        row.save(update_fields=["state", "join_code", "ended_by", "ended_at"])


def reopen_class(*, by: Person, training_class: TrainingClass, because: str) -> None:
    """Let a class go on that was ended, with a new join code; the reason is kept.

    Work whose time is over stays over. Raises ActNeedsReason, ClassCertified where a certificate
    was issued on its end, TrainingNotYours.
    """
    require_trainer(by)
    if not because.strip():
        raise ActNeedsReason
    with one_change():
        row = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        if row.ended_at is None:
            return
        if IssuedCertificate.objects.filter(enrolment__training_class=row).exists():
            raise ClassCertified(title=row.title)
        _note_reopening(row, None, row.ended_at, because, by)
        row.state, row.join_code, row.ended_by, row.ended_at = (
            ClassState.OPEN, fresh_code(), None, None,
        )  # fmt: skip
        row.save(update_fields=["state", "join_code", "ended_by", "ended_at"])


def reopen_attempt(
    *, by: Person, attempt: Attempt, because: str, minutes: int, now: datetime
) -> None:
    """Let a trainee go on with what was handed in or ran out of time; the reason is kept.

    `minutes`: from `now` on. Raises ActNeedsReason, MarksSeen where the marks of the lab are
    released (they tell the answers), ClassEnded, TrainingNotYours.
    """
    require_trainer(by)
    if not because.strip():
        raise ActNeedsReason
    with one_change():
        row = Attempt.objects.select_for_update().get(pk=attempt.pk)
        run = LabRun.objects.select_related("training_class").get(pk=attempt.variant.run_id)
        if run.released_at is not None:
            raise MarksSeen
        of = _locked(run.training_class)
        was_over = row.submitted_at or row.due_at
        if row.submitted_at is None and row.due_at > now:
            return
        _note_reopening(of, row, was_over, because, by)
        row.submitted_at, row.due_at = None, max(row.due_at, now + timedelta(minutes=minutes))
        row.save(update_fields=["submitted_at", "due_at"])


def _note_reopening(
    of: TrainingClass, attempt: Attempt | None, was_over_at: datetime, because: str, by: Person
) -> None:
    Reopening.objects.create(
        training_class=of, attempt=attempt, was_over_at=was_over_at,
        because=because.strip()[:1000], by=by, at=clock.now(),
    )  # fmt: skip


def _locked(training_class: TrainingClass) -> TrainingClass:
    """The row under its lock; raises ClassEnded."""
    row = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    if row.state == ClassState.ENDED:
        raise ClassEnded(title=row.title)
    return row
