"""Mixer: CoinJoins by their detectors, custodial mixers by labels."""

from __future__ import annotations

from dataclasses import replace

from kancil.bitcoin.evaluation.patterns import Generated
from kancil.bitcoin.laundering.patterns.mixer import MIXER
from tests.bitcoin.tiny_chain import NEW, found, marked, tx

CHOSEN = {each.name: each.default for each in MIXER.parameters}
TXS = [
    tx([NEW], [(1, 5_000)], 0),
    tx([(0, 0)], [(2, 1_000), (3, 4_000)], 10),  # pays the mixer: output 1
    tx([NEW], [(4, 3_000)], 11),  # the mixer's: output 3
    tx([(2, 0)], [(5, 900), (4, 2_000)], 20),  # the mixer pays out; its change: output 5
]
LABELLED = marked([(1, 0), (3, 0), (5, 0)], ["Shaker"], "mixing")


def test_payments_to_and_from_a_labelled_mixer_are_told_apart() -> None:
    every = found(MIXER, TXS, more={"marked": LABELLED}).found
    assert [(one.rule, one.at) for one in every] == [("use", 1), ("use", 2), ("exit", 3)]
    assert every[0].why.params == {"mixer": "Shaker", "value": 1_000, "coins": 1}


def test_other_services_are_no_mixers() -> None:
    others = marked([(1, 0), (3, 0)], ["Bank"], "pooled")
    assert not found(MIXER, TXS, more={"marked": others}).total


def test_without_labels_that_is_told() -> None:
    assert [note.key for note in found(MIXER, TXS).notes] == ["note.pattern-no-labels"]


def test_generated_whirlpool_mixes_are_found_by_their_detector(generated: Generated) -> None:
    ground = replace(generated.ground, marked=None)
    findings = MIXER.find(ground, CHOSEN, None)
    whirlpool = [one for one in generated.plants if one.name == "whirlpool"]
    mixed = frozenset().union(*(one.txs for one in whirlpool))
    called = [one for one in findings.found if "whirlpool" in str(one.why.params["protocols"])]
    assert called
    assert all(one.at in mixed for one in called)
    assert {step.role for one in called for step in one.steps} == {"entry", "join", "leaves"}
