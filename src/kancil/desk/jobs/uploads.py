"""Files that were sent for a task: a folder under `desk/uploads/`, gone when the task has ended.

An upload that is to become an exhibit lies there too, in the spool (`evidence.spool`), and stays
until it was taken in, dropped, or left for seven days.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from kancil.evidence.spool import Spool
from kancil.ground.workspace import Workspace

from .models import State, Task

_OPEN = (State.WAITING, State.RUNNING)
_PREFIX = "task-"
_STALE_SECONDS = 24 * 3600


def sent_for(workspace: Workspace, task_id: str) -> Path:
    """The folder of what was sent for a task."""
    return workspace.uploads_dir / f"{_PREFIX}{task_id}"


def remove_sent(workspace: Workspace, task_id: str) -> None:
    """Remove what was sent for a task, if it has ended."""
    folder = sent_for(workspace, task_id)
    if folder.exists() and not Task.objects.filter(id=task_id, state__in=_OPEN).exists():
        shutil.rmtree(folder, ignore_errors=True)


def sweep_sent(workspace: Workspace) -> None:
    """Remove what was sent a day ago and more for tasks that have ended, or were never asked."""
    if not workspace.uploads_dir.is_dir():
        return
    sweep_uploads(workspace)
    for folder in workspace.uploads_dir.glob(f"{_PREFIX}*"):
        if time.time() - folder.stat().st_mtime > _STALE_SECONDS:
            remove_sent(workspace, folder.name.removeprefix(_PREFIX))


def sweep_uploads(workspace: Workspace) -> None:
    """Remove uploads that were left, and what is left of those that were taken in."""
    spool = Spool(workspace.uploads_dir)
    for sending in spool.all():
        if Task.objects.filter(id=sending.id, state=State.DONE).exists():
            spool.drop(sending.id)
    spool.sweep(lambda name: Task.objects.filter(id=name, state__in=_OPEN).exists())
