"""An exhibit that is a disk image goes through triage, once the ledger says who looked.

Bytes come from the vault or from where they stayed; the outcome lies in `triage/`, a cache that can
be made again from the exhibit.
"""

from __future__ import annotations

from pathlib import Path

from kancil.custody.acting import ActingOfficer
from kancil.custody.reading import require_readable, view_exhibit
from kancil.custody.roll import Exhibit, Roll
from kancil.custody.store import LedgerStore
from kancil.evidence.named import NamedFile, exhibit_files
from kancil.evidence.triage.outcome import Outcome, folder_of
from kancil.evidence.triage.supervise import triage
from kancil.evidence.vault import Vault
from kancil.ground.progress import SILENT, Progress

from .reading import path_of


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
    return triage(paths, own, called=files[0].path, progress=progress)


def image_files(exhibit: Exhibit, vault: Vault) -> list[NamedFile]:
    """The files of an image, in their order: that of their names."""
    return sorted(exhibit_files(exhibit, vault), key=lambda each: each.path)
