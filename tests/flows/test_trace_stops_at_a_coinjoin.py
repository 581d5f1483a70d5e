"""A trace stops at a CoinJoin, says why, and a stranger checks the bundle it goes into."""

from __future__ import annotations

import json
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.custody.roll import Roll
from kancil.ground.ids import CaseId, TraceId, new_id
from kancil.reports.casework.bundle.checker.verdict import EXIT_NOT_CONFIRMED
from kancil.studies.labels_used import load_labels
from kancil.studies.trace.question import NamedStart, TraceQuestion
from kancil.studies.trace.run import run_trace
from tests.bitcoin.mixed import MIXED, PIECE, POOL, START
from tests.cli.running import Unit
from tests.cli.sample_unit import BASIS, copied, found
from tests.reports.poppler import need, text_of
from tests.web.site import site_of

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    folder = tmp_path_factory.mktemp("coinjoin")
    unit = found(folder / "unit")
    blocks = folder / "blk00000.dat"
    blocks.write_bytes(MIXED.file)
    unit.say("case", "new", "Coins that were mixed", "--legal-basis", BASIS)
    unit.say("bitcoin", "ingest", "mixed", blocks, "--network", "regtest")
    return unit


def every_tab(client: Any, address: str) -> str:
    """The page of a trace with all its tabs, and its picture, as text."""
    tabs = ("transfers", "now", "policies", "limits", "check")
    urls = [*(f"{address}?tab={tab}" for tab in tabs), f"{address}picture.svg"]
    pages = (client.get(url).content.decode() for url in urls)
    return unescape("\n".join(pages))


def trace(unit: Unit, *words: str) -> Any:
    return unit.ask("bitcoin", "trace", "mixed", *words, "--why", "sample")


def told(answer: Any) -> set[tuple[str, str, bool]]:
    return {(row["heuristic"], row["txid"], row["is_stop"]) for row in answer["coinjoins"]}


def test_the_trace_stops_there_and_says_why_and_what_is_known_of_the_error(unit: Unit) -> None:
    answer = trace(unit, START)
    assert {row["txid"] for row in answer["transfers"]} == {MIXED.tx0.shown}
    left = {row["output"]: row["lower_sat"] for row in answer["left_out"]}
    assert {row["limit"] for row in answer["left_out"]} == {"coinjoin"}
    assert left == {f"{MIXED.tx0.shown}:{place}": str(PIECE) for place in (2, 3)}
    # What prepares coins for a mix is named and passed; the mix stops the trace.
    assert told(answer) == {
        ("whirlpool", MIXED.mix.shown, True),
        ("whirlpool-tx0", MIXED.tx0.shown, False),
    }
    stop = answer["coinjoins"][0]
    assert (stop["hop"], stop["rule"], stop["why"]["params"]["pool"]) == (2, "five", POOL)
    assert "No error rate is known" in stop["error"]
    said = unit.say("bitcoin", "trace", "mixed", START)
    assert f"stops at transaction {MIXED.mix.shown}, 2 away" in said
    assert "whirlpool 2, rule five" in said
    assert "No error rate is known" in said
    assert "not one itself, and does not stop the trace" in said


def test_the_officer_can_have_it_go_through(unit: Unit) -> None:
    answer = trace(unit, START, "--through-coinjoins")
    assert answer["parameters"]["stops_at"] == {}
    assert MIXED.paid.shown in {row["txid"] for row in answer["transfers"]}
    assert not answer["left_out"]
    assert ("whirlpool", MIXED.mix.shown, False) in told(answer)
    said = unit.say("bitcoin", "trace", "mixed", START, "--through-coinjoins")
    assert f"goes through transaction {MIXED.mix.shown}" in said
    assert "every amount depends on the policy alone" in said


def test_backward_it_stops_there_too(unit: Unit) -> None:
    answer = trace(unit, f"{MIXED.paid.shown}:0", "--direction", "backward")
    (left,) = answer["left_out"]
    assert (left["limit"], left["output"]) == ("coinjoin", f"{MIXED.mix.shown}:0")
    assert told(answer) == {("whirlpool", MIXED.mix.shown, True)}
    assert not answer["holdings"]


def test_the_bundle_carries_the_stop_and_a_stranger_judges_it_again(
    unit: Unit, tmp_path: Path
) -> None:
    unit.say("bitcoin", "trace", "mixed", START, "--case", "C1", "--why", "sample")
    through = ("bitcoin", "trace", "mixed", START, "--through-coinjoins", "--case", "C1")
    unit.say(*through, "--why", "the coordinator's books were seized")
    out = tmp_path / "bundle.zip"
    made = unit.ask("bundle", "C1", "-o", out, "--purpose", "for the court")
    with zipfile.ZipFile(out) as bundle:
        (row,) = json.loads(bundle.read("analysis/coinjoins.json"))
        stops = [
            json.loads(bundle.read(f"analysis/traces/{number}/parameters.json"))["stops_at"]
            for number in (1, 2)
        ]
        report = bundle.read("analysis/report.html").decode()
    assert (row["heuristic"], row["version"], row["rule"]) == ("whirlpool", "2", "five")
    assert row["txid"] == MIXED.mix.shown
    assert row["reason"]["values"]["pool"] == str(POOL)
    assert stops == [{"joinmarket": "2", "wasabi1": "3", "wasabi2": "2", "whirlpool": "2"}, {}]
    assert "The trace stops: looks like a CoinJoin (whirlpool 2, rule five)" in report
    assert "Gone through: looks like a CoinJoin (whirlpool 2, rule five)" in report
    assert "No error rate is known" in report
    assert "Heuristic whirlpool, version 2" in report
    assert "Heuristic joinmarket" not in report, "it said nothing"
    verdict = Unit(tmp_path).ask("verify", out, "--key", made["key"])
    assert verdict["intact"], verdict
    assert "same heuristic, rule and reason" in Unit(tmp_path).run("verify", out).out
    need("pdftotext")
    unit.say("report", "C1", "-o", tmp_path / "report.pdf")
    printed = " ".join(text_of(tmp_path / "report.pdf").split())
    for words in (
        "CoinJoin verdicts of the heuristics",
        "The trace stops: looks like",
        "Gone through: looks like",
        "No error rate is known",
        "outputs of the pool",
    ):
        assert words in printed, words


def test_a_mix_joins_no_addresses_unless_asked(unit: Unit) -> None:
    address = encode_address(ScriptKind.P2WPKH, (6).to_bytes(20, "big"), REGTEST)
    assert address
    apart = unit.ask("bitcoin", "cluster", "mixed", address)
    assert apart["size"] == 1
    (aside,) = apart["set_aside"]
    assert (aside["txid"], aside["heuristic"]["rule"]) == (MIXED.mix.shown, "five")
    assert "No error rate is known" in aside["heuristic"]["error"]
    joined = unit.ask("bitcoin", "cluster", "mixed", address, "--coinjoins-join")
    assert (joined["size"], joined["coinjoins"]["excluded_by"]) == (5, None)
    said = unit.say("bitcoin", "cluster", "mixed", address)
    assert "whirlpool 2 five" in said
    said = unit.say("bitcoin", "cluster", "mixed", address, "--coinjoins-join")
    assert "CoinJoins were not searched for" in said


def test_the_workbench_offers_the_same_choice_and_shows_the_stop(
    unit: Unit, tmp_path: Path
) -> None:
    site = site_of(copied(unit, tmp_path))
    officer = site.client("officer")
    ask = "/cases/1/money/ask/"
    assert 'name="through_coinjoins"' in officer.get(ask).content.decode()
    asked = {
        "chain": "mixed", "start": START, "direction": "forward", "policy": "haircut",
        "policy_reason": "sample", "min_sat": "0",
    }  # fmt: skip
    shown = []
    for more in ({}, {"through_coinjoins": "on"}):
        answer = officer.post(ask, {**asked, **more})
        assert answer.status_code == 302, answer.content
        page = every_tab(officer, answer.headers["Location"])
        assert "CoinJoin verdicts of the heuristics" in page
        assert "No error rate is known" in page
        shown.append(page)
    stopped, through = shown
    assert "The trace stops: looks like a CoinJoin (whirlpool 2, rule five)" in stopped
    assert "the trace stops at what a heuristic takes for a CoinJoin (joinmarket 2," in stopped
    assert "stopped before transactions that look like CoinJoins" in stopped, "the answer says so"
    assert MIXED.paid.shown not in stopped
    assert "Gone through: looks like a CoinJoin (whirlpool 2, rule five)" in through
    assert MIXED.paid.shown in through
    by_page, by_page_through = site.entries("trace.run")[-2:]
    by_command = trace(unit, START)
    assert by_page.body["result_sha256"] == by_command["result_sha256"]
    assert by_page_through.body["provenance"]["parameters"]["stops_at"] == {}


def test_a_trace_recorded_before_traces_stopped_comes_out_as_it_was(
    unit: Unit, tmp_path: Path
) -> None:
    site = site_of(copied(unit, tmp_path))
    from kancil.desk.cases.actions import keep_trace  # once Django is set up
    from kancil.desk.studies.queries import open_chain

    question = TraceQuestion(starts=(NamedStart(START),), policy="haircut", policy_reason="sample")
    chain = open_chain(site.workspace, "mixed")
    labels = load_labels(site.workspace.labels_dir, chain)
    answer = run_trace(chain, labels, question)
    entry = keep_trace(
        site.ledger,
        site.workspace,
        case=CaseId(site.ledger.folded(Roll).case("C1").id),
        trace=TraceId(new_id()),
        provenance=answer.provenance(chain, labels),
        result_sha256=answer.digest,
        rows=answer.as_dict(),
        by=site.by,
    )
    number = entry.body["number"]
    page = every_tab(site.client("officer"), f"/cases/1/money/{number}/")
    assert "recorded before traces stopped at CoinJoins" in page
    assert "Gone through: looks like a CoinJoin (whirlpool 2, rule five)" in page
    assert MIXED.paid.shown in page
    out = tmp_path / "old.zip"
    site.unit.say("bundle", "C1", "--trace", f"T{number}", "-o", out, "--purpose", "court")
    with zipfile.ZipFile(out) as bundle:
        assert "analysis/coinjoins.json" not in bundle.namelist()
    assert Unit(tmp_path).ask("verify", out, status=EXIT_NOT_CONFIRMED)["intact"]
