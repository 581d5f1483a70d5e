"""The money graph on real blocks and on made ones: drawing, opening, folding, selecting."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kancil.bitcoin.chain.errors import StartHasNoCoins
from kancil.bitcoin.chain.starts import AskedStart
from kancil.bitcoin.tracing.errors import PolicyUnknown, ServicePassWithoutReason
from kancil.ground.errors import KancilError
from kancil.studies.errors import GraphFull, GraphNodeFixed, GraphNodeNotFound
from kancil.studies.moneygraph.explore import explore
from kancil.studies.moneygraph.folding import MOST_NODES
from kancil.studies.moneygraph.model import MoneyGraph, Node
from kancil.studies.moneygraph.query import GraphQuery, asked
from kancil.studies.moneygraph.runs import Runs
from tests.cli.sample_unit import FIRST_COINS, FIRST_PAYMENT, LISTED_PAYMENT, LONG_CHAIN
from tests.studies.moneygraph.sample_chain import (
    FAN,
    fan_chain,
    labels_of,
    no_labels,
    sample_chain,
    sample_labels,
)
from tests.studies.moneygraph.stepping import collapse, expand

HOT_WALLET = "1Kr6QSydW9bFQG1mXiPNNu6WpJGmUa9i1g"
MANY_OUTPUTS = "f159903e402ee0ed3265958de3bef1e78e9a4cddb654865729247851d02d2cd0"
QUERIES = {
    "first coins": GraphQuery(asked(FIRST_COINS), policy="fifo", compare="haircut", hops=6),
    "two hops": GraphQuery(asked(FIRST_COINS), policy="haircut", hops=2),
    "long chain": GraphQuery(asked(LONG_CHAIN), policy="fifo", compare="poison"),
    "listed payment": GraphQuery(asked(LISTED_PAYMENT), direction="backward", policy="haircut"),
    "hot wallet": GraphQuery(asked(HOT_WALLET), direction="both"),
    "many outputs": GraphQuery(asked(MANY_OUTPUTS), direction="both"),
    "many outputs, two hops": GraphQuery(asked(LONG_CHAIN), hops=2),
}
every_query = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
RUNS = Runs()


def draw(query: GraphQuery) -> MoneyGraph:
    return explore(sample_chain(), sample_labels(), query, RUNS)


def open_node(query: GraphQuery, node: str) -> MoneyGraph:
    return expand(sample_chain(), sample_labels(), query, node, RUNS)


def fold_node(query: GraphQuery, node: str) -> MoneyGraph:
    return collapse(sample_chain(), sample_labels(), query, node, RUNS)


def told(graph: MoneyGraph) -> str:
    return json.dumps(graph.as_dict(), sort_keys=True)


def by_kind(graph: MoneyGraph, kind: str) -> list[Node]:
    return [node for node in graph.nodes if node.kind == kind]


# --- what is drawn --------------------------------------------------------------------------------


def test_the_first_coins_go_where_the_chain_says() -> None:
    """Block 9's 50 BTC: 10 to Hal Finney in block 170, and on by six hops (blocks 170 to 248)."""
    graph = draw(QUERIES["first coins"])
    assert graph.title == "Where did the 50 BTC go?"
    rests = {n.outpoint[:8]: n.amount.share for n in by_kind(graph, "end")}
    assert {name: share and share[0] // 10**8 for name, share in rests.items()} == {
        "f4184fc5": 10, "a16f3ce4": 10, "298ca204": 1, "828ef3b0": 18, "a3b0e9e7": 11,
    }  # fmt: skip
    assert len(by_kind(graph, "tx")) == 8
    assert graph.axis[0][1] == "2009-01-09"


def test_seventy_one_hops_are_folded_into_rows_that_open() -> None:
    graph = draw(QUERIES["long chain"])
    rows = by_kind(graph, "chain")
    assert [node.count for node in rows] == [12, 12, 12, 12, 12, 7]
    assert sum(node.count for node in graph.nodes if node.hops) == 72
    assert rows[0].hops == (2, 13)


def test_a_payment_from_two_unknown_sources_says_so_twice() -> None:
    graph = draw(QUERIES["listed payment"])
    unknown = [node for node in graph.nodes if node.state == "unknown-source"]
    assert [node.tone for node in unknown] == ["unknown", "unknown"]
    assert [node.amount.share for node in unknown] == [(0, 38796959)] * 2
    assert not any(node.amount.is_determined for node in unknown)
    assert [kind for kind, _ in graph.fetch_list] == ["source", "source"]
    (start,) = by_kind(graph, "start")
    assert start.tone == "sanctioned"
    assert start.labels[0].publisher.startswith("US Department of the Treasury")


def test_without_a_policy_nobodys_share_is_told() -> None:
    graph = draw(QUERIES["many outputs"])
    assert all(node.amount.share is None for node in graph.nodes)
    assert all(edge.amount.share is None for edge in graph.edges)
    assert graph.question is None
    assert graph.notes[0].startswith("No policy is applied")
    (source,) = [node for node in graph.nodes if node.state == "unknown-source"]
    assert source.amount.value_sat is None
    assert source.lines[0].text == "amount not known"
    fold = by_kind(graph, "ends")[0]
    assert fold.count == 148
    outputs = sum(n.amount.value_sat or 0 for n in graph.nodes if n.state == "no-spend-seen")
    tx = sample_chain().tx(MANY_OUTPUTS)
    assert outputs == sum(output.value_sat for output in tx.outputs)


def test_an_address_shows_what_paid_it_though_it_is_a_labelled_service() -> None:
    graph = draw(QUERIES["hot wallet"])
    starts = by_kind(graph, "start")
    assert {node.tone for node in starts} == {"service"}
    assert len(by_kind(graph, "tx")) == len(starts) == 3
    assert any(note.startswith("All coins the address ever received") for note in graph.notes)


def test_an_address_in_a_window_is_what_it_received_there() -> None:
    query = replace(QUERIES["hot wallet"], until=datetime(2019, 1, 1, tzinfo=UTC))
    with pytest.raises(StartHasNoCoins):
        draw(query)


def test_two_policies_stand_side_by_side_with_their_difference() -> None:
    """Of 30 BTC of the 50, FIFO cannot say which; haircut takes 3/5 of each output."""
    start = (AskedStart(FIRST_COINS, 30 * 10**8),)
    graph = draw(GraphQuery(start, policy="haircut", compare="fifo", hops=1))
    (paid,) = [node for node in graph.nodes if node.outpoint == f"{FIRST_PAYMENT}:0"]
    assert paid.amount.share == (6 * 10**8, 6 * 10**8)
    assert paid.amount.second == (0, 10 * 10**8)
    assert paid.amount.difference == (-6 * 10**8, 4 * 10**8)
    assert "fifo: 0–10 BTC (\u22126 … +4)" in [line.text for line in paid.lines]
    both = {row["policy"] for row in graph.totals}
    assert both == {"haircut", "fifo"}


def test_a_start_is_never_read_as_the_name_of_a_file(tmp_path: Path) -> None:
    table = tmp_path / "starts.csv"
    table.write_text(f"start\n{FIRST_COINS}\n")
    with pytest.raises(KancilError) as raised:
        draw(GraphQuery(asked(str(table)), policy="fifo"))
    assert raised.value.code.startswith("address")


def test_a_policy_that_does_not_exist_is_refused() -> None:
    with pytest.raises(PolicyUnknown):
        draw(GraphQuery(asked(FIRST_COINS), policy="mood"))


# --- opening and folding --------------------------------------------------------------------------


@every_query
def test_the_same_query_gives_the_same_bytes_with_and_without_kept_answers(
    query: GraphQuery,
) -> None:
    fresh = explore(sample_chain(), sample_labels(), query)
    assert told(fresh) == told(draw(query)) == told(draw(query))


@every_query
def test_opening_and_folding_back_gives_the_same_bytes(query: GraphQuery) -> None:
    before = draw(query)
    opening = [node for node in before.nodes if node.opens]
    for node in opening:
        opened = open_node(query, node.id)
        assert told(opened) != told(before)
        added = [new for new in opened.nodes if new.id not in old_ids(before)]
        target = next(
            (new.id for new in added if new.parent == node.opens or new.id == node.opens), node.id
        )
        assert told(fold_node(opened.query, target)) == told(before)


def old_ids(graph: MoneyGraph) -> set[str]:
    return {node.id for node in graph.nodes}


def test_an_end_that_the_hops_stopped_goes_on_and_the_question_says_so() -> None:
    before = draw(QUERIES["two hops"])
    (stopped,) = [node for node in before.nodes if node.state == "hops"]
    assert before.question is not None
    assert before.question["hops"] == 2
    after = open_node(before.query, stopped.id)
    assert after.question is not None
    assert after.question["hops"] == 3
    assert len(by_kind(after, "tx")) == len(by_kind(before, "tx")) + 1
    again = [node for node in after.nodes if node.state == "hops"]
    assert again
    assert open_node(after.query, again[0].id).question["hops"] == 4  # type: ignore[index]
    assert any("3 hops" in note for note in after.notes)


def test_hiding_what_lies_behind_a_transaction_folds_only_that() -> None:
    before = draw(QUERIES["first coins"])
    (split,) = [node for node in before.nodes if node.txid.startswith("591e91f8")]
    after = fold_node(before.query, split.id)
    (hidden,) = by_kind(after, "below")
    assert hidden.count == 5
    assert split.id in old_ids(after)
    assert told(open_node(after.query, hidden.id)) == told(before)


def test_a_node_with_nothing_behind_it_stays_as_it_is() -> None:
    graph = draw(QUERIES["listed payment"])
    unknown = next(node for node in graph.nodes if node.state == "unknown-source")
    with pytest.raises(GraphNodeFixed):
        open_node(graph.query, unknown.id)
    with pytest.raises(GraphNodeFixed):
        fold_node(graph.query, unknown.id)
    with pytest.raises(GraphNodeNotFound):
        open_node(graph.query, "tx-" + "0" * 64)


def test_what_never_was_a_fold_or_neighbour_opens_nothing() -> None:
    query = QUERIES["first coins"]
    strange = replace(query, opened=("ends-" + "0" * 16, "tx-" + "0" * 64, f"tx-{MANY_OUTPUTS}"))
    assert [n.as_dict() for n in draw(strange).nodes] == [n.as_dict() for n in draw(query).nodes]


# --- three thousand outputs -----------------------------------------------------------------------


@pytest.mark.thorough
def test_three_thousand_outputs_open_page_by_page_up_to_the_limit() -> None:
    chain, fan = fan_chain()
    labels, runs = no_labels(chain), Runs()
    graph = explore(chain, labels, GraphQuery(asked(fan.shown), direction="both"), runs)
    whole = sum(value for value, _ in fan.outputs)
    for _ in range(FAN):
        folds = by_kind(graph, "ends")
        leaving = [edge for edge in graph.edges if edge.source == f"tx-{fan.shown}"]
        assert sum(edge.amount.value_sat or 0 for edge in leaving) == whole
        assert sum(edge.count for edge in leaving) == FAN
        assert len(graph.nodes) <= MOST_NODES
        try:
            graph = expand(chain, labels, graph.query, folds[0].id, runs)
        except GraphFull:
            break
    assert len(graph.nodes) > MOST_NODES - 30
    assert by_kind(graph, "ends")[0].count > 2_500


def test_a_query_that_opens_more_than_fits_opens_what_fits_and_says_so() -> None:
    chain, fan = fan_chain()
    labels, runs = no_labels(chain), Runs()
    graph = explore(chain, labels, GraphQuery(asked(fan.shown), policy="haircut"), runs)
    opened: list[str] = []
    while len(opened) < 40:
        fold = next(node for node in graph.nodes if node.kind == "ends")
        opened.append(fold.opens)
        graph = explore(chain, labels, replace(graph.query, opened=tuple(opened)), runs)
        if graph.kept_closed:
            break
    assert graph.kept_closed == (opened[-1],)
    assert len(graph.nodes) <= MOST_NODES
    assert any("at most 500" in note for note in graph.notes)


# --- services, labels, selections -----------------------------------------------------------------


def service_query(reason: str | None) -> GraphQuery:
    _, fan = fan_chain()
    return GraphQuery(asked(fan.inputs[0][0][::-1].hex()), policy="haircut", pass_services=reason)


def test_a_labelled_service_stops_the_money_and_passing_it_marks_what_follows(
    tmp_path: Path,
) -> None:
    chain, fan = fan_chain()
    address = chain.address_of(chain.output_row(fan.txid, FAN - 1) or 0) or ""
    labels = labels_of(chain, tmp_path, [(address, "Exchange X", "P", "exchange")])
    stopped = explore(chain, labels, service_query(None))
    (end,) = [node for node in stopped.nodes if node.state == "service"]
    assert (end.kind, end.tone, end.opens) == ("end", "service", "")
    passed = explore(chain, labels, service_query("the exchange answered"))
    (through,) = by_kind(passed, "output")
    assert through.tone == "service"
    marked = [edge for edge in passed.edges if edge.after_service]
    assert marked
    assert all("after a service" in edge.words for edge in marked)
    assert passed.question is not None
    assert passed.question["pass_services"] == "the exchange answered"


def test_without_a_policy_too_nobody_goes_past_a_service_without_a_reason(tmp_path: Path) -> None:
    chain, fan = fan_chain()
    output = chain.output_row(fan.txid, FAN - 1) or 0
    spender = chain.spender_of(output) or {}
    rows = [(chain.address_of(output) or "", "Exchange X", "P", "exchange")]
    labels = labels_of(chain, tmp_path, rows)
    query = GraphQuery(asked(fan.shown), direction="forward")
    graph = explore(chain, labels, query)
    (end,) = [node for node in graph.nodes if node.state == "service"]
    assert end.opens == ""
    forged = query.opening(f"tx-{spender['txid']}").opening(f"next-{fan.shown}")
    assert f"tx-{spender['txid']}" not in old_ids(explore(chain, labels, forged))
    passed = explore(chain, labels, replace(forged, pass_services="the exchange answered"))
    assert f"tx-{spender['txid']}" in old_ids(passed)
    assert [node.tone for node in by_kind(passed, "output")] == ["service"]
    for unreasoned in (query, service_query(None)):
        with pytest.raises(ServicePassWithoutReason):
            explore(chain, labels, replace(unreasoned, pass_services=" "))
