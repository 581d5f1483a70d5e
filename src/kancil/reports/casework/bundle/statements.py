"""What the unit states of the case in the ledger entries that a bundle shows.

A statement is not a proof: the entries are signed and unchanged, and whether they are true is for
people to judge. Read only after custody was found right; the bodies may still hold anything, so
whatever is not a text or a whole number counts as not stated. verify.html reads the same
(`page/script/statements.js`). Doors print `statement_words.sections`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from kancil.custody.acting import SERVER_ROLE
from kancil.custody.entry import Entry

HELD, AWAY, DEPOSITED, RETURNED, DISPOSED = "held", "away", "deposited", "returned", "disposed"
STATUSES = (HELD, AWAY, DEPOSITED, RETURNED, DISPOSED)
"""Where an exhibit can be: with an officer, handed over to someone else, and so on."""

_STATUS_AFTER = {
    "exhibit.stored": HELD,
    "exhibit.opened": HELD,
    "exhibit.deposited": DEPOSITED,
    "exhibit.returned": RETURNED,
    "exhibit.disposed": DISPOSED,
}
_DIGESTS = ("sha256", "sha1", "md5", "listing_sha256")
_BASIS_FIELDS = (
    "id", "kind", "number", "authority", "issued_on", "expires_on", "return_due_on", "scope",
    "country", "document_sha256",
)  # fmt: skip
_ORDER_FIELDS = ("authority", "number", "date", "document_sha256")
RUNS = {"trace.run": ("trace", "T"), "study.run": ("study", "S")}
"""Kinds that record a result: key of its id, and the letter before its number."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is named: an officer of the unit, or someone outside by name only."""

    name: str | None
    officer: str | None = None
    """Id of the officer; None for someone outside."""
    number: str | None = None


@dataclass(frozen=True, slots=True)
class SignedFor:
    """That the unit's server signed for a person; its signature proves only that it says so."""

    server: Person
    account: str | None
    authenticated_by: str | None
    """How the server says that it recognised the person, such as `password and code`."""


@dataclass(frozen=True, slots=True)
class Said:
    """Where a statement stands: number of the entry, its time by the unit's clock, who acted."""

    n: int
    at: str
    by: Person | None
    """The officer; where a server signed, the person that it names."""
    signed_for: SignedFor | None = None
    """None where the officer signed with their own key."""


@dataclass(frozen=True, slots=True)
class StatedCase:
    """The case, as its opening states it."""

    id: str
    number: str | None
    title: str | None
    said: Said


@dataclass(frozen=True, slots=True)
class StatedBasis:
    """A legal basis; nothing of it was checked. Dates are as stated, `YYYY-MM-DD`."""

    id: str | None
    kind: str | None
    number: str | None
    authority: str | None
    issued_on: str | None
    expires_on: str | None
    return_due_on: str | None
    scope: str | None
    country: str | None
    document_sha256: str | None
    said: Said


@dataclass(frozen=True, slots=True)
class StatedContent:
    """Bytes of an exhibit, by their digests (hex); those of a file are None where there are more.

    Amounts are text, as in the entry.
    """

    files: str | None
    size_bytes: str | None
    sha256: str | None
    sha1: str | None
    md5: str | None
    listing_sha256: str | None


@dataclass(slots=True)
class StatedExhibit:
    """An exhibit and where it is, as far as the shown entries say."""

    id: str
    sealed: int
    """How many entries of its history are shown by their hash alone: it may have moved since."""
    number: str | None = None
    title: str | None = None
    contents: list[StatedContent] = field(default_factory=list)
    removed: list[StatedContent] = field(default_factory=list)
    """What was disposed of."""
    status: str | None = None
    """One of `STATUSES`; None where no shown entry says."""
    holder: Person | None = None
    to_kind: str | None = None
    """What the holder is, where the hand-over says: officer, person, court, laboratory."""
    place: str | None = None
    """The place that was stated last."""
    order: dict[str, str | None] | None = None
    """The order under which it was disposed of: authority, number, date, digest."""
    said: Said | None = None
    """The entry that says where it is."""


@dataclass(frozen=True, slots=True)
class StatedWithdrawal:
    """The taking back of a finding, and why."""

    reason: str | None
    said: Said


@dataclass(frozen=True, slots=True)
class StatedStudy:
    """That a study other than a trace was run, and its result recorded."""

    id: str | None
    number: str | None
    study: str | None
    """Its name, such as `exposure`."""
    version: str | None
    result_sha256: str | None
    said: Said


@dataclass(slots=True)
class StatedFinding:
    """A finding that an officer accepted: class, and the exact text in its language."""

    id: str | None
    number: str | None
    finding_class: str | None
    text: str | None
    language: str | None
    said: Said
    rests_on: str | None = None
    """Number of the trace or study, `T1`, `S1`, whose recorded result it names; None where no shown
    entry before it records that result."""
    withdrawn: StatedWithdrawal | None = None


@dataclass(frozen=True, slots=True)
class StatedWithheld:
    """An entry of the case that is kept back from this bundle, and why."""

    n: str | None
    reason: str | None
    sha256: str
    """Hash of the entry (hex): one of the sealed ones."""


@dataclass(frozen=True, slots=True)
class StatedBundle:
    """The making of the bundle, what for, and what it keeps back."""

    purpose: str | None
    basis_ended_on: str | None
    """Last day of the legal basis, where the entry says that it was over; as stated."""
    said: Said
    withheld: list[StatedWithheld] = field(default_factory=list)
    """Only those that are indeed sealed; older bundles give no reasons."""


@dataclass(slots=True)
class Statements:
    """All that the shown entries state of one case."""

    unit: str | None = None
    """Name of the unit, as it founded itself."""
    case: StatedCase | None = None
    bases: list[StatedBasis] = field(default_factory=list)
    exhibits: list[StatedExhibit] = field(default_factory=list)
    studies: list[StatedStudy] = field(default_factory=list)
    findings: list[StatedFinding] = field(default_factory=list)
    bundle: StatedBundle | None = None
    sealed: int = 0
    """Entries of the histories of case and exhibits that are shown by their hash alone."""

    def as_dict(self) -> dict[str, Any]:
        """The JSON-ready form."""
        return asdict(self)


def statements_of(
    entries: Iterable[Entry],
    *,
    proofs: Mapping[str, Any] | None = None,
    analysis_sha256: str | None = None,
) -> Statements:
    """Read what shown entries, in ascending order, state of the one case that they open.

    `proofs`: content of proofs.json, from which sealed entries are counted. `analysis_sha256`: as
    in the manifest, to know the making of this bundle from that of others; else the last counts.
    """
    return _Reader(list(entries), proofs or {}, analysis_sha256).read()


def text_of(value: object) -> str | None:
    """Take a text or a whole number as stated; all else, and what is empty, is not stated."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) if str(value).strip() else None


class Roster:
    """Who is who in the ledger, as its entries add officers; in their order."""

    def __init__(self) -> None:
        """Know nobody yet."""
        self.officers: dict[str, Person] = {}
        self.servers: set[str] = set()

    def take(self, entry: Entry) -> None:
        """Take in the entry that adds an officer; any other says nothing here."""
        body = entry.body
        if entry.kind != "officer.added":
            return
        officer = str(body.get("officer"))
        self.officers[officer] = Person(
            text_of(body.get("name")), officer, text_of(body.get("number"))
        )
        if body.get("role") == SERVER_ROLE:
            self.servers.add(officer)

    def person(self, value: object) -> Person | None:
        """The officer of an id, else whoever is named; None for nobody."""
        name = text_of(value)
        return None if name is None else self.officers.get(name, Person(name))

    def said(self, entry: Entry) -> Said:
        """Where a statement stands, and who acted."""
        at, signer = str(entry.statement["at"]), self.person(entry.officer)
        behalf = entry.on_behalf
        # Only a server acts for somebody; what another officer says of it is not heard.
        if signer is None or signer.officer not in self.servers or behalf is None:
            return Said(entry.n, at, signer)
        named = _fields(behalf, ("account", "authenticated_by"))
        by = self.person(behalf.get("officer")) or self.person(named["account"])
        return Said(entry.n, at, by, SignedFor(signer, **named))


class _Reader:
    """Goes through the entries once."""

    def __init__(
        self, entries: list[Entry], proofs: Mapping[str, Any], analysis_sha256: str | None
    ) -> None:
        self.entries = entries
        self.analysis_sha256 = analysis_sha256
        self.roster = Roster()
        self.exhibits: dict[str, StatedExhibit] = {}
        self.found = Statements()
        self.runs: dict[tuple[str | None, str | None], str] = {}
        """Short number by id and digest of each recorded result."""
        shown = {entry.hash.hex() for entry in entries}
        histories = proofs.get("exhibits", {})
        for name, hashes in histories.items():
            sealed = sum(each not in shown for each in hashes)
            self.exhibits[name] = StatedExhibit(name, sealed)
        listed = set(proofs.get("case", ())).union(*histories.values())
        self.sealed = listed - shown
        self.found.sealed = len(self.sealed)

    def read(self) -> Statements:
        opened = [entry for entry in self.entries if entry.kind == "case.opened"]
        case = opened[0].case_id if opened else None
        for entry in self.entries:
            self._take_unit(entry)
            if case is not None and entry.case_id == case:
                self._take(entry)
        self.found.exhibits = list(self.exhibits.values())
        return self.found

    def _take_unit(self, entry: Entry) -> None:
        body = entry.body
        if entry.kind == "unit.founded":
            self.found.unit = text_of(body.get("name"))
        self.roster.take(entry)

    def _take(self, entry: Entry) -> None:
        body, said = entry.body, self.roster.said(entry)
        number = text_of(body.get("number"))
        if entry.kind == "case.opened":
            title = text_of(body.get("title"))
            self.found.case = StatedCase(str(entry.case_id), number, title, said)
        if entry.kind in ("case.opened", "case.basis-added"):
            stated = _fields(body.get("basis"), _BASIS_FIELDS)
            self.found.bases.append(StatedBasis(**stated, said=said))
        elif entry.kind in RUNS:
            self._take_run(entry, said)
        elif entry.kind == "finding.accepted":
            stated = _fields(
                body, ("class", "finding", "language", "result_sha256", "text", "trace")
            )
            self.found.findings.append(
                StatedFinding(
                    stated["finding"], number, stated["class"], stated["text"],
                    stated["language"], said,
                    rests_on=self.runs.get((stated["trace"], stated["result_sha256"])),
                )
            )  # fmt: skip
        elif entry.kind == "finding.withdrawn":
            self._take_withdrawal(body, said)
        elif entry.kind == "bundle.made":
            if self.analysis_sha256 in (None, body.get("analysis_sha256")):
                self.found.bundle = StatedBundle(
                    text_of(body.get("purpose")),
                    text_of(body.get("basis_ended_on")),
                    said,
                    self._withheld(body.get("withheld")),
                )
        elif entry.exhibit_id is not None:
            known = self.exhibits.setdefault(
                entry.exhibit_id, StatedExhibit(str(entry.exhibit_id), 0)
            )
            self._take_exhibit(known, entry, said)

    def _withheld(self, value: object) -> list[StatedWithheld]:
        rows = [_fields(one, ("n", "reason", "sha256")) for one in _items(value)]
        return [StatedWithheld(**one) for one in rows if one["sha256"] in self.sealed]

    def _take_run(self, entry: Entry, said: Said) -> None:
        key, letter = RUNS[entry.kind]
        stated = _fields(entry.body, (key, "number", "result_sha256"))
        if stated[key] is not None and stated["result_sha256"] is not None:
            self.runs[stated[key], stated["result_sha256"]] = f"{letter}{stated['number'] or '?'}"
        if entry.kind == "study.run":
            named = _fields(entry.body.get("provenance"), ("method", "version"))
            self.found.studies.append(
                StatedStudy(
                    stated[key], stated["number"], named["method"], named["version"],
                    stated["result_sha256"], said,
                )
            )  # fmt: skip

    def _take_withdrawal(self, body: dict[str, Any], said: Said) -> None:
        named = text_of(body.get("finding"))
        for finding in self.found.findings:
            if named is not None and finding.id == named and finding.withdrawn is None:
                finding.withdrawn = StatedWithdrawal(text_of(body.get("reason")), said)

    def _take_exhibit(self, exhibit: StatedExhibit, entry: Entry, said: Said) -> None:
        kind, body = entry.kind, entry.body
        if kind in ("exhibit.seized", "exhibit.added"):
            exhibit.number = exhibit.number or text_of(body.get("number"))
            exhibit.title = exhibit.title or text_of(body.get("title"))
        if kind in ("exhibit.added", "exhibit.acquired"):
            exhibit.contents.append(_content(body.get("content")))
        exhibit.place = text_of(body.get("place")) or exhibit.place
        if entry.exhibit is not None and entry.exhibit.n == 1:
            exhibit.status = HELD
            seized_by = self.roster.person(body.get("seized_by"))
            exhibit.holder = said.by if "seized_by" not in body else seized_by
        elif kind == "exhibit.transferred":
            exhibit.to_kind = text_of(body.get("to_kind"))
            exhibit.status = HELD if exhibit.to_kind == "officer" else AWAY
            exhibit.holder = self.roster.person(body.get("to"))
        elif kind in _STATUS_AFTER:
            exhibit.status = _STATUS_AFTER[kind]
            self._take_whereabouts(exhibit, kind, body)
        else:
            return
        exhibit.said = said

    def _take_whereabouts(self, exhibit: StatedExhibit, kind: str, body: dict[str, Any]) -> None:
        if kind in ("exhibit.deposited", "exhibit.returned"):
            exhibit.holder, exhibit.to_kind = self.roster.person(body.get("to")), None
        elif kind == "exhibit.disposed":
            exhibit.holder = exhibit.to_kind = exhibit.place = None
            exhibit.order = _fields(body.get("order"), _ORDER_FIELDS)
            removed = [_content(each) for each in _items(body.get("tombstone"))]
            exhibit.removed, exhibit.contents = removed, []


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _fields(value: object, names: tuple[str, ...]) -> dict[str, Any]:
    stated = value if isinstance(value, dict) else {}
    return {name: text_of(stated.get(name)) for name in names}


def _content(value: object) -> StatedContent:
    return StatedContent(**_fields(value, ("files", "size_bytes", *_DIGESTS)))
