"""`kancil bitcoin tx` says what a transaction looks like, why, and what is known of the error."""

from __future__ import annotations

from pathlib import Path

from tests.bitcoin.test_looks import IN_PERIOD, mixing
from tests.cli.running import Unit


def test_a_mix_is_told_with_rule_reason_and_error(unit: Unit, tmp_path: Path) -> None:
    _, made, mix = mixing(tmp_path, IN_PERIOD)
    blocks = tmp_path / "sources" / "blk"
    unit.say("bitcoin", "ingest", "mixed", blocks, "--network", "regtest")
    text = unit.say("bitcoin", "tx", "mixed", mix.shown)
    assert "It looks like a CoinJoin (whirlpool 2, rule five): 5 outputs of the pool's" in text
    assert "No error rate is known" in text
    assert "lies outside" not in text
    (look,) = unit.ask("bitcoin", "tx", "mixed", mix.shown)["looks"]
    assert look["why"]["sentence"].startswith("5 outputs of the pool's size")
    assert look["error"].startswith("No error rate is known")
    assert look["in_period"] is True
    assert unit.ask("bitcoin", "tx", "mixed", made.shown)["looks"] == []


def test_a_mix_outside_the_period_and_one_without_sources_say_so(
    unit: Unit, tmp_path: Path
) -> None:
    _, _, early = mixing(tmp_path / "a", 1_300_000_000)
    unit.say("bitcoin", "ingest", "early", tmp_path / "a" / "sources", "--network", "regtest")
    assert "lies outside" in unit.say("bitcoin", "tx", "early", early.shown)
    _, _, alone = mixing(tmp_path / "b", IN_PERIOD, knows_sources=False)
    unit.say("bitcoin", "ingest", "alone", tmp_path / "b" / "sources", "--network", "regtest")
    assert "cannot be decided" in unit.say("bitcoin", "tx", "alone", alone.shown)


def test_a_trace_stops_at_a_mix_and_says_that_it_lies_outside_the_period(
    unit: Unit, tmp_path: Path
) -> None:
    _, made, mix = mixing(tmp_path, 1_300_000_000)
    unit.say("bitcoin", "ingest", "mixed", tmp_path / "sources", "--network", "regtest")
    trace = ("bitcoin", "trace", "mixed", f"{made.shown}:4")
    text = unit.say(*trace)
    assert f"stops at transaction {mix.shown}, 1 away" in text
    assert "lies outside" in text
    (row,) = unit.ask(*trace)["coinjoins"]
    assert (row["txid"], row["hop"], row["rule"], row["is_stop"]) == (mix.shown, 1, "five", True)
    other = ("bitcoin", "trace", "mixed", f"{mix.shown}:0")
    assert unit.ask(*other)["coinjoins"] == []
    assert "CoinJoin" not in unit.say(*other)


def test_a_trace_goes_through_what_cannot_be_told_and_counts_it(unit: Unit, tmp_path: Path) -> None:
    _, _, mix = mixing(tmp_path, IN_PERIOD, knows_sources=False)
    unit.say("bitcoin", "ingest", "mixed", tmp_path / "sources", "--network", "regtest")
    trace = ("bitcoin", "trace", "mixed", f"{mix.shown}:0", "--direction", "backward")
    answer = unit.ask(*trace)
    (row,) = answer["coinjoins"]
    assert (row["answer"], row["is_stop"], answer["left_out"]) == ("unknown", False, [])
    assert "For 1 transactions that the trace goes through, it could not be decided" in unit.say(
        *trace
    )
