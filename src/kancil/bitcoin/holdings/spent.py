"""Spent-outputs files: what the inputs of one block spent, though the sources are not held.

Such a file states, for each input of a block but the coinbase's, the value and the script of the
output spent, in block order, each as `u64 value, varint script length, script`. Nothing in a
block commits to the values. The scripts can be compared: an input that spends a hash shows the
key or the script hashed. What could be compared, and that it fitted, is counted and told; a file
that contradicts the block is refused. Read by `build`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.columns import Columns
from kancil.bitcoin.blocks.raw import compact_size, inputs_shown, last_push
from kancil.bitcoin.network import Network
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.ripemd160 import hash160
from kancil.bitcoin.script.script import classify
from kancil.ground.units import MAX_MONEY_SAT

from .errors import SpentAmbiguous, SpentNotMatched, SpentNotReadable
from .graph import COINBASE, Graph
from .sources import Source, read_back

_NAMED_BLOCKS = 5


@dataclass(frozen=True, slots=True)
class SpentOutputs:
    """The content of one file: value, kind and payload of each output spent."""

    value_sat: NDArray[np.int64]
    kinds: tuple[ScriptKind, ...]
    payloads: tuple[bytes, ...]

    def __len__(self) -> int:
        """The number of outputs."""
        return len(self.kinds)


@dataclass(frozen=True, slots=True)
class SpentMatch:
    """A file matched to its block, and what was compared."""

    block: int
    outputs: SpentOutputs
    scripts_shown: int
    """Inputs that show the key or script which the stated script commits to."""


def parse_spent(raw: bytes, path: str) -> SpentOutputs:
    """Read a spent-outputs file whole. Raises SpentNotReadable with the byte that is wrong."""
    values: list[int] = []
    kinds: list[ScriptKind] = []
    payloads: list[bytes] = []
    at = 0
    while at < len(raw):
        start = at
        value = int.from_bytes(raw[at : at + 8], "little")
        length, at = compact_size(raw, at + 8)
        if length < 0 or at + length > len(raw) or value > MAX_MONEY_SAT:
            raise SpentNotReadable(path=path, offset=start)
        kind, payload = classify(raw[at : at + length])
        values.append(value)
        kinds.append(kind)
        payloads.append(payload)
        at += length
    if not values:
        raise SpentNotReadable(path=path, offset=0)
    return SpentOutputs(np.array(values, np.int64), tuple(kinds), tuple(payloads))


# --- which block ----------------------------------------------------------------------------------


class Matcher:
    """Finds the block of a spent-outputs file among the blocks held."""

    def __init__(
        self,
        rows: Columns,
        graph: Graph,
        heights: NDArray[np.int64],
        sources: tuple[Source, ...],
        network: Network,
    ) -> None:
        """`heights`: int64 `[nb]`, -1 where not known."""
        self.rows = rows
        self.graph = graph
        self.heights = heights
        self.sources = sources
        self.network = network
        starts = rows.tx_input_start[rows.block_tx_start]
        self.input_start = starts[:-1] + 1
        """First input of each block that is not the coinbase's, which has one input."""
        self.spent_count = np.diff(starts) - 1

    def match(self, outputs: SpentOutputs, source: Source) -> SpentMatch:
        """The one block that the file fits.

        The name's first part, if it is a height or a block hash that is held, says which; else
        the number of inputs does. Raises SpentNotMatched, SpentAmbiguous.
        """
        count = len(outputs)
        named = self._named(source)
        fitting: list[int] = np.flatnonzero(self.spent_count == count).tolist()
        if named:
            fitting = [block for block in fitting if block in named]
        if not fitting:
            raise self._refusal(source, count, "count")
        compared = {block: self.compare(block, outputs) for block in fitting}
        shown = {block: count for block, count in compared.items() if isinstance(count, int)}
        agreed = list(shown)
        if not agreed:
            raise self._refusal(source, count, str(next(iter(compared.values()))))
        if len(agreed) > 1:
            hashes = [self.rows.block_hash[b].tobytes()[::-1].hex() for b in agreed]
            names = ", ".join(hashes[:_NAMED_BLOCKS])
            raise SpentAmbiguous(path=source.path, count=count, blocks=names)
        return SpentMatch(agreed[0], outputs, shown[agreed[0]])

    def _refusal(self, source: Source, count: int, why: str) -> SpentNotMatched:
        return SpentNotMatched(path=source.path, count=count, why=why)

    def _named(self, source: Source) -> set[int]:
        stem = Path(source.name).name.split(".", 1)[0]
        if stem.isascii() and stem.isdigit() and len(stem) < 9:
            blocks = set(np.flatnonzero(self.heights == int(stem)).tolist())
            stated = {
                number for number, one in enumerate(self.sources) if one.stated_height == int(stem)
            }
            return blocks | set(np.flatnonzero(np.isin(self.rows.block_source, list(stated))))
        if len(stem) == 64 and all(c in "0123456789abcdef" for c in stem):
            wanted = np.frombuffer(bytes.fromhex(stem)[::-1], np.uint8)
            return set(np.flatnonzero((self.rows.block_hash == wanted).all(axis=1)).tolist())
        return set()

    def compare(self, block: int, outputs: SpentOutputs) -> int | str:
        """How many inputs show what the stated scripts commit to.

        Where something cannot be true of this block, give what, in a word.
        """
        reason = self._contradiction(block, outputs)
        if reason:
            return reason
        shown = self._shown(block, outputs)
        return "scripts" if shown < 0 else shown

    def inputs_of(self, block: int) -> slice:
        """The rows of a block's inputs, the coinbase's left out."""
        start = int(self.input_start[block])
        return slice(start, start + int(self.spent_count[block]))

    def _contradiction(self, block: int, outputs: SpentOutputs) -> str:
        """In a word what about the values cannot be true of this block; empty if nothing."""
        rows, inputs = self.rows, self.inputs_of(block)
        source = self.graph.input_source[inputs]
        if (source == COINBASE).any():
            return "coinbase"
        for place in np.flatnonzero(source >= 0).tolist():
            output = int(source[place])
            held = rows.output_value[output], rows.output_script[output], rows.payload_of(output)
            stated = outputs.value_sat[place], outputs.kinds[place], outputs.payloads[place]
            if held != stated:
                return "held-output"
        first, last = int(rows.block_tx_start[block]), int(rows.block_tx_start[block + 1])
        paid_in = _sums(outputs.value_sat, rows.tx_input_start[first + 1 : last + 1] - inputs.start)
        paid_out = _sums(rows.output_value, rows.tx_output_start[first : last + 1])
        fees = paid_in - paid_out[1:]
        if (fees < 0).any():
            return "overspent"
        height = int(self.heights[block])
        if height >= 0 and paid_out[0] > self.network.subsidy_sat(height) + int(fees.sum()):
            return "reward"
        return ""

    def _shown(self, block: int, outputs: SpentOutputs) -> int:
        """Count inputs that show what the stated script commits to; -1 if one shows another."""
        rows = self.rows
        source = self.sources[int(rows.block_source[block])]
        offset = int(rows.block_offset[block])
        try:
            raw = read_back(source, offset, int(rows.block_size[block]))
        except OSError:
            return 0
        place, count = 0, 0
        first, last = int(rows.block_tx_start[block]), int(rows.block_tx_start[block + 1])
        for tx in range(first + 1, last):
            start = int(rows.tx_offset[tx]) - offset
            shown = list(inputs_shown(raw[start : start + int(rows.tx_size[tx])]))
            for signature_script, witness in shown:
                verdict = commits_to(
                    outputs.kinds[place], outputs.payloads[place], signature_script, witness
                )
                if verdict is False:
                    return -1
                count += verdict is True
                place += 1
        return count


def _sums(values: NDArray[np.int64], starts: NDArray[Any]) -> NDArray[np.int64]:
    """Add up the values between each start and the next."""
    totals = np.concatenate(([0], np.cumsum(values[int(starts[0]) : int(starts[-1])])))
    sums: NDArray[np.int64] = np.diff(totals[starts - starts[0]])
    return sums


# --- what an input shows --------------------------------------------------------------------------


def commits_to(
    kind: ScriptKind, payload: bytes, signature_script: bytes, witness: list[bytes]
) -> bool | None:
    """Whether an input shows the key or script that an output script commits to.

    None where the kind commits to nothing that an input shows (P2PK, multisig, taproot key
    spends, nonstandard scripts).
    """
    match kind:
        case ScriptKind.P2PKH | ScriptKind.P2SH:
            shown = last_push(signature_script)
            return shown is not None and hash160(shown) == payload
        case ScriptKind.P2WPKH:
            return bool(witness) and hash160(witness[-1]) == payload
        case ScriptKind.P2WSH:
            return bool(witness) and hashlib.sha256(witness[-1]).digest() == payload
    return None


# --- as arrays ------------------------------------------------------------------------------------

Arrays = dict[str, NDArray[Any]]
SPENT_NAMES = (
    "spent_hash",
    "spent_source",
    "spent_shown",
    "spent_start",
    "spent_value",
    "spent_script",
    "spent_payload_start",
    "spent_payload",
)


def no_spent() -> Arrays:
    """The arrays of no file at all."""
    return {
        "spent_hash": np.zeros((0, 32), np.uint8),
        "spent_source": np.zeros(0, np.int32),
        "spent_shown": np.zeros(0, np.int64),
        "spent_start": np.zeros(1, np.int64),
        "spent_value": np.zeros(0, np.int64),
        "spent_script": np.zeros(0, np.uint8),
        "spent_payload_start": np.zeros(1, np.int64),
        "spent_payload": np.zeros(0, np.uint8),
    }


def add_spent(kept: Arrays, match: SpentMatch, block_hash: NDArray[Any], source: int) -> Arrays:
    """Add one matched file to the arrays; the same block's earlier file is kept, not doubled."""
    return join_spent(kept, [rows_of(match, block_hash, source)])


def rows_of(match: SpentMatch, block_hash: NDArray[Any], source: int) -> Arrays:
    """The arrays of one matched file alone."""
    outputs = match.outputs
    lengths = np.array([len(payload) for payload in outputs.payloads], np.int64)
    return {
        "spent_hash": block_hash.reshape(1, 32),
        "spent_source": np.array([source], np.int32),
        "spent_shown": np.array([match.scripts_shown], np.int64),
        "spent_start": np.array([0, len(lengths)], np.int64),
        "spent_value": outputs.value_sat,
        "spent_script": np.array(outputs.kinds, np.uint8),
        "spent_payload_start": np.concatenate(([0], np.cumsum(lengths))),
        "spent_payload": np.frombuffer(b"".join(outputs.payloads), np.uint8),
    }


def join_spent(kept: Arrays, added: list[Arrays]) -> Arrays:
    """Put arrays behind each other; the places that they count go on."""
    parts = [kept, *added]
    joined = {
        name: np.concatenate([part[name] for part in parts])
        for name in SPENT_NAMES
        if name not in ("spent_start", "spent_payload_start")
    }
    for name in ("spent_start", "spent_payload_start"):
        before, starts = 0, [np.zeros(1, np.int64)]
        for part in parts:
            starts.append(part[name][1:] + before)
            before += int(part[name][-1])
        joined[name] = np.concatenate(starts)
    return joined
