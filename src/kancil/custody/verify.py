"""Verifying a ledger from its bytes alone: every rule of docs/formats/ledger.md, streaming.

What it proves and what not: the table at the end of that page. Without a checkpoint held
elsewhere the answer is never more than *consistent, not anchored*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kancil.ground.progress import SILENT, Progress
from kancil.ground.signing import verify

from .checkpoint import LEDGER, Checkpoint, is_signed_by, read_checkpoint
from .entry import NO_HASH, Entry, read_entry
from .errors import CheckpointNotReadable, EntryNotReadable
from .kept import KeptNote
from .kinds import KINDS, places_fit
from .merkle import EMPTY_ROOT, RightEdge, leaf_hash
from .receipts import check_receipt
from .spans import UNIT, KeySpans
from .store import LedgerStore
from .verdict import ANCHORED, LedgerVerdict, Note

_PROGRESS_STEP = 500


def verify_ledger(
    ledger: LedgerStore,
    *,
    unit_key: str | None = None,
    against: Checkpoint | None = None,
    kept: Sequence[KeptNote] = (),
    progress: Progress = SILENT,
) -> LedgerVerdict:
    """Verify a stored ledger, and what its store keeps beside the entries' bytes."""
    verdict = verify_entries(
        ledger.lines(), unit_key=unit_key, against=against, kept=kept, progress=progress
    )
    for n, column in ledger.derived_faults():
        verdict.add("derived-column-wrong", n, column=column)
    return verdict


def verify_entries(
    lines: Iterable[bytes],
    *,
    unit_key: str | None = None,
    against: Checkpoint | None = None,
    kept: Sequence[KeptNote] = (),
    progress: Progress = SILENT,
) -> LedgerVerdict:
    """Verify a whole ledger from its entries' bytes in order.

    `unit_key`: fingerprint of the unit's key, received by another road. `against`: a checkpoint
    held elsewhere. `kept`: checkpoints that lie where the unit itself could change them: each
    must fit, and none anchors anything. Nothing raises: all that is wrong is in the verdict.
    """
    verdict = LedgerVerdict()
    walk = _Walk(verdict, verdict.keys)
    edge = RightEdge()
    notes = _read_kept(verdict, kept)
    wanted = {note.size for _, note in notes} | ({against.size} if against is not None else set())
    roots = {0: EMPTY_ROOT}
    progress.start(None, "entries", "progress.ledger-verify")
    for data in lines:
        entry_hash = leaf_hash(data)
        edge.append(entry_hash)
        walk.step(data, entry_hash)
        if edge.size in wanted:
            roots[edge.size] = edge.root()
        if edge.size % _PROGRESS_STEP == 0:
            progress.advance(_PROGRESS_STEP)
    progress.finish()
    verdict.size, verdict.root, verdict.head_hash = edge.size, edge.root(), walk.prev
    if edge.size == 0:
        verdict.add("ledger-empty", 0)
    _compare_key(verdict, unit_key)
    judge_papers(verdict, walk.papers)
    for place, note in notes:
        _compare_kept(verdict, place, note, roots.get(note.size))
    _compare_checkpoint(verdict, against, None if against is None else roots.get(against.size))
    if walk.unknown:
        verdict.not_checked.append(
            Note("kinds-not-known", {"kinds": ", ".join(sorted(walk.unknown))})
        )
    return verdict


def _read_kept(verdict: LedgerVerdict, kept: Sequence[KeptNote]) -> list[tuple[str, Checkpoint]]:
    """Read checkpoints that the unit kept; one that cannot be read is a problem."""
    notes = []
    for each in kept:
        try:
            notes.append((each.place, read_checkpoint(each.data)))
        except CheckpointNotReadable as error:
            verdict.add("kept-checkpoint-not-readable", 0, place=each.place, **error.params)
    return notes


def _compare_kept(
    verdict: LedgerVerdict, place: str, note: Checkpoint, root_there: bytes | None
) -> None:
    """Hold the ledger against a checkpoint that the unit kept, of whatever size."""
    span = verdict.keys.unit_key()
    if (
        note.scope != LEDGER
        or note.unit != verdict.unit
        or span is None
        or not is_signed_by(note, span.public_raw)
    ):
        verdict.add("kept-checkpoint-foreign", 0, place=place)
    elif note.size > verdict.size:
        verdict.add("kept-checkpoint-later", 0, place=place, size=note.size, held=verdict.size)
    elif root_there != note.root:
        verdict.add("kept-checkpoint-differs", 0, place=place, size=note.size)


@dataclass(slots=True)
class _Walk:
    """The walk over a ledger: what must hold between an entry and those before it."""

    verdict: LedgerVerdict
    keys: KeySpans
    n: int = 0
    prev: bytes = bytes(32)
    at: str = ""
    unit: str | None = None
    cases: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Case id, number of its last entry, and that entry's hash (hex)."""
    exhibits: dict[str, tuple[int, str]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    papers: int = 0

    def step(self, data: bytes, entry_hash: bytes) -> None:
        self.n += 1
        try:
            entry = read_entry(data, entry_hash)
        except EntryNotReadable as error:
            self.verdict.add("entry-not-readable", self.n, **error.params)
        else:
            self._step_entry(entry)
        self.prev = entry_hash

    def _step_entry(self, entry: Entry) -> None:
        statement = entry.statement
        if statement["n"] != self.n:
            self.verdict.add("number-wrong", self.n, stated=statement["n"])
        if statement["prev"] != (self.prev.hex() if self.n > 1 else NO_HASH):
            self.verdict.add("link-wrong", self.n)
        # Times have one width, so they compare as text.
        if statement["at"] < self.at:
            self.verdict.add("time-backwards", self.n)
        self.at = statement["at"]
        if self.unit is None:
            self.unit = self.verdict.unit = statement["unit"]
        elif statement["unit"] != self.unit:
            self.verdict.add("unit-differs", self.n)
        self._check_link("case", self.cases, statement, entry)
        self._check_link("exhibit", self.exhibits, statement, entry)
        if not places_fit(statement):
            self.verdict.add("kind-out-of-place", self.n, kind=statement["kind"])
        if statement["kind"] not in KINDS:
            self.unknown.add(statement["kind"])
        for code in judge_signature(entry, self.keys, self.n):
            self.verdict.add(code, self.n, key=statement["key"])
        if statement["kind"] == "exhibit.transferred":
            self.papers += judge_transfer(entry, self.keys, self.verdict, self.n)

    def _check_link(
        self, name: str, known: dict[str, tuple[int, str]], statement: dict[str, Any], entry: Entry
    ) -> None:
        link = statement[name]
        if link is None:
            return
        before, prev = known.get(link["id"], (0, NO_HASH))
        if link["n"] != before + 1 or link["prev"] != prev:
            self.verdict.add(f"{name}-link-wrong", self.n)
        known[link["id"]] = (link["n"], entry.hash.hex())


def judge_signature(entry: Entry, keys: KeySpans, n: int) -> list[str]:
    """Judge key and signature of entry `n`, and let it begin and end keys; gives codes.

    Only an entry that is rightly signed changes which keys are active.
    """
    statement = entry.statement
    taken: list[str] = []
    first = n == 1
    if first:
        if statement["kind"] != "unit.founded":
            return ["not-founded"]
        taken = keys.take(statement)
    problems = keys.judge(statement)
    if problems:
        return taken + problems
    span = keys.spans[statement["key"]]
    if not verify(span.public_raw, entry.signature, entry.signed_bytes):
        return [*taken, "signature-wrong"]
    return taken if first else keys.take(statement)


def judge_transfer(entry: Entry, keys: KeySpans, verdict: LedgerVerdict, n: int) -> int:
    """Judge the receipt of a hand-over; gives 1 if it is a paper, which cannot be checked here."""
    wrong = check_receipt(
        entry.body, ledger_unit=entry.unit, exhibit=str(entry.exhibit_id), keys=keys, n=n
    )
    if wrong is not None:
        verdict.add("receipt-wrong", n, why=wrong)
        return 0
    return int("document_sha256" in entry.body["receipt"])


def judge_papers(verdict: LedgerVerdict, papers: int) -> None:
    """How many receipts are papers, of which only the digest is known."""
    if papers:
        verdict.not_checked.append(Note("paper-receipts", {"count": papers}))


def _compare_key(verdict: LedgerVerdict, unit_key: str | None) -> None:
    span = verdict.keys.unit_key()
    verdict.unit_key = None if span is None else span.fingerprint
    if unit_key is None:
        verdict.not_checked.append(Note("unit-key-not-compared"))
    elif unit_key != verdict.unit_key:
        verdict.add("unit-key-differs", 0, found=str(verdict.unit_key), expected=unit_key)


def _compare_checkpoint(
    verdict: LedgerVerdict, against: Checkpoint | None, root_there: bytes | None
) -> None:
    """Anchor the ledger to a checkpoint held elsewhere, or say how they differ."""
    if against is None:
        verdict.not_checked.append(Note("not-anchored"))
        return
    if not judge_checkpoint(verdict, against):
        return
    if against.size > verdict.size:
        verdict.add("ledger-cut", 0, size=against.size, held=verdict.size)
    elif root_there != against.root:
        verdict.add("ledger-forked", 0, size=against.size)
    elif not verdict.is_broken:
        verdict.state, verdict.anchored_size = ANCHORED, against.size
        if against.size < verdict.size:
            verdict.not_checked.append(
                Note("later-entries", {"first": against.size + 1, "last": verdict.size})
            )


def judge_checkpoint(verdict: LedgerVerdict, checkpoint: Checkpoint) -> bool:
    """Whether the checkpoint is this ledger's and signed by its unit's key; else tell."""
    span = verdict.keys.unit_key()
    if checkpoint.scope != LEDGER or checkpoint.unit != verdict.unit:
        verdict.add("checkpoint-of-other-unit", 0, found=checkpoint.origin)
        return False
    if span is None or span.holder != UNIT or not is_signed_by(checkpoint, span.public_raw):
        verdict.add("checkpoint-not-signed", 0, size=checkpoint.size)
        return False
    return True
