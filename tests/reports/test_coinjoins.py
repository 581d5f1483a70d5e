"""Where a trace stopped as at a CoinJoin: carried in the bundle, and no deceit about it passes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.network import REGTEST
from kancil.ground import canonical
from kancil.reports.casework.bundle.answers import answer_all
from kancil.reports.casework.bundle.chain_view import StoredChain
from kancil.reports.casework.bundle.checker.verdict import BundleVerdict
from kancil.reports.casework.bundle.checker.verify import verify_bytes
from kancil.reports.casework.bundle.gather import gather_material
from kancil.reports.casework.bundle.material import Material
from kancil.reports.casework.bundle.material_read import COINJOINS
from kancil.reports.casework.bundle.rawtx import read_transaction
from kancil.studies.errors import TraceNotReadable
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.trace.asking import stops_asked
from kancil.studies.trace.cited import CitedCoinjoin
from kancil.studies.trace.question import NamedStart, TraceQuestion
from kancil.studies.trace.run import run_trace
from tests.bitcoin.chains import chain_of
from tests.bitcoin.mixed import MIXED, START
from tests.bitcoin.test_looks import small_join
from tests.page.browser import open_desk
from tests.reports.make_sample_bundle import Sample, sample_of

STOPPING = TraceQuestion(
    starts=(NamedStart(START),),
    policy="haircut",
    stops_at=stops_asked(through_coinjoins=False),
)
THROUGH = replace(STOPPING, stops_at=())
BEFORE = replace(STOPPING, stops_at=None)
EARLIER = replace(STOPPING, stops_at=(("joinmarket", "1"), ("whirlpool", "1")))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Material]:
    """What is gathered of the trace that stops, and of the one that goes through."""
    chain = chain_of(tmp_path_factory.mktemp("mixed"), {"blk": MIXED.file})
    labels = LabelsUsed(LabelIndex([], REGTEST), ())
    view = StoredChain(chain)
    asked = {"stops": STOPPING, "through": THROUGH, "before": BEFORE, "earlier": EARLIER}
    return {
        name: gather_material(view, [run_trace(chain, labels, question).asked], lambda _: ())
        for name, question in asked.items()
    }


def sample(material: Material) -> Sample:
    """The bundle that an officer makes of this material, true or not."""
    read = {one.txid: read_transaction(one.raw) for one in material.transactions}
    made = sample_of(answer_all(material, read))
    return replace(made, network="regtest")


def verified(material: Material) -> BundleVerdict:
    return verify_bytes(sample(material).seal())


def codes(verdict: BundleVerdict) -> set[str]:
    return {problem.code for problem in verdict.problems}


def test_the_stop_is_carried_with_all_that_it_rests_on(held: dict[str, Material]) -> None:
    made = sample(held["stops"])
    (row,) = json.loads(made.analysis[COINJOINS])
    assert row == {
        "heuristic": "whirlpool",
        "reason": {
            "code": "why.whirlpool-mix",
            "values": {
                "again": "3", "count": "5", "fresh": "2", "most": "4000", "pool": "1000000",
            },
        },
        "rule": "five",
        "txid": MIXED.mix.shown,
        "version": "2",
    }  # fmt: skip
    shown = {one.txid for one in held["stops"].transactions}
    assert {MIXED.mix.shown, MIXED.tx0.shown, MIXED.first.shown} <= shown
    assert MIXED.paid.shown not in shown
    verdict = verify_bytes(made.seal())
    assert verdict.is_intact, codes(verdict)
    assert "coinjoins-same" in {remark.code for remark in verdict.steps["table"].said}


def test_a_trace_that_names_an_earlier_version_stops_and_is_judged_by_it(
    held: dict[str, Material],
) -> None:
    made = sample(held["earlier"])
    (row,) = json.loads(made.analysis[COINJOINS])
    assert (row["heuristic"], row["version"], row["rule"]) == ("whirlpool", "1", "five")
    name = "analysis/traces/1/transfers.csv"
    assert made.analysis[name] == sample(held["stops"]).analysis[name]
    verdict = verify_bytes(made.seal())
    assert verdict.is_intact, codes(verdict)
    assert "coinjoins-same" in {remark.code for remark in verdict.steps["table"].said}
    report = made.analysis["analysis/report.html"].decode()
    assert "whirlpool 1, rule five" in report
    assert "whirlpool 2" not in report


def test_a_trace_that_goes_through_is_no_less_intact(held: dict[str, Material]) -> None:
    made = sample(held["through"])
    assert json.loads(made.analysis[COINJOINS]) == []
    assert verify_bytes(made.seal()).is_intact


def test_a_trace_asked_before_traces_stopped_is_answered_as_it_was(
    held: dict[str, Material],
) -> None:
    made = sample(held["before"])
    assert COINJOINS not in made.analysis
    parameters = json.loads(made.analysis["analysis/traces/1/parameters.json"])
    assert (parameters["method_version"], "stops_at" in parameters) == ("1", False)
    assert verify_bytes(made.seal()).is_intact
    through = sample(held["through"])
    name = "analysis/traces/1/transfers.csv"
    assert made.analysis[name] == through.analysis[name]
    assert MIXED.paid.shown.encode() in made.analysis[name]
    report = made.analysis["analysis/report.html"].decode()
    assert "CoinJoin" not in report


def test_a_reason_that_was_bettered_is_found(held: dict[str, Material]) -> None:
    (row,) = held["stops"].coinjoins
    for false in (
        replace(row, rule="surge"),
        replace(row, values=(("again", 3), ("count", 9), ("fresh", 2))),
        replace(row, why="why.made-up"),
    ):
        assert "coinjoin-differs" in codes(verified(replace(held["stops"], coinjoins=(false,))))


def test_a_stop_that_is_none_is_found(held: dict[str, Material]) -> None:
    """An officer would have a trace end early, at a payment that no heuristic calls."""
    false = CitedCoinjoin(MIXED.tx0.shown, "whirlpool", "1", "five", "why.whirlpool-mix", ())
    made = replace(held["stops"], coinjoins=(false,))
    assert "coinjoin-differs" in codes(verified(made))


def test_a_stop_that_was_passed_over_is_found(held: dict[str, Material]) -> None:
    """An officer says that the trace stops at CoinJoins, and lets it go through one."""
    questions = (STOPPING.as_dict(),)
    verdict = verified(replace(held["through"], questions=questions))
    assert "coinjoin-passed" in codes(verdict)


def test_what_is_not_here_is_left_open_and_told(held: dict[str, Material]) -> None:
    (row,) = held["stops"].coinjoins
    newer = replace(row, version="9")
    questions = (replace(STOPPING, stops_at=(("whirlpool", "9"),)).as_dict(),)
    verdict = verified(replace(held["stops"], coinjoins=(newer,), questions=questions))
    assert codes(verdict) == set()
    open_ = {remark.code for remark in verdict.steps["table"].not_checked}
    assert {"coinjoins-open", "coinjoin-heuristic"} <= open_
    assert "coinjoins-same" not in {remark.code for remark in verdict.steps["table"].said}


@pytest.mark.parametrize(
    "row",
    [
        {"heuristic": "Whirlpool!"},
        {"rule": ""},
        {"txid": "00" * 32},
        {"reason": {"code": "why.x", "values": {"count": 5}}},
        {"reason": {"code": "why.x", "values": {"count": "-5"}}},
        {"reason": {"code": 7, "values": {}}},
        {"reason": []},
        {"more": 1},
    ],
)
def test_a_list_of_another_form_is_refused(
    row: dict[str, object], held: dict[str, Material]
) -> None:
    made = sample(held["stops"])
    (right,) = json.loads(made.analysis[COINJOINS])
    made.analysis[COINJOINS] = canonical.dumps([{**right, **row}])
    assert "member-form" in codes(verify_bytes(made.seal()))


def test_a_list_that_is_missing_doubled_or_not_asked_for_is_refused(
    held: dict[str, Material],
) -> None:
    made = sample(held["stops"])
    row = json.loads(made.analysis[COINJOINS])
    made.analysis[COINJOINS] = canonical.dumps(row * 2)
    assert "member-form" in codes(verify_bytes(made.seal()))
    del made.analysis[COINJOINS]
    assert "member-form" in codes(verify_bytes(made.seal()))
    made = sample(held["before"])
    made.analysis[COINJOINS] = canonical.dumps(row)
    assert "member-unknown" in codes(verify_bytes(made.seal()))


def test_a_heuristic_that_is_gone_is_named(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, {"blk": MIXED.file})
    labels = LabelsUsed(LabelIndex([], REGTEST), ())
    with pytest.raises(TraceNotReadable):
        run_trace(chain, labels, replace(STOPPING, stops_at=(("whirlpool", "0"),)))


@pytest.mark.browser
def test_the_page_computes_the_stopped_trace_and_says_what_it_does_not_judge(
    held: dict[str, Material], browser: Browser
) -> None:
    desk = open_desk(browser)
    answer = desk.check(sample(held["stops"]).seal())
    assert answer.states["table"] == "ok"
    assert "did not judge the transaction again" in answer.texts["table"]
    for name in ("through", "before"):
        answer = desk.check(sample(held[name]).seal())
        assert answer.states["table"] == "ok", name
        assert "did not judge" not in answer.texts["table"]
    made = sample(held["stops"])
    made.analysis[COINJOINS] = canonical.dumps([])
    assert desk.check(made.seal()).states["table"] == "bad"


def test_an_unsure_stop_is_carried_said_as_such_and_judged_again(tmp_path: Path) -> None:
    chain, made, join = small_join(tmp_path)
    labels, view = LabelsUsed(LabelIndex([], REGTEST), ()), StoredChain(chain)
    asked = replace(STOPPING, starts=(NamedStart(f"{made.shown}:0"),))
    material = gather_material(view, [run_trace(chain, labels, asked).asked], lambda _: ())
    (cited,) = material.coinjoins
    assert (cited.txid, *cited.key, cited.rule) == (join.shown, "joinmarket", "2", "small")
    verdict = verified(material)
    assert verdict.is_intact, codes(verdict)
    report = sample(material).analysis["analysis/report.html"].decode()
    assert "The trace stops: may be a CoinJoin (joinmarket 2 is unsure, rule small)" in report
    through = replace(asked, stops_at=(("joinmarket", "1"),))
    passed = gather_material(view, [run_trace(chain, labels, through).asked], lambda _: ())
    assert passed.coinjoins == ()
    assert verified(passed).is_intact, "version 1 is never unsure"
    report = sample(passed).analysis["analysis/report.html"].decode()
    assert "Gone through: may be a CoinJoin (joinmarket 2 is unsure, rule small)" in report


def test_an_unsure_stop_that_is_bettered_is_found(tmp_path: Path) -> None:
    chain, made, _ = small_join(tmp_path)
    labels, view = LabelsUsed(LabelIndex([], REGTEST), ()), StoredChain(chain)
    asked = replace(STOPPING, starts=(NamedStart(f"{made.shown}:0"),))
    material = gather_material(view, [run_trace(chain, labels, asked).asked], lambda _: ())
    (cited,) = material.coinjoins
    surer = replace(material, coinjoins=(replace(cited, rule="makers-paid"),))
    assert codes(verified(surer)) == {"coinjoin-differs"}
