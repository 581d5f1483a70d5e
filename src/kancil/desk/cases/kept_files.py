"""Bundles, reports, results of studies and saved views, held against the ledger's digests.

They lie in `desk/bundles/` and `desk/reports/`. A report's digest stands in its `report.made`, a
bundle's in a `bundle.kept` of its own, since the bundle holds its `bundle.made`. What was kept
before that was recorded has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

from kancil.custody.acting import ActingOfficer
from kancil.custody.checkpoint import MAX_BYTES
from kancil.custody.kept import KeptNote
from kancil.custody.requests import DRAFTED
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.custody.unit import record_kept_bundle, record_refused_file
from kancil.ground.digests import digest_stream
from kancil.ground.files import sha256_of
from kancil.ground.workspace import Workspace
from kancil.ground.zips import DAMAGED_ZIP
from kancil.legal.directory.signed import SUFFIX as DIRECTORY_SUFFIX
from kancil.records.package import SUFFIX

from .errors import KeptFileChanged, PageNotFound

_BUNDLES, _REPORTS = "desk/bundles", "desk/reports"
_NAME = re.compile(r"C[0-9]+-([0-9]+)\.(zip|pdf)")
_CHECKPOINT = "custody/checkpoint.txt"


def bundle_path(workspace: Workspace, case_number: int, n: int) -> Path:
    """Where the site keeps the bundle of entry `n`, if it does."""
    return workspace.root / _BUNDLES / f"C{case_number}-{n}.zip"


def report_path(workspace: Workspace, case_number: int, n: int) -> Path:
    """Where the site keeps the report of entry `n`, if it does."""
    return workspace.root / _REPORTS / f"C{case_number}-{n}.pdf"


def keep_bundle(ledger: LedgerStore, written: Path, path: Path, n: int, by: ActingOfficer) -> None:
    """Put a bundle where the site keeps it, and record its digest."""
    path.parent.mkdir(exist_ok=True)
    written.rename(path)
    record_kept_bundle(ledger, bundle=n, sha256=sha256_of(path), by=by)


def open_kept(ledger: LedgerStore, path: Path, n: int, by: Callable[[], ActingOfficer]) -> BinaryIO:
    """Open the kept file of entry `n` for sending, read once to see that it is what was made.

    `by`: who asks, called only where it is not: then an entry says so, once for each content.
    Raises PageNotFound, KeptFileChanged.
    """
    if not path.is_file():
        raise PageNotFound
    file = path.open("rb")
    found = digest_stream(file).sha256
    file.seek(0)
    roll = ledger.folded(Roll)
    recorded = roll.kept_files.get(n)
    if recorded in (None, found):
        return file
    file.close()
    if (n, found) not in roll.refused_files:
        record_refused_file(ledger, entry=n, sha256=found, by=by())
    raise KeptFileChanged(name=path.name, n=n)


@dataclass(frozen=True, slots=True)
class KeptFault:
    """A kept file that is not what the ledger says."""

    name: str
    code: str
    """`changed`, `missing` or `stranger`."""


def kept_faults(roll: Roll, workspace: Workspace) -> list[KeptFault]:
    """Compare each file that the ledger names by its digest: bundles, results, drafts, law."""
    faults, seen = [], set()
    for n, path in _kept(workspace):
        seen.add(n)
        made = n in roll.bundle_entries or n in roll.kept_files
        if n is None or not made:
            faults.append(KeptFault(path.name, "stranger"))
        elif n in roll.kept_files and sha256_of(path) != roll.kept_files[n]:
            faults.append(KeptFault(path.name, "changed"))
    lost = (n for n in roll.bundle_entries if n in roll.kept_files and n not in seen)
    faults += [KeptFault(f"bundle {n}", "missing") for n in lost]
    for path, name, digest in _named(roll, workspace):
        faults += _fault(path, name, digest)
    return faults


def _named(roll: Roll, workspace: Workspace) -> Iterator[tuple[Path, str, str]]:
    """Each file beside bundles and reports that an entry names: where, how it is called, digest."""
    for study in roll.studies.values():
        path, digest = workspace.studies_dir / f"{study.id}.json", study.entry.body["result_sha256"]
        yield path, f"S{study.number}", digest
    for view in roll.views.values():
        path = workspace.views_dir / f"{view.id}.json"
        yield path, f"V{view.number}", view.entry.body["sha256"]
    for request in roll.requests.values():
        for entry in request.of_kind(DRAFTED):
            digest = entry.body["sha256"]
            yield workspace.requests_dir / f"{digest}.json", request.label, digest
    for entry in roll.packages:
        digest = entry.body["sha256"]
        path = workspace.packages_dir / f"{digest}{SUFFIX}"
        yield path, str(entry.body["package"]), digest
    for entry in roll.laws:
        digest = str(entry.body["sha256"])
        yield workspace.law_dir / f"{digest}.yaml", str(entry.body["name"]), digest
    for entry in roll.directory:
        if entry.kind == "directory.imported":
            digest = str(entry.body["sha256"])
            path = workspace.directory_dir / f"{digest}{DIRECTORY_SUFFIX}"
            yield path, str(entry.body["unit"]), digest


def unnamed_files(roll: Roll, workspace: Workspace) -> list[str]:
    """Files that lie among those which entries name, and that no entry does; nothing reads them."""
    named = {path for path, _, _ in _named(roll, workspace)}
    folders = (
        workspace.studies_dir, workspace.views_dir, workspace.requests_dir,
        workspace.packages_dir, workspace.law_dir, workspace.directory_dir,
    )  # fmt: skip
    return [
        path.relative_to(workspace.root).as_posix()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path not in named and not path.name.startswith(".tmp-")
    ]


def _fault(path: Path, name: str, digest: str) -> list[KeptFault]:
    """What is wrong with a file that an entry names; one that none names counts for nothing."""
    if not path.is_file():
        return [KeptFault(name, "missing")]
    return [] if sha256_of(path) == digest else [KeptFault(name, "changed")]


def without_digest(roll: Roll, workspace: Workspace) -> list[str]:
    """Names of kept bundles whose digest no entry states: they are older than that entry."""
    return [
        path.name
        for n, path in _kept(workspace)
        if n in roll.bundle_entries and n not in roll.kept_files
    ]


def bundled_checkpoints(workspace: Workspace) -> Iterator[KeptNote]:
    """The checkpoint in each kept bundle; a file that is no archive with one has none."""
    for _, path in _kept(workspace):
        if path.suffix != ".zip":
            continue
        try:
            with ZipFile(path) as archive, archive.open(_CHECKPOINT) as member:
                yield KeptNote(f"{path.name}/{_CHECKPOINT}", member.read(MAX_BYTES + 1))
        except DAMAGED_ZIP:
            continue  # told by `kept_faults`


def _kept(workspace: Workspace) -> Iterator[tuple[int | None, Path]]:
    """Each kept file, and the number of the entry that its name gives; None: it gives none."""
    for folder in (_BUNDLES, _REPORTS):
        for path in sorted((workspace.root / folder).glob("*")):
            if path.is_file() and not path.name.startswith(".tmp-"):
                named = _NAME.fullmatch(path.name)
                yield None if named is None else int(named[1]), path
