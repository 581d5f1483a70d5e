"""An exhibit that is a disk image goes through triage, once the ledger says who looked.

Bytes come from the vault or from where they stayed; the outcome lies in `triage/`, a cache that can
be made again from the exhibit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from kancil.custody.acting import ActingOfficer
from kancil.custody.reading import require_readable, view_exhibit
from kancil.custody.roll import Exhibit, Roll
from kancil.custody.store import LedgerStore
from kancil.evidence.errors import ImageNotReadable
from kancil.evidence.named import NamedFile, exhibit_files
from kancil.evidence.triage.outcome import Outcome, folder_of, open_outcome
from kancil.evidence.triage.supervise import triage
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.ground.crossing import pack, unpack
from kancil.ground.files import write_durably
from kancil.ground.ids import ExhibitId, OfficerId
from kancil.ground.progress import SILENT, Progress

from .reading import path_of

_MADE = "made-{}.json"


def triage_exhibit(
    ledger: LedgerStore,
    vault: Vault,
    folder: Path,
    exhibit: Exhibit,
    by: ActingOfficer,
    progress: Progress = SILENT,
) -> Outcome:
    """List and read every file of an image; `folder`: of all triages.

    Where it went through the pass before, what was found then is opened. Raises ExhibitGone,
    LegalBasisExpired, ExaminationRuns, ImageNotReadable, StoredDigestDiffers, and what reading a
    file raises.
    """
    require_readable(ledger.folded(Roll), exhibit.id)
    files = image_files(exhibit, vault)
    view_exhibit(ledger, exhibit=exhibit.id, sha256=files[0].sha256, by=by)
    paths = [path_of(vault, each) for each in files]
    own = folder_of(folder, (each.sha256 for each in files))
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    known, started_at = open_outcome(own), clock.now()
    with called_as_admitted(files) as called:
        found = triage(paths, own, called=called, progress=progress)
    if known is None:
        behalf = by.on_behalf
        made = PassMade(
            by.id if behalf is None else behalf.officer,
            None if behalf is None else behalf.account,
            started_at,
            clock.now(),
        )
        write_durably(own / _MADE.format(exhibit.id), json.dumps(pack(PassMade, made, [])).encode())
    return found


@dataclass(frozen=True, slots=True)
class PassMade:
    """Who had an exhibit examined, by a command or on the site, and when.

    Kept beside the outcome for that exhibit alone: who has the same image in another case is not
    told who examined it there. Of passes of earlier versions there is none.
    """

    officer: OfficerId | None
    account: str | None
    """For whom the server acted."""
    started_at: datetime
    """Of the last run, where one was stopped and went on."""
    ended_at: datetime


def pass_made(outcome: Outcome, exhibit: ExhibitId) -> PassMade | None:
    """Who had this exhibit examined; None where nothing says so."""
    path = outcome.folder / _MADE.format(exhibit)
    return unpack(PassMade, json.loads(path.read_bytes()), []) if path.is_file() else None


@contextmanager
def called_as_admitted(files: Sequence[NamedFile]) -> Iterator[str]:
    """What people call an image, also in its errors: `E4 (disk.E01)`, by its first file.

    Readers know it by the name that it has in the vault: its digest.
    """
    called = f"{files[0].exhibit.label} ({PurePath(files[0].path).name})"
    try:
        yield called
    except ImageNotReadable as error:
        raise ImageNotReadable(**{**error.params, "path": called}) from error


def image_files(exhibit: Exhibit, vault: Vault) -> list[NamedFile]:
    """The files of an image, in their order: that of their names."""
    return sorted(exhibit_files(exhibit, vault), key=lambda each: each.path)
