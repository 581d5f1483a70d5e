"""A sample classroom for the demonstration: a class half-way through a lab. All of it is invented.

It is founded and filled by commands and by the desk's own acts, on a clock that begins 80 minutes
ago and catches up: a trainee counts as stuck only after minutes without an act.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kancil.ground import clock
from kancil.ground.owner import write_for_owner_only

if TYPE_CHECKING:
    from kancil.desk.custody.store import DeskLedger
    from kancil.desk.people.models import Person
    from kancil.desk.training.models import Attempt, CourseTest, LabRun, TrainingClass
    from kancil.ground.workspace import Workspace
    from kancil.training.item_bank.bank import Item

TRAINER = ("tess", "Tess Tanaka")
TRAINEES: Mapping[str, tuple[str, str]] = {
    "anong": ("Anong Amphon", "finished"),
    "binh": ("Binh Bui", "stuck"),
    "chan": ("Chan Chea", "working"),
    "dao": ("Dao Douang", "begun"),
    "emi": ("Emi Estrada", "not begun"),
}
"""User name, name, and how far they are; nobody of them exists."""
JUDGE = ("jude", "Jude Jalal")
PASSWORD = "a sample class by the river"  # noqa: S105 (printed for everyone)
"""Of everyone who joins by the code."""
COURSE = "bitcoin-tracing"
KEY_FILE = "trainer-key.txt"
FIRST_MINUTES = 80
"""So long ago the classroom was founded."""
_AUTHORITY = "District Court of Tala Bay (invented)"
_STUCK_ANSWERS = ("payment-address", "payment-amount", "block-digest")
_WORKING_ANSWERS = (*_STUCK_ANSWERS, "payment-time", "path", "deposit-address")


class SampleClock:
    """The time in the sample: behind the machine's by so many minutes, and never set back."""

    def __init__(self, minutes: int) -> None:
        """Begin so many minutes ago."""
        self._behind, self._now = timedelta(minutes=minutes), clock.now

    def now(self) -> datetime:
        """The present moment of the sample."""
        return self._now() - self._behind

    def move_to(self, minutes_ago: int) -> None:
        """Go on to so many minutes ago; raises ValueError for a time before the present one."""
        wanted = timedelta(minutes=minutes_ago)
        if wanted > self._behind:
            raise ValueError(minutes_ago)
        self._behind = wanted


@dataclass(slots=True)
class Room:
    """The classroom that is filled."""

    workspace: Workspace
    ledger: DeskLedger
    time: SampleClock
    trainer: Person
    identity_file: Path
    blocks: dict[str, str] = field(default_factory=dict)
    """The exhibit of block files, by attempt."""

    def work(self) -> None:
        """Do what waits behind the pages, in this process."""
        from kancil.desk.cases.doing import CaseBench
        from kancil.desk.jobs.worker import Worker

        worker = Worker(CaseBench(self.workspace, self.ledger))
        while worker.do_next():
            pass


def ask(root: Path, *words: str | Path) -> Any:
    """Run a command in this process, by the sample's clock; gives its JSON."""
    from kancil.cli.main import main as kancil

    out = io.StringIO()
    shared = [] if words[0] == "init" else ["--workspace", str(root), "--as", "O1"]
    with redirect_stdout(out):
        try:
            kancil([*map(str, words), *shared, "--json"])
        except SystemExit as ended:
            if ended.code:
                raise RuntimeError(out.getvalue()) from ended
    return json.loads(out.getvalue())


def build(root: Path, time: SampleClock) -> dict[str, Any]:
    """Found a classroom in a new folder and fill it; gives what the demonstration shows."""
    ask(
        root, "init", root, "--site", "classroom", "--name", "Sample Classroom", "--country", "LA",
        "--zone", "Asia/Vientiane", "--officer", "Tess Tanaka (sample)",
        "--disk-exception", "sample data only", "--second-factor-exception", "sample data only",
    )  # fmt: skip
    administrator = ask(root, "serve", "--prepare")["administrator"]
    username, name = TRAINER
    added = ask(root, "person", "add", username, "--name", name, "--role", "trainer")
    room = _opened(root, time)
    tracing = _class(room, "Tracing bitcoin, March", COURSE)
    people = {each: _join(tracing, each, said[0]) for each, said in TRAINEES.items()}
    _pre_test(room, tracing, [people[each] for each in ("anong", "binh", "chan")])
    judges = _class(room, "Digital evidence for judges", "judges-and-prosecutors")
    _join(judges, *JUDGE)
    time.move_to(55)
    run = _give(room, tracing, "ransom-payment")
    _give(room, judges, "admissibility")
    room.work()
    _work_all(room, run, people)
    return {
        "passwords": {username: added["password"], "admin": administrator["password"]},
        "class": tracing.id,
        "code": tracing.join_code,
        "run": run.id,
    }


def _opened(root: Path, time: SampleClock) -> Room:
    from kancil.cli.frame.desk import desk_ledger
    from kancil.cli.workspace.jobs import load_works
    from kancil.desk.training.keys import new_key_file
    from kancil.ground.files import write_durably
    from kancil.ground.workspace import open_workspace

    workspace = open_workspace(root)
    ledger = desk_ledger(workspace)
    load_works()
    from kancil.desk.people.models import Person

    identity = root.parent / KEY_FILE
    write_durably(identity, new_key_file())
    trainer = Person.objects.get(username=TRAINER[0])
    return Room(workspace, ledger, time, trainer, identity)


def _class(room: Room, title: str, course: str) -> TrainingClass:
    from kancil.desk.training.actions.classes import open_class
    from kancil.desk.training.actions.sittings import choose_course
    from kancil.desk.training.keys import recipients_in
    from kancil.ground.files import read_file
    from kancil.training.courses.kept import find_course

    day = room.time.now().date()
    made = open_class(
        by=room.trainer, title=title, begins_on=day, ends_on=day + timedelta(days=4),
        recipients=recipients_in(read_file(room.identity_file), KEY_FILE),
    )  # fmt: skip
    named = find_course(room.workspace.root, course)
    choose_course(by=room.trainer, training_class=made, course=named)
    made.refresh_from_db()
    return made


def _join(training_class: TrainingClass, username: str, name: str) -> Person:
    from kancil.desk.training.actions.classes import join_class

    return join_class(
        code=training_class.join_code or "", username=username, name=name, password=PASSWORD,
        language="en",
    )  # fmt: skip


def _pre_test(room: Room, training_class: TrainingClass, people: list[Person]) -> None:
    """Three sit the test before the course, each with other gaps."""
    from kancil.desk.training.actions.sittings import give_test
    from kancil.desk.training.models import WhichTest
    from kancil.training.courses.kept import find_course

    opens = room.time.now()
    test = give_test(
        by=room.trainer, training_class=training_class,
        course=find_course(room.workspace.root, COURSE), form=WhichTest.PRE, opens_at=opens,
        closes_at=opens + timedelta(hours=8),
    )  # fmt: skip
    for place, person in enumerate(people):
        _sit(room, test, person, every=place + 2)


def _sit(room: Room, test: CourseTest, person: Person, every: int) -> None:
    """Answer rightly but for one item in so many, which stays open."""
    from kancil.desk.training.actions.sittings import hand_in, save_item, start_sitting
    from kancil.desk.training.queries.sittings import items_of

    sitting = start_sitting(room.ledger, test=test, person=person, language="en")
    for place, item in enumerate(items_of(test, "en")):
        if place % every:
            save_item(room.ledger, sitting=sitting, item=place, value=_right(item))
    hand_in(room.ledger, sitting=sitting)


def _right(item: Item) -> Any:
    """What earns all of an item."""
    from kancil.training.item_bank.bank import ItemKind
    from kancil.training.item_bank.marking import asked_pairs

    if item.kind is ItemKind.TRUE_FALSE:
        return item.is_true
    if item.kind is ItemKind.MATCHING:
        return [each.right for each in asked_pairs(item)]
    if item.kind is ItemKind.CHOICE:
        return next(place for place, each in enumerate(item.options) if each.is_right)
    option = item.options[0]
    return option.span.low if option.span else option.text.text


def _give(room: Room, training_class: TrainingClass, lab: str) -> LabRun:
    from kancil.desk.training.actions.labs import give_lab
    from kancil.ground.registry import Registry
    from kancil.training.lab import SMALL
    from kancil.training.labs import LABS

    opens = room.time.now()
    return give_lab(
        by=room.trainer, authenticated_by="password", training_class=training_class,
        lab=Registry("lab", LABS).named(lab), knobs=SMALL, opens_at=opens,
        closes_at=opens + timedelta(hours=12),
    )  # fmt: skip


def _work_all(room: Room, run: LabRun, people: Mapping[str, Person]) -> None:
    """Let four of the five work, each as deep as they come."""
    from kancil.desk.training.actions.work import submit

    room.time.move_to(50)
    begun = {each: _begin(room, run, people[each]) for each in ("anong", "binh", "chan")}
    room.time.move_to(25)
    _follow(room, begun["binh"])
    _answer(room, begun["binh"], _STUCK_ANSWERS)
    room.time.move_to(8)
    _follow(room, begun["anong"])
    _answer(room, begun["anong"], None)
    submit(room.ledger, attempt=begun["anong"])
    room.time.move_to(1)
    _begin(room, run, people["dao"], files=1)
    _follow(room, begun["chan"])
    _answer(room, begun["chan"], _WORKING_ANSWERS)


def _begin(room: Room, run: LabRun, person: Person, files: int | None = None) -> Attempt:
    """Open the case under the authority of the story; take in its files, or so many of them."""
    from kancil.custody.basis import LegalBasis
    from kancil.custody.keys import KeyRing
    from kancil.desk.access.server import server_for
    from kancil.desk.cases.jobs.uploads import admit_upload
    from kancil.desk.jobs.job import Asked
    from kancil.desk.training.actions.work import lay_ready, pieces_of, start_attempt
    from kancil.desk.training.folders import manifest_of
    from kancil.ground.ids import BasisId, CaseId, new_id

    by = server_for(room.ledger, KeyRing(room.workspace.keys_dir), person, "password")
    made = start_attempt(
        room.ledger, room.workspace, run=run, person=person, title="Ransom paid in bitcoin",
        basis=LegalBasis(BasisId(new_id()), "warrant", number="868", authority=_AUTHORITY), by=by,
    )  # fmt: skip
    for piece in list(pieces_of(manifest_of(room.workspace, made.variant)))[:files]:
        sending = lay_ready(room.workspace, attempt=made, piece=piece)
        asked = Asked(person, "password", CaseId(made.case_id), sending.id)
        admit_upload.by(asked).enqueue()
        if piece.endswith(".dat"):
            room.blocks[made.pk] = sending.id  # the exhibit gets its id
    room.work()
    return made


def _follow(room: Room, attempt: Attempt) -> None:
    """Read the block file into a chain of their own, and record one trace of the payment."""
    from kancil.desk.jobs.job import Asked
    from kancil.desk.studies.jobs.chains import ingest
    from kancil.desk.studies.jobs.traces import run_trace
    from kancil.ground.ids import CaseId

    case = CaseId(attempt.case_id)
    who = Asked(attempt.person, "password", case)
    chain = attempt.person.username
    ingest.by(who).enqueue(chain=chain, exhibits=[room.blocks[attempt.pk]], network="regtest")
    room.work()
    path = _key_says(room, attempt)["path"]
    run_trace.by(who).enqueue(
        chain=chain, starts=[path[0]], policy="haircut", why="asked for in the exercise"
    )
    room.work()


def _answer(room: Room, attempt: Attempt, questions: tuple[str, ...] | None) -> None:
    """Save what the key says of these questions; None: of all, and a text besides."""
    from kancil.desk.training.actions.work import save_answer

    values = _key_says(room, attempt)
    if questions is None:
        values = {**values, "explain": _EXPLAINED}
    for question in questions or values:
        save_answer(
            room.ledger, room.workspace, attempt=attempt, question=question, given=values[question]
        )


_EXPLAINED = (
    "The payment went over the transactions named above to a deposit address of the exchange. Its"
    " table credits the account. That the holder of the account is who asked for the ransom is not"
    " shown: coins of others came in on the way, and the sum depends on the policy."
)


def _key_says(room: Room, attempt: Attempt) -> dict[str, Any]:
    """What the sealed key says of each question, as the trainer's file opens it."""
    from kancil.desk.training.folders import key_path
    from kancil.evidence.age import read_identities
    from kancil.ground.files import read_file
    from kancil.training.making import open_key

    sealed = read_file(key_path(room.workspace, attempt.variant))
    key = open_key(sealed, read_identities(room.identity_file, KEY_FILE))
    return {each.question: each.value for each in key.expected if each.value}


def main(folder: Path) -> None:
    """Found and fill a classroom in a folder that is not there yet.

    Printed as JSON: `passwords`, one-time, by user name; `class`, `code` and `run`.
    """
    write_for_owner_only()
    time = SampleClock(FIRST_MINUTES)
    clock.now = time.now
    made = build(folder, time)
    time.move_to(0)
    sys.stdout.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
