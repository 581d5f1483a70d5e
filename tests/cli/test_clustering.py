"""`bitcoin cluster` on the sample's real blocks: what is listed, what splits, what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Unit

ASKED = "1Pu6ECnJkRMn5pJqjbwE6dBv88tY9CBEQ5"
"""Spent from in block 300025 with others; the block's spent outputs are in the sample."""
FIRST_KEY = (
    "0411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5"
    "cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3"
)
"""The key paid in block 9 and spent from in block 170; its hash was never paid there."""
ANCHOR = "bc1pfeessrawgf"


def test_a_cluster_tells_what_holds_it_together_and_what_is_not_known(sample: Unit) -> None:
    cluster = sample.ask("bitcoin", "cluster", "main", ASKED)
    members = {member["address"] for member in cluster["members"]}
    assert ASKED in members
    assert cluster["size"] == len(members) > 2
    assert (cluster["heuristic_finding"], cluster["one_owner_proved"]) == (True, False)
    assert cluster["method"]["known_error"] == "no known error rate"
    assert cluster["coinjoins"]["excluded_by"].startswith("whirlpool 2, wasabi1 3,")
    assert cluster["first"]["height"] == cluster["last"]["height"] == 300025
    assert cluster["not_known"]["inputs_not_held_in_chain"] > 0
    joined = {ASKED}
    for row in cluster["held_by"]:
        spent = {
            one["address"] for one in sample.ask("bitcoin", "tx", "main", row["txid"])["inputs"]
        }
        assert {row["address"], *row["joined_to"]} <= spent
        joined |= {row["address"], *row["joined_to"]}
    assert joined == members
    assert sum(len(row["joined_to"]) for row in cluster["held_by"]) == len(members) - 1


def test_taking_out_all_that_holds_it_leaves_every_address_alone(sample: Unit) -> None:
    cluster = sample.ask("bitcoin", "cluster", "main", ASKED)
    words = [word for row in cluster["held_by"] for word in ("--without", row["txid"])]
    without = sample.ask("bitcoin", "cluster", "main", ASKED, *words)["without"]
    assert without["splits"]
    assert sum(part["size"] for part in without["parts"]) == cluster["size"]
    assert "parts" in sample.say("bitcoin", "cluster", "main", ASKED, *words)


def test_the_way_between_two_addresses_is_shown(sample: Unit) -> None:
    cluster = sample.ask("bitcoin", "cluster", "main", ASKED)
    other = next(one["address"] for one in cluster["members"][::-1] if one["address"] != ASKED)
    between = sample.ask("bitcoin", "cluster", "main", ASKED, "--between", other)["between"]
    assert (between["steps"][0]["from"], between["steps"][-1]["to"]) == (ASKED, other)
    text = sample.say("bitcoin", "cluster", "main", ASKED, "--between", other)
    assert between["steps"][0]["txid"] in text
    apart = sample.ask("bitcoin", "cluster", "main", ASKED, "--between", FIRST_KEY)["between"]
    assert (apart["together"], apart["steps"]) == (False, None)
    text = sample.say("bitcoin", "cluster", "main", ASKED, "--between", FIRST_KEY)
    assert "does not show that the owners differ" in text


def test_every_answer_says_that_one_owner_is_not_proved(sample: Unit) -> None:
    for name in (ASKED, FIRST_KEY):
        said = sample.say("bitcoin", "cluster", "main", name)
        assert "is not proved" in said
        assert "no known error rate" in said
        assert "CoinJoins were not searched for" not in said
        assert "PayJoins cannot be distinguished" in said
        said = sample.say("bitcoin", "cluster", "main", name, "--coinjoins-join")
        assert "CoinJoins were not searched for" in said
        assert sample.ask("bitcoin", "cluster", "main", name)["notes"]


def test_a_bare_key_is_asked_for_by_itself(sample: Unit) -> None:
    alone = sample.ask("bitcoin", "cluster", "main", FIRST_KEY)
    assert (alone["size"], alone["scripts"]) == (1, {"p2pk": 1})
    assert alone["address"]["address"] is None
    hashed = alone["address"]["same_key_as"][0]
    assert sample.refused("bitcoin", "cluster", "main", hashed)["code"] == "not-in-chain"
    assert FIRST_KEY in sample.say("bitcoin", "address", "main", hashed)
    assert sample.ask("bitcoin", "address", "main", FIRST_KEY)["script"] == "p2pk"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((ANCHOR,), "option-not-usable"),
        (("1BoatSLRHtKNngkdXEeobR76b53LETtpyT",), "not-in-chain"),
        (("02" * 33,), "not-in-chain"),
        (("ff" * 33,), "address-length-wrong"),
        ((ASKED, "--without", "zz"), "name-not-readable"),
        ((ASKED, "--without", "ab" * 32), "not-in-chain"),
        ((ASKED, "--between", ASKED[:-1]), "address-character-missing"),
    ],
)
def test_bad_input_gives_one_clear_sentence(
    sample: Unit, words: tuple[str, ...], code: str
) -> None:
    assert sample.refused("bitcoin", "cluster", "main", *words)["code"] == code


def test_labels_are_told_with_their_source_once_they_are_imported(
    unit: Unit, tmp_path: Path
) -> None:
    cluster = unit.ask("bitcoin", "cluster", "main", ASKED)
    assert (cluster["labels"], cluster["owners"]) == ([], [])
    others = [one["address"] for one in cluster["members"] if one["address"] != ASKED]
    table = tmp_path / "labels.csv"
    rows = [f"{others[0]},One,exchange", f"{others[1]},Other,exchange"]
    table.write_text("\n".join(["address,label,category", *rows, ""]), encoding="utf-8")
    unit.say("labels", "import", table, "--publisher", "Tests", "--fetched-on", "2024-09-27")
    labelled = unit.ask("bitcoin", "cluster", "main", ASKED)
    assert {
        (label["address"], label["label"], label["publisher"]) for label in labelled["labels"]
    } == {
        (others[0], "One", "Tests"),
        (others[1], "Other", "Tests"),
    }
    assert labelled["owners"] == ["one", "other"]
    assert labelled["size"] == cluster["size"], "too small for the guard, so it is told"
    assert any("name different owners (one, other)" in note for note in labelled["notes"])
    said = unit.say("bitcoin", "cluster", "main", ASKED)
    assert "a label is wrong" in said
    assert "Tests" in said
