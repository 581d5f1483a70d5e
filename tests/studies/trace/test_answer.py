"""The sentence of a trace says what the tables hold, under which policy, and no more."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kancil.ground.words import render_phrase
from kancil.studies.trace.answer import Saying, trace_answer
from kancil.studies.trace.sums import ENDS, OVERLAP

PARTS = (*ENDS, OVERLAP)


def total(
    policy: str, order: str = "as-written", adds_up: str = "yes", start: int = 1000, **parts: Any
) -> dict[str, Any]:
    row = {"policy": policy, "order": order, "adds_up": adds_up}
    least = 0
    for part in PARTS:
        lower, upper = parts.get(part, (0, 0))
        row |= {f"{part}_lower_sat": str(lower), f"{part}_upper_sat": str(upper)}
        least += lower
    return {**row, "start_sat": str(start), "undetermined_sat": str(start - least)}


def transfer(row: int = 1, hop: int = 1, sat: int = 1000, **more: Any) -> dict[str, Any]:
    return {
        "row": row, "hop": hop, "txid": "a" * 64, "block_time": "2009-01-12T20:30:25Z",
        "from_outputs": "b" * 64 + ":0", "to_output": "a" * 64 + f":{row}", "address": "1Payee",
        "value_sat": str(sat), "lower_sat": str(sat), "upper_sat": str(sat), "labels": "", **more,
    }  # fmt: skip


def said(
    policy: str,
    totals: list[dict[str, Any]],
    transfers: list[dict[str, Any]],
    saying: Saying | None = None,
    left_out: list[dict[str, Any]] | None = None,
    direction: str = "forward",
    holdings: list[dict[str, Any]] | None = None,
) -> list[str]:
    tables = {"transfers": transfers, "totals": totals, "left_out": left_out or [],
              "holdings": holdings or []}  # fmt: skip
    asked = {"policy": policy, "direction": direction}
    return [render_phrase(each) for each in trace_answer(asked, tables, saying)]


def test_one_payment_is_told_with_its_day_and_where_the_coins_are() -> None:
    (told,) = said("fifo", [total("fifo", resting=(1000, 1000))], [transfer()])
    assert told == (
        "Of the 0.00001 BTC asked about, all went to 1Payee on 12 January 2009; under the "
        "policy “first in, first out” all of them are unspent in the blocks held."
    )


def test_what_goes_back_to_the_very_payer_is_told_last_and_as_such() -> None:
    rows = [transfer(sat=4000, row=1, address="1Payer"), transfer(sat=1000, row=2)]
    saying = Saying(address_of=lambda _outpoint: "1Payer")
    (told, _) = said("fifo", [total("fifo", start=5000, resting=(5000, 5000))], rows, saying)
    assert "went to 1Payee and 0.00004 BTC back to the payer, 1Payer on" in told
    (whole,) = said("fifo", [total("fifo", start=5000, resting=(5000, 5000))], rows[:1], saying)
    assert "0.00004 BTC went back to the payer, 1Payer on" in whole


def test_the_day_is_the_units_and_the_block_is_named_where_it_is_known() -> None:
    saying = Saying(height_of=lambda _: 170, zone=ZoneInfo("Asia/Vientiane"))
    (told,) = said("fifo", [total("fifo", resting=(1000, 1000))], [transfer()], saying)
    assert "went to 1Payee on 13 January 2009 (block 170);" in told


def test_what_depends_on_the_policy_has_its_range_in_the_same_sentence() -> None:
    totals = [
        total("fifo", resting=(1000, 1000)),
        total("haircut", resting=(400, 600), fees=(0, 600)),
    ]
    (told,) = said("fifo", totals, [transfer()])
    ranges = ("(0.000004–0.00001 BTC, depending on the policy)",
              "0 BTC went to fees (0–0.000006 BTC, depending on the policy)")  # fmt: skip
    assert all(one in told for one in ranges), told
    assert "; it was compared with “haircut: in proportion”" in told, "which one is named"
    assert "the same under" not in told


def test_policies_that_say_the_same_are_named() -> None:
    totals = [total(name, resting=(1000, 1000)) for name in ("fifo", "haircut", "lifo")]
    (told,) = said("fifo", totals, [transfer()])
    same = "the same under “haircut: in proportion” and “last in, first out”"
    unspent = "“first in, first out” all of them are unspent in the blocks held"
    assert f"under the policy {unspent}, and {same}." in told


def test_a_policy_that_gives_no_sum_is_told_as_one() -> None:
    totals = [
        total("poison", adds_up="no", resting=(5000, 5000)),
        total("fifo", start=900, resting=(900, 900)),
    ]  # fmt: skip
    (told,) = said("poison", totals, [transfer()])
    poison = "the policy “poison: everything touched” counts each output whole and gives no total"
    assert f"{poison}; under “first in, first out” 0.000009 BTC are unspent" in told
    assert "0.00005" not in told, "no amount is told that is no amount"


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("service", "reached services (Publisher: Exchange: the allegation of their publishers)"),
        ("coinjoin", "stopped before transactions that look like CoinJoins"),
        ("hops", "were not followed past the limits that were set"),
    ],
)
def test_why_coins_were_not_followed_is_told_by_whoever_says_so(limit: str, words: str) -> None:
    totals = [total("fifo", left_out=(1000, 1000))]
    left = [{"limit": limit, "labels": "1", "output": "c" * 64 + ":0"}]
    saying = Saying(publishers={"1": "Publisher: Exchange"})
    (told,) = said("fifo", totals, [transfer()], saying, left)
    assert f"all of them {words}" in told


def test_an_amount_that_ended_where_it_was_paid_is_told_once() -> None:
    rows = [transfer(1, sat=600, labels="1"), transfer(2, sat=390, address="1Kept")]
    totals = [
        total(name, resting=(390, 390), left_out=(600, 600), fees=(10, 10))
        for name in ("haircut", "fifo")
    ]
    left = [{"limit": "service", "labels": "1", "output": rows[0]["to_output"]}]
    kept = [{"state": "no-spend-seen", "output": rows[1]["to_output"]}]
    saying = Saying(publishers={"1": "Publisher: Exchange"})
    (told, _) = said("haircut", totals, rows, saying, left, holdings=kept)
    assert told == (
        "Of the 0.00001 BTC asked about, 0.000006 BTC went to 1Payee (Publisher: Exchange: the "
        "allegation of its publisher), a service by that label and 0.0000039 BTC to 1Kept on 12 "
        "January 2009, unspent in the blocks held; under the policy “haircut: in proportion” "
        "0.0000001 BTC went to fees, and the same under “first in, first out”."
    )


def test_an_end_that_depends_on_the_policy_is_still_told_with_its_range() -> None:
    totals = [
        total("fifo", resting=(1000, 1000)),
        total("lifo", resting=(400, 400), fees=(600, 600)),
    ]
    kept = [{"state": "no-spend-seen", "output": transfer()["to_output"]}]
    (told,) = said("fifo", totals, [transfer()], holdings=kept)
    assert "(0.000004–0.00001 BTC, depending on the policy)" in told


def test_the_two_largest_payments_are_named_and_the_others_counted() -> None:
    rows = [
        transfer(row, sat=sat, address=f"1P{row}") for row, sat in ((1, 10), (2, 700), (3, 290))
    ]
    told = said("fifo", [total("fifo", resting=(1000, 1000))], rows)
    assert (
        "0.000007 BTC went to 1P2 and 0.0000029 BTC to 1P3 on 12 January 2009 (1 smaller" in told[0]
    )
    assert told[1] == "3 transfers in one step, on 12 January 2009 by block time."


def test_an_output_without_an_address_is_named_by_its_key_or_itself() -> None:
    totals = [total("fifo", resting=(1000, 1000))]
    rows = [transfer(address="")]
    assert "aaaaaaaa…aaaaaa:1 (an output without an address)" in said("fifo", totals, rows)[0]
    saying = Saying(key_of=lambda _: "04" * 65)
    assert "the key 04040404…040404 (paid directly" in said("fifo", totals, rows, saying)[0]
    unheld = [transfer(address="", value_sat=None)]
    back = said("fifo", [total("fifo", unknown_source=(0, 1000))], unheld, direction="backward")
    assert "came from bbbbbbbb…bbbbbb:0 (a transaction that is not held)" in back[0]


def test_nothing_that_moved_is_told_too() -> None:
    (told,) = said("fifo", [total("fifo", resting=(1000, 1000))], [])
    assert "nothing was seen to be spent" in told
