"""What a letter says beside its draft: who writes, who let it leave, what it rests on.

From the ledger's entries to plain values; no framework and no key is needed. What an authorised
letter says is as the ledger stood before its authorisation, so that it comes out the same later;
only what was withdrawn since is said besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from kancil.custody.checkpoint import Checkpoint, read_checkpoint
from kancil.custody.kept import kept_notes
from kancil.custody.requests import AUTHORISED, RECORDED
from kancil.custody.roll import Case, RequestHistory, Roll
from kancil.custody.store import LedgerView
from kancil.ground.plain import LEFT_OUT, written
from kancil.ground.workspace import Workspace
from kancil.legal.request import Draft

_EXHIBIT = re.compile(r"\bE[1-9][0-9]{0,8}\b")
_BRINGS = ("exhibit.added", "exhibit.acquired")
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The unit that writes."""

    name: str
    country: str
    zone: ZoneInfo = field(metadata=written(by=str))
    is_training: bool = field(default=False, metadata=LEFT_OUT)
    """Whether it is a classroom, whose letters are exercises."""


@dataclass(frozen=True, slots=True)
class Authorised:
    """The entry that let this version leave."""

    name: str
    """Of the authority."""
    post: str
    entry: int
    at: datetime
    by: str
    """The officer who recorded it."""


@dataclass(frozen=True, slots=True)
class CitedFinding:
    """A finding that the letter rests on, in the exact words that an officer accepted."""

    label: str
    text: str
    language: str
    entry: int
    """Number of the entry that accepted it; 0: nobody has."""
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class CitedContent:
    """Bytes of an exhibit; of several files, SHA-256 of their listing."""

    sha256: str
    size_bytes: int
    files: int
    is_listing: bool


@dataclass(frozen=True, slots=True)
class CitedExhibit:
    """An exhibit that the letter names."""

    id: str
    label: str
    title: str
    contents: tuple[CitedContent, ...]


@dataclass(frozen=True, slots=True)
class CitedBundle:
    """A bundle of the case, by which a stranger checks what is proved."""

    entry: int
    analysis_sha256: str
    file_sha256: str = ""
    """Of the ZIP file, where the site keeps it."""


@dataclass(frozen=True, slots=True)
class Rests:
    """What the letter rests on, as the ledger has it."""

    label: str = ""
    """Number of the request: `R3`; empty: of none yet."""
    findings: tuple[CitedFinding, ...] = ()
    exhibits: tuple[CitedExhibit, ...] = ()
    bundle: CitedBundle | None = None
    checkpoint: Checkpoint | None = field(default=None, metadata=LEFT_OUT)
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All that a letter needs beside its draft."""

    unit: Letterhead
    authorised: Authorised | None
    rests: Rests


def letterhead(workspace: Workspace) -> Letterhead:
    """The unit of a workspace as it stands above its letters."""
    unit = workspace.unit
    return Letterhead(unit.name, unit.country, unit.zone, workspace.site.is_training)


def gather_letter(
    ledger: LedgerView, workspace: Workspace, draft: Draft, history: RequestHistory | None
) -> LetterFacts:
    """What the ledger says of a version of a letter.

    `history`: its request's; None for a draft that is not kept yet. Raises CaseNotFound.
    """
    roll = ledger.folded(Roll)
    case = roll.case(draft.case)
    authorised = None if history is None else _authorised(roll, draft, history)
    last = ledger.head().size if authorised is None else authorised.entry - 1
    events = [] if history is None else history.of_kind(RECORDED)
    rests = Rests(
        label="" if history is None else history.label,
        findings=tuple(_finding(roll, case, name) for name in draft.findings),
        exhibits=tuple(_exhibits(roll, case, draft, last)),
        bundle=_bundle(ledger, case, last),
        checkpoint=_checkpoint(workspace, last),
        is_withdrawn=any(each.body["what"] == WITHDRAWN for each in events),
    )
    return LetterFacts(letterhead(workspace), authorised, rests)


def _authorised(roll: Roll, draft: Draft, history: RequestHistory) -> Authorised | None:
    made = [each for each in history.of_kind(AUTHORISED) if each.body["sha256"] == draft.sha256]
    if not made:
        return None
    entry = made[-1]
    who = entry.body["authority"]
    return Authorised(who["name"], who["post"], entry.n, entry.at, roll.actor_name(entry))


def _finding(roll: Roll, case: Case, name: str) -> CitedFinding:
    found = roll.finding(name)
    if found is None or found.case != case.id:
        return CitedFinding(name, "", "", 0)
    body = found.entry.body
    is_withdrawn = found.id in roll.withdrawn
    return CitedFinding(
        f"F{found.number}", str(body["text"]), str(body["language"]), found.entry.n, is_withdrawn
    )


def _exhibits(roll: Roll, case: Case, draft: Draft, last: int) -> Iterator[CitedExhibit]:
    """Those of the case that the letter names in its proofs, attachments and shares."""
    places = [
        *(each.proof for each in draft.items), *(each.proof for each in draft.persons),
        *draft.attachments, *(each.victim for each in draft.shares),
    ]  # fmt: skip
    named = exhibits_in(places)
    for id in case.exhibits:
        exhibit = roll.exhibits[id]
        brought = [each.body["content"] for each in exhibit.events
                   if each.kind in _BRINGS and each.n <= last]  # fmt: skip
        if exhibit.label in named and exhibit.events[0].n <= last:
            contents = tuple(
                CitedContent(
                    sha256=str(each["sha256"] or each["listing_sha256"]),
                    size_bytes=int(each["size_bytes"]),
                    files=int(each["files"]),
                    is_listing=not each["sha256"],
                )
                for each in brought
            )
            yield CitedExhibit(exhibit.id, exhibit.label, exhibit.title, contents)


def exhibits_in(places: Iterable[str]) -> set[str]:
    """Labels of the exhibits that these places name: `E4` of `F1; E4, line 12`."""
    return {label for place in places for label in _EXHIBIT.findall(place)}


def _bundle(ledger: LedgerView, case: Case, last: int) -> CitedBundle | None:
    """The newest bundle of the case up to an entry, with its file if the site had kept it."""
    made = [n for n in case.bundles if n <= last]
    if not made:
        return None
    kept = ""
    for entry in ledger.entries(made[-1]):
        if entry.n > last or kept:
            break
        if entry.kind == "bundle.kept" and entry.body["bundle"] == made[-1]:
            kept = str(entry.body["sha256"])
    return CitedBundle(made[-1], str(ledger.read(made[-1]).body["analysis_sha256"]), kept)


def _checkpoint(workspace: Workspace, last: int) -> Checkpoint | None:
    """The largest kept checkpoint up to an entry; raises FileNotReadable, CheckpointNotReadable."""
    found = None
    for note in kept_notes(workspace.checkpoints_dir, workspace.checkpoints_dir.name):
        each = read_checkpoint(note.data)
        if each.size > last:
            break
        found = each
    return found
