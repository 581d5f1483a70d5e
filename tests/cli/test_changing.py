"""`bitcoin change` and its part of `bitcoin evaluate`: every answer with its reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kancil.bitcoin.change.combine import COMBINATIONS
from kancil.bitcoin.change.heuristics import HEURISTICS as CHANGE_HEURISTICS
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.bitcoin.generator.generate import Wishes, generate
from tests.bitcoin.test_looks import IN_PERIOD, mixing
from tests.cli.running import Unit, read_json, run

FIRST_PAYMENT = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
"""Block 170: of 50 coins paid to one key, 10 go to another and 40 back to the first."""
NAMES = {member.name for member in CHANGE_HEURISTICS}


def test_the_first_payment_of_all_gives_change_back_to_the_key_that_paid(sample: Unit) -> None:
    value = sample.ask("bitcoin", "change", "main", FIRST_PAYMENT)
    assert (value["applicable"], value["answered_by"]) == (True, "all-agree")
    said = {row["member"]: row for row in value["members"]}
    assert set(said) == NAMES
    assert said["reuse"]["output"]["n"] == 1
    assert said["reuse"]["output"]["value_sat"] == "4000000000"
    assert said["one-time"]["answer"] == "none"  # self-change is not one-time change
    assert said["optimal-change"]["answer"] == "none"
    for row in value["members"]:
        assert row["why"]["sentence"]
        assert "No error rate is known" in row["error"]
        assert row["source"]
    for row in value["combinations"]:
        assert set(row["voted"]) | {each["member"] for each in row["abstained"]} == set(
            row["members"]
        )
        assert all(each["why"]["sentence"] for each in row["abstained"])
    assert [row["combination"] for row in value["combinations"]] == [
        each.name for each in COMBINATIONS
    ]


def test_what_later_blocks_would_show_is_said_of_the_blocks_held(sample: Unit) -> None:
    text = sample.say("bitcoin", "change", "main", FIRST_PAYMENT)
    assert "in the blocks held" in text
    assert "guess with a reason" in text
    assert "No error rate of any of these is known" in text


def test_an_own_combination_gives_the_answer_and_says_who_voted(sample: Unit) -> None:
    words = ("bitcoin", "change", "main", FIRST_PAYMENT, "--combine", "first=one-time,reuse")
    value = sample.ask(*words)
    assert (value["answered_by"], value["output"]["n"]) == ("first=one-time,reuse", 1)
    (row,) = value["combinations"]
    assert row["voted"] == ["reuse"]
    assert [each["member"] for each in row["abstained"]] == ["one-time"]
    assert "Voted: reuse. Abstained: one-time." in sample.say(*words)
    value = sample.ask(*words[:-1], "all:2=one-time,reuse")
    assert value["output"] is None


def test_a_coinjoin_and_a_coinbase_are_not_applicable(unit: Unit, tmp_path: Path) -> None:
    chain, _, mix = mixing(tmp_path, IN_PERIOD)
    unit.say("bitcoin", "ingest", "mixed", tmp_path / "sources", "--network", "regtest")
    value = unit.ask("bitcoin", "change", "mixed", mix.shown)
    assert (value["applicable"], value["members"], value["output"]) == (False, [], None)
    assert "takes it for a CoinJoin" in value["not_applicable"]["sentence"]
    assert "Not applicable: whirlpool takes it" in unit.say("bitcoin", "change", "mixed", mix.shown)
    coinbase = chain.txid(0)
    value = unit.ask("bitcoin", "change", "mixed", coinbase)
    assert value["not_applicable"]["key"] == "why.change-coinbase"
    assert value["combinations"] == []


def test_where_a_coinjoin_cannot_be_told_the_answer_says_so(unit: Unit, tmp_path: Path) -> None:
    _, _, alone = mixing(tmp_path, IN_PERIOD, knows_sources=False)
    unit.say("bitcoin", "ingest", "alone", tmp_path / "sources", "--network", "regtest")
    value = unit.ask("bitcoin", "change", "alone", alone.shown)
    assert value["applicable"] is True
    assert any("cannot decide whether this is a CoinJoin" in note for note in value["notes"])
    assert {row["answer"] for row in value["members"] if row["member"] != "round-amount"} <= {
        "unknown", "none",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("zz",), "name-not-readable"),
        (("ab" * 32,), "not-in-chain"),
        ((FIRST_PAYMENT, "--combine", "best"), "option-not-usable"),
        ((FIRST_PAYMENT, "--combine", "all=tea-leaves"), "member-not-found"),
    ],
)
def test_bad_input_gives_one_clear_sentence(
    sample: Unit, words: tuple[str, ...], code: str
) -> None:
    assert sample.refused("bitcoin", "change", "main", *words)["code"] == code


# --- evaluate -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "chain"
    generate(folder, Wishes(5, 300))
    return folder


@pytest.mark.thorough
def test_a_generated_chain_gives_a_simulation_of_every_member(made: Path) -> None:
    ran = run("bitcoin", "evaluate", made, "--json")
    assert ran.status == 0, ran.err
    value = read_json(ran.out)
    joins = {one["heuristic"]: one for one in value["measures"]}
    assert set(joins) == {each.name for each in HEURISTICS}
    assert {one["truth"] for one in joins.values()} == {"generated"}
    assert {one["called"] for one in joins.values()} == {"simulation"}
    assert {one["false_positives"] for one in joins.values()} == {0}
    assert {one["heuristic"] for one in value["change"]} == NAMES | {
        each.name for each in COMBINATIONS
    }
    for one in value["change"]:
        assert (one["truth"], one["called"]) == ("generated", "simulation")
        assert "not real ones" in one["bias"]
        assert one["first"].startswith("2021-")
        assert one["right_of_named"]["interval"] == "clopper-pearson"
    digest = json.loads(ran.out)["files"][0]["sha256"]
    assert len(digest) == 64
    text = run("bitcoin", "evaluate", made, "--heuristic", "reuse").out
    assert "simulation: shows the code does what the paper says" in text
    assert ": error rate" not in text


def test_without_known_change_no_error_rate_is_known() -> None:
    from tests.bitcoin.made_coinjoins import SAMPLE

    path = SAMPLE / "SamouraiCoinJoins.txt"
    ran = run("bitcoin", "evaluate", path, "--heuristic", "reuse", "--json")
    (one,) = read_json(ran.out)["change"]
    assert (one["truth"], one["called"]) == (None, "no-known-error-rate")
    assert (
        "reuse 1: no known error rate"
        in run("bitcoin", "evaluate", path, "--heuristic", "reuse").out
    )


def test_a_folder_that_is_no_generated_chain_is_refused(tmp_path: Path) -> None:
    ran = run("bitcoin", "evaluate", tmp_path)
    assert ran.status == 13
    assert ran.err.startswith("kancil: truth.json holds no set")
