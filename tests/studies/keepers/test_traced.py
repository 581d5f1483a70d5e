"""Keepers that a trace met: by label and cluster, with bounds over all policies that add up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.studies.keepers.traced import traced_keepers
from kancil.studies.labels_used import load_labels
from kancil.studies.trace.asking import TraceInput, ask_trace
from kancil.studies.trace.run import TraceAnswer, run_trace
from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_COINS, LONG_CHAIN, copied

PEELED = "1M5hTkk5tYZ381t1tipum7tRKEWtQsUNUY"
"""Paid at the second hop of the long chain."""
HOT = "1Bidh2XFr9JzfXppeZd2cPKpbnJGvqCY4h"
"""Paid at each hop of it."""
LABELS = f"""address,label,category,publisher
{PEELED},Example Exchange,exchange,Example Labels
{PEELED},Exch. of Examples,exchange,Other Labels
1LfNQibsXWHjSTa2D2AGoU9DmnRhZX7TQN,Example Mixer,mixer,Example Labels
3Ek2yVSXs49UvsTwvnXGM8Kg913JRFxDUp,Somebody,user,Example Labels
"""


@pytest.fixture(scope="module")
def labelled(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> tuple[Chain, Path]:
    """The sample's chain, and labels that somebody invented for addresses in it."""
    unit = copied(sample, tmp_path_factory.mktemp("keepers"))
    file = unit.root.parent / "labels.csv"
    file.write_text(LABELS, encoding="utf-8")
    unit.say("labels", "import", file, "--fetched-on", "2024-09-27")
    return Chain.open(unit.root / "chains" / "main"), unit.root / "labels"


def answer(
    labelled: tuple[Chain, Path],
    start: str,
    direction: Literal["forward", "backward"] = "forward",
) -> TraceAnswer:
    chain, labels = labelled
    question = ask_trace(
        chain,
        TraceInput(starts=(start,), policy="haircut", why="test", direction=direction, hops=12),
    )
    return run_trace(chain, load_labels(labels, chain), question)


def test_a_labelled_service_is_a_keeper_by_each_publishers_word(
    labelled: tuple[Chain, Path],
) -> None:
    found = traced_keepers(labelled[0], answer(labelled, LONG_CHAIN), trace="an-id", label="T2")
    by_name = {each.keeper.name: each for each in found.met}
    assert set(by_name) == {"Example Exchange", "Exch. of Examples"}, "they name it differently"
    one = by_name["Example Exchange"]
    assert (one.keeper.kind, one.keeper.how, one.identifier) == ("exchange", "label", PEELED)
    assert one.keeper.said_by == "Example Labels"
    (arrival,) = one.arrivals
    assert arrival.outpoint.startswith("0d829d40187d3866b08ed6b59e5b0ec6")
    assert arrival.place == f"T2, output {arrival.outpoint}"
    assert arrival.through == (HOT,), "where a hot wallet was paid, the deposit address leads on"
    assert (arrival.least, arrival.most, arrival.whole) == (3599946, 3599946, 3599946)
    assert arrival.standing == "proved"
    assert arrival.when == "2015-08-20T05:10:32Z"
    assert found.apart == 1, "a mixer gets no letter"
    (rest,) = found.elsewhere
    assert (rest.of, rest.asset) == ("T2", "BTC")
    assert one.most + rest.most <= one.followed


def test_a_label_in_the_cluster_names_a_keeper_where_the_address_has_none(
    labelled: tuple[Chain, Path],
) -> None:
    traced = answer(labelled, LONG_CHAIN)
    (label, *_) = [each for each in traced.labels if each.label == "Example Exchange"]
    other = replace(label, label="Example Wallets", category="hosted-wallet", publisher="P")
    chain = labelled[0]
    clustered = traced_keepers(
        chain, traced, trace="an-id", label="T2",
        cluster_labels=lambda output: [other] if chain.address_of(output) == HOT else [],
    )  # fmt: skip
    (wallet,) = [each for each in clustered.met if each.keeper.how == "cluster"]
    assert (wallet.keeper.name, wallet.keeper.kind) == ("Example Wallets", "payment-service")
    assert wallet.identifier == HOT
    assert len(wallet.arrivals) > 5
    assert wallet.least == max(each.least for each in wallet.arrivals) < wallet.most
    assert wallet.most <= wallet.followed, "passed on and on, it is never more than was followed"
    assert list(wallet.arrivals) == sorted(wallet.arrivals, key=lambda each: each.when)


def test_coins_at_nobody_known_are_counted_and_a_trace_to_the_past_meets_no_keeper(
    labelled: tuple[Chain, Path],
) -> None:
    found = traced_keepers(labelled[0], answer(labelled, FIRST_COINS), trace="x", label="T1")
    assert found.met == ()
    (rest,) = found.elsewhere
    assert rest.most == 50 * 10**8
    back = answer(labelled, LONG_CHAIN, "backward")
    assert traced_keepers(labelled[0], back, trace="x", label="T3").elsewhere == ()
