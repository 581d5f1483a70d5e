"""`kancil bitcoin generate`: what it says, what it refuses, and that it needs no workspace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kancil.cli.bitcoin.generate import _rates
from kancil.ground.errors import OptionNotUsable
from tests.house.test_commands import run

SHORT = ("bitcoin", "generate")


def test_a_chain_is_generated_and_told(tmp_path: Path) -> None:
    folder = str(tmp_path / "made")
    words = ("--seed", "7", "--transactions", "30", "--pattern", "fan-in=0.2", "--json")
    status, out, _ = run(*SHORT, folder, *words)
    told = json.loads(out)
    assert status == 0
    assert told["generated"] is True
    assert told["counts"]["transactions_made"] == 30
    assert told["parameters"]["patterns_per_million"] == {"fan-in": 200_000}
    assert (tmp_path / "made" / "truth.json").is_file()


def test_the_screen_says_that_it_is_no_real_chain(tmp_path: Path) -> None:
    status, out, _ = run(*SHORT, str(tmp_path / "made"), "--seed", "7", "--transactions", "10")
    assert status == 0
    assert "not a real chain" in out


def test_less_than_was_asked_for_is_said(tmp_path: Path) -> None:
    words = ("--seed", "7", "--transactions", "10", "--coinjoin", "wasabi-2=0.5")
    status, out, _ = run(*SHORT, str(tmp_path / "made"), *words)
    assert status == 0
    assert "wasabi-2: 0 of 5 transactions requested" in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--seed", "7", "--transactions", "10", "--pattern", "nothing=0.1"), "member-not-found"),
        (("--seed", "7", "--transactions", "10", "--pattern", "fan-in"), "option-not-usable"),
        (("--seed", "7", "--transactions", "10", "--pattern", "fan-in=1.5"),
         "generated-rate-wrong"),
        (("--seed", str(2**64), "--transactions", "10"), "generated-out-of-range"),
        (("--seed", "7", "--transactions", "10", "--start", "yesterday"), "time-not-readable"),
        (("--seed", "7", "--transactions", "2", "--pattern", "fan-in=0.1"), "generated-too-small"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name(tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    status, out, err = run(*SHORT, str(tmp_path / "made"), *words, "--json")
    assert status not in (0, 1, 2)
    assert json.loads(out)["error"]["code"] == code
    assert "Traceback" not in err
    assert not (tmp_path / "made").exists()


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x", encoding="utf-8")
    words = ("--seed", "7", "--transactions", "10", "--json")
    status, out, _ = run(*SHORT, str(tmp_path), *words)
    assert status != 0
    assert json.loads(out)["error"]["code"] == "generated-folder-not-empty"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    words = ("--seed", "7", "--transactions", "10", "--json")
    status, out, _ = run(*SHORT, str(tmp_path / "file"), *words)
    assert status != 0
    assert "error" in json.loads(out)


def test_rates_are_read_digit_by_digit() -> None:
    read = _rates("--pattern", ["a=0.02", "b=0.000001", "c=1", "d=0.5"])
    assert read == {"a": 20_000, "b": 1, "c": 1_000_000, "d": 500_000}


@pytest.mark.parametrize(
    "text", ["a", "a=", "a=2", "a=.5", "a=0.0000001", "a=-0.1", "a=1e-3", "=1"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(OptionNotUsable):
        _rates("--pattern", [text])


def test_a_pattern_given_twice_is_refused() -> None:
    with pytest.raises(OptionNotUsable):
        _rates("--pattern", ["fan-in=0.1", "fan-in=0.2"])
