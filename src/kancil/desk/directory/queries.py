"""The directory as it is now; folded of shipped, imported and own entries while nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from kancil.custody.directory import IMPORTED
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.desk.custody.store import DeskLedger
from kancil.ground.files import read_file
from kancil.ground.workspace import Workspace
from kancil.legal.directory.directory import Directory
from kancil.legal.directory.office import Kind, Listing, Office, Origin
from kancil.legal.directory.reading import office_of
from kancil.legal.directory.shipped import shipped_offices
from kancil.legal.directory.signed import SUFFIX, Issuer, read_directory
from kancil.records.selector import Selector

from .errors import DirectoryFileChanged


@dataclass(frozen=True, slots=True)
class Held:
    """Another unit's directory that counts now: its newest file."""

    unit: Issuer
    fingerprint: str
    version: int
    as_of: date
    entries: int
    sha256: str
    entry: Entry
    compared_how: str
    """How an officer compared the key, when it was first met."""
    by: str
    """Name of the officer who took it in."""


def directory_of(ledger: DeskLedger, workspace: Workspace) -> Directory:
    """The whole directory; raises DirectoryFileChanged."""
    roll = ledger.folded(Roll)
    files = tuple((each.unit.name, each.sha256) for each in _held(roll))
    return _folded(workspace.directory_dir, files, tuple(_own_entries(roll)))


def office_named(ledger: DeskLedger, workspace: Workspace, office: str) -> Listing:
    """The listing of an id; raises OfficeNotFound."""
    return directory_of(ledger, workspace).named(office)


def offices(
    ledger: DeskLedger,
    workspace: Workspace,
    *,
    kind: Kind | None = None,
    country: str = "",
    text: str = "",
) -> tuple[Listing, ...]:
    """Listings of a kind, of a country, in which all words of a text stand; by name."""
    return directory_of(ledger, workspace).search(text, kind=kind, country=country)


def keeper_for(
    ledger: DeskLedger, workspace: Workspace, named: str | Selector
) -> tuple[Listing, ...]:
    """The keepers that a name or identifier points to by itself; see `Directory.keepers`."""
    return directory_of(ledger, workspace).keepers(named)


def held_directories(ledger: DeskLedger) -> tuple[Held, ...]:
    """The newest file of each other unit, the last taken in first."""
    return _held(ledger.folded(Roll))[::-1]


def known_keys(ledger: DeskLedger) -> dict[str, Issuer]:
    """Keys that an officer compared, by fingerprint, each with the unit for which it signs."""
    return {each.fingerprint: each.unit for each in _imports(ledger.folded(Roll))}


def own_offices(ledger: DeskLedger) -> tuple[tuple[Office, ...], int]:
    """What this unit verified, each as it was found last; and how many verifications there were."""
    entries = tuple(_own_entries(ledger.folded(Roll)))
    latest = {each.office.id: each.office for each in _own(entries)}
    return tuple(latest.values()), len(entries)


def verifications(ledger: DeskLedger, office: str) -> list[Entry]:
    """The entries by which this unit verified one office, the newest first."""
    entries = list(_own_entries(ledger.folded(Roll)))
    return [each for each in entries if each.body["office"]["id"] == office][::-1]


def _imports(roll: Roll) -> Iterator[Held]:
    for entry in roll.directory:
        if entry.kind == IMPORTED:
            body = entry.body
            yield Held(
                Issuer(**body["unit"]), body["fingerprint"], body["version"],
                date.fromisoformat(body["as_of"]), body["entries"], body["sha256"], entry,
                body["compared_how"] or "", roll.actor_name(entry),
            )  # fmt: skip


def _held(roll: Roll) -> tuple[Held, ...]:
    """By unit its last one; how a key was compared stands in the first entry that names it."""
    compared: dict[str, str] = {}
    latest: dict[str, Held] = {}
    for each in _imports(roll):
        how = compared.setdefault(each.fingerprint, each.compared_how)
        latest.pop(each.unit.id, None)
        latest[each.unit.id] = replace(each, compared_how=how)
    return tuple(latest.values())


def _own_entries(roll: Roll) -> Iterator[Entry]:
    return (each for each in roll.directory if each.kind != IMPORTED)


def _own(entries: Iterable[Entry]) -> Iterator[Listing]:
    for entry in entries:
        office = office_of(entry.body["office"], str(entry.n))
        day = date.fromisoformat(entry.body["on"])
        yield Listing(replace(office, verified_on=day), Origin.OWN)


_Key = tuple[Path, tuple[tuple[str, str], ...], tuple[bytes, ...]]
_kept: dict[_Key, Directory] = {}
"""The last directory, by the folder, the files and the entries that it was folded of."""


def _folded(folder: Path, files: tuple[tuple[str, str], ...], own: tuple[Entry, ...]) -> Directory:
    key = (folder, files, tuple(each.hash for each in own))
    found = _kept.get(key)
    if found is None:
        stated = [Listing(each, Origin.SHIPPED) for each in shipped_offices()]
        for unit, digest in files:
            stated += [Listing(each, Origin.UNIT, unit) for each in _read(folder, unit, digest)]
        # Of its own entries an office has the last: an earlier one is history, not another's word.
        latest = {each.office.id: each for each in _own(own)}
        found = Directory([*stated, *latest.values()])
        _kept.clear()
        _kept[key] = found
    return found


def _read(folder: Path, unit: str, digest: str) -> tuple[Office, ...]:
    """The offices of a file that was read in a child when it came; by its digest the same bytes."""
    path = folder / f"{digest}{SUFFIX}"
    data = read_file(path) if path.is_file() else b""
    if sha256(data).hexdigest() != digest:
        raise DirectoryFileChanged(unit=unit, sha256=digest)
    return read_directory(data, path.name).offices
