"""Trainees from a list: accounts made at once, and slips with which their people join."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password

from kancil.custody.acting import ActingOfficer
from kancil.custody.store import LedgerStore
from kancil.desk.access.actions import admit_person, renew_password
from kancil.desk.base.opening import one_change
from kancil.desk.custody.store import one_transaction
from kancil.desk.people.models import Person, Role
from kancil.desk.training.access import require_trainer
from kancil.desk.training.errors import JoinCodeWrong, ListNotUsable, TrainingNotYours
from kancil.desk.training.models import ClassState, Enrolment, JoinSlip, TrainingClass
from kancil.ground import clock
from kancil.ground.folding import folded

from .classes import CODE_LENGTH, enrol, fresh_code, typed_code

MOST_LISTED = 200
MOST_NAME, MOST_USERNAME = 200, 40
_HEADINGS = frozenset({"name", "names", "full name", "participant", "participants", "trainee"})
"""First cells of a spreadsheet's first line that are no name, letter case aside."""
_BETWEEN = re.compile(r"[\t;]|,(?=[^,]*@)")
"""Between the cells of a line; a comma only before an e-mail, since names have commas too."""
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list."""

    name: str
    username: str
    """As the e-mail or the name suggests it; another one where it is taken."""


def read_names(text: str) -> list[Listed]:
    """The people of a pasted list: one a line, or name and e-mail as a spreadsheet copies them.

    Of an e-mail only what stands before the `@` is used, as user name; nothing of it is kept.
    Raises ListNotUsable, which names the line.
    """
    found: list[Listed] = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = [each.strip(' "') for each in _BETWEEN.split(line)]
        mail = next((each for each in cells if "@" in each), "")
        name = " ".join(" ".join(each for each in cells if each and each != mail).split())
        if not name and not mail:
            continue
        if number == 1 and folded(cells[0]) in _HEADINGS:
            continue
        name = name or mail.partition("@")[0]
        if len(name) > MOST_NAME or not name.isprintable():
            raise ListNotUsable(line=number)
        found.append(Listed(name, plain_username(mail.partition("@")[0] or name)))
    if not found or len(found) > MOST_LISTED:
        raise ListNotUsable(line=min(len(found), MOST_LISTED) + 1)
    return found


def plain_username(text: str) -> str:
    """A user name of plain letters and digits, parts by dots; `trainee` where none is left."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_PLAIN.sub(".", bare).strip(".")[:MOST_USERNAME] or "trainee"


def add_listed(
    ledger: LedgerStore,
    *,
    by: Person,
    acting: ActingOfficer,
    authenticated_by: str,
    training_class: TrainingClass,
    listed: Sequence[Listed],
) -> list[JoinSlip]:
    """Make an account and a slip for each of a list; all of them or none.

    Nobody signs in to such an account before its slip was used. Raises ClassEnded, ListNotUsable,
    TextNotStorable, TrainingNotYours.
    """
    require_trainer(by)
    made = []
    with one_transaction():
        taken = set(map(folded, Person.objects.values_list("username", flat=True)))
        for each in listed:
            username = _free(each.username, taken)
            taken.add(username)
            person, _ = admit_person(
                ledger, username=username, name=each.name, role=Role.TRAINEE, by=acting,
                has_password=False,
            )  # fmt: skip
            Person.objects.filter(pk=person.pk).update(must_change_password=False)
            enrolment = enrol(training_class, person, authenticated_by)
            made.append(
                JoinSlip.objects.create(
                    enrolment=enrolment, code=fresh_code(), made_by=by, made_at=clock.now()
                )
            )
    return made


def _free(wanted: str, taken: Iterable[str]) -> str:
    """The user name itself, or with the first number that makes it free."""
    number, name = 2, wanted
    while name in taken:
        name, number = f"{wanted}{number}", number + 1
    return name


def slip_by_code(code: str) -> JoinSlip | None:
    """The unused slip of a code in an open class, as it was typed."""
    meant = typed_code(code)
    if len(meant) != CODE_LENGTH:
        return None
    found = JoinSlip.objects.filter(
        code=meant, enrolment__training_class__state=ClassState.OPEN,
        enrolment__person__is_active=True,
    )  # fmt: skip
    return found.select_related("enrolment__person", "enrolment__training_class").first()


def use_slip(*, code: str, password: str, language: str) -> Person:
    """Give the account of a slip its password; the code is good for nothing after that.

    Raises JoinCodeWrong, and Django's ValidationError for a password that is not strong enough.
    """
    found = slip_by_code(code)
    if found is None:
        raise JoinCodeWrong
    person = found.enrolment.person
    validate_password(password, person)
    person.set_password(password)  # slow by intent, so before the lock
    with one_change():
        row = JoinSlip.objects.select_for_update().filter(pk=found.pk).exclude(code=None).first()
        if row is None:
            raise JoinCodeWrong
        row.code, row.used_at = None, clock.now()
        row.save(update_fields=["code", "used_at"])
        person.language, person.must_change_password = language, False
        person.save(update_fields=["password", "language", "must_change_password"])
    return person


def slips_of(training_class: TrainingClass) -> list[JoinSlip]:
    """The slips of a class that wait for their people, in the order of the list."""
    found = JoinSlip.objects.filter(enrolment__training_class=training_class).exclude(code=None)
    return list(found.select_related("enrolment__person").order_by("id"))


def new_password_for(
    ledger: LedgerStore, *, by: Person, acting: ActingOfficer, enrolment: Enrolment, because: str
) -> str:
    """A one-time password for a trainee who forgot theirs; their sign-ins end.

    An entry of the ledger has who gave it and why. Raises TrainingNotYours for an account that is
    no trainee's, too.
    """
    require_trainer(by)
    person = enrolment.person
    if person.role != Role.TRAINEE or not person.is_active:
        raise TrainingNotYours
    with one_transaction():
        JoinSlip.objects.filter(enrolment__person=person).update(code=None)
        return renew_password(ledger, person, reason=because, by=acting)
