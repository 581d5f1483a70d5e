"""Saved views in documents: printed as saved, with what is hidden, beside their whole result."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser

from kancil.bitcoin.chain.chain import Chain
from kancil.custody.checkpoint import make_checkpoint, read_checkpoint
from kancil.custody.roll import Numbered, Roll
from kancil.custody.saved_views import record_view
from kancil.ground.clock import now
from kancil.ground.ids import new_id
from kancil.ground.plain import plain
from kancil.ground.words import render
from kancil.reports.casework.bundle.archive import read_archive
from kancil.reports.casework.bundle.checker.verify import verify_bundle, verify_bytes
from kancil.reports.casework.bundle.write import write_bundle
from kancil.reports.casework.prosecutor.gather import PROSECUTOR, Order
from kancil.reports.casework.prosecutor.views import flat
from kancil.reports.casework.recorded import Chosen, RunAgain, chosen, free_in_bundle, run_again
from kancil.reports.errors import ViewNotFound, ViewNotShowable
from kancil.studies.canvas.picture import Material, RecordedTrace, draw_view
from kancil.studies.canvas.shown import shown_of
from kancil.studies.canvas.summary import hidden_of
from kancil.studies.canvas.view import Filter, Group, TraceSource, View
from kancil.studies.canvas.view import Path as MarkedPath
from kancil.studies.moneygraph.model import MoneyGraph
from tests.page.browser import open_desk
from tests.reports.attacks.views import bent, forgery
from tests.reports.make_sample_bundle import block_9_question
from tests.reports.test_prosecutor import caught, whole
from tests.reports.test_studies import Unit600, chains, unit
from tests.reports.test_write import NO_LABELS, NO_VAULT

__all__ = ["chains", "unit"]
"""Fixtures of the neighbours."""
HOSTILE = "<script>alert(1)</script> #panic()"
FIRST = "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0"
NEXT = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16:1"


def traced(unit: Unit600) -> tuple[Numbered, Material]:
    """Record the sample's trace; its entry, and what a view of it is drawn from."""
    chain = Chain.open(unit.workspace.chains_dir / "main")
    said = unit.desk.record(chain, NO_LABELS, block_9_question())
    entry = unit.desk.ledger.folded(Roll).traces[said.trace]
    trace = RecordedTrace(entry.number, said.asked.question, said.result_sha256, NO_LABELS)
    return entry, Material(chain, NO_LABELS, {entry.number: trace})


def bare(entry: Numbered) -> View:
    """The view of a trace as it comes."""
    return View(sources=(TraceSource(entry.number, entry.entry.body["result_sha256"]),))


def built(view: View, graph: MoneyGraph) -> View:
    """A view in which an officer hid, moved, grouped, coloured and marked."""
    last, other, first = graph.nodes[-1], graph.nodes[-2], graph.nodes[0]
    return replace(
        view,
        hidden=(last.id,),
        positions={other.id: (40, 700)},
        groups=(Group("group-1", HOSTILE, "mark-4", (first.id, other.id)),),
        colours={first.id: "mark-2"},
        paths=(MarkedPath("to the payee", "mark-3", (FIRST, NEXT)),),
    )


def save(unit: Unit600, view: View, graph: MoneyGraph, **changed: Any) -> None:
    """Record a view as the desk does, and keep its file."""
    ident = new_id()
    chain = Chain.open(unit.workspace.chains_dir / "main")
    unit.workspace.views_dir.mkdir(exist_ok=True)
    (unit.workspace.views_dir / f"{ident}.json").write_bytes(view.canonical)
    told = {
        "name": "The payee", "note": "Ask the bank.", "sha256": view.sha256,
        "hidden": plain(hidden_of(chain, view, graph)), "base": None, **changed,
    }  # fmt: skip
    record_view(unit.desk.ledger, case=unit.desk.case, view=ident, by=unit.desk.by, **told)


def printed(unit: Unit600, again: RunAgain) -> dict[str, Any]:
    """The data of the printed report."""
    ledger, desk = unit.desk.ledger, unit.desk
    head = ledger.head()
    note = make_checkpoint(head, str(unit.workspace.unit.id), desk.unit_signer, now())
    order = Order(desk.case, PROSECUTOR, "en", now(), read_checkpoint(note), desk.by.id)
    return caught(SimpleNamespace(store=ledger, again=again, order=order))[0]


def shown(unit: Unit600, *views: str) -> Chosen:
    roll = unit.desk.ledger.folded(Roll)
    return chosen(roll, roll.case(unit.desk.case), views=views)


def test_a_view_shows_what_its_author_left_and_counts_what_they_hid(unit: Unit600) -> None:
    entry, material = traced(unit)
    view = bare(entry)
    graph = draw_view(material, view)
    found = shown_of(graph, built(view, graph))
    last, other = graph.nodes[-1], graph.nodes[-2]
    assert [node.id for node in found.hidden] == [last.id]
    assert last.id not in {node.id for node in found.graph.nodes}
    assert not {edge.id for edge in found.graph.edges if last.id in (edge.source, edge.target)}
    moved = found.graph.node(other.id)
    assert moved is not None
    assert (moved.x, moved.y) == (40, 700)
    for edge in found.graph.edges:
        if edge.target == other.id:
            before = next(one for one in graph.edges if one.id == edge.id)
            assert edge.points[-1][1] - before.points[-1][1] == 700 - other.y
    assert shown_of(graph, view).graph.nodes == graph.nodes, "a view without acts changes nothing"


def test_a_filter_leaves_out_boxes_by_amount_and_hides_none(unit: Unit600) -> None:
    entry, material = traced(unit)
    view = replace(bare(entry), filter=Filter(min_sat=1_500_000_000))
    graph = draw_view(material, view)
    found = shown_of(graph, view)
    assert found.filtered
    assert not found.hidden
    assert len(found.filtered) + len(found.graph.nodes) == found.whole == len(graph.nodes)
    assert all((edge.amount.share or (0, 0))[1] >= 1_500_000_000 for edge in found.graph.edges)


def test_a_saved_view_is_printed_with_who_saved_it_what_is_hidden_and_whose_the_groups_are(
    unit: Unit600,
) -> None:
    entry, material = traced(unit)
    graph = draw_view(material, bare(entry))
    view = built(bare(entry), graph)
    save(unit, view, graph)
    again = run_again(shown(unit, "V1"), unit.workspace)
    tree = printed(unit, again)
    (part,) = (one for one in tree["sections"] if one["title"].startswith("Saved view V1"))
    text = whole(part)
    for words in (
        "The payee", "Ask the bank.", "pink, diamond", "to the payee",
        "An officer arranged this picture", "Dara (officer 1)", view.sha256, HOSTILE, NEXT,
        render("note.view-whole"),
    ):  # fmt: skip
        assert words in text
    pictures = [one["svg"] for one in part["blocks"] if one["block"] == "picture"]
    assert pictures
    for picture in pictures:
        assert "var(" not in picture
        assert "<script" not in picture
        assert "group mark" not in picture
        assert 'class="line mark-4"' in picture
    assert "Saved view" not in whole(printed(unit, replace(again, views=())))


@pytest.mark.parametrize("fault", ["file", "trace"])
def test_a_view_that_was_changed_or_whose_trace_is_left_out_goes_into_no_document(
    unit: Unit600, fault: str
) -> None:
    entry, material = traced(unit)
    graph = draw_view(material, bare(entry))
    save(unit, bare(entry), graph)
    asked = shown(unit, "V1")
    if fault == "file":
        (path,) = unit.workspace.views_dir.iterdir()
        path.write_bytes(replace(bare(entry), hidden=(graph.nodes[0].id,)).canonical)
    else:
        unit.record(unit.ask())
        asked = replace(shown(unit, "V1"), traces=())
    with pytest.raises(ViewNotShowable):
        run_again(asked, unit.workspace)


def test_a_view_of_no_such_number_is_told(unit: Unit600) -> None:
    with pytest.raises(ViewNotFound):
        shown(unit, "V7")


def test_a_bundle_holds_the_view_as_saved_and_both_checkers_compare_it(
    unit: Unit600, tmp_path: Path
) -> None:
    entry, material = traced(unit)
    graph = draw_view(material, bare(entry))
    view = built(bare(entry), graph)
    save(unit, view, graph)
    again = run_again(shown(unit, "V1"), unit.workspace)
    out = tmp_path / "bundle.zip"
    write_bundle(
        out, ledger=unit.desk.ledger, vault=NO_VAULT, case=unit.desk.case, chain=again.chain,
        recorded=again.recorded, labels_of=again.labels_of, views=again.views,
        by=unit.desk.by, unit_signer=unit.desk.unit_signer, purpose="to the prosecutor",
    )  # fmt: skip
    members = read_archive(out.read_bytes()).members
    assert members["views/1.json"] == view.canonical
    assert json.loads(members["MANIFEST.json"])["format"] == "kancil-bundle/2"
    verdict = verify_bundle(out)
    assert (verdict.answer, verdict.problems) == ("unchanged", [])
    said = [one.sentence() for one in verdict.steps["custody"].said]
    assert any(one.startswith("View 1, The payee:") and "hid 1 boxes" in one for one in said)


def test_the_entry_of_a_view_that_is_shown_cannot_be_sealed(unit: Unit600) -> None:
    entry, material = traced(unit)
    save(unit, bare(entry), draw_view(material, bare(entry)))
    asked, roll = shown(unit, "V1"), unit.desk.ledger.folded(Roll)
    free = free_in_bundle(unit.desk.ledger, roll.case(unit.desk.case), asked)
    assert asked.views[0].entry.n not in free
    assert "view.saved" not in {one.kind for one in free.values()}
    without = free_in_bundle(unit.desk.ledger, roll.case(unit.desk.case), shown(unit))
    assert "view.saved" in {one.kind for one in without.values()}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("another view than the entry names", "view-digest"),
        ("of a trace that is not in the bundle", "view-trace"),
        ("not named by the making", "views-not-recorded"),
        ("a file beside it", "views-not-recorded"),
        ("of a newer form", "view-form"),
        ("sealed as declared", "views-not-recorded"),
    ],
)
def test_each_lie_about_a_view_is_found_for_its_own_reason(name: str, code: str) -> None:
    assert code in {problem.code for problem in verify_bytes(bent()[name].make()).problems}


@pytest.mark.browser
def test_the_page_names_each_view_and_says_that_it_proves_nothing(browser: Browser) -> None:
    desk = open_desk(browser)
    answer = desk.check(forgery().make())
    assert (answer.verdict, answer.states["custody"]) == ("unchanged", "ok")
    assert "View 1, The payee" in answer.texts["custody"]
    assert "it proves nothing; its author hid 1 boxes" in answer.texts["custody"]
    answer = desk.check(bent()["another view than the entry names"].make())
    assert answer.verdict == "not-intact"
    assert "is not the view that its ledger entry names" in answer.texts["custody"]
    assert desk.faults == []


@cache
def _style() -> str:
    return (
        "<svg><style>:root{--ink:#111;--warn:#a00}.a{fill:var(--ink)}"
        "@media (prefers-color-scheme:dark){:root{--ink:#eee}.b{fill:var(--warn)}}"
        "@media print{:root{--ink:#000}}.c{stroke:var(--warn)}</style><text>var(--ink)</text></svg>"
    )


def test_a_picture_for_paper_has_the_light_colours_themselves_and_its_words_untouched() -> None:
    told = flat(_style())
    assert ".a{fill:#111}" in told
    assert ".c{stroke:#a00}" in told
    assert "@media" not in told
    assert "<text>var(--ink)</text>" in told
