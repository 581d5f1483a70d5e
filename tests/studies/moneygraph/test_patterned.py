"""Patterns on a graph: who takes part, all that must stand beside, and what was not looked for."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from kancil.bitcoin.laundering.patterns import PATTERNS
from kancil.bitcoin.laundering.search import patterns_around
from kancil.ground.words import render
from kancil.studies.moneygraph import explorer as exploring
from kancil.studies.moneygraph import patterned as room
from kancil.studies.moneygraph.drawing import draw_svg
from kancil.studies.moneygraph.explore import explore
from kancil.studies.moneygraph.model import MoneyGraph
from kancil.studies.moneygraph.net import Net
from kancil.studies.moneygraph.patterned import look_for_patterns, pattern_ground
from kancil.studies.moneygraph.query import GraphQuery, asked
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.moneygraph.telling import pattern_groups
from kancil.studies.moneygraph.twin import write_csv
from tests.cli.sample_unit import LONG_CHAIN
from tests.studies.moneygraph.sample_chain import sample_chain, sample_labels
from tests.studies.moneygraph.stepping import expand

PEEL = GraphQuery(asked(LONG_CHAIN), hops=2, patterns=True)
RUNS = Runs()
NOTHING = "One indicator alone proves nothing."


def draw(query: GraphQuery) -> MoneyGraph:
    return explore(sample_chain(), sample_labels(), query, RUNS)


def test_nodes_and_ribbons_name_the_findings_they_take_part_in() -> None:
    graph = draw(PEEL)
    assert [found.pattern for found in graph.findings] == ["peel-chain", "layering"]
    assert [found.number for found in graph.findings] == [1, 2]
    for found in graph.findings:
        marked = tuple(node.id for node in graph.nodes if found.number in node.findings)
        assert found.nodes == marked != ()
        assert any(found.number in edge.findings for edge in graph.edges)
    both = next(node for node in graph.nodes if node.findings == (1, 2))
    assert both.lines[-1].text == "in patterns 1, 2"


def test_what_is_marked_is_what_the_search_says() -> None:
    """The very transactions of the craft's own answer, and no other."""
    graph, chain = draw(PEEL), sample_chain()
    ground = pattern_ground(chain, sample_labels().index)
    assert not isinstance(ground, str)
    drawn = {chain.tx_row(node.txid) for node in graph.nodes if node.txid}
    around = patterns_around(ground, (), drawn, most=None)
    steps = {step.tx for found in around.findings for one in found.found for step in one.steps}
    told = {chain.tx_row(node.txid) for node in graph.nodes if node.txid and node.findings}
    assert told == steps & drawn


def test_each_finding_stands_with_all_that_must_stand_beside_it() -> None:
    members = {member.name: member for member in PATTERNS}
    for found in draw(PEEL).findings:
        member = members[found.pattern]
        assert found.version == member.version
        assert found.checked == "no"
        assert "(checked: no)" in found.sentence
        assert found.innocent == render(f"method.pattern-{found.pattern}.2")
        assert found.error == render(f"method.pattern-{found.pattern}.3")
        assert found.proves_nothing.startswith(NOTHING)
        for text in (found.why, found.indicator, found.innocent, found.error, found.source):
            assert text
            assert text in found.sentence
        assert any(letter.isdigit() for letter in found.why)


def test_the_table_tells_each_finding_whole_once_and_names_it_after() -> None:
    graph = draw(PEEL)
    rows = list(csv.DictReader(io.StringIO(write_csv(graph).decode("utf-8-sig"))))
    every = " ".join(row["patterns"] for row in rows)
    for found in graph.findings:
        assert every.count(found.why) == 1
        assert every.count(found.title) > 1
    for said in graph.patterns_said:
        assert said in every
    assert NOTHING in draw_svg(graph).decode()


def test_all_nodes_that_take_part_are_counted_though_few_are_named() -> None:
    graph = draw(PEEL)
    several = {graph.nodes[0].id: graph.nodes[0]}
    found = room.Patterned(graph.findings[:1]).named({1: (graph.nodes[0].id,) * 300})
    (row,) = pattern_groups(found, several)[0].rows
    assert len(row.nodes) + row.left == 300


def test_opening_a_fold_does_not_look_again(monkeypatch: pytest.MonkeyPatch) -> None:
    nets: list[Net] = []

    def look(ground: Any, net: Net) -> room.Patterned:
        nets.append(net)
        return look_for_patterns(ground, net)

    monkeypatch.setattr(exploring, "look_for_patterns", look)
    runs = Runs()
    graph = explore(sample_chain(), sample_labels(), PEEL, runs)
    again = replace(PEEL, opened=("ends-" + "0" * 16,))
    assert explore(sample_chain(), sample_labels(), again, runs).findings == graph.findings
    assert len(nets) == 1


def test_a_search_for_which_time_was_up_is_made_again_and_a_whole_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = [0.0, 0.0, 100.0]

    def look(ground: Any, net: Net) -> room.Patterned:
        return look_for_patterns(ground, net, seconds.pop(0))

    monkeypatch.setattr(exploring, "look_for_patterns", look)
    runs = Runs()
    cut = explore(sample_chain(), sample_labels(), PEEL, runs)
    assert cut.findings == ()
    assert any(said.startswith("Not searched for") for said in cut.patterns_said)
    node = next(node.id for node in cut.nodes if node.opens)
    opened = expand(sample_chain(), sample_labels(), PEEL, node, runs)
    assert opened.findings == ()
    assert len(seconds) == 1, "opening a node looks at the new picture, not again at the old one"
    again = explore(sample_chain(), sample_labels(), PEEL, runs)
    assert again.findings
    assert not any(said.startswith("Not searched for") for said in again.patterns_said)
    assert explore(sample_chain(), sample_labels(), PEEL, runs) is again
    assert seconds == []


def test_it_is_off_unless_asked_and_says_so() -> None:
    graph = draw(replace(PEEL, patterns=False))
    assert graph.findings == ()
    assert graph.patterns_said == ("Patterns were not searched for on this graph.",)
    assert not any(node.findings for node in graph.nodes)
    assert not any(edge.findings for edge in graph.edges)
    looked = draw(PEEL)
    assert [replace(node, findings=(), lines=(), x=0, y=0, height=0) for node in looked.nodes] == [
        replace(node, lines=(), x=0, y=0, height=0) for node in graph.nodes
    ]


def test_a_large_picture_is_not_looked_at_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_DRAWN", 2)
    graph = explore(sample_chain(), sample_labels(), PEEL)
    assert graph.findings == ()
    assert "Patterns were not searched for" in graph.patterns_said[0]


def test_where_time_is_up_the_patterns_left_are_named() -> None:
    ground = pattern_ground(sample_chain(), sample_labels().index)
    net = Net({10: 0}, {}, [], [], 0)
    found = look_for_patterns(ground, net, seconds=0.0)
    assert found.findings == ()
    (late,) = [said for said in found.said if said.startswith("Not searched for")]
    assert all(member.name in late for member in PATTERNS)


def test_a_chain_whose_addresses_are_not_numbered_is_not_read_by_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "NUMBERED_AT_ONCE", 10)
    monkeypatch.setattr(room, "kept_numbers", lambda chain: None)
    said = pattern_ground(sample_chain(), sample_labels().index)
    assert isinstance(said, str)
    assert "clusters computed once" in said


def test_what_was_not_looked_for_for_want_of_a_threshold_is_not_called_not_found() -> None:
    said = " ".join(draw(PEEL).patterns_said)
    assert "structuring was not looked for" in said
    silent = said.split("Not found with these parameters: ")[1].split(".")[0]
    assert "structuring" not in silent
    assert "fan-in" in silent


def test_the_page_gets_it_as_json() -> None:
    told = json.loads(json.dumps(draw(PEEL).as_dict()))
    assert [group["title"] for group in told["findings"]] == ["peel-chain 1", "layering 1"]
    for group in told["findings"]:
        assert set(group) == {"title", "facts", "closing", "rows"}  # and no score
        assert group["closing"].startswith(NOTHING)
        assert [len(row["nodes"]) + row["left"] for row in group["rows"]] in ([6], [4])
