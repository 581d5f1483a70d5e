"""No sentence, finding or report names parts that are not their whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.tracing.policies import POLICIES
from kancil.bitcoin.tracing.result import Bounds, Totals
from kancil.ground.errors import IntegrityBroken
from kancil.ground.words import render_phrase
from kancil.reports.casework.bundle.answers import Answer, Answers, answer_all
from kancil.reports.casework.bundle.chain_view import StoredChain
from kancil.reports.casework.bundle.content import report_content
from kancil.reports.casework.bundle.gather import gather_material
from kancil.reports.casework.bundle.rawtx import read_transaction
from kancil.studies.drawing.flow import flow_of
from kancil.studies.errors import SumsWrong
from kancil.studies.exposure.study import EXPOSURE
from kancil.studies.findings import make_finding
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.members import study_named
from kancil.studies.study import Material, Result
from kancil.studies.sums import require_most, require_parts
from kancil.studies.trace.answer import trace_answer
from kancil.studies.trace.run import TraceAnswer, rows_as_dicts, run_trace
from kancil.studies.trace.tables import totals_of
from tests.cli.sample_unit import FIRST_COINS, LISTED_PAYMENT, LONG_CHAIN, PAID_ADDRESS
from tests.studies.moneygraph.sample_chain import folder, sample_chain, sample_labels
from tests.studies.trace import change_chain
from tests.studies.trace.test_own_change import asked

NO_LABELS = LabelsUsed(LabelIndex([], REGTEST), ())
STARTS = {"forward": (FIRST_COINS, LONG_CHAIN, PAID_ADDRESS), "backward": (LISTED_PAYMENT,)}
OF_SAMPLE = [(way, start) for way, starts in STARTS.items() for start in starts]


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, TraceAnswer]:
    chain = change_chain.made(tmp_path_factory.mktemp("sums"))
    question = asked(chain, change_chain.named(change_chain.OWNER))
    return chain, run_trace(chain, NO_LABELS, question)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    chain = sample_chain()
    sample_labels()
    empty = tmp_path_factory.mktemp("prices")
    return Material(chain.path.parent, folder() / "labels", empty, empty)


@pytest.mark.parametrize(("way", "start"), OF_SAMPLE)
@pytest.mark.parametrize("policy", [each.name for each in POLICIES])
def test_each_trace_of_the_sample_adds_up_under_each_policy(
    material: Material, way: str, start: str, policy: str
) -> None:
    study = study_named("trace")
    given = {"chain": "main", "starts": [start], "policy": policy, "direction": way, "hops": "8"}
    result = study.run(material, study.ask(material, given)).result
    assert all(render_phrase(each) for each in study.answer(result))
    for row in result.table("totals").as_rows():
        if row["adds_up"] == "yes":
            lowest = sum(int(row[name]) for name in row if name.endswith("_lower_sat"))
            assert lowest + int(row["undetermined_sat"]) == int(row["start_sat"])


def spoilt(answer: TraceAnswer, change: Callable[[Totals], Totals]) -> TraceAnswer:
    """The answer with other totals under the chosen policy, in its tables as in its result."""
    wrong = replace(answer.chosen, totals=change(answer.chosen.totals))
    results = {**answer.results, answer.question.policy: wrong}
    return replace(answer, results=results, tables={**answer.tables, "totals": totals_of(results)})


WRONG: dict[str, Callable[[Totals], Totals]] = {
    "more start than parts": lambda one: replace(one, start=one.start + 1),
    "a part counted twice": lambda one: replace(
        one, resting=Bounds(2 * one.resting.lower, 2 * one.resting.upper)
    ),
    "a part left out": lambda one: replace(one, fees=Bounds(0, 0)),
    "a lower bound above its upper one": lambda one: replace(one, fees=Bounds(one.fees.upper, 0)),
    "more not determined than there is": lambda one: replace(one, undetermined=1),
}
planted = pytest.mark.parametrize("name", WRONG)


@planted
def test_a_sentence_of_a_wrong_sum_is_not_said(traced: Any, name: str) -> None:
    answer = spoilt(traced[1], WRONG[name])
    tables = {name: rows_as_dicts(name, found) for name, found in answer.tables.items()}
    with pytest.raises(SumsWrong):
        trace_answer(answer.question.as_dict(), tables)


@planted
def test_a_finding_of_a_wrong_sum_is_not_made(traced: Any, name: str) -> None:
    with pytest.raises(SumsWrong):
        make_finding(traced[0], spoilt(traced[1], WRONG[name]), "policy-result", 1, 0)


def test_a_finding_of_more_than_was_asked_about_is_not_made(traced: Any) -> None:
    chain, answer = traced
    first = replace(answer.chosen.transfers[0], upper=change_chain.RECEIVED_SAT + 1)
    table = [(*row[:10], first.upper, *row[11:]) for row in answer.tables["transfers"]]
    wrong = replace(answer, tables={**answer.tables, "transfers": table})
    with pytest.raises(SumsWrong):
        make_finding(chain, wrong, "policy-result", 1, 0)


def all_of(traced: Any) -> Answers:
    chain, answer = traced
    material = gather_material(StoredChain(chain), [answer.asked], lambda _: ())
    read = {one.txid: read_transaction(one.raw) for one in material.transactions}
    return answer_all(material, read)


@planted
def test_a_report_of_a_wrong_sum_is_not_printed(traced: Any, name: str) -> None:
    answers = all_of(traced)
    (answer,) = answers.answers
    made = spoilt(cast("TraceAnswer", answer), WRONG[name])
    with pytest.raises(SumsWrong):
        report_content(replace(answers, answers=(cast("Answer", made),)))


def test_a_picture_whose_starts_are_not_what_was_asked_about_is_not_drawn(traced: Any) -> None:
    answers = all_of(traced)
    (answer,) = answers.answers
    flow_of(answer, answers)
    made = spoilt(cast("TraceAnswer", answer), WRONG["more start than parts"])
    with pytest.raises(SumsWrong):
        flow_of(made, answers)  # type: ignore[arg-type]


def test_an_exposure_of_more_than_its_side_is_not_said(material: Material) -> None:
    given = {"chain": "main", "address": PAID_ADDRESS, "direction": "sent"}
    result = EXPOSURE.run(material, EXPOSURE.ask(material, given)).result
    met = {"side": "sent", "within": "hops", "group": "exposed"}
    result = with_row(result, "rows", side="sent")
    result = with_row(result, "ends", **met, lower_sat=700, upper_sat=700)
    right = with_row(result, "categories", side="sent", total_lower_sat=600, total_upper_sat=700)
    assert "0.000007 BTC met labels" in render_phrase(EXPOSURE.answer(right)[0])
    wrong = with_row(result, "categories", side="sent", total_lower_sat=600, total_upper_sat=701)
    with pytest.raises(SumsWrong):
        EXPOSURE.answer(wrong)


def with_row(result: Result, name: str, **cells: Any) -> Result:
    """The result with one row in a table, its other cells empty."""
    table = result.table(name)
    row = tuple(cells.get(column.name) for column in table.columns)
    made = replace(table, rows=(row,))
    tables = tuple(made if one.name == name else one for one in result.tables)
    return replace(result, tables=tables)


def test_parts_are_all_of_their_whole() -> None:
    require_parts("x", 10, [(3, 3), (7, 7)])
    require_parts("x", 10, [(3, 5), (5, 7)], undetermined=2)
    require_most("x", 10, (4, 10))
    for parts, open_ in (([(3, 3), (6, 6)], None), ([(3, 5), (5, 7)], 1), ([(-1, 11)], None)):
        with pytest.raises(SumsWrong):
            require_parts("x", 10, parts, undetermined=open_)
    with pytest.raises(IntegrityBroken):
        require_most("x", 10, (4, 11))
