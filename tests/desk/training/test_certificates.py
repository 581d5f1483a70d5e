"""Certificates are given for released marks, revoked by lists, and packages tell only counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kancil.custody.keys import KeyRing
from kancil.desk.training.actions.certificates import (
    CourseTaken,
    issue_again,
    issue_certificates,
    make_list,
    revoke_certificate,
    state_consent,
)
from kancil.desk.training.actions.classes import end_class
from kancil.desk.training.actions.evaluation import hand_in_sheet, note_mentoring, state_tally
from kancil.desk.training.actions.marks import mark_run, mark_text, release_marks
from kancil.desk.training.actions.packages import make_class_package, review_class_package
from kancil.desk.training.actions.work import submit
from kancil.desk.training.errors import (
    ActNeedsReason,
    CertificateNotFound,
    ClassMovedOn,
    ClassNotEnded,
    ClassPackageNotFound,
    FormNotDue,
    MadeItself,
    NobodyToCertify,
    SheetHandedIn,
    TallyNotWhole,
)
from kancil.desk.training.models import (
    Attempt,
    Enrolment,
    EvaluationSheet,
    IssuedCertificate,
    LabRun,
    MentoringNote,
    TrainingClass,
)
from kancil.desk.training.queries.certificates import candidates, issued_certificate, signed_of
from kancil.desk.training.queries.passing import scheme_of
from kancil.desk.training.queries.work import newest_mark
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.ground.signing import Signer
from kancil.records.package import read_package
from kancil.training.badges.certificate import (
    Achievement,
    SignedCertificate,
    credential_bytes,
    credential_of,
)
from kancil.training.badges.errors import AlreadyRevoked
from kancil.training.badges.reading import compact_text, read_certificate
from kancil.training.badges.revocations import RevocationReason, read_revocations
from kancil.training.badges.verdict import judge
from kancil.training.errors import EvaluationSheetWrong
from tests.desk.training.school import School

TAKEN = CourseTaken("bitcoin-tracing", "Tracing bitcoin", "1.0", 30)


@pytest.fixture
def signer(school: School) -> Signer:
    return KeyRing(school.workspace.keys_dir).unit_signer()


def worked(school: School, *names: str) -> None:
    """Trainees join, work the lab rightly, and see their marks."""
    people = [school.join(name) for name in names]
    run = school.give()
    for person in people:
        attempt = school.start(run, person)
        school.answer_rightly(attempt)
        submit(school.ledger, attempt=attempt)
    mark_run(
        school.ledger, school.workspace, run=run, identities=[school.identity], by=school.trainer
    )
    for attempt in Attempt.objects.filter(variant__run=run):
        mark_text(school.workspace, attempt=attempt, question="account",
                  points={"clear": 2, "limits": 2}, comment="", by=school.trainer)  # fmt: skip
    release_marks(school.ledger, by=school.trainer, run=run)


def issue(school: School, signer: Signer, **more: Any) -> Any:
    return issue_certificates(
        school.ledger, training_class=school.training_class, taken=TAKEN, signer=signer,
        by="Teacher", **more,
    )  # fmt: skip


@pytest.mark.thorough
def test_a_certificate_names_the_marked_lab_and_points_only_by_consent(
    school: School, signer: Signer
) -> None:
    worked(school, "noy", "kham")
    with pytest.raises(ClassNotEnded):
        issue(school, signer)
    end_class(by=school.trainer, training_class=school.training_class)
    noy = Enrolment.objects.get(person__username="noy")
    state_consent(noy, is_given=True)
    made = {each.certificate.name: each for each in issue(school, signer)}
    lab = made["Noy"].certificate.marked[0]
    mark = newest_mark(Attempt.objects.get(person__username="noy"))
    assert mark is not None
    assert (lab.kind.value, lab.percent) == ("lab", mark.earned_hundredths // mark.points)
    assert made["Kham"].certificate.marked[0].percent is None
    assert made["Noy"].certificate.taken.since == date(2026, 3, 9)
    with pytest.raises(NobodyToCertify):
        issue(school, signer)
    for row in IssuedCertificate.objects.all():
        assert signed_of(row) == read_certificate(row.credential.encode(), "again")
        assert row.issued_by == "Teacher"
    assert not any(each.is_marked_again for each in candidates(school.training_class))
    mark.pk, mark.at = None, clock.now()  # as a corrected key gives other marks
    mark.save(force_insert=True)
    again = {each.enrolment.person.name: each for each in candidates(school.training_class)}
    assert (again["Noy"].is_marked_again, again["Kham"].is_marked_again) == (True, False)
    revoke_and_give_again(school, signer, made["Noy"])


def test_only_who_reaches_the_pass_mark_has_a_certificate_of_passing(
    school: School, signer: Signer
) -> None:
    """Twice: by the class's own pass mark, and after one more lab, which counts nothing."""
    worked(school, "noy")
    kham = school.join("kham")
    run = LabRun.objects.get()
    school.work()
    attempt = school.start(run, kham)
    school.answer(attempt, "amount", "0.25")
    submit(school.ledger, attempt=attempt)
    mark_run(school.ledger, school.workspace, run=run, identities=[school.identity],
             by=school.trainer)  # fmt: skip
    end_class(by=school.trainer, training_class=school.training_class)
    made = {each.certificate.name: each for each in issue(school, signer)}
    noy, other = made["Noy"].certificate, made["Kham"].certificate
    assert (noy.achievement, noy.pass_percent) == (Achievement.PASSED, 60)
    assert (other.achievement, other.pass_percent) == (Achievement.ATTENDED, None)
    for each in made.values():
        assert read_certificate(credential_bytes(each), "c") == each
        assert read_certificate(compact_text(each).encode(), "c") == each
    types = {name: credential_of(each)["credentialSubject"]["achievement"]["achievementType"]
             for name, each in made.items()}  # fmt: skip
    assert types == {"Noy": "CertificateOfCompletion", "Kham": "ext:CertificateOfAttendance"}


def test_a_lab_that_was_not_handed_in_counts_nothing_and_an_unreleased_one_lets_nobody_pass(
    school: School,
) -> None:
    worked(school, "noy")
    of = school.training_class
    whole = candidates(of)[0].reached
    assert (whole.has_passed, whole.pass_percent) == (True, 60)
    kham = school.join("kham")
    second = school.give()
    assert candidates(of)[1].reached.share == whole.share, "nobody began it"
    submit(school.ledger, attempt=school.start(second, kham))
    assert candidates(of)[1].reached.share is None
    mark_run(school.ledger, school.workspace, run=second, identities=[school.identity],
             by=school.trainer)  # fmt: skip
    release_marks(school.ledger, by=school.trainer, run=second)
    half = candidates(of)[1].reached
    assert half.share is not None
    assert whole.share is not None
    assert (half.share, half.has_passed) == (whole.share / 2, False)
    TrainingClass.objects.update(pass_percent=40)
    of.refresh_from_db()
    assert candidates(of)[1].reached.has_passed
    TrainingClass.objects.update(course="bitcoin-tracing")
    of.refresh_from_db()
    assert scheme_of(school.workspace.root, of).fault == Phrase("web.training.no-own-test")


def revoke_and_give_again(school: School, signer: Signer, signed: SignedCertificate) -> None:
    """A revoked certificate is on the next list, and the trainee may be given another."""
    name = signed.certificate.id
    first = make_list(school.ledger, signer=signer)
    second = revoke_certificate(
        school.ledger, certificate=name, reason=RevocationReason.MISTAKE, signer=signer, by="T"
    )
    lists = [read_revocations(each.data.encode(), "l") for each in (first, second)]
    assert [each.list.number for each in lists] == [1, 2]
    found = judge(signed, key=signed.fingerprint, lists=lists, at=clock.now())
    assert (found.exit_status, found.list_number) == (12, 2)
    with pytest.raises(AlreadyRevoked):
        revoke_certificate(
            school.ledger, certificate=name, reason=RevocationReason.ASKED, signer=signer, by="T"
        )
    with pytest.raises(CertificateNotFound):
        issued_certificate("none")
    standing = {each.enrolment.person.name: each for each in candidates(school.training_class)}
    assert (standing["Noy"].certificate, standing["Noy"].is_due) == (None, False)
    with pytest.raises(NobodyToCertify):
        issue(school, signer)
    revoked = issued_certificate(name)
    again: dict[str, Any] = {"revoked": revoked, "signer": signer, "by": "Teacher"}
    with pytest.raises(ActNeedsReason):
        issue_again(school.ledger, because=" ", **again)
    made = issue_again(school.ledger, because="The name was misspelt.", **again)
    assert made.certificate.id != name
    assert issued_certificate(made.certificate.id).again_because == "The name was misspelt."
    with pytest.raises(NobodyToCertify):
        issue_again(school.ledger, because="Once more.", **again)


def test_sheets_bear_no_name_and_come_once_and_in_their_time(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.join("noy")
    noy, of = Enrolment.objects.get(), school.training_class
    monkeypatch.setattr(clock, "now", lambda: clock.from_text("2026-03-13T08:00:00.000000Z"))
    hand_in_sheet(of, form="reaction", answers={"pace": 4}, enrolment=noy)
    with pytest.raises(SheetHandedIn):
        hand_in_sheet(of, form="reaction", answers={"pace": 1}, enrolment=noy)
    with pytest.raises(FormNotDue):
        hand_in_sheet(of, form="behaviour-3-mentor", answers={"states-limits": 4})
    with pytest.raises(EvaluationSheetWrong):
        hand_in_sheet(of, form="behaviour-3-mentor", answers={"states-limits": 4}, enrolment=noy)
    monkeypatch.setattr(clock, "now", lambda: clock.from_text("2026-06-13T08:00:00.000000Z"))
    hand_in_sheet(of, form="behaviour-3-mentor", answers={"states-limits": 4})
    kept = EvaluationSheet.objects.get(form="reaction")
    assert kept.answers == {"pace": 4}
    names = {each.name for each in EvaluationSheet._meta.get_fields()}
    assert names == {"id", "training_class", "form", "answers"}


def test_mentoring_is_written_down(school: School) -> None:
    school.join("noy")
    given: dict[str, Any] = {
        "on": date(2026, 4, 1), "mentor": "Somphone", "agreed": "One trace a week", "by": "Teacher",
    }  # fmt: skip
    note_mentoring(Enrolment.objects.get(), minutes=60, topic="tracing", **given)
    with pytest.raises(EvaluationSheetWrong):
        note_mentoring(Enrolment.objects.get(), minutes=0, topic="tracing", **given)
    assert MentoringNote.objects.get().agreed == "One trace a week"


@pytest.mark.thorough
def test_a_class_leaves_as_counts_that_two_trainers_saw(school: School, signer: Signer) -> None:
    worked(school, "noy", "kham", "dao", "seng", "vone")
    of, ledger = school.training_class, school.ledger
    with pytest.raises(TallyNotWhole):
        state_tally(of, counts={"sex": {"female": 4}}, by="Teacher")
    state_tally(of, counts={"sex": {"female": 5}, "country": {"LA": 5}}, by="Teacher")
    with pytest.raises(ClassNotEnded):
        make_class_package(ledger, training_class=of, to="Programme", by="Teacher")
    end_class(by=school.trainer, training_class=of)
    of.refresh_from_db()
    issue(school, signer)
    draft = make_class_package(ledger, training_class=of, to="Programme", by="Teacher")
    with pytest.raises(MadeItself):
        review_class_package(ledger, package=draft.id, signer=signer, by="Teacher")
    made = review_class_package(ledger, package=draft.id, signer=signer, by="Second trainer")
    package = read_package(made.data.encode(), "made").package
    assert (package.site.kind.value, package.review.name) == ("classroom", "Second trainer")
    assert {row[0]: row[1] for row in package.table("training-numbers").rows}["certified"] == 5
    assert package.table("training-labs").rows[0][1:][:2] == (5, 5)
    for name in ("Noy", "Kham", "Teacher"):
        assert name not in made.data
    with pytest.raises(ClassPackageNotFound):
        review_class_package(ledger, package=draft.id, signer=signer, by="Second trainer")
    again = make_class_package(ledger, training_class=of, to="Programme", by="Teacher")
    assert again.supersedes == made.id
    state_tally(of, counts={"sex": {"male": 5}}, by="Teacher")
    with pytest.raises(ClassMovedOn):
        review_class_package(ledger, package=again.id, signer=signer, by="Second trainer")
