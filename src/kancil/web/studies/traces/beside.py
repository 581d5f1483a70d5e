"""What tables of a case state beside a chain's graph: what hangs on it, and the same as rows."""

from __future__ import annotations

from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.desk.cases.queries import Case
from kancil.desk.studies.stated import stated_rows, stated_tables
from kancil.ground.ids import CaseId
from kancil.ground.units import grouped
from kancil.ground.words import render as words
from kancil.studies.moneygraph.model import MoneyGraph, Node
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.moneygraph.twin import node_name, twin_rows
from kancil.studies.reported.beside import Beside, beside_chain
from kancil.web.cells import Section, identifier, note, table
from kancil.web.parts import Cell
from kancil.web.templatetags.kancil_words import iso
from kancil.web.unit_desk import UnitDesk

_kept = Runs(32)


def beside_of(desk: UnitDesk, case: Case, chain: Chain) -> Beside:
    """What the case's tables state that may hang on a chain's graph; kept while it is so."""
    tables = stated_tables(desk.ledger, CaseId(case.id))
    read = tuple((one.sha256, one.mapping_sha256, one.result_sha256) for one in tables)
    key = (str(chain.path), len(chain.record.ingests), chain.inputs_digests, read)
    return _kept.get(
        key, lambda: beside_chain(chain, stated_rows(desk.workspace, desk.vault, tables))
    )


def beside_notes(case: Case, graph: MoneyGraph, beside: Beside) -> list[Section]:
    """As a table what tables state on a graph, and how much of the case is not on it."""
    sections: list[Section] = []
    stated = [row for row in twin_rows(graph) if row.edge.stated_by]
    if stated:
        rows = [
            (
                _named(row.source),
                _named(row.target),
                row.edge.told,
                row.edge.stated_by,
                " – ".join(map(_said, row.edge.times)) or words("note.not-stated"),
                " ".join(row.edge.reasons),
            )
            for row in stated
        ]
        columns = ("from", "to", "stated-amount>", "stated-by", "stated-time", "chain-says")
        sections.append({**table("web.stated.on-graph", columns, rows), "scroll": True})
    apart = beside.others + beside.left
    if apart:
        url = reverse("stated", kwargs={"case": case.number})
        sections.append(
            note("info", "web.stated.apart", count=grouped(apart), url=url, do="web.stated.see")
        )
    return sections


def _named(node: Node) -> Cell:
    """Name a node: a transaction or output by its id, a party by who it is."""
    known = node.txid or node.outpoint
    return identifier(known, short=True) if known else node_name(node)


def _said(time: str) -> str:
    """Write a stated time as people read it; a day stays a day."""
    return iso(time) if "T" in time else time
