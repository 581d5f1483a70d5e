"""Who there is, who may see which case."""

from __future__ import annotations

import hashlib

from .models import CaseOpening, Membership, Person, Role

__all__ = ["Membership", "Person", "Role"]  # rows, to be read


def is_member(person: Person, case_id: str) -> bool:
    """Say whether the person belongs to the case."""
    return Membership.objects.filter(person=person, case_id=case_id).exists()


def case_ids_of(person: Person) -> list[str]:
    """List the ids of the cases a person belongs to."""
    return list(Membership.objects.filter(person=person).values_list("case_id", flat=True))


def members_of(case_id: str) -> list[Membership]:
    """List the members of a case by name."""
    found = Membership.objects.filter(case_id=case_id).select_related("person")
    return list(found.order_by("person__name"))


def people() -> list[Person]:
    """List all accounts by name."""
    return list(Person.objects.all())


def find_person(username: str) -> Person | None:
    """Find an active account by its user name."""
    return Person.objects.filter(username=username, is_active=True).first()


def person_of_officer(officer: str) -> Person | None:
    """Find the account of an officer."""
    return Person.objects.filter(officer=officer).first()


def has_administrator() -> bool:
    """Say whether anybody can add accounts."""
    return Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists()


def session_digest(session_key: str) -> str:
    """Give what stands for a session in the books: a digest, for its key is a secret."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def has_entered(person: Person, case_id: str, session: str) -> bool:
    """Say whether the ledger has it that this person looked into the case since signing in."""
    found = CaseOpening.objects.filter(person=person, case_id=case_id, session=session)
    return found.exists()
