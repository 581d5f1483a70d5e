"""Proofs that leave the unit: inclusion, complete histories with sealed entries, and the export.

Form: docs/formats/bundle.md (`custody/`), docs/formats/ledger.md (JSON Lines).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kancil.ground import canonical
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.phrase import Phrase
from kancil.ground.signing import Signer

from .checkpoint import CASE, EXHIBIT, Checkpoint, make_head
from .entry import Entry
from .errors import EntryNotFound, EntryNotReadable, LedgerDiffersFromCheckpoint
from .kinds import KEY_KINDS
from .merkle import Tree, root_of
from .store import LedgerView


@dataclass(frozen=True, slots=True)
class CustodyProof:
    """What shows a part of a ledger to a stranger, file by file as in a bundle's `custody/`."""

    entries: bytes
    """`entries.jsonl`."""
    proofs: bytes
    """`proofs.json`, canonical JSON."""
    checkpoint: bytes
    """`checkpoint.txt`."""
    heads: dict[str, bytes]
    """`case.txt` and `EXHIBIT-ID.txt` under `heads/`."""

    def files(self) -> dict[str, bytes]:
        """Name each file within `custody/`."""
        named = {f"heads/{name}": data for name, data in self.heads.items()}
        return {
            "checkpoint.txt": self.checkpoint,
            "entries.jsonl": self.entries,
            "proofs.json": self.proofs,
            **named,
        }


def prove_case(
    ledger: LedgerView,
    *,
    case: CaseId,
    exhibits: Iterable[ExhibitId],
    sealed: frozenset[int] = frozenset(),
    also: frozenset[int] = frozenset(),
    checkpoint: Checkpoint,
    unit_signer: Signer,
) -> CustodyProof:
    """Show a case's whole history, and that of the exhibits, with some entries sealed.

    All entries that name keys are shown too, and none of those may be sealed. `also`: numbers of
    entries of the unit, of no case, that are shown besides. Raises LedgerDiffersFromCheckpoint.
    """
    listed = list(exhibits)
    shown = key_numbers(ledger, checkpoint.size) | also
    shown |= {entry.n for entry in ledger.case_entries(case)} - sealed
    for exhibit in listed:
        shown |= {entry.n for entry in ledger.exhibit_entries(exhibit)} - sealed
    return _prove(ledger, shown, case, listed, checkpoint, unit_signer)


def prove_exhibit(
    ledger: LedgerView,
    *,
    exhibit: ExhibitId,
    sealed: frozenset[int] = frozenset(),
    checkpoint: Checkpoint,
    unit_signer: Signer,
) -> CustodyProof:
    """Show one exhibit's complete history: all its entries, the `sealed` ones by hash alone.

    `sealed`: numbers of entries in the unit. Raises LedgerDiffersFromCheckpoint.
    """
    shown = key_numbers(ledger, checkpoint.size)
    shown |= {entry.n for entry in ledger.exhibit_entries(exhibit)} - sealed
    return _prove(ledger, shown, None, [exhibit], checkpoint, unit_signer)


def key_numbers(ledger: LedgerView, size: int | None = None) -> set[int]:
    """The numbers of all entries from which a reader learns which keys were active."""
    size = ledger.head().size if size is None else size
    return {e.n for e in ledger.entries() if e.kind in KEY_KINDS and e.n <= size}


def proofs_for(
    ledger: LedgerView,
    *,
    shown: Iterable[int],
    case: CaseId | None,
    exhibits: Iterable[ExhibitId],
    size: int,
) -> dict[str, Any]:
    """The content of `proofs.json` for the tree of the first `size` entries.

    It names every shown entry and every entry of the case and exhibits. Raises EntryNotFound.
    """
    tree = Tree(ledger.hashes(size))
    case_entries = [] if case is None else _within(ledger.case_entries(case), size)
    by_exhibit = {name: _within(ledger.exhibit_entries(name), size) for name in exhibits}
    numbers = set(shown) | {entry.n for entry in case_entries}
    for entries in by_exhibit.values():
        numbers |= {entry.n for entry in entries}
    if numbers and not 1 <= min(numbers) <= max(numbers) <= size:
        raise EntryNotFound(n=max(numbers), size=size)
    return {
        "case": [entry.hash.hex() for entry in case_entries],
        "entries": [
            {
                "hash": tree.levels[0][n - 1].hex(),
                "n": n,
                "path": [step.hex() for step in tree.audit_path(n - 1)],
            }
            for n in sorted(numbers)
        ],
        "exhibits": {
            name: [entry.hash.hex() for entry in entries] for name, entries in by_exhibit.items()
        },
        "root": tree.root().hex(),
        "size": size,
    }


def heads_for(
    ledger: LedgerView,
    *,
    case: CaseId | None,
    exhibits: Iterable[ExhibitId],
    checkpoint: Checkpoint,
    unit_signer: Signer,
) -> dict[str, bytes]:
    """Sign the heads of a case and its exhibits as they stand in the checkpoint, by file name."""
    heads: dict[str, bytes] = {}
    if case is not None:
        entries = _within(ledger.case_entries(case), checkpoint.size)
        heads["case.txt"] = _head(CASE, case, entries, checkpoint, unit_signer)
    for exhibit in exhibits:
        entries = _within(ledger.exhibit_entries(exhibit), checkpoint.size)
        heads[f"{exhibit}.txt"] = _head(EXHIBIT, exhibit, entries, checkpoint, unit_signer)
    return heads


def export_ledger(ledger: LedgerView, out: Path, *, replace: bool = False) -> int:
    """Write all entries as JSON Lines, the exchange form; gives their number. Raises FileExists."""
    lines = list(ledger.lines())
    write_durably(out, b"".join(line + b"\n" for line in lines), replace=replace)
    return len(lines)


def read_lines(data: bytes) -> Iterator[bytes]:
    """Split JSON Lines into entries; raises EntryNotReadable when the last line is not ended."""
    if data and not data.endswith(b"\n"):
        raise EntryNotReadable(why=Phrase("why.line-not-ended"))
    yield from data.split(b"\n")[:-1]


def _prove(
    ledger: LedgerView,
    shown: set[int],
    case: CaseId | None,
    exhibits: list[ExhibitId],
    checkpoint: Checkpoint,
    unit_signer: Signer,
) -> CustodyProof:
    size = checkpoint.size
    shown = {n for n in shown if n <= size}
    proofs = proofs_for(ledger, shown=shown, case=case, exhibits=exhibits, size=size)
    if proofs["root"] != checkpoint.root.hex():
        raise LedgerDiffersFromCheckpoint(size=size, held=ledger.head().size)
    entries = b"".join(ledger.read(n).data + b"\n" for n in sorted(shown))
    heads = heads_for(
        ledger, case=case, exhibits=exhibits, checkpoint=checkpoint, unit_signer=unit_signer
    )
    return CustodyProof(entries, canonical.dumps(proofs), checkpoint.data, heads)


def _within(entries: Iterable[Entry], size: int) -> list[Entry]:
    return [entry for entry in entries if entry.n <= size]


def _head(
    scope: str, subject: str, entries: list[Entry], checkpoint: Checkpoint, signer: Signer
) -> bytes:
    root = root_of(entry.hash for entry in entries)
    return make_head(scope, subject, len(entries), root, within=checkpoint, signer=signer)
