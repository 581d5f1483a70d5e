"""A ledger in memory that keeps the promise of `custody.store`, for tests and benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kancil.custody.entry import NO_HASH, Draft, Entry, Link, make_entry, read_entry
from kancil.custody.errors import EntryNotFound
from kancil.custody.merkle import RightEdge, leaf_hash
from kancil.custody.store import F, Fold, Head, LedgerView
from kancil.ground import clock
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.signing import Signer


class MemoryLedger:
    """Entries as bytes, and the states that were asked for."""

    def __init__(self, unit: str, lines: Iterable[bytes] = ()) -> None:
        """Take up the ledger where the lines end; they are not verified."""
        self.unit = unit
        self._lines: list[bytes] = []
        self._edge = RightEdge()
        self._last = NO_HASH
        self._links: dict[str, Link] = {}
        self._folds: dict[type[Any], Fold] = {}
        for data in lines:
            self._take(read_entry(data))

    def head(self) -> Head:
        return Head(len(self._lines), bytes.fromhex(self._last), self._edge.root())

    def read(self, n: int) -> Entry:
        if not 0 < n <= len(self._lines):
            raise EntryNotFound(n=n, size=len(self._lines))
        return read_entry(self._lines[n - 1])

    def lines(self, start: int = 1) -> Iterator[bytes]:
        return iter(self._lines[start - 1 :])

    def entries(self, start: int = 1) -> Iterator[Entry]:
        return map(read_entry, self.lines(start))

    def hashes(self, size: int | None = None) -> list[bytes]:
        if size is not None and size > len(self._lines):
            raise EntryNotFound(n=size, size=len(self._lines))
        return [leaf_hash(data) for data in self._lines[:size]]

    def case_entries(self, case: CaseId) -> Iterator[Entry]:
        return (entry for entry in self.entries() if entry.case_id == case)

    def exhibit_entries(self, exhibit: ExhibitId) -> Iterator[Entry]:
        return (entry for entry in self.entries() if entry.exhibit_id == exhibit)

    def folded(self, kind: type[F]) -> F:
        state = self._folds.get(kind)
        if not isinstance(state, kind):
            state = self._folds[kind] = kind.empty()
        for entry in self.entries(state.size + 1):
            state.take(entry)
        return state

    def derived_faults(self) -> list[tuple[int, str]]:
        return []

    def close(self) -> None:
        """Nothing is held."""

    def append(self, draft: Draft, signer: Signer) -> Entry:
        return self.append_with(lambda _view: draft, signer)

    def append_with(self, build: Callable[[LedgerView], Draft], signer: Signer) -> Entry:
        draft = build(self)
        entry = make_entry(
            draft,
            signer,
            unit=self.unit,
            n=len(self._lines) + 1,
            prev=self._last,
            at=clock.now(),
            case=self._next(draft.case),
            exhibit=self._next(draft.exhibit),
        )
        self._take(entry)
        return entry

    def _next(self, subject: str | None) -> Link | None:
        return None if subject is None else self._links.get(subject, Link(subject, 1, NO_HASH))

    def _take(self, entry: Entry) -> None:
        self._lines.append(entry.data)
        self._edge.append(entry.hash)
        self._last = entry.hash.hex()
        for link in (entry.case, entry.exhibit):
            if link is not None:
                self._links[link.id] = Link(link.id, link.n + 1, self._last)
