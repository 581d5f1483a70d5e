"""Mixer: coins go into a CoinJoin or a labelled mixer, or come out of one.

CoinJoins are known by the protocols' detectors in `kancil.bitcoin.heuristics`, each with its own
paper and what is known of its error; custodial mixers (Möser, Böhme, Breuker, An Inquiry into Money
Laundering Tools in the Bitcoin Ecosystem, eCrime 2013) by labels alone: no form of a transaction is
used to tell them. Use and exit are told; who owns what comes out is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kancil.bitcoin.heuristic import Answer
from kancil.bitcoin.looks import LEAST_INPUTS, coinjoin_looks
from kancil.bitcoin.pattern import (
    Compared,
    Findings,
    Found,
    Indicator,
    Parameter,
    Step,
    Unit,
)
from kancil.bitcoin.pattern_ground import (
    MIXING,
    Ground,
    Kernel,
    Marked,
    as_limits,
    by_time,
    in_order,
    pick,
)
from kancil.ground.phrase import Phrase

MOST_STEPS = 50
"""Entries, and exits, of one joint transaction that are listed."""

PARAMETERS = (Parameter("least-equal", Unit.COUNT, 3, 2, 10_000),)


INDICATOR = Indicator(
    "Red Flag Indicators Related to Anonymity",
    Compared.SECOND_HAND,
    "Willkie Farr & Gallagher: FATF issues report on virtual assets (2020)",
)


@dataclass(frozen=True, slots=True)
class Mixer:
    """The member; see the module."""

    name: str = "mixer"
    version: str = "1"
    parameters: tuple[Parameter, ...] = PARAMETERS
    indicator: Indicator = INDICATOR
    typology: str = "layering"
    source: str = (
        "Möser, Böhme, Breuker: An Inquiry into Money Laundering Tools in the Bitcoin Ecosystem, "
        "eCrime 2013; the sources of the CoinJoin heuristics"
    )
    needs: frozenset[str] = frozenset()
    plants: tuple[str, ...] = ("mixer", "whirlpool", "wasabi-1", "wasabi-2", "joinmarket")

    def find(self, ground: Ground, chosen: Mapping[str, int], most: int | None) -> Findings:
        """Find joint transactions, and payments to and from labelled mixers."""
        found = list(self._joins(ground, chosen["least-equal"]))
        notes = []
        if ground.marked is None:
            notes.append(Phrase("note.pattern-no-labels"))
        else:
            found += self._labelled(ground, ground.marked)
        told = in_order(ground, found, most)
        return Findings(self.name, self.version, chosen, told, len(found), tuple(notes))

    def _joins(self, ground: Ground, least_equal: int) -> Iterator[Found]:
        from kancil.bitcoin import pattern_kernels as kernels  # Numba is slow to import

        limits = as_limits(LEAST_INPUTS, least_equal)
        for tx in pick(ground, without_addresses(kernels.joint), limits, None).rows().tolist():
            looks = [
                one for one in coinjoin_looks(ground.chain, tx) if one.verdict.answer is Answer.YES
            ]
            if not looks:
                continue
            exits = by_time(
                ground,
                (row for one in ground.outputs_of(tx) for row in [ground.spender_of(one)]
                 if row >= 0),
            )  # fmt: skip
            entries = by_time(ground, map(ground.tx_of_output, ground.sources_of(tx)))
            value = ground.value(ground.outputs_of(tx))
            names = ", ".join(one.heuristic.name for one in looks)
            why = Phrase(
                "why.pattern-mixer-join",
                {"protocols": names, "inputs": len(ground.chain.graph.inputs_of(tx)),
                 "outputs": len(ground.outputs_of(tx)), "value": value, "exits": len(exits)},
            )  # fmt: skip
            steps = (
                *(Step(row, "entry") for row in entries[:MOST_STEPS]),
                Step(tx, "join"),
                *(Step(row, "leaves") for row in exits[:MOST_STEPS]),
            )
            more = max(0, len(entries) - MOST_STEPS) + max(0, len(exits) - MOST_STEPS)
            outputs = tuple(ground.outputs_of(tx))
            yield Found(self.name, self.version, "coinjoin", steps, outputs, value, why, tx, more)

    def _labelled(self, ground: Ground, marked: Marked) -> Iterator[Found]:
        """Tell of each transaction that pays a labelled mixer, or spends what one was paid."""
        use: dict[int, list[int]] = {}
        leave: dict[int, list[int]] = {}
        allowed = None if ground.rows is None else set(ground.rows.tolist())
        for output, owner in zip(marked.output.tolist(), marked.owner.tolist(), strict=True):
            if marked.reasons[owner] != MIXING:
                continue
            for row, group in (
                (ground.tx_of_output(output), use),
                (ground.spender_of(output), leave),
            ):
                if row >= 0 and ground.counts(row) and (allowed is None or row in allowed):
                    group.setdefault(row, []).append(output)
        for rule, groups in (("use", use), ("exit", leave)):
            for row, outputs in groups.items():
                if rule == "use" and row in leave:
                    continue  # the mixer's own change
                owners = {marked.names[marked.owner_of(one)] for one in outputs}
                value = ground.value(outputs)
                why = Phrase(
                    f"why.pattern-mixer-{rule}",
                    {"mixer": ", ".join(sorted(owners)), "value": value, "coins": len(outputs)},
                )
                step = (Step(row, rule),)
                yield Found(self.name, self.version, rule, step, tuple(outputs), value, why, row)


def without_addresses(kernel: Kernel) -> Kernel:
    """Give a kernel that needs no addresses the form of those that do."""

    def run(*given: Any) -> int:
        rows, flow, _, *rest = given
        return kernel(rows, flow, *rest)

    return run


MIXER = Mixer()
