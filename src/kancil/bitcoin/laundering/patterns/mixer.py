"""Mixer: coins go into a CoinJoin or a labelled mixer, or come out of one.

CoinJoins are known by the protocols' detectors in `kancil.bitcoin.coinjoins.heuristics`, each with
its own paper and what is known of its error; custodial mixers (Möser, Böhme, Breuker, An Inquiry
into Money Laundering Tools in the Bitcoin Ecosystem, eCrime 2013) by labels alone: no form of a
transaction is used to tell them. Use and exit are told; who owns what comes out is not known.
"""

from __future__ import annotations

from functools import partial

from kancil.bitcoin.coinjoins.heuristics import JOINMARKET_1, WASABI1_1, WASABI2_1, WHIRLPOOL
from kancil.bitcoin.coinjoins.verdicts import looks_of
from kancil.bitcoin.laundering.ground import MIXING, Ground, Marked, Told, as_limits, by_time, pick
from kancil.bitcoin.laundering.pattern import (
    Chosen,
    Compared,
    Findings,
    Found,
    Indicator,
    Parameter,
    Pattern,
    Step,
    Unit,
)
from kancil.ground.phrase import Phrase

MOST_STEPS = 50
"""Entries, and exits, of one joint transaction that are listed."""
LEAST_INPUTS = 3
"""A round that a protocol's heuristic calls has more than two inputs."""

ASKED = (WHIRLPOOL, WASABI1_1, WASABI2_1, JOINMARKET_1)
"""The heuristics of this version; those that come later do not change what it found."""


def _find(pattern: Pattern, ground: Ground, chosen: Chosen, most: int | None) -> Findings:
    """Find joint transactions, and payments to and from labelled mixers."""
    told = Told(ground, most)
    _joins(pattern, ground, chosen["least-equal"], told)
    notes = [Phrase("note.pattern-no-labels")]
    if ground.marked is not None:
        notes = []
        _labelled(pattern, ground, ground.marked, told)
    return pattern.findings(chosen, told.found, told.total, tuple(notes))


def _joins(pattern: Pattern, ground: Ground, least_equal: int, told: Told) -> None:
    from kancil.bitcoin.laundering import kernels  # Numba is slow to import

    limits = as_limits(LEAST_INPUTS, least_equal)
    for tx in pick(ground, kernels.joint, limits, None).rows().tolist():
        if ground.closest is not None and tx not in ground.closest:
            continue  # nothing that was asked about can have a part in it
        ground.progress.advance(0)  # whoever asked may stop it here
        looks = looks_of(ground.chain, tx, ASKED)
        names = [one.heuristic.name for one in looks if one.is_yes]
        if names:
            told.add(tx, partial(_tell_join, pattern, ground, tx, ", ".join(names)))


def _tell_join(pattern: Pattern, ground: Ground, tx: int, protocols: str) -> Found:
    outputs = tuple(ground.outputs_of(tx))
    exits = by_time(ground, (row for row in map(ground.spender_of, outputs) if row >= 0))
    entries = by_time(ground, map(ground.tx_of_output, ground.sources_of(tx)))
    value = ground.value(outputs)
    why = Phrase(
        "why.pattern-mixer-join",
        {"protocols": protocols, "inputs": len(ground.chain.graph.inputs_of(tx)),
         "outputs": len(outputs), "value": value, "exits": len(exits)},
    )  # fmt: skip
    steps = (
        *(Step(row, "entry") for row in entries[:MOST_STEPS]),
        Step(tx, "join"),
        *(Step(row, "leaves") for row in exits[:MOST_STEPS]),
    )
    more = max(0, len(entries) - MOST_STEPS) + max(0, len(exits) - MOST_STEPS)
    return pattern.found("coinjoin", steps, outputs, value, why, tx, more)


def _labelled(pattern: Pattern, ground: Ground, marked: Marked, told: Told) -> None:
    """Of each transaction that pays a labelled mixer, or spends what one was paid."""
    use: dict[int, list[int]] = {}
    leave: dict[int, list[int]] = {}
    allowed = None if ground.rows is None else set(ground.rows.tolist())
    for output, owner in zip(marked.output.tolist(), marked.owner.tolist(), strict=True):
        if marked.reasons[owner] != MIXING:
            continue
        ends = ((ground.tx_of_output(output), use), (ground.spender_of(output), leave))
        for row, group in ends:
            if row >= 0 and ground.counts(row) and (allowed is None or row in allowed):
                group.setdefault(row, []).append(output)
    for rule, groups in (("use", use), ("exit", leave)):
        for row, outputs in groups.items():
            if rule == "exit" or row not in leave:  # else it is the mixer's own change
                told.add(row, partial(_tell_labelled, pattern, ground, rule, row, outputs))


def _tell_labelled(
    pattern: Pattern, ground: Ground, rule: str, row: int, outputs: list[int]
) -> Found:
    marked = ground.marked
    owners = {marked.names[marked.owner_of(one)] for one in outputs} if marked else set()
    value = ground.value(outputs)
    why = Phrase(
        f"why.pattern-mixer-{rule}",
        {"mixer": ", ".join(sorted(owners)), "value": value, "coins": len(outputs)},
    )
    step = (Step(row, rule),)
    return pattern.found(rule, step, tuple(outputs), value, why, row)


MIXER = Pattern(
    name="mixer",
    parameters=(Parameter("least-equal", Unit.COUNT, 3, 2, 10_000),),
    indicator=Indicator(
        "Red Flag Indicators Related to Anonymity",
        Compared.SECOND_HAND,
        "Willkie Farr & Gallagher: FATF issues report on virtual assets (2020)",
    ),
    typology="layering",
    source=(
        "Möser, Böhme, Breuker: An Inquiry into Money Laundering Tools in the Bitcoin Ecosystem, "
        "eCrime 2013; the sources of the CoinJoin heuristics"
    ),
    plants=("mixer", "whirlpool", "wasabi-1", "wasabi-2", "joinmarket"),
    look=_find,
)
