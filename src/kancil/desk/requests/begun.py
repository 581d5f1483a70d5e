"""A letter as it begins: what the case, its last letter and an earlier request already say.

What only an officer knows stays empty, and the check says so. The identifiers of a case come with
the place where they were seen, which is their proof reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kancil.custody.roll import KEPT, Case, Roll
from kancil.desk.cases.models import Study, Trace
from kancil.desk.custody.store import DeskLedger
from kancil.desk.selectors.models import Origin, Sighting
from kancil.desk.studies.stated import stated_tables
from kancil.ground import canonical
from kancil.ground.ids import CaseId
from kancil.ground.workspace import Workspace
from kancil.legal.fields import Form, fields
from kancil.legal.request import Addressee, Draft, RequestKind, Sought, Standing
from kancil.legal.request_events import standing_hold
from kancil.records.selector import Selector

from .queries import Request, read_version, requests_of

MOST_IDENTIFIERS = 60
_KEPT = ("requesting_authority", "contact", "signatory")
"""Texts that are the same in the next letter of a case."""
_OF_EACH = (
    "rights_checked_by",
    "hold_until",
    "order_by",
    "answer_by",
    "urgency",
    "change_reason",
    "domestic_order",
)
"""Texts that belong to one letter, and are not taken over by what follows on it."""
_WORD = re.compile(r"[^\s\"',;:()]{6,}")
_MOST_WORDS = 800
"""A question to the database names at most so many values."""
_NO_ACCOUNTS = ("bitcoin-txid", "tron-txid", "ethereum-txid")


def begun_letter(
    ledger: DeskLedger,
    workspace: Workspace,
    *,
    case: CaseId,
    kind: RequestKind,
    officer: str,
    after: Request | None = None,
) -> Draft:
    """A letter of a kind with what is known; `after`: the request that it follows on."""
    roll = ledger.folded(Roll)
    held, unit = roll.cases[case], workspace.unit
    number = max((each.number for each in roll.requests.values()), default=0) + 1
    texts = {"requesting_authority": f"{unit.name}, {officer}", "domestic_order": _basis(held)}
    begun = Draft(
        kind.name, held.label, f"{unit.country}-{held.label}-R{number}", unit.country,
        Addressee("", kind.addressees[0], ""),
    )  # fmt: skip
    last = _last_letter(ledger, workspace, case)
    if last is not None:
        texts |= {name: last.text(name) for name in _KEPT if last.text(name)}
        begun = replace(begun, offences=last.offences)
    if after is not None:
        earlier = read_version(workspace, after)
        begun = _following(begun, kind, earlier)
        texts = {**earlier.texts, **texts, **_named(after, earlier)}
        for name in _OF_EACH[:-1]:
            texts.pop(name, None)
    return replace(begun, texts={name: text for name, text in texts.items()
                                 if name in kind.fields and text})  # fmt: skip


def _basis(case: Case) -> str:
    """The newest legal basis of the case, as it was stated."""
    if not case.bases:
        return ""
    basis = case.bases[-1]
    issued = basis.issued_on.isoformat() if basis.issued_on else ""
    told = (basis.number, basis.authority, issued, basis.scope)
    return ", ".join(each for each in told if each)


def _last_letter(ledger: DeskLedger, workspace: Workspace, case: CaseId) -> Draft | None:
    letters = (each for each in requests_of(ledger, case) if each.versions)
    newest = next(letters, None)
    return None if newest is None else read_version(workspace, newest)


def _following(begun: Draft, kind: RequestKind, earlier: Draft) -> Draft:
    """The rows of an earlier letter that this kind has too."""
    has = {fields()[name].form for name in kind.fields}
    rows = {form.value: getattr(earlier, form.value) for form in has
            if form in (Form.PERSONS, Form.OFFENCES, Form.BASES, Form.SHARES, Form.FINDINGS,
                        Form.ATTACHMENTS)}  # fmt: skip
    items = tuple(
        each
        if each.sought in kind.sought and Sought.RELEASE not in kind.sought
        else replace(each, sought=kind.sought[0])
        for each in earlier.items
        if kind.sought
    )
    fits = earlier.addressee.kind in kind.addressees
    to = earlier.addressee if fits else begun.addressee
    return replace(begun, addressee=to, items=items, language=earlier.language,
                   second_language=earlier.second_language, **rows)  # fmt: skip


def _named(after: Request, earlier: Draft) -> dict[str, str]:
    """How the earlier request is referred to."""
    events = after.events
    theirs = next((each.reference for each in reversed(events) if each.reference), "")
    found = {"earlier_request": ", ".join(e for e in (earlier.reference, theirs) if e)}
    if earlier.kind == "preservation":
        found["preservation_reference"] = theirs or earlier.reference
        held = standing_hold(events)
        if held is not None and held.until is not None:
            found["preserved_until"] = held.until.isoformat()
    return found


# --- identifiers of the case ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseIdentifier:
    """An identifier that something recorded in the case names."""

    selector: Selector
    proof: str
    """Where it stands first: `T1, transfers 4`, `E4, line 12`; with the findings that name it."""
    standing: Standing
    reported_by: str
    """Whose word it is, where it is reported."""


def identifiers_of(
    ledger: DeskLedger, case: CaseId, text: str = ""
) -> tuple[list[CaseIdentifier], int]:
    """Identifiers of a case in which a text stands, those of findings first; and how many more.

    Transactions are no accounts and are left out, and so is what drafts alone name.
    """
    found = Sighting.objects.filter(case_id=case, value__icontains=text.strip())
    found = found.exclude(kind__in=_NO_ACCOUNTS).exclude(origin=Origin.WATCH)
    drafts = Trace.objects.filter(case_id=case).exclude(state=KEPT)
    found = found.exclude(source__in=drafts.values("id"))
    said, places = dict(_said_in_findings(ledger, case)), places_of(ledger, case)
    named = list(dict.fromkeys(word for words in said.values() for word in words))[:_MOST_WORDS]
    rows = [*found.filter(value__in=named).order_by("value", "source")[:MOST_IDENTIFIERS],
            *found.order_by("value", "source")[: 4 * MOST_IDENTIFIERS]]  # fmt: skip
    first: dict[Selector, Sighting] = {}
    for each in rows:
        first.setdefault(Selector(each.kind, each.value), each)
    made = [_identifier(each, said, places) for each in list(first.values())[:MOST_IDENTIFIERS]]
    return made, found.values("kind", "value").distinct().count() - len(made)


def _said_in_findings(ledger: DeskLedger, case: CaseId) -> Iterator[tuple[str, set[str]]]:
    """The words of each finding that stands."""
    roll = ledger.folded(Roll)
    for each in roll.findings.values():
        if each.case == case and each.id not in roll.withdrawn:
            yield f"F{each.number}", set(_WORD.findall(canonical.dumps(each.entry.body).decode()))


def places_of(ledger: DeskLedger, case: CaseId) -> dict[str, tuple[str, str]]:
    """By source of a sighting: its number for people, and who reports it."""
    found = {each.id: (f"T{each.number}", "") for each in Trace.objects.filter(case_id=case)}
    found |= {each.id: (f"S{each.number}", "") for each in Study.objects.filter(case_id=case)}
    tables = stated_tables(ledger, case)
    return found | {str(each.n): (each.exhibit.label, each.stated_by) for each in tables}


def _identifier(
    row: Sighting, said: dict[str, set[str]], places: dict[str, tuple[str, str]]
) -> CaseIdentifier:
    """What stands in a trace's transfers is proved by the blocks held; a study's rows are not."""
    label, by = places.get(row.source, ("", ""))
    place = f"{label}, line {row.row}" if by else f"{label}, {row.table} {row.row}"
    findings = [number for number, words in said.items() if row.value in words]
    is_proved = row.origin == Origin.TRACE and row.table == "transfers"
    return CaseIdentifier(
        Selector(row.kind, row.value),
        ", ".join([*findings, *([place] if label else [])]),
        Standing.REPORTED if by else Standing.PROVED if is_proved else Standing.STATED,
        by,
    )
