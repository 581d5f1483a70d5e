"""The parts of a profile's page: facts, chart, counterparties, transactions, where else it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.desk.cases import queries
from kancil.desk.notes.queries import notes_about
from kancil.desk.people.queries import Person, case_ids_of
from kancil.desk.studies.named_in import NamedIn, Searched
from kancil.ground.clock import from_unix
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.studies.moneygraph.parts import Subject
from kancil.studies.profile.drawing import activity_svg
from kancil.studies.profile.profile import Party, Place, Profile
from kancil.web.cases.notes import notes_section
from kancil.web.cells import (
    Section,
    amount,
    chart,
    facts,
    identifier,
    link,
    note,
    number,
    table,
)
from kancil.web.home.tables import trace_name
from kancil.web.parts import Amount, Cell, Minute, Several, Tag
from kancil.web.studies.chain_cells import tx_cell
from kancil.web.studies.result_page import paged, part_of
from kancil.web.unit_desk import UnitDesk

MOST_NAMED = 20
_SAID = 3


def facts_section(chain: Chain, profile: Profile, more: Sequence[tuple[str, Cell]] = ()) -> Section:
    """What GraphSense's address page answers, in the blocks held."""
    told: list[tuple[str, Cell]] = [
        ("balance", amount(profile.balance_sat)),
        ("total-received", amount(profile.total_received_sat)),
        ("total-spent", amount(profile.total_spent_sat)),
        ("first-seen", _place(chain, profile.first_tx)),
        ("last-seen", _place(chain, profile.last_tx)),
        ("incoming-txs", number(profile.no_incoming_txs)),
        ("outgoing-txs", number(profile.no_outgoing_txs)),
        ("in-degree", number(profile.in_degree)),
        ("out-degree", number(profile.out_degree)),
    ]
    if not profile.is_cluster:
        told.insert(0, ("script", profile.script))
    if profile.entity is not None:
        told.append(("cluster-addresses", _entity(chain, profile)))
    told += [*more, ("scope", profile.status)]
    return {**facts("web.profile.facts", told), "kind": "compact"}


def _place(chain: Chain, place: Place | None) -> Cell:
    if place is None:
        return "–"
    return Several([Minute(place.at), tx_cell(chain.name, place.txid)])


def _entity(chain: Chain, profile: Profile) -> Cell:
    size = profile.entity.addresses if profile.entity else 1
    if profile.is_cluster:
        return number(size)
    url = reverse("cluster", kwargs={"chain": chain.name, "address": profile.subject})
    return link(url, Phrase("web.profile.of-cluster", {"count": f"{size:,}"}))


def activity_section(profile: Profile, zone: tzinfo) -> list[Section]:
    """When it received and sent, as a chart; the transactions are its table."""
    drawn = activity_svg(profile.spans, zone)
    if len(profile.spans) < 2 or not drawn:
        return []
    return [chart("web.profile.activity", drawn, text=Phrase("web.profile.activity-text"))]


def same_key_notes(profile: Profile) -> list[Section]:
    """What pays the same key in another way, told apart."""
    return [
        note(
            "info", "note.same-key-paid", name=each.name, script=each.script, count=each.deposits,
            received=f"{each.received_sat:,}",
        )
        for each in profile.same_key
    ]  # fmt: skip


def party_sections(chain: Chain, profile: Profile) -> list[Section]:
    """The largest counterparties each way."""
    found = []
    for key, parties, count in (
        ("web.profile.payers", profile.payers, profile.in_degree),
        ("web.profile.payees", profile.payees, profile.out_degree),
    ):
        if not parties:
            continue
        rows = [_party(chain, each) for each in parties]
        columns = ("address", "amount>", "transactions>", "labels")
        heading = Phrase(key, {"shown": len(parties), "count": f"{count:,}"})
        found.append({**table(key, columns, rows), "heading": heading, "dense": True})
    return found or [note("info", "web.profile.no-parties")]


def _party(chain: Chain, party: Party) -> tuple[Cell, ...]:
    name: Cell = Phrase("web.no-address")
    if party.name:
        url = reverse("address", kwargs={"chain": chain.name, "address": party.name})
        name = identifier(party.name, url, short=True)
    said = list(
        dict.fromkeys((each.publisher, each.label, bool(each.law)) for each in party.labels)
    )
    labels: list[Cell] = [
        Tag("danger" if is_law else "service",
            Phrase("web.labels.says", {"publisher": publisher, "label": label}))
        for publisher, label, is_law in said[:_SAID]
    ]  # fmt: skip
    cell: Cell = Several(labels) if labels else "–"
    return (name, Amount(party.value_sat), number(party.transactions), cell)


def transactions_section(request: HttpRequest, chain: Chain, profile: Profile) -> list[Section]:
    """Every transaction of it, the newest first, a part at a time."""
    found = profile.activity
    if found is None or not len(found.txs):
        return [note("info", "web.profile.no-transactions")]
    part = part_of(request, range(len(found.txs)))
    rows = []
    for place in part:
        at = len(found.txs) - 1 - place
        tx = int(found.txs[at])
        height, time = chain.height_and_time_of_tx(tx)
        rows.append(
            (
                Minute(None if time is None else from_unix(time)),
                number(height),
                tx_cell(chain.name, chain.txid(tx)),
                amount(int(found.in_sat[at])),
                amount(int(found.out_sat[at])),
            )
        )
    columns = ("local-time", "height>", "transaction", "received>", "spent>")
    return [paged(table("web.profile.transactions", columns, rows), part, "transactions")]


def elsewhere(desk: UnitDesk, person: Person, name: str) -> NamedIn:
    """Where the reader's own cases name it, and nobody else's."""
    mine = case_ids_of(person)
    return Searched(desk.ledger, desk.workspace, desk.vault, mine).named_by([name], MOST_NAMED)


def elsewhere_count(found: NamedIn) -> int:
    """How many places there are."""
    return sum(len(each) for each in (found.traces, found.studies, found.tables, found.findings))


def elsewhere_section(found: NamedIn) -> list[Section]:
    """Each place with its case."""
    rows: list[tuple[Cell, ...]] = []
    for trace in found.traces[:MOST_NAMED]:
        given = {"case": trace.case.number, "trace": trace.number}
        rows.append((_case(trace.case), Phrase("study.trace"),
                     link(reverse("trace", kwargs=given), trace_name(trace)),
                     Minute(trace.run_at)))  # fmt: skip
    for study in found.studies[:MOST_NAMED]:
        given = {"case": study.case.number, "study": study.number}
        rows.append((_case(study.case), Phrase(f"study.{study.study}"),
                     link(reverse("study", kwargs=given), f"S{study.number}"),
                     Minute(study.run_at)))  # fmt: skip
    for named in found.tables[:MOST_NAMED]:
        exhibit = named.exhibit
        given = {"case": exhibit.case.number, "exhibit": exhibit.number}
        rows.append((_case(exhibit.case), Phrase("web.profile.reported", {"row": named.row}),
                     link(reverse("exhibit", kwargs=given), f"E{exhibit.number}"),
                     Minute(exhibit.last_at)))  # fmt: skip
    for finding in found.findings[:MOST_NAMED]:
        url = reverse("findings", kwargs={"case": finding.case.number})
        rows.append((_case(finding.case), Phrase("web.profile.finding"),
                     link(url, f"F{finding.number}"), Minute(finding.accepted_at)))  # fmt: skip
    if not rows:
        return [note("info", "web.profile.nowhere")]
    columns = ("case", "named-in", "number", "when")
    return [{**table("web.profile.elsewhere", columns, rows), "dense": True}]


def _case(case: Any) -> Cell:
    return link(reverse("overview", kwargs={"case": case.number}), f"C{case.number} {case.title}")


def notes_sections(
    desk: UnitDesk, person: Person, subject: Subject, back: str
) -> tuple[list[Section], int]:
    """The notes about it in each of the reader's cases that has some, and how many."""
    mine = {case.id: case for case in queries.cases(case_ids_of(person))}
    notes = notes_about(desk.ledger, subject, *map(CaseId, mine))
    found = []
    for name in dict.fromkeys(each.entry.case_id for each in notes):
        case = mine[str(name)]
        of_it = [each for each in notes if each.entry.case_id == name]
        shown = notes_section(case, of_it, acts=person.acts, subject=subject, back=back)
        heading = Phrase("web.profile.notes-in", {"case": f"C{case.number} {case.title}"})
        found.append({**shown, "heading": heading, "anchor": f"notes-{case.number}"})
    return found or [note("info", "web.profile.no-notes")], len(notes)


__all__ = [
    "activity_section", "elsewhere", "elsewhere_count", "elsewhere_section", "facts_section",
    "notes_sections", "party_sections", "same_key_notes", "transactions_section",
]  # fmt: skip
