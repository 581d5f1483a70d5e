"""Taking blocks back from a store: when another branch has more work, or a column is damaged."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.holdings.store_layout import BY_NAME, COLUMNS, Rows
from kancil.bitcoin.holdings.store_record import Range, StoreRecord

from . import runs
from .files import Pending, map_column

Array = NDArray[Any]


def rolled_back(chain_dir: Path, store: StoreRecord, blocks: int) -> tuple[StoreRecord, Pending]:
    """The record of a store that ends after so many blocks, and what is to be undone for it.

    Nothing is changed here but that new runs are written. Order of the caller: save the pending
    list, write the record, `files.take_back`.
    """

    def column(name: str) -> Array:
        return map_column(chain_dir, BY_NAME[name], store.rows)

    before = store.rows
    transactions = int(column("block_tx_start")[blocks])
    inputs = int(column("tx_input_start")[transactions])
    outputs = int(column("tx_output_start")[transactions])
    earlier = column("output_before")[outputs:]
    scripts_of = column("output_script_id")[outputs:].astype(np.int64)
    scripts = before.scripts - int((earlier < 0).sum())
    rows = Rows(
        blocks=blocks,
        transactions=transactions,
        inputs=inputs,
        outputs=outputs,
        scripts=scripts,
        payload=int(column("script_payload_start")[scripts]),
        unknown=int(np.searchsorted(column("unknown_input"), inputs)),
    )
    source = column("input_source")[inputs:]
    spent = np.unique(source[(source >= 0) & (source < outputs)])
    # The first output taken back of each script that stays names the one that was its last.
    touched, first = np.unique(scripts_of, return_index=True)
    stays = touched < scripts
    pending = Pending(
        np.asarray(spent, np.int64),
        np.asarray(touched[stays], np.int64),
        np.asarray(earlier[first[stays]], np.int64),
    )
    shorter = replace(
        store,
        rows=rows,
        ranges=_ranges(chain_dir, store, rows),
        id_runs=runs.cut(chain_dir, store.id_runs, transactions),
        script_runs=runs.cut(chain_dir, store.script_runs, scripts),
    )
    return shorter, pending


def _ranges(chain_dir: Path, store: StoreRecord, rows: Rows) -> tuple[Range, ...]:
    """The ranges up to the new end; the one that the end falls into is digested anew."""
    kept: list[Range] = []
    done = Rows()
    for one in store.ranges:
        after = done.plus(one.rows)
        if after.blocks <= rows.blocks:
            kept.append(one)
            done = after
            continue
        if done.blocks < rows.blocks:
            part = Rows(
                **{name: count - done.as_dict()[name] for name, count in rows.as_dict().items()}
            )
            checks = range_checks(chain_dir, store.rows, done, rows)
            kept.append(replace(one, rows=part, checks=checks))
        break
    return tuple(kept)


def range_checks(chain_dir: Path, held: Rows, first: Rows, last: Rows) -> dict[str, str]:
    """The SHA-256 of the rows between two counts, of each column that never changes."""
    checks = {}
    for column in COLUMNS:
        if column.is_mutable:
            continue
        mapped = map_column(chain_dir, column, held)
        checks[column.name] = digest_between(
            mapped, column.points_to is not None, first, last, column.table.value
        )
        del mapped
    return checks


def digest_between(mapped: Array, is_start: bool, first: Rows, last: Rows, table: str) -> str:
    """The SHA-256 of a column's entries that the rows between two counts brought."""
    shift = 1 if is_start else 0
    start, stop = first.as_dict()[table] + shift, last.as_dict()[table] + shift
    digest = hashlib.sha256()
    step = 1 << 20
    for at in range(start, stop, step):
        raw: Any = np.ascontiguousarray(mapped[at : min(at + step, stop)]).reshape(-1)
        digest.update(raw.view(np.uint8))
    return digest.hexdigest()
