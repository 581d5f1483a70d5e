"""A classroom with a trainer, a class, and the tiny lab, for tests of books and pages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage

from kancil.cli.frame.desk import desk_ledger
from kancil.cli.workspace.jobs import load_works
from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import LegalBasis
from kancil.custody.keys import KeyRing
from kancil.custody.roll import Roll
from kancil.desk.access.server import ensure_server, server_for
from kancil.desk.cases.doing import CaseBench
from kancil.desk.custody.store import DeskLedger
from kancil.desk.jobs.worker import Worker
from kancil.desk.people.actions import add_person
from kancil.desk.people.models import Person, Role
from kancil.desk.training.actions.classes import join_class, open_class
from kancil.desk.training.actions.labs import give_lab
from kancil.desk.training.actions.work import save_answer, start_attempt
from kancil.desk.training.folders import key_path, manifest_of
from kancil.desk.training.models import Attempt, LabRun, TrainingClass, Variant
from kancil.evidence.age import Identity
from kancil.ground import clock
from kancil.ground.files import read_file
from kancil.ground.ids import BasisId, new_id
from kancil.ground.workspace import Workspace, open_workspace
from kancil.training.key import Key
from kancil.training.lab import SMALL, Lab
from kancil.training.making import Manifest, open_key
from tests.cli.running import Unit
from tests.training.tiny_lab import LAB

PASSWORD = "seven horses in the rain"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class School:
    """What a test stands on."""

    workspace: Workspace
    ledger: DeskLedger
    trainer: Person
    identity: Identity
    training_class: TrainingClass
    trainees: list[Person] = field(default_factory=list)

    def join(self, name: str) -> Person:
        """One more trainee, by the class's code."""
        person = join_class(
            code=self.training_class.join_code or "", username=name, name=name.title(),
            password=PASSWORD, language="en",
        )  # fmt: skip
        self.trainees.append(person)
        return person

    def give(
        self, *, minutes: int = 0, opens_in: int = -60, open_for: int = 7200, lab: Lab = LAB
    ) -> LabRun:
        """Give a lab, and have its variants made; times in seconds from now."""
        opens = clock.now() + timedelta(seconds=opens_in)
        run = give_lab(
            by=self.trainer, authenticated_by="password", training_class=self.training_class,
            lab=lab, knobs=SMALL, opens_at=opens, closes_at=opens + timedelta(seconds=open_for),
            minutes=minutes,
        )  # fmt: skip
        self.work()
        return run

    def work(self) -> None:
        """Do what waits behind the pages."""
        worker = Worker(CaseBench(self.workspace, self.ledger))
        while worker.do_next():
            pass

    def server(self, person: Person) -> ActingOfficer:
        """The server, signing for a person."""
        return server_for(self.ledger, KeyRing(self.workspace.keys_dir), person, "password")

    def start(self, run: LabRun, person: Person) -> Attempt:
        """Begin an attempt under the authority of the story."""
        basis = LegalBasis(BasisId(new_id()), "warrant", authority="Court of an invented town")
        return start_attempt(
            self.ledger, self.workspace, run=run, person=person, title="Exercise", basis=basis,
            by=self.server(person),
        )  # fmt: skip

    def variant(self, run: LabRun, person: Person) -> Variant:
        """A trainee's variant."""
        return Variant.objects.select_related("run__training_class").get(
            run=run, enrolment__person=person
        )

    def manifest(self, run: LabRun, person: Person) -> Manifest:
        """What a trainee's variant says."""
        return manifest_of(self.workspace, self.variant(run, person))

    def key(self, run: LabRun, person: Person) -> Key:
        """What a trainee's key says, as the trainer opens it."""
        path = key_path(self.workspace, self.variant(run, person))
        return open_key(read_file(path), [self.identity])

    def answer(self, attempt: Attempt, question: str, given: Any) -> None:
        """Save an answer."""
        save_answer(self.ledger, self.workspace, attempt=attempt, question=question, given=given)

    def answer_rightly(self, attempt: Attempt, *but: str) -> None:
        """Answer as the key says, all that a machine marks; `but`: questions left out."""
        for each in self.key(attempt.variant.run, attempt.person).expected:
            if each.value and each.question not in but:
                self.answer(attempt, each.question, each.value)


def school_of(unit: Unit) -> School:
    """Open a founded classroom with a server, a trainer and one open class."""
    workspace = open_workspace(Path(unit.root))
    ledger = desk_ledger(workspace)
    load_works()

    keys = KeyRing(workspace.keys_dir)
    officer = ledger.folded(Roll).officer("O1")
    by = ActingOfficer(officer.id, keys.officer_signer(officer.id))
    ensure_server(ledger, keys, name="Server", vouched_how="test", by=by)
    trainer, _ = add_person(username="teacher", name="Teacher", role=Role.TRAINER)
    trainer.must_change_password = False
    trainer.save()
    identity = pyrage.x25519.Identity.generate()
    made = open_class(
        by=trainer, title="Tracing in March", begins_on=date(2026, 3, 9),
        ends_on=date(2026, 3, 13), recipients=[str(identity.to_public())],
    )  # fmt: skip
    return School(workspace, ledger, trainer, identity, made)


def at(text: str) -> datetime:
    """A moment as ISO 8601 in UTC."""
    return clock.from_text(text)


def reopened(school: School, workspace: Workspace) -> School:
    """The same class, in a workspace that was restored from a backup."""
    return replace(school, workspace=workspace, ledger=desk_ledger(workspace))
