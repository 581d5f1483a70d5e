"""The pages after the work: certificates, evaluation, and what leaves of a class."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from kancil.desk.people.actions import add_person
from kancil.desk.people.models import Role
from kancil.desk.training.actions.classes import end_class
from kancil.desk.training.models import ClassPackage, EvaluationSheet, IssuedCertificate
from kancil.ground import clock
from kancil.records.package import read_package
from kancil.training.badges.reading import read_certificate
from kancil.training.badges.revocations import read_revocations
from tests.desk.training.test_certificates import worked
from tests.web.training.browser import Browsers, text_of

ISSUE = {
    "do": "issue", "course_title": "Tracing bitcoin", "course_version": "1", "course_hours": "30",
}  # fmt: skip


def _holds_all(sent: Any, row: IssuedCertificate) -> None:
    """The ZIP has two files for each of two people, their list, and the page that verifies."""
    assert "TRAINING-" in sent.headers["Content-Disposition"]
    with ZipFile(BytesIO(b"".join(sent.streaming_content))) as archive:
        names = archive.namelist()
        assert f"{row.enrolment.person.name}.pdf" in names
        assert len(names) == 6
        badge = archive.read(f"{row.enrolment.person.name}.credential.json")
        assert read_certificate(badge, "zipped").certificate.id == row.id
        listed = archive.read("certificates.csv").decode("utf-8-sig").splitlines()
        assert listed[0].endswith(",training")
        assert len(listed) == 3


@pytest.mark.thorough
def test_certificates_are_issued_downloaded_and_revoked_on_pages(browsers: Browsers) -> None:
    school = browsers.school
    worked(school, "noy", "kham")
    trainer, noy = browsers.of(school.trainer), browsers.of(school.trainees[0])
    kham = browsers.of(school.trainees[1])
    shown = noy.get("/training/my-certificates/")
    assert "You have no certificate yet" in text_of(shown)
    enrolment = str(school.trainees[0].enrolments.get().pk)
    consent = {"do": "consent", "consent_class": enrolment, "consent_points": "on"}
    assert noy.post("/training/my-certificates/", consent).status_code == 302
    where = f"/training/classes/{school.training_class.id}/certificates/"
    assert "issued after the class has ended" in text_of(trainer.get(where))
    end_class(by=school.trainer, training_class=school.training_class)
    assert "2 trainees can be given a certificate now" in text_of(trainer.get(where))
    people = [str(each.enrolments.get().pk) for each in school.trainees[:2]]
    assert trainer.post(where, ISSUE).status_code == 200, "nobody was ticked"
    zipped = where.removesuffix("/") + ".zip"
    assert trainer.get(zipped).status_code == 404, "no certificate yet"
    assert trainer.post(where, {**ISSUE, "certified": people}).status_code == 302
    row = IssuedCertificate.objects.get(enrolment__person__username="noy")
    assert noy.get(zipped).status_code == 403
    assert zipped in trainer.get(where).content.decode()
    _holds_all(trainer.get(zipped), row)
    mine = f"/training/certificates/{row.id}/"
    assert "It is no qualification as an expert witness." in text_of(noy.get(mine))
    assert kham.get(mine).status_code == 404
    assert kham.get(mine + "pdf/").status_code == 404
    data = b"".join(noy.get(mine + "credential/").streaming_content)  # type: ignore[attr-defined]
    signed = read_certificate(data, "downloaded")
    assert signed.certificate.marked[0].percent is not None
    pdf = b"".join(noy.get(mine + "pdf/").streaming_content)  # type: ignore[attr-defined]
    assert pdf.startswith(b"%PDF")
    assert b"/ByteRange" in pdf, "signed"
    page = b"".join(noy.get("/training/verify-certificate/").streaming_content)  # type: ignore[attr-defined]
    assert b"Is this certificate right?" in page
    refused = noy.post(mine, {"do": "revoke", "revocation_reason": "asked"})
    assert refused.status_code == 200
    assert IssuedCertificate.objects.get(pk=row.pk).revoked_on is None
    trainer.post(mine, {"do": "revoke", "revocation_reason": "mistake"})
    made = trainer.get("/training/revocations/1/").streaming_content  # type: ignore[attr-defined]
    found = read_revocations(b"".join(made), "downloaded").list
    assert found.of(row.id) is not None
    assert "was revoked on" in text_of(noy.get(mine))
    again = {"do": "issue-again", "again_because": ""}
    assert "Issue again" in text_of(trainer.get(mine))
    assert "Issue again" not in text_of(noy.get(mine))
    assert trainer.post(mine, again).status_code == 200, "no reason"
    assert noy.post(mine, {**again, "again_because": "mine"}).status_code == 200
    assert IssuedCertificate.objects.filter(enrolment=row.enrolment).count() == 1
    assert trainer.post(mine, {**again, "again_because": "Misspelt"}).status_code == 302
    assert IssuedCertificate.objects.filter(enrolment=row.enrolment).count() == 2
    assert noy.get(where).status_code in (403, 404)


@pytest.mark.thorough
def test_a_trainee_hands_in_one_sheet_and_a_class_leaves_as_a_package(
    browsers: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = browsers.school
    noy_person = school.join("noy")
    trainer, noy = browsers.of(school.trainer), browsers.of(noy_person)
    of = f"/training/classes/{school.training_class.id}/"
    sheet = f"{of}evaluation/reaction/"
    assert "Waits for sheets" in text_of(trainer.get(f"{of}evaluation/"))
    given = {"do": "hand-in-sheet", "pace": "4", "best": "The exercise"}
    assert noy.post(sheet, given).status_code == 302
    assert EvaluationSheet.objects.get().answers == {"pace": 4, "best": "The exercise"}
    assert "You have handed in this form" in text_of(noy.get(sheet))
    noy.post(sheet, given)
    assert EvaluationSheet.objects.count() == 1
    told = text_of(trainer.get(sheet))
    assert "The exercise" not in told, "of fewer than five nothing is told"
    assert noy.get(f"{of}evaluation/behaviour-3-mentor/").status_code == 404
    mentoring = {
        "do": "note-mentoring", "mentoring_trainee": str(noy_person.enrolments.get().pk),
        "mentoring_on": "2026-04-01", "mentoring_mentor": "Somphone", "mentoring_minutes": "60",
        "mentoring_topic": "tracing", "mentoring_agreed": "One trace a week",
    }  # fmt: skip
    trainer.post(f"{of}mentoring/", mentoring)
    assert "One trace a week" in text_of(trainer.get(f"{of}mentoring/"))
    tally = {"do": "state-tally", "sex_female": "2", "tally_countries": ""}
    assert "and 1 took part" in text_of(trainer.post(f"{of}results/", tally))
    tally |= {"sex_female": "1", "tally_countries": "LA 1"}
    assert trainer.post(f"{of}results/", tally).status_code == 302
    end_class(by=school.trainer, training_class=school.training_class)
    trainer.post(f"{of}results/", {"do": "make-package", "package_to": "Programme"})
    assert "waits for another trainer" in text_of(trainer.get(f"{of}results/"))
    second, _ = add_person(username="second", name="Second", role=Role.TRAINER)
    second.must_change_password = False
    second.save()
    other = browsers.of(second)
    assert other.post(f"{of}results/", {"do": "review-package"}).status_code == 302
    row = ClassPackage.objects.get()
    sent = other.get(f"{of}results/{row.id}/").streaming_content  # type: ignore[attr-defined]
    package = read_package(b"".join(sent), "sent").package
    assert (package.review.name, package.to) == ("Second", "Programme")
    assert {row[0]: row[1] for row in package.table("training-numbers").rows}["trainees"] is None, (
        "under five"
    )
    assert clock.now() - package.made_at < timedelta(hours=1)
