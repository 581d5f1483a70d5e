"""An exhibit that is a disk image goes through triage, once the ledger says who looked.

Bytes come from the vault or from where they stayed; the outcome lies in `triage/`, a cache that can
be made again from the exhibit.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kancil.custody.acting import ActingOfficer
from kancil.custody.reading import require_readable, view_exhibit
from kancil.custody.roll import Exhibit, Roll
from kancil.custody.store import LedgerStore
from kancil.evidence.errors import StoredDigestDiffers
from kancil.evidence.named import NamedFile, exhibit_files
from kancil.evidence.triage.child import digests_of_image
from kancil.evidence.triage.supervise import Triaged, triage
from kancil.evidence.vault import Vault
from kancil.ground.confine import Grants
from kancil.ground.digests import sha256_hex
from kancil.ground.progress import SILENT, Progress

from .reading import path_of


def triage_exhibit(
    ledger: LedgerStore,
    vault: Vault,
    folder: Path,
    exhibit: Exhibit,
    by: ActingOfficer,
    progress: Progress = SILENT,
) -> Triaged:
    """List and read every file of an image; `folder`: of all triages.

    The digests that the acquisition stored are compared first. Raises ExhibitGone,
    LegalBasisExpired, ImageNotReadable, StoredDigestDiffers, and what reading a file raises.
    """
    require_readable(ledger.folded(Roll), exhibit.id)
    files = sorted(exhibit_files(exhibit, vault), key=lambda each: each.path)
    view_exhibit(ledger, exhibit=exhibit.id, sha256=files[0].sha256, by=by)
    paths = [path_of(vault, each) for each in files]
    own = folder / sha256_hex("\n".join(each.sha256 for each in files).encode())
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = triage(paths, own, progress=progress)
    _compare(files, paths, found, progress)
    return found


def _compare(
    files: Sequence[NamedFile], paths: Sequence[Path], found: Triaged, progress: Progress
) -> None:
    stored = found.listed.stored
    if not stored:
        return
    names = tuple(str(each) for each in paths)
    asked = digests_of_image.within(digests_of_image.limits, Grants(reads=names))
    made = asked(names, progress=progress)
    for name, value in stored.items():
        if getattr(made, name) != value:
            raise StoredDigestDiffers(
                path=files[0].path, digest=name, stored=value, found=getattr(made, name)
            )
