"""One picture of several sources, opened by hand, by transaction, address and entity."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from kancil.bitcoin.labels.index import LabelIndex
from kancil.ground.errors import KancilError
from kancil.studies.canvas.acts import Done, perform
from kancil.studies.canvas.errors import (
    CanvasActUnknown,
    CanvasEmpty,
    NoWayToService,
    PathBroken,
    StartsTooMany,
)
from kancil.studies.canvas.picture import Material, RecordedTrace, draw_view
from kancil.studies.canvas.shown import shown_of, value_of
from kancil.studies.canvas.summary import hidden_of
from kancil.studies.canvas.telling import as_json
from kancil.studies.canvas.view import ChainSource, Filter, TraceSource, View
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.model import MoneyGraph, Node
from kancil.studies.trace.asking import stops_asked
from kancil.studies.trace.question import NamedStart, TraceQuestion
from kancil.studies.trace.run import run_trace
from tests.studies.canvas.made_chain import (
    COIN,
    FIRST,
    JOINT,
    LAST,
    MINED,
    SECOND,
    address_of,
    made_chain,
    made_labels,
    material,
    view_of,
)
from tests.studies.moneygraph.sample_chain import labels_of


def explain(error: KancilError) -> str:
    return error.code


def do(view: View, given: Material | None = None, **act: Any) -> Done:
    return perform(given or material(), view, act, explain)


def node(graph: MoneyGraph, ident: str) -> Node:
    found = graph.node(ident)
    assert found is not None, [each.id for each in graph.nodes]
    return found


def recorded(
    number: int,
    outpoint: str,
    policy: str = "fifo",
    direction: Literal["forward", "backward"] = "forward",
) -> RecordedTrace:
    question = TraceQuestion(
        (NamedStart(outpoint),),
        policy,
        direction=direction,
        stops_at=stops_asked(through_coinjoins=False),
        last_height=made_chain().last_height,
        asked=(outpoint,),
    )
    answer = run_trace(made_chain(), made_labels(), question)
    return RecordedTrace(number, question, answer.digest, made_labels(), answer.results)


def traces(*several: RecordedTrace) -> tuple[Material, View]:
    by_number = {each.number: each for each in several}
    view = View(sources=tuple(TraceSource(each.number, each.result_sha256) for each in several))
    return replace(material(), traces=by_number), view


# --- opening --------------------------------------------------------------------------------------


def test_a_transaction_opens_first_its_largest_output_that_is_not_change() -> None:
    view = view_of(f"{MINED.shown}:0")
    before = draw_view(material(), view)
    assert node(before, f"tx-{FIRST.shown}").opens
    done = do(view, do="expand", node=f"tx-{FIRST.shown}")
    assert done.view.opened == (f"tx-{SECOND.shown}",)
    assert done.graph.node(f"tx-{SECOND.shown}")
    assert not done.graph.node(f"tx-{JOINT.shown}")
    assert "No output is named as change" in done.said
    rest = do(done.view, do="expand", node=f"tx-{FIRST.shown}")
    assert rest.graph.node(f"tx-{JOINT.shown}")
    back = do(rest.view, do="collapse", node=f"tx-{FIRST.shown}")
    assert back.view == done.view


def test_sources_are_one_picture_in_which_what_joins_is_drawn_once() -> None:
    view = view_of(FIRST.shown).adding(ChainSource(made_chain().name, (JOINT.shown,), "forward"))
    graph = draw_view(material(), view)
    drawn = [each.id for each in graph.nodes]
    assert len(set(drawn)) == len(drawn)
    assert {f"tx-{tx.shown}" for tx in (FIRST, SECOND, JOINT)} <= set(drawn)
    joined = [
        edge for edge in graph.edges
        if (edge.source, edge.target) == (f"tx-{FIRST.shown}", f"tx-{JOINT.shown}")
    ]  # fmt: skip
    assert [edge.amount.value_sat for edge in joined] == [20 * COIN]


def test_shares_of_two_traces_stand_apart_and_boxes_show_whole_outputs() -> None:
    given, view = traces(
        recorded(1, f"{FIRST.shown}:0"), recorded(2, f"{FIRST.shown}:1", "haircut")
    )
    graph = draw_view(given, view)
    joint = node(graph, f"tx-{JOINT.shown}")
    assert joint.amount.share is None
    told = {each.name: each.share.upper for each in joint.amount.traced}
    assert told == {"T1": 90_000_000, "T2": 20 * COIN}
    assert joint.amount.value_sat == 20 * COIN + 90_000_000
    told_json = as_json(given, view, graph)
    shares = next(each for each in told_json["nodes"] if each["id"] == joint.id)["shares"]
    assert [each["trace"] for each in shares] == ["T1", "T2"]
    assert told_json["changed"] == {
        "labels": 0,
        "blocks": False,
        "traces": [],
        "gone": [],
        "otherwise": [],
    }


def test_a_trace_asked_back_and_one_asked_forward_each_tell_the_coins_of_a_box() -> None:
    back = recorded(2, f"{LAST.shown}:0", "haircut", direction="backward")
    given, view = traces(recorded(1, f"{FIRST.shown}:0"), back)
    graph = draw_view(given, view.adding(ChainSource(made_chain().name, (FIRST.shown,))))
    told = {
        each.outpoint: {one.name: one.share.upper for one in each.amount.traced}
        for each in graph.nodes
        if each.outpoint
    }
    assert told[f"{FIRST.shown}:0"]["T1"] == 30 * COIN
    assert told[f"{LAST.shown}:0"] == {"T2": 14 * COIN}
    assert told[f"{SECOND.shown}:0"] == {"T1": 29 * COIN}
    said = {each.outpoint: [line.text for line in each.lines] for each in graph.nodes}
    assert "30 BTC on chain" in said[f"{FIRST.shown}:0"]
    assert said[f"{FIRST.shown}:0"][-2:] == ["T1 traced all of it", "T2 traced 0.60287081 BTC"]


def test_one_trace_alone_is_drawn_as_its_own_page_draws_it_and_is_not_run_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given, view = traces(recorded(1, f"{FIRST.shown}:0"))

    def run_again(*_: object, **__: object) -> None:
        raise AssertionError("a trace at hand was run again")

    monkeypatch.setattr(TraceQuestion, "answer_under", run_again)
    graph = draw_view(given, view)
    assert graph.question is not None
    assert node(graph, f"tx-{SECOND.shown}").amount.share is not None


def test_new_labels_are_counted_and_the_trace_is_named() -> None:
    old = LabelsUsed(LabelIndex([], made_chain().network), ())
    trace = replace(recorded(1, f"{FIRST.shown}:0"), labels=old)
    given, view = traces(trace)
    changed = as_json(given, view, draw_view(given, view))["changed"]
    assert (changed["labels"], changed["traces"], changed["blocks"]) == (1, [1], False)


def test_a_trace_that_comes_out_otherwise_since_blocks_were_added_says_so() -> None:
    given, view = traces(replace(recorded(1, f"{FIRST.shown}:0"), is_other_chain=True))
    told = as_json(given, view, draw_view(given, view))
    assert (told["changed"]["blocks"], told["changed"]["traces"]) == (True, [1])
    assert told["notes"][0].startswith("Blocks were added since T1 was recorded")


# --- levels ---------------------------------------------------------------------------------------


def test_by_address_an_arrow_stands_only_where_the_chain_settles_who_paid_whom() -> None:
    view = replace(view_of(FIRST.shown, JOINT.shown, LAST.shown), level="addresses")
    graph = draw_view(material(), view)
    name = made_chain().name
    ends = {
        (edge.source, edge.target): edge.amount.value_sat
        for edge in graph.edges
    }  # fmt: skip
    one, eleven, two, thirty = (f"addr-{name}-{address_of(key)}" for key in (1, 11, 2, 31))
    assert ends[one, eleven] == 30 * COIN
    assert ends[one, two] == 20 * COIN
    assert ends[two, f"tx-{JOINT.shown}"] == 20 * COIN
    assert ends[f"tx-{JOINT.shown}", thirty] == 15 * COIN
    assert not any({two, thirty} == {source, target} for source, target in ends)
    assert node(graph, f"tx-{JOINT.shown}").kind == "junction"
    assert node(graph, eleven).subject.value == address_of(11)


def test_entities_without_clusters_are_addresses_and_say_so() -> None:
    view = replace(view_of(FIRST.shown), level="entities")
    graph = draw_view(material(), view)
    assert not any(each.kind == "cluster" for each in graph.nodes)
    assert any("have not been computed" in note for note in graph.notes)


# --- starts, paths, following ---------------------------------------------------------------------


def test_starts_are_added_to_the_source_of_the_chain_and_bad_ones_named() -> None:
    paste = f"{JOINT.shown}\n{FIRST.shown}:1;bitcoin:{address_of(41)}?label=x zzz {'f' * 64}:0"
    done = do(view_of(FIRST.shown), do="add", text=paste)
    (source,) = done.view.sources
    assert isinstance(source, ChainSource)
    assert source.starts == (FIRST.shown, JOINT.shown, f"{FIRST.shown}:1", address_of(41))
    assert [each.text for each in done.rejected] == ["zzz", f"{'f' * 64}:0"]
    same = do(done.view, do="add", text=FIRST.shown)
    assert same.view == done.view
    with pytest.raises(StartsTooMany):
        do(view_of(FIRST.shown), do="add", text=" ".join(str(n) for n in range(1_001)))
    with pytest.raises(CanvasEmpty):
        do(View(), do="add", text="zzz")


def test_a_path_is_checked_step_by_step_and_what_it_lacks_is_opened() -> None:
    outpoints = [f"{MINED.shown}:0", f"{FIRST.shown}:1", f"{JOINT.shown}:0"]
    done = do(view_of(MINED.shown), do="path", name="way", colour="mark-1", outpoints=outpoints)
    (path,) = as_json(material(), done.view, done.graph)["paths"]
    assert [step["value_sat"] for step in path["steps"]] == [
        str(50 * COIN), str(20 * COIN), str(15 * COIN),
    ]  # fmt: skip
    assert {f"tx-{FIRST.shown}", f"tx-{JOINT.shown}"} <= set(path["nodes"])
    with pytest.raises(PathBroken):
        do(view_of(MINED.shown), do="path", name="way", colour="mark-1",
           outpoints=[outpoints[0], outpoints[2]])  # fmt: skip


def test_following_opens_the_way_to_the_next_labelled_service_alone() -> None:
    view = view_of(f"{MINED.shown}:0")
    done = do(view, do="follow", node=f"tx-{FIRST.shown}")
    assert [path.outpoints for path in done.view.paths] == [
        (f"{FIRST.shown}:0", f"{SECOND.shown}:0"),
    ]  # fmt: skip
    assert "Example Exchange" in done.said
    assert "Example Publisher" in done.said
    assert done.graph.node(f"tx-{SECOND.shown}")
    assert not done.graph.node(f"tx-{JOINT.shown}")
    with pytest.raises(NoWayToService):
        do(view_of(LAST.shown), do="follow", node=f"tx-{LAST.shown}")


def test_following_from_a_trace_that_ends_before_adds_the_way_as_a_source_of_its_own(
    tmp_path: Path,
) -> None:
    given, view = traces(recorded(1, f"{JOINT.shown}:0"))
    row = (address_of(2), "Example Pool", "Example Publisher", "exchange")
    labels = labels_of(made_chain(), tmp_path, [row])
    begun = replace(given.traces[1], labels=labels, results={})
    given = replace(given, labels=labels, traces={1: begun})
    start = next(each for each in draw_view(given, view).nodes if each.kind == "start")
    done = do(view, given, do="follow", node=start.id, direction="backward")
    assert [type(source) for source in done.view.sources] == [TraceSource, ChainSource]
    assert done.view.paths[0].outpoints == (f"{FIRST.shown}:1", f"{JOINT.shown}:0")
    assert done.graph.node(f"tx-{JOINT.shown}")
    assert done.graph.node(f"tx-{LAST.shown}")


def test_what_no_act_is_and_what_no_box_is_are_refused() -> None:
    for act in ({}, {"do": 3}, {"do": "dance"}, {"do": "level", "level": "x"}):
        with pytest.raises(CanvasActUnknown):
            do(view_of(FIRST.shown), **act)
    with pytest.raises(CanvasActUnknown):
        perform(material(), view_of(FIRST.shown), [], explain)


# --- what is hidden -------------------------------------------------------------------------------


def test_what_is_hidden_is_counted_once_an_output() -> None:
    view = view_of(FIRST.shown)
    graph = draw_view(material(), view)
    nothing = hidden_of(made_chain(), view, graph)
    assert (nothing.boxes, nothing.is_anything) == (0, False)
    second = f"tx-{SECOND.shown}"
    hidden = hidden_of(made_chain(), replace(view, hidden=(second, "tx-00")), graph)
    assert hidden.boxes == 1
    assert hidden.value_sat == 30 * COIN + 29 * COIN + 90_000_000
    by_value = replace(view, filter=Filter(min_sat=25 * COIN))
    filtered = hidden_of(made_chain(), by_value, graph)
    assert filtered.boxes == 0
    shown = shown_of(graph, by_value)
    assert filtered.filtered == len(shown.filtered) > 0, "what is counted is what is not drawn"
    kept = {edge.id for edge in shown.graph.edges}
    values = [value_of(edge) for edge in shown.graph.edges]
    assert all(value is None or value >= 25 * COIN for value in values)
    left = {output for edge in graph.edges if edge.id not in kept for output in edge.outputs}
    assert filtered.value_sat >= sum(int(made_chain().graph.output_value[each]) for each in left)
    assert filtered.is_anything
