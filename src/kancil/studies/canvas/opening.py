"""Opening a transaction: first its largest output that is not change, then the rest.

What is change is asked of the heuristics that must all agree (`kancil.bitcoin.change`); it is a
guess, and the sentence says by whose word and why. Where they name none, the largest output opens.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.change.combine import COMBINATIONS
from kancil.bitcoin.change.views import ask_change
from kancil.ground.phrase import Phrase
from kancil.ground.words import render, render_phrase
from kancil.studies.amounts import btc, short
from kancil.studies.moneygraph.model import MoneyGraph, Node
from kancil.studies.moneygraph.net import spender_of

CHANGE = COMBINATIONS[0]
"""All members that speak must name the same output."""


@dataclass(frozen=True, slots=True)
class First:
    """What opens first behind a transaction."""

    token: str
    """What to open: the transaction that spends the output."""
    said: str
    """Which output it is, and what heuristics say of change, in words."""


def first_output(chain: Chain, graph: MoneyGraph, node: Node) -> First | None:
    """What to open first behind a transaction's box; None where something of it is open already."""
    if node.kind not in ("tx", "junction") or len(node.txs) != 1:
        return None
    drawn = {tx for each in graph.nodes for tx in each.txs}
    outputs = chain.graph.outputs_of(node.txs[0])
    spent = {row: spender_of(chain.graph, row) for row in outputs}
    if not drawn.isdisjoint(set(spent.values()) - {-1}):
        return None
    change, why = _change(chain, node.txid)
    left = [row for row, spender in spent.items() if spender >= 0 and row != change]
    if not left:
        return None
    largest = max(left, key=lambda row: (int(chain.graph.output_value[row]), -row))
    return First(f"tx-{chain.txid(spent[largest])}", _said(chain, largest, change, why))


def _change(chain: Chain, txid: str) -> tuple[int, Phrase | None]:
    """The output that is named as change, -1 if none is; and why."""
    view = ask_change(chain, txid, (CHANGE,), members=())
    if view.not_applicable is not None:
        return -1, view.not_applicable
    verdict = view.combined[0].verdict
    if verdict.output is None:
        return -1, verdict.why
    return chain.graph.outputs_of(chain.tx_row(txid))[verdict.output], verdict.why


def _said(chain: Chain, output: int, change: int, why: Phrase | None) -> str:
    key = "note.canvas-opened-not-change" if change >= 0 else "note.canvas-opened-largest"
    name = chain.address_of(output) or chain.outpoint(output)
    said = render(key, amount=btc(int(chain.graph.output_value[output])), name=short(name))
    if why is None:
        return said
    reason = render("note.canvas-change-why", method=CHANGE.name, why=render_phrase(why))
    return f"{said} {reason}"
