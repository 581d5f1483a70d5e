"""Limits on the use of an exhibit: set with its handling code, lifted by consent or assistance.

Kinds `exhibit.limited` and `exhibit.released` (docs/formats/ledger.md). A limit stands until a
later entry lifts its code; no other limit narrows it, and it stays when the exhibit is returned or
disposed of, since what was read from it stays. What a code forbids is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kancil.ground.ids import CaseId, ExhibitId, OfficerId
from kancil.ground.plain import plain

from .acting import ActingOfficer, require_own_key, write_act
from .entry import Draft, Entry
from .errors import LimitNotFound, MistakeByAnother
from .roll import Event, Exhibit, Roll
from .store import LedgerStore

LIMITED, RELEASED = "exhibit.limited", "exhibit.released"
MISTAKE = "mistake"
"""The way of a release that says that the limit was never asked for."""


@dataclass(frozen=True, slots=True)
class Limitation:
    """What a sending office asks for, as the officer records it."""

    codes: tuple[str, ...]
    source_office: str
    reason: str
    until: date | None = None
    """Last day of a code that ends by itself."""
    cases: tuple[CaseId, ...] = ()
    """Cases in which it may be used, where a code asks for that."""
    offences: tuple[str, ...] = ()
    """Offences for which it may be used, in words."""


@dataclass(frozen=True, slots=True)
class Release:
    """What lifts a code: an answered request, or recorded consent."""

    code: str
    by: str
    """`mutual-assistance`, `consent` or `mistake`."""
    reference: str
    """Of the request or of the letter of consent; for a mistake, what was wrong."""
    on: date
    """Day of the answer or of the letter."""
    exhibit: ExhibitId | None = None
    """The letter itself."""
    cases: tuple[CaseId, ...] = ()
    """Cases for which it was given; none: for every use."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """A release, with the entry that records it."""

    n: int
    release: Release


@dataclass(frozen=True, slots=True)
class Limit:
    """One code of one entry, and what has lifted it since."""

    n: int
    """Number of the entry."""
    exhibit: Exhibit
    code: str
    stated: Limitation
    officer: OfficerId | None
    lifted: tuple[Lifted, ...]

    def is_lifted(self, case: str) -> bool:
        """Whether a release covers this case."""
        return any(not one.release.cases or case in one.release.cases for one in self.lifted)

    @property
    def is_lifted_everywhere(self) -> bool:
        """Whether a release covers every case."""
        return any(not one.release.cases for one in self.lifted)


def limit_exhibit(
    ledger: LedgerStore, *, exhibit: ExhibitId, limitation: Limitation, by: ActingOfficer
) -> Entry:
    """Record under which handling codes an exhibit came; also when it is gone, or the basis over.

    Raises CaseNotFound for a case that is none.
    """

    def build(roll: Roll) -> Draft:
        found = roll.exhibit(exhibit)
        cases = [roll.case(each).id for each in limitation.cases]
        return Draft(LIMITED, {**plain(limitation), "cases": cases}, by.id, found.case, found.id)

    return write_act(ledger, by, build)


def release_exhibit(
    ledger: LedgerStore, *, exhibit: ExhibitId, release: Release, by: ActingOfficer
) -> Entry:
    """Record what lifts a code of an exhibit, signed with the officer's own key.

    Nobody calls a limit that they set themselves a mistake. Raises LimitNotFound where no such code
    stands, MistakeByAnother, OwnKeyNeeded, ExhibitNotFound for a letter that is none.
    """
    require_own_key(by)

    def build(roll: Roll) -> Draft:
        found = roll.exhibit(exhibit)
        standing = [one for one in limits_of(found) if one.code == release.code]
        if not any(not one.is_lifted_everywhere for one in standing):
            raise LimitNotFound(exhibit=found.label, code=release.code)
        if release.by == MISTAKE and any(one.officer == by.person for one in standing):
            raise MistakeByAnother(exhibit=found.label)
        letter = None if release.exhibit is None else roll.exhibit(release.exhibit).id
        cases = [roll.case(each).id for each in release.cases]
        body = {**plain(release), "cases": cases, "exhibit": letter}
        return Draft(RELEASED, body, by.id, found.case, found.id)

    return write_act(ledger, by, build)


def limits_of(exhibit: Exhibit) -> list[Limit]:
    """Every limit of an exhibit, in the order of the ledger, each with what lifted it since."""
    releases = [Lifted(each.n, read_release(each.body)) for each in _events(exhibit, RELEASED)]
    return [
        Limit(
            each.n,
            exhibit,
            code,
            stated,
            each.officer,
            tuple(one for one in releases if one.n > each.n and one.release.code == code),
        )
        for each in _events(exhibit, LIMITED)
        for stated in (read_limitation(each.body),)
        for code in stated.codes
    ]


def limited_exhibits(roll: Roll) -> list[Exhibit]:
    """The exhibits of the unit that a limit was ever set on."""
    return [each for each in roll.exhibits.values() if _events(each, LIMITED)]


def _events(exhibit: Exhibit, kind: str) -> list[Event]:
    return [each for each in exhibit.events if each.kind == kind]


def read_limitation(body: dict[str, Any]) -> Limitation:
    """A limitation as its entry has it."""
    return Limitation(
        _texts(body.get("codes")),
        str(body.get("source_office") or ""),
        str(body.get("reason") or ""),
        _day(body.get("until")),
        tuple(CaseId(each) for each in _texts(body.get("cases"))),
        _texts(body.get("offences")),
    )


def read_release(body: dict[str, Any]) -> Release:
    """A release as its entry has it."""
    letter = body.get("exhibit")
    return Release(
        str(body.get("code") or ""),
        str(body.get("by") or ""),
        str(body.get("reference") or ""),
        _day(body.get("on")) or date.min,
        ExhibitId(letter) if isinstance(letter, str) else None,
        tuple(CaseId(each) for each in _texts(body.get("cases"))),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):  # an entry of somebody else's Kancil; a limit then has no end
        return None


def digests_of(exhibit: Exhibit) -> frozenset[str]:
    """SHA-256 of what an exhibit holds or held: its one file, its listings, tables that were read.

    Of a folder the listing names the files; it is in the vault.
    """
    found: set[str] = set()
    for event in exhibit.events:
        content = event.body.get("content")
        stated = content if isinstance(content, dict) else {}
        found.update(
            str(each) for each in (stated.get("sha256"), stated.get("listing_sha256")) if each
        )
        if event.kind == "transfers.read":
            found.add(str(event.body["sha256"]))
    return frozenset(found)


def entries_resting(
    entries: Sequence[Entry], exhibits: frozenset[str], digests: frozenset[str]
) -> list[Entry]:
    """Those entries of a case that are of these exhibits, or rest on what they hold.

    `digests`: SHA-256 of the exhibits' files. Rest on them: traces and studies that read such a
    file, findings that rest on these, and what was decided or noted of parties that a table of such
    an exhibit may report; of parties all, since a party has no exhibit. The words of other notes,
    of case titles and of purposes are an officer's own, and are not read.
    """
    tables = {
        entry.n
        for entry in entries
        if entry.kind == "transfers.read" and entry.exhibit_id in exhibits
    }
    studies = {
        str(entry.body[name])
        for entry in entries
        for name in ("trace", "study")
        if entry.kind == f"{name}.run"
        and digests & set(entry.body["provenance"].get("inputs") or ())
    }
    return [
        entry
        for entry in entries
        if entry.exhibit_id in exhibits
        or _rests(entry, studies)
        or (tables and _speaks_of(entry, tables))
    ]


def _rests(entry: Entry, studies: set[str]) -> bool:
    if entry.kind not in ("trace.run", "study.run", "finding.accepted"):
        return False
    return bool(studies & {str(entry.body.get(name)) for name in ("trace", "study")})


def _speaks_of(entry: Entry, tables: set[int]) -> bool:
    """Whether a decision, an outcome or a note is of a row of these tables, or of a party."""
    if entry.kind == "victims.recorded":
        return int(entry.body["victim"]["entry"]) in tables
    if entry.kind == "note.added":
        return (entry.body.get("subject") or {}).get("kind") == "party"
    if entry.kind != "transfers.decided":
        return False
    told = [each for each in (entry.body["one"], entry.body["other"]) if each is not None]
    return any("entry" not in each or int(each["entry"]) in tables for each in told)
