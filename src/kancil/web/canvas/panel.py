"""The side panel of the canvas: what a box is, what is known of it, and what one can do from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.index import LabelIndex
from kancil.desk.cases.queries import Case
from kancil.desk.notes.queries import notes_about
from kancil.desk.studies.queries import label_shelf, labels_named_address, open_chain
from kancil.ground.clock import from_unix
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.studies.canvas.errors import SubjectUnknown
from kancil.studies.canvas.facts import (
    AddressFacts,
    OutputFacts,
    address_facts,
    output_facts,
    transaction_facts,
)
from kancil.studies.canvas.view import MOST_SOURCES
from kancil.studies.moneygraph.clustered import kept_here
from kancil.studies.moneygraph.parts import Subject
from kancil.studies.reported.book import BITCOIN_ADDRESS, Party
from kancil.web.cells import Section, amount, identifier, link, when
from kancil.web.guard import error_page
from kancil.web.labels.cells import label_cells
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Amount, Cell, Several
from kancil.web.signed_in import person_of
from kancil.web.studies.chains.exposures import exposure_soon
from kancil.web.studies.graphs import runs_of
from kancil.web.unit_desk import UnitDesk, unit_desk

from .elsewhere import elsewhere
from .joining import Joins, joins_of
from .material import book_of, reported_of
from .panel_acts import Act, acts_of
from .reported_panel import exchanges, left_out, reported_acts, who_says
from .shares import alleged_of, shares_of

Facts = Sequence[tuple[Phrase | str, Cell]]


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows."""

    subject: Subject
    title: Phrase
    name: Cell
    """The full id, to be copied."""
    facts: Facts
    labels: Sequence[Cell] = ()
    others: Sequence[tuple[Phrase, Sequence[tuple[Cell, ...]]]] = ()
    """Small tables: outputs, shares of traces, where else it occurs."""
    remarks: Sequence[Phrase | str] = ()
    value: str = ""
    """What it is called elsewhere, where its subject says more."""
    address: str = ""
    """The address by which one profiles, watches and tags it."""
    who: Sequence[Phrase] | None = None
    """Who says who a reported party is, none of them where nobody does; None for other boxes."""
    party: int | None = None
    """Number of the reported party."""
    joins: Joins | None = None
    """What may be one with a reported party, where an officer has yet to decide it."""


@page("cases/<str:case>/canvas/panel/", "canvas_panel", may=EVERYONE, of="case")
def canvas_panel(request: HttpRequest, case: Case) -> HttpResponse:
    """What the side panel shows of one box, as a part of a page."""
    subject = Subject(*(request.GET.get(name, "").strip()[:300] for name in _NAMED))
    tell = _TOLD.get(subject.kind)
    if tell is None or bool(subject.kind) != bool(subject.value):
        return error_page(request, SubjectUnknown(kind=subject.kind or "-"))
    panel = tell(case, subject)
    traces = [name for name in request.GET.getlist("trace") if name.isdecimal()][:MOST_SOURCES]
    desk = unit_desk()
    shares = shares_of(desk, case, subject, traces)
    alleged = alleged_of(desk, case, subject.chain, panel.address, traces)
    person = person_of(request)
    found = elsewhere(desk, person, case, (panel.value or subject.value, panel.address))
    reported, cannot, exchanged = _of_party(desk, case, panel, may_act=person.acts)
    shown = {
        "panel": panel,
        "who": panel.who if panel.who is not None else _reported_as(desk, case, panel.address),
        "shares": shares,
        "elsewhere": found,
        "notes": notes_about(desk.ledger, subject, CaseId(case.id)),
        "joins": panel.joins if person.acts else None,
        "acts": acts_of(
            case, subject, panel.address, shares, alleged, reported, may_act=person.acts
        ),
        "cannot": cannot,
        "exchanged": exchanged,
        "case": case,
        "later": _later(case, subject, panel.address),
    }
    # Without the request: what stands around a page is not asked for a part of one.
    return HttpResponse(render_to_string("kancil/_canvas_panel.html", shown))


@page("cases/<str:case>/canvas/exposure/", "canvas_exposure", may=EVERYONE, of="case")
def canvas_exposure(request: HttpRequest, case: Case) -> HttpResponse:
    """What the coins of a box's address met, in a bar: asked for when its panel stands already."""
    name, address, kind = (request.GET.get(one, "").strip()[:300] for one in _OF_EXPOSURE)
    sections: list[Section] = []
    if address:
        chain, labels = _opened(Subject("address", name, address))
        key = ("exposure", chain.inputs_digests, tuple(one.id for one in labels.imports), address)
        deposits = len(chain.outputs_of_address(address))
        sections = runs_of(chain).get(
            (*key, kind),
            lambda: exposure_soon(chain, labels, address, deposits, is_cluster=kind == "cluster"),
        )
    shown = [one for one in sections if one["kind"] != "note"]  # the way to more is an act already
    return HttpResponse(render_to_string("kancil/_canvas_later.html", {"sections": shown}))


def _later(case: Case, subject: Subject, address: str) -> str:
    """Where the exposure of a box is asked for; empty where it has no address."""
    if not address:
        return ""
    asked = urlencode({"chain": subject.chain, "value": address, "kind": subject.kind})
    return f"{reverse('canvas_exposure', kwargs={'case': case.number})}?{asked}"


_OF_EXPOSURE = ("chain", "value", "kind")
_NAMED = ("kind", "chain", "value")


def _fact(name: str, cell: Cell) -> tuple[Phrase, Cell]:
    return Phrase(f"web.canvas.fact-{name}"), cell


def _moment(seconds: int | None) -> Cell:
    return Phrase("note.no-block") if seconds is None else when(from_unix(seconds))


def _opened(subject: Subject) -> tuple[Chain, LabelIndex]:
    workspace = unit_desk().workspace
    chain = open_chain(workspace, subject.chain)
    return chain, label_shelf(workspace, chain).index(chain.network)


def _tx_link(chain: str, txid: str) -> Cell:
    return identifier(txid, reverse("tx", kwargs={"chain": chain, "txid": txid}), short=True)


def _address_link(chain: str, address: str) -> Cell:
    if not address:
        return Phrase("web.no-address")
    url = reverse("address", kwargs={"chain": chain, "address": address})
    return identifier(address, url, short=True)


# --- what is told of each kind --------------------------------------------------------------------


def _transaction(case: Case, subject: Subject) -> Panel:
    chain, labels = _opened(subject)
    found = transaction_facts(chain, labels, subject.value)
    facts = [
        _fact("time", _moment(found.time)),
        _fact("inputs", Several((_count(found.inputs), amount(found.input_sat)))),
        _fact("outputs", Several((_count(found.outputs), amount(found.output_sat)))),
    ]
    if not found.is_coinbase:
        facts.append(_fact("fee", amount(found.fee_sat)))
    others = [
        (Phrase(f"web.canvas.{name}"), [_output_row(chain.name, one) for one in rows])
        for name, rows in (("largest-inputs", found.sources), ("largest-outputs", found.paid))
        if rows
    ]
    remarks = [f"{one.told} {' '.join(one.whys)}" for one in found.heard]
    said = [label for one in (*found.sources, *found.paid) for label in one.labels]
    name = identifier(found.txid)
    return Panel(
        subject, Phrase("web.canvas.transaction"), name, facts, label_cells(said), others, remarks
    )  # fmt: skip


def _count(count: int) -> Phrase:
    return Phrase("web.canvas.count", {"count": grouped(count)})


def _output_row(chain: str, one: OutputFacts) -> tuple[Cell, ...]:
    name = (
        _address_link(chain, one.address) if one.address else identifier(one.outpoint, short=True)
    )
    return name, Amount(one.value_sat, one=True)


def _output(case: Case, subject: Subject) -> Panel:
    chain, labels = _opened(subject)
    found = output_facts(chain, labels, subject.value)
    spent: Cell = Phrase("web.canvas.unspent")
    if found.spent_by:
        spent = Several((_tx_link(chain.name, found.spent_by), _moment(found.spent_at)))
    elif not found.is_spendable:
        spent = Phrase("web.canvas.unspendable")
    facts = [
        _fact("amount", amount(found.value_sat)),
        _fact("address", _address_link(chain.name, found.address)),
        _fact("paid-in", Several((_tx_link(chain.name, found.made_by), _moment(found.made_at)))),
        _fact("spent-in", spent),
    ]
    return Panel(
        subject, Phrase("web.canvas.output"), identifier(found.outpoint), facts,
        label_cells(found.labels), address=found.address,
    )  # fmt: skip


def _address(case: Case, subject: Subject) -> Panel:
    chain, labels = _opened(subject)
    found = _kept_address(chain, labels, subject.value)
    facts = [
        _fact("received", Several((_count(found.received), amount(found.received_sat)))),
        _fact("sent", Several((_count(found.sent), amount(found.sent_sat)))),
        _fact("balance", amount(found.balance_sat)),
        _fact("first", _moment(found.first)),
        _fact("last", _moment(found.last)),
        *_cluster_facts(chain, labels, subject.value),
    ]
    scope = Phrase("note.scope", {"scope": found.scope})
    return Panel(
        subject, Phrase("web.canvas.address"), identifier(found.address), facts,
        label_cells(found.labels), remarks=(scope,), address=found.address,
    )  # fmt: skip


def _kept_address(chain: Chain, labels: LabelIndex, address: str) -> AddressFacts:
    """The facts of an address, kept as long as the chain is and no label is new."""
    imports = tuple(stored.id for stored in labels.imports)
    key = ("address facts", len(chain.record.ingests), chain.inputs_digests, imports, address)
    return runs_of(chain).get(key, lambda: address_facts(chain, labels, address))


def _cluster_facts(chain: Chain, labels: LabelIndex, address: str) -> Facts:
    """The cluster of an address: how large, or that clusters are not made, and where to."""
    made = kept_here(chain, labels)
    if made is None:
        where = reverse("clusters", kwargs={"chain": chain.name})
        return [_fact("cluster", link(where, Phrase("web.canvas.make-clusters")))]
    outputs = chain.outputs_of_address(address)
    number = made.of(int(outputs[0])) if len(outputs) else -1
    if number < 0:
        return [_fact("cluster", Phrase("web.canvas.alone"))]
    told = made.told(number)
    url = reverse("cluster", kwargs={"chain": chain.name, "address": address})
    said = Phrase("web.canvas.cluster-size", {"count": grouped(told.size)})
    return [_fact("cluster", link(url, said))]


def _cluster(case: Case, subject: Subject) -> Panel:
    chain, labels = _opened(subject)
    made = kept_here(chain, labels)
    outputs = chain.outputs_of_address(subject.value)
    number = made.of(int(outputs[0])) if made is not None and len(outputs) else -1
    if made is None or number < 0:
        return _address(case, subject)
    told = made.told(number)
    facts = [
        _fact("addresses", _count(told.size)),
        _fact("labelled", _count(told.labelled)),
        _fact("first-address", _address_link(chain.name, subject.value)),
    ]
    return Panel(
        subject, Phrase("web.canvas.cluster"), identifier(told.name), facts,
        label_cells(label for _, label in told.labels),
        remarks=(told.heard.told, *told.heard.whys, told.heard.error),
        address=subject.value,
    )  # fmt: skip


def _party(case: Case, subject: Subject) -> Panel:
    desk = unit_desk()
    source = reported_of(desk, case, None, ())
    facts: list[tuple[Phrase | str, Cell]] = list(source.facts(subject))
    party = source.party_of(subject)
    joins, name, who, number = None, subject.value, None, None
    if party is not None:
        url = f"{reverse('stated', kwargs={'case': case.number})}?tab=accounts&party={party.id}"
        facts.append((Phrase("web.reported.open-account"),
                      link(url, Phrase("web.reported.open-account-link"))))  # fmt: skip
        stop = f"{reverse('keepers', kwargs={'case': case.number})}?party={party.id}"
        facts.append((Phrase("web.keepers.open"), link(stop, Phrase("web.room.keepers"))))
        joins = joins_of(desk, case, party, url)
        number = source.book.numbers[party]
        who = who_says(book_of(desk, case), number)
        if party in source.book.joined:  # then it is no publisher's alone
            name = party.value
    title = Phrase("web.canvas.party")
    remark = Phrase("web.canvas.party-not-proved")
    is_address = party is not None and party.is_address
    said = labels_named_address(desk.workspace, subject.value) if is_address else ()
    return Panel(subject, title, identifier(name), facts, label_cells(said),
                 remarks=(remark,), joins=joins, who=who, party=number,
                 value=subject.value if party is None else party.value)  # fmt: skip


def _reported_as(desk: UnitDesk, case: Case, address: str) -> Sequence[Phrase] | None:
    """Who says who an address of the chain is, where a table names it; None where none does."""
    found = book_of(desk, case)
    number = found.book.numbers.get(Party(BITCOIN_ADDRESS, address)) if address else None
    return None if number is None else who_says(found, number)


def _of_party(
    desk: UnitDesk, case: Case, panel: Panel, *, may_act: bool
) -> tuple[Sequence[Act], Phrase | None, Sequence[Cell]]:
    """What is offered at the box of a reported party, why something is not, what to confirm."""
    if panel.party is None:
        return (), None, ()
    found = book_of(desk, case)
    acts = reported_acts(case, desk.workspace, found, panel.party, may_act=may_act)
    cannot = left_out(desk.workspace, found.book.parties[panel.party]) if may_act else None
    return acts, cannot, exchanges(case, found, panel.party) if may_act else ()


def _fold(case: Case, subject: Subject) -> Panel:
    return Panel(subject, Phrase("web.canvas.fold"), None, [],
                 remarks=(Phrase("web.canvas.fold-text"),))  # fmt: skip


def _nothing(case: Case, subject: Subject) -> Panel:
    return Panel(subject, Phrase("web.canvas.nothing"), None, [])


_TOLD: dict[str, Callable[[Case, Subject], Panel]] = {
    "": _nothing,
    "transaction": _transaction,
    "output": _output,
    "address": _address,
    "cluster": _cluster,
    "party": _party,
    "fold": _fold,
}
