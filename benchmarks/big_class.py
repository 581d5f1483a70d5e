"""A class of 30 for the load of a classroom: each works on a variant of their own.

Everybody has an account, an attempt with its case, and some answers; five have read their blocks
into a chain, and a queue of their traces waits for the worker. All of it is invented.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.big_unit import PASSWORD
from kancil.ground import clock
from tools.sample_classroom import ask

if TYPE_CHECKING:
    from kancil.desk.custody.store import DeskLedger
    from kancil.desk.people.models import Person
    from kancil.desk.training.models import Attempt, LabRun
    from kancil.ground.workspace import Workspace

TRAINEES, TRACING, TRACES_EACH = 30, 5, 40
LAB = "ransom-payment"


def big_class(root: Path) -> dict[str, Any]:
    """Found it in a folder that is not there yet; gives what the clients ask for."""
    ask(
        root, "init", root, "--site", "classroom", "--name", "Class", "--officer", "Trainer",
        "--disk-exception", "benchmark", "--second-factor-exception", "benchmark",
    )  # fmt: skip
    ask(root, "serve", "--prepare")
    ask(root, "person", "add", "trainer", "--name", "Trainer", "--role", "trainer")
    from kancil.cli.frame.desk import desk_ledger
    from kancil.cli.workspace.jobs import load_works
    from kancil.desk.training.keys import new_key_file
    from kancil.ground.workspace import open_workspace

    workspace = open_workspace(root)
    ledger = desk_ledger(workspace)
    load_works()
    key_file = new_key_file()
    run, people = _given(workspace, ledger, key_file)
    attempts = [_begun(workspace, ledger, run, person) for person in people]
    for attempt in attempts[:TRACING]:
        _traced(workspace, ledger, attempt, key_file)
    accounts = [
        {"username": each.person.username, "attempt": each.pk, "case": _number(each)}
        for each in attempts
    ]
    return {"accounts": accounts, "run": run.pk, "question": "payment-amount"}


def _given(
    workspace: Workspace, ledger: DeskLedger, key_file: bytes
) -> tuple[LabRun, list[Person]]:
    from kancil.desk.people.models import Person
    from kancil.desk.training.actions.classes import join_class, open_class
    from kancil.desk.training.actions.labs import give_lab
    from kancil.desk.training.keys import recipients_in
    from kancil.ground.registry import Registry
    from kancil.training.lab import SMALL
    from kancil.training.labs import LABS

    trainer, at = Person.objects.get(username="trainer"), clock.now()
    made = open_class(
        by=trainer, title="Thirty", begins_on=at.date(), ends_on=at.date() + timedelta(days=4),
        recipients=recipients_in(key_file, "key"),
    )  # fmt: skip
    people = [
        join_class(
            code=made.join_code or "", username=f"trainee-{number}", name=f"Trainee {number}",
            password=PASSWORD, language="en",
        )
        for number in range(1, TRAINEES + 1)
    ]  # fmt: skip
    run = give_lab(
        by=trainer, authenticated_by="password", training_class=made,
        lab=Registry("lab", LABS).named(LAB), knobs=SMALL, opens_at=at,
        closes_at=at + timedelta(hours=12),
    )  # fmt: skip
    _work(workspace, ledger)
    return run, people


def _begun(workspace: Workspace, ledger: DeskLedger, run: LabRun, person: Person) -> Attempt:
    from kancil.custody.basis import LegalBasis
    from kancil.custody.keys import KeyRing
    from kancil.desk.access.server import server_for
    from kancil.desk.training.actions.work import save_answer, start_attempt
    from kancil.ground.ids import BasisId, new_id

    by = server_for(ledger, KeyRing(workspace.keys_dir), person, "password")
    made = start_attempt(
        ledger, workspace, run=run, person=person, title="Ransom",
        basis=LegalBasis(BasisId(new_id()), "warrant", number="1", authority="Court"), by=by,
    )  # fmt: skip
    save_answer(ledger, workspace, attempt=made, question="payment-amount", given="0.5")
    return made


def _traced(workspace: Workspace, ledger: DeskLedger, attempt: Attempt, key_file: bytes) -> None:
    """Read the attempt's blocks into a chain, and leave its traces waiting."""
    from kancil.desk.cases.jobs.uploads import admit_upload
    from kancil.desk.jobs.job import Asked
    from kancil.desk.studies.jobs.chains import ingest
    from kancil.desk.studies.jobs.traces import run_trace
    from kancil.desk.training.actions.work import lay_ready
    from kancil.desk.training.folders import key_path
    from kancil.evidence.age import identities_in
    from kancil.ground.files import read_file
    from kancil.ground.ids import CaseId
    from kancil.training.making import open_key

    case, chain = CaseId(attempt.case_id), attempt.person.username
    sending = lay_ready(workspace, attempt=attempt, piece="blk00000.dat")
    admit_upload.by(Asked(attempt.person, "password", case, sending.id)).enqueue()
    _work(workspace, ledger)
    who = Asked(attempt.person, "password", case)
    ingest.by(who).enqueue(chain=chain, exhibits=[sending.id], network="regtest")
    _work(workspace, ledger)
    sealed = read_file(key_path(workspace, attempt.variant))
    key = open_key(sealed, identities_in(key_file, "key file", "key"))
    start = next(each.value[0] for each in key.expected if each.question == "path")
    for number in range(TRACES_EACH):
        run_trace.by(who).enqueue(
            chain=chain, starts=[start], policy="haircut", why=f"trace {number}"
        )


def _number(attempt: Attempt) -> int:
    from kancil.desk.cases.models import Case

    return int(Case.objects.get(id=attempt.case_id).number)


def _work(workspace: Workspace, ledger: DeskLedger) -> None:
    from kancil.desk.cases.doing import CaseBench
    from kancil.desk.jobs.worker import Worker

    worker = Worker(CaseBench(workspace, ledger))
    while worker.do_next():
        pass
