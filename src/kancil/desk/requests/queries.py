"""The requests of a case: their versions, what was authorised, what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from kancil.custody.entry import Entry
from kancil.custody.errors import RequestNotFound
from kancil.custody.requests import AUTHORISED, DRAFTED, RECEIVED
from kancil.custody.roll import RequestHistory, Roll
from kancil.custody.store import LedgerView
from kancil.desk.selectors.kinds import KINDS
from kancil.ground.clock import now
from kancil.ground.digests import sha256_hex
from kancil.ground.files import read_file
from kancil.ground.ids import CaseId, OfficerId
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import visible
from kancil.ground.workspace import Workspace
from kancil.legal.quality import check
from kancil.legal.request import Draft, Level, Problem, RequestKind, read_draft
from kancil.legal.request_events import Event, State, What, state_of
from kancil.legal.requests import kinds

from .errors import DraftChanged


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the ledger has it."""

    history: RequestHistory
    kind: str
    by: str
    """Who drafted or registered it first."""

    @property
    def label(self) -> str:
        """Short number for people: `R3`."""
        return self.history.label

    @property
    def versions(self) -> list[Entry]:
        """Entries of its versions, the oldest first; none of an incoming request."""
        return self.history.of_kind(DRAFTED)

    @property
    def authorisation(self) -> Entry | None:
        """The entry that authorised the newest version; None where the newest has none."""
        made = self.history.of_kind(AUTHORISED)
        versions = self.versions
        fits = made and versions and made[-1].body["sha256"] == versions[-1].body["sha256"]
        return made[-1] if fits else None

    @property
    def events(self) -> list[Event]:
        """All that the ledger has of it, in its order."""
        return [_event(each) for each in self.history.entries]

    @property
    def state(self) -> State:
        """Where it stands."""
        return state_of(self.events)

    @property
    def awaits_answer(self) -> bool:
        """Whether the other side of a letter of ours owes an answer, or the rest of one."""
        return not self.history.is_incoming and self.state in _AWAITED

    @property
    def exhibits(self) -> list[str]:
        """Ids of the exhibits that its entries name: letters, proofs of sending, answers."""
        named = (each.body.get("exhibit") for each in self.history.entries)
        return list(dict.fromkeys(each for each in named if each))

    @property
    def first(self) -> Entry:
        """The entry that began it."""
        return self.history.entries[0]


_AWAITED = (State.SENT, State.ACKNOWLEDGED, State.IN_EXECUTION, State.ANSWERED_IN_PART)
_BEGINS = {DRAFTED: What.DRAFTED, AUTHORISED: What.AUTHORISED, RECEIVED: What.RECEIVED}


def _event(entry: Entry) -> Event:
    body = entry.body
    what = _BEGINS.get(entry.kind) or What(body["what"])
    on, until = (body.get(name) for name in ("received_on" if what is What.RECEIVED else "on",
                                             "until"))  # fmt: skip
    return Event(
        what,
        entry.at,
        None if on is None else date.fromisoformat(on),
        None if until is None else date.fromisoformat(until),
        str(body.get("reference") or ""),
        str(body.get("reason") or ""),
    )


def requests_of(ledger: LedgerView, *cases: CaseId) -> list[Request]:
    """The requests of some cases, the newest first."""
    roll, chosen = ledger.folded(Roll), set(cases)
    found = [each for each in list(roll.requests.values()) if each.case in chosen]
    return [_request(roll, each) for each in found][::-1]


def request_named(ledger: LedgerView, case: CaseId, name: str) -> Request:
    """One request of a case by number (`R3`, `3`) or id; raises RequestNotFound."""
    roll = ledger.folded(Roll)
    found = roll.request(name)
    if found is None or found.case != case:
        raise RequestNotFound(name=name[:80])
    return _request(roll, found)


def last_post(ledger: LedgerView, officer: OfficerId) -> str:
    """Post that an officer last authorised a letter with; empty where they never did."""
    made = [
        entry for history in list(ledger.folded(Roll).requests.values())
        for entry in history.of_kind(AUTHORISED)
        if entry.officer == officer and not entry.on_behalf
    ]  # fmt: skip
    return str(max(made, key=lambda each: each.n).body["authority"]["post"]) if made else ""


def _request(roll: Roll, history: RequestHistory) -> Request:
    first = history.entries[0]
    return Request(history, str(first.body["kind"]), roll.actor_name(first))


def read_version(workspace: Workspace, request: Request, entry: Entry | None = None) -> Draft:
    """A version of a letter, the newest where none is named; raises DraftChanged."""
    held = entry or request.versions[-1]
    path = workspace.requests_dir / f"{held.body['sha256']}.json"
    data = read_file(path) if path.is_file() else b""
    if sha256_hex(data) != held.body["sha256"]:
        raise DraftChanged(request=request.label)
    return read_draft(data)


def open_letters(
    ledger: LedgerView, workspace: Workspace, cases: Iterable[CaseId], ends: tuple[str, str]
) -> Iterator[tuple[Request, Draft]]:
    """Letters of some cases that may still be changed, and go between two countries or may yet."""
    for held in requests_of(ledger, *cases):
        if held.versions and held.state in (State.DRAFT, State.AUTHORISED):
            letter = read_version(workspace, held)
            to = letter.addressee.country
            is_between = {letter.country, to} == set(ends) if to else letter.country in ends
            if is_between and "offences" in kind_of(letter).fields:
                yield held, letter


def kind_of(draft: Draft) -> RequestKind:
    """The kind of a draft; raises MemberNotFound."""
    return kinds().named(draft.kind)


def problems_of(ledger: LedgerView, case: CaseId, draft: Draft) -> list[Problem]:
    """What stands against a draft now, those that stop it first; raises CaseNotFound."""
    found = check(kind_of(draft), draft, selectors=KINDS, at=now())
    outside = [*_outside(ledger.folded(Roll), case, draft)]
    return sorted((*found, *outside), key=lambda each: not each.stops)


def basis_names(roll: Roll, case: CaseId) -> list[str]:
    """How a letter may name each legal basis of a case that still covers new work, in one line.

    Characters that steer unseen stand as their numbers.
    """
    zone = ZoneInfo("UTC") if roll.unit is None else roll.unit.zone
    held = [each for each in roll.case(case).bases if not each.has_expired(now(), zone)]
    return [visible(each.title() or each.kind) for each in held]


def _outside(roll: Roll, case: CaseId, draft: Draft) -> Iterator[Problem]:
    """Persons whom no legal basis of the case covers, as far as its name tells."""
    names = basis_names(roll, case)
    for person in draft.persons:
        if person.basis and person.basis not in names:
            params: dict[str, Param] = {"name": person.name, "basis": person.basis}
            yield Problem(Level.WRONG, "persons", Phrase("problem.request-person-outside", params))


def incoming(requests: list[Request]) -> list[Request]:
    """Those of requests that others sent."""
    return [each for each in requests if each.first.kind == RECEIVED]
