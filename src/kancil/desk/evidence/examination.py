"""The examination of an exhibit: the outcome of a finished pass, opened for whoever may read it.

Its tables are mapped into memory and kept open, with what pages ask of every entry at once, in
columns by the place of an entry (its number less one).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kancil.custody.acting import ActingOfficer
from kancil.custody.reading import require_readable, view_exhibit
from kancil.custody.roll import Exhibit, Roll
from kancil.custody.store import LedgerStore
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.triage import image_files
from kancil.evidence.triage.outcome import Outcome, folder_of, open_outcome
from kancil.evidence.vault import Vault
from kancil.ground.ids import ExhibitId

_OPEN = 4
"""Examinations that stay open beside each other."""


@dataclass(frozen=True)
class Examination:
    """An exhibit's outcome, and its columns."""

    outcome: Outcome

    @cached_property
    def entries(self) -> pa.Table:
        """Rows of `FileEntry`."""
        return self.outcome.entries

    @cached_property
    def contents(self) -> pa.Table:
        """Rows of `FileContent`."""
        return self.outcome.contents

    @cached_property
    def content_rows(self) -> NDArray[np.int64]:
        """Row of each entry's own content; -1: it was not read."""
        found = np.full(len(self.entries), -1, dtype=np.int64)
        own = np.flatnonzero(self.contents["member"].to_numpy() == 0)
        found[self.contents["number"].to_numpy()[own] - 1] = own
        return found

    @cached_property
    def kinds(self) -> tuple[list[str], NDArray[np.int32]]:
        """Kinds of content, and the place in them of each entry's; -1: it was not read."""
        coded = self.contents["kind"].combine_chunks().dictionary_encode()
        codes = np.asarray(coded.indices, dtype=np.int32)
        rows = self.content_rows
        found = np.where(rows >= 0, codes[rows], -1) if len(codes) else np.full(len(rows), -1)
        return coded.dictionary.to_pylist(), found.astype(np.int32)

    @cached_property
    def depths(self) -> NDArray[np.int32]:
        """How many folders each entry is below the root of its volume."""
        return np.asarray(pc.count_substring(self.entries["path"], "/"), dtype=np.int32)

    @cached_property
    def is_live(self) -> NDArray[np.bool_]:
        """Which entries the file system counts among its own."""
        return np.asarray(pc.equal(self.entries["state"], "allocated"))


@lru_cache(maxsize=_OPEN)
def _opened(folder: Path, _written_ns: int) -> Examination | None:
    found = open_outcome(folder)
    return None if found is None else Examination(found)


def find_examination(vault: Vault, folder: Path, exhibit: Exhibit) -> Examination | None:
    """The examination of an exhibit, whoever asks; None where no pass is finished."""
    own = folder_of(folder, (each.sha256 for each in image_files(exhibit, vault)))
    return _opened(own, own.stat().st_mtime_ns) if own.is_dir() else None


def read_examination(
    ledger: LedgerStore, vault: Vault, folder: Path, exhibit: ExhibitId, by: ActingOfficer
) -> Examination:
    """Open an examination, once the ledger says who looks.

    Raises PageNotFound where there is none, ExhibitGone, LegalBasisExpired.
    """
    roll = ledger.folded(Roll)
    require_readable(roll, exhibit)
    found = find_examination(vault, folder, roll.exhibit(exhibit))
    if found is None:
        raise PageNotFound
    first = image_files(roll.exhibit(exhibit), vault)[0]
    view_exhibit(ledger, exhibit=exhibit, sha256=first.sha256, by=by)
    return found
