"""Trainees from a list: accounts made at once, and slips with which their people join.

Whoever holds a slip sets the password of its account. So an account that exists already gets no
slip by being pasted: its person signs in with the password they have, or joins with the slip that
waits for them. That slip is printed again for trainers of the class that made the account, and for
nobody else; so is a new password given (`new_password_for`). Others ask an administrator.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from django.contrib.auth.password_validation import validate_password
from django.db.models import Q

from kancil.custody.acting import ActingOfficer
from kancil.custody.store import LedgerStore
from kancil.desk.access.actions import admit_person, renew_password
from kancil.desk.base.opening import one_change
from kancil.desk.custody.store import one_transaction
from kancil.desk.people.models import Person, Role
from kancil.desk.training.access import is_trainer, require_trainer
from kancil.desk.training.errors import (
    JoinCodeWrong,
    ListNotUsable,
    NamesakeUndecided,
    TrainingNotYours,
)
from kancil.desk.training.models import ClassState, Enrolment, JoinSlip, TrainingClass
from kancil.desk.training.queries.names import alike
from kancil.ground import clock
from kancil.ground.folding import folded

from .classes import CODE_LENGTH, enrol, fresh_code, typed_code

MOST_LISTED = 200
MOST_NAME, MOST_USERNAME = 200, 40
_HEADINGS = frozenset({"name", "names", "full name", "participant", "participants", "trainee"})
"""First cells of a spreadsheet's first line that are no name, letter case aside."""
_BETWEEN = re.compile(r"[\t;]|,(?=[^,]*@)")
"""Between the cells of a line; a comma only before an e-mail, since names have commas too."""
_NAMELESS = "trainee"
"""The user name of whoever has no plain letter in theirs: it says nothing of who they are."""
ANOTHER, TWICE = "another", "twice"
"""Answers to who a line is: nobody who is there yet; the line above of this name once more."""
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
    return _NOT_PLAIN.sub(".", bare).strip(".")[:MOST_USERNAME] or _NAMELESS


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line of a list that may be somebody who is there already."""

    key: str
    """Of the answer; the same as long as the line's name, user name and place among alike are."""
    number: int
    """Of the line among those with a name, from 1."""
    listed: Listed
    accounts: tuple[Person, ...]
    """Trainees who are called so, or whose user name it would be."""
    is_twice: bool
    """Whether a line above is called so."""

    @property
    def answers(self) -> tuple[str, ...]:
        """What can be answered: an account by its id, TWICE, ANOTHER."""
        again = (TWICE,) if self.is_twice else ()
        return (*(str(each.pk) for each in self.accounts), *again, ANOTHER)


def doubts_of(listed: Sequence[Listed]) -> list[Doubt]:
    """Lines of which only the trainer knows whether they are somebody who is there already.

    Letter case, blanks and, by the user name, accents do not tell two names apart.
    """
    trainees: dict[str, list[Person]] = defaultdict(list)
    for one in Person.objects.filter(role=Role.TRAINEE, is_active=True):
        for mark in _marks(one.name, one.username):
            trainees[mark].append(one)
    found: list[Doubt] = []
    above: set[str] = set()
    seen: Counter[str] = Counter()
    for number, each in enumerate(listed, 1):
        marks = _marks(each.name, each.username)
        known = {one.pk: one for mark in marks for one in trainees.get(mark, ())}
        accounts, is_twice = tuple(known[key] for key in sorted(known)), bool(marks & above)
        digest = hashlib.sha256(f"{each.name}\n{each.username}".encode()).hexdigest()[:16]
        seen[digest] += 1
        if accounts or is_twice:
            found.append(Doubt(f"{digest}-{seen[digest]}", number, each, accounts, is_twice))
        above |= marks
    return found


def _marks(name: str, username: str) -> set[str]:
    """What somebody is taken for by: their name, and a user name that says who they are."""
    plain = folded(username)
    return {f"name {alike(name)}"} | ({f"account {plain}"} if plain != _NAMELESS else set())


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a list."""

    slips: list[JoinSlip] = field(default_factory=list)
    """Of the accounts that were made."""
    enrolled: list[Enrolment] = field(default_factory=list)
    """Of accounts that were there already, and are in the class now."""


def add_listed(
    ledger: LedgerStore,
    *,
    by: Person,
    acting: ActingOfficer,
    authenticated_by: str,
    training_class: TrainingClass,
    listed: Sequence[Listed],
    answers: Mapping[str, str] = MappingProxyType({}),
) -> Added:
    """Make an account and a slip for each of a list who is new; all of them or none.

    `answers`: by the key of each doubt (`doubts_of`) who that line is. An account that is named so
    joins the class as it is, without a slip. Nobody signs in to a new account before its slip was
    used. Raises ClassEnded, NamesakeUndecided, TextNotStorable, TrainingNotYours.
    """
    require_trainer(by)
    made = Added()
    with one_transaction():
        decided = _decided(listed, answers)
        taken = set(map(folded, Person.objects.values_list("username", flat=True)))
        for number, each in enumerate(listed, 1):
            who = decided.get(number, ANOTHER)
            if isinstance(who, Person):
                if not Enrolment.objects.filter(training_class=training_class, person=who).exists():
                    made.enrolled.append(enrol(training_class, who, authenticated_by))
                continue
            if who == TWICE:
                continue
            username = _free(each.username, taken)
            taken.add(username)
            person, _ = admit_person(
                ledger, username=username, name=each.name, role=Role.TRAINEE, by=acting,
                has_password=False,
            )  # fmt: skip
            Person.objects.filter(pk=person.pk).update(must_change_password=False)
            enrolment = enrol(training_class, person, authenticated_by)
            made.slips.append(
                JoinSlip.objects.create(
                    enrolment=enrolment, code=fresh_code(), made_by=by, made_at=clock.now()
                )
            )
    return made


def _decided(listed: Sequence[Listed], answers: Mapping[str, str]) -> dict[int, Person | str]:
    """Who each doubtful line is, by its number."""
    found: dict[int, Person | str] = {}
    for each in doubts_of(listed):
        answer = answers.get(each.key, "")
        if answer not in each.answers:
            raise NamesakeUndecided(name=each.listed.name)
        account = next((one for one in each.accounts if str(one.pk) == answer), None)
        found[each.number] = account or answer
    return found


def _free(wanted: str, taken: Iterable[str]) -> str:
    """The user name itself, or with the first number that makes it free."""
    number, name = 2, wanted
    while name in taken:
        name, number = f"{wanted}{number}", number + 1
    return name


def slip_by_code(code: str) -> JoinSlip | None:
    """The unused slip of a code, as it was typed, as long as a class of its person is open."""
    meant = typed_code(code)
    if len(meant) != CODE_LENGTH:
        return None
    found = JoinSlip.objects.filter(
        code=meant, enrolment__person__enrolments__training_class__state=ClassState.OPEN,
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


def slips_of(training_class: TrainingClass, by: Person) -> list[JoinSlip]:
    """Slips that wait for people of a class, in the order of making, as far as `by` may print them.

    They are the class's own, and those of accounts that a class made which `by` teaches.
    """
    may = Q(enrolment__training_class=training_class) | Q(enrolment__training_class__trainers=by)
    found = JoinSlip.objects.filter(
        may, enrolment__person__enrolments__training_class=training_class
    ).exclude(code=None)
    return list(found.select_related("enrolment__person").order_by("id").distinct())


def may_renew(by: Person, trainee: Person) -> bool:
    """Whether somebody is a trainer of the class that made a trainee's account."""
    if trainee.role != Role.TRAINEE or not trainee.is_active or not is_trainer(by):
        return False
    first = Enrolment.objects.filter(person=trainee).order_by("id").first()
    return first is not None and first.training_class.trainers.contains(by)


def new_password_for(
    ledger: LedgerStore, *, by: Person, acting: ActingOfficer, enrolment: Enrolment, because: str
) -> str:
    """A one-time password for a trainee who forgot theirs; their sign-ins end.

    An entry of the ledger has who gave it and why. Raises TrainingNotYours for an account that is
    no trainee's, or that another trainer's class made, too.
    """
    person = enrolment.person
    if not may_renew(by, person):
        raise TrainingNotYours
    with one_transaction():
        JoinSlip.objects.filter(enrolment__person=person).update(code=None)
        return renew_password(ledger, person, reason=because, by=acting)
