"""The way of working, read from the ledger of the trainee's own case.

A check looks at entries alone (docs/formats/ledger.md) and names those it rests on. What a ledger
does not record, such as what an officer did outside Kancil, no check can see.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kancil.custody.basis import STATED
from kancil.custody.entry import Entry
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase

from .marks import Check, State

INTAKES = ("exhibit.added", "exhibit.acquired")
"""Kinds by which bytes come into a case."""
WORK = (*INTAKES, "transfers.read", "trace.run", "study.run")
"""Kinds that take in or process what a legal basis must cover."""
_MOVES = ("exhibit.transferred", "exhibit.deposited", "exhibit.returned")


@dataclass(frozen=True, slots=True)
class Looked:
    """What the checks look at: one case's entries in order, and what is known from beside them."""

    entries: tuple[Entry, ...]
    stated: frozenset[str] = frozenset()
    """SHA-256 that came with the material: of the lab's manifest."""
    listings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The SHA-256 in a listing of several files, by the listing's own."""

    def of(self, *kinds: str) -> tuple[Entry, ...]:
        """The entries of these kinds."""
        return tuple(each for each in self.entries if each.kind in kinds)


_Found = tuple[State, Phrase, Sequence[Entry]]
_Rule = Callable[[Looked], _Found]


def process_marks(
    entries: Iterable[Entry],
    case: CaseId,
    codes: Sequence[str],
    *,
    stated: Collection[str] = (),
    listings: Mapping[str, frozenset[str]] | None = None,
) -> tuple[Check, ...]:
    """Run the checks that a lab names over a case; an unknown code is *not applicable*.

    `entries`: of the whole ledger or of the case, in order. `stated`: SHA-256 of the lab's files.
    `listings`: what stands in listings of several files, where the caller has the vault. Where
    nothing was taken in, no check is met.
    """
    own = tuple(each for each in entries if each.case_id == case)
    looked = Looked(own, frozenset(stated), listings or {})
    has_worked = bool(looked.of(*INTAKES, "exhibit.seized"))
    found = []
    for code in codes:
        rule = CHECKS.get(code)
        if rule is None:
            unknown = Phrase("why.check-unknown", {"code": code})
            found.append(Check(code, State.NOT_APPLICABLE, unknown))
        elif not has_worked:
            found.append(Check(code, State.NOT_MET, Phrase("why.check-no-work")))
        else:
            state, reason, rests_on = rule(looked)
            found.append(Check(code, state, reason, tuple(each.n for each in rests_on)))
    return tuple(found)


def _met(why: str, entries: Sequence[Entry], **params: Any) -> _Found:
    return State.MET, Phrase(why, params), entries


def _not_met(why: str, entries: Sequence[Entry], **params: Any) -> _Found:
    return State.NOT_MET, Phrase(why, params), entries


def _not_applicable(why: str) -> _Found:
    return State.NOT_APPLICABLE, Phrase(why), ()


def basis_first(looked: Looked) -> _Found:
    """A legal basis that states more than words stands before the first intake or analysis."""
    work = looked.of(*WORK, "exhibit.seized")
    bases = [
        each
        for each in looked.of("case.opened", "case.basis-added")
        if each.body["basis"]["kind"] != STATED and each.body["basis"]["authority"]
    ]
    first = work[0]
    if not bases:
        return _not_met("why.check-basis-words", looked.of("case.opened"))
    if bases[0].n > first.n:
        return _not_met("why.check-basis-late", [first, bases[0]], first=first.n, basis=bases[0].n)
    return _met("why.check-basis-first", [bases[0], first], first=first.n, basis=bases[0].n)


def hash_verified(looked: Looked) -> _Found:
    """What was taken in has the digests that came with it; an acquisition states its source's."""
    taken = looked.of(*INTAKES)
    if not taken:
        return _not_applicable("why.check-no-bytes")
    unsure = [each for each in taken if not _has_stated_digest(each, looked)]
    if unsure:
        return _not_met("why.check-hash-differs", unsure, count=len(unsure))
    return _met("why.check-hash", taken, count=len(taken))


def _has_stated_digest(entry: Entry, looked: Looked) -> bool:
    digests = _digests(entry, looked)
    if entry.kind == "exhibit.acquired":
        return entry.body["source_digest"] in digests
    return bool(digests) and digests <= looked.stated


def _digests(entry: Entry, looked: Looked) -> frozenset[str]:
    """The SHA-256 of the files that an intake took in, as far as they are known here."""
    content = entry.body["content"]
    if content["sha256"]:
        return frozenset([content["sha256"]])
    return looked.listings.get(content["listing_sha256"], frozenset())


def custody_complete(looked: Looked) -> _Found:
    """Every hand-over has its receipt, and each is by whoever held the exhibit at that moment."""
    holder: dict[str, Any] = {}
    broken = []
    moves = looked.of(*_MOVES)
    for each in looked.entries:
        exhibit, body = each.exhibit_id, each.body
        if exhibit is None:
            continue
        if exhibit not in holder:
            holder[exhibit] = body.get("seized_by", each.actor)
        if each.kind == "exhibit.transferred":
            if body["from"] != holder[exhibit] or not body.get("receipt"):
                broken.append(each)
            holder[exhibit] = body["to"]
        elif each.kind in _MOVES:
            if each.actor != holder[exhibit]:
                broken.append(each)
            holder[exhibit] = body["to"]
        elif each.kind in ("exhibit.acquired", "exhibit.opened") and each.actor != holder[exhibit]:
            broken.append(each)
    unsealed = _opened_and_left(looked)
    if broken:
        return _not_met("why.check-custody-gap", broken, count=len(broken))
    if unsealed:
        return _not_met("why.check-custody-unsealed", unsealed, count=len(unsealed))
    if not moves:
        return _met("why.check-custody-none", looked.of(*INTAKES, "exhibit.seized"))
    return _met("why.check-custody", moves, count=len(moves))


def _opened_and_left(looked: Looked) -> list[Entry]:
    """Openings of a seal after which the exhibit changed hands without another."""
    opened: dict[str, Entry] = {}
    found = []
    for each in looked.entries:
        exhibit = each.exhibit_id
        if exhibit is None:
            continue
        if each.kind == "exhibit.opened":
            opened[exhibit] = each
        elif each.body.get("seal"):
            opened.pop(exhibit, None)
        elif each.kind in _MOVES and exhibit in opened:
            found.append(opened.pop(exhibit))
    return found


def original_untouched(looked: Looked) -> _Found:
    """Nothing was removed, and each acquisition names the write blocker that it was made behind."""
    disposed = looked.of("exhibit.disposed")
    if disposed:
        return _not_met("why.check-original-disposed", disposed)
    acquired = looked.of("exhibit.acquired")
    bare = [
        each
        for each in acquired
        if (each.body["write_blocker"] or "").strip().lower() in ("", "none", "no")
    ]
    if bare:
        return _not_met("why.check-original-unblocked", bare, count=len(bare))
    return _met("why.check-original", acquired or looked.of("exhibit.added"))


def limits_stated(looked: Looked) -> _Found:
    """Each standing finding says how far it reaches: its policy and why it, or who says so."""
    gone = {each.body["finding"] for each in looked.of("finding.withdrawn")}
    standing = [each for each in looked.of("finding.accepted") if each.body["finding"] not in gone]
    if not standing:
        return _not_applicable("why.check-no-finding")
    asked = {
        each.body.get("trace") or each.body.get("study"): each.body["provenance"]["parameters"]
        for each in looked.of("trace.run", "study.run")
    }
    bare = [each for each in standing if not _says_its_limits(each, asked)]
    if bare:
        return _not_met("why.check-limits-missing", bare, count=len(bare))
    return _met("why.check-limits", standing, count=len(standing))


def _says_its_limits(entry: Entry, asked: Mapping[Any, Mapping[str, Any]]) -> bool:
    body = entry.body
    params = body["params"]
    if body["class"] == "attribution":
        return bool(params.get("publisher") and params.get("source"))
    if body["class"] != "policy-result":
        return True
    reason = asked.get(body["trace"], {}).get("policy_reason", params.get("remark"))
    return bool(params.get("policy") and params.get("policy_version") and reason)


def traced_from_intake(looked: Looked) -> _Found:
    """Each trace read nothing but bytes that the case had taken in before."""
    runs = [
        each
        for each in looked.of("trace.run", "study.run")
        if each.body["provenance"].get("inputs")
    ]
    if not runs:
        return _not_applicable("why.check-no-trace")
    early = []
    for run in runs:
        before = [each for each in looked.of(*INTAKES) if each.n < run.n]
        known = frozenset[str]().union(*(_digests(each, looked) for each in before))
        is_open = any(not _digests(each, looked) for each in before)
        inputs = set(run.body["provenance"]["inputs"])
        if not before or (not is_open and not inputs <= known):
            early.append(run)
    if early:
        return _not_met("why.check-trace-foreign", early, count=len(early))
    return _met("why.check-trace", runs, count=len(runs))


CHECKS: Mapping[str, _Rule] = {
    "basis-first": basis_first,
    "hash-verified": hash_verified,
    "custody-complete": custody_complete,
    "original-untouched": original_untouched,
    "limits-stated": limits_stated,
    "traced-from-intake": traced_from_intake,
}
"""By the code that a key names; the words are `name.check-<code>`."""
