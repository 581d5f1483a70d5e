"""Acts of certificates: given to those whose work was marked, revoked, and consent to points.

The classroom's own key signs, as it signs what leaves a unit. Whoever acts is a trainer, or an
officer of the box at its command line; both stand by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.desk.base.opening import current_workspace, day_of, one_change
from kancil.desk.training.errors import ActNeedsReason, ClassNotEnded, NobodyToCertify
from kancil.desk.training.models import (
    Enrolment,
    IssuedCertificate,
    MarksConsent,
    RevocationList,
    TrainingClass,
)
from kancil.desk.training.queries.certificates import (
    Candidate,
    candidate,
    candidates,
    issued_certificate,
    signed_of,
)
from kancil.desk.training.queries.passing import scheme_of
from kancil.ground import clock
from kancil.ground.ids import new_id
from kancil.ground.signing import Signer
from kancil.training.badges.certificate import (
    Achievement,
    Certificate,
    SignedCertificate,
    Taken,
    credential_bytes,
    hashed_identifier,
    sign_certificate,
)
from kancil.training.badges.errors import AlreadyRevoked
from kancil.training.badges.revocations import (
    Revocation,
    RevocationReason,
    Revocations,
    write_revocations,
)


@dataclass(frozen=True, slots=True)
class CourseTaken:
    """What a certificate says of the course, beside the days of the class."""

    course: str
    title: str
    version: str
    hours: int


def state_consent(enrolment: Enrolment, *, is_given: bool) -> None:
    """A trainee's own word whether the points stand on the certificate."""
    MarksConsent.objects.update_or_create(
        enrolment=enrolment, defaults={"is_given": is_given, "stated_at": clock.now()}
    )


def issue_certificates(
    ledger: LedgerStore,
    *,
    training_class: TrainingClass,
    taken: CourseTaken,
    signer: Signer,
    by: str,
    enrolments: Sequence[int] | None = None,
    identifiers: dict[int, str] | None = None,
) -> list[SignedCertificate]:
    """Issue a first certificate to everybody of an ended class whose work was marked.

    It says *passed* to whoever reached the pass mark, and else *attended*. `enrolments`: to these
    alone; `identifiers`: a staff number by enrolment, of which a salted hash
    stands in the certificate. `by`: the name of who gives them. All are given or none. Raises
    ClassNotEnded, NobodyToCertify, BadgeNotUsable.
    """
    made: list[SignedCertificate] = []
    with one_change():
        row = _ended(training_class)
        for each in candidates(row):
            wanted = enrolments is None or each.enrolment.pk in enrolments
            if wanted and each.is_due:
                typed = (identifiers or {}).get(each.enrolment.pk, "")
                made.append(_issue(ledger, each, taken, signer, by, typed))
        if not made:
            raise NobodyToCertify(title=row.title)
    return made


def issue_again(
    ledger: LedgerStore, *, revoked: IssuedCertificate, because: str, signer: Signer, by: str
) -> SignedCertificate:
    """Issue another certificate in place of a revoked one, by today's marks, for a stated reason.

    What it says of the course stays. Raises ActNeedsReason, NobodyToCertify where one stands or
    the certificate is not revoked, ClassNotEnded, BadgeNotUsable.
    """
    if not because.strip():
        raise ActNeedsReason
    said = signed_of(revoked).certificate.taken
    taken = CourseTaken(said.course, said.title, said.version, said.hours)
    with one_change():
        row = _ended(revoked.enrolment.training_class)
        found = candidate(revoked.enrolment, scheme_of(current_workspace().root, row))
        if found.had_one is None or found.had_one.pk != revoked.pk or not found.marked:
            raise NobodyToCertify(title=row.title)
        return _issue(ledger, found, taken, signer, by, "", because.strip()[:1000])


def _ended(training_class: TrainingClass) -> TrainingClass:
    """The class under its lock; raises ClassNotEnded."""
    row = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    if row.ended_at is None:
        raise ClassNotEnded(title=row.title)
    return row


def _issue(
    ledger: LedgerStore,
    candidate: Candidate,
    taken: CourseTaken,
    signer: Signer,
    by: str,
    typed: str,
    because: str = "",
) -> SignedCertificate:
    enrolment, now = candidate.enrolment, clock.now()
    of, has_passed = enrolment.training_class, candidate.reached.has_passed
    last = min(of.ends_on, day_of(of.ended_at or now))  # a class may have ended before its last day
    course = Taken(
        taken.course, taken.title, taken.version, taken.hours, of.begins_on,
        max(last, of.begins_on),
    )  # fmt: skip
    achievement = Achievement.PASSED if has_passed else Achievement.ATTENDED
    found = Certificate(
        new_id(), issuer_name(ledger), enrolment.person.name.strip(), course,
        candidate.marked, now.replace(microsecond=0), hashed_identifier(typed),
        achievement, candidate.reached.pass_percent if has_passed else None,
    )  # fmt: skip
    signed = sign_certificate(found, signer)
    IssuedCertificate.objects.create(
        id=found.id, enrolment=enrolment, credential=credential_bytes(signed).decode(),
        issued_by=by, issued_at=now, achievement=achievement.value, again_because=because,
    )  # fmt: skip
    return signed


def revoke_certificate(
    ledger: LedgerStore, *, certificate: str, reason: RevocationReason, signer: Signer, by: str
) -> RevocationList:
    """Revoke a certificate, and sign the next list, which holds all that were revoked.

    Raises CertificateNotFound, AlreadyRevoked.
    """
    with one_change():
        found = issued_certificate(certificate)
        row = IssuedCertificate.objects.select_for_update().get(pk=found.pk)
        if row.revoked_on is not None:
            raise AlreadyRevoked(id=row.id, on=row.revoked_on.isoformat())
        row.revoked_on, row.revoked_why, row.revoked_by = day_of(clock.now()), reason.value, by
        row.save(update_fields=["revoked_on", "revoked_why", "revoked_by"])
        return _next_list(ledger, signer)


def make_list(ledger: LedgerStore, *, signer: Signer) -> RevocationList:
    """Sign the next list though nothing was revoked since: it says so as of today."""
    with one_change():
        return _next_list(ledger, signer)


def _next_list(ledger: LedgerStore, signer: Signer) -> RevocationList:
    last = RevocationList.objects.aggregate(last=Max("number"))["last"] or 0
    rows = IssuedCertificate.objects.exclude(revoked_on=None)
    revoked = tuple(
        Revocation(row.id, row.revoked_on, RevocationReason(row.revoked_why))
        for row in rows
        if row.revoked_on is not None
    )
    now = clock.now()
    data = write_revocations(Revocations(issuer_name(ledger), last + 1, now, revoked), signer)
    return RevocationList.objects.create(number=last + 1, data=data.decode(), made_at=now)


def issuer_name(ledger: LedgerStore) -> str:
    """The classroom as it was founded."""
    unit = ledger.folded(Roll).unit
    return current_workspace().unit.name if unit is None else unit.name
