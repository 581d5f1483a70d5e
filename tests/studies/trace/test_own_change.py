"""A trace of an address counts what came from outside once, however often it pays itself change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import StartHasNoCoins
from kancil.bitcoin.chain.starts import AskedStart, resolve_starts
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.tracing.policies import POLICIES
from kancil.ground.clock import from_unix
from kancil.ground.words import render_phrase
from kancil.reports.casework.bundle.answers import answer_all
from kancil.reports.casework.bundle.chain_view import StoredChain
from kancil.reports.casework.bundle.checker.verify import verify_bytes
from kancil.reports.casework.bundle.gather import gather_material
from kancil.reports.casework.bundle.rawtx import read_transaction
from kancil.studies.canvas.picture import trace_query
from kancil.studies.findings import make_finding
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.explore import explore
from kancil.studies.profile.profile import address_profile, profile_answer
from kancil.studies.trace.answer import Saying, trace_answer
from kancil.studies.trace.asking import TraceInput, ask_trace
from kancil.studies.trace.question import NamedStart, TraceQuestion
from kancil.studies.trace.run import TraceAnswer, rows_as_dicts, run_trace
from tests.bitcoin.chains import chain_of
from tests.bitcoin.regtest import GENESIS_HASH, Tx, block_file, coinbase, mine, p2pkh, pay
from tests.page.browser import open_desk
from tests.reports.make_sample_bundle import Sample, sample_of

from . import change_chain
from .change_chain import OWNER, PAID_SAT, PAYER, PAYMENTS, RECEIVED_SAT, named

NO_LABELS = LabelsUsed(LabelIndex([], REGTEST), ())
ADDING = [each.name for each in POLICIES if each.conserves]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return change_chain.made(tmp_path_factory.mktemp("change"))


def asked(chain: Chain, *starts: str, **options: Any) -> TraceQuestion:
    given: dict[str, Any] = {"policy": "fifo", "why": "test", **options}
    return ask_trace(chain, TraceInput(starts=starts, **given))


def answered(chain: Chain, question: TraceQuestion) -> TraceAnswer:
    return run_trace(chain, NO_LABELS, question)


def sentences(answer: TraceAnswer) -> str:
    tables = {name: rows_as_dicts(name, rows) for name, rows in answer.tables.items()}
    told = trace_answer(answer.question.as_dict(), tables)
    return " ".join(map(render_phrase, told))


def sample(chain: Chain, answer: TraceAnswer) -> Sample:
    material = gather_material(StoredChain(chain), [answer.asked], lambda _: ())
    read = {one.txid: read_transaction(one.raw) for one in material.transactions}
    return replace(sample_of(answer_all(material, read)), network="regtest")


@pytest.mark.parametrize("policy", [each.name for each in POLICIES])
def test_what_came_from_outside_is_all_that_is_asked_about(chain: Chain, policy: str) -> None:
    answer = answered(chain, asked(chain, named(OWNER), policy=policy))
    assert [one.totals.start for one in answer.results.values()] == [RECEIVED_SAT] * len(POLICIES)
    assert len(answer.question.paid_in) == 2
    assert len(answer.question.change) == PAYMENTS
    told = sentences(answer)
    assert told.startswith("Of the 9.52 BTC asked about, 0.01 BTC went to"), told
    assert "back to the payer" not in told, "its own change is no payment"


@pytest.mark.parametrize("policy", ADDING)
def test_the_parts_are_the_whole(chain: Chain, policy: str) -> None:
    totals = answered(chain, asked(chain, named(OWNER), policy=policy)).chosen.totals
    assert totals.overlap.upper == 0
    paid = totals.resting.lower + totals.fees.lower
    assert paid == RECEIVED_SAT
    assert totals.fees.lower == PAYMENTS * change_chain.FEE_SAT


def test_each_payment_of_the_address_stays_the_first_step(chain: Chain) -> None:
    answer = answered(chain, asked(chain, named(OWNER), hops=1))
    paid = {row.output for row in answer.chosen.transfers if row.value_sat == PAID_SAT}
    assert len(paid) == PAYMENTS
    assert {row.hop for row in answer.chosen.transfers} == {1}


def test_title_picture_and_finding_say_the_same_amount(chain: Chain) -> None:
    answer = answered(chain, asked(chain, named(OWNER)))
    query = trace_query(answer.question, None)
    graph = explore(chain, NO_LABELS, query)
    assert graph.title == "Where did the 9.52 BTC go?"
    finding = make_finding(chain, answer, "policy-result", 1, 0)
    assert finding.params["start_sat"] == str(RECEIVED_SAT)


def test_new_sentences_and_findings_say_that_the_coins_are_of_a_test_network(chain: Chain) -> None:
    answer = answered(chain, asked(chain, named(OWNER)))
    tables = {name: rows_as_dicts(name, rows) for name, rows in answer.tables.items()}
    said = trace_answer(answer.question.as_dict(), tables, Saying(coin=chain.network.coin))
    text = " ".join(map(render_phrase, said))
    assert text.startswith("Of the 9.52 regtest BTC asked about")
    assert text.count(" BTC") == text.count(" regtest BTC")
    for finding_class in ("policy-result", "chain-fact"):
        finding = make_finding(chain, answer, finding_class, 1, 0)
        assert "(0.01000000 regtest BTC)" in finding.text()
        recorded = {name: value for name, value in finding.params.items() if name != "network"}
        assert "(0.01000000 BTC)" in replace(finding, params=recorded).text(), "as before"
    profile = address_profile(chain, named(OWNER), LabelIndex([], REGTEST), None)
    assert "received 9.52 regtest BTC" in " ".join(map(render_phrase, profile_answer(profile)))


def test_the_report_and_its_bundle_say_it_and_are_checked(chain: Chain) -> None:
    made = sample(chain, answered(chain, asked(chain, named(OWNER))))
    report = made.analysis["analysis/report.html"].decode()
    assert "Where did the 9.52 BTC go?" in report
    assert f"own change: {PAYMENTS}" in report
    verdict = verify_bytes(made.seal())
    assert verdict.is_intact, verdict.problems


@pytest.mark.browser
@pytest.mark.thorough
def test_the_page_in_a_bundle_computes_it_too(chain: Chain, browser: Browser) -> None:
    answer = open_desk(browser).check(
        sample(chain, answered(chain, asked(chain, named(OWNER)))).seal()
    )
    assert answer.verdict == "unchanged", answer.texts


def test_what_one_address_asked_about_paid_to_another_is_counted_once(chain: Chain) -> None:
    question = asked(chain, named(OWNER), named(PAYER))
    assert answered(chain, question).chosen.totals.start == 5_000_000_000, "the coins of block 1"
    twice = asked(chain, named(OWNER), named(OWNER))
    assert answered(chain, twice).chosen.totals.start == RECEIVED_SAT


def test_a_trace_recorded_before_is_run_again_as_it_was_and_says_its_overlap(
    chain: Chain,
) -> None:
    now = asked(chain, named(OWNER))
    old = replace(now, starts=tuple(NamedStart(one.outpoint) for one in now.starts))
    answer = answered(chain, old)
    totals = answer.chosen.totals
    assert totals.start == sum(chain.graph.output_value[one.output] for one in answer.chosen.starts)
    assert totals.start - totals.overlap.lower == RECEIVED_SAT
    assert "are counted once, because another start holds them already" in sentences(answer)
    assert {start["share_sat"] for start in old.as_dict()["starts"]} == {None}


def test_where_others_pay_in_too_what_came_from_them_counts(tmp_path: Path) -> None:
    """The owner puts in 10 and gets 14 and 2: 6 of the others' 20 came to them."""
    mined = coinbase(1, 5)
    split = pay(mined, 0, (1000, OWNER), (2000, 8))
    joint = Tx(
        ((split.txid, 0), (split.txid, 1)),
        ((1400, p2pkh(OWNER)), (200, p2pkh(OWNER)), (1390, p2pkh(9))),
    )
    first = mine(GENESIS_HASH, [mined], time=1_300_000_600)
    second = mine(first.hash, [coinbase(2, 3), split, joint], time=1_300_001_200)
    chain = chain_of(tmp_path, {"blk": block_file([first, second])})
    found = resolve_starts(chain, [AskedStart(named(OWNER))])
    assert [one.share_sat for one in found.starts] == [None, 600, 0]
    answer = answered(chain, asked(chain, named(OWNER)))
    assert answer.chosen.totals.start == 1600
    assert "Of the 0.000016 BTC" in sentences(answer)


def test_a_window_in_which_nothing_but_change_came_is_refused(tmp_path: Path) -> None:
    mined = coinbase(1, 5)
    paid = pay(mined, 0, (1000, OWNER))
    back = pay(paid, 0, (900, OWNER), (50, 9))
    first = mine(GENESIS_HASH, [mined, paid], time=1_300_000_600)
    second = mine(first.hash, [coinbase(2, 3), back], time=1_300_001_200)
    chain = chain_of(tmp_path, {"blk": block_file([first, second])})
    with pytest.raises(StartHasNoCoins) as refused:
        asked(chain, named(OWNER), received_since=from_unix(1_300_001_000))
    assert "why.received-change-alone" in str(refused.value.params)
