"""Structuring: just under a threshold, again and again."""

from __future__ import annotations

from kancil.bitcoin.laundering.patterns.structuring import STRUCTURING
from tests.bitcoin.tiny_chain import NEW, Tx, found, payers, satoshi, tx


def deposits(values: list[int], pause: int = 60) -> list[Tx]:
    txs = [tx([NEW], [(1, 1_000_000)], 0)]
    left = 1_000_000
    for n, value in enumerate(values):
        left -= value
        txs.append(tx([(n, 0 if not n else 1)], [(50 + n, value), (2, left)], (n + 1) * pause))
    return txs


def test_payments_cut_from_one_sum_are_found() -> None:
    findings = found(STRUCTURING, deposits([900, 850, 999]), more={"threshold": satoshi(1_000)})
    (one,) = findings.found
    assert one.rule == "payer"
    assert one.why.params["smallest"] == 850
    assert one.why.params["largest"] == 999
    assert dict(one.facts)["currency"] == "BTC"
    assert [note.key for note in findings.notes] == ["note.pattern-threshold"]


def test_a_payment_of_the_threshold_itself_is_not_under_it() -> None:
    for values in ([900, 850, 1_000], [900, 799, 850]):
        assert not found(STRUCTURING, deposits(values), more={"threshold": satoshi(1_000)}).total


def test_payments_to_one_address_are_found() -> None:
    txs = payers(3, 1, value=900)
    (one,) = found(STRUCTURING, txs, more={"threshold": satoshi(1_000)}).found
    assert (one.rule, one.value_sat, one.why.params["payments"]) == ("payee", 2_700, 3)


def test_payments_far_apart_are_not() -> None:
    txs = deposits([900, 900, 900], pause=60 * 24 * 8)
    assert not found(STRUCTURING, txs, more={"threshold": satoshi(1_000)}).total


def test_without_a_threshold_nothing_is_looked_for_and_that_is_told() -> None:
    findings = found(STRUCTURING, deposits([900, 900, 900]))
    assert not findings.total
    assert [note.key for note in findings.notes] == ["note.pattern-no-threshold"]
