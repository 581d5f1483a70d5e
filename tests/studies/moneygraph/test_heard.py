"""What heuristics say on a graph: CoinJoins are marked, with source and error, and stopped at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.coinjoins import verdicts as looks
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.studies.errors import TraceNotReadable
from kancil.studies.moneygraph.explore import explore
from kancil.studies.moneygraph.model import MoneyGraph, Node
from kancil.studies.moneygraph.query import GraphQuery, asked
from tests.bitcoin.chains import chain_of
from tests.bitcoin.mixed import MIXED, START
from tests.studies.moneygraph.sample_chain import no_labels
from tests.studies.moneygraph.stepping import expand

TX0 = GraphQuery(asked(MIXED.tx0.shown), direction="both", hops=9)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return chain_of(tmp_path_factory.mktemp("heard"), {"blk": MIXED.file})


def draw(chain: Chain, query: GraphQuery) -> MoneyGraph:
    return explore(chain, no_labels(chain), query)


def drawn(graph: MoneyGraph) -> set[str]:
    return {node.txid for node in graph.nodes if node.txid}


def mix_of(graph: MoneyGraph) -> Node:
    (found,) = [node for node in graph.nodes if node.txid == MIXED.mix.shown]
    return found


def test_by_hand_one_stops_at_a_coinjoin_which_says_by_which_heuristic(chain: Chain) -> None:
    graph = draw(chain, TX0)
    mix = mix_of(graph)
    assert MIXED.paid.shown not in drawn(graph)
    assert mix.tone == "coinjoin"
    assert [line.text for line in mix.lines][-2:] == [
        "Looks like a CoinJoin", "says whirlpool 2; may err",
    ]  # fmt: skip
    ends = [node for node in graph.nodes if node.state == "coinjoin"]
    assert len(ends) >= 1
    assert not any(node.opens for node in ends)
    assert not mix.opens
    assert {one.heuristic for node in ends for one in node.heuristics} == {"whirlpool"}
    assert any("does not go beyond it" in note for note in graph.notes)


def test_by_hand_one_stops_by_an_earlier_version_that_the_query_names(chain: Chain) -> None:
    """A page that stood open over an upgrade names the version of then."""
    query = replace(TX0, stops_at=(("whirlpool", "1"),))
    graph = draw(chain, query)
    assert drawn(graph) == drawn(draw(chain, TX0))
    assert MIXED.paid.shown not in drawn(graph)
    ends = [node for node in graph.nodes if node.state == "coinjoin"]
    told = {(one.heuristic, one.version) for node in ends for one in node.heuristics}
    assert told == {("whirlpool", "1")}
    further = replace(query, opened=(f"tx-{MIXED.paid.shown}", f"next-{MIXED.mix.shown}"))
    assert drawn(draw(chain, further)) == drawn(graph)


@pytest.mark.parametrize("policy", [None, "haircut"])
def test_a_query_that_stops_by_a_heuristic_that_is_not_here_is_refused(
    chain: Chain, policy: str | None
) -> None:
    query = GraphQuery(asked(START), policy=policy, stops_at=(("whirlpool", "9"),))
    with pytest.raises(TraceNotReadable) as caught:
        draw(chain, query)
    assert caught.value.params["why"] == Phrase(
        "why.trace-heuristic-gone", {"name": "whirlpool", "version": "9"}
    )


def test_the_picture_of_a_trace_names_the_version_that_stopped_it(chain: Chain) -> None:
    query = GraphQuery(asked(START), policy="haircut", stops_at=(("whirlpool", "1"),))
    ends = [node for node in draw(chain, query).nodes if node.state == "coinjoin"]
    told = {
        (one.heuristic, one.version, one.error) for node in ends for one in node.heuristics
    }  # fmt: skip
    assert told == {("whirlpool", "1", render("method.whirlpool.any-script"))}
    assert any("says whirlpool 1; may err" in line.text for node in ends for line in node.lines)


def test_opening_a_node_does_not_lead_through_a_coinjoin_either(chain: Chain) -> None:
    query = replace(TX0, opened=(f"tx-{MIXED.paid.shown}", f"next-{MIXED.mix.shown}"))
    assert drawn(draw(chain, query)) == drawn(draw(chain, TX0))


def test_one_goes_on_through_it_when_asked_and_that_is_said(chain: Chain) -> None:
    graph = draw(chain, replace(TX0, stops_at=()))
    assert MIXED.paid.shown in drawn(graph)
    assert mix_of(graph).tone == "coinjoin"
    assert any("You chose to trace on through" in note for note in graph.notes)


def test_what_was_asked_about_opens_up_to_the_coinjoin(chain: Chain) -> None:
    query = GraphQuery(asked(MIXED.first.shown), direction="forward", hops=1)
    graph = draw(chain, query)
    while any(node.opens for node in graph.nodes):
        node = next(node for node in graph.nodes if node.opens)
        graph = expand(chain, no_labels(chain), graph.query, node.id)
    assert MIXED.mix.shown in drawn(graph)
    assert MIXED.paid.shown not in drawn(graph)


def test_under_a_policy_the_end_says_which_heuristic_stopped_the_trace(chain: Chain) -> None:
    graph = draw(chain, GraphQuery(asked(START), policy="haircut"))
    ends = [node for node in graph.nodes if node.state == "coinjoin"]
    assert ends
    for node in ends:
        assert {one.heuristic for one in node.heuristics} == {"whirlpool"}


def test_a_transaction_is_judged_once_for_trace_and_picture(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[int] = []

    def judge(chain: Chain, tx: int, heuristics: Any) -> tuple[looks.Look, ...]:
        judged.append(tx)
        return looks_of(chain, tx, heuristics)

    looks_of = looks.looks_of
    monkeypatch.setattr(looks, "looks_of", judge)
    draw(chain, GraphQuery(asked(START), policy="haircut"))
    assert len(judged) == len(set(judged)) > 0


def test_every_heuristic_on_a_graph_tells_version_source_and_error(chain: Chain) -> None:
    known = {(each.name, each.version): each for each in HEURISTICS}
    heard = [one for node in draw(chain, TX0).nodes for one in node.heuristics]
    assert heard
    for one in heard:
        member = known[one.heuristic, one.version]
        assert one.source == member.source
        assert one.error == render(member.words[-1])
        assert one.told
        assert all(one.whys)
        assert one.error in one.sentence


def test_the_words_are_there(chain: Chain) -> None:
    for says in ("coinjoin", "premix", "equal-outputs"):
        for key in (f"note.graph-look-{says}", f"note.graph-box-{says}-by"):
            assert render(key, name="x 1", count="1") != key
    assert Path(chain.path).exists()
