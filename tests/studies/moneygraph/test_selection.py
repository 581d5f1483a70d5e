"""What selected boxes of the money graph stand for: the rows of the trace, and why each is here."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.studies.errors import GraphNodeNotFound
from kancil.studies.moneygraph.model import MoneyGraph, Node
from kancil.studies.moneygraph.selection import reasons, selected_of
from kancil.studies.trace.question import read_question
from kancil.studies.trace.run import run_trace
from kancil.studies.trace.tables import TRANSFERS
from tests.studies.moneygraph.sample_chain import sample_chain, sample_labels
from tests.studies.moneygraph.test_explore import QUERIES, by_kind, draw

TRACED = ("long chain", "first coins", "listed payment")
TO, MADE_BY = TRANSFERS.index("to_output"), TRANSFERS.index("txid")


def rows_of(graph: MoneyGraph, *nodes: Node) -> tuple[int, ...]:
    found = selected_of(graph, [node.id for node in nodes])
    return tuple(sorted({row for each in found for row in each.rows}))


def test_selected_nodes_name_the_rows_of_the_trace_that_would_be_recorded() -> None:
    graph = draw(QUERIES["long chain"])
    question = read_question(graph.question)
    assert question is not None
    answer = run_trace(sample_chain(), sample_labels(), question)
    end = next(node for node in graph.nodes if node.kind == "ends")
    rows = rows_of(graph, end)
    assert len(rows) == end.count
    named = [answer.tables["transfers"][row - 1] for row in rows]
    assert sum(int(row[9] or 0) for row in named) == (end.amount.share or (0, 0))[0]
    chain_node = by_kind(graph, "chain")[0]
    made = rows_of(graph, chain_node)
    assert {answer.tables["transfers"][row - 1][1] for row in made} == set(range(2, 14))
    assert rows_of(graph, end, chain_node) == tuple(sorted({*rows, *made}))
    with pytest.raises(GraphNodeNotFound):
        selected_of(graph, ["tx-" + "0" * 64])


@pytest.mark.parametrize("name", TRACED)
def test_every_row_of_the_trace_can_be_selected(name: str) -> None:
    graph = draw(QUERIES[name])
    question = read_question(graph.question)
    assert question is not None
    rows = run_trace(sample_chain(), sample_labels(), question).tables["transfers"]
    assert rows_of(graph, *graph.nodes) == tuple(range(1, len(rows) + 1))


def test_a_transaction_stands_for_what_it_pays_and_tells_what_was_paid_into_it() -> None:
    graph = draw(QUERIES["first coins"])
    question = read_question(graph.question)
    assert question is not None
    rows = run_trace(sample_chain(), sample_labels(), question).tables["transfers"]
    first, *_, second = [node for node in by_kind(graph, "tx") if node.hops[0] in (1, 2)]
    (one,) = selected_of(graph, [second.id])
    assert (one.why, one.why_beside) == ("out", "into")
    assert {rows[row - 1][MADE_BY] for row in one.rows} == {second.txid}
    assert one.beside, "coins of the first transaction come into the second"
    assert {rows[row - 1][MADE_BY] for row in one.beside} == {first.txid}
    assert not set(one.rows) & set(one.beside)
    why = reasons([one])
    assert {why[row] for row in one.rows} == {"out"}
    assert {why[row] for row in one.beside} == {"into"}


def test_asked_back_a_transaction_stands_for_what_was_paid_into_it() -> None:
    graph = draw(QUERIES["listed payment"])
    (one,) = selected_of(graph, [by_kind(graph, "tx")[0].id])
    assert (one.rows, one.why, one.beside) == ((1, 2), "into", ())


def test_a_start_stands_for_no_row_and_a_fold_for_all_that_it_holds() -> None:
    graph = draw(QUERIES["long chain"])
    start, fold = by_kind(graph, "start")[0], by_kind(graph, "chain")[0]
    told = selected_of(graph, [start.id, fold.id, start.id])
    assert [each.rows for each in told] == [(), fold.rows]
    assert told[1].why == "held"
    assert "12 transactions in a row" in told[1].told


@given(st.data())
def test_each_row_of_a_selection_is_listed_once_in_order_with_one_reason(
    data: st.DataObject,
) -> None:
    graph = draw(QUERIES[data.draw(st.sampled_from(TRACED))])
    every = [*(node.id for node in graph.nodes), *(edge.id for edge in graph.edges)]
    idents = data.draw(st.lists(st.sampled_from(every), max_size=8))
    told = selected_of(graph, idents)
    assert len(told) == len(set(idents))
    why = reasons(told)
    assert set(why) == {row for each in told for row in (*each.rows, *each.beside)}
    assert all(a < b for a, b in pairwise(why))
    for each in told:
        assert all(why[row] in {one.why for one in told} for row in each.rows)
