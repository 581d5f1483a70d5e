"""Acts of marking: a run marked with the trainer's identity, keys corrected, marks released.

The identity is what a trainer brings for the moment of an act: it is never written, and neither is
a key in the open. A mark holds what the key says of each question: trainees are to read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kancil.desk.base.opening import one_change
from kancil.desk.custody.store import DeskLedger
from kancil.desk.people.models import Person
from kancil.desk.training.access import require_trainer
from kancil.desk.training.errors import (
    AttemptsUnmarked,
    NotMarkedYet,
    QuestionNotFound,
    RubricNotFilled,
)
from kancil.desk.training.folders import corrected_path, key_path, manifest_of
from kancil.desk.training.jobs.making import recipients_of
from kancil.desk.training.models import Attempt, Correction, LabRun, Mark, TextMark, Variant
from kancil.desk.training.moments import moment_now
from kancil.desk.training.queries.work import answers_of, finished, newest_mark, stored_marks
from kancil.evidence.age import Identity
from kancil.ground import clock
from kancil.ground.files import read_file, write_durably
from kancil.ground.filled import filled_from_plain
from kancil.ground.ids import CaseId
from kancil.ground.plain import plain
from kancil.ground.workspace import Workspace
from kancil.training.errors import CorrectionNotUsable
from kancil.training.key import Criterion, Expected, Key
from kancil.training.making import check_key, correct_key, open_key, seal_key
from kancil.training.marking.again import compare_marks
from kancil.training.marking.conduct import process_marks
from kancil.training.marking.mark import mark
from kancil.training.marking.marks import Marked, TrainerMarks


@dataclass(frozen=True, slots=True)
class MarkedRun:
    """What came of marking a run."""

    marked: int
    """Attempts whose marks are new or other than before."""
    same: int
    working: int
    """Attempts that are not handed in and whose time is not over: they were left alone."""


def mark_run(
    ledger: DeskLedger,
    workspace: Workspace,
    *,
    run: LabRun,
    identities: Sequence[Identity],
    by: Person,
    correction: Correction | None = None,
) -> MarkedRun:
    """Mark every attempt that is handed in or whose time is over, by the newest keys.

    Raises TrainingNotYours, LabKeyNotOpened (another identity), LabFilesChanged.
    """
    require_trainer(by)
    now = moment_now(ledger).at
    attempts = list(_attempts(run))
    done = [each for each in attempts if finished(each, now)]
    changed = sum(
        _mark(ledger, workspace, each, identities, by, correction) is not None for each in done
    )
    return MarkedRun(changed, len(done) - changed, len(attempts) - len(done))


def _attempts(run: LabRun) -> Any:
    found = Attempt.objects.filter(variant__run=run).order_by("id")
    return found.select_related("variant__run__training_class", "person")


def _mark(
    ledger: DeskLedger,
    workspace: Workspace,
    attempt: Attempt,
    identities: Sequence[Identity],
    by: Person,
    correction: Correction | None,
) -> Mark | None:
    """Mark one attempt; None when its newest marks are the same."""
    manifest = manifest_of(workspace, attempt.variant)
    key = open_key(read_file(key_path(workspace, attempt.variant)), identities)
    check_key(key, manifest)
    case = CaseId(attempt.case_id)
    stated = [each.sha256 for each in manifest.evidence]
    process = process_marks(ledger.case_entries(case), case, key.process, stated=stated)
    found = mark(key, manifest.questions, answers_of(attempt), _trainer_marks(attempt), process)
    rubric = {each.question: plain(each.rubric) for each in key.expected if each.rubric}
    return _keep(attempt, found, rubric, by, correction)


def _trainer_marks(attempt: Attempt) -> TrainerMarks:
    rows = list(TextMark.objects.filter(attempt=attempt))
    return TrainerMarks(
        {row.question: row.points for row in rows}, {row.question: row.comment for row in rows}
    )


def _keep(
    attempt: Attempt,
    found: Marked,
    rubric: Mapping[str, Any],
    by: Person,
    correction: Correction | None,
) -> Mark | None:
    """Add a row for marks that differ from the newest ones."""
    with one_change():
        Attempt.objects.select_for_update().get(pk=attempt.pk)
        before = newest_mark(attempt)
        if before is not None and before.marked == plain(found):
            return None
        changes = None if before is None else plain(compare_marks(stored_marks(before), found))
        return Mark.objects.create(
            attempt=attempt, key_version=found.key_version, points=found.points,
            earned_hundredths=found.earned_hundredths, is_final=found.is_final,
            marked=plain(found), rubric=dict(rubric), changes=changes, correction=correction,
            by=by, at=clock.now(),
        )  # fmt: skip


def mark_text(
    workspace: Workspace,
    *,
    attempt: Attempt,
    question: str,
    points: Mapping[str, int],
    comment: str,
    by: Person,
) -> Mark | None:
    """Mark a text by the lines of its rubric, which the newest marks hold; no key is needed.

    Raises NotMarkedYet, QuestionNotFound, RubricNotFilled, TrainingNotYours.
    """
    require_trainer(by)
    before = newest_mark(attempt)
    if before is None:
        raise NotMarkedYet
    lines = [filled_from_plain(Criterion, each) for each in before.rubric.get(question, ())]
    asked = manifest_of(workspace, attempt.variant).question(question)
    if not lines or asked is None:
        raise QuestionNotFound
    for line in lines:
        if not 0 <= points.get(line.code, -1) <= line.points:
            raise RubricNotFilled(criterion=line.words, most=line.points)
    given = {line.code: points[line.code] for line in lines}
    with one_change():
        TextMark.objects.update_or_create(
            attempt=attempt, question=question,
            defaults={"points": given, "comment": comment.strip(), "by": by, "at": clock.now()},
        )  # fmt: skip
    known = stored_marks(before)
    old = next(each for each in known.questions if each.question == question)
    right = Expected(question, old.expected, old.why, rubric=tuple(lines))
    key = Key(known.lab, known.lab_version, known.variant, "", {}, (right,))
    new = mark(key, [asked], answers_of(attempt), _trainer_marks(attempt)).questions[0]
    marks = tuple(new if each is old else each for each in known.questions)
    return _keep(attempt, replace(known, questions=marks), before.rubric, by, None)


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction puts in the place of what the key said; what is None stays."""

    value: Any = None
    also: Any = None
    tolerance: str | None = None


def correct_run(
    ledger: DeskLedger,
    workspace: Workspace,
    *,
    run: LabRun,
    question: str,
    change: Change,
    reason: str,
    identities: Sequence[Identity],
    by: Person,
    variant: Variant | None = None,
) -> tuple[Correction, MarkedRun]:
    """Correct the key of one variant, or of all of a run, and mark every attempt again.

    The keys before stay beside the new ones. A value is a variant's own: for all of them at once
    only what holds for all, such as a tolerance, makes sense. Raises CorrectionNotUsable,
    LabKeyNotOpened, TrainingNotYours.
    """
    require_trainer(by)
    rows = [variant] if variant is not None else list(run.variants.select_related("run"))
    new = _corrected(workspace, rows, question, change, reason, identities)
    sealed = recipients_of(run)
    for row, key in new:
        write_durably(corrected_path(workspace, row, key.version), seal_key(key, sealed))
    said = {name: each for name, each in plain(change).items() if each is not None}
    with one_change():
        made = Correction.objects.create(
            run=run, variant=variant, question=question, change=said, reason=reason.strip(),
            by=by, at=clock.now(),
        )  # fmt: skip
    again = mark_run(ledger, workspace, run=run, identities=identities, by=by, correction=made)
    return made, again


def _corrected(
    workspace: Workspace,
    rows: Sequence[Variant],
    question: str,
    change: Change,
    reason: str,
    identities: Sequence[Identity],
) -> list[tuple[Variant, Key]]:
    """The corrected keys; one that says so already is left. Raises CorrectionNotUsable."""
    found: list[tuple[Variant, Key]] = []
    refused: CorrectionNotUsable | None = None
    for row in rows:
        key = open_key(read_file(key_path(workspace, row)), identities)
        check_key(key, manifest_of(workspace, row))
        also = () if change.also is None else (change.also,)
        try:
            told = correct_key(
                key, question, reason=reason, value=change.value, tolerance=change.tolerance,
                also=also,
            )  # fmt: skip
        except CorrectionNotUsable as error:
            refused = error
            continue
        found.append((row, told))
    if refused is not None and not found:
        raise refused
    return found


def release_marks(ledger: DeskLedger, *, run: LabRun, by: Person) -> LabRun:
    """Let trainees see their marks; what is corrected later they see at once.

    Raises NotMarkedYet, AttemptsUnmarked, TrainingNotYours.
    """
    require_trainer(by)
    with one_change():
        row = LabRun.objects.select_for_update().get(pk=run.pk)
        attempts = list(_attempts(row))
        if not any(newest_mark(each) for each in attempts):
            raise NotMarkedYet
        now = moment_now(ledger).at
        left = sum(newest_mark(each) is None for each in attempts if finished(each, now))
        if left:
            raise AttemptsUnmarked(count=left)
        if row.released_at is None:
            row.released_at, row.released_by = clock.now(), by
            row.save(update_fields=["released_at", "released_by"])
    return row
