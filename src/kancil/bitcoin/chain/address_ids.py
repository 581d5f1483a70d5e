"""Address ids: one number for each distinct script that somebody's key can spend.

Made from the outputs of a chain, and the scripts that spent-outputs files state; used by the
clusters. **What counts as one address**: script kind and payload, byte by byte. So a key paid
directly (P2PK) and the hash of the same key (P2PKH, P2WPKH, nested or taproot) are different ids,
as are the compressed and the uncompressed form of one key, and a bare multisig is one id for all
its keys. Nothing that a publisher or a spender shows later joins two ids; only clusters do.

No id: OP_RETURN (nobody can spend it), non-standard scripts (their owner cannot be told from their
form), pay-to-anchor and witness programs without a meaning yet (anybody can spend them: two such
inputs of one transaction say nothing of a common owner).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.holdings.errors import ChainBroken
from kancil.bitcoin.holdings.scratch import Scratch
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.progress import SILENT, Progress

WITH_ID = frozenset(
    {
        ScriptKind.P2PK,
        ScriptKind.P2PKH,
        ScriptKind.P2SH,
        ScriptKind.P2WPKH,
        ScriptKind.P2WSH,
        ScriptKind.P2TR,
        ScriptKind.MULTISIG,
    }
)
"""The kinds that get an id."""
ANYBODYS = frozenset({ScriptKind.P2A, ScriptKind.WITNESS_FUTURE})
"""The kinds that have an address and no key: anybody can spend them."""
NO_ID = -1
TABLE_BYTES = 1 << 30
"""Memory that the hash table of one pass may take, unless more is allowed."""
_SLOT_BYTES = 12
_LEAST_SLOTS = 1 << 10
_INT32_ROWS = 2**31 - 2
_ROWS_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Scripts:
    """Scripts as columns hold them, one a row."""

    kind: Array
    """uint8 `[n]`: `ScriptKind`."""
    start: Array
    """int64 `[n + 1]`: where each payload begins."""
    pool: Array
    """uint8: the payloads."""


class NumberedScripts(Protocol):
    """Columns of a store, as far as addresses need them (`kancil.bitcoin.store.opened`)."""

    @property
    def output_script_id(self) -> Array:
        """Number of each output's script."""

    @property
    def output_before(self) -> Array:
        """The output before that pays the same script, -1 none."""

    @property
    def script_kind(self) -> Array:
        """Kind of each script."""


@dataclass(frozen=True, slots=True, eq=False)
class AddressIds:
    """Which address each row of scripts is."""

    of_row: Array
    """int32 `[n]`, int64 where 32 bits are too few: address id, -1 none. By first row."""
    first_row: Array
    """int32 or int64 `[addresses]`: first row of each."""


def number_scripts(
    scripts: Scripts, is_live: Array, *, table_bytes: int = TABLE_BYTES, seed: int | None = None
) -> AddressIds:
    """Number distinct scripts by first row.

    `is_live`: bool `[n]`, False for rows that shall have no id (blocks that are not in the chain).
    `table_bytes`: memory for the hash table; where all rows do not fit, they are read several
    times, a part of the hashes each time. `seed`: of the hash; the answer does not depend on it.
    """
    from kancil.bitcoin.holdings import address_kernels as kernels  # Numba is slow to import

    count = len(scripts.kind)
    kind = np.int32 if count <= _INT32_ROWS else np.int64
    wanted = np.zeros(256, np.bool_)
    wanted[list(WITH_ID)] = True
    of_row = np.where(wanted[scripts.kind] & is_live, kernels.WAITS, NO_ID).astype(kind)
    asked = int((of_row == kernels.WAITS).sum())
    first_row = np.empty(asked, np.int64)
    secret = np.uint64(secrets.randbits(64) if seed is None else seed)
    passes = 1
    while passes < kernels.MOST_PASSES and _slots(asked, passes) * _SLOT_BYTES > table_bytes:
        passes *= 2
    total, script = 0, (scripts.kind, scripts.start, readable(scripts.pool))
    for mine in range(passes):
        slots = _slots(asked, passes)
        while True:
            table = np.full(slots, -1, np.int64), np.zeros(slots, np.uint32)
            found = kernels.number_pass(
                script, (of_row, first_row), table, total, secret, mine, passes
            )
            if found >= 0:
                break
            slots *= 2
        total = int(found)
    if passes > 1:
        new = np.full(total, -1, kind)
        kernels.renumber(of_row, new, first_row)
    return AddressIds(of_row, first_row[:total].astype(kind))


def numbered_addresses(
    rows: NumberedScripts, path: str, scratch: Scratch, progress: Progress = SILENT
) -> AddressIds:
    """Number the scripts of a store that have an id: the same ids as `number_scripts` gives.

    Its scripts are numbered by first appearance, each once, so nothing has to be compared. All is
    done in slices; the answer stands in the scratch, in memory one number a script. Raises
    ChainBroken, with `path`, if not every script appears first just once; DiskFull.
    """
    wanted = np.zeros(256, np.bool_)
    wanted[list(WITH_ID)] = True
    rows_count, scripts = len(rows.output_script_id), len(rows.script_kind)
    kind = np.int32 if scripts <= _INT32_ROWS else np.int64
    row_kind = np.int32 if rows_count <= _INT32_ROWS else np.int64
    number = np.empty(scripts, kind)
    count = 0
    for start in range(0, scripts, _ROWS_AT_ONCE):
        has_id = wanted[rows.script_kind[start : start + _ROWS_AT_ONCE]]
        counted = count + np.cumsum(has_id) - 1
        number[start : start + len(has_id)] = np.where(has_id, counted, NO_ID)
        count += int(has_id.sum())
    of_row, first_row = scratch.empty(rows_count, kind), scratch.empty(count, row_kind)
    at = 0
    progress.start(rows_count, "outputs", "progress.addresses")
    for start in range(0, rows_count, _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, rows_count)
        progress.advance(stop - start)
        ids: Array = number[rows.output_script_id[start:stop]]
        of_row[start:stop] = ids
        is_first = (np.asarray(rows.output_before[start:stop]) < 0) & (ids >= 0)
        found = start + np.flatnonzero(is_first)
        if at + len(found) > count:
            raise ChainBroken(path=path)
        first_row[at : at + len(found)] = found
        at += len(found)
    if at != count:
        raise ChainBroken(path=path)
    return AddressIds(of_row, first_row)


def _slots(rows: int, passes: int) -> int:
    """The slots of a table that rows of one pass fill by half at most, a power of two."""
    wanted = max(_LEAST_SLOTS, 2 * -(-rows // passes))
    return 1 << (wanted - 1).bit_length()


def readable(pool: Any) -> Any:
    """An array with at least one byte, which a kernel can be compiled for."""
    return pool if len(pool) else np.zeros(1, np.uint8)


__all__ = [
    "ANYBODYS",
    "NO_ID",
    "WITH_ID",
    "AddressIds",
    "NumberedScripts",
    "Scripts",
    "number_scripts",
    "numbered_addresses",
    "readable",
]
