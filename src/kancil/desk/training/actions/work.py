"""Acts of trainees: an attempt begun, files laid ready, answers saved, hints taken, handed in.

Saved is what was saved: an answer that came in time stays, whatever happens to the page after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import LegalBasis
from kancil.custody.store import LedgerStore
from kancil.desk.base.opening import one_change
from kancil.desk.cases.actions import open_case
from kancil.desk.cases.jobs.uploads import admit_upload
from kancil.desk.cases.models import Content
from kancil.desk.custody.store import one_transaction
from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.models import State, Task
from kancil.desk.people.models import Person
from kancil.desk.training.answers import read_value
from kancil.desk.training.errors import (
    AttemptBegun,
    AttemptSubmitted,
    LabNotOpen,
    LabOver,
    QuestionNotFound,
    VariantNotMade,
)
from kancil.desk.training.folders import file_path, manifest_of
from kancil.desk.training.models import Answer, Attempt, ClassState, LabRun, Variant
from kancil.desk.training.moments import Moment, moment_now
from kancil.desk.training.script import play_script
from kancil.evidence.spool import Sending, SentFile, Spool
from kancil.ground import clock
from kancil.ground.ids import CaseId
from kancil.ground.words import render_phrase
from kancil.ground.workspace import Workspace
from kancil.training.making import LabFile, Manifest
from kancil.training.question import Question


def start_attempt(
    ledger: LedgerStore,
    workspace: Workspace,
    *,
    run: LabRun,
    person: Person,
    title: str,
    basis: LegalBasis,
    by: ActingOfficer,
) -> Attempt:
    """Open the case of a trainee's variant under the legal basis that the trainee states.

    Acts that the lab plays before work begins are played in it after that: `play_script` goes on
    where it was killed. Raises VariantNotMade, LabNotOpen,
    LabOver, AttemptBegun, ClockSetBack, LegalBasisExpired, LabFilesChanged.
    """
    found = Variant.objects.filter(run=run, enrolment__person=person).select_related("run")
    variant = found.first()
    if variant is None:
        raise VariantNotMade
    manifest = manifest_of(workspace, variant)
    at = moment_now(ledger).require_right()
    _require_open(run, at)
    with one_transaction():
        if Attempt.objects.filter(variant=variant).exists():
            raise AttemptBegun
        case = open_case(ledger, title=title, basis=basis, opener=person, by=by)
        made = Attempt.objects.create(
            variant=variant, person=person, case_id=case, started_at=at, touched_at=at,
            due_at=due_at(run, manifest, at),
        )  # fmt: skip
    play_script(ledger, workspace, attempt=made, steps=manifest.script, by=by)
    return made


def _require_open(run: LabRun, at: datetime) -> None:
    if at < run.opens_at:
        raise LabNotOpen(opens=clock.to_text(run.opens_at))
    if at >= run.closes_at or run.training_class.state == ClassState.ENDED:
        raise LabOver(ended=clock.to_text(min(at, run.closes_at)))


def minutes_of(run: LabRun, manifest: Manifest) -> int:
    """How long a trainee has: as the trainer set it, else as the lab asks; 0 until it closes."""
    return run.minutes or manifest.minutes


def due_at(run: LabRun, manifest: Manifest, started_at: datetime) -> datetime:
    """When the time of an attempt is over."""
    minutes = minutes_of(run, manifest)
    if not minutes:
        return run.closes_at
    return min(run.closes_at, started_at + timedelta(minutes=minutes))


@contextmanager
def _working(ledger: LedgerStore, attempt: Attempt) -> Iterator[tuple[Attempt, Moment]]:
    """The attempt under its lock while something is saved of it, and the time it is dated by.

    Raises AttemptSubmitted, LabOver.
    """
    with one_change():
        row = Attempt.objects.select_for_update().get(pk=attempt.pk)
        if row.submitted_at is not None:
            raise AttemptSubmitted(at=clock.to_text(row.submitted_at))
        moment = moment_now(ledger)
        ended = attempt.variant.run.training_class.ended_at
        if moment.at >= row.due_at or ended is not None:
            raise LabOver(ended=clock.to_text(min(row.due_at, ended or row.due_at)))
        yield row, moment
        row.touched_at = moment.at
        row.clock_back_seconds = max(
            row.clock_back_seconds, int(moment.behind / timedelta(seconds=1))
        )
        row.save(update_fields=["touched_at", "clock_back_seconds", "hints", "submitted_at"])


def save_answer(
    ledger: LedgerStore, workspace: Workspace, *, attempt: Attempt, question: str, given: Any
) -> Answer | None:
    """Keep the present answer to a question; what is empty takes it away.

    From two windows the one that came last stays. Raises QuestionNotFound, AnswerNotUsable,
    AttemptSubmitted, LabOver.
    """
    asked = question_of(manifest_of(workspace, attempt.variant), question)
    value = read_value(asked, given)
    with _working(ledger, attempt) as (row, moment):
        known = Answer.objects.filter(attempt=row, question=asked.id).first()
        if value is None:
            if known is not None:
                known.delete()
            return None
        if known is None:
            return Answer.objects.create(
                attempt=row, question=asked.id, value=value, saved_at=moment.at
            )
        if known.value != value:
            known.value, known.saved_at, known.saves = value, moment.at, known.saves + 1
            known.save(update_fields=["value", "saved_at", "saves"])
        return known


def question_of(manifest: Manifest, question: str) -> Question:
    """A question of a lab; raises QuestionNotFound."""
    found = manifest.question(question)
    if found is None:
        raise QuestionNotFound
    return found


def take_hint(
    ledger: LedgerStore, workspace: Workspace, *, attempt: Attempt, question: str, seen: int
) -> int:
    """Take the next hint of a question; gives how many are taken now.

    `seen`: how many the page showed; sent twice, one is taken. Raises QuestionNotFound,
    AttemptSubmitted, LabOver.
    """
    asked = question_of(manifest_of(workspace, attempt.variant), question)
    with _working(ledger, attempt) as (row, _moment):
        taken = int(row.hints.get(asked.id, 0))
        if taken > seen:
            return taken
        if taken >= len(asked.hints):
            raise QuestionNotFound
        row.hints = {**row.hints, asked.id: taken + 1}
        return taken + 1


def submit(ledger: LedgerStore, *, attempt: Attempt) -> Attempt:
    """Hand an attempt in; handed in twice, the first time counts. Raises LabOver."""
    try:
        with _working(ledger, attempt) as (row, moment):
            row.submitted_at = moment.at
        return row
    except AttemptSubmitted:
        return Attempt.objects.get(pk=attempt.pk)


# --- files laid ready for the unit's own intake ---------------------------------------------------


def pieces_of(manifest: Manifest) -> dict[str, list[LabFile]]:
    """The files of a lab by what is handed over together: a file alone, or a folder of them."""
    found: dict[str, list[LabFile]] = {}
    for each in manifest.evidence:
        found.setdefault(each.name.partition("/")[0], []).append(each)
    return found


def lay_ready(workspace: Workspace, *, attempt: Attempt, piece: str) -> Sending:
    """Lay files of the lab where the case's intake page finds them, as if they had been sent.

    No byte goes through the trainee's laptop. Raises QuestionNotFound for files that the lab does
    not have, UploadNoRoom, DiskFull.
    """
    files = pieces_of(manifest_of(workspace, attempt.variant)).get(piece)
    if files is None:
        raise QuestionNotFound
    spool = Spool(workspace.uploads_dir, workspace.reserve_bytes)
    sending = spool.begin(
        case=attempt.case_id,
        person=str(attempt.person_id),
        title=render_phrase(files[0].title),
        source=render_phrase(files[0].source),
        files=_sent(files),
        is_laid=True,
    )
    for place, each in enumerate(files, 1):
        spool.lay(sending, place, file_path(workspace, attempt.variant, each.name))
    return sending


def take_in_all(workspace: Workspace, *, attempt: Attempt, authenticated_by: str) -> int:
    """Have every file of the lab that is not in the case taken in; gives how many pieces.

    The server signs for the trainee. Asked twice, each comes in once. Raises UploadNoRoom,
    DiskFull.
    """
    spool, case = Spool(workspace.uploads_dir, workspace.reserve_bytes), CaseId(attempt.case_id)
    left = untaken(attempt, manifest_of(workspace, attempt.variant))
    for piece in left:
        sending = lay_ready(workspace, attempt=attempt, piece=piece)
        task = Task.objects.filter(id=sending.id).first()
        if task is not None and task.state in (State.FAILED, State.CANCELLED):
            sending = spool.renew(sending) or sending  # a task that has ended is never done again
        asked = Asked(attempt.person, authenticated_by, case, sending.id)
        admit_upload.by(asked).enqueue()
    return len(left)


def untaken(attempt: Attempt, manifest: Manifest) -> list[str]:
    """What is handed over together and is no exhibit of the case yet."""
    held = set(
        Content.objects.filter(exhibit__case=attempt.case_id).values_list("sha256", flat=True)
    )
    pieces = pieces_of(manifest).items()
    return [name for name, files in pieces if any(each.sha256 not in held for each in files)]


def on_the_way(workspace: Workspace, attempt: Attempt) -> frozenset[str]:
    """SHA-256 of the first file of each piece that lies ready for the case, or is taken in."""
    here = [each for each in Spool(workspace.uploads_dir).all() if each.case == attempt.case_id]
    return frozenset(each.files[0].sha256 for each in here)


def _sent(files: list[LabFile]) -> tuple[SentFile, ...]:
    """Files as a browser would state them: names without their folder, where that is no other's."""
    last = [each.name.rpartition("/")[2] for each in files]
    is_plain = len(set(last)) == len(last)
    return tuple(
        SentFile(name if is_plain else each.name.replace("/", "-"), each.size_bytes, each.sha256)
        for name, each in zip(last, files, strict=True)
    )
