"""Service hopping: out of one labelled service, into another."""

from __future__ import annotations

from kancil.bitcoin.laundering.patterns.service_hopping import SERVICE_HOPPING
from tests.bitcoin.tiny_chain import NEW, Tx, found, marked, tx


def hopped(wait: int = 30) -> list[Tx]:
    """Service A pays 1,000; it goes to B; B pays 980 from other coins; it goes to C."""
    return [
        tx([NEW], [(1, 5_000)], 0),  # A's own coin: output 0
        tx([NEW], [(2, 5_000)], 0),  # B's own coin: output 1
        tx([(0, 0)], [(10, 1_000), (1, 4_000)], 10),  # A pays out: outputs 2, 3 (A's change)
        tx([(2, 0)], [(20, 990)], 20),  # into B: output 4
        tx([(1, 0)], [(11, 980), (2, 4_000)], 20 + wait),  # B pays out: outputs 5, 6 (change)
        tx([(4, 0)], [(30, 970)], 40 + wait),  # into C: output 7
    ]


SERVICES = marked([(0, 0), (3, 0), (1, 1), (6, 1), (4, 1), (7, 2)], ["A", "B", "C"], "pooled")


def test_two_hops_over_three_services_are_found() -> None:
    (one,) = found(SERVICE_HOPPING, hopped(), more={"marked": SERVICES}).found
    assert one.why.params["services"] == "A, B, C"
    assert one.why.params["hops"] == 2
    assert [step.tx for step in one.steps] == [2, 3, 4, 5]


def test_one_hop_is_a_traders_transfer() -> None:
    few = {"marked": marked([(0, 0), (3, 0), (1, 1), (4, 1)], ["A", "B"], "pooled")}
    assert not found(SERVICE_HOPPING, hopped()[:4], more=few).total
    assert found(SERVICE_HOPPING, hopped()[:4], more=few, least_services=2).total == 1


def test_a_withdrawal_long_after_or_of_another_value_does_not_belong_to_a_deposit() -> None:
    assert not found(SERVICE_HOPPING, hopped(60 * 25), more={"marked": SERVICES}).total
    assert not found(SERVICE_HOPPING, hopped(), more={"marked": SERVICES}, least_kept=99).total


def test_without_labels_nothing_is_looked_for_and_that_is_told() -> None:
    findings = found(SERVICE_HOPPING, hopped())
    assert not findings.total
    assert [note.key for note in findings.notes] == ["note.pattern-no-labels"]
