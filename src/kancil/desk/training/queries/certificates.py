"""Certificates that were issued, the list of revoked ones, and who could be given one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from kancil.desk.base.opening import current_workspace
from kancil.desk.people.models import Person
from kancil.desk.training.errors import CertificateNotFound, ClassNotFound
from kancil.desk.training.models import (
    Enrolment,
    IssuedCertificate,
    Mark,
    RevocationList,
    TrainingClass,
)
from kancil.training.badges.certificate import Marked, SignedCertificate
from kancil.training.badges.reading import read_certificate

from .learned import consents, marked_of
from .passing import Reached, Scheme, reached, scheme_of

__all__ = ["IssuedCertificate", "RevocationList"]  # rows, to be read


@dataclass(frozen=True, slots=True)
class Candidate:
    """One trainee of a class, as far as certificates ask."""

    enrolment: Enrolment
    marked: tuple[Marked, ...]
    """What a certificate would name; empty: none can be given."""
    consents: bool
    certificate: IssuedCertificate | None
    """The one that stands."""
    reached: Reached
    had_one: IssuedCertificate | None
    """The newest that was revoked, where none stands."""
    is_marked_again: bool
    """Whether other marks were given since: what the certificate states may hold no longer."""

    @property
    def is_due(self) -> bool:
        """Whether a first certificate can be given."""
        return bool(self.marked) and self.certificate is None and self.had_one is None


def candidates(training_class: TrainingClass) -> list[Candidate]:
    """Everybody of a class, by name."""
    found = Enrolment.objects.filter(training_class=training_class).select_related("person")
    scheme = scheme_of(current_workspace().root, training_class)
    return [candidate(each, scheme) for each in found.order_by("person__name", "id")]


def candidate(enrolment: Enrolment, scheme: Scheme) -> Candidate:
    """One trainee, by the scheme of their class."""
    given = standing_of(enrolment)
    before = IssuedCertificate.objects.filter(enrolment=enrolment).exclude(revoked_on=None)
    had_one = None if given is not None else before.order_by("-id").first()
    again = given is not None and Mark.objects.filter(
        attempt__variant__enrolment=enrolment, at__gt=given.issued_at
    ).exists()  # fmt: skip
    return Candidate(
        enrolment, marked_of(enrolment), consents(enrolment), given, reached(scheme, enrolment),
        had_one, again,
    )  # fmt: skip


def standing_of(enrolment: Enrolment) -> IssuedCertificate | None:
    """The certificate of a trainee in a class that is not revoked."""
    return IssuedCertificate.objects.filter(enrolment=enrolment, revoked_on=None).first()


def issued_certificates(training_class: TrainingClass | None = None) -> list[IssuedCertificate]:
    """All certificates, or those of a class, the newest first; revoked ones too."""
    found = IssuedCertificate.objects.select_related(
        "enrolment__person", "enrolment__training_class"
    )
    if training_class is not None:
        found = found.filter(enrolment__training_class=training_class)
    return list(found.order_by("-id"))


def issued_certificate(name: str) -> IssuedCertificate:
    """One certificate by its id; raises CertificateNotFound."""
    found = IssuedCertificate.objects.filter(id=name[:36]).select_related(
        "enrolment__person", "enrolment__training_class"
    )
    row = found.first()
    if row is None:
        raise CertificateNotFound(certificate=name[:40])
    return row


def signed_of(row: IssuedCertificate) -> SignedCertificate:
    """What a row's credential says, its signature checked; raises BadgeBroken."""
    return read_certificate(row.credential.encode(), row.id)


def newest_list() -> RevocationList | None:
    """The newest list of revoked certificates; None: nothing was revoked yet."""
    return RevocationList.objects.order_by("-number").first()


def class_named(name: str) -> TrainingClass:
    """A class by its id or title, the newest of that title; raises ClassNotFound."""
    found = TrainingClass.objects.filter(Q(id=name[:36]) | Q(title=name)).order_by("-id").first()
    if found is None:
        raise ClassNotFound(name=name[:80])
    return found


def certificates_of(person: Person) -> list[IssuedCertificate]:
    """A person's own certificates, the newest first; revoked ones too."""
    found = IssuedCertificate.objects.filter(enrolment__person=person)
    return list(found.select_related("enrolment__training_class").order_by("-id"))


def own_enrolments(person: Person) -> list[Enrolment]:
    """The classes to which a person belongs, the newest first."""
    found = Enrolment.objects.filter(person=person).select_related("training_class", "person")
    return list(found.order_by("-id"))


def revocation_file(number: int) -> bytes:
    """A list of revoked certificates as it was signed; raises CertificateNotFound."""
    row = RevocationList.objects.filter(number=number).first()
    if row is None:
        raise CertificateNotFound(certificate=str(number))
    return row.data.encode()
