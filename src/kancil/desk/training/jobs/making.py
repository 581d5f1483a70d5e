"""Variants made behind the pages: one a trainee, each from a seed that only its sealed key holds.

A variant's folder is made whole under a passing name, and gets its own when its row is written.
Killed before, the next try clears it and draws another seed; nobody has seen the first.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from django.db import IntegrityError, transaction

from kancil.desk.base.opening import one_change
from kancil.desk.cases.doing import CaseDoing
from kancil.desk.jobs.job import work
from kancil.desk.training.folders import run_folder
from kancil.desk.training.models import AdmittedFile, Enrolment, LabRun, Variant
from kancil.evidence.age import Recipient, read_recipients
from kancil.ground import clock
from kancil.ground.files import sha256_of, sync_folder
from kancil.ground.ids import new_id
from kancil.ground.progress import SILENT
from kancil.ground.registry import Registry
from kancil.training import labs
from kancil.training.lab import MANIFEST, Knobs
from kancil.training.making import Manifest, make_lab, new_seed


@work("make-variants")
def make_variants(context: CaseDoing, *, run: str) -> None:
    """Make a variant for every trainee of the run's class who has none; done twice, it is one."""
    row = LabRun.objects.select_related("training_class").get(id=run)
    folder = run_folder(context.workspace, row)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f".new-{context.id}-*"):
        shutil.rmtree(left, ignore_errors=True)
    waiting = list(_without(row))
    context.progress.start(len(waiting), "labs", "progress.labs")
    for place, enrolment in enumerate(waiting):
        _make(row, enrolment, folder, folder / f".new-{context.id}-{place}")
        context.progress.advance(1)
    context.progress.finish()
    context.once(lambda _by: None, lambda _made: {"labs": len(waiting)})


def _without(run: LabRun) -> list[Enrolment]:
    enrolled = Enrolment.objects.filter(training_class=run.training_class)
    return list(enrolled.exclude(variants__run=run).order_by("id"))


def _make(run: LabRun, enrolment: Enrolment, folder: Path, passing: Path) -> None:
    lab = Registry("lab", labs.LABS).named(run.lab)
    to = recipients_of(run)
    manifest = make_lab(lab, new_seed(), Knobs(**run.knobs), passing, to, SILENT)
    name = new_id()
    passing.rename(folder / name)
    sync_folder(folder)
    try:
        with one_change(), transaction.atomic():
            _keep(run, enrolment, manifest, name, sha256_of(folder / name / MANIFEST))
    except IntegrityError:  # another job made one for the same trainee at this moment
        shutil.rmtree(folder / name, ignore_errors=True)


def recipients_of(run: LabRun) -> list[Recipient]:
    """For whom the keys of a run are sealed."""
    return read_recipients(run.training_class.recipients.splitlines(), "recipient")


def _keep(run: LabRun, enrolment: Enrolment, manifest: Manifest, name: str, digest: str) -> None:
    made = Variant.objects.create(
        id=manifest.variant, run=run, enrolment=enrolment, folder=name,
        manifest_sha256=digest, made_at=clock.now(),
    )  # fmt: skip
    AdmittedFile.objects.bulk_create(
        AdmittedFile(variant=made, name=each.name, sha256=each.sha256, size_bytes=each.size_bytes)
        for each in manifest.evidence
    )
