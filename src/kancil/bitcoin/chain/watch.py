"""Which transactions of a chain touch watched scripts: what they pay to them, and spend of them.

From a chain's indexes, so that a script costs what it has of outputs and not the chain. What is
watched, by whom and why, and what was told of it, is kept by the desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kancil.bitcoin.blocks.headers import NOT_HELD
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped

from .chain import Chain
from .held import shown

Script = tuple[ScriptKind, bytes]
MOST_SCRIPTS = 100_000
"""Scripts that are watched together, at most."""
MOST_TOUCHES = 100_000
"""Outputs that pay watched scripts, and inputs stated to spend them, at most."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One transaction of the chain that pays or spends a watched script."""

    txid: str
    block: str
    """Hash of its block; empty for a loose transaction."""
    height: int | None
    time: int | None
    """Seconds since 1970, by the miner's clock."""
    in_sat: int
    """Paid to the watched scripts."""
    out_sat: int
    """Spent from them."""


def touches(chain: Chain, scripts: Iterable[Script]) -> dict[str, Touch] | None:
    """Find the transactions in the chain that touch any of these scripts, by id.

    None above `MOST_TOUCHES`, and then no more is read. Stale blocks count for nothing. An input
    whose source is not held and whose script no spent-outputs file states cannot be seen.
    """
    found: dict[int, list[int]] = {}
    count = 0
    for kind, payload in scripts:
        outputs = chain.find_outputs_in_graph(kind, payload, MOST_TOUCHES + 1 - count)
        stated = chain.find_stated_in_graph(kind, payload)
        count += len(outputs) + len(stated)
        if count > MOST_TOUCHES:
            return None
        _add(chain, outputs.tolist(), stated.tolist(), found)
    rows = sorted(found, key=lambda tx: int(chain.graph.tx_rank[tx]))
    told = (_touch(chain, tx, *found[tx]) for tx in rows)
    return {each.txid: each for each in told}


def too_wide(text: str) -> OptionNotUsable:
    """The refusal of what is too large to be watched, such as a large service."""
    why = Phrase(
        "why.watch-wide", {"addresses": grouped(MOST_SCRIPTS), "most": grouped(MOST_TOUCHES)}
    )
    return OptionNotUsable(option="ADDRESS", value=text.strip()[:100], why=why)


def _add(chain: Chain, outputs: list[int], stated: list[int], found: dict[int, list[int]]) -> None:
    """Add what pays and spends one script; `found`: paid and spent by transaction."""
    graph = chain.graph
    for output in outputs:
        value = int(graph.output_value[output])
        found.setdefault(graph.tx_of_output(output), [0, 0])[0] += value
        spender = int(graph.output_spender[output])
        if spender >= 0:
            found.setdefault(graph.tx_of_input(spender), [0, 0])[1] += value
    for number in stated:
        value = max(0, int(graph.input_value[number]))
        found.setdefault(graph.tx_of_input(number), [0, 0])[1] += value


def _touch(chain: Chain, tx: int, in_sat: int, out_sat: int) -> Touch:
    row = chain.header_row_of_tx(tx)
    height, time = chain.height_and_time_of_tx(tx)
    return Touch(
        txid=chain.txid(tx),
        block="" if row == NOT_HELD else shown(chain.hash_of(row)),
        height=height,
        time=time,
        in_sat=in_sat,
        out_sat=out_sat,
    )
