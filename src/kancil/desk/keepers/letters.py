"""A freeze letter begun from keepers that money met: what the case knows, filled in.

What only an officer knows stays empty, and the checks of the kind say so: the order, who signs, how
long the hold is sought. One letter goes to one keeper, who reads of no other; the financial
intelligence unit's letter may name several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kancil.custody.acting import ActingOfficer
from kancil.custody.roll import Case, Roll
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.desk.directory.queries import keeper_for, offices
from kancil.desk.requests.actions import draft_request
from kancil.desk.requests.begun import begun_letter
from kancil.desk.requests.queries import Request
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.ground.workspace import Workspace
from kancil.legal.directory.office import Kind
from kancil.legal.directory.told import addressee
from kancil.legal.request import Addressee, Draft
from kancil.legal.requests import kinds
from kancil.records.finding import FindingClass, accept
from kancil.studies.findings import make_finding
from kancil.studies.keepers.freeze import (
    Complaint,
    complaints_told,
    freeze_facts,
    reported_finding,
    uncovered,
)
from kancil.studies.keepers.keeper import UNKNOWN, Met
from kancil.studies.keepers.reported import complaints_behind
from kancil.studies.reported.book import OWN_KINDS

from .queries import CaseKeepers

FREEZE = "freeze"
KEEPER, FIU = "keeper", "fiu"
CHANNELS = (KEEPER, FIU)
"""To the keeper itself, or by the financial intelligence unit."""


def letters_for(chosen: Sequence[Met], channel: str) -> list[list[Met]]:
    """The accounts of each letter: one for each keeper, or one for the intelligence unit."""
    if channel == FIU:
        return [list(chosen)] if chosen else []
    by_keeper: dict[tuple[str, ...], list[Met]] = {}
    for each in chosen:
        keeper = each.keeper
        name = (keeper.name, keeper.kind) if keeper.name else ("", keeper.kind, each.identifier)
        by_keeper.setdefault(name, []).append(each)
    return list(by_keeper.values())


def freeze_draft(
    ledger: DeskLedger,
    workspace: Workspace,
    found: CaseKeepers,
    chosen: Sequence[Met],
    case: CaseId,
    *,
    officer: str,
    channel: str = KEEPER,
    language: str = "en",
) -> Draft:
    """A freeze letter about accounts of one keeper, or for the intelligence unit's channel.

    `officer`: name of who drafts.
    """
    facts = freeze_facts(chosen, found.signed, _complaints(found, chosen), language, workspace.zone)
    begun = begun_letter(ledger, workspace, case=case, kind=kinds().named(FREEZE), officer=officer)
    last = max((arrival for each in chosen for arrival in each.arrivals if arrival.latest),
               key=lambda each: each.latest or found.moment, default=None)  # fmt: skip
    when = last.local_when(workspace.zone) if last else Phrase("note.not-stated")
    return replace(
        begun,
        addressee=_to(ledger, workspace, found, chosen[0], channel, language),
        language=language,
        texts={
            **_suggested(officer, language),
            **begun.texts,
            **{name: text for name, text in facts.texts.items() if text},
            # Of old money only the officer knows why a hold is sought now: the checks ask for it.
            "urgency": ""
            if all(each.is_old(found.moment) for each in chosen)
            else render("study.keeper-urgency", language, when=when),
        },
        items=facts.items,
        findings=facts.findings,
        attachments=tuple(_bundle(ledger, ledger.folded(Roll).cases[case])),
    )


def _suggested(officer: str, language: str) -> dict[str, str]:
    """What most freeze letters of a unit say; whoever signs changes it where it is otherwise."""
    return {
        "signatory": officer,
        "order_to_follow": render("study.keeper-order-follows", language),
    }


def draft_letters(
    ledger: DeskLedger,
    workspace: Workspace,
    found: CaseKeepers,
    chosen: Sequence[Met],
    case: CaseId,
    *,
    officer: str,
    channel: str = KEEPER,
    language: str = "en",
    by: ActingOfficer,
) -> list[Request]:
    """Draft the letters about the accounts chosen, all or none; raises what drafting raises."""
    with one_transaction():
        return [
            draft_request(
                ledger, workspace, case=case, by=by,
                draft=freeze_draft(
                    ledger, workspace, found, each, case, officer=officer, channel=channel,
                    language=language,
                ),
            )
            for each in letters_for(chosen, channel)
        ]  # fmt: skip


def _to(
    ledger: DeskLedger, workspace: Workspace, found: CaseKeepers, met: Met, channel: str,
    language: str,
) -> Addressee:  # fmt: skip
    """The one office of the directory that fits; else the name alone, for an officer to choose."""
    country = workspace.unit.country
    if channel == FIU:
        listed = offices(ledger, workspace, kind=Kind.FIU, country=country)
    else:
        listed = keeper_for(ledger, workspace, met.keeper.name)
    if len(listed) == 1 and listed[0].office.kind.value in kinds().named(FREEZE).addressees:
        return addressee(listed[0], found.moment.astimezone(workspace.zone).date(), language)
    if channel == FIU:
        return Addressee("", FIU, "", country)
    kind = met.keeper.kind
    if kind == UNKNOWN:
        kind = "bank" if met.identifier_kind in {*OWN_KINDS, "iban"} else "exchange"
    return Addressee("", kind, met.keeper.name)


def _complaints(found: CaseKeepers, chosen: Sequence[Met]) -> list[Complaint]:
    """The complaints whose money came to what was chosen."""
    if found.book is None:
        return []
    book = found.book.book
    named = {each.place for met in chosen for each in met.arrivals if each.reported_by}
    places = [place for place in book.order if book.place_of(place) in named]
    if not places:
        return []
    return complaints_told(book, complaints_behind(book, places, found.starts, found.rules))


def _bundle(ledger: DeskLedger, case: Case) -> Iterator[str]:
    """The fingerprint of the newest bundle, by which a keeper knows it."""
    if case.bundles:
        body = ledger.read(case.bundles[-1]).body
        yield f"bundle {case.bundles[-1]}, SHA-256 {body['analysis_sha256']}"


# --- findings about the payments ------------------------------------------------------------------


def to_sign(found: CaseKeepers, chosen: Sequence[Met], language: str) -> list[dict[str, object]]:
    """What an officer would accept of payments that no finding covers: bodies of findings.

    That a table reports a payment; of a trace, that the blocks held prove it, under no policy. A
    payment that is in no row of the policy chosen is left to the trace's own page.
    """
    bodies = []
    for met in chosen:
        for arrival in uncovered([met], found.signed):
            if arrival.reported_by:
                finding, trace, digest = reported_finding(met, arrival), "", ""
            elif arrival.row is not None:
                chain, answer = found.runs[arrival.source]
                fact = FindingClass.CHAIN_FACT.value
                finding = make_finding(chain, answer, fact, arrival.row, 1)
                trace, digest = arrival.source, answer.digest
            else:
                continue
            accepted = accept(finding, trace=trace, result_sha256=digest, language=language)
            named = {"trace": trace or None, "result_sha256": digest or None}
            bodies.append({**accepted.as_body(), **named})
    return list({str(each["params"]): each for each in bodies}.values())
