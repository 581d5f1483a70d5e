"""Pages of the chains that a unit holds: what is there, one block, one transaction, one address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.views import BlockView, InputView, OutputView, TxView
from kancil.bitcoin.store.errors import ChainBeingChanged
from kancil.desk.cases import queries as case_queries
from kancil.desk.people.queries import case_ids_of
from kancil.desk.studies.queries import chain_names, label_shelf, open_chain
from kancil.ground.clock import from_unix
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import render as words
from kancil.ground.workspace import Workspace
from kancil.studies.change.study import CHANGE
from kancil.studies.fiat_value import Worth
from kancil.studies.profile.transaction import transaction_answer
from kancil.web.cells import (
    Section,
    amount,
    button,
    empty,
    facts,
    identifier,
    limits,
    link,
    note,
    number,
    rows_left,
    show,
    table,
    tag,
)
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell, Kind, Tag
from kancil.web.signed_in import person_of
from kancil.web.studies.chain_cells import (
    address_cell,
    chain_limits,
    limits_of,
    moment_cell,
    outpoint_cell,
    tx_cell,
    watermark,
    way_to,
)
from kancil.web.studies.chains.changes import change_sections
from kancil.web.studies.labels_said import labels_of_all, said_cell
from kancil.web.studies.result_page import chosen_tab, paged, part_of, said, tabs
from kancil.web.studies.results.recording import record_in_case
from kancil.web.studies.worths import worth_cell, worth_now, worth_texts
from kancil.web.unit_desk import unit_desk

MOST_ISLANDS = 6
MOST_CASES = 50
MOST_ASIDE = 50
_SAMPLE = {"chain": "main"}


def _spender(chain: str, spent_by: dict[str, Any] | None, no_spend_seen: str | None) -> Cell:
    """Show what spends an output, or that no spend was seen in the blocks held."""
    if spent_by is None:
        return no_spend_seen
    return tx_cell(chain, str(spent_by["txid"]))


@page("chains/", "chains", may=EVERYONE, menu="site", order=20)
def chains(request: HttpRequest) -> HttpResponse:
    """The chains of the unit."""
    workspace = unit_desk().workspace
    names = chain_names(workspace)
    acts = person_of(request).acts
    read_in = _read_in(request) if acts else []
    if not names:
        key = "web.chains.empty" if acts else "web.chains.empty-reader"
        first = reverse("cases") if acts else ""
        return show(request, Phrase("web.room.chains"), [empty(key, url=first), *read_in])
    rows = [_row_of(workspace, name) for name in names]
    columns = (
        "chain", "network", "heights", "blocks>", "transactions>", "unknown>", "work", "unchecked",
    )  # fmt: skip
    listed = {**table("web.chains.held", columns, rows), "scroll": True}
    return show(request, Phrase("web.room.chains"), [listed, *read_in])


def _row_of(workspace: Workspace, name: str) -> tuple[Cell, ...]:
    """Show one chain, or that it cannot be read now: the others are shown all the same."""
    try:
        return _chain_row(open_chain(workspace, name))
    except ChainBeingChanged:
        return (name, tag("warn", "web.chains.being-changed"), *[""] * 6)


def _chain_row(opened: Chain) -> tuple[Cell, ...]:
    """Show one chain: how much it holds, how surely, and what nobody checked."""
    status = opened.status()
    network: Cell = status.network
    if not status.is_real_money:
        network = tag("warn", "web.chains.no-money", network=status.network)
    return (
        link(reverse("chain", kwargs={"chain": opened.name}), opened.name),
        network,
        _heights(status.islands),
        number(status.blocks),
        number(status.transactions),
        number(status.unknown_inputs),
        _weakest(status.work),
        ", ".join(status.not_checked),
    )


def _heights(islands: Sequence[dict[str, Any]]) -> str:
    """The heights held, island by island; one whose height is not known is said so."""
    told = []
    for part in islands[:MOST_ISLANDS]:
        ends = (part["first_height"], part["last_height"])
        known = [str(height) for height in dict.fromkeys(ends) if height is not None]
        told.append("–".join(known) or words("web.unknown"))
    left = len(islands) - len(told)
    return ", ".join(told) + (f" … (+{grouped(left)})" if left else "")


def _weakest(work: dict[str, int]) -> Cell:
    """Show the weakest verdict on the work of any block held, and how many have it."""
    for answer in ("failed", "own target only"):
        if work.get(answer):
            kind: Kind = "danger" if answer == "failed" else "warn"
            said = Phrase("web.work." + answer.replace(" ", "-"))
            return Tag(
                kind, Phrase("web.chains.work", {"count": grouped(work[answer]), "said": said})
            )
    found = next((answer for answer, count in work.items() if count), "")
    return _work(found) if found else None


def _read_in(request: HttpRequest) -> list[Section]:
    """Offer the cases whose exhibits may hold blocks."""
    mine = case_queries.cases(case_ids_of(person_of(request)))
    if not mine:
        return []
    rows = [
        (
            f"C{case.number} {case.title}",
            number(case.exhibit_count),
            link(
                reverse("ingest_new", kwargs={"case": case.number}),
                Phrase("web.ingest.of-case", {"case": f"C{case.number}"}),
            ),
        )
        for case in mine[:MOST_CASES]
    ]
    found = table("web.chains.read-in", ("case", "exhibits>", "blocks-in"), rows)
    return [found, *rows_left(len(rows), len(mine), url=reverse("cases"), do="web.home.all-cases")]


@page("chains/<str:chain>/", "chain", may=EVERYONE, sample=_SAMPLE)
def chain_page(request: HttpRequest, chain: str) -> HttpResponse:
    """What one chain holds, and how surely."""
    opened = open_chain(unit_desk().workspace, chain)
    status = opened.status()
    held = [
        (name, number(getattr(status, name.replace("-", "_"))))
        for name in (
            "blocks", "transactions", "inputs", "unknown-inputs", "outputs", "headers-alone",
            "loose-transactions", "conflicts",
        )
    ]  # fmt: skip
    work = [
        (Phrase("web.work." + name.replace(" ", "-")), number(n)) for name, n in status.work.items()
    ]
    islands = [
        (
            number(part["blocks"]),
            number(part["first_height"]),
            number(part["last_height"]),
            Phrase("web.height." + (part["height_source"] or "none").replace(" ", "-")),
        )
        for part in status.islands
    ]
    sections = [
        *chain_limits(opened),
        facts("web.chain.held", held),
        *_aside(chain, status.set_aside),
        table("web.chain.work", ("answer", "blocks>"), work),
        table("web.chain.islands", ("blocks>", "first>", "last-height>", "known-by"), islands),
    ]
    buttons = [button(reverse("clusters", kwargs={"chain": chain}), "web.room.clusters")]
    return show(request, Phrase("web.chain.title", {"name": chain}), sections, buttons=buttons)


def _aside(chain: str, blocks: Sequence[Mapping[str, str]]) -> list[Section]:
    """The blocks that were set aside, each with its reason."""
    if not blocks:
        return []
    rows = [
        (
            identifier(
                one["hash"], reverse("block", kwargs={"chain": chain, "block": one["hash"]})
            ),
            tag("danger", f"web.block-aside.{one['reason']}"),
        )
        for one in blocks[:MOST_ASIDE]
    ]
    return [table("web.chain.aside", ("block", "why"), rows), *rows_left(len(rows), len(blocks))]


@page(
    "chains/<str:chain>/block/<str:block>/",
    "block",
    may=EVERYONE,
    sample={**_SAMPLE, "block": "170"},
)
def block_page(request: HttpRequest, chain: str, block: str) -> HttpResponse:
    """One block: its work, its Merkle root, what it holds."""
    opened = open_chain(unit_desk().workspace, chain)
    view = opened.block(block)
    told = [
        ("hash", identifier(view.hash)),
        ("height", number(view.height)),
        ("block-time", moment_cell(view.time)),
        ("state", _state(view)),
        ("work", _work(view.work)),
        ("merkle", _right(view.merkle_ok)),
        ("witness", str(view.witness)),
        ("transactions", number(view.tx_count)),
        ("inputs", number(view.input_count)),
        ("outputs", number(view.output_count)),
        ("unknown-inputs", number(view.unknown_input_count)),
        ("fees", amount(view.fees_sat)),
        ("source", view.source),
    ]
    sections = [*chain_limits(opened), facts("web.block.what", told)]
    return show(request, Phrase("web.block.title", {"name": block}), sections)


def _state(view: BlockView) -> Cell:
    """Whether the block is in the chain; of one that was set aside why."""
    if view.set_aside:
        return tag("danger", f"web.block-aside.{view.set_aside}")
    kinds: dict[str, Kind] = {"failed": "danger", "stale": "warn"}
    return tag(kinds.get(view.state, "intact"), "web.block-state." + view.state.replace(" ", "-"))


def _work(answer: str) -> Cell:
    kinds: dict[str, Kind] = {"failed": "danger", "own target only": "warn"}
    return tag(kinds.get(answer, "intact"), "web.work." + answer.replace(" ", "-"))


def _right(is_right: bool | None) -> Cell:
    if is_right is None:
        return None
    return tag("intact", "web.fits") if is_right else tag("danger", "web.does-not-fit")


_INPUTS = ("n>", "source-output", "amount>", "worth>", "address", "label", "status")
_OUTPUTS = ("n>", "amount>", "worth>", "address", "label", "spent-by")


@page(
    "chains/<str:chain>/tx/<str:txid>/", "tx", may=EVERYONE,
    sample={**_SAMPLE, "txid": "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"},
)  # fmt: skip
def tx_page(request: HttpRequest, chain: str, txid: str) -> HttpResponse:
    """One transaction: what it spent, what it made, and what is not known of it."""
    opened = open_chain(unit_desk().workspace, chain)
    view = opened.tx(txid)
    block: Cell = Phrase("note.no-block")
    if view.block:
        block = identifier(
            view.block, reverse("block", kwargs={"chain": chain, "block": view.block})
        )
    told = [
        ("transaction", identifier(view.txid)),
        ("block", block),
        ("height", number(view.height)),
        ("block-time", moment_cell(view.time)),
        ("fee", amount(view.fee_sat)),
        ("size", number(view.size_bytes)),
    ]
    worth, zone = worth_now(opened), unit_desk().workspace.zone
    names = {name: Phrase(f"web.result-tab.{name}") for name in ("outputs", "inputs", "change")}
    names["labels"] = Phrase("web.column.labels")
    tab = chosen_tab(request, list(names))
    counts = {"outputs": len(view.outputs), "inputs": len(view.inputs)}
    texts: list[Phrase] = []
    if tab == "change":
        part, texts = change_sections(opened, view.txid)
    else:
        part = _tx_part(request, opened, view, tab, worth)
    sections = [
        *watermark(opened),
        said(transaction_answer(view, zone)),
        {**facts("web.tx.what", told), "kind": "compact"},
        tabs(names, counts, tab),
        *part,
        limits([*texts, *limits_of(opened), *worth_texts(worth)]),
    ]
    buttons = _tx_buttons(request, chain, view)
    return show(request, Phrase("web.tx.title"), sections, buttons=buttons)


def _tx_part(
    request: HttpRequest, opened: Chain, view: TxView, tab: str, worth: Worth
) -> list[Section]:
    """What a tab of a transaction shows."""
    shelf = label_shelf(unit_desk().workspace, opened)
    if tab == "labels":
        every = [one.address for one in view.inputs] + [one.address for one in view.outputs]
        named = [each for each in every if each]
        return labels_of_all(opened, shelf, named) or [note("info", "web.profile.no-labels")]
    moment = None if view.time is None else from_unix(view.time)

    def shared(one: InputView | OutputView) -> list[Cell]:
        return [
            amount(one.value_sat),
            worth_cell(worth, one.value_sat, one.value_sat, moment),
            address_cell(opened.name, one.address, one.script),
            said_cell(opened, shelf, one.address),
        ]

    if tab == "inputs":
        part = part_of(request, view.inputs)
        rows = [
            (
                number(one.n),
                outpoint_cell(opened.name, one.source),
                *shared(one),
                _status(one.status),
            )
            for one in part
        ]
        return [paged(table("web.tx.inputs", _INPUTS, rows), part, tab)]
    paid = part_of(request, view.outputs)
    rows = [
        (number(one.n), *shared(one), _spender(opened.name, one.spent_by, one.no_spend_seen))
        for one in paid
    ]
    return [paged(table("web.tx.outputs", _OUTPUTS, rows), paid, tab)]


def _tx_buttons(request: HttpRequest, chain: str, view: TxView) -> list[dict[str, Any]]:
    """Where one can go from a transaction, and what can be recorded of it."""
    around = reverse("graph", kwargs={"chain": chain}) + f"?start={view.txid}"
    buttons = [button(around, "web.graph.look", main=True)]
    spent = list(dict.fromkeys(one.address for one in view.inputs if one.address))
    if len(spent) > 1:
        joined = reverse("cluster", kwargs={"chain": chain, "address": spent[0]})
        buttons.append(button(f"{joined}?without={view.txid}", "web.cluster.of-tx"))
    if person_of(request).acts:
        given = {"chain": chain, "txid": view.txid}
        buttons.append(button(reverse("change_record", kwargs=given), "web.change.record"))
    return buttons


@page(
    "chains/<str:chain>/tx/<str:txid>/record/", "change_record", may=ACTING,
    methods=("GET", "POST"),
    sample={**_SAMPLE, "txid": "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"},
)  # fmt: skip
def change_record(request: HttpRequest, chain: str, txid: str) -> HttpResponse:
    """Record what heuristics say of a transaction's change, in a case."""
    view = open_chain(unit_desk().workspace, chain).tx(txid)
    where = reverse("tx", kwargs={"chain": chain, "txid": view.txid})
    way = [*way_to(chain, last="chain"), {"url": where, "name": Phrase("web.tx.title")}]
    return record_in_case(request, CHANGE, {"chain": chain, "txid": view.txid}, way)


def _status(status: str) -> Cell:
    kind: Kind = "unknown" if "unknown" in status else "intact"
    return tag(kind, f"web.input.{status.replace(' ', '-')}")
