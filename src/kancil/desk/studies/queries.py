"""Chains of the unit, opened once and kept open until they change; findings being written."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kancil.bitcoin.chain import Chain
from kancil.ground.errors import PageNotFound
from kancil.ground.workspace import Workspace

from .models import DraftState, FindingDraft, FindingVersion

__all__ = ["DraftState"]  # a choice, to be read

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_ABOUT = "chain.json"
_open: dict[Path, tuple[int, Chain]] = {}
_lock = threading.Lock()


def chain_names(workspace: Workspace) -> list[str]:
    """List the chains of the unit by name."""
    return sorted(path.parent.name for path in workspace.chains_dir.glob(f"*/{_ABOUT}"))


def open_chain(workspace: Workspace, name: str) -> Chain:
    """Give a chain, as it is now; raises PageNotFound, and what opening raises."""
    about = workspace.chains_dir / name / _ABOUT
    if _NAME.fullmatch(name) is None or not about.is_file():
        raise PageNotFound
    changed = about.stat().st_mtime_ns
    with _lock:
        known = _open.get(about)
        if known is None or known[0] != changed:
            known = _open[about] = (changed, Chain.open(about.parent))
        return known[1]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a draft of a finding says: of which row, in which class, with which remark."""

    trace: str
    """Id of the trace it rests on."""
    finding_class: str
    row: int
    label_number: int
    remark: str


@dataclass(frozen=True, slots=True)
class SavedWording:
    """One version of a draft."""

    version: int
    wording: Wording
    saved_by: str
    """Name of the person."""
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class FindingDraftRead:
    """A draft with its newest version."""

    number: int
    state: str
    newest: SavedWording
    finding: str | None
    """Id of the finding it became."""

    @property
    def version(self) -> int:
        """Give the number of the newest version."""
        return self.newest.version

    @property
    def wording(self) -> Wording:
        """Give what the newest version says."""
        return self.newest.wording


def drafts(case_id: str) -> list[FindingDraftRead]:
    """List the drafts of a case by number."""
    return [as_read(draft) for draft in FindingDraft.objects.filter(case_id=case_id)]


def read_draft(case_id: str, number: int) -> FindingDraftRead | None:
    """Find a draft of a case by its number."""
    draft = FindingDraft.objects.filter(case_id=case_id, number=number).first()
    return None if draft is None else as_read(draft)


def draft_versions(case_id: str, number: int) -> list[SavedWording]:
    """List what a draft said, the newest version first."""
    found = FindingVersion.objects.filter(draft__case_id=case_id, draft__number=number)
    return [_saved(each) for each in found.select_related("saved_by").order_by("-version")]


def as_read(draft: FindingDraft) -> FindingDraftRead:
    """Give a draft's row with its newest version."""
    newest = draft.versions.select_related("saved_by").get(version=draft.version)
    return FindingDraftRead(draft.number, draft.state, _saved(newest), draft.finding)


def _saved(row: FindingVersion) -> SavedWording:
    wording = Wording(row.trace, row.finding_class, row.row, row.label_number, row.remark)
    return SavedWording(row.version, wording, row.saved_by.name, row.saved_at)
