"""Which transactions of a chain touch watched scripts: what they pay to them, and spend of them.

From a chain's indexes, so that a script costs what it has of outputs and not the chain. What is
watched, by whom and why, and what was told of it, is kept by the desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase

from .chain import Chain
from .chain_held import shown
from .graph import UNKNOWN
from .headers import NOT_HELD
from .scriptkind import ScriptKind

Script = tuple[ScriptKind, bytes]
MOST_TOUCHES = 100_000
"""Transactions that touch a script when it begins to be watched, at most."""


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


def touches(chain: Chain, scripts: Iterable[Script]) -> dict[str, Touch]:
    """Find the transactions in the chain that touch any of these scripts, by id.

    Stale blocks count for nothing. An input whose source is not held and whose script no
    spent-outputs file states cannot be seen.
    """
    found: dict[int, list[int]] = {}
    for kind, payload in scripts:
        _add(chain, kind, payload, found)
    rows = sorted(found, key=lambda tx: int(chain.graph.tx_rank[tx]))
    told = (_touch(chain, tx, *found[tx]) for tx in rows)
    return {each.txid: each for each in told}


def touch_count(chain: Chain, scripts: Iterable[Script]) -> int:
    """Count the outputs that pay these scripts and the inputs that are stated to spend them."""
    return sum(
        len(chain.find_outputs(kind, payload)) + len(chain.find_stated(kind, payload))
        for kind, payload in scripts
    )


def require_few(chain: Chain, text: str, scripts: list[Script]) -> None:
    """Refuse what too many transactions touch, such as a large service; raises OptionNotUsable."""
    count = touch_count(chain, scripts) if len(scripts) <= MOST_TOUCHES else len(scripts)
    if count > MOST_TOUCHES:
        why = Phrase("why.watch-wide", {"count": count, "most": MOST_TOUCHES})
        raise OptionNotUsable(option="ADDRESS", value=text.strip()[:100], why=why)


def _add(chain: Chain, kind: ScriptKind, payload: bytes, found: dict[int, list[int]]) -> None:
    """Add what pays and spends one script; `found`: paid and spent by transaction."""
    graph = chain.graph
    outputs = chain.find_outputs(kind, payload)
    in_graph = graph.tx_rank[chain.txs_of_outputs(outputs)] >= 0
    for output in outputs[in_graph].tolist():
        value = int(graph.output_value[output])
        found.setdefault(graph.tx_of_output(output), [0, 0])[0] += value
        spender = int(graph.output_spender[output])
        if spender >= 0:
            found.setdefault(graph.tx_of_input(spender), [0, 0])[1] += value
    for number in chain.find_stated(kind, payload).tolist():
        tx = graph.tx_of_input(number)
        if int(graph.tx_rank[tx]) >= 0 and int(graph.input_source[number]) == UNKNOWN:
            value = max(0, int(graph.input_value[number]))
            found.setdefault(tx, [0, 0])[1] += value


def _touch(chain: Chain, tx: int, in_sat: int, out_sat: int) -> Touch:
    row = chain.header_row_of_tx(tx)
    is_placed = row != NOT_HELD
    return Touch(
        txid=chain.txid(tx),
        block=shown(chain.hash_of(row)) if is_placed else "",
        height=chain.height_of(row) if is_placed else None,
        time=int.from_bytes(chain.header(row)[68:72], "little") if is_placed else None,
        in_sat=in_sat,
        out_sat=out_sat,
    )
