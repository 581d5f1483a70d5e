"""Verifying what a bundle shows of a ledger: some entries, hashes of the sealed ones, and proofs.

Form: docs/formats/bundle.md, `custody/`. A history is *complete* when all hashes of the case's or
exhibit's entries are listed and their root is the one in its signed head.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .checkpoint import CASE, Checkpoint, is_signed_by
from .consistency import Consistency
from .entry import NO_HASH, Entry, is_hash, read_entry
from .errors import EntryNotReadable
from .kinds import KINDS, places_fit
from .merkle import Spans, root_from_spans, root_of, spans_of, verify_path
from .verdict import ANCHORED, Note, ShownVerdict
from .verify import judge_checkpoint, judge_papers, judge_signature, judge_transfer

_PROOF_KEYS = {"size", "root", "entries", "case", "exhibits"}


def verify_shown(
    entries: Sequence[bytes],
    proofs: Any,
    checkpoint: Checkpoint,
    heads: Iterable[Checkpoint],
    *,
    unit_key: str | None = None,
    against: Checkpoint | None = None,
    consistency: Consistency | None = None,
) -> ShownVerdict:
    """Verify shown entries by their proofs, checkpoint and heads.

    `entries`: their bytes in ascending order; `proofs`: the content of `proofs.json`; `unit_key`:
    the unit's fingerprint received by another road; `against`: a checkpoint held elsewhere;
    `consistency`: the proof that leads to it, where it is a later one. Nothing raises: all that is
    wrong is in the verdict.
    """
    verdict = ShownVerdict(size=checkpoint.size, root=checkpoint.root, shown=len(entries))
    places = _read_proofs(verdict, proofs, checkpoint)
    if places is None:
        return verdict
    check = _Shown(verdict, proofs, places)
    for data in entries:
        check.step(data)
    span = verdict.keys.unit_key()
    verdict.unit_key = None if span is None else span.fingerprint
    if span is None:
        verdict.add("founding-not-shown", 0)
        return verdict
    if unit_key is None:
        verdict.not_checked.append(Note("unit-key-not-compared"))
    elif unit_key != verdict.unit_key:
        verdict.add("unit-key-differs", 0, found=span.fingerprint, expected=unit_key)
    judge_checkpoint(verdict, checkpoint)
    _check_heads(verdict, proofs, places, checkpoint, list(heads))
    check.finish()
    if against is not None and consistency is not None and against.size > checkpoint.size:
        _anchor_in_later(verdict, checkpoint, against, consistency)
    else:
        _anchor(verdict, _spans(proofs, checkpoint), checkpoint, against)
    return verdict


class _Shown:
    """The walk over the shown entries."""

    def __init__(self, verdict: ShownVerdict, proofs: Any, places: dict[int, bytes]) -> None:
        self.verdict = verdict
        self.places = places
        self.lists: dict[str, list[str]] = proofs["exhibits"]
        self.case_list: list[str] = proofs["case"]
        self.case: str | None = None
        self.last = 0
        self.at = ""
        self.unknown: set[str] = set()
        self.papers = 0
        self.seen: set[str] = set()

    def step(self, data: bytes) -> None:
        """Judge the next shown entry."""
        try:
            entry = read_entry(data)
        except EntryNotReadable as error:
            self.verdict.add("entry-not-readable", self.last + 1, **error.params)
            return
        statement, n = entry.statement, entry.n
        add = self.verdict.add
        if n <= self.last:
            add("order-wrong", n)
        if self.places.get(n) != entry.hash:
            add("hash-not-proved", n)
        if statement["at"] < self.at:
            add("time-backwards", n)
        self.last, self.at = n, statement["at"]
        if self.verdict.unit is None:
            self.verdict.unit = statement["unit"]
        elif statement["unit"] != self.verdict.unit:
            add("unit-differs", n)
        before = NO_HASH if n == 1 else self.places.get(n - 1, b"").hex()
        if before and statement["prev"] != before:
            add("link-wrong", n)
        if not places_fit(statement):
            add("kind-out-of-place", n, kind=statement["kind"])
        if statement["kind"] not in KINDS:
            self.unknown.add(statement["kind"])
        self._check_links(entry)
        for code in judge_signature(entry, self.verdict.keys, n):
            add(code, n, key=statement["key"])
        if statement["kind"] == "exhibit.transferred":
            self.papers += judge_transfer(entry, self.verdict.keys, self.verdict, n)

    def _check_links(self, entry: Entry) -> None:
        """An entry of the case or of a listed exhibit must stand at its number in the list."""
        self.seen.add(entry.hash.hex())
        case, exhibit = entry.case, entry.exhibit
        if case is not None and entry.hash.hex() in self.case_list:
            if self.case is not None and case.id != self.case:
                self.verdict.add("case-link-wrong", entry.n)
            self.case = case.id
            if not _stands(case.n, case.prev, entry, self.case_list):
                self.verdict.add("case-link-wrong", entry.n)
        elif case is not None and self.case_list and case.id == self.case:
            self.verdict.add("case-link-wrong", entry.n)
        hashes = None if exhibit is None else self.lists.get(exhibit.id)
        if exhibit is None or hashes is None:
            return
        if not _stands(exhibit.n, exhibit.prev, entry, hashes):
            self.verdict.add("exhibit-link-wrong", entry.n)

    def finish(self) -> None:
        """Count what is sealed and tell what could not be checked."""
        for name, hashes in ((CASE, self.case_list), *self.lists.items()):
            sealed = sum(1 for item in hashes if item not in self.seen)
            if sealed:
                self.verdict.sealed[name] = sealed
        numbers = {found.hex(): n for n, found in self.places.items()}
        listed = set(self.case_list).union(*self.lists.values())
        self.verdict.sealed_count = len(listed - self.seen)
        self.verdict.sealed_entries = {
            item: numbers.get(item, 0) for item in sorted(listed - self.seen)
        }
        hidden = self.verdict.size - self.verdict.shown
        if hidden > 0:
            # A revocation among the entries not shown would be unseen.
            self.verdict.not_checked.append(Note("keys-from-shown-entries", {"hidden": hidden}))
        if self.unknown:
            names = ", ".join(sorted(self.unknown))
            self.verdict.not_checked.append(Note("kinds-not-known", {"kinds": names}))
        judge_papers(self.verdict, self.papers)


def _stands(n: int, prev: str, entry: Entry, hashes: list[str]) -> bool:
    return (
        n <= len(hashes)
        and hashes[n - 1] == entry.hash.hex()
        and prev == (NO_HASH if n == 1 else hashes[n - 2])
    )


def _read_proofs(
    verdict: ShownVerdict, proofs: Any, checkpoint: Checkpoint
) -> dict[int, bytes] | None:
    """Check the form of proofs.json and each path; gives number and hash of the proved entries."""
    if not _has_form(proofs):
        verdict.add("proofs-not-readable", 0)
        return None
    if proofs["size"] != checkpoint.size or proofs["root"] != checkpoint.root.hex():
        verdict.add("proofs-of-other-checkpoint", 0)
        return None
    places: dict[int, bytes] = {}
    last = 0
    for item in proofs["entries"]:
        n, found = item["n"], bytes.fromhex(item["hash"])
        path = [bytes.fromhex(step) for step in item["path"]]
        if n <= last:
            verdict.add("order-wrong", n)
        if not verify_path(found, n - 1, checkpoint.size, path, checkpoint.root):
            verdict.add("path-wrong", n)
        places[n] = found
        last = n
    return places


def _has_form(proofs: Any) -> bool:
    if not isinstance(proofs, dict) or proofs.keys() != _PROOF_KEYS:
        return False
    exhibits, entries = proofs["exhibits"], proofs["entries"]
    return (
        type(proofs["size"]) is int
        and is_hash(proofs["root"])
        and _is_hash_list(proofs["case"])
        and isinstance(exhibits, dict)
        and all(_is_hash_list(hashes) for hashes in exhibits.values())
        and isinstance(entries, list)
        and all(
            isinstance(item, dict)
            and item.keys() == {"n", "hash", "path"}
            and type(item["n"]) is int
            and item["n"] > 0
            and is_hash(item["hash"])
            and _is_hash_list(item["path"])
            for item in entries
        )
    )


def _is_hash_list(value: Any) -> bool:
    return isinstance(value, list) and all(is_hash(item) for item in value)


def _check_heads(
    verdict: ShownVerdict,
    proofs: Any,
    places: dict[int, bytes],
    checkpoint: Checkpoint,
    heads: list[Checkpoint],
) -> None:
    """Each list of hashes must be proved, in order, and have the root and size of its head."""
    numbers = {found.hex(): n for n, found in places.items()}
    cases = [head for head in heads if head.scope == CASE]
    wanted: dict[str, list[str]] = dict(proofs["exhibits"])
    if proofs["case"]:
        wanted[str(cases[0].subject) if len(cases) == 1 else CASE] = proofs["case"]
    if len({head.subject for head in heads}) != len(heads) or len(cases) > 1:
        verdict.add("head-doubled", 0)
    by_subject = {str(head.subject): head for head in heads}
    if by_subject.keys() != wanted.keys():
        verdict.add("heads-differ-from-lists", 0)
    for subject, hashes in wanted.items():
        listed = [numbers.get(item, 0) for item in hashes]
        if 0 in listed or listed != sorted(set(listed)):
            verdict.add("list-not-proved", 0, subject=subject)
        head = by_subject.get(subject)
        if head is None:
            continue
        if not _belongs(verdict, head, checkpoint):
            verdict.add("head-not-of-checkpoint", 0, subject=subject)
        elif (head.size, head.root) != (len(hashes), root_of(map(bytes.fromhex, hashes))):
            verdict.add("history-not-complete", 0, subject=subject)
        else:
            verdict.complete.append(subject)


def _belongs(verdict: ShownVerdict, head: Checkpoint, checkpoint: Checkpoint) -> bool:
    span = verdict.keys.unit_key()
    return (
        span is not None
        and head.unit == checkpoint.unit
        and (head.ledger_size, head.ledger_root) == (checkpoint.size, checkpoint.root)
        and is_signed_by(head, span.public_raw)
    )


def _spans(proofs: Any, checkpoint: Checkpoint) -> Spans:
    """Every subtree that the proved paths show."""
    spans: Spans = {}
    for item in proofs["entries"]:
        found, path = bytes.fromhex(item["hash"]), [bytes.fromhex(step) for step in item["path"]]
        if verify_path(found, item["n"] - 1, checkpoint.size, path, checkpoint.root):
            spans |= spans_of(found, item["n"] - 1, checkpoint.size, path)
    return spans


def _anchor_in_later(
    verdict: ShownVerdict, checkpoint: Checkpoint, against: Checkpoint, consistency: Consistency
) -> None:
    """Hold a later checkpoint against this one, by the proof that it grew from it."""
    if not judge_checkpoint(verdict, against):
        return
    if not consistency.leads(checkpoint, against):
        verdict.add("consistency-wrong", 0, size=against.size)
    elif not verdict.is_broken:
        verdict.state, verdict.anchored_size = ANCHORED, checkpoint.size


def _anchor(
    verdict: ShownVerdict,
    spans: Spans,
    checkpoint: Checkpoint,
    against: Checkpoint | None,
) -> None:
    """Compare with a checkpoint held elsewhere, as far as the shown paths allow.

    An older one can be compared whenever its last entry is among those listed.
    """
    if against is None:
        verdict.not_checked.append(Note("not-anchored"))
        return
    if not judge_checkpoint(verdict, against):
        return
    if against.size == checkpoint.size:
        there: bytes | None = checkpoint.root
    elif against.size < checkpoint.size:
        there = root_from_spans(spans, against.size)
    else:
        there = None
    if there is None:
        verdict.not_checked.append(
            Note("checkpoint-of-other-size", {"size": against.size, "shown": checkpoint.size})
        )
        return
    if there != against.root:
        verdict.add("ledger-forked", 0, size=against.size)
    elif not verdict.is_broken:
        verdict.state, verdict.anchored_size = ANCHORED, against.size
