"""The promise of a ledger store: append under the head lock, read, iterate.

`desk.custody.store` keeps it. Acts write only through `append_with`, so that whatever an act
decides (the next number, whether a basis has expired) is decided on the ledger of that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.signing import Signer

from .entry import Draft, Entry


@dataclass(frozen=True, slots=True)
class Head:
    """Where a ledger ends."""

    size: int
    hash: bytes
    """Hash of the last entry; 32 zero bytes when there is none."""
    root: bytes
    """Root of the Merkle tree over all entry hashes."""


class Fold(Protocol):
    """A state made by taking entries one by one in order, such as the `Roll`."""

    @classmethod
    def empty(cls) -> Self:
        """The state before entry 1."""

    @property
    def size(self) -> int:
        """How many entries were taken."""

    def take(self, entry: Entry) -> None:
        """Take the next entry."""


F = TypeVar("F", bound=Fold)


class LedgerView(Protocol):
    """What may be read of a ledger, inside the lock or outside."""

    def head(self) -> Head:
        """Where the ledger ends."""

    def read(self, n: int) -> Entry:
        """Entry n; raises EntryNotFound."""

    def entries(self, start: int = 1) -> Iterator[Entry]:
        """All entries from `start` on, in order."""

    def lines(self, start: int = 1) -> Iterator[bytes]:
        """The bytes of all entries from `start` on, unread, in order."""

    def hashes(self, size: int | None = None) -> list[bytes]:
        """The hashes of the first `size` entries, computed from their bytes."""

    def case_entries(self, case: CaseId) -> Iterator[Entry]:
        """A case's entries in order."""

    def exhibit_entries(self, exhibit: ExhibitId) -> Iterator[Entry]:
        """An exhibit's entries in order."""

    def folded(self, kind: type[F]) -> F:
        """The state of that kind up to the head; kept and only continued between calls."""


class LedgerStore(LedgerView, Protocol):
    """A place that holds one unit's ledger."""

    def append(self, draft: Draft, signer: Signer) -> Entry:
        """Write one entry durably under the head lock; raises DeskBusy, DiskFull."""

    def append_with(self, build: Callable[[LedgerView], Draft], signer: Signer) -> Entry:
        """Let `build` decide the draft under the head lock, then write it durably.

        Whatever `build` raises leaves the ledger as it was.
        """

    def derived_faults(self) -> list[tuple[int, str]]:
        """List what is kept beside the entries' bytes and does not fit them: (n, column)."""

    def close(self) -> None:
        """Let go of the ledger."""
