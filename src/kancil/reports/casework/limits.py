"""Limits of use, held where something leaves a case: bundle and reports come here before they are.

What is limited may leave as a hash alone. Everything that rests on it must then be withheld or left
out too; else the document is refused, with which exhibit, which code, and what would lift it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kancil.custody.roll import Numbered, Roll
from kancil.custody.store import LedgerView
from kancil.desk.handling.queries import bound_in_case, refusal
from kancil.evidence.vault import Vault
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.units import few
from kancil.legal.handling import Use
from kancil.studies.canvas.view import TransfersSource

from .views import ShownView

_NAMED = 12
"""So many entries or answers are named; more are counted."""


class _Study(Protocol):
    """A study as a document shows it."""

    @property
    def label(self) -> str: ...
    @property
    def sources(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Shows:
    """What a document shows of a case."""

    rests: tuple[tuple[str, frozenset[str]], ...] = ()
    """Each trace and study by its short number, with the SHA-256 of the files that it read."""
    views: Sequence[ShownView] = ()


def require_use(
    ledger: LedgerView, vault: Vault, case: CaseId, use: Use, shows: Shows, hidden: Iterable[int]
) -> None:
    """Refuse a document that shows what a limit forbids it to; raises LimitForbidsUse.

    `hidden`: numbers of the entries that it shows by their hash alone.
    """
    bound = bound_in_case(ledger, vault, case, use)
    if bound is None:
        return
    kept_back = set(hidden)
    entries = [str(each.n) for each in bound.entries if each.n not in kept_back]
    resting = {
        f"{_LETTERS[each.kind]}{each.body['number']}"
        for each in bound.entries
        if each.kind in _LETTERS
    }
    answers = [
        label for label, digests in shows.rests if label in resting or digests & bound.digests
    ]
    answers += [each.label for each in shows.views if _draws(each, bound.labels)]
    if entries or answers:
        raise refusal(bound.forbidding, _instead(entries, answers))


_LETTERS = {"trace.run": "T", "study.run": "S"}


def _draws(view: ShownView, exhibits: frozenset[str]) -> bool:
    """Whether a view asks for reported transfers of one of these exhibits, by its number."""
    asked = [one.exhibits for one in view.view.sources if isinstance(one, TransfersSource)]
    return bool(exhibits) and any(not each or exhibits & set(each) for each in asked)


def _instead(entries: Sequence[str], answers: Sequence[str]) -> Phrase:
    told = {"entries": few(entries, _NAMED), "answers": few(answers, _NAMED)}
    if not answers:
        return Phrase("note.handling-instead-withhold", told)
    return Phrase(
        "note.handling-instead-both" if entries else "note.handling-instead-leave-out", told
    )


def answers_shown(
    roll: Roll, traces: Iterable[str], studies: Iterable[_Study], labels: Iterable[str]
) -> tuple[tuple[str, frozenset[str]], ...]:
    """Traces and studies by short number, each with the SHA-256 of what it read.

    `traces`: their ids; `labels`: SHA-256 of the label files that they cite.
    """
    cited = frozenset(labels)
    found = [one for each in traces if (one := roll.trace(each)) is not None]
    return (
        *((f"T{one.number}", cited | frozenset(_inputs(one))) for one in found),
        *((one.label, frozenset(one.sources)) for one in studies),
    )


def _inputs(trace: Numbered) -> Iterable[str]:
    return trace.entry.body["provenance"].get("inputs") or ()
