"""What the heuristics say of a transaction of a chain, each with what is known of its error.

From a chain's columns (`kancil.bitcoin.chain.chain`); shown by the doors. An input whose source is
not held has no value and no script here, unless a spent-outputs file states them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.holdings.graph import COINBASE
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.clock import from_unix
from kancil.ground.plain import plain

from .heuristic import Answer, Coin, Heuristic, Shown, Verdict, error_of, paid_coins
from .heuristics import EARLIER, HEURISTICS, wasabi2

PROTOCOLS = tuple(each for each in HEURISTICS if each.says == "coinjoin")
"""The heuristics at whose yes or unsure a trace stops."""
LEAST_OUTPUTS, LEAST_INPUTS = 3, wasabi2.LEAST_INPUTS
"""With fewer outputs than the one and fewer inputs than the other no heuristic speaks: all but
`wasabi2` need three outputs, and that one too where it has fewer than twenty inputs."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one heuristic says of one transaction."""

    heuristic: Heuristic
    verdict: Verdict
    in_period: bool | None
    """Whether the protocol is known to have run at that time; None without a time."""

    @property
    def is_yes(self) -> bool:
        """Whether a rule fired."""
        return self.verdict.answer is Answer.YES

    @property
    def is_fired(self) -> bool:
        """Whether a rule fired, surely or not."""
        return self.verdict.is_fired

    @property
    def manner(self) -> str:
        """What it says, or `unsure`; for the names of sentences."""
        return self.heuristic.says if self.is_yes else self.verdict.answer.value

    @property
    def key(self) -> tuple[str, str]:
        """Name and version of the heuristic."""
        return self.heuristic.name, self.heuristic.version

    @property
    def error(self) -> str:
        """Key of what is known of the error of the rule that fired."""
        return error_of(self.heuristic, self.verdict.rule)

    def as_dict(self) -> dict[str, Any]:
        """The form for `--json`."""
        heuristic, verdict = self.heuristic, self.verdict
        return {
            "heuristic": heuristic.name,
            "version": heuristic.version,
            "says": heuristic.says,
            "answer": verdict.answer.value,
            "rule": verdict.rule,
            "why": plain(verdict.why),
            "source": heuristic.source,
            "in_period": self.in_period,
            "period": plain(heuristic.period),
            "error": self.error,
        }


def shown_at(chain: Chain, tx: int) -> Shown:
    """The transaction in this row of the columns as a heuristic sees it."""
    rows, graph = chain.columns, chain.graph
    numbers, outputs = graph.inputs_of(tx), graph.outputs_of(tx)
    sources = np.asarray(graph.input_source[numbers.start : numbers.stop])
    is_spending = sources != COINBASE
    inputs = np.flatnonzero(is_spending) + numbers.start
    seconds = int(graph.tx_time[tx])
    return Shown(
        txid=chain.txid(tx),
        inputs=_inputs(chain, inputs, sources[is_spending]),
        outputs=paid_coins(rows, np.arange(outputs.start, outputs.stop)),
        time=None if seconds < 0 else from_unix(seconds),
        version=int(rows.tx_version[tx]),
        locktime=int(rows.tx_locktime[tx]),
        sequences=tuple(rows.input_sequence[inputs].tolist()),
    )


def _inputs(chain: Chain, inputs: Array, sources: Array) -> tuple[Coin, ...]:
    """The coins that inputs spend; `sources`: the row of each, negative where not held."""
    is_held = sources >= 0
    held = iter(paid_coins(chain.columns, sources[is_held]))
    return tuple(
        next(held) if here else _stated(chain, number)
        for number, here in zip(inputs.tolist(), is_held.tolist(), strict=True)
    )


def _stated(chain: Chain, number: int) -> Coin:
    """What is known of a coin that is not held: what a spent-outputs file states."""
    value = int(chain.graph.input_value[number])
    stated = chain.stated_script(number) if value >= 0 else None
    kind, payload = stated if stated is not None else (None, b"")
    return Coin(value if value >= 0 else None, kind, payload)


class CoinjoinLooks:
    """What the heuristics say of transactions of one chain, each asked once; for a trace."""

    def __init__(self, chain: Chain, heuristics: Sequence[Heuristic] | None = None) -> None:
        """Take the chain, and the heuristics that speak; None: those of today."""
        self._chain = chain
        self._heuristics = HEURISTICS if heuristics is None else heuristics
        here = {(each.name, each.version) for each in self._heuristics}
        every = (*HEURISTICS, *EARLIER)
        self._silent = tuple(each for each in every if (each.name, each.version) not in here)
        self._looks: dict[int, tuple[Look, ...]] = {}
        self._unheard: dict[int, tuple[Look, ...]] = {}

    def of(self, tx: int) -> tuple[Look, ...]:
        """What those say of which a rule fired, and each protocol's that cannot tell.

        Of the bare form of equal outputs a *cannot tell* is left out: it says next to nothing.
        """
        if tx not in self._looks:
            is_open = _could_look(self._chain, tx)
            looks = looks_of(self._chain, tx, self._heuristics) if is_open else ()
            self._looks[tx] = tuple(
                look for look in looks if look.is_fired or look.heuristic.says == "coinjoin"
            )
        return self._looks[tx]

    def stops(self, tx: int, stops_at: Iterable[tuple[str, str]]) -> tuple[Look, ...]:
        """Those that say yes or unsure, of the heuristics named with their versions.

        Those that do not speak are asked only here, by whoever names them.
        """
        named = frozenset(stops_at)
        looks = self.of(tx)
        if any((each.name, each.version) in named for each in self._silent):
            looks += self._of_silent(tx)
        return tuple(look for look in looks if look.is_fired and look.key in named)

    def _of_silent(self, tx: int) -> tuple[Look, ...]:
        if tx not in self._unheard:
            is_open = _could_look(self._chain, tx)
            self._unheard[tx] = looks_of(self._chain, tx, self._silent) if is_open else ()
        return self._unheard[tx]


def _could_look(chain: Chain, tx: int) -> bool:
    """Whether any heuristic could say yes or be left open; quick, for most could not.

    All ask for two equal outputs, but `whirlpool-tx0`, which asks for an OP_RETURN.
    """
    outputs = chain.graph.outputs_of(tx)
    rows = slice(outputs.start, outputs.stop)
    return could_speak(
        len(chain.graph.inputs_of(tx)),
        chain.graph.output_value[rows].tolist(),
        chain.columns.output_script[rows].tolist(),
    )


def could_speak(inputs: int, values: Sequence[int], kinds: Sequence[int]) -> bool:
    """Whether any heuristic could speak of so many inputs and these outputs.

    `kernels.could_be` says it of a whole chain, and of each heuristic by itself.
    """
    if len(values) < LEAST_OUTPUTS and inputs < LEAST_INPUTS:
        return False
    return len(set(values)) < len(values) or int(ScriptKind.OP_RETURN) in kinds


def looks_of(
    chain: Chain, tx: int, heuristics: Sequence[Heuristic] = HEURISTICS
) -> tuple[Look, ...]:
    """What each heuristic says but for a no."""
    shown = shown_at(chain, tx)
    looks = []
    for heuristic in heuristics:
        verdict = heuristic.judge(shown)
        if verdict.answer is not Answer.NO:
            looks.append(Look(heuristic, verdict, heuristic.period.holds(shown.time)))
    return tuple(looks)
