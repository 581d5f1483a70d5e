"""`kancil bitcoin evaluate`: needs no workspace, says what its counts may be called."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.cli.bitcoin import evaluate_coinjoins as evaluating_coinjoins
from kancil.ground.words import render
from tests.bitcoin.made_coinjoins import SAMPLE
from tests.cli.running import read_json, run

FILES = [*sorted(SAMPLE.glob("*.txt")), *sorted(SAMPLE.glob("*.json"))]


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_answer_holds_counts_bounds_population_period_and_how_truth_is_known() -> None:
    ran = run("bitcoin", "evaluate", *FILES, "--heuristic", "wasabi2", "--json")
    assert ran.status == 0, ran.err
    value = read_json(ran.out)
    (measure,) = value["measures"]
    assert measure["called"] == "agreement"
    assert measure["truth"] == "other-heuristic"
    assert measure["restates"] == "Dumplings"
    assert measure["found"] == {
        "count": 4, "of": 4, "low_ppm": 397_635, "high_ppm": 1_000_000,
        "level_percent": 95, "interval": "clopper-pearson",
    }  # fmt: skip
    assert measure["listed"] == [
        {"file": "wasabi2_false_cjtxs_extract.json", "listed": 11, "here": 1, "called": 0}
    ]
    assert measure["base_rate"] == {"count": 4, "of": 5, "population": "labelled sets"}
    assert measure["first"].startswith("2024-05-31T")
    assert len(value["files"]) == len(FILES)


def test_each_disagreement_is_listed_with_its_reason() -> None:
    ran = run("bitcoin", "evaluate", *FILES, "--heuristic", "wasabi1", "--json")
    (measure,) = read_json(ran.out)["measures"]
    assert len(measure["disagreements"]) == measure["false_negatives"] == 2
    for each in measure["disagreements"]:
        assert (each["stated"], each["answer"]) == ("yes", "no")
        assert each["why"]["key"] == "why.wasabi1-earned"


def test_the_text_says_agreement_and_never_error_rate_of_these_labels() -> None:
    ran = run("bitcoin", "evaluate", *FILES)
    assert ran.status == 0, ran.err
    assert "whirlpool 2: agreement" in ran.out
    assert "of 11 listed false positives 1 are here" in ran.out
    assert ": error rate" not in ran.out
    assert "agreement is near by making" in ran.out


def test_rules_protocols_and_contested_labels_stand_in_the_answer() -> None:
    value = read_json(run("bitcoin", "evaluate", *FILES, "--json").out)
    by_name = {measure["heuristic"]: measure for measure in value["measures"]}
    rules = {rule["rule"]: rule for rule in by_name["whirlpool"]["by_rule"]}
    found = {rule: (one["true_positives"], one["false_positives"]) for rule, one in rules.items()}
    assert found == {
        "five": (2, 0),
        "surge": (2, 0),
        "five-other-scripts": (0, 4),
        "surge-other-scripts": (0, 4),
    }
    clean = by_name["whirlpool"]["rules_that_call_no_other"]
    assert (clean["rules"], clean["alone"]["goal_met"]) == (["five", "surge"], True)
    wasabi1 = by_name["wasabi1"]
    assert (wasabi1["false_negatives"], wasabi1["goal_met"]) == (2, False)
    left_out = wasabi1["contested_left_out"]
    assert (left_out["false_negatives"], left_out["goal_met"]) == (0, True)
    missed = {each["txid"] for each in wasabi1["disagreements"]}
    assert {each["txid"] for each in wasabi1["contested"]} == missed
    assert {each["fact"]["key"] for each in wasabi1["contested"]} == {"why.contested-order"}
    protocols = {each["protocol"]: each for each in value["protocols"]}
    assert protocols["whirlpool"]["heuristics"] == ["whirlpool 2", "whirlpool-tx0 1"]
    assert (protocols["whirlpool"]["true_positives"], protocols["whirlpool"]["unjudged"]) == (35, 3)
    assert {each["called"] for each in value["protocols"]} == {"agreement"}


def test_the_text_gives_both_counts_and_each_contested_label_with_its_fact() -> None:
    ran = run("bitcoin", "evaluate", *FILES, "--heuristic", "wasabi1")
    assert "as labelled not met in these sets; contested labels left out met" in ran.out
    assert "Found of its kind, contested labels left out" in ran.out
    assert (
        "is smaller than the one before, where the published coordinator puts outputs in order"
        in ran.out
    )
    assert "Protocol wasabi1, all its heuristics together (wasabi1 3): agreement" in ran.out
    told = read_json(run("bitcoin", "evaluate", *FILES, "--heuristic", "wasabi1", "--json").out)
    (measure,) = told["measures"]
    assert measure["contested"]
    assert all(each["txid"] in ran.out for each in measure["contested"])


def test_whether_a_label_says_yes_is_told_in_the_words_of_the_catalogue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = {"note.yes": "jawohl", "note.no": "mitnichten"}
    monkeypatch.setattr(
        evaluating_coinjoins, "render", lambda key, **named: words.get(key) or render(key, **named)
    )
    ran = run("bitcoin", "evaluate", *FILES, "--heuristic", "wasabi1")
    rows = [line.split() for line in ran.out.splitlines()]
    by_set = {row[0] for row in rows if "WasabiCoinJoins" in row[1:2] and len(row[0]) < 64}
    assert by_set == set(words.values())
    told = read_json(run("bitcoin", "evaluate", *FILES, "--heuristic", "wasabi1", "--json").out)
    for each in told["measures"][0]["contested"]:
        (row,) = [line for line in ran.out.splitlines() if line.strip().startswith(each["txid"])]
        assert "jawohl" in row


def test_rules_that_were_picked_by_the_sets_are_said_to_be() -> None:
    ran = run("bitcoin", "evaluate", *FILES, "--heuristic", "whirlpool")
    said = " ".join(ran.out.split())
    assert "They were picked by that, in these same sets" in said
    assert "goal: met in these sets, of rules picked by the same sets" in said


def test_without_labels_it_says_that_no_error_rate_is_known() -> None:
    path = SAMPLE / "SamouraiTx0s.txt"
    ran = run("bitcoin", "evaluate", path, "--heuristic", "wasabi1")
    assert "wasabi1 3: no known error rate" in ran.out


def test_lines_that_cannot_be_read_are_counted_and_named(tmp_path: Path) -> None:
    path = tmp_path / "SamouraiCoinJoins.txt"
    path.write_bytes((SAMPLE / path.name).read_bytes() + b"broken\n")
    ran = run("bitcoin", "evaluate", path, "--heuristic", "whirlpool", "--json")
    (skip,) = read_json(ran.out)["skipped"]
    assert (skip["code"], skip["place"]) == ("labelled-line", "SamouraiCoinJoins.txt, line 5")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--heuristic", "tea-leaves", SAMPLE / "SamouraiTx0s.txt"], None),
        ([SAMPLE / ".." / "transactions.txt"], 13),
        ([Path("missing.txt")], None),
    ],
)
def test_bad_input_gives_one_clear_sentence(words: list[str | Path], status: int | None) -> None:
    ran = run("bitcoin", "evaluate", *words)
    assert ran.status not in (0, 1, 2)
    assert status in (None, ran.status)
    assert ran.err.startswith("kancil: ")
    assert ran.out == ""
